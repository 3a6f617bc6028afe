"""A transcript played back: what stands on the screen at each time of the replay, worked out from the events alone.

The replay has a time of its own. It goes as the encounter's clock does, but no wait is longer than a few seconds, and at
each reply it rests, so that one can see what was chosen and what was not. One can stop after each event.
"""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import Literal, NamedTuple

from servicesim.assessment.assess import Assessment
from servicesim.desktop.glimpse import Glimpse, told
from servicesim.desktop.retold import Turn
from servicesim.encounter import rules
from servicesim.encounter.events import Event, Interrupted, Listened, ReplyChosen, SilenceFell
from servicesim.encounter.script import Option, Script
from servicesim.encounter.situation import Phase, Situation, opening

REST = 1.4  # seconds at a reply, and at what else would pass without a time of its own
LONGEST_WAIT = 5.0  # seconds that a wait takes, however long it was
_PASSING = (ReplyChosen, SilenceFell, Interrupted, Listened)  # something follows on them at once; one wants to see them alone
_WAITING = (Phase.WAITING, Phase.LEFT_WAITING)


@dataclass(frozen=True, slots=True)
class Stop:
    """A place at which one can stop: after `number` events, at `at` by the encounter's clock."""

    number: int
    at: float
    starts: float  # by the replay's time
    rests: float  # before the clock goes on
    runs: float  # seconds of the replay until the next stop, without the rest
    lasts: float  # the same by the encounter's clock


class Mark(NamedTuple):
    """A verdict, at its time in the replay."""

    time: float
    number: int  # of the event, from 0
    principle: str
    verdict: Literal["kept", "broken"]


class Playback:
    """Times are seconds of the replay, from 0 to `end`."""

    def __init__(self, script: Script, events: Sequence[Event], trainee: str) -> None:
        self.script, self.events, self.trainee = script, tuple(events), trainee
        self._situations = tuple(_situations(script, self.events))
        self.stops = tuple(self._stops())
        self._starts = [stop.starts for stop in self.stops]
        self.end = self.stops[-1].starts
        self.turns = lru_cache(maxsize=None)(self._turns)

    def place(self, time: float) -> int:
        """Which stop was passed last."""
        return max(0, bisect_right(self._starts, time + 1e-9) - 1)

    def clock(self, time: float) -> float:
        """The encounter's clock at this time."""
        stop = self.stops[self.place(time)]
        gone = max(0.0, time - stop.starts - stop.rests)
        return stop.at + (min(1.0, gone / stop.runs) * stop.lasts if stop.runs else 0.0)

    def glimpse(self, time: float) -> Glimpse:
        """What stands on the screen."""
        number = self.stops[self.place(time)].number
        return Glimpse(self.script, self._situations[number], self.clock(time), self.turns(number))

    def choices(self, time: float) -> tuple[tuple[Option, ...], str]:
        """The replies that stand on the screen, and which of them is being given ("" while none is)."""
        number = self.stops[self.place(time)].number
        last = self.events[number - 1]
        if isinstance(last, ReplyChosen):
            return rules.offered(self._situations[number - 1]), last.reply
        return rules.offered(self._situations[number]), ""

    def time_of(self, number: int) -> float:
        """When event number `number` (from 0) has just happened."""
        return next((stop.starts for stop in self.stops if stop.number > number), self.end)

    def happened(self, time: float) -> range:
        """The numbers of the events that the last stop brought."""
        place = self.place(time)
        return range(self.stops[place - 1].number if place else 0, self.stops[place].number)

    def hurries(self, time: float) -> bool:
        """Whether a wait is shown faster than it was."""
        stop = self.stops[self.place(time)]
        return stop.lasts > stop.runs and time > stop.starts + stop.rests

    def marks(self, assessment: Assessment) -> tuple[Mark, ...]:
        """The verdicts that belong to a moment, in order."""
        found = [
            Mark(self.time_of(evidence.event), evidence.event, name, evidence.verdict)
            for name, score in assessment.principles.items()
            for evidence in score.evidence
            if evidence.event is not None and evidence.event < len(self.events)
        ]
        return tuple(sorted(found))

    def _turns(self, number: int) -> tuple[Turn, ...]:
        return tuple(told(self.script, self.events[:number], self._situations[number], self.trainee))

    def _stops(self) -> Iterator[Stop]:
        starts, numbers = 0.0, list(_numbers(self.events))
        for number, following in zip(numbers, [*numbers[1:], None], strict=True):
            at = self.events[number - 1].at
            lasts = 0.0 if following is None else self.events[following - 1].at - at
            rests = REST if following is not None and _wants_rest(self.events, number) else 0.0
            runs = min(lasts, LONGEST_WAIT) if self._waits(number) else lasts
            yield Stop(number, at, starts, rests, runs, lasts)
            starts += rests + runs

    def _waits(self, number: int) -> bool:
        """Whether nothing but the trainee's time passes after this many events."""
        situation = self._situations[number]
        return situation.phase in _WAITING or situation.untimed or self.script.written


def _situations(script: Script, events: Sequence[Event]) -> Iterator[Situation]:
    """The situation before the first event, and after each."""
    situation = opening(script)
    yield situation
    for event in events:
        situation = situation.after(event)
        yield situation


def _numbers(events: Sequence[Event]) -> Iterator[int]:
    """After how many events one can stop: not in the middle of what comes at once, unless it is something of its own."""
    for number, event in enumerate(events, 1):
        if number == len(events) or events[number].at > event.at or isinstance(event, _PASSING):
            yield number


def _wants_rest(events: Sequence[Event], number: int) -> bool:
    event = events[number - 1]
    return isinstance(event, ReplyChosen) or (isinstance(event, _PASSING) and events[number].at <= event.at)
