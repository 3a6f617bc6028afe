"""What is drawn for each template, and in what ours may differ from DECLARE: each difference has a name.

A family has one difference at most, and its traces are told to the peers twice: word for word, as if the difference
were not there, and cut (see declare_cuts.py). Where a peer's word differs, the family's difference must be seen in the
trace, and the cut trace must bring all to the same verdict; else nothing explains it.
"""

from __future__ import annotations

import random
from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from itertools import product

from benchmarks.declare_cuts import DECLARE, UNARY, Cut, roles
from benchmarks.declare_traces import Asked, Trace, Within

TEMPLATES = ("first", "last", "existence", "absence", "precedence", "response", "alternate-response", "not-response")
ANSWERED = ("response", "alternate-response")
LIMITS: tuple[Within, ...] = (None, "next-reply", 1_000, 2_000)
PM4PY, DECLARE4PY = "pm4py", "Declare4Py"

NO_OPPORTUNITY = "nothing asked, nothing judged"
EMPTY = "nothing happened"
HOW_OFTEN = "how often, not whether"
REPLY = "a reply, not an event"
ANY = "a list means any of them"
SELF = "an act is no answer to itself"
SCOPE = "a scope is a trace of its own"
PER = "a chance for each stretch"
NEXT_REPLY = "within the next reply"
STATION = "a pause is over when they go on"
SECONDS = "within seconds"
NOT_SUCCESSION = "not response is not the contrary of succession"

#: What each difference is, for people.
DIFFERENCES: dict[str, str] = {
    NO_OPPORTUNITY: "what a rule waits for never happened: DECLARE says satisfied, ours says nothing",
    EMPTY: "an empty trace has no first and no last act: ours says broken, Declare4Py raises IndexError",
    HOW_OFTEN: "ours counts each opportunity, the peer tells one verdict for the whole trace",
    REPLY: "init and end look at one event, first and last at all that the trainee's first or last reply does",
    ANY: "DECLARE has no lists; a rule for each act of a list asks for all of them, ours for any",
    SELF: "where one act stands on both sides, ours wants another one earlier or later; in DECLARE it counts for itself",
    SCOPE: "DECLARE always looks at the whole trace",
    PER: "DECLARE's absence is broken once and for all",
    NEXT_REPLY: "DECLARE has no replies; any later act answers",
    STATION: "DECLARE lets any later act answer",
    SECONDS: "pm4py knows no limit in time (Declare4Py does, and agrees)",
    NOT_SUCCESSION: "pm4py has no not response; its non-succession is broken only by a trace that keeps the whole succession",
}


@dataclass(frozen=True, slots=True)
class Family:
    """A kind of rules and traces of one template; `difference` is the only one that may show in it."""

    template: str
    about: str
    rules: Callable[[random.Random, str], Asked]
    letters: str
    difference: str | None = None
    alone: bool = False  # each act is a reply of its own
    word_for_word: bool = True


@dataclass(frozen=True, slots=True)
class Question:
    """What a peer is asked about a trace; the limit is in milliseconds."""

    template: str
    acts: str
    limit: int | None = None


def families() -> Iterator[Family]:
    """All families."""
    for template in TEMPLATES:
        yield from _common(template)
        if template in DECLARE:
            yield Family(template, "replies", _plain, "abxy", REPLY)
        elif template not in UNARY:
            yield Family(template, "same act", lambda _, of: Asked(of, "a", "a"), "axy", SELF)
        if template == "absence":
            yield Family(template, "per", lambda _, of: Asked(of, "a", "b"), "abx", PER)
        if template in ANSWERED:
            yield Family(template, "next reply", lambda _, of: Asked(of, "a", "b", within="next-reply"), "abx", NEXT_REPLY)
            yield Family(template, "stations", lambda _, of: Asked(of, "s", "w"), "sswwx", STATION)
            yield Family(template, "seconds", lambda draw, of: Asked(of, "a", "b", within=draw.choice((500, 2_000, 3_000))), "abx", SECONDS)
        yield Family(template, "together", anything, "abcdqrsw", word_for_word=False)


def _common(template: str) -> Iterator[Family]:
    alone = template in DECLARE
    yield Family(template, "plain", _plain, "abxy", alone=alone)
    yield Family(template, "lists", lambda _, of: Asked(of, "ac", "bd" if _has_second(of) else ""), "abcdx", ANY, alone)
    yield Family(template, "scopes", _scoped, "aabbqrx", SCOPE, alone)


def _has_second(template: str) -> bool:
    return template not in (*DECLARE, *UNARY)


def _plain(_: random.Random, template: str) -> Asked:
    return Asked(template, "a", "b" if _has_second(template) else "")


def _scoped(draw: random.Random, template: str) -> Asked:
    opened, closed = draw.choice((("q", ""), ("", "r"), ("q", "r"), ("qx", "r"), ("q", "rx")))
    return replace(_plain(draw, template), opened=opened, closed=closed)


def anything(draw: random.Random, template: str) -> Asked:
    """Any rule at all: lists that overlap, scopes that share acts with them, limits."""
    has_second = _has_second(template) or (template == "absence" and draw.random() < 0.5)
    within: Within = draw.choice(LIMITS) if template in ANSWERED else None
    opened, closed = _some(draw, "qrac"), _some(draw, "rqbd")
    return Asked(
        template,
        _some(draw, "abcds"),
        _some(draw, "abcdw") if has_second else "",
        opened if draw.random() < 0.5 else "",
        closed if draw.random() < 0.5 else "",
        within,
    )


def _some(draw: random.Random, letters: str) -> str:
    return "".join(draw.sample(letters, draw.choice((1, 1, 2, 3))))


# --- what a peer is asked --------------------------------------------------------------------------------------------


def plain_questions(peer: str, family: Family, asked: Asked) -> list[Question]:
    """The rule word for word, as far as the peer has words for it: a rule for each act, or pair of acts, of its lists."""
    template = DECLARE.get(asked.template, asked.template)
    if not family.word_for_word or (peer == PM4PY and template == "end"):
        return []
    if peer == PM4PY and template == "not-response":
        if family.about != "plain":
            return []
        template = "not-succession"
    limit = asked.within if peer == DECLARE4PY and isinstance(asked.within, int) else None
    second = "" if template in UNARY else asked.b
    return [Question(template, "".join(acts), limit) for acts in product(asked.a, second or ("",))]


def cut_questions(peer: str, one: Cut) -> tuple[Question, tuple[str, ...], bool]:
    """The cut trace: the question, its traces, and whether each of them is one opportunity.

    pm4py has no end: the first of the reversed trace is the last. It has no not response: after each a, no b occurs.
    """
    if peer == PM4PY and one.template == "end":
        return Question("init", "a"), tuple(piece[::-1] for piece in one.pieces), True
    if peer == PM4PY and one.template == "not-response":
        rests = (piece[at + 1 :] for piece in one.pieces for at, letter in enumerate(piece) if letter == "a")
        return Question("absence", "b"), tuple(rests), True
    return Question(one.template, "a" if one.template in UNARY else "ab"), one.pieces, one.each


# --- whether a difference is there -----------------------------------------------------------------------------------


def shows(difference: str, asked: Asked, trace: Trace, one: Cut) -> bool:
    """Whether the trace is one in which the family's difference can be seen."""
    if difference == SELF:
        return bool(set(asked.a) & set(asked.b) & set(trace.acts))
    if difference == ANY:
        return len(asked.a + asked.b) > 1 and bool(set(asked.a + asked.b) & set(trace.acts))
    return one.pieces != (roles(asked, trace.told),)


def nothing_asked(one: Cut) -> bool:
    """Whether what the rule waits for is nowhere in the cut trace."""
    if one.template in UNARY:
        return not one.pieces
    waits_for = "b" if one.template == "precedence" else "a"
    return not any(waits_for in piece for piece in one.pieces)


def keeps_succession(trace: Trace, a: str, b: str) -> bool:
    """Whether the first a comes before the first b, and the last a before the last b."""
    acts = trace.acts
    return a in acts and b in acts and acts.index(a) < acts.index(b) and acts.rindex(a) < acts.rindex(b)
