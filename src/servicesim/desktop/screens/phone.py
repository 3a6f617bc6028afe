"""On the phone: a handset with the time on the line, the voice as a wave, and the caller as one pictures them."""

from __future__ import annotations

import math
from collections.abc import Iterator
from functools import lru_cache
from typing import ClassVar

from pygame import Rect

from servicesim.desktop.access import Role
from servicesim.desktop.arrangement import Card, Column, Row, Space
from servicesim.desktop.canvas import Canvas
from servicesim.desktop.icons import IconName
from servicesim.desktop.label import Label, heading
from servicesim.desktop.living import mouth_at
from servicesim.desktop.look import Look
from servicesim.desktop.mood import Mood
from servicesim.desktop.screens.channel import SMALL, Channel, LineState, Moment, Parts, Shrunk
from servicesim.desktop.screens.sign import Sign
from servicesim.desktop.screens.speech import Speech
from servicesim.desktop.widget import Widget
from servicesim.encounter.situation import Phase

_HALF = 22  # bars on each side of the one in the middle
_BARS = 2 * _HALF + 1
_FADES = tuple(math.cos(0.5 * math.pi * back / (_HALF + 1)) for back in range(_HALF + 1))


_FLAT = (0.0,) * _BARS


class Voice(Widget):
    """The voice as it comes over the line: the last letters that were said, loud in anger, low in sorrow, flat in a pause."""

    role: ClassVar[Role] = "image"
    bleeds: ClassVar[bool] = False

    def __init__(self, name: str, *, height: float) -> None:
        super().__init__(name=name, height=height)
        self.levels = _FLAT

    def hear(self, speech: Speech | None, mood: Mood, *, speaking: bool, startle: float) -> bool:
        """Bring it to this moment; True if it looks different."""
        before, self.levels = self.levels, _FLAT
        if speaking or startle:
            text, upto = (speech.text, speech.upto or 0) if speaking and speech is not None else ("", 0)
            half = _levels(text, upto, 0.55 + 0.45 * mood.anger + 0.15 * mood.delight - 0.2 * mood.sorrow, startle)
            self.levels = (*reversed(half), *half[1:])
        return before != self.levels

    def ring(self, now: float | None) -> bool:
        """The bell, twice a second; flat while nobody is on the line."""
        before, self.levels = self.levels, _FLAT
        if now is not None:
            loud = max(0.0, math.sin(2 * math.pi * 2.2 * now))
            half = tuple(round(fade * (0.25 + 0.75 * loud) * (0.9 if back % 2 else 0.45), 2) for back, fade in enumerate(_FADES))
            self.levels = (*reversed(half), *half[1:])
        return before != self.levels

    def measure(self, look: Look, width: int) -> tuple[int, int]:
        return width, look.px(self.height or 0)

    def draw(self, canvas: Canvas) -> None:
        look, rect = canvas.look, self.rect
        step, wide, least = rect.w / _BARS, max(2, look.px(3)), look.px(3)
        for number, level in enumerate(self.levels):
            high = max(least, round(rect.h * level))
            at = number if not look.rtl else _BARS - 1 - number
            x = rect.x + round((at + 0.5) * step - wide / 2)
            canvas.rule(Rect(x, rect.centery - high // 2, wide, high), look.colours.on_band_soft)


@lru_cache(maxsize=4)  # it is asked for more often than there are letters
def _levels(text: str, upto: int, loud: float, startle: float) -> tuple[float, ...]:
    """The height of the bars from the middle to one end: the newest letter, number `upto`, and those before it."""
    return tuple(_level(text, upto, back, loud, startle) for back in range(_HALF + 1))


def _level(text: str, upto: int, back: int, loud: float, startle: float) -> float:
    said = mouth_at(text, upto - back).open * (1.0 if (upto - back) % 2 else 0.75)
    return round(min(1.0, (said * loud + startle * (0.9 if back % 2 else 0.4)) * _FADES[back]), 2)


class Phone(Channel):
    """The handset beside what is said; on the phone one sees nobody."""

    icon: ClassVar[IconName] = "phone"
    face_size: ClassVar[tuple[float, float]] = (168, 168)
    face_radius: ClassVar[float] = 84
    _line: LineState = "open"
    _timed = False

    def arranged(self, parts: Parts) -> Widget:
        words, name = self.words, self.scenario.customer.name
        self._furnish(parts, height=44)
        line = Row(Sign("phone", "on_band", side=20), Space(grow=1), self.state, parts.timer, gap=1)
        pictured = Label(words("pictured"), "caption", ink="on_band_soft", align="centre")
        who = heading(name, "lead", ink="on_band", align="centre")
        handset = Card(
            line, Row(Space(grow=1), self.face, Space(grow=1), gap=0), Column(who, pictured, gap=0), self.voice,
            padding=(3, 1.5), gap=1.5, ground="band", border=None, radius=28, elevation=2,
        )  # fmt: skip
        beside = Column(handset, Column(parts.hint, parts.cue, gap=0.75), parts.patience, Space(grow=1), parts.listening, gap=1.5, width=328)
        log = self.log_area(parts)
        talk = Column(parts.banner, log, parts.next, parts.answers, gap=2, grow=1)
        return Row(beside, talk, gap=4, padding=(5, 3), across="stretch", grow=1)

    def tightly(self, parts: Parts, level: int) -> Widget:
        self._furnish(parts, height=28)
        return super().tightly(parts, level)

    def sight(self, level: int) -> Widget:
        if level == SMALL:
            return super().sight(level)
        return Column(Card(Shrunk(self.face, 116), Shrunk(self.voice, 116, 24), padding=1.25, gap=0.75, ground="band", border=None, radius=20))

    def _furnish(self, parts: Parts, *, height: float) -> None:
        """What is seen of the line itself."""
        self.voice = Voice(self.words("voice", customer=self.scenario.customer.name), height=height)
        self.state = Label("", "body", bold=True, ink="on_band", align="end", shown=False)
        self._timed = parts.timer.shown or self._timed

    def line(self, state: LineState) -> None:
        self._line = state
        self.state.text, self.state.shown = self.words(f"line-{state}"), state != "open"
        self.parts.timer.shown = self._timed and state == "open"

    def live(self, moment: Moment) -> Iterator[Widget]:
        yield from super().live(moment)
        if self._line != "open":
            if self.voice.ring(moment.now if self._line == "rings" and not self.still else None):
                yield self.voice
            return
        startle = 0.0 if moment.since_cut is None or moment.phase is not Phase.PROTESTING else self.face.mood.startle
        speaking = moment.speaking and not self.still
        if self.voice.hear(moment.speech, self.face.mood, speaking=speaking, startle=startle):
            yield self.voice
