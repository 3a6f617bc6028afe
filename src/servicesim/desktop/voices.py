"""The recorded voice of a customer: heard while the words appear, broken off where somebody cuts in.

The clock leads and the voice follows, so that a file that is missing, late or damaged changes nothing but what is heard.
At another speed than 1x it is silent: stretched, it would be another person's.
"""

from __future__ import annotations

import io
import logging
from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import NamedTuple

import pygame

from servicesim.desktop.sounds import Sounds
from servicesim.encounter.script import Script, Spoken
from servicesim.encounter.situation import Phase, Situation
from servicesim.scenario.voices import Unheard, sound_bytes

log = logging.getLogger(__name__)

_LATE = 0.35  # seconds by which a voice may begin late, rather than without its first sound
_OTHER = 0.25  # seconds by which a file may be longer or shorter than it was when the attempt began


@dataclass(frozen=True, slots=True)
class Recording:
    """A voice as the mixer plays it."""

    raw: bytes
    rate: int  # bytes a second
    step: int  # bytes of one moment in all channels

    @property
    def seconds(self) -> float:
        """How long it lasts."""
        return len(self.raw) / self.rate

    def part(self, start: float, end: float) -> pygame.mixer.Sound:
        """From one second to another."""
        first, last = (round(second * self.rate) // self.step * self.step for second in (start, end))
        return pygame.mixer.Sound(buffer=self.raw[first : max(first + self.step, last)])


def recordings(folder: Path | None, lasts: Mapping[str, float]) -> dict[str, Recording | None]:
    """These voices, ready to be played; for what cannot be heard the log has a line. Takes time: not for the drawing thread."""
    return {name: _recording(folder, name, seconds) for name, seconds in lasts.items()}


def _recording(folder: Path | None, name: str, seconds: float) -> Recording | None:
    try:
        if folder is None:
            raise Unheard("the folder of the encounter is not here")
        rate, size, channels = pygame.mixer.get_init() or (0, 0, 0)
        raw = pygame.mixer.Sound(file=io.BytesIO(sound_bytes(folder, name))).get_raw()
        found = Recording(raw, rate * channels * abs(size) // 8, channels * abs(size) // 8)
        if abs(found.seconds - seconds) > _OTHER:
            raise Unheard("it is not as long as it was when the attempt began")
        return found
    except (Unheard, pygame.error, ZeroDivisionError) as why:
        log.warning("The voice '%s' is not heard: %s. The encounter goes on with its text.", name, why)
        return None


class Part(NamedTuple):
    """What of a speech is said: once again after a protest, and in each visit to its scene, it is another one."""

    speech: tuple[int, int, int]  # scene, line, which visit
    segment: int
    again: int


class Voice:
    """Follows an encounter; `fresh` is whether it begins now, and is not taken up again."""

    def __init__(self, sounds: Sounds, script: Script, *, fresh: bool) -> None:
        self._sounds, self._script, self._fresh = sounds, script, fresh
        self._known: dict[str, Recording | None] = {}
        self._asked: set[str] = set()
        self._part: Part | None = None
        self._begun = False
        self.any = any(line.lasts for scene in script.scenario.scenes.values() for line in scene.customer)

    # -- what it needs ----------------------------------------------------------------------------------------------

    def wanted(self, situation: Situation) -> dict[str, float]:
        """The voices of this scene and of those that may come next which nobody has fetched yet; the others are let go."""
        near = dict(self._near(situation))
        self._known = {name: one for name, one in self._known.items() if name in near or one is None}
        self._asked &= self._known.keys() | near.keys()
        missing = {name: seconds for name, seconds in near.items() if name not in self._asked}
        self._asked |= missing.keys()
        return missing

    def fetched(self, found: Mapping[str, Recording | None]) -> None:
        """They are here."""
        self._known.update(found)

    def _near(self, situation: Situation) -> Iterator[tuple[str, float]]:
        for number in self._scenes(situation):
            for spoken in self._script.stages[number].lines:
                yield from zip(spoken.line.voice, spoken.line.lasts, strict=False)

    def _scenes(self, situation: Situation) -> Collection[int]:
        if situation.speech is None:
            return {self._script.start}
        stage = situation.stage
        after = [stage.on_silence, *(option.target for option in stage.options)]
        return {stage.number, *(number for number in after if number is not None)}

    # -- what is heard ----------------------------------------------------------------------------------------------

    def goes_on(self) -> None:
        """Something has happened while somebody listens."""
        self._fresh = True

    def follow(self, situation: Situation, at: float) -> None:
        """Say what the customer says at this time of the encounter."""
        part = self._said(situation)
        if part != self._part:
            self._part, self._begun = part, part is None
            self._sounds.hush()
        if part is not None and not self._begun:
            self._begin(part, situation, 0.0 if situation.untimed else at - situation.since)

    def rest(self, *, untimed: bool) -> None:
        """Nothing is heard while the clock stands; in timed play the voice goes on from there."""
        self._sounds.hush()
        if not untimed:
            self._part = None

    def _said(self, situation: Situation) -> Part | None:
        speech, phase = situation.speech, situation.phase
        if speech is None or not self._script.stations or not situation.spoken.line.lasts:
            return None
        timed = phase is Phase.SPEAKING and situation.pace == 1.0
        untimed = self._fresh and phase in (Phase.SPEAKING, Phase.PAUSING, Phase.WAITING)
        if not (untimed if situation.untimed else timed):
            return None
        return Part((speech.scene, speech.line, situation.visits[speech.scene]), speech.segment, speech.interruptions)

    def _begin(self, part: Part, situation: Situation, since: float) -> None:
        name, start, end = place_of(situation.spoken, part.segment)
        recording = self._known.get(name)
        if recording is None:
            return  # it may still be fetched
        self._begun = True
        since = 0.0 if since < _LATE else since
        end = min(end, recording.seconds)
        if since < end - start:
            self._sounds.say(name, recording.part(start + since, end), since)


def place_of(spoken: Spoken, segment: int) -> tuple[str, float, float]:
    """The file in which a segment is said, and from which of its seconds to which."""
    line = spoken.line
    if len(line.voice) == len(spoken.segments):
        return line.voice[segment], 0.0, line.lasts[segment]
    letters = [len(part) for part in spoken.segments]
    second = line.lasts[0] / sum(letters)
    return line.voice[0], second * sum(letters[:segment]), second * sum(letters[: segment + 1])
