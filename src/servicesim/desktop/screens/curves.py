"""The two curves: what the customer expected and what they received (A1), the ground between them, and their anger."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import pairwise

from pygame import Rect

from servicesim.desktop.canvas import Canvas
from servicesim.desktop.satisfaction import Felt, at, zone_of
from servicesim.desktop.screens.plan import Plan
from servicesim.desktop.screens.strokes import XY, bar, hatched, path, polygon
from servicesim.desktop.theme import Colour, Palette
from servicesim.desktop.wording import Words
from servicesim.encounter.situation import Feelings

LEAST = 40  # points that the scale spans at the least, so that small changes stay small
ANGRIEST = 5
_GROUNDS = {"dissatisfied": "broken_soft", "satisfied": "accent_soft", "delighted": "kept_soft"}


class Curves:
    """Drawn over the lanes of a plan."""

    def __init__(self, plan: Plan, words: Words) -> None:
        self.plan, self.words = plan, words
        self.course = plan.story.felt
        self.low, self.high = _span(self.course)

    def y(self, points: float) -> float:
        """Where so many points lie."""
        room = self.plan.curves
        return room.bottom - room.h * (points - self.low) / (self.high - self.low)

    @property
    def levels(self) -> Iterator[int]:
        """The points that have a line, so far apart that what stands beside them does not touch."""
        high = self.plan.look.paragraph("0", "caption").height
        step = next((step for step in (20, 50) if self.y(0) - self.y(step) >= high), 100)
        yield from range(-(-self.low // step) * step, self.high + 1, step)

    # --- shapes ---

    def shapes(self, colours: Palette) -> Iterator[str]:
        """All that does not change while one looks."""
        look, plot = self.plan.look, self.plan.plot
        for level in self.levels:
            yield bar(Rect(plot.x, round(self.y(level)), plot.w, max(1, look.px(1))), colours.hairline)
        yield from self._between(colours)
        yield path(self._steps("expects"), colours.pending, look.px(2.5), dash=(look.px(7), look.px(6)))
        yield path(self._steps("received"), colours.accent, look.px(3))
        yield from self._anger(colours)

    def _parts(self) -> Iterator[tuple[int, int, Feelings]]:
        """From where to where the feelings were the same; in pixels, in the order of time."""
        starts = [*(self._x(one) for one in self.course), self.plan.x(1.0)]
        for one, (start, end) in zip(self.course, pairwise(starts), strict=True):
            yield start, end, one.feelings

    def _x(self, one: Felt) -> int:
        places = self.plan.story.axis.places
        return self.plan.x(places[one.number] if one.number >= 0 and places else 0.0)

    def _between(self, colours: Palette) -> Iterator[str]:
        for start, end, feelings in self._parts():
            zone = zone_of(feelings.satisfaction)
            top, bottom = sorted((round(self.y(feelings.expects)), round(self.y(feelings.received))))
            room = Rect(min(start, end), top, abs(end - start), bottom - top)
            if room.w and room.h:
                yield bar(room, getattr(colours, _GROUNDS[zone]))
                if zone == "dissatisfied":
                    ink = _mixed(colours.broken_soft, _mixed(colours.broken, colours.broken_soft))
                    yield from hatched(room, ink, self.plan.look.px(10), self.plan.look.px(1))

    def _steps(self, name: str) -> list[XY]:
        way: list[XY] = []
        for start, end, feelings in self._parts():
            y = self.y(getattr(feelings, name))
            way += [(start, y), (end, y)]
        return way

    def _anger(self, colours: Palette) -> Iterator[str]:
        room = self.plan.anger
        way: list[XY] = []
        for start, end, feelings in self._parts():
            y = room.bottom - room.h * feelings.anger / ANGRIEST
            way += [(start, y), (end, y)]
        foot = [(way[-1][0], room.bottom), (way[0][0], room.bottom)]
        yield bar(Rect(self.plan.plot.x, room.bottom - 1, self.plan.plot.w, max(1, self.plan.look.px(1))), colours.hairline)
        yield polygon([*way, *foot], colours.danger_soft)
        yield path(way, _mixed(colours.danger, colours.danger_soft), self.plan.look.px(1.5))

    # --- words ---

    def draw_words(self, canvas: Canvas, at: tuple[int, int]) -> None:
        """The names of both curves where they end."""
        look, colours, feelings = canvas.look, canvas.look.colours, self.course[-1].feelings
        told = [
            (self.y(feelings.expects), self.words("expected"), colours.pending),
            (self.y(feelings.received), self.words("received"), colours.accent),
        ]
        texts = [(y, look.paragraph(text, "small", self.plan.last - look.gap(1.5), bold=True), ink) for y, text, ink in told]
        texts.sort(key=lambda one: one[0])
        high = max(text.height for _, text, _ in texts)
        apart = max(0.0, high - (texts[1][0] - texts[0][0])) / 2
        for (y, text, ink), move in zip(texts, (-apart, apart), strict=True):
            room = Rect(self.plan.x(1.0), 0, 0, 0)
            x = room.x - look.gap(1.5) - text.width if look.rtl else room.x + look.gap(1.5)
            canvas.text(text, (at[0] + x, round(at[1] + y + move - text.height / 2)), ink)

    def draw_values(self, canvas: Canvas, origin: tuple[int, int], x: int, number: int) -> None:
        """Both values at one moment."""
        colours, feelings = canvas.look.colours, at(self.course, number)
        for points, ink in ((feelings.expects, colours.pending), (feelings.received, colours.accent)):
            middle = (origin[0] + x, round(origin[1] + self.y(points)))
            self._dot(canvas, middle, ink)
            self._value(canvas, middle, x, points, ink, above=points >= max(feelings.expects, feelings.received))

    def _dot(self, canvas: Canvas, middle: tuple[int, int], ink: Colour) -> None:
        side = canvas.look.px(11)
        place = Rect(0, 0, side, side)
        place.center = middle
        canvas.panel(place, fill=canvas.look.colours.surface, border=ink, width=3, radius=6)

    def _value(self, canvas: Canvas, middle: tuple[int, int], x: int, points: int, ink: Colour, *, above: bool) -> None:
        look = canvas.look
        text = look.paragraph(self.words.number(points), "caption", bold=True)
        across, down, away = look.gap(0.75), look.px(2), look.px(8)
        high = text.height + 2 * down
        y = middle[1] - away - high if above else middle[1] + away
        plot = self.plan.plot.move(middle[0] - x, 0)
        room = Rect(middle[0] - text.width // 2 - across, y, text.width + 2 * across, high)
        room.x = max(plot.x, min(room.x, plot.right - room.w))  # beside the line are the names of the curves
        canvas.panel(room, fill=look.colours.surface, border=look.colours.hairline, radius=5)
        canvas.text(text, (room.x + across, room.y + down), ink)


def _span(course: tuple[Felt, ...]) -> tuple[int, int]:
    """The lowest and the highest points of the scale: tens around all values, not too close together."""
    values = [value for one in course for value in (one.feelings.expects, one.feelings.received)]
    low, high = (min(values) - 4) // 10 * 10, -(-(max(values) + 4) // 10) * 10
    missing = max(0, LEAST - (high - low))
    low = max(0, low - missing // 20 * 10)
    high = min(100, max(high, low + LEAST))
    return max(0, min(low, high - LEAST)), high


def _mixed(one: Colour, other: Colour) -> Colour:
    """Half of each."""
    return Colour("#" + "".join(f"{(a + b) // 2:02X}" for a, b in zip(one.rgb, other.rgb, strict=True)))
