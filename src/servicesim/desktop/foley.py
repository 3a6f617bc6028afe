"""Which sounds belong to what happens in an encounter, and when each is due.

Only what happens now sounds: events that were there when somebody came back, or goes on after a pause, are silent.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from servicesim.desktop.sounds import SoundName, Sounds
from servicesim.encounter.events import (
    Ended,
    Event,
    Interrupted,
    ReplyChosen,
    SegmentBegan,
    SilenceFell,
    SpeechBegan,
    SpeechEnded,
    StationReached,
)
from servicesim.encounter.script import Script
from servicesim.encounter.silence import said_to_silence

HOLD_ACTS = frozenset(("hold", "put-on-hold"))  # what a company may call it in its own principles
_AFTER = 0.45  # seconds from one sound to the one that answers it
_LAST = 1.2  # seconds in which the last words are read before the receiver goes down

Due = tuple[float, SoundName]  # seconds from now on


def sounds_of(script: Script, events: Sequence[Event], number: int) -> Iterator[Due]:
    """What is to be heard of event number `number`."""
    match script.scenario.channel:
        case "in-person" | "phone":
            yield from _spoken(script, events[number])
        case "chat":
            yield from _typed(script, events, number)
        case "email":
            yield from _written(script, events[number], number)


def puts_on_hold(script: Script, event: Event) -> bool:
    """Whether this is a reply that holds the line."""
    if script.scenario.channel != "phone" or not isinstance(event, ReplyChosen):
        return False
    return not HOLD_ACTS.isdisjoint(script.stage(event.scene).by_id[event.reply].reply.acts)


def _spoken(script: Script, event: Event) -> Iterator[Due]:
    match event:
        case StationReached():
            yield 0.0, "station"
            yield _AFTER / 2, "cue"
        case Interrupted():
            yield 0.0, "protest"
        case Ended() if script.scenario.channel == "phone":
            yield _LAST, "hang-up"
        case _:
            pass


def _typed(script: Script, events: Sequence[Event], number: int) -> Iterator[Due]:
    event, untimed = events[number], getattr(events[0], "untimed", False)
    match event:
        case SpeechBegan() | SegmentBegan() if untimed:
            yield (_AFTER if _answers(events, number) else 0.0), "message-in"
        case SpeechBegan():
            yield (_AFTER if _answers(events, number) else 0.0), "typing"
        case SegmentBegan():
            if not isinstance(events[number - 1], Interrupted):
                yield 0.0, "message-in"
            yield _AFTER, "typing"
        case SpeechEnded() if not untimed:
            yield 0.0, "message-in"
        case Interrupted():
            yield 0.0, "protest"
        case ReplyChosen(_, scene, reply) if script.stage(scene).by_id[reply].reply.say:
            yield 0.0, "message-out"
        case SilenceFell() if said_to_silence(script, events[: number + 1]):
            yield 0.0, "message-in"
        case Ended(_, ending) if ending is not None and script.ending(ending).customer:
            yield _AFTER, "message-in"
        case _:
            pass


def _written(script: Script, event: Event, number: int) -> Iterator[Due]:
    match event:
        case SpeechBegan():
            yield (_AFTER if number > 1 else 0.0), "message-in"
        case ReplyChosen(_, scene, reply) if script.stage(scene).by_id[reply].reply.say:
            yield 0.0, "message-out"
        case Ended(_, ending) if ending is not None and script.ending(ending).customer:
            yield _AFTER, "message-in"
        case _:
            pass


def _answers(events: Sequence[Event], number: int) -> bool:
    """Whether it comes at once after a reply, whose own sound is heard first."""
    return isinstance(events[number - 1], ReplyChosen)


class Foley:
    """Lets an encounter be heard as it goes on: `follow` is told the events, `play` when time has come."""

    def __init__(self, sounds: Sounds, script: Script, heard: int) -> None:
        self._sounds, self._script, self._heard = sounds, script, heard
        self._due: list[Due] = []

    def follow(self, events: Sequence[Event], now: float) -> Sequence[Event]:
        """The events that are new."""
        before, self._heard = self._heard, len(events)
        for number in range(before, len(events)):
            self._due += [(now + after, name) for after, name in sounds_of(self._script, events, number)]
        return events[before:]

    def play(self, now: float) -> None:
        """Let be heard what is due."""
        for due in [due for due in self._due if due[0] <= now]:
            self._due.remove(due)
            self._sounds.play(due[1])

    @property
    def next(self) -> float | None:
        """When the next sound is due, in stage seconds."""
        return min((at for at, _ in self._due), default=None)

    def hush(self) -> None:
        """Nobody listens any more."""
        self._due.clear()
