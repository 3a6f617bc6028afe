"""The encounter beat by beat: what the customer said, what the trainee did or let pass, and each verdict at its moment."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from typing import Literal

from servicesim.assessment.assess import Assessment, Evidence, is_untimed
from servicesim.desktop.wording import Words
from servicesim.encounter.events import (
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

Kind = Literal["speech", "pause", "word", "heard", "cut-in", "silence", "reply", "end"]

GOLDEN = "golden-moment"


@dataclass(frozen=True, slots=True)
class Judgement:
    """One verdict: the principle, its place among that principle's evidence, and whether it must never be broken."""

    principle: str
    place: int
    evidence: Evidence
    critical: bool = False

    @property
    def lost(self) -> bool:
        """Whether the point was lost here."""
        return self.evidence.verdict == "broken"


@dataclass(frozen=True, slots=True)
class Beat:
    """One moment of the encounter; `number` is the event that stands for it, `events` are all that belong to it."""

    kind: Kind
    number: int
    events: tuple[int, ...]
    judged: tuple[Judgement, ...] = ()
    golden: bool = False  # a golden moment begins here (A6)

    @property
    def lost(self) -> tuple[Judgement, ...]:
        """What got lost, the worst first."""
        return tuple(sorted((one for one in self.judged if one.lost), key=lambda one: not one.critical))

    @property
    def kept(self) -> tuple[Judgement, ...]:
        """What was kept."""
        return tuple(one for one in self.judged if not one.lost)


def beats(script: Script, events: Sequence[Event], assessment: Assessment) -> tuple[Beat, ...]:
    """All moments in order; the last is the encounter as a whole, where those verdicts stand that have no other."""
    bare = [*_bare(script, events), Beat("end", max(0, len(events) - 1), ())]
    home = {number: place for place, beat in enumerate(bare) for number in beat.events}
    judged: list[list[Judgement]] = [[] for _ in bare]
    for one in _judgements(script, assessment):
        number = one.evidence.event
        judged[-1 if number is None else home.get(number, -1)].append(one)
    told = (replace(beat, judged=tuple(here)) for beat, here in zip(bare, judged, strict=True))
    return tuple(beat for beat in told if beat.kind != "heard" or beat.judged or beat.golden)


def _judgements(script: Script, assessment: Assessment) -> Iterator[Judgement]:
    for name, score in assessment.principles.items():
        critical = script.principles.principles[name].critical
        for place, evidence in enumerate(score.evidence):
            yield Judgement(name, place, evidence, critical)


def _bare(script: Script, events: Sequence[Event]) -> Iterator[Beat]:
    """The moments without their verdicts."""
    golden = False
    pause: Beat | None = None
    for number, event in enumerate(events):
        if pause is not None and isinstance(event, Listened):
            pause = replace(pause, number=number, events=(*pause.events, number))
            continue
        if pause is not None:
            yield pause
            pause = None
        match event:
            case SpeechBegan(_, scene, line):
                golden = GOLDEN in script.stage(scene).lines[line].acts
                yield Beat("speech", number, (number,))
            case StationReached():
                pause = Beat("pause", number, (number,))
            case Listened():
                yield Beat("word", number, (number,))
            case SpeechEnded():
                yield Beat("heard", number, (number,), golden=golden)
            case Interrupted():
                yield Beat("cut-in", number, (number,))
            case SilenceFell():
                yield Beat("silence", number, (number,))
            case ReplyChosen():
                yield Beat("reply", number, (number,))
            case _:
                pass
    if pause is not None:
        yield pause


# --- where they lie ----------------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Axis:
    """Where each event lies from the beginning (0) to the end (1): by the clock, or turn by turn where none ran."""

    places: tuple[float, ...]
    turns: tuple[int, ...]  # for each event the reply that it leads to, from 1
    seconds: float  # that the whole took
    by_turns: bool

    @classmethod
    def of(cls, script: Script, events: Sequence[Event]) -> Axis:
        """Of a play."""
        by_turns = script.written or is_untimed(events)
        along = list(_turn_by_turn(events)) if by_turns else [event.at for event in events]
        whole = max(along, default=0.0) or 1.0
        return cls(tuple(one / whole for one in along), tuple(_turns(events)), events[-1].at if events else 0.0, by_turns)

    def when(self, words: Words, number: int) -> str:
        """When an event was, for people: by the clock, or by turns."""
        if not self.turns:
            return words.clock(0)
        at = min(number, len(self.turns) - 1)
        return words("turn", number=self.turns[at]) if self.by_turns else words.clock(self.places[at] * self.seconds)

    def ticks(self, most: int) -> Iterator[tuple[float, float]]:
        """Where a scale has its marks, at most so many, and what stands there: seconds, or the number of a turn."""
        if self.by_turns:
            yield from _some([(self.places[number], turn) for number, turn in self._replies()], most)
            return
        step = next((step for step in _STEPS if self.seconds / step < most), _STEPS[-1])
        for count in range(int(self.seconds // step) + 1):
            yield count * step / max(self.seconds, 1e-9), count * step

    def _replies(self) -> Iterator[tuple[int, int]]:
        """The last event of each turn."""
        for number, turn in enumerate(self.turns):
            if number + 1 == len(self.turns) or self.turns[number + 1] != turn:
                yield number, turn


def spoken(events: Sequence[Event]) -> Iterator[tuple[int, int]]:
    """Each part of a speech: the event with which it begins, and that with which it ends."""
    since: int | None = None
    for number, event in enumerate(events):
        if since is not None and isinstance(event, StationReached | SpeechEnded | Interrupted | Ended):
            yield since, number
            since = None
        if isinstance(event, SpeechBegan | SegmentBegan):
            since = number
    if since is not None:
        yield since, len(events) - 1


def waited(events: Sequence[Event]) -> Iterator[tuple[int, int]]:
    """Each reply, and the end of the speech since which it was waited for."""
    since: int | None = None
    for number, event in enumerate(events):
        if isinstance(event, SpeechEnded):
            since = number
        elif isinstance(event, ReplyChosen) and since is not None:
            yield number, since


_STEPS = (5, 10, 15, 30, 60, 120, 300, 600, 1800, 3600)


def _some(ticks: list[tuple[float, float]], most: int) -> list[tuple[float, float]]:
    """As many of them as there is room for."""
    every = -(-len(ticks) // max(1, most))
    return ticks[every - 1 :: every] if every else ticks


def _turn_by_turn(events: Sequence[Event]) -> Iterator[float]:
    """Each part of a speech takes one step, and each reply."""
    along = 0.0
    for event in events:
        match event:
            case StationReached() | SpeechEnded() | ReplyChosen() | SilenceFell():
                along += 1
            case Interrupted() | Ended():
                along += 0.5
            case SegmentBegan():
                along += 0.25
            case _:
                pass
        yield along


def _turns(events: Sequence[Event]) -> Iterator[int]:
    turn = 1
    last = max((number for number, event in enumerate(events) if isinstance(event, ReplyChosen)), default=-1)
    for number, event in enumerate(events):
        yield turn
        turn += isinstance(event, ReplyChosen) and number < last
