"""A speech that appears as it is spoken, with a breath at its stations."""

from __future__ import annotations

import math

from pygame import Rect

from servicesim.desktop.canvas import Canvas
from servicesim.desktop.label import Label
from servicesim.desktop.living import CLOSED, Mouth, mouth_at, on_the_way
from servicesim.desktop.look import Direction, Look
from servicesim.desktop.theme import Size

_BREATH = 1.2  # seconds from one swelling of the cue to the next
_DOTS, _DOT = 56, 12  # design units beside a line that the dots may take, and by which one may be higher than the line


class Speech(Label):
    """The whole text is laid out at once, so that nothing moves while it appears; `pausing` shows the cue."""

    def __init__(self, text: str, size: Size, *, direction: Direction) -> None:
        super().__init__(text, size, direction=direction, upto=0)
        self.pausing: float | None = None  # since when the customer has been at this station, and how long
        self._told: tuple[Rect, int | None, bool] | None = None  # what was shown when it was last asked what has changed

    @property
    def mouth(self) -> Mouth:
        """The mouth that says the letter up to which it has appeared, on its way to the next one."""
        if self.upto is None:
            return CLOSED
        return on_the_way(mouth_at(self.text, self.upto), mouth_at(self.text, self.upto + 1))

    def line(self, look: Look) -> Rect:
        """The line up to which it has been said."""
        paragraph = self._paragraph(look, self.rect.w)
        return paragraph.caret(min(self.upto or 0, len(paragraph.text))).move(self.rect.topleft)

    def changed_part(self, look: Look) -> Rect:
        """The lines in which words have appeared, with the dots behind them."""
        before, self._told = self._told, (self.rect.copy(), self.upto, self.pausing is not None)
        if before is None or before[0] != self.rect or before[1] is None or self.upto is None:
            return super().changed_part(look)
        dots = before[2] or self.pausing is not None
        if before[1] == self.upto and not dots:
            return Rect(0, 0, 0, 0)
        first, last = sorted((before[1], self.upto))
        lines = [line for line in self._paragraph(look, self.rect.w).lines if line.start <= last and first <= line.end]
        spoken = Rect(self.rect.x, self.rect.y + lines[0].y, self.rect.w, lines[-1].y - lines[0].y) if lines else self.rect
        spoken.h += self._paragraph(look, self.rect.w).line_height
        return spoken.inflate(2 * look.px(_DOTS), look.px(_DOT)) if dots else spoken.inflate(4, 4)

    def draw(self, canvas: Canvas) -> None:
        super().draw(canvas)
        if self.pausing is not None and self.upto is not None:
            draw_dots(canvas, self._behind(canvas), self.pausing, rtl=canvas.look.facing(self.direction).rtl)

    def _behind(self, canvas: Canvas) -> tuple[int, int]:
        """Just behind the last word that has appeared."""
        look = canvas.look.facing(self.direction)
        paragraph = self._paragraph(canvas.look, self.rect.w)
        left = look.left(self.rect, paragraph.width, self.align)
        caret = paragraph.caret(min(self.upto or 0, len(paragraph.text))).move(left, self.rect.y)
        return caret.x + (-1 if look.rtl else 1) * look.px(12), caret.centery + look.px(2)


def draw_dots(canvas: Canvas, first: tuple[int, int], seconds: float, *, ink: str = "accent", rtl: bool | None = None) -> None:
    """Three dots, swelling one after the other; they stand still where nothing is to move."""
    look = canvas.look
    ahead = -1 if (look.rtl if rtl is None else rtl) else 1
    for number in range(3):
        swell = 0.5 + 0.5 * math.sin(2 * math.pi * (seconds / _BREATH - number / 5)) if look.theme.motion else 0.5
        radius = look.px(3 + 2 * round(2 * swell) / 2)
        dot = Rect(0, 0, 2 * radius, 2 * radius)
        dot.center = (first[0] + ahead * number * look.px(13), first[1])
        canvas.panel(dot, fill=getattr(look.colours, ink), radius=5)
