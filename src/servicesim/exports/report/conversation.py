"""A conversation turn by turn, with a place for every event, so that a verdict can lead to its moment."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from typing import Literal, assert_never

from markupsafe import Markup, escape

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
from servicesim.encounter.silence import said_to_silence
from servicesim.exports.report.words import Words, bdi
from servicesim.exports.text import clean
from servicesim.scenario.names import inserted

Who = Literal["customer", "trainee", "scene", "end"]
Kind = Literal["said", "did", "missed", "place"]
NOTHING = Markup()


@dataclass(slots=True)
class Part:
    """What one event brought: words that were said, what the trainee did at a pause, or nothing but its place."""

    event: int
    kind: Kind
    text: Markup = NOTHING


@dataclass(slots=True)
class Turn:
    """One turn of the conversation: who, from which second on, and its parts."""

    who: Who
    at: float
    parts: list[Part] = field(default_factory=list)
    deed: bool = False
    why: Markup | None = None
    """What the trainer says of the reply."""
    is_authored: bool = True
    """Whether its words are the scenario's, and not the page's."""


class Conversation:
    """Makes turns of events."""

    def __init__(self, words: Words, script: Script, trainee: Markup) -> None:
        self._words, self._script = words, script
        self._fill = filled(script, trainee)
        self._turns: list[Turn] = []
        self._events: Sequence[Event] = ()
        self._speech = SpeechBegan(0.0, script.scenario.start, 0)

    def turns(self, events: Sequence[Event]) -> list[Turn]:
        """All turns."""
        self._turns = []
        self._events = events
        for number, event in enumerate(events):
            self._tell(number, event)
        return self._turns

    def _tell(self, number: int, event: Event) -> None:
        match event:
            case SpeechBegan():
                self._begin(number, event)
            case SegmentBegan(at, segment):
                self._customer(at).parts.append(Part(number, "said", self._fill(self._segments[segment])))
            case StationReached(at):
                self._customer(at).parts.append(Part(number, "missed", self._words("did-nothing")))
            case Listened(at, how):
                self._listen(number, at, how)
            case Interrupted(at):
                self._customer(at).parts.append(Part(-1, "said", Markup("—")))
                self._turns.append(Turn("trainee", at, [Part(number, "said", self._words("did-interrupt"))], deed=True, is_authored=False))
                protest = self._script.stage(self._speech.scene).protest
                self._turns.append(Turn("customer", at, [Part(-1, "said", self._fill(protest))]))
            case SilenceFell(at):
                self._silence(number, at)
            case ReplyChosen(at, scene, reply):
                chosen = self._script.stage(scene).by_id[reply].reply
                why = self._fill(chosen.why) if chosen.why else None
                self._turns.append(Turn("trainee", at, [Part(number, "said", self._fill(chosen.words))], chosen.do is not None, why))
            case Ended(at, ending):
                self._end(number, at, ending)
            case SpeechEnded(at):
                self._customer(at).parts.append(Part(number, "place"))
            case Began():
                pass
            case _:
                assert_never(event)

    @property
    def _segments(self) -> tuple[str, ...]:
        return self._script.stage(self._speech.scene).lines[self._speech.line].segments

    def _begin(self, number: int, speech: SpeechBegan) -> None:
        self._speech = speech
        direction = self._script.stage(speech.scene).scene.do
        if direction:
            self._turns.append(Turn("scene", speech.at, [Part(-1, "said", self._fill(direction))]))
        self._turns.append(Turn("customer", speech.at, [Part(number, "said", self._fill(self._segments[0]))]))

    def _customer(self, at: float) -> Turn:
        """The customer's turn that goes on."""
        if not self._turns or self._turns[-1].who != "customer":
            self._turns.append(Turn("customer", at))
        return self._turns[-1]

    def _listen(self, number: int, at: float, how: str) -> None:
        turn, told = self._customer(at), self._words(f"did-{how}")
        waiting = turn.parts[-1] if turn.parts else None
        if waiting is not None and waiting.kind == "missed":
            # The pause keeps its place, and is no longer one at which nothing was done.
            waiting.kind, waiting.text = "place", NOTHING
        turn.parts.append(Part(number, "did", told))

    def _silence(self, number: int, at: float) -> None:
        self._turns.append(Turn("trainee", at, [Part(number, "said", self._words("did-silence"))], deed=True, is_authored=False))
        if said := said_to_silence(self._script, self._events[: number + 1]):
            self._turns.append(Turn("customer", at, [Part(-1, "said", self._fill(said))]))

    def _end(self, number: int, at: float, ending: str | None) -> None:
        if ending is None:
            self._turns.append(Turn("end", at, [Part(number, "said", self._words("no-ending"))], is_authored=False))
            return
        found = self._script.ending(ending)
        if found.customer:
            self._turns.append(Turn("customer", at, [Part(-1, "said", self._fill(found.customer))]))
        self._turns.append(Turn("end", at, [Part(number, "said", self._fill(found.title))]))


def filled(script: Script, trainee: Markup) -> Callable[[str], Markup]:
    """Puts names into authored texts, each text in the language of its scenario."""
    scenario = script.scenario
    names = {"trainee": str(trainee), "customer": str(bdi(scenario.customer.name)), "company": str(bdi(scenario.company))}

    def fill(text: str) -> Markup:
        told = inserted(str(escape(clean(" ".join(text.split())))), **names)
        return Markup(f'<bdi lang="{escape(scenario.locale)}">{told}</bdi>')

    return fill


def anchors(turns: Sequence[Turn]) -> Iterator[int]:
    """The events that have a place."""
    return (part.event for turn in turns for part in turn.parts if part.event >= 0)
