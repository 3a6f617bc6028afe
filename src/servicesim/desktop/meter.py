"""A bar that shows a share, with the same said in words beside it."""

from __future__ import annotations

from typing import ClassVar

from pygame import Rect

from servicesim.desktop.access import Role
from servicesim.desktop.canvas import Canvas
from servicesim.desktop.look import Look
from servicesim.desktop.paragraph import Paragraph
from servicesim.desktop.theme import Tone
from servicesim.desktop.widget import Widget


class Meter(Widget):
    """`share` is 0-1; `words` says it to those who do not see the bar, and to all who look closely."""

    role: ClassVar[Role] = "meter"
    bleeds: ClassVar[bool] = False

    def __init__(
        self,
        title: str,
        share: float,
        words: str,
        *,
        tone: Tone = "accent",
        grow: float = 0,
        width: float | None = None,
    ) -> None:
        super().__init__(name=title, grow=grow, width=width)
        self.share, self.words = share, words
        self.tone: Tone = tone

    @property
    def value(self) -> str:
        return self.words

    def measure(self, look: Look, width: int) -> tuple[int, int]:
        title, words = self._texts(look, width)
        return width, max(title.height, words.height) + look.gap(0.75) + look.em(10)

    def needs(self, look: Look) -> int:
        return look.least(self.name, "small", bold=True) + look.gap(1) + look.least(self.words, "small")

    def draw(self, canvas: Canvas) -> None:
        look, colours = canvas.look, canvas.look.colours
        title, words = self._texts(look, self.rect.w)
        head = Rect(self.rect.x, self.rect.y, self.rect.w, max(title.height, words.height))
        canvas.text(title, (look.left(head, title.width), head.y), colours.ink, box=self.rect)
        canvas.text(words, (look.left(head, words.width, "end"), head.y), colours.ink_soft, box=self.rect)
        track = Rect(self.rect.x, self.rect.bottom - look.em(10), self.rect.w, look.em(10))
        canvas.panel(track, fill=colours.sunk, radius=5)
        wide = round(track.w * min(1.0, max(0.0, self.share)))
        if wide:
            wide = max(wide, track.h)
            bar = Rect(look.left(track, wide), track.y, wide, track.h)
            canvas.panel(bar, fill=colours.tone(self.tone)[0], radius=5)

    def _texts(self, look: Look, width: int) -> tuple[Paragraph, Paragraph]:
        """The title and the words beside each other; the title wraps where there is not room enough."""
        least = look.least(self.name, "small", bold=True) + look.gap(1)
        words = look.paragraph(self.words, "small", max(1, min(width * 2 // 3, width - least)))
        return look.paragraph(self.name, "small", max(1, width - words.width - look.gap(1)), bold=True), words
