"""Rows, columns and cards: they share out the room, and turn with the direction of reading."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Literal

from pygame import Rect

from servicesim.desktop.canvas import Canvas
from servicesim.desktop.look import Look
from servicesim.desktop.panels import Elevation
from servicesim.desktop.paragraph import Align
from servicesim.desktop.widget import Widget, this_pass

Across = Literal["start", "centre", "end", "stretch"]
Padding = float | tuple[float, float]  # steps; one for all sides, or (across, down)

_SIDE_SHARE = 0.4  # of a row: as wide as a fixed column becomes with large text, unless it needs more
_FEW_WORDS = 160  # design units: what text needs to be read in comfort beside something else


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

    def needs(self, look: Look) -> int:
        return self._margins(look)[0] + max((child.least(look) for child in self._present), default=0)

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
    """One after the other along the line of reading.

    What grows takes what is left, and gives way first. Where words would have to be broken, what has no room goes into a
    new line; with `wraps` it does so before any text is wrapped, `whole` never is broken.
    """

    def __init__(
        self,
        *children: Widget,
        gap: float = 2,
        padding: Padding = 0,
        across: Across = "centre",
        along: Align = "start",
        wraps: bool = False,
        whole: bool = False,
        name: str = "",
        grow: float = 0,
        width: float | None = None,
        height: float | None = None,
        shown: bool = True,
    ) -> None:
        super().__init__(
            *children, gap=gap, padding=padding, name=name, grow=grow, width=width, height=height, shown=shown
        )
        self.across, self.along, self.wraps, self.whole = across, along, wraps, whole
        self._known: tuple[int, dict[int, list[list[tuple[Widget, int]]]]] = (0, {})

    def needs(self, look: Look) -> int:
        leasts = [child.least(look) for child in self._present]
        together = sum(leasts) + look.gap(self.gap) * max(0, len(leasts) - 1)
        return self._margins(look)[0] + (together if self.whole else max(leasts, default=0))

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
        pushed, y = False, room.y
        for line in lines:
            height = _tallest(look, line) if len(lines) > 1 else room.h
            self._place_line(look, Rect(room.x, y, room.w, height), line, "end" if pushed else self.along)
            pushed = pushed or any(child.grow and isinstance(child, Space) for child, _ in line)
            y += height + look.gap(self.gap)

    def _place_line(self, look: Look, room: Rect, line: list[tuple[Widget, int]], along: Align) -> None:
        x = _offset(along, room.w - self._span(look, line))
        for child, width in line:
            height = room.h if self.across == "stretch" and child.height is None else _height(look, child, width)
            y = room.y + _offset("start" if self.across == "stretch" else self.across, room.h - height)
            left = room.right - x - width if look.rtl else room.x + x
            child.place(look, Rect(left, y, width, height))
            x += width + look.gap(self.gap)

    def _span(self, look: Look, line: list[tuple[Widget, int]]) -> int:
        return sum(width for _, width in line) + look.gap(self.gap) * max(0, len(line) - 1)

    def _lines(self, look: Look, width: int) -> list[list[tuple[Widget, int]]]:
        """The children of each line with their widths; found once in a pass for each width."""
        when, known = self._known
        if when != this_pass() or not when:
            known = {}
            self._known = (this_pass(), known)
        if width not in known:
            known[width] = self._shared_out(look, width)
        return known[width]

    def _shared_out(self, look: Look, width: int) -> list[list[tuple[Widget, int]]]:
        gap = look.gap(self.gap)
        broken = [*self._broken(look, width, gap)]
        lines = [_shared(look, line, width - gap * (len(line) - 1)) for line in broken]
        if self.across != "stretch" or len(lines) < 2:
            return lines
        return [[(child, width if len(line) == 1 else wide) for child, wide in line] for line in lines]

    def _broken(self, look: Look, width: int, gap: int) -> Iterator[list[Widget]]:
        """The children of each line: as many as can stand beside each other."""
        present = self._present
        if present and not self.wraps and sum(_at_most(look, child, width) for child in present) + gap * (len(present) - 1) <= width:
            yield present  # to measure what grows at one width more is dear: it may hold rows, and these again
            return
        line, used = list[Widget](), 0
        for child in present:
            wide = child.size(look, width)[0] if self.wraps else _comfortable(look, child, width)
            if line and used + gap + wide > width and not self.whole:
                yield line
                line, used = [], -gap
            elif not line:
                used = -gap
            line.append(child)
            used += gap + wide
        if line:
            yield line


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

    holds_text = False

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


def _height(look: Look, child: Widget, width: int) -> int:
    """How high it is at a width, even if that is more than it has fixed."""
    fixed = child.fixed(look)
    return child.measure(look, width)[1] if fixed is not None and fixed < width and child.height is None else child.size(look, width)[1]


def _tallest(look: Look, line: list[tuple[Widget, int]]) -> int:
    return max((_height(look, child, width) for child, width in line), default=0)


def _comfortable(look: Look, child: Widget, width: int) -> int:
    """What it must have at the least to stand beside others; what grows has room for a few words."""
    wide = _column_width(look, child, width)
    least = child.least(look) if wide is None else wide
    if not child.grow or isinstance(child, Space):
        return least
    return max(least, min(child.size(look, width)[0], look.em(_FEW_WORDS)))


def _at_most(look: Look, child: Widget, width: int) -> int:
    """No less than `_comfortable`, and known without measuring what grows."""
    wide = _column_width(look, child, width)
    least = child.least(look) if wide is None else wide
    return max(least, look.em(_FEW_WORDS)) if child.grow and not isinstance(child, Space) else least


def _grown(sizes: list[int], widgets: list[Widget], spare: int, floors: list[int] | None = None) -> list[int]:
    """Room left over goes to those that grow, by their shares, and none gets less than its floor."""
    shares = sum(widget.grow for widget in widgets)
    if not shares or spare <= 0:
        return sizes
    grown, left = list(sizes), float(spare)
    # Those whose share would be too little are served first.
    order = sorted((place for place, widget in enumerate(widgets) if widget.grow), key=lambda place: -(floors or sizes)[place] / widgets[place].grow)
    for place in order:
        part = round(left * widgets[place].grow / shares)
        part = max(part, min(int(left), floors[place] - sizes[place])) if floors else part
        left, shares = left - part, shares - widgets[place].grow
        grown[place] += part
    return grown


def _column_width(look: Look, child: Widget, room: int) -> int | None:
    """The width of a column that has a fixed one: it grows with the text, but leaves the larger part to what stands beside it."""
    fixed = child.fixed(look)
    if fixed is None or not isinstance(child, Group) or look.theme.text <= 1 or child.grow:
        return None
    return min(room, max(look.px(child.width or 0), child.needs(look), min(fixed, round(room * _SIDE_SHARE))))


def _shared(look: Look, widgets: list[Widget], width: int) -> list[tuple[Widget, int]]:
    """The width of each: what does not grow keeps what it likes, and gives way only when there is not enough."""
    columns = [_column_width(look, widget, width) for widget in widgets]
    likes = [0 if widget.grow else column or widget.size(look, width)[0] for widget, column in zip(widgets, columns, strict=True)]
    least = [0 if widget.grow else min(like, widget.least(look)) for widget, like in zip(widgets, likes, strict=True)]
    growing = [widget for widget in widgets if widget.grow]
    if sum(likes) <= width - max(width // 3, sum(_at_most(look, widget, width) for widget in growing)):
        fitted = likes
    else:
        fitted = _squeezed(likes, least, width - _reserve(look, growing, width, sum(least)))
    floors = [widget.least(look) if widget.grow else size for widget, size in zip(widgets, fitted, strict=True)]
    return list(zip(widgets, _grown(fitted, widgets, width - sum(fitted), floors), strict=True))


def _reserve(look: Look, growing: list[Widget], width: int, least: int) -> int:
    """What those that do not grow must leave to those that do."""
    return max(
        min(width // 3, sum(widget.size(look, width)[0] for widget in growing)),
        min(width - least, sum(_comfortable(look, widget, width) for widget in growing)),
    )


def _squeezed(likes: list[int], least: list[int], width: int) -> list[int]:
    """Take from the widest first until the sum fits, from none more than it can give."""
    if sum(likes) <= width:
        return likes
    low, high = 0, max(likes)
    while low < high:  # the widest that any may be
        cap = (low + high + 1) // 2
        if sum(max(floor, min(like, cap)) for like, floor in zip(likes, least, strict=True)) <= width:
            low = cap
        else:
            high = cap - 1
    return [max(floor, min(like, low)) for like, floor in zip(likes, least, strict=True)]
