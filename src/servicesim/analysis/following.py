"""Following a transcript through the world: at which place of it each decision was made, and what had happened by then."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from copy import copy
from dataclasses import dataclass
from typing import assert_never

from servicesim.analysis.hearing import (
    BEGINNING,
    END,
    PASSES,
    SIGNS,
    SILENCE,
    STATION,
    WARMING,
    Midway,
    Speech,
)
from servicesim.analysis.tracks import Piece
from servicesim.analysis.world import Close, Place, Turn, World
from servicesim.assessment.trace import GOES_ON
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
from servicesim.scenario.principles import LISTENING

CUT_IN = Piece((GOES_ON, "interrupt"))


class Followed:
    """Where a play stands in the world. `pieces` is what has happened, from the beginning on."""

    def __init__(self, world: World) -> None:
        self.place: Place = world.start
        self.leads: Place | Close | None = world.start  # where a reply has led, until the speech there begins
        self.midway: Midway = BEGINNING
        self.pieces: tuple[Piece, ...] = ()

    def after(self, events: Sequence[Event]) -> Followed:
        """Where it stands after more events."""
        ahead = copy(self)
        for event in events:
            ahead.take(event)
        return ahead

    @property
    def closed(self) -> bool:
        """Whether a reply or a silence has ended the play."""
        return isinstance(self.leads, Close)

    @property
    def speech(self) -> Speech:
        """The speech that is being heard, as far as anything still reads of it."""
        return self.place.speech if self.place.mood is not None else self.place.speech.unmoved()

    def take(self, event: Event) -> None:
        """Go on by one event."""
        match event:
            case Began():
                pass
            case SpeechBegan():
                self._enter()
            case StationReached():
                self._note(STATION, "station")
                self.midway = self.midway._replace(stations=self.midway.stations + 1, pausing=True, signed=False)
            case SegmentBegan():
                self.pieces += (PASSES,)
                self.midway = self.midway._replace(pausing=False, signed=False)
            case Listened():
                self._hear(event)
            case Interrupted():
                self._note(CUT_IN, "interrupt")
                self.midway = self.midway._replace(cuts=self.midway.cuts + 1, pausing=False, signed=False)
            case SpeechEnded():
                self._note(self.place.speech.ends, END)
                self.midway = self.midway._replace(ended=True, cuts=0)
            case SilenceFell():
                self._note(SILENCE, "silence")
                self.midway = self.midway._replace(silences=self.midway.silences + 1)
            case ReplyChosen():
                self._reply(event)
            case Ended():
                self._close()
            case _:
                assert_never(event)

    def _enter(self) -> None:
        leads = self.leads if self.leads is not None else self.place.leads("go", self.midway.past)
        assert isinstance(leads, Place), "a speech begins where none can"
        self.place, self.leads, self.midway = leads, None, BEGINNING
        self.pieces += (leads.begins,)

    def _reply(self, event: ReplyChosen) -> None:
        turn = self.place.leads("reply", self.midway.past)
        assert isinstance(turn, Turn), "a reply is given where none is offered"
        choice = next(choice for choice in turn.choices if choice.reply == event.reply)
        self.pieces += (choice.piece,)
        self.leads = choice.leads

    def _close(self) -> None:
        if self.leads is None:
            leads = self.place.leads("leave", self.midway.past)
            assert isinstance(leads, Close), "the play ends where it cannot"
            self.leads = leads

    def _hear(self, event: Listened) -> None:
        act = LISTENING[event.how]
        warms = act in WARMING and act in self.speech.effects
        self._note(SIGNS[event.how], act, is_felt=not (warms and self.midway.warmed))
        signed, last = (True, self.midway.last) if self.midway.pausing else (False, True)
        self.midway = self.midway._replace(signed=signed, last=last, warmed=self.midway.warmed or warms)

    def _note(self, piece: Piece, act: str, *, is_felt: bool = True) -> None:
        self.pieces += (piece,)
        self.midway = self.midway._replace(past=self.speech.noted(self.midway.past, act, is_felt=is_felt))


@dataclass(frozen=True, slots=True)
class Decision:
    """A moment at which the trainee did something, or let something pass: before event number `number`, from 0."""

    number: int
    made: Event | None  # what happened then; None where the transcript breaks off
    stands: Followed


def decisions(world: World, events: Sequence[Event]) -> Iterator[Decision]:
    """The decisions of a play, in order."""
    stands = Followed(world)
    for number, event in enumerate(events):
        if _decides(event, stands):
            yield Decision(number, event, copy(stands))
        stands.take(event)
    if not stands.closed and not isinstance(events[-1], Interrupted):
        yield Decision(len(events), None, stands)


def _decides(event: Event, stands: Followed) -> bool:
    """Whether the trainee could have done something else; a pause that passes without a word is a decision, too."""
    if isinstance(event, SegmentBegan):
        return stands.midway.pausing and not stands.midway.signed
    return isinstance(event, ReplyChosen | Listened | Interrupted | SilenceFell)


