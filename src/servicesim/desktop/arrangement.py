"""Rows, columns and cards: they share out the room, and turn with the direction of reading."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Literal

from pygame import Rect

from servicesim.desktop.canvas import Canvas
from servicesim.desktop.look import Look
from servicesim.desktop.panels import Elevation
from servicesim.desktop.paragraph import Align
from servicesim.desktop.widget import Widget

Across = Literal["start", "centre", "end", "stretch"]
Padding = float | tuple[float, float]  # steps; one for all sides, or (across, down)


class Group(Widget):
    """Widgets laid out together; `gap` and `padding` are in steps of the spacing scale."""

    def __init__(
        self,
        *children: Widget,
        gap: float = 2,
        padding: Padding = 0,
        name: str = "",
        grow: float = 0,
        width: float | None = None,
        height: float | None = None,
        shown: bool = True,
    ) -> None:
        super().__init__(name=name, grow=grow, width=width, height=height, shown=shown)
        self._children: tuple[Widget, ...] = children
        self.gap = gap
        self.padding = padding if isinstance(padding, tuple) else (padding, padding)

    @property
    def children(self) -> Sequence[Widget]:
        return self._children

    def fill(self, *children: Widget) -> None:
        """Hold these instead."""
        self._children = children

    @property
    def _present(self) -> list[Widget]:
        return [child for child in self._children if child.shown]

    def _inside(self, look: Look, rect: Rect) -> Rect:
        across, down = look.gap(self.padding[0]), look.gap(self.padding[1])
        return Rect(rect.x + across, rect.y + down, max(0, rect.w - 2 * across), max(0, rect.h - 2 * down))

    def _margins(self, look: Look) -> tuple[int, int]:
        return 2 * look.gap(self.padding[0]), 2 * look.gap(self.padding[1])


class Column(Group):
    """One below the other; `along` places the whole where nobody grows, `across` each child where it is narrower."""

    def __init__(
        self,
        *children: Widget,
        gap: float = 2,
        padding: Padding = 0,
        across: Across = "stretch",
        along: Align = "start",
        name: str = "",
        grow: float = 0,
        width: float | None = None,
        height: float | None = None,
        shown: bool = True,
    ) -> None:
        super().__init__(
            *children, gap=gap, padding=padding, name=name, grow=grow, width=width, height=height, shown=shown
        )
        self.across, self.along = across, along

    def measure(self, look: Look, width: int) -> tuple[int, int]:
        across, down = self._margins(look)
        sizes = [child.size(look, width - across) for child in self._present]
        gaps = look.gap(self.gap) * max(0, len(sizes) - 1)
        return across + max((w for w, _ in sizes), default=0), down + gaps + sum(h for _, h in sizes)

    def place(self, look: Look, rect: Rect) -> None:
        self.rect = rect
        room, present = self._inside(look, rect), self._present
        sizes = [child.size(look, room.w) for child in present]
        spare = room.h - sum(h for _, h in sizes) - look.gap(self.gap) * max(0, len(sizes) - 1)
        heights = _grown([h for _, h in sizes], present, spare)
        y = room.y + (0 if any(child.grow for child in present) else _offset(self.along, spare))
        for child, (natural, _), height in zip(present, sizes, heights, strict=True):
            w = room.w if self.across == "stretch" and child.width is None else natural
            x = _start(room, w, self.across, look)
            child.place(look, Rect(x, y, w, height))
            y += height + look.gap(self.gap)


class Row(Group):
    """One after the other along the line of reading; where there is not room enough, `wraps` starts a new line."""

    def __init__(
        self,
        *children: Widget,
        gap: float = 2,
        padding: Padding = 0,
        across: Across = "centre",
        along: Align = "start",
        wraps: bool = False,
        name: str = "",
        grow: float = 0,
        width: float | None = None,
        height: float | None = None,
        shown: bool = True,
    ) -> None:
        super().__init__(
            *children, gap=gap, padding=padding, name=name, grow=grow, width=width, height=height, shown=shown
        )
        self.across, self.along, self.wraps = across, along, wraps

    def measure(self, look: Look, width: int) -> tuple[int, int]:
        across, down = self._margins(look)
        lines = self._lines(look, width - across)
        gaps = look.gap(self.gap) * max(0, len(lines) - 1)
        wide = max((self._span(look, line) for line in lines), default=0)
        if any(child.grow for child in self._present):
            wide = width - across
        return across + wide, down + gaps + sum(_tallest(look, line) for line in lines)

    def place(self, look: Look, rect: Rect) -> None:
        self.rect = rect
        room = self._inside(look, rect)
        lines = self._lines(look, room.w)
        y = room.y
        for line in lines:
            height = _tallest(look, line) if len(lines) > 1 else room.h
            self._place_line(look, Rect(room.x, y, room.w, height), line)
            y += height + look.gap(self.gap)

    def _place_line(self, look: Look, room: Rect, line: list[tuple[Widget, int]]) -> None:
        x = _offset(self.along, room.w - self._span(look, line))
        for child, width in line:
            height = room.h if self.across == "stretch" and child.height is None else child.size(look, width)[1]
            y = room.y + _offset("start" if self.across == "stretch" else self.across, room.h - height)
            left = room.right - x - width if look.rtl else room.x + x
            child.place(look, Rect(left, y, width, height))
            x += width + look.gap(self.gap)

    def _span(self, look: Look, line: list[tuple[Widget, int]]) -> int:
        return sum(width for _, width in line) + look.gap(self.gap) * max(0, len(line) - 1)

    def _lines(self, look: Look, width: int) -> list[list[tuple[Widget, int]]]:
        """The children of each line with their widths."""
        present = self._present
        gap = look.gap(self.gap)
        if not self.wraps:
            return [_shared(look, present, width - gap * max(0, len(present) - 1))] if present else []
        lines: list[list[tuple[Widget, int]]] = []
        for child in present:
            wide = child.size(look, width)[0]
            if lines and self._span(look, lines[-1]) + gap + wide <= width:
                lines[-1].append((child, wide))
            else:
                lines.append([(child, wide)])
        return lines


class Card(Column):
    """A column on a ground of its own, raised a little."""

    def __init__(
        self,
        *children: Widget,
        gap: float = 2,
        padding: Padding = 3,
        across: Across = "stretch",
        along: Align = "start",
        ground: str = "surface",
        border: str | None = "hairline",
        radius: float = 16,
        elevation: Elevation = 1,
        name: str = "",
        grow: float = 0,
        width: float | None = None,
        height: float | None = None,
        shown: bool = True,
    ) -> None:
        super().__init__(
            *children, gap=gap, padding=padding, across=across, along=along, name=name, grow=grow, width=width,
            height=height, shown=shown,
        )  # fmt: skip
        self.ground, self.border, self.radius, self.elevation = ground, border, radius, elevation

    def draw(self, canvas: Canvas) -> None:
        colours = canvas.look.colours
        border = getattr(colours, self.border) if self.border else None
        fill = getattr(colours, self.ground)
        canvas.panel(self.rect, fill=fill, border=border, radius=self.radius, elevation=self.elevation)
        super().draw(canvas)


class Band(Row):
    """The strip across the top of a page: its title, and what is always at hand."""

    def __init__(self, *children: Widget, gap: float = 3, padding: Padding = (5, 1.5), name: str = "") -> None:
        super().__init__(*children, gap=gap, padding=padding, name=name)

    def draw(self, canvas: Canvas) -> None:
        canvas.rule(self.rect, canvas.look.colours.band)
        super().draw(canvas)


class Space(Widget):
    """Nothing, of a size or growing."""

    def measure(self, look: Look, width: int) -> tuple[int, int]:
        return 0, 0


class Divider(Widget):
    """A hairline between parts."""

    role = "separator"

    def measure(self, look: Look, width: int) -> tuple[int, int]:
        return width, look.px(1)

    def draw(self, canvas: Canvas) -> None:
        canvas.rule(self.rect, canvas.look.colours.hairline)


def _offset(align: Align, spare: int) -> int:
    return {"start": 0, "centre": max(0, spare) // 2, "end": max(0, spare)}[align]


def _start(room: Rect, width: int, across: Across, look: Look) -> int:
    """The left edge of a child in a column."""
    along = _offset("start" if across == "stretch" else across, room.w - width)
    return room.right - along - width if look.rtl else room.x + along


def _tallest(look: Look, line: list[tuple[Widget, int]]) -> int:
    return max((child.size(look, width)[1] for child, width in line), default=0)


def _grown(sizes: list[int], widgets: list[Widget], spare: int) -> list[int]:
    """Room left over goes to those that grow, by their shares."""
    shares = sum(widget.grow for widget in widgets)
    if not shares or spare <= 0:
        return sizes
    grown, left = [], float(spare)
    for size, widget in zip(sizes, widgets, strict=True):
        part = round(left * widget.grow / shares) if shares else 0
        left, shares = left - part, shares - widget.grow
        grown.append(size + part)
    return grown


def _shared(look: Look, widgets: list[Widget], width: int) -> list[tuple[Widget, int]]:
    """The width of each: what does not grow keeps what it likes, and gives way only when there is not enough."""
    likes = [0 if widget.grow else widget.size(look, width)[0] for widget in widgets]
    fixed = [look.px(widget.width) if widget.width is not None and not widget.grow else 0 for widget in widgets]
    reserve = min(width // 3, sum(widget.size(look, width)[0] for widget in widgets if widget.grow))
    fitted = _squeezed(likes, fixed, width - reserve)
    return list(zip(widgets, _grown(fitted, widgets, width - sum(fitted)), strict=True))


def _squeezed(likes: list[int], least: list[int], width: int) -> list[int]:
    """Take from the widest first until the sum fits; the fixed ones keep their width."""
    if sum(likes) <= width:
        return likes
    free = sorted(like for like, fixed in zip(likes, least, strict=True) if not fixed)
    room, cap = width - sum(least), 0
    for rank, like in enumerate(free):
        cap = max(0, room) // (len(free) - rank)
        if like > cap:
            break
        room -= like
    return [fixed or min(like, cap) for like, fixed in zip(likes, least, strict=True)]
