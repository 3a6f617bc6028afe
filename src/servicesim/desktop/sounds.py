"""Sounds by the name of what happens, each with a caption, so that nobody needs to hear it.

>>> stage.sounds.play("protest")
"""

from __future__ import annotations

import logging
from collections import deque
from typing import TYPE_CHECKING, Literal, get_args

import pygame
from pygame import Rect

from servicesim.desktop.access import Node
from servicesim.desktop.canvas import Canvas
from servicesim.desktop.wording import Words, words_in
from servicesim.shipped import assets

if TYPE_CHECKING:
    from servicesim.desktop.stage import Stage

log = logging.getLogger(__name__)

SoundName = Literal[
    "station", "cue", "protest", "ring", "hang-up", "hold", "message-in", "message-out", "typing", "key", "passed", "not-passed", "line",
]  # fmt: skip
SOUNDS: tuple[SoundName, ...] = get_args(SoundName)
CAPTION = 2.5  # seconds for which it is shown
_CAPTION_KEY = 2**40  # no widget has it: they are counted from 1
_FADE = 25  # milliseconds in which what is stopped dies away: without them it would click


class Sounds:
    """Plays on a stage, as its preferences say; where there is no sound device, the captions alone are there."""

    def __init__(self, stage: Stage) -> None:
        self._stage = stage
        self.words: Words = words_in("en")
        self.played: deque[SoundName] = deque(maxlen=50)  # what there was to hear, whether or not it was heard
        self.said: deque[tuple[str, float]] = deque(maxlen=50)  # which voices were heard, from which of their seconds on
        self._loaded: dict[SoundName, pygame.mixer.Sound | None] = {}
        self._humming: pygame.mixer.Channel | None = None
        self._voice: pygame.mixer.Channel | None = None
        self._refused = False  # the device could not play; the log has a line about it
        self._told: SoundName | None = None
        self._until = 0.0
        self._pill = Rect(0, 0, 0, 0)  # where it stands

    def play(self, name: SoundName) -> None:
        """Let this be heard, and read."""
        preferences = self._stage.preferences
        if name == "cue" and not preferences.cue:
            return
        self.played.append(name)
        if preferences.captions:
            self._told, self._until = name, self._stage.now() + CAPTION
            self._stage.redraw()
        self._heard(self._sound(name) if self.wanted else None)

    @property
    def wanted(self) -> bool:
        """Whether somebody wants to hear anything, and can."""
        preferences = self._stage.preferences
        return bool(preferences.sound and preferences.volume and self._stage.sound)

    def hum(self, on: bool) -> None:
        """The noise of a line, for as long as a call lasts; where it is wanted."""
        on = on and self._stage.preferences.line
        if on == self.humming:
            return
        self.humming = on
        self._stop(self._humming)
        self._humming = None
        if on:
            self.played.append("line")
            self._humming = self._heard(self._sound("line") if self.wanted else None, loops=-1)

    humming = False

    def say(self, name: str, sound: pygame.mixer.Sound, since: float) -> None:
        """Let a voice be heard, of which so many seconds are over; it takes the place of another one."""
        self.hush()
        if not self.wanted:
            return
        self.said.append((name, round(since, 2)))
        self._voice = self._heard(sound)

    def hush(self) -> None:
        """No voice any more, at once."""
        self._stop(self._voice)
        self._voice = None

    def _heard(self, sound: pygame.mixer.Sound | None, loops: int = 0) -> pygame.mixer.Channel | None:
        """Play it as loud as is wanted; a device that cannot costs one line in the log."""
        if sound is None:
            return None
        try:
            sound.set_volume(self._stage.preferences.volume / 100)
            return sound.play(loops)
        except pygame.error as error:
            if not self._refused:
                log.warning("The sound device does not play (%s): the captions are there.", error)
            self._refused, self._loaded = True, {}
            return None

    def _stop(self, channel: pygame.mixer.Channel | None) -> None:
        if channel is not None and pygame.mixer.get_init():
            channel.fadeout(_FADE)

    @property
    def caption(self) -> str:
        """What is to be read just now; nothing if nothing was heard of late."""
        if self._told is not None and self._stage.now() >= self._until:
            self._told = None
        return self.words(f"sound-{self._told}") if self._told else ""

    def said_enough(self) -> None:
        """The caption goes: something else is to be read in its place."""
        self._told = None

    @property
    def ends(self) -> float | None:
        """When the caption has been shown long enough, in stage seconds; None where there is none."""
        return self._until if self._told is not None else None

    def node(self) -> Node | None:
        """How a screen reader meets the caption."""
        return Node(_CAPTION_KEY, "label", self.caption, rect=(self._pill.x, self._pill.y, self._pill.w, self._pill.h)) if self.caption else None

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
        self._pill = pill
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
