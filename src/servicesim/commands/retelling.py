"""What is kept of an attempt, told in lines that the person who played it can read."""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator, Sequence
from fractions import Fraction
from functools import partial
from typing import assert_never

from servicesim.assessment.assess import assess
from servicesim.assessment.told import number
from servicesim.authoring.walkthrough import clock
from servicesim.encounter.encounter import replayed
from servicesim.encounter.events import (
    Began,
    Ended,
    Event,
    Interrupted,
    Listened,
    ReplyChosen,
    SegmentBegan,
    SilenceFell,
    SpeechBegan,
    SpeechEnded,
    StationReached,
)
from servicesim.encounter.script import Script
from servicesim.encounter.transcript import from_lines
from servicesim.errors import VerificationFailed
from servicesim.exports.clock import Clock
from servicesim.records.attempt import Attempt, Result
from servicesim.records.inspecting import Kept
from servicesim.records.records import Records
from servicesim.records.verifying import CannotReplay, Verifier
from servicesim.scenario.names import inserted

_UNREADABLE = VerificationFailed, CannotReplay, LookupError


class Retelling:
    """Tells of attempts: each part of what is kept as lines, of which nothing is hidden because it is damaged."""

    def __init__(self, records: Records) -> None:
        self._records, self._verifier = records, Verifier(records.text)
        self.at = Clock(None).text

    def headline(self, attempt: Attempt) -> str:
        """Which attempt it is."""
        how = [word for word, is_so in (("practice", attempt.practice), ("untimed", attempt.untimed)) if is_so]
        said = "".join(f", {word}" for word in how)
        return f"{attempt.scenario}, {self.at(attempt.started)}{said}, in {attempt.language}, attempt {attempt.id}"

    def result(self, result: Result | None) -> Iterator[str]:
        """How it ended."""
        if result is None:
            yield "not ended, without a result"
            return
        ending, passed = result.ending or "nothing left to say", "passed" if result.passed else "not passed"
        yield f"ended {self.at(result.ended)} with {ending}: conduct {number(Fraction(result.conduct))} of 100, {passed}"
        felt = f"expected {result.expects}, received {result.received}, trust {result.trust}, anger {result.anger}"
        yield f"the customer was {result.outcome} ({felt})"

    def notes(self, attempt: str) -> Iterator[str]:
        """What is noted beside it."""
        for review in self._records.reviews(attempt):
            yield f"reviewed by {review.by}, {self.at(review.at)}: {review.verdict}{f': {review.note}' if review.note else ''}"
        for other in self._records.rescored(attempt):
            conduct, passed = number(Fraction(other.conduct)), "passed" if other.passed else "not passed"
            yield f"by other principles ({other.principles_hash[:12]}), {self.at(other.at)}: conduct {conduct}, {passed}"
        came = self._records.collected(attempt)
        if came is not None:
            yield f"came from another desk in {came.batch}, {self.at(came.at)}"

    def transcript(self, kept: Kept, trainee: str) -> list[str]:
        """What happened, in words; as it is kept, where the words cannot be found any more."""
        try:
            return list(retold(self._script(kept.attempt), list(from_lines(kept.lines)), trainee))
        except _UNREADABLE:
            return [str(line) for line in kept.lines]

    def verdicts(self, kept: Kept) -> Iterator[str]:
        """Each principle that came up, and below it each verdict with its moment and its reason."""
        try:
            script, events = self._script(kept.attempt), list(from_lines(kept.lines))
            replayed(script, events)
        except _UNREADABLE as failure:
            yield f"it cannot be judged again here: {failure}"
            return
        for name, score in assess(script, events).principles.items():
            if score.score is not None:
                yield f"{float(score.score):.0%} {script.principles.principles[name].title} ({name})"
                yield from (f"  {clock(one.at)} {one.verdict}: {one.because}" for one in score.evidence)

    def _script(self, attempt: Attempt) -> Script:
        return self._verifier.judge(attempt.scenario_hash, attempt.principles_hash).script


def scores(result: Result | None) -> Iterable[str]:
    """The principles that were exercised, as percentages."""
    if result is None:
        return []
    try:
        told = json.loads(result.principles)
        return [f"{name}: {score['score']:.0%}" for name, score in told.items() if score["score"] is not None]
    except (ValueError, TypeError, LookupError, AttributeError):
        return [f"scores: {result.principles}"]


def retold(script: Script, events: Sequence[Event], trainee: str) -> Iterator[str]:
    """Each thing that was said or done, with its time."""
    scenario = script.scenario
    fill = partial(inserted, trainee=trainee, customer=scenario.customer.name, company=scenario.company)
    for event in events:
        told = _told(script, event)
        if told:
            yield f"{clock(event.at)}  {fill(' '.join(told.split()))}"


def _told(script: Script, event: Event) -> str:
    match event:
        case SpeechBegan(_, scene, line):
            return f"{{customer}}: {script.stage(scene).scene.customer[line].say}"
        case Listened(_, how):
            return f"{{trainee}} listens: {how}"
        case Interrupted():
            return "{trainee} cuts in"
        case SilenceFell():
            return "{trainee} says nothing"
        case ReplyChosen(_, scene, reply):
            chosen = script.stage(scene).by_id[reply].reply
            return f"{{trainee}}: {chosen.say}" if chosen.say else f"{{trainee}} does: {chosen.do}"
        case Ended(_, ending):
            return "it is over" if ending is None else f"it ends: {script.ending(ending).title}"
        case Began() | StationReached() | SegmentBegan() | SpeechEnded():
            return ""
        case _:
            assert_never(event)
