"""Pictures as SVG: shapes on a plane whose x grows in the direction of reading."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Literal

Point = tuple[float, float]
Anchor = Literal["start", "middle", "end"]


@dataclass(frozen=True, slots=True)
class Shape:
    """One element: its tag, its attributes, and the text in it."""

    tag: str
    attributes: Mapping[str, str]
    text: str = ""


@dataclass(slots=True)
class Drawing:
    """A picture with a name and what it shows in words. What is drawn is mirrored where `mirrored`; the style knows the kinds."""

    name: str
    about: str
    width: float
    height: float
    mirrored: bool = False
    shapes: list[Shape] = field(default_factory=list)

    def line(self, points: Sequence[Point], kind: str) -> None:
        """A line through points."""
        self._add("path", kind, d=self._path(points))

    def area(self, points: Sequence[Point], kind: str) -> None:
        """A surface between points."""
        self._add("path", kind, d=f"{self._path(points)}Z")

    def dot(self, at: Point, kind: str, radius: float = 3.5) -> None:
        """A filled circle."""
        self._add("circle", kind, cx=_short(self._x(at[0])), cy=_short(at[1]), r=_short(radius))

    def box(self, x: float, y: float, width: float, height: float, kind: str) -> None:
        """A rectangle, from the corner where reading begins."""
        left = self.width - x - width if self.mirrored else x
        self._add("rect", kind, x=_short(left), y=_short(y), width=_short(width), height=_short(height))

    def words(self, at: Point, text: str, kind: str, anchor: Anchor = "middle") -> None:
        """Words. `start` and `end` are those of the direction of reading."""
        self._add("text", kind, text, x=_short(self._x(at[0])), y=_short(at[1]), **{"text-anchor": anchor})

    def _add(self, tag: str, kind: str, text: str = "", **attributes: str) -> None:
        self.shapes.append(Shape(tag, {"class": kind, **attributes}, text))

    def _x(self, x: float) -> float:
        return self.width - x if self.mirrored else x

    def _path(self, points: Iterable[Point]) -> str:
        return "M" + "L".join(f"{_short(self._x(x))} {_short(y)}" for x, y in points)


def _short(number: float) -> str:
    return f"{number:.1f}".removesuffix(".0")
