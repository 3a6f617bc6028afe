"""What a timeline is drawn with: shapes as lines of SVG, so that they are smooth at every size."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from itertools import pairwise

from pygame import Rect, Surface

from servicesim.desktop.panels import picture
from servicesim.desktop.theme import Colour

XY = tuple[float, float]


def drawn(shapes: Iterable[str], size: tuple[int, int]) -> Surface:
    """The shapes as a picture."""
    w, h = size
    head = f'<svg xmlns="http://www.w3.org/2000/svg" width="{w}" height="{h}" viewBox="0 0 {w} {h}">'
    return picture(f"{head}{''.join(shapes)}</svg>", size)


def bar(rect: Rect, fill: Colour, radius: float = 0) -> str:
    """A filled rectangle."""
    return f'<rect x="{rect.x}" y="{rect.y}" width="{rect.w}" height="{rect.h}" rx="{radius}" fill="{fill.hex}"/>'


def frame(rect: Rect, fill: Colour | None, border: Colour, width: float, radius: float) -> str:
    """A rectangle with a border inside of its edge."""
    half = width / 2
    paint = fill.hex if fill else "none"
    return (
        f'<rect x="{rect.x + half}" y="{rect.y + half}" width="{rect.w - width}" height="{rect.h - width}" rx="{radius}"'
        f' fill="{paint}" stroke="{border.hex}" stroke-width="{width}"/>'
    )


def disc(at: XY, radius: float, fill: Colour | None, border: Colour | None = None, width: float = 0) -> str:
    """A circle."""
    edge = f' stroke="{border.hex}" stroke-width="{width}"' if border else ""
    return f'<circle cx="{at[0]}" cy="{at[1]}" r="{radius}" fill="{fill.hex if fill else "none"}"{edge}/>'


def path(points: Sequence[XY], ink: Colour, width: float, *, dash: tuple[float, float] | None = None, fill: Colour | None = None) -> str:
    """A line through points, with round corners."""
    if dash is not None:
        return "".join(path(piece, ink, width) for piece in dashed(points, *dash))
    way = "M" + "L".join(f"{x:.1f} {y:.1f}" for x, y in points) + ("z" if fill else "")
    return (
        f'<path d="{way}" fill="{fill.hex if fill else "none"}" stroke="{ink.hex}" stroke-width="{width}"'
        ' stroke-linecap="round" stroke-linejoin="round"/>'
    )


def polygon(points: Sequence[XY], fill: Colour) -> str:
    """A filled shape."""
    return f'<path d="M{"L".join(f"{x:.1f} {y:.1f}" for x, y in points)}z" fill="{fill.hex}"/>'


def dashed(points: Sequence[XY], on: float, off: float) -> Iterable[list[XY]]:
    """A line of level and upright pieces cut into dashes that go on around its corners."""
    left, shown, piece = on, True, [points[0]] if points else []
    for (ax, ay), (bx, by) in pairwise(points):
        long = abs(bx - ax) + abs(by - ay)
        gone = 0.0
        while long - gone > left:
            gone += left
            here = ax + (bx - ax) * gone / long, ay + (by - ay) * gone / long
            if shown:
                yield [*piece, here]
            piece, shown = [here], not shown
            left = on if shown else off
        left -= long - gone
        piece.append((bx, by))
    if shown and len(piece) > 1:
        yield piece


def hatched(rect: Rect, ink: Colour, apart: float, width: float) -> Iterable[str]:
    """Slanting lines that fill a rectangle."""
    along = rect.x - rect.h
    start = along - along % apart  # so that neighbours go on where this one ends
    x = start
    while x < rect.right:
        top, bottom = max(rect.x, x), min(rect.right, x + rect.h)
        if bottom > top:
            yield path([(top, rect.y + rect.h - (top - x)), (bottom, rect.y + rect.h - (bottom - x))], ink, width)
        x += apart


# --- marks -------------------------------------------------------------------------------------------------------------


def check(at: XY, side: float, ink: Colour) -> str:
    """Kept."""
    x, y = at
    unit = side / 24
    return path([(x - 7 * unit, y + 0.5 * unit), (x - 2.2 * unit, y + 5.2 * unit), (x + 7.4 * unit, y - 5 * unit)], ink, 3.2 * unit)


def cross(at: XY, side: float, ink: Colour, ground: Colour) -> str:
    """Lost: a cross on a square."""
    x, y = at
    half, arm, width = side * 0.42, side * 0.19, side * 0.11
    square = Rect(round(x - half), round(y - half), round(2 * half), round(2 * half))
    return bar(square, ink, side * 0.14) + _arms(at, arm, width, ground)


def critical_cross(at: XY, side: float, ink: Colour, ground: Colour) -> str:
    """Lost, and must never be: a cross on a square that stands on its corner, with a line around it."""
    x, y = at
    inner, outer = side * 0.47, side * 0.62
    around = [(x, y - outer), (x + outer, y), (x, y + outer), (x - outer, y)]
    inside = [(x, y - inner), (x + inner, y), (x, y + inner), (x - inner, y)]
    return path([*around, around[0]], ink, side * 0.07) + polygon(inside, ink) + _arms(at, side * 0.17, side * 0.11, ground)


def _arms(at: XY, arm: float, width: float, ink: Colour) -> str:
    x, y = at
    return path([(x - arm, y - arm), (x + arm, y + arm)], ink, width) + path([(x + arm, y - arm), (x - arm, y + arm)], ink, width)
