"""Every rule template, on traces that can be read: letters are acts, ( ) a reply, > the customer going on."""

from __future__ import annotations

from typing import Any

import pytest

from servicesim.assessment.rules import Ruling, automaton, too_late
from servicesim.assessment.trace import GOES_ON, REPLY_BEGINS, REPLY_ENDS
from servicesim.scenario.principles import Principle, principles_adapter

MARKS = {"(": REPLY_BEGINS, ")": REPLY_ENDS, ">": GOES_ON, "s": "station", "w": "station-word"}


def principle(rule: dict[str, Any]) -> Principle:
    """A principle that has just this rule."""
    acts = {act: {"title": act.upper()} for act in "abcqr"}
    one = {"title": "T", "says": "S", "why": "W", "source": ["B2"], "rules": [rule]}
    file = principles_adapter().validate_python({"servicesim": 1, "acts": acts, "principles": {"one": one}})
    return file.principles["one"]


def judged(rule: dict[str, Any], trace: str, *, offered: bool = True) -> str:
    """The verdicts as + and -, in the order in which they fall."""
    ready = automaton(principle(rule).rules[0])
    state, rulings = ready.start, list[Ruling]()
    for place, letter in enumerate(trace.replace(" ", "")):
        what = ready.meaning.get(MARKS.get(letter, letter), 0)
        if what:
            state, decided = ready.step(state, what, place, offered)
            rulings += decided
    rulings += ready.finish(state, offered)
    return "".join("+" if ruling.kept else "-" for ruling in rulings)


@pytest.mark.parametrize(
    ("rule", "trace", "verdicts"),
    [
        # first: the trainee's first reply does a
        ({"first": "a"}, "(a) (b)", "+"),
        ({"first": "a"}, "(b) (a)", "-"),
        ({"first": "a"}, "a (b)", "-"),
        ({"first": "a"}, "", "-"),
        ({"first": ["a", "b"]}, "(cb)", "+"),
        # last: the trainee's last reply does a
        ({"last": "a"}, "(b) (a)", "+"),
        ({"last": "a"}, "(a) (b)", "-"),
        ({"last": "a"}, "(ab) c", "+"),
        ({"last": "a"}, "(b) a", "-"),
        ({"last": "a", "from": "q"}, "(a) (qa) a", "-"),
        ({"last": "a"}, "", "-"),
        # existence, absence
        ({"existence": "a"}, "(b) (a) (a)", "+"),
        ({"existence": "a"}, "(b)", "-"),
        ({"absence": "a"}, "(b)", "+"),
        ({"absence": "a"}, "(a) (ab) (a)", "---"),
        # absence per: no a between this b and the next
        ({"absence": "a", "per": "b"}, "b (c) b (c)", "++"),
        ({"absence": "a", "per": "b"}, "b (a) b (aa) b", "--+"),
        ({"absence": "a", "per": "b"}, "a a", ""),
        ({"absence": ["a", "b"], "per": ["b", "c"]}, "c b c a", "++-"),
        # precedence: some a came before each b
        ({"precedence": {"needs": "a", "then": "b"}}, "(b) (a) (b) (b)", "-++"),
        ({"precedence": {"needs": "a", "then": "b"}}, "(ab)", "+"),
        ({"precedence": {"needs": "a", "then": "b"}}, "(ba)", "-"),
        ({"precedence": {"needs": "a", "then": "b"}}, "(a)", ""),
        # response: some b comes after each a
        ({"response": {"after": "a", "then": "b"}}, "(a) (a) (b)", "++"),
        ({"response": {"after": "a", "then": "b"}}, "(b) (a)", "-"),
        ({"response": {"after": "a", "then": "b"}}, "(a) (b) (a)", "+-"),
        ({"response": {"after": "a", "then": ["b", "c"]}}, "(a) (c)", "+"),
        # alternate response: a b of its own before the next a
        ({"alternate-response": {"after": "a", "then": "b"}}, "(a) (a) (b)", "-+"),
        ({"alternate-response": {"after": "a", "then": "b"}}, "(a) (b) (a) (b)", "++"),
        ({"alternate-response": {"after": "a", "then": "b"}}, "(a) (b) (b) (a)", "+-"),
        # not-response: no b after an a
        ({"not-response": {"after": "a", "never": "b"}}, "(b) (a)", "+"),
        ({"not-response": {"after": "a", "never": "b"}}, "(a) (a) (b) (a)", "--+"),
        # within the next reply
        ({"response": {"after": "a", "then": "b", "within": "next-reply"}}, "a (b)", "+"),
        ({"response": {"after": "a", "then": "b", "within": "next-reply"}}, "a (c) (b)", "-"),
        ({"response": {"after": "a", "then": "b", "within": "next-reply"}}, "a a (cb)", "++"),
        ({"response": {"after": "a", "then": "b", "within": "next-reply"}}, "(ab) (b)", "+"),
        ({"response": {"after": "a", "then": "b", "within": "next-reply"}}, "(ab) (c)", "-"),
        ({"response": {"after": "a", "then": "b", "within": "next-reply"}}, "a b (c)", "-"),
        ({"alternate-response": {"after": "a", "then": "b", "within": "next-reply"}}, "a a (b)", "-+"),
        # a station is answered only before the customer goes on
        ({"response": {"after": "station", "then": "station-word"}}, "s w > s > w", "+-"),
        ({"response": {"after": "station", "then": "station-word"}}, "s w w > s w", "++"),
        # scopes
        ({"precedence": {"needs": "a", "then": "b"}, "from": "q"}, "(a) (b) q (b) (a) (b)", "-+"),
        ({"precedence": {"needs": "a", "then": "b"}, "from": "q"}, "(b)", ""),
        ({"precedence": {"needs": "a", "then": "b"}, "from": "q"}, "q (a) q (b)", "-"),
        ({"precedence": {"needs": "a", "then": "b"}, "until": "r"}, "(b) r (b)", "-"),
        ({"response": {"after": "a", "then": "b"}, "until": "r"}, "(a) r (b)", "-"),
        ({"response": {"after": "a", "then": "b"}, "from": "q"}, "q (a) q (b)", "-"),
        ({"existence": "a", "from": "q"}, "(a) q (b)", "-"),
        ({"existence": "a", "from": "q"}, "(b)", ""),
        ({"existence": "a", "from": "q"}, "q (a) q", "+-"),
        ({"absence": "a", "from": "q", "until": "r"}, "(a) q (b) r (a) q (a) r (a)", "+-"),
        ({"absence": "a", "per": "b", "from": "q", "until": "r"}, "b a q b a b r b a", "-+"),
        ({"first": "a", "from": "q"}, "(b) q (a)", "+"),
        ({"last": "a", "from": "q", "until": "r"}, "q (a) r (b)", "+"),
        ({"not-response": {"after": "a", "never": "b"}, "until": "r"}, "(a) r (b)", "+"),
    ],
)  # fmt: skip
def test_a_template_on_a_trace(rule: dict[str, Any], trace: str, verdicts: str) -> None:
    assert judged(rule, trace) == verdicts


@pytest.mark.parametrize("template", ["first", "last", "existence", "absence"])
@pytest.mark.parametrize("trace", ["", "(b)", "(a) (b)", "a (b) a", "q (a) q (b)"])
def test_what_was_not_offered_is_no_opportunity(template: str, trace: str) -> None:
    assert judged({template: "a"}, trace, offered=False) == ""
    assert judged({template: "a", "from": "q", "until": "r"}, trace, offered=False) == ""


def test_an_answer_that_comes_too_late_is_none() -> None:
    ready = automaton(principle({"response": {"after": "a", "then": "b", "within": 2}}).rules[0])
    state, _ = ready.step(ready.start, ready.meaning["a"], 3.214, True)
    assert too_late(state, 2.0, 5.214, float) == (state, ())
    assert too_late(state, 2.0, 5.215, float) == ((), (Ruling(False, 3.214, None),))


def test_a_verdict_knows_where_it_arose_and_where_it_was_decided() -> None:
    ready = automaton(principle({"response": {"after": "a", "then": "b"}}).rules[0])
    state, _ = ready.step(ready.start, ready.meaning["a"], "here", True)
    assert ready.pending(state)
    assert ready.step(state, ready.meaning["b"], "there", True) == ((), (Ruling(True, "here", "there"),))
    assert ready.finish(state, True) == (Ruling(False, "here", None),)
