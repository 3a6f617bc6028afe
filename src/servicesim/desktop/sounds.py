"""Sounds by the name of what happens, each with a caption, so that nobody needs to hear it.

>>> stage.sounds.play("protest")
"""

from __future__ import annotations

import logging
from collections import deque
from typing import TYPE_CHECKING, Literal, get_args

import pygame
from pygame import Rect

from servicesim.desktop.canvas import Canvas
from servicesim.desktop.wording import Words, words_in
from servicesim.shipped import assets

if TYPE_CHECKING:
    from servicesim.desktop.stage import Stage

log = logging.getLogger(__name__)

SoundName = Literal[
    "station", "cue", "protest", "ring", "hang-up", "hold", "message-in", "message-out", "typing", "key", "passed", "not-passed",
]  # fmt: skip
SOUNDS: tuple[SoundName, ...] = get_args(SoundName)
CAPTION = 2.5  # seconds for which it is shown


class Sounds:
    """Plays on a stage, as its preferences say; where there is no sound device, the captions alone are there."""

    def __init__(self, stage: Stage) -> None:
        self._stage = stage
        self.words: Words = words_in("en")
        self.played: deque[SoundName] = deque(maxlen=50)  # what there was to hear, whether or not it was heard
        self._loaded: dict[SoundName, pygame.mixer.Sound | None] = {}
        self._told: SoundName | None = None
        self._until = 0.0

    def play(self, name: SoundName) -> None:
        """Let this be heard, and read."""
        preferences = self._stage.preferences
        if name == "cue" and not preferences.cue:
            return
        self.played.append(name)
        if preferences.captions:
            self._told, self._until = name, self._stage.now() + CAPTION
            self._stage.redraw()
        if preferences.sound and preferences.volume and self._stage.sound:
            sound = self._sound(name)
            if sound is not None:
                sound.set_volume(preferences.volume / 100)
                sound.play()

    @property
    def caption(self) -> str:
        """What is to be read just now; nothing if nothing was heard of late."""
        if self._told is not None and self._stage.now() >= self._until:
            self._told = None
        return self.words(f"sound-{self._told}") if self._told else ""

    @property
    def ends(self) -> float | None:
        """When the caption has been shown long enough, in stage seconds; None where there is none."""
        return self._until if self._told is not None else None

    def draw(self, canvas: Canvas) -> None:
        """The caption, in the middle of the upper edge, where nothing is that one presses."""
        if not self.caption:
            return
        look, room = canvas.look.facing(self.words.direction), canvas.surface.get_rect()
        side, gap = look.em(18), look.gap(1)
        text = look.paragraph(self.caption, "small", room.w // 2 - side, bold=True)
        inside = Rect(0, 0, side + gap + text.width, text.height)
        pill = inside.inflate(2 * look.gap(2), 2 * look.gap(1))
        pill.midtop = (room.centerx, look.gap(1))
        inside.center = pill.center
        canvas.panel(pill, fill=look.colours.surface, border=look.colours.outline, radius=14, elevation=2)
        sign, rest = look.split(inside, side, gap)
        canvas.icon("sound", Rect(sign.x, sign.centery - side // 2, side, side), look.colours.accent)
        canvas.text(text, rest.topleft, look.colours.ink, box=pill)

    def _sound(self, name: SoundName) -> pygame.mixer.Sound | None:
        if name not in self._loaded:
            self._loaded[name] = _load(name)
        return self._loaded[name]


def _load(name: SoundName) -> pygame.mixer.Sound | None:
    path = assets() / "sounds" / f"{name}.wav"
    try:
        return pygame.mixer.Sound(path)
    except (pygame.error, OSError) as error:
        log.warning("The sound '%s' cannot be played (%s): its caption is there.", name, error)
        return None
