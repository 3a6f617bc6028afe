"""What a debrief says could have been otherwise, held against every play of a small scenario."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from fractions import Fraction
from functools import cached_property
from itertools import pairwise

from analysis.brute import possible
from servicesim.analysis.losses import Loss
from servicesim.analysis.mending import Mender, Mending, Told
from servicesim.analysis.turning import TurningPoint
from servicesim.assessment.assess import Assessment, assess, judged
from servicesim.assessment.rules import Absent
from servicesim.assessment.trace import moments
from servicesim.encounter.encounter import Encounter
from servicesim.encounter.events import (
    Event,
    Interrupted,
    Listened,
    ReplyChosen,
    SegmentBegan,
    SilenceFell,
    StationReached,
)
from servicesim.encounter.rehearsal import rehearse
from servicesim.encounter.script import Script
from servicesim.errors import NotOffered

MOST = 300  # plays of a scenario that are all looked at


class TooMany(Exception):
    """The scenario has more plays than that."""


@dataclass(frozen=True, slots=True)
class Fate:
    """What becomes of a rule, or of a trainer's ratings, in one play: whether each is kept, when it arose, by which event it was decided."""

    kept: bool
    arose: int | None
    by: int


class Plays:
    """All plays of a script by named moves."""

    def __init__(self, script: Script, *, untimed: bool = False) -> None:
        self.script, self.untimed = script, untimed
        self.all = list(self._every())

    @classmethod
    def few(cls, script: Script, *, untimed: bool = False) -> Plays | None:
        """The plays of a script, if they are few."""
        try:
            return cls(script, untimed=untimed)
        except TooMany:
            return None

    def _every(self) -> Iterator[tuple[Event, ...]]:
        seen, waiting = set[tuple[Event, ...]](), [tuple[str, ...]()]
        while waiting:
            path = waiting.pop()
            encounter = self.played(path)
            if encounter.ended:
                seen.add(tuple(encounter.events))
                if len(seen) + len(waiting) > MOST:
                    raise TooMany
                continue
            for move in [*possible(encounter), *(("interrupt",) if encounter.situation.untimed else ())]:
                try:
                    self.played((*path, move))
                except NotOffered:
                    continue
                waiting.append((*path, move))
        yield from sorted(seen, key=str)

    def played(self, path: Sequence[str]) -> Encounter:
        """A play by these moves."""
        return rehearse(Encounter(self.script, untimed=self.untimed), path)

    @cached_property
    def judged(self) -> dict[tuple[Event, ...], Assessment]:
        """How each is judged."""
        return {events: assess(self.script, events) for events in self.all}

    def onward(self, events: Sequence[Event], number: int) -> list[tuple[Event, ...]]:
        """The plays that begin with so many of these events."""
        return [one for one in self.all if one[:number] == tuple(events[:number])]


def choices(events: Sequence[Event]) -> list[int]:
    """Before which events the trainee had a choice: something was done, or a pause went by without a word."""
    told = [number for number, event in enumerate(events) if isinstance(event, ReplyChosen | Listened | Interrupted | SilenceFell)]
    passed = [
        number for number, event in enumerate(events)
        if isinstance(event, SegmentBegan) and isinstance(events[number - 1], StationReached)
    ]  # fmt: skip
    return sorted((*told, *passed))


def fates(loss: Loss, script: Script, events: Sequence[Event]) -> list[Fate]:
    """What becomes of the rule of a loss, or of the ratings of its principle, in a play."""
    if loss.rule is None:
        rated = [(number, _mark(loss, script, event)) for number, event in enumerate(events)]
        return [Fate(mark >= 0.5, None, number) for number, mark in rated if mark is not None]
    trace = tuple(moments(script, events))
    told = judged(script.principles.principles[loss.principle], script, events, trace)
    mine = [one for one in told if one.rule.rule is loss.rule.rule]
    return [Fate(one.ruling.kept, one.ruling.arose, len(events) if one.by is None else trace[one.by].event) for one in mine]


def _mark(loss: Loss, script: Script, event: Event) -> float | None:
    return script.stage(event.scene).by_id[event.reply].reply.marks.get(loss.principle) if isinstance(event, ReplyChosen) else None


def keeps(loss: Loss, script: Script, events: Sequence[Event], number: int) -> bool:
    """Whether a play, free from event `number` on, keeps what was lost."""
    if loss.kind == "owed":
        return assess(script, events).principles[loss.principle].kept > 0
    told = fates(loss, script, events)
    if loss.arose is None:
        later = [one for one in told if one.by >= number]
        return bool(later) and later[0].kept
    heard = sum(moment.event < number for moment in moments(script, events))
    if loss.arose < heard:
        return any(one.kept and one.arose == loss.arose for one in told)
    born = sorted((one for one in told if one.arose is not None and one.arose >= heard), key=lambda one: one.arose or 0)
    return bool(born) and born[0].kept


def lost_after(loss: Loss, script: Script, events: Sequence[Event], number: int) -> int:
    """How many of its like a play loses from event `number` on."""
    return sum(not one.kept and one.by >= number for one in fates(loss, script, events))


def differences(plays: Plays, events: tuple[Event, ...], told: Sequence[Told]) -> Iterator[str]:
    """Each claim that is wrong, with what is true."""
    script = plays.script
    for one in told:
        if isinstance(one, Mending):
            name = f"{one.loss.principle} at {one.loss.decided} ({one.loss.evidence.because})"
            yield from (f"{name}: {wrong}" for wrong in _of_mending(plays, events, one))
        elif isinstance(one, TurningPoint):
            yield from _of_turning(plays, events, one)
    lost = sum(1 for score in assess(script, events).principles.values() for one in score.evidence if one.verdict == "broken")
    if lost != sum(isinstance(one, Mending) for one in told):
        yield f"{lost} points were lost, and another number was told of"


def _of_mending(plays: Plays, events: tuple[Event, ...], one: Mending) -> Iterator[str]:
    loss = one.loss
    deed = loss.rule is not None and isinstance(loss.rule.template, Absent)
    kept = None if deed else _last_kept(plays, events, loss)
    until, avoided = (kept, False) if kept is not None or loss.kind == "owed" else (_last_avoided(plays, events, loss), not deed)
    told = (one.until, one.avoided)
    truth = (until, avoided and until is not None)
    if one.exact and told != truth:
        yield f"told {told} by {one.instead} {' '.join(one.moves)}, in truth {truth}"
    if not one.exact and one.until is not None and (until is None or one.until > until):
        yield f"told {told}, in truth no later than {truth}"
    if one.until is not None:
        yield from _of_moves(plays, events, one)


def _last_kept(plays: Plays, events: tuple[Event, ...], loss: Loss) -> int | None:
    about = [number for number in choices(events) if loss.since <= number <= loss.decided]
    could = (number for number in reversed(about) if any(keeps(loss, plays.script, one, number) for one in plays.onward(events, number)))
    return next(could, None)


def _last_avoided(plays: Plays, events: tuple[Event, ...], loss: Loss) -> int | None:
    """The last choice from which fewer could be lost than from where it was."""
    script, numbers = plays.script, choices(events)
    later = next((number for number in numbers if number > loss.decided), None)
    after = 0 if later is None else _fewest(plays, events, loss, later)
    there = sum(not one.kept and loss.decided <= one.by and (later is None or one.by < later) for one in fates(loss, script, events))
    about = [number for number in numbers if number <= loss.decided]
    return next((number for number in reversed(about) if _fewest(plays, events, loss, number) < there + after), None)


def _fewest(plays: Plays, events: tuple[Event, ...], loss: Loss, number: int) -> int:
    return min(lost_after(loss, plays.script, one, number) for one in plays.onward(events, number))


def _of_moves(plays: Plays, events: tuple[Event, ...], one: Mending) -> Iterator[str]:
    """What would have kept it does, when it is played from there."""
    assert one.until is not None
    try:
        again = rehearse(Encounter.resumed(plays.script, events[: one.until]), one.moves)
    except NotOffered as wrong:
        yield f"cannot be played: {wrong}"
        return
    if not again.ended or tuple(again.events) not in plays.judged:
        yield f"{' '.join(one.moves)} is no whole play"
    if one.instead not in (".", *one.moves[:1]):
        yield f"{one.instead} is not what is played: {' '.join(one.moves)}"
    if not one.avoided and not (one.loss.is_deed or keeps(one.loss, plays.script, again.events, one.until)):
        yield f"{' '.join(one.moves)} does not keep it"


def _of_turning(plays: Plays, events: tuple[Event, ...], one: TurningPoint) -> Iterator[str]:
    numbers = choices(events)
    best = [_best(plays, events, number) for number in numbers] + [plays.judged[events].conduct]
    falls = [before - after for before, after in pairwise(best)]
    place = numbers.index(one.until)
    if not one.exact:
        return
    if falls[place] != max(falls):
        yield f"turns at {one.until}, where {float(falls[place])} is lost, in truth at {numbers[falls.index(max(falls))]}: {float(max(falls))}"
    if one.after != best[place + 1] or not one.after < one.before <= best[place]:
        yield f"turns from {float(one.before)} to {float(one.after)}, in truth from {float(best[place])} to {float(best[place + 1])}"


def _best(plays: Plays, events: tuple[Event, ...], number: int) -> Fraction:
    return max(plays.judged[one].conduct for one in plays.onward(events, number))


def told_of(script: Script, events: Sequence[Event]) -> list[Told]:
    """What is told of a play, with all the time there is."""
    return [one for one in Mender(script, events, assess(script, events), seconds=1.0, clock=lambda: 0.0).told() if one is not None]
