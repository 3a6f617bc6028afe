"""The wheel of principles: a wedge for each, filled as far as it is kept; chapters stand apart.

How far a wedge is filled says it without colours, and an empty wedge with a dot is one that never came up.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from functools import lru_cache
from math import atan2, cos, hypot, pi, sin
from typing import ClassVar

from pygame import Rect, Surface

from servicesim.desktop.access import Role
from servicesim.desktop.canvas import Canvas
from servicesim.desktop.inputs import Gesture, Point, PointerMoved, PointerReleased
from servicesim.desktop.look import Look
from servicesim.desktop.panels import picture
from servicesim.desktop.paragraph import Paragraph
from servicesim.desktop.theme import Colour, Palette, Size
from servicesim.desktop.widget import Widget

HUB = 0.4  # of the radius: where the wedges begin
_SLIVER = 0.07  # of a wedge's length: what is filled even of a principle that is always lost
_BETWEEN_CHAPTERS = 0.9  # of a wedge
_AROUND = 0.02  # of the radius: left free outside of the wedges where no numbers stand
_MIDDLES: tuple[tuple[Size, ...], ...] = (("title", "caption"), ("lead",), ("small",), ("caption",))
_SCALE = 10  # hundredths of a pixel make no difference to what is seen


@dataclass(frozen=True, slots=True)
class Wedge:
    """One principle: `share` 0-1 is how far it is filled; None if it never came up."""

    name: str
    share: float | None
    tone: str


@dataclass(frozen=True, slots=True)
class Sector:
    """Where a wedge lies: angles in radians from the top, in the direction of reading."""

    wedge: Wedge
    start: float
    end: float


@dataclass(frozen=True, slots=True)
class Paints:
    """The colours that a wheel is drawn in."""

    empty: Colour
    edge: Colour
    dot: Colour
    pointed: Colour
    tones: tuple[tuple[str, Colour], ...]


Chapters = tuple[tuple[Wedge, ...], ...]


def sectors(chapters: Chapters) -> list[list[Sector]]:
    """The wedges of each chapter around the wheel, with a gap before each chapter where there are several."""
    gap = _BETWEEN_CHAPTERS if len(chapters) > 1 else 0.0
    parts = sum(len(chapter) + gap for chapter in chapters)
    one, at, found = 2 * pi / max(1.0, parts), 0.0, list[list[Sector]]()
    for chapter in chapters:
        at += gap * one
        found.append([Sector(wedge, at + place * one, at + (place + 1) * one) for place, wedge in enumerate(chapter)])
        at += len(chapter) * one
    return found


class Wheel(Widget):
    """The wheel; the pointer finds wedges, and a list beside it is for everyone else. `on_press` and `on_point` hear of principles."""

    role: ClassVar[Role] = "image"
    holds_text: ClassVar[bool] = False
    grabs: ClassVar[bool] = True
    follows: ClassVar[bool] = True

    def __init__(
        self, chapters: Sequence[Sequence[Wedge]], *, name: str, side: float, middle: Sequence[str] = (), numbers: Sequence[str] = (),
        on_press: Callable[[str], None] | None = None, on_point: Callable[[str | None], None] | None = None,
    ) -> None:  # fmt: skip
        super().__init__(name=name, width=side, height=side)
        self.chapters: Chapters = tuple(tuple(chapter) for chapter in chapters)
        self.side, self.middle, self.numbers = side, middle, numbers
        self.on_press, self.on_point = on_press, on_point
        self.pointed: str | None = None
        self._look = Look()

    @property
    def value(self) -> str:
        return self.middle[0] if self.middle else ""

    @property
    def about(self) -> str:
        return "; ".join(self.middle[1:])

    def measure(self, look: Look, width: int) -> tuple[int, int]:
        return width, look.px(self.side)

    def place(self, look: Look, rect: Rect) -> None:
        super().place(look, rect)
        self._look = look

    def draw(self, canvas: Canvas) -> None:
        look, side = canvas.look, self._square.w
        drawn = _drawn(self.chapters, side, self._radius / side, self.pointed, _paints(look.colours), look.rtl)
        canvas.picture(drawn, self._square, self.name)
        self._draw_middle(canvas)
        self._draw_numbers(canvas)

    def takes(self, gesture: Gesture) -> bool:
        match gesture:
            case PointerMoved(at) if self.on_point is not None:
                self.point(self.wedge_at(at))
                return True
            case PointerReleased(at) if self.on_press is not None and (name := self.wedge_at(at)) is not None:
                self.on_press(name)
                return True
            case _:
                return False

    def point(self, name: str | None) -> None:
        """Lift one wedge out."""
        if name != self.pointed:
            self.pointed = name
            if self.on_point is not None:
                self.on_point(name)

    def wedge_at(self, point: Point) -> str | None:
        """The principle whose wedge is there."""
        across, down = point[0] - self._square.centerx, point[1] - self._square.centery
        if not HUB * self._radius <= hypot(across, down) <= self._radius:
            return None
        angle = atan2(-across if self._look.rtl else across, -down) % (2 * pi)
        found = (sector for chapter in sectors(self.chapters) for sector in chapter if sector.start <= angle < sector.end)
        return next((sector.wedge.name for sector in found), None)

    @property
    def _square(self) -> Rect:
        side = min(self.rect.w, self.rect.h)
        square = Rect(0, 0, side, side)
        square.center = self.rect.center
        return square

    @property
    def _radius(self) -> float:
        """Of the wedges: what is outside is for the numbers of the chapters."""
        return self._square.w / 2 * (1 - _AROUND) - (self._rim if self.numbers else 0)

    @property
    def _rim(self) -> int:
        """How much room the numbers need."""
        return self._look.paragraph("0", "caption", bold=True).line_height

    def _draw_middle(self, canvas: Canvas) -> None:
        """What it comes to, as much of it as there is room for."""
        look, room = canvas.look, round(HUB * self._radius * 1.5)
        fitting = (parts for parts in self._middles(look, room) if _fits(parts, room))
        parts = next(fitting, [])
        y = self._square.centery - sum(part.height for part in parts) // 2
        for part, ink in zip(parts, (look.colours.ink, look.colours.ink_soft), strict=False):
            canvas.text(part, (self._square.centerx - part.width // 2, y), ink)
            y += part.height

    def _middles(self, look: Look, room: int) -> Iterator[list[Paragraph]]:
        """The words in the middle, from the largest on, and at last the first of them alone."""
        for sizes in _MIDDLES if self.middle else ():
            words = zip(self.middle, sizes, (True, False), strict=False)
            yield [look.paragraph(text, size, room, bold=bold, align="centre") for text, size, bold in words]

    def _draw_numbers(self, canvas: Canvas) -> None:
        look, far = canvas.look, self._square.w / 2 * (1 - _AROUND) - self._rim * 0.4
        for number, chapter in zip(self.numbers, sectors(self.chapters), strict=False):
            if not chapter:
                continue
            text = look.paragraph(number, "caption", bold=True)
            x, y = _point((chapter[0].start + chapter[-1].end) / 2, far, look.rtl)
            at = round(self._square.centerx + x - text.width / 2), round(self._square.centery + y - text.height / 2)
            canvas.text(text, at, look.colours.ink_soft)


def _fits(parts: Sequence[Paragraph], room: int) -> bool:
    return sum(part.height for part in parts) <= room and all(part.least_width <= room for part in parts)


def _paints(colours: Palette) -> Paints:
    tones = tuple((tone, getattr(colours, tone)) for tone in ("kept", "accent", "pending", "broken"))
    return Paints(colours.sunk, colours.outline, colours.ink_soft, colours.ink, tones)


@lru_cache(maxsize=16)
def _drawn(chapters: Chapters, side: int, radius: float, pointed: str | None, paints: Paints, rtl: bool) -> Surface:
    """The wheel without its words."""
    around = side * _SCALE
    parts = [part for chapter in sectors(chapters) for sector in chapter for part in _wedge(sector, around * radius, sector.wedge.name == pointed, paints, rtl)]
    middle = around // 2
    svg = (
        f'<svg xmlns="http://www.w3.org/2000/svg" width="{around}" height="{around}" viewBox="{-middle} {-middle} {around} {around}">'
        f"{''.join(parts)}</svg>"
    )
    return picture(svg, (side, side))


def _wedge(sector: Sector, radius: float, pointed: bool, paints: Paints, rtl: bool) -> list[str]:
    inner, wedge = HUB * radius, sector.wedge
    line = _SCALE * (2.2 if pointed else 0.9)
    edge = paints.pointed if pointed else paints.edge
    parts = [f'<path d="{_ring(sector, inner, radius, rtl)}" fill="{paints.empty.hex}"/>']
    if wedge.share is not None:
        reach = inner + (radius - inner) * max(_SLIVER, min(1.0, wedge.share))
        parts.append(f'<path d="{_ring(sector, inner, reach, rtl)}" fill="{dict(paints.tones)[wedge.tone].hex}"/>')
    elif radius > 60 * _SCALE:
        x, y = _point((sector.start + sector.end) / 2, (inner + radius) / 2, rtl)
        parts.append(f'<circle cx="{x:.0f}" cy="{y:.0f}" r="{2.2 * _SCALE:.0f}" fill="{paints.dot.hex}"/>')
    parts.append(f'<path d="{_ring(sector, inner, radius, rtl)}" fill="none" stroke="{edge.hex}" stroke-width="{line:.1f}"/>')
    return parts


def _ring(sector: Sector, inner: float, outer: float, rtl: bool) -> str:
    """The outline of a part of a wedge, from one distance from the middle to another."""
    corners = [_point(angle, far, rtl) for angle, far in ((sector.start, inner), (sector.start, outer), (sector.end, outer), (sector.end, inner))]
    (x0, y0), (x1, y1), (x2, y2), (x3, y3) = corners
    there, back = (0, 1) if rtl else (1, 0)
    large = int(sector.end - sector.start > pi)
    return (
        f"M{x0:.0f} {y0:.0f}L{x1:.0f} {y1:.0f}A{outer:.0f} {outer:.0f} 0 {large} {there} {x2:.0f} {y2:.0f}"
        f"L{x3:.0f} {y3:.0f}A{inner:.0f} {inner:.0f} 0 {large} {back} {x0:.0f} {y0:.0f}Z"
    )


def _point(angle: float, far: float, rtl: bool) -> tuple[float, float]:
    """A place at an angle from the top, in the direction of reading."""
    return (-1 if rtl else 1) * sin(angle) * far, -cos(angle) * far
