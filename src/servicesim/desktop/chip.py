"""A short word on a ground of its own: a state, a kind, a count."""

from __future__ import annotations

from pygame import Rect

from servicesim.desktop.canvas import Canvas
from servicesim.desktop.icons import IconName
from servicesim.desktop.look import Look
from servicesim.desktop.paragraph import Paragraph
from servicesim.desktop.theme import Tone
from servicesim.desktop.widget import Widget

# A state is never told by colour alone: each tone that means something brings its icon.
TONE_ICONS: dict[Tone, IconName | None] = {
    "neutral": None,
    "accent": None,
    "kept": "check",
    "broken": "cross",
    "pending": "clock",
    "danger": "warning",
}


class Chip(Widget):
    """A pill with an icon and a word; the icon is that of its tone unless another is given."""

    role = "label"

    def __init__(
        self, text: str, tone: Tone = "neutral", *, icon: IconName | None = None, shown: bool = True, grow: float = 0
    ) -> None:
        super().__init__(name=text, shown=shown, grow=grow)
        self.tone: Tone = tone
        self.icon = icon

    @property
    def text(self) -> str:
        """What it says."""
        return self.name

    @text.setter
    def text(self, text: str) -> None:
        self.name = text

    def measure(self, look: Look, width: int) -> tuple[int, int]:
        text = self._paragraph(look, width)
        return text.natural_width + self._around(look), max(text.height + look.gap(0.5), look.em(28))

    def needs(self, look: Look) -> int:
        return look.least(self.text, "caption", bold=True) + self._around(look)

    def draw(self, canvas: Canvas) -> None:
        look = canvas.look
        ink, ground = look.colours.tone(self.tone)
        canvas.panel(self.rect, fill=ground, radius=14)
        text = self._paragraph(look, self.rect.w)
        wide = text.width + self._around(look) - 2 * look.gap(1.25)
        rest = Rect(look.left(self.rect, wide, "centre"), self.rect.y, wide, self.rect.h)
        if self._sign:
            side = look.em(16)
            place, rest = look.split(rest, side, look.gap(0.5))
            canvas.icon(self._sign, Rect(place.x, place.centery - side // 2, side, side), ink)
        canvas.text(text, (rest.x, rest.centery - text.height // 2), ink, box=self.rect)

    @property
    def _sign(self) -> IconName | None:
        return self.icon or TONE_ICONS[self.tone]

    def _paragraph(self, look: Look, width: int) -> Paragraph:
        return look.paragraph(self.text, "caption", max(1, width - self._around(look)), bold=True)

    def _around(self, look: Look) -> int:
        return 2 * look.gap(1.25) + (look.em(16) + look.gap(0.5) if self._sign else 0)
