"""The script: a scenario made ready to be played, with all that can be worked out before the first word.

Acts become bits, scenes numbers, conditions functions of a situation; feelings of acts are added up in order.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING, assert_never

from servicesim.errors import UsageError
from servicesim.languages import spoken
from servicesim.scenario import conditions
from servicesim.scenario.conditions import Atom, Name, Number, Said, Seen
from servicesim.scenario.model import (
    Ending,
    Feel,
    Line,
    Reply,
    Scenario,
    Scene,
    canonical_scenario,
    fingerprint,
    segments,
)
from servicesim.scenario.principles import ACTS_OF_PLAY, LISTENING, Principles, canonical_principles

if TYPE_CHECKING:
    from servicesim.encounter.situation import Situation

CHARACTERS_A_SECOND = 14.0
PAUSE = 1.2  # seconds that a station stays open, however fast the customer speaks
SHORTEST = 0.6  # seconds that even the shortest segment takes
PROTESTS = {
    "en": "Please let me finish.",
    "tr": "Lütfen, sözümü bitireyim.",
    "az": "Xahiş edirəm, qoyun sözümü bitirim.",
    "fa": "لطفاً بگذارید حرفم را تمام کنم.",
    "he": "רק רגע, בבקשה, אני באמצע משפט.",
}  # where the trainer wrote none
MOST_INTERRUPTIONS = 2  # times that one speech can be cut
MOST_SILENCES = 2  # times that patience runs out in one scene

UNMOVED = Feel()

Holds = Callable[["Situation"], int]
Effect = tuple[int, int, int, int]  # what is added to expects, received, trust, anger


@dataclass(frozen=True, slots=True)
class Spoken:
    """One line of the customer, cut at its stations; `seconds` is how long each segment takes at pace 1."""

    line: Line
    segments: tuple[str, ...]
    seconds: tuple[float, ...]
    holds: Holds | None
    acts: tuple[str, ...]  # what happens when it has been spoken, in order: the world's, the customer's, golden-moment
    bits: int
    effects: tuple[Effect, ...]


@dataclass(frozen=True, slots=True)
class Option:
    """One reply, and what follows from it."""

    reply: Reply
    holds: Holds | None
    bits: int
    effects: tuple[Effect, ...]
    target: int | None  # the scene it leads to; None when it ends the encounter
    sets: tuple[tuple[int, int], ...]  # (number of the fact, value)


@dataclass(frozen=True, slots=True)
class Stage:
    """One scene made ready: its lines, its replies, and what happens when the customer is cut off or left waiting."""

    number: int
    name: str
    scene: Scene
    lines: tuple[Spoken, ...]
    options: tuple[Option, ...]
    by_id: dict[str, Option]
    protest: str
    protest_seconds: float
    patience: float
    on_silence: int | None
    silence_effects: tuple[Effect, ...]


class Script:
    """A scenario and the principles it is played under, ready to play. Immutable after it was made."""

    def __init__(self, scenario: Scenario, principles: Principles, *, folder: Path | None = None) -> None:
        self.scenario, self.principles = scenario, principles
        self.folder = folder  # where its file lies, and its voices; nothing that is played or judged asks for it
        self.acts: tuple[str, ...] = (*ACTS_OF_PLAY, *principles.acts)
        self.bit: dict[str, int] = {act: 1 << number for number, act in enumerate(self.acts)}
        self.facts: tuple[str, ...] = tuple(scenario.facts)
        self.number: dict[str, int] = {name: number for number, name in enumerate(scenario.scenes)}
        self.stages: tuple[Stage, ...] = tuple(self._stage(*item) for item in scenario.scenes.items())
        self.start = self.number[scenario.start]
        self.written = scenario.channel == "email"
        self.stations = scenario.channel in ("in-person", "phone")
        self.feel_of_play: dict[str, tuple[Effect, ...]] = {act: (_effect(feel),) for act, (_, feel) in ACTS_OF_PLAY.items()}
        self.speaks = "customer-writes" if self.written else "customer-speaks"
        self.bit_of_speaking = self.bit[self.speaks]
        self.options: dict[str, dict[str, Option]] = {stage.name: stage.by_id for stage in self.stages}

    @cached_property
    def text(self) -> str:
        """The scenario's canonical text, which an attempt keeps."""
        return canonical_scenario(self.scenario)

    @cached_property
    def principles_text(self) -> str:
        """The principles' canonical text, which an attempt keeps."""
        return canonical_principles(self.principles)

    @cached_property
    def fingerprint(self) -> str:
        """SHA-256 of the scenario's canonical text; of the full one where this is a sealed edition of it."""
        sealed = self.scenario.sealed
        return fingerprint(self.text) if sealed is None else sealed.scenario

    @cached_property
    def principles_fingerprint(self) -> str:
        """SHA-256 of the principles' canonical text; of the full one where this is a sealed edition."""
        sealed = self.scenario.sealed
        return fingerprint(self.principles_text) if sealed is None else sealed.principles

    def started(self, remembered: Iterable[str]) -> Script:
        """The script of an encounter whose customer remembers this; raises UsageError where that cannot be."""
        facts = tuple(remembered)
        strange = next((fact for fact in facts if fact not in self.scenario.remembers), None)
        if strange is not None:
            known = ", ".join(self.scenario.remembers)
            possible = f"it may be: {known}" if known else "its scenario has no 'remembers'"
            raise UsageError(f"'{self.scenario.id}' cannot begin with '{strange}'; {possible}")
        return Script(self.scenario.started(facts), self.principles, folder=self.folder) if facts else self

    def stage(self, scene: str) -> Stage:
        """The scene of that name."""
        return self.stages[self.number[scene]]

    def ending(self, name: str) -> Ending:
        """The ending of that name."""
        return self.scenario.endings[name]

    @property
    def listening(self) -> tuple[str, ...]:
        """The listening moves that this channel has."""
        if not self.stations:
            return ()
        return tuple(move for move in LISTENING if move != "nod" or self.scenario.channel == "in-person")

    def _bits(self, acts: tuple[str, ...]) -> int:
        bits = 0
        for act in acts:
            bits |= self.bit[act]
        return bits

    def _effects(self, acts: tuple[str, ...], own: Feel = UNMOVED) -> tuple[Effect, ...]:
        felt = [_effect(self.principles.feel(act)) for act in acts] + [_effect(own)]
        return tuple(effect for effect in felt if any(effect))

    def _stage(self, name: str, scene: Scene) -> Stage:
        options = tuple(self._option(reply) for reply in scene.replies)
        protest = scene.on_interrupt.customer if scene.on_interrupt else PROTESTS[spoken(self.scenario.locale)]
        silent = scene.on_silence
        return Stage(
            number=self.number[name],
            name=name,
            scene=scene,
            lines=tuple(self._spoken(line, scene) for line in scene.customer),
            options=options,
            by_id={option.reply.id: option for option in options},
            protest=protest,
            protest_seconds=seconds_to_say(protest),
            patience=float(scene.patience),
            on_silence=self.number[silent.go] if silent and silent.go else None,
            silence_effects=tuple(
                effect for effect in (_effect(ACTS_OF_PLAY["silence"][1]), _effect(silent.feel if silent else Feel())) if any(effect)
            ),
        )

    def _spoken(self, line: Line, scene: Scene) -> Spoken:
        acts = (*scene.happens, *line.acts, *(("golden-moment",) if scene.golden else ()))
        parts = segments(line.say)
        return Spoken(
            line=line,
            segments=parts,
            seconds=seconds_of_voice(line, parts) or tuple(seconds_to_say(part) for part in parts),
            holds=self._holds(line.condition),
            acts=acts,
            bits=self._bits(acts),
            effects=self._effects(acts),
        )

    def _option(self, reply: Reply) -> Option:
        return Option(
            reply=reply,
            holds=self._holds(reply.condition),
            bits=self._bits(reply.acts),
            effects=self._effects(reply.acts, reply.feel),
            target=self.number[reply.go] if reply.go is not None else None,
            sets=tuple((self.facts.index(fact), int(value)) for fact, value in reply.set.items()),
        )

    def _holds(self, condition: str | None) -> Holds | None:
        return None if condition is None else conditions.compiled(conditions.parsed(condition), self._atom)

    def _atom(self, atom: Atom) -> Holds:
        match atom:
            case Number(value):
                return lambda _: value
            case Said(act):
                bit = self.bit[act]
                return lambda situation: situation.said & bit != 0
            case Seen(scene):
                number = self.number[scene]
                return lambda situation: situation.visits[number] != 0
            case Name(name) if name in self.facts:
                place = self.facts.index(name)
                return lambda situation: situation.facts[place]
            case Name(name):
                return _FEELINGS[name]
            case _:
                assert_never(atom)


_FEELINGS: dict[str, Holds] = {
    "expects": lambda situation: situation.feelings[0],
    "received": lambda situation: situation.feelings[1],
    "satisfaction": lambda situation: situation.feelings[1] - situation.feelings[0],
    "trust": lambda situation: situation.feelings[2],
    "anger": lambda situation: situation.feelings[3],
}


def _effect(feel: Feel) -> Effect:
    return (feel.expects, feel.received, feel.trust, feel.anger)


def seconds_of_voice(line: Line, parts: tuple[str, ...]) -> tuple[float, ...]:
    """How long each part takes where voices say it: as long as its own, or its share, by letters, of the one for all."""
    if len(line.lasts) == len(parts):
        return line.lasts
    if len(line.lasts) != 1:
        return ()
    letters = sum(len(part) for part in parts)
    return tuple(max(SHORTEST, round(line.lasts[0] * len(part) / letters, 3)) for part in parts)


def seconds_to_say(text: str) -> float:
    """How long a person takes to say a text, at about 14 characters a second."""
    return max(SHORTEST, round(len(text) / CHARACTERS_A_SECOND, 3))
