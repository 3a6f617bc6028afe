"""An SVG picture put together from curves; only what nanosvg draws: paths, ellipses, gradients, groups."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager

Point = tuple[float, float]
Curve = Callable[[float], float]  # from -1 (left or inner end) to 1 (right or outer end)


def mix(colour: str, other: str, share: float) -> str:
    """A colour between two `#rrggbb`: share 0 is the first, 1 the second."""
    pairs = ((int(colour[at : at + 2], 16), int(other[at : at + 2], 16)) for at in (1, 3, 5))
    return "#" + "".join(f"{round(one + (two - one) * share):02x}" for one, two in pairs)


def ramp(value: float, low: float, high: float) -> float:
    """0 up to low, 1 from high, smooth between."""
    share = max(0.0, min(1.0, (value - low) / (high - low)))
    return share * share * (3 - 2 * share)


def smooth(points: Sequence[Point], closed: bool = True) -> str:
    """Path data of a soft curve through every point (Catmull-Rom)."""
    count = len(points)

    def pick(at: int) -> Point:
        return points[at % count] if closed else points[max(0, min(count - 1, at))]

    data = [f"M{points[0][0]:.1f} {points[0][1]:.1f}"]
    for at in range(count if closed else count - 1):
        before, start, end, after = (pick(at + step) for step in (-1, 0, 1, 2))
        one = (start[0] + (end[0] - before[0]) / 6, start[1] + (end[1] - before[1]) / 6)
        two = (end[0] - (after[0] - start[0]) / 6, end[1] - (after[1] - start[1]) / 6)
        data.append(f"C{one[0]:.1f} {one[1]:.1f} {two[0]:.1f} {two[1]:.1f} {end[0]:.1f} {end[1]:.1f}")
    return " ".join(data) + ("Z" if closed else "")


def polygon(points: Sequence[Point]) -> str:
    """Path data of straight lines through every point, closed."""
    return "M" + "L".join(f"{x:.2f} {y:.2f}" for x, y in points) + "Z"


def mirrored(points: Sequence[Point], axis: float = 200.0) -> list[Point]:
    """The same points on the other side of the face."""
    return [(2 * axis - x, y) for x, y in points]


def symmetric(half: Sequence[Point], axis: float = 200.0) -> list[Point]:
    """A closed outline from its right half, top to bottom; points on the axis are not doubled."""
    return [*half, *(point for point in reversed(mirrored(half, axis)) if abs(point[0] - axis) > 0.01)]


def between(upper: Curve, lower: Curve, centre: float, half_width: float, steps: int = 16) -> str:
    """Path data of what lies under one curve and over another; where they cross there is nothing."""
    places = [-1 + 2 * step / steps for step in range(steps + 1)]
    across, low = [centre + half_width * place for place in places], [lower(place) for place in places]
    top = [min(upper(place), below) for place, below in zip(places, low, strict=True)]
    return polygon([*zip(across, top, strict=True), *zip(reversed(across), reversed(low), strict=True)])


class Sketch:
    """Shapes one over the other."""

    def __init__(self, name: str = "g") -> None:
        self._name = name  # distinguishes the gradients of sketches that are laid over each other
        self._shapes: list[str] = []
        self._gradients: list[str] = []
        self._tone: Callable[[str], str] | None = None  # what is done to each colour

    def shape(self, data: str, fill: str, opacity: float = 1.0, even_odd: bool = False) -> None:
        if opacity > 0.02:
            rule = ' fill-rule="evenodd"' if even_odd else ""
            self._shapes.append(f'<path d="{data}" fill="{self._toned(fill)}"{rule}{_opacity(opacity)}/>')

    def line(self, data: str, colour: str, width: float, opacity: float = 1.0) -> None:
        if opacity > 0.02:
            self._shapes.append(
                f'<path d="{data}" fill="none" stroke="{self._toned(colour)}" stroke-width="{width:.2f}" '
                f'stroke-linecap="round" stroke-linejoin="round"{_opacity(opacity)}/>'
            )

    def ellipse(self, centre: Point, radii: Point, fill: str, opacity: float = 1.0) -> None:
        if opacity > 0.02:
            self._shapes.append(
                f'<ellipse cx="{centre[0]:.1f}" cy="{centre[1]:.1f}" rx="{radii[0]:.1f}" ry="{radii[1]:.1f}" '
                f'fill="{self._toned(fill)}"{_opacity(opacity)}/>'
            )

    def ramp(self, start: Point, end: Point, *stops: tuple[float, str]) -> str:
        """A fill that changes from one point to another; stops are shares and colours."""
        name = f"{self._name}{len(self._gradients)}"
        ends = f'x1="{start[0]}" y1="{start[1]}" x2="{end[0]}" y2="{end[1]}"'
        inner = "".join(f'<stop offset="{share}" stop-color="{self._toned(colour)}"/>' for share, colour in stops)
        self._gradients.append(
            f'<linearGradient id="{name}" gradientUnits="userSpaceOnUse" {ends}>{inner}</linearGradient>'
        )
        return f"url(#{name})"

    def glow(self, centre: Point, radii: Point, colour: str, opacity: float) -> None:
        """A soft spot that fades towards its edge."""
        if opacity <= 0.02:
            return
        name, colour = f"{self._name}{len(self._gradients)}", self._toned(colour)
        self._gradients.append(
            f'<radialGradient id="{name}" cx="50%" cy="50%" r="50%">'
            f'<stop offset="0" stop-color="{colour}" stop-opacity="{opacity:.3f}"/>'
            f'<stop offset="0.5" stop-color="{colour}" stop-opacity="{opacity * 0.55:.3f}"/>'
            f'<stop offset="1" stop-color="{colour}" stop-opacity="0"/></radialGradient>'
        )
        self.ellipse(centre, radii, f"url(#{name})")

    def lay(self, other: Sketch) -> None:
        """Everything of another sketch, over what is here."""
        self._shapes += other._shapes
        self._gradients += other._gradients

    @contextmanager
    def toned(self, tone: Callable[[str], str]) -> Iterator[None]:
        """What is drawn inside is drawn in other colours: in another light."""
        before, self._tone = self._tone, tone
        yield
        self._tone = before

    def _toned(self, fill: str) -> str:
        return self._tone(fill) if self._tone and fill.startswith("#") else fill

    @contextmanager
    def moved(self, transform: str) -> Iterator[None]:
        """What is drawn inside is turned and shifted together."""
        self._shapes.append(f'<g transform="{transform}">')
        yield
        self._shapes.append("</g>")

    def svg(self, view: tuple[float, float, float, float], width: int, height: int) -> str:
        """The whole picture as text; `view` is left, top, width, height in drawing units."""
        box = " ".join(f"{number:.2f}" for number in view)
        return (
            f'<svg xmlns="http://www.w3.org/2000/svg" width="{width}" height="{height}" viewBox="{box}">'
            f"<defs>{''.join(self._gradients)}</defs>{''.join(self._shapes)}</svg>"
        )


def _opacity(opacity: float) -> str:
    return "" if opacity >= 0.995 else f' opacity="{opacity:.3f}"'
