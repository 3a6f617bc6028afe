"""How a customer feels depends on what they expected and what they received (A1): both, event by event."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise
from typing import Literal

from servicesim.assessment.assess import DELIGHTED_FROM, DISSATISFIED_BELOW, Assessment
from servicesim.encounter.events import Event
from servicesim.encounter.script import Script
from servicesim.encounter.situation import Feelings, opening

Zone = Literal["dissatisfied", "satisfied", "delighted"]


@dataclass(frozen=True, slots=True)
class Felt:
    """How the customer felt after event number `number`; -1 is before any."""

    number: int
    feelings: Feelings

    @property
    def zone(self) -> Zone:
        """What the distance between the two curves comes to."""
        return zone_of(self.feelings.satisfaction)


def zone_of(satisfaction: int) -> Zone:
    """Received less expected, as the outcome would be by it alone."""
    if satisfaction < DISSATISFIED_BELOW:
        return "dissatisfied"
    return "delighted" if satisfaction >= DELIGHTED_FROM else "satisfied"


def ended_badly(script: Script, assessment: Assessment) -> bool:
    """Whether it came to an ending that is never a pass: whatever was received, one does not come back for that."""
    return assessment.ending is not None and script.ending(assessment.ending).failed


def felt(script: Script, events: Sequence[Event]) -> tuple[Felt, ...]:
    """The feelings at the beginning, and after each event that changed them."""
    situation = opening(script)
    told = [Felt(-1, situation.feelings)]
    for number, event in enumerate(events):
        situation = situation.after(event)
        if situation.feelings != told[-1].feelings:
            told.append(Felt(number, situation.feelings))
    return tuple(told)


def at(course: Sequence[Felt], number: int) -> Feelings:
    """The feelings once an event has happened."""
    return next(one.feelings for one in reversed(course) if one.number <= number)


@dataclass(frozen=True, slots=True)
class Swing:
    """A change of satisfaction, and the event that brought it."""

    number: int
    by: int


def swings(course: Sequence[Felt]) -> tuple[Swing | None, Swing | None]:
    """The greatest rise of satisfaction and the greatest fall; None where it never rose, or never fell."""
    changes = [Swing(after.number, after.feelings.satisfaction - before.feelings.satisfaction) for before, after in pairwise(course)]
    rise = max(changes, key=lambda one: one.by, default=None)
    fall = min(changes, key=lambda one: one.by, default=None)
    return rise if rise and rise.by > 0 else None, fall if fall and fall.by < 0 else None
