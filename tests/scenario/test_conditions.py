"""Conditions are read by a grammar of our own; a second evaluator, Python's own, agrees with it on random conditions."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from hypothesis import given
from hypothesis import strategies as st

from servicesim.scenario.conditions import (
    Atom,
    ConditionError,
    Name,
    Number,
    Said,
    Seen,
    compiled,
    constant,
    kind,
    parsed,
)

FACTS: dict[str, bool | int] = {"logged": False, "calls": 0}
State = dict[str, int]


def key(atom: Atom) -> str:
    match atom:
        case Number(value):
            return str(value)
        case Name(name):
            return name
        case Said(act):
            return f"said({act})"
        case Seen(scene):
            return f"seen({scene})"


def lookup(atom: Atom) -> Callable[[State], int]:
    if isinstance(atom, Number):
        value = atom.value
        return lambda _: value
    name = key(atom)
    return lambda state: state[name]


yes_or_no = st.deferred(
    lambda: st.one_of(
        st.sampled_from(["logged", "said(greet)", "seen(story)"]),
        st.builds("not {}".format, yes_or_no),
        st.builds("({} {} {})".format, yes_or_no, st.sampled_from(["and", "or"]), yes_or_no),
        st.builds("{} {} {}".format, number, st.sampled_from(["==", "!=", "<", "<=", ">", ">="]), number),
        st.builds("({})".format, yes_or_no),
    )
)
number = st.sampled_from(["calls", "trust", "anger", "expects", "satisfaction", "0", "3", "-7", "42"])


@given(
    yes_or_no.filter(lambda text: len(text) <= 200),
    st.fixed_dictionaries(
        {"logged": st.integers(0, 1), "said(greet)": st.integers(0, 1), "seen(story)": st.integers(0, 1)}
        | {name: st.integers(0, 9) for name in ("calls", "trust", "anger", "expects")}
        | {"satisfaction": st.integers(-100, 100)}
    ),
)
def test_a_second_evaluator_agrees(text: str, state: State) -> None:
    node = parsed(text)
    assert kind(node, FACTS) == "yes-or-no"
    python = text.replace("said(greet)", "said_greet").replace("seen(story)", "seen_story")
    names = {name.replace("(", "_").replace(")", ""): value for name, value in state.items()}
    expected = bool(eval(python, {"__builtins__": {}}, names))  # noqa: S307 - the second evaluator
    assert bool(compiled(node, lookup)(state)) == expected
    always = constant(node, FACTS)
    assert always is None or always == expected


@given(st.text(max_size=60))
def test_any_text_is_read_or_refused(text: str) -> None:
    try:
        parsed(text)
    except ConditionError as error:
        assert error.message
        assert 0 <= error.at <= max(len(text), 1)


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ("trust >", "the condition breaks off"),
        ("(trust > 2", "a bracket is not closed"),
        ("trust = 2", "'=' means nothing in a condition"),
        ("1 < trust < 3", "three things are compared at once"),
        ("said()", "said() names nothing"),
        ("trust anger", "'anger' was not expected here"),
        ("__import__(1)", "'(' was not expected here"),
        ("os.system", "'.' means nothing in a condition"),
        ("trust > 2\nor logged", "a condition is one line"),
        ("logged " * 40, "a condition has at most 200 characters"),
        ("(" * 200, "brackets stand more than 20 deep in one another"),
        ("(" * 99 + "1" + ")" * 99, "brackets stand more than 20 deep in one another"),
    ],
)
def test_what_cannot_be_read_is_said_plainly(text: str, told: str) -> None:
    with pytest.raises(ConditionError) as caught:
        parsed(text)
    assert caught.value.message == told


@pytest.mark.parametrize("text", ["trust and logged", "not calls", "logged > 2", "logged == calls", "logged < logged"])
def test_numbers_and_yes_or_no_are_not_mixed(text: str) -> None:
    with pytest.raises(ConditionError):
        kind(parsed(text), FACTS)


@pytest.mark.parametrize(
    ("text", "always"),
    [
        ("trust > 5", False),
        ("trust >= 0", True),
        ("logged or not logged", True),
        ("said(greet) and not said(greet)", False),
        ("expects > 99 or expects < 2", None),
        ("satisfaction < -100", False),
        ("calls < 10", True),
        ("received > expects", None),
    ],
)
def test_what_never_changes_is_recognised(text: str, always: bool | None) -> None:
    assert constant(parsed(text), FACTS) is always
