"""The shades of the heat map: the darker, the less a principle was kept, in colour as in grey."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Shade:
    """From this many per cent on; the colours of the cell and of what is written in it."""

    least: int
    ground: str
    ink: str


SHADES = (
    Shade(95, "#f7faf8", "#1b2a33"),
    Shade(85, "#dcebe6", "#1b2a33"),
    Shade(70, "#f2cf85", "#1b2a33"),
    Shade(55, "#e3a35c", "#1b2a33"),
    Shade(40, "#b4532a", "#ffffff"),
    Shade(0, "#6f1d1b", "#ffffff"),
)


def shade_of(percent: int) -> int:
    """Which shade a cell has."""
    return next(number for number, shade in enumerate(SHADES) if percent >= shade.least)


def spans() -> list[tuple[int, int, int]]:
    """Each shade's number, and from and to how many per cent it reaches."""
    ends = [100, *(shade.least - 1 for shade in SHADES)]
    return [(number, shade.least, ends[number]) for number, shade in enumerate(SHADES)]


def style() -> str:
    """The rules of style for the shades."""
    return "\n".join(f".shade-{number} {{ background: {shade.ground}; color: {shade.ink}; }}" for number, shade in enumerate(SHADES))
