"""A speech that appears as it is spoken, with a breath at its stations."""

from __future__ import annotations

import math

from pygame import Rect

from servicesim.desktop.canvas import Canvas
from servicesim.desktop.label import Label
from servicesim.desktop.living import CLOSED, Mouth, mouth_at
from servicesim.desktop.look import Direction
from servicesim.desktop.theme import Size

_BREATH = 1.2  # seconds from one swelling of the cue to the next


class Speech(Label):
    """The whole text is laid out at once, so that nothing moves while it appears; `pausing` shows the cue."""

    def __init__(self, text: str, size: Size, *, direction: Direction) -> None:
        super().__init__(text, size, direction=direction, upto=0)
        self.pausing: float | None = None  # since when the customer has been at this station, and how long

    @property
    def mouth(self) -> Mouth:
        """The mouth that says the letter up to which it has appeared, on its way to the next one."""
        if self.upto is None:
            return CLOSED
        here, then = mouth_at(self.text, self.upto), mouth_at(self.text, self.upto + 1)
        return Mouth(0.6 * here.open + 0.4 * then.open, here.round)

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
