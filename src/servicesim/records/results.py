"""From a transcript to the result that is kept with its last event."""

from __future__ import annotations

import json
from collections.abc import Iterator, Sequence
from fractions import Fraction
from functools import lru_cache
from typing import Any

from servicesim.assessment.assess import DELIGHTED_FROM, DISSATISFIED_BELOW, assess, exactly
from servicesim.assessment.opportunity import owed
from servicesim.assessment.tally import MOST_KNOWN, Counted, Tally
from servicesim.assessment.told import number, principles_as_json
from servicesim.encounter.events import Event
from servicesim.encounter.script import Script
from servicesim.encounter.situation import Situation
from servicesim.records.attempt import Result


def result_of(script: Script, events: Sequence[Event], *, ended: int) -> Result:
    """The result of an attempt that ended at `ended` (UTC, milliseconds)."""
    assessment = assess(script, events)
    expects, received, trust, anger = assessment.feelings
    scores = {
        name: {key: told[key] for key in ("score", "kept", "broken")}
        for name, told in principles_as_json(assessment).items()
    }
    return Result(
        ended=ended,
        ending=assessment.ending,
        conduct=f"{assessment.conduct.numerator}/{assessment.conduct.denominator}",
        passed=assessment.passed,
        outcome=assessment.outcome,
        satisfaction=assessment.feelings.satisfaction,
        expects=expects,
        received=received,
        trust=trust,
        anger=anger,
        principles=_as_text(scores),
    )


class Judge:
    """Results of many attempts at one script, as `result_of` gives them (a test holds that), in a small part of the time."""

    def __init__(self, script: Script) -> None:
        self.script, self.tally = script, Tally(script)
        taught = script.principles.principles
        self._enough = [(name, exactly(taught[name].enough)) for name in self.tally.names]
        self._owed = {
            (name, untimed): owed(taught[name], name, script, untimed=untimed)
            for name in self.tally.names
            for untimed in (False, True)
        }
        self.principles = lru_cache(maxsize=MOST_KNOWN)(self._principles)
        self._score = lru_cache(maxsize=MOST_KNOWN)(self._work_out)

    def passes(self, conduct: Fraction, ending: str | None) -> bool:
        """Whether this conduct and ending are a pass."""
        reached = conduct >= self.script.scenario.pass_mark
        return reached and ending is not None and not self.script.ending(ending).failed

    def _principles(self, counted: Counted) -> str:
        """The score of each principle, as it is kept. What comes to the same is written once."""
        return _as_text(dict(self._scores(counted)))

    def result(self, events: Sequence[Event], situation: Situation, *, ended: int) -> Result:
        """The result of an attempt whose events led to this situation."""
        counted, feelings, ending = self.tally.counted(events), situation.feelings, situation.ending
        conduct = self.tally.conduct_of(counted)
        happy = feelings.satisfaction >= DELIGHTED_FROM and conduct >= self.script.scenario.pass_mark
        return Result(
            ended=ended,
            ending=ending,
            conduct=f"{conduct.numerator}/{conduct.denominator}",
            passed=self.passes(conduct, ending),
            outcome="dissatisfied" if feelings.satisfaction < DISSATISFIED_BELOW else "delighted" if happy else "satisfied",
            satisfaction=feelings.satisfaction,
            **feelings._asdict(),
            principles=self.principles(counted),
        )

    def _scores(self, counted: Counted) -> Iterator[tuple[str, dict[str, Any]]]:
        marks: dict[int, tuple[Fraction, ...]] = {}
        for place, mark in counted.marks:
            marks[place] = (*marks.get(place, ()), mark)
        for place, ((name, _), counts) in enumerate(zip(self._enough, self.tally.counts_of(counted), strict=True)):
            yield name, self._score(place, counts, marks.get(place, ()), counted.untimed)

    def _work_out(self, place: int, counts: tuple[int, int], marks: Sequence[Fraction], untimed: bool) -> dict[str, Any]:
        """The score of one principle; most transcripts share most of them."""
        (name, enough), (by_rule, against) = self._enough[place], counts
        kept, broken = by_rule + sum(marks, Fraction(0)), against + sum((1 - mark for mark in marks), Fraction(0))
        score = Fraction(0) if self._owed[name, untimed] else None
        if kept + broken:
            score = min(Fraction(1), kept / (kept + broken) / enough)
        return {"score": None if score is None else number(score, 4), "kept": number(kept, 4), "broken": number(broken, 4)}


def _as_text(scores: dict[str, Any]) -> str:
    return json.dumps(scores, ensure_ascii=False, sort_keys=True, separators=(",", ":"))
