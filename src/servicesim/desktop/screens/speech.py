"""A speech that appears as it is spoken, with a breath at its stations."""

from __future__ import annotations

import math

from pygame import Rect

from servicesim.desktop.canvas import Canvas
from servicesim.desktop.label import Label
from servicesim.desktop.look import Direction
from servicesim.desktop.theme import Size

_BREATH = 1.2  # seconds from one swelling of the cue to the next


class Speech(Label):
    """The whole text is laid out at once, so that nothing moves while it appears; `pausing` shows the cue."""

    def __init__(self, text: str, size: Size, *, direction: Direction) -> None:
        super().__init__(text, size, direction=direction, upto=0)
        self.pausing: float | None = None  # since when the customer has been at this station, and how long

    def draw(self, canvas: Canvas) -> None:
        super().draw(canvas)
        if self.pausing is not None and self.upto is not None:
            self._draw_cue(canvas, self.upto, self.pausing)

    def _draw_cue(self, canvas: Canvas, upto: int, seconds: float) -> None:
        """Three dots behind the last word, swelling one after the other."""
        look = canvas.look.facing(self.direction)
        paragraph = self._paragraph(canvas.look, self.rect.w)
        left = look.left(self.rect, paragraph.width, self.align)
        caret = paragraph.caret(min(upto, len(paragraph.text))).move(left, self.rect.y)
        step, ahead = look.px(13), -1 if look.rtl else 1
        for number in range(3):
            swell = 0.5 + 0.5 * math.sin(2 * math.pi * (seconds / _BREATH - number / 5))
            radius = look.px(3 + 2 * round(2 * swell) / 2)
            x = caret.x + ahead * (look.px(12) + number * step)
            dot = Rect(0, 0, 2 * radius, 2 * radius)
            dot.center = (x, caret.centery + look.px(2))
            canvas.panel(dot, fill=look.colours.accent, radius=5)
