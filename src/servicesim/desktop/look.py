"""The theme at a scale and in a direction: turns design units into pixels and text into laid-out paragraphs."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Literal

from pygame import Rect

from servicesim.desktop.paragraph import Align, Paragraph
from servicesim.desktop.theme import HIGH_CONTRAST, Light, Palette, Size, Theme
from servicesim.desktop.typesetter import Typesetter

Direction = Literal["ltr", "rtl"]

DESIGN_SIZE = (1280, 720)
LINE_SPACING = 1.0  # times the height of the fonts, which leave much between lines already
AIRY_LINES = 1.25
_DARK = 0.2  # the luminance below which a ground counts as dark

_typesetter = Typesetter(paragraphs_kept=1024)


def scale_of(size: tuple[int, int]) -> float:
    """How much larger than in the design everything is in a window of this size."""
    return max(0.5, min(size[0] / DESIGN_SIZE[0], size[1] / DESIGN_SIZE[1]))


@dataclass(frozen=True, slots=True)
class Look:
    """What widgets measure and draw with: `look.px(24)`, `look.gap(2)`, `look.paragraph("Hello", "body", 300)`."""

    theme: Theme = field(default_factory=Theme)
    scale: float = 1.0
    direction: Direction = "ltr"

    @property
    def colours(self) -> Palette:
        """The palette in use."""
        return self.theme.palette

    @property
    def light(self) -> Light:
        """In which light pictures are drawn that have a room, so that they fit what is around them."""
        palette = self.theme.palette
        return "plain" if palette is HIGH_CONTRAST else "day" if palette.paper.luminance > _DARK else "evening"

    @property
    def rtl(self) -> bool:
        """Whether the page reads from right to left."""
        return self.direction == "rtl"

    def px(self, units: float) -> int:
        """Design units in whole pixels; what is more than nothing stays at least one."""
        return max(1, round(units * self.scale)) if units > 0 else round(units * self.scale)

    def em(self, units: float) -> int:
        """Like `px`, for what grows with the text: signs beside words, columns of words."""
        return self.px(units * self.theme.text)

    def gap(self, steps: float) -> int:
        """A space of so many steps of the spacing scale."""
        return self.px(steps * self.theme.space)

    def facing(self, direction: Direction | None) -> Look:
        """The same look in another direction."""
        return self if direction in (None, self.direction) else Look(self.theme, self.scale, direction or "ltr")

    def paragraph(
        self, text: str, size: Size = "body", width: int | None = None, *, bold: bool = False, align: Align = "start"
    ) -> Paragraph:
        """The text at most `width` pixels wide: as narrow as it is where it fits, else wrapped at that width."""
        narrow = self._set(text, size, None, bold, align)
        if width is None or narrow.natural_width <= width:
            return narrow
        return self._set(text, size, width, bold, align)

    def least(self, text: str, size: Size = "body", *, bold: bool = False) -> int:
        """The width below which a word of the text would have to be broken."""
        return self._set(text, size, None, bold, "start").least_width

    def _set(self, text: str, size: Size, width: int | None, bold: bool, align: Align) -> Paragraph:
        height, airy = self.em(self.theme.type.of(size)), self.theme.airy
        return _typesetter.paragraph(
            text, height, width, bold=bold, base=int(self.rtl), align=align,
            spacing=AIRY_LINES if airy else LINE_SPACING, airy=airy,
        )  # fmt: skip

    def left(self, rect: Rect, width: int, align: Align = "start") -> int:
        """Where something of this width begins in a rectangle, counted from the side where reading begins."""
        spare = rect.w - width
        along = {"start": 0, "centre": spare // 2, "end": spare}[align]
        return rect.x + (spare - along if self.rtl else along)

    def split(self, rect: Rect, width: int, gap: int = 0) -> tuple[Rect, Rect]:
        """A rectangle cut in two where reading begins: a part of this width, and the rest after a gap."""
        first = Rect(self.left(rect, width), rect.y, width, rect.h)
        rest = Rect(rect.x + (0 if self.rtl else width + gap), rect.y, max(0, rect.w - width - gap), rect.h)
        return first, rest
