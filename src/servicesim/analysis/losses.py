"""Losses: each opportunity that a play has broken, and each principle that it owed; with what it takes to tell them apart.

An opportunity that lasts (a question that waits for its answer) is known by where it arose. One that is decided in the
moment in which it arises is known as the next one of its rule: it is the same in another play that has come equally far.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from fractions import Fraction
from typing import Literal

from servicesim.analysis.watch import lasts
from servicesim.assessment.assess import Assessment, Evidence, Judged, exactly, judged
from servicesim.assessment.rules import Absent, Automaton
from servicesim.assessment.trace import Moment, moments
from servicesim.encounter.events import Event, ReplyChosen
from servicesim.encounter.script import Script

Kind = Literal["rule", "rating", "owed"]


@dataclass(frozen=True, slots=True)
class Loss:
    """One lost point: the evidence of it, and between which events a decision can have been about it and no other."""

    principle: str
    place: int  # among the evidence of its principle
    evidence: Evidence
    kind: Kind
    decided: int  # the number of the event that decided it; one more than the last where the end did
    since: int = 0  # the number of events after which it is the next one of its kind
    rule: Automaton | None = None
    number: int = 0  # tells the rules of a principle apart
    arose: int | None = None  # its place in the trace, if it lasts

    @property
    def is_deed(self) -> bool:
        """Whether something was done that must not be: all that can be wished then is that it had been done less often."""
        return self.rule is not None and isinstance(self.rule.template, Absent)


def losses(script: Script, events: Sequence[Event], assessment: Assessment) -> list[Loss]:
    """The losses of a play, in the order in which they were decided."""
    trace = tuple(moments(script, events))
    told = [loss for name in assessment.principles for loss in _of(name, script, events, trace, assessment)]
    return sorted(told, key=lambda loss: loss.decided)


def _of(name: str, script: Script, events: Sequence[Event], trace: tuple[Moment, ...], assessment: Assessment) -> Iterator[Loss]:
    score = assessment.principles[name]
    if score.owed:
        yield Loss(name, 0, score.evidence[0], "owed", len(events))
        return
    places = _Places(score.evidence)
    for number, told in enumerate(_by_rule(judged(script.principles.principles[name], script, events, trace))):
        decided = [_decided(one, trace, len(events)) for one in told]
        arose = [_arose(one, trace) for one in told]
        for place, one in enumerate(told):
            if not one.ruling.kept:
                at, is_lasting = decided[place], lasts(one.rule)
                before = (mark for mark in (arose if is_lasting else decided) if mark < (arose[place] if is_lasting else at))
                yield Loss(
                    name, places.of(one.evidence), one.evidence, "rule", at, since=max(before, default=-1) + 1,
                    rule=one.rule, number=number, arose=one.ruling.arose if is_lasting else None,
                )  # fmt: skip
    yield from _low(name, script, events, places)


class _Places:
    """Where evidence stands among that of its principle, each found once."""

    def __init__(self, evidence: Sequence[Evidence]) -> None:
        self._left = dict(enumerate(evidence))

    def of(self, evidence: Evidence) -> int:
        """The first place that was not asked for before."""
        place = next(place for place, one in self._left.items() if one == evidence)
        del self._left[place]
        return place

    def rated(self, number: int) -> tuple[int, Evidence]:
        """That of the rating of a reply, which is what is left once the rules have theirs."""
        place = next(place for place, one in self._left.items() if one.event == number and one.verdict == "broken")
        return place, self._left.pop(place)


def _by_rule(told: Iterator[Judged]) -> list[list[Judged]]:
    """The opportunities of each rule by itself."""
    groups: list[list[Judged]] = []
    for one in told:
        if not groups or groups[-1][0].rule is not one.rule:
            groups.append([])
        groups[-1].append(one)
    return groups


def _decided(one: Judged, trace: tuple[Moment, ...], end: int) -> int:
    """The event by which it was decided; the end, where no other did."""
    return end if one.by is None else trace[one.by].event


def _arose(one: Judged, trace: tuple[Moment, ...]) -> int:
    return -1 if one.ruling.arose is None else trace[one.ruling.arose].event


def _low(name: str, script: Script, events: Sequence[Event], places: _Places) -> Iterator[Loss]:
    """Replies that the trainer rates below a half."""
    since = 0
    for number, event in enumerate(events):
        if isinstance(event, ReplyChosen):
            mark = script.stage(event.scene).by_id[event.reply].reply.marks.get(name)
            if mark is not None:
                yield from _rated(name, number, since, exactly(mark), places)
                since = number + 1


def _rated(name: str, number: int, since: int, mark: Fraction, places: _Places) -> Iterator[Loss]:
    if mark < Fraction(1, 2):
        place, evidence = places.rated(number)
        yield Loss(name, place, evidence, "rating", number, since=since)
