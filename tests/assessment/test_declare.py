"""The automata against plain sentences: each template as "for each a there is a later b", over places in random traces.

Nothing here steps: a rule is judged by looking at the whole trace at once. The traces are those of the benchmark that
compares ours with DECLARE checkers written by others (python -m benchmarks.declare), which needs these to be installed.
"""

from __future__ import annotations

import random
from collections.abc import Iterator, Sequence
from dataclasses import replace
from typing import Any

import pytest

from benchmarks import declare, engine_peers
from benchmarks.declare_compare import Answers, Found, compare, gather, judged, samples
from benchmarks.declare_cuts import cut
from benchmarks.declare_families import (
    ANY,
    DECLARE4PY,
    NO_OPPORTUNITY,
    PM4PY,
    SELF,
    TEMPLATES,
    Family,
    Question,
    anything,
    families,
)
from benchmarks.declare_traces import MARKS, Asked, Trace, drawn, rulings
from benchmarks.declare_wrong import WRONG, Wrong
from servicesim.assessment.rules import Automaton

TRACES = 300
Verdicts = list[tuple[bool, int | None]]  # kept or broken, and the place that asked; None where it is the scope as a whole


# --- the naive judge -------------------------------------------------------------------------------------------------


def naive(asked: Asked, trace: Trace) -> Verdicts:
    """Every opportunity, by what a template says of the places of a scope."""
    return [verdict for places in scopes(asked, trace.told) for verdict in TEMPLATE[asked.template](asked, trace, places)]


def scopes(asked: Asked, told: str) -> list[range]:
    """The places at which a rule holds: those behind an opening act, before the next one and before any closing act."""
    openings = [at for at, act in enumerate(told) if act in asked.opened] if asked.opened else [-1]

    def holds(opening: int, at: int) -> bool:
        between = told[opening + 1 : at + 1]
        return not any(act in asked.opened or act in asked.closed for act in between)

    return [range(at + 1, 1 + max((i for i in range(at, len(told)) if holds(at, i)), default=at)) for at in openings]


def first(asked: Asked, trace: Trace, places: range) -> Verdicts:
    replies = [reply for reply in acts_of_replies(trace.told) if reply.start - 1 in places]
    return [(any(trace.told[i] in asked.a for i in replies[0] if i in places) if replies else False, None)]


def last(asked: Asked, trace: Trace, places: range) -> Verdicts:
    replies = [reply for reply in acts_of_replies(trace.told) if reply.start - 1 in places]
    return [(any(trace.told[i] in asked.a for i in replies[-1] if i in places) if replies else False, None)]


def existence(asked: Asked, trace: Trace, places: range) -> Verdicts:
    return [(any(trace.told[i] in asked.a for i in places), None)]


def absence(asked: Asked, trace: Trace, places: range) -> Verdicts:
    done = [i for i in places if trace.told[i] in asked.a]
    if not asked.b:
        return [(False, i) for i in done] or [(True, None)]
    stretches = [i for i in places if trace.told[i] in asked.b]
    return [(not any(i < j and not any(i < k <= j for k in stretches) for j in done), i) for i in stretches]


def precedence(asked: Asked, trace: Trace, places: range) -> Verdicts:
    told = trace.told
    return [(any(told[j] in asked.a for j in places if j < i), i) for i in places if told[i] in asked.b]


def response(asked: Asked, trace: Trace, places: range) -> Verdicts:
    told = trace.told
    asks = [i for i in places if told[i] in asked.a]
    return [(any(told[j] in asked.b and answers(asked, trace, i, j) for j in places if j > i), i) for i in asks]


def alternate_response(asked: Asked, trace: Trace, places: range) -> Verdicts:
    told = trace.told
    asks = [i for i in places if told[i] in asked.a]
    return [
        (any(told[j] in asked.b and answers(asked, trace, i, j) and not any(i < k < j for k in asks) for j in places if j > i), i)
        for i in asks
    ]


def not_response(asked: Asked, trace: Trace, places: range) -> Verdicts:
    told = trace.told
    return [(not any(told[j] in asked.b for j in places if j > i), i) for i in places if told[i] in asked.a]


def answers(asked: Asked, trace: Trace, i: int, j: int) -> bool:
    """Whether what happens at j comes in time for what happened at i."""
    if trace.told[i] == "s" and ">" in trace.told[i:j]:
        return False
    if asked.within == "next-reply":
        later = [reply for reply in acts_of_replies(trace.told) if reply.start > i + 1]
        return bool(later) and j in later[0]
    return asked.within is None or trace.times[j] - trace.times[i] <= asked.within


def acts_of_replies(told: str) -> list[range]:
    """The places of each reply's acts."""
    return [range(at + 1, told.index(")", at)) for at, one in enumerate(told) if one == "("]


TEMPLATE = {
    "first": first,
    "last": last,
    "existence": existence,
    "absence": absence,
    "precedence": precedence,
    "response": response,
    "alternate-response": alternate_response,
    "not-response": not_response,
}


# --- ours against it -------------------------------------------------------------------------------------------------


def ours(asked: Asked, ready: Automaton, trace: Trace) -> Verdicts:
    of_the_whole = asked.template in ("first", "last", "existence")
    return [(one.kept, None if of_the_whole else one.arose) for one in rulings(ready, trace)]


def ordered(verdicts: Verdicts) -> Verdicts:
    return sorted(verdicts, key=lambda one: (one[1] is None, one[1] or 0, one[0]))


@pytest.mark.parametrize("family", [pytest.param(one, id=f"{one.template}, {one.about}") for one in families()])
def test_the_automata_say_what_the_sentences_say(family: Family) -> None:
    for sample in samples(family, TRACES, seed=1):
        expected = ordered(naive(sample.asked, sample.trace))
        assert ordered(ours(sample.asked, sample.asked.automaton(), sample.trace)) == expected, (sample.asked.written(), sample.trace.told)


@pytest.mark.parametrize("template", TEMPLATES)
def test_any_rule_drawn_reaches_every_part_of_its_template(template: str) -> None:
    draw = random.Random(template)
    asked = [anything(draw, template) for _ in range(TRACES)]
    verdicts = [kept for one in asked for kept, _ in naive(one, drawn(draw, "abcdqrsw"))]
    assert min(verdicts.count(True), verdicts.count(False)) > 20
    assert all(any(part(one) for one in asked) for part in parts_of(template))


def parts_of(template: str) -> Iterator[Any]:
    yield from (lambda one: one.opened and one.closed, lambda one: len(one.a) > 1)
    if template.endswith("response") and template != "not-response":
        yield from (lambda one: one.within == "next-reply", lambda one: isinstance(one.within, int), lambda one: "s" in one.a)
    if template == "absence":
        yield lambda one: one.b


@pytest.mark.parametrize("wrong", [pytest.param(one, id=one.fault) for one in WRONG])
def test_an_automaton_that_is_wrong_is_found_out(wrong: Wrong) -> None:
    drawn_ = [sample for family in families() if wrong.where(family) for sample in samples(family, TRACES, seed=1)]
    assert any(ordered(ours(one.asked, wrong.judges(one.asked), one.trace)) != ordered(naive(one.asked, one.trace)) for one in drawn_)


# --- the benchmark itself, with the naive judge in a peer's place ------------------------------------------------------


def bare(question: Question, piece: str) -> list[int | None]:
    """What a DECLARE checker says that counts, judged naively."""
    names = {"init": "first", "end": "last"}
    acts = piece.partition("|")[0]
    told = "".join(f"({act})" for act in acts)
    times = [int(at) for at in piece.partition("|")[2].split(",") if at] or [0] * len(acts)
    asked = Asked(names.get(question.template, question.template), question.acts[0], question.acts[1:], within=question.limit)
    verdicts = naive(asked, Trace(told, tuple(at for at in times for _ in "(a)")))
    kept = sum(kept for kept, _ in verdicts)
    return [int(kept == len(verdicts)), kept, len(verdicts) - kept]


def stand_in(family: Family) -> Answers:
    """A peer that thinks as we do of bare templates."""
    answers = Answers()
    gather(answers, DECLARE4PY, family, samples(family, TRACES, seed=1))
    for job in answers.jobs():
        question = Question(job["template"], "".join(job["acts"]), job["limit"])
        answers.fill(job, [bare(question, piece) for piece in job["traces"]])
    return answers


def family_of(template: str, about: str) -> Family:
    return next(one for one in families() if (one.template, one.about) == (template, about))


def compared(family: Family, answers: Answers, asked: Asked | None = None) -> Found:
    drawn_ = samples(family, TRACES, seed=1)
    told = judged(drawn_) if asked is None else judged(drawn_, lambda _: asked.automaton())
    return compare(family, DECLARE4PY, answers, drawn_, told)


@pytest.mark.parametrize("family", [pytest.param(one, id=f"{one.template}, {one.about}") for one in families() if one.about != "same act"])
def test_a_trace_that_is_cut_leaves_nothing_unexplained(family: Family) -> None:
    found = compared(family, stand_in(family))
    assert found.unexplained == []
    assert set(found.named) <= {family.difference, NO_OPPORTUNITY, "how often, not whether"}
    assert found.asked == (TRACES if family.word_for_word else 0)


def test_a_difference_without_a_name_is_unexplained() -> None:
    family = family_of("precedence", "plain")
    found = compared(family, stand_in(family), asked=Asked("response", "a", "b"))
    assert len(found.unexplained) > 50
    assert found.unexplained[0].startswith("{'precedence': {'needs': ['a'], 'then': ['b']}} on ")


def test_a_name_explains_nothing_where_its_difference_is_not_in_the_trace() -> None:
    family = replace(family_of("response", "plain"), difference=SELF)
    answers = stand_in(family)
    for pieces in answers.known.values():
        pieces.update((piece, [1 - (told[0] or 0), *told[1:]]) for piece, told in list(pieces.items()))
    found = compared(family, answers)
    assert found.named[SELF] == 0
    assert found.unexplained


def test_a_list_is_asked_as_a_rule_for_each_of_its_acts() -> None:
    found = compared(family_of("existence", "lists"), stand_in(family_of("existence", "lists")))
    assert found.named[ANY] > 20
    assert found.same + found.named.total() == TRACES


@pytest.mark.parametrize(
    ("asked", "told", "pieces"),
    [
        (Asked("first", "a"), "b(ca)(b)", ("ax",)),
        (Asked("last", "a"), "", ("x",)),
        (Asked("precedence", "a", "b", opened="q"), "(a)q(b)q(ac)(b)", ("b", "axb")),
        (Asked("precedence", "a", "b", opened="q"), "(a)(b)", ()),
        (Asked("response", "a", "b", closed="r"), "(ab)r(b)", ("ab",)),
        (Asked("response", "ac", "cb"), "(a)(c)(b)", ("abab",)),
        (Asked("absence", "a", "b"), "(a)b(a)(a)b", ("aa", "")),
        (Asked("response", "a", "b", within="next-reply"), "a(xb)a(x)(b)", ("axb", "ax")),
        (Asked("response", "s", "w"), "sw>s>w", ("ab", "a")),
    ],
)
def test_a_trace_is_cut_to_what_bare_declare_knows(asked: Asked, told: str, pieces: tuple[str, ...]) -> None:
    assert cut(asked, Trace(told, tuple(range(len(told))))).pieces == pieces


def test_without_the_peers_the_run_says_how_to_get_them(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> None:
    monkeypatch.setenv(engine_peers.PYTHONS, "")
    monkeypatch.setattr(engine_peers, "_has", lambda python, package: False)
    assert declare.main(["--traces", "1", "--seed", "7"]) == 4
    told = capsys.readouterr()
    assert told.out == "seed 7, 1 traces for each family\n"
    assert f"{PM4PY}: not installed: pip install pm4py" in told.err
    assert f"{DECLARE4PY}: not installed: pip install declare4py" in told.err


@pytest.mark.parametrize(("honest", "code"), [(True, 0), (False, 1)])
def test_the_run_ends_with_1_where_a_peer_judges_otherwise(honest: bool, code: int, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> None:
    def ask(peer: engine_peers.Peer, work: dict[str, Any]) -> dict[str, Any]:
        return {"version": "1", "answers": [[told(job, piece) for piece in job["traces"]] for job in work["jobs"]]}

    def told(job: dict[str, Any], piece: str) -> Sequence[int | None]:
        return declared(job, piece) if honest else [1, 1, 0]

    monkeypatch.setenv(engine_peers.PYTHONS, "")
    monkeypatch.setattr(declare, "ask", ask)
    assert declare.main(["--traces", "60", "--seed", "1"]) == code
    said = capsys.readouterr().out
    assert ("\n0 unexplained; 0 of 20 faults not caught" in said) is honest


def declared(job: dict[str, Any], piece: str) -> list[int | None]:
    """A checker that takes DECLARE by the letter: where one act stands on both sides, it counts for itself."""
    acts, (a, *rest) = piece.partition("|")[0], job["acts"]
    if job["template"] == "not-succession":
        b = rest[0]
        keeps = a in acts and b in acts and acts.index(a) < acts.index(b) and acts.rindex(a) < acts.rindex(b)
        return [int(not keeps), None, None]
    if rest == [a]:
        happens, itself = acts.count(a), job["template"] != "not-response"
        return [int(itself or not happens), happens * itself, happens * (not itself)]
    return bare(Question(job["template"], "".join(job["acts"]), job["limit"]), piece)


def test_marks_are_no_acts() -> None:
    assert Trace("a>(b)", (0,) * 5).acts == "ab"
    assert set(MARKS) == set("()>")
