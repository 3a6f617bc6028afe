"""Text laid out once and drawn often: mixed directions, wrapped in reading order, swept in as it is spoken.

>>> speech = Typesetter().paragraph("سفارش 48-2291 کجاست؟", size=24, width=600)
>>> speech.draw(surface, (40, 80), "black", upto=6)  # the first six characters, from the right
"""

from __future__ import annotations

import unicodedata
from bisect import bisect_left, bisect_right
from collections.abc import Iterator
from dataclasses import dataclass, replace
from functools import cache, cached_property, lru_cache
from itertools import pairwise
from typing import Literal

import pygame

from servicesim.desktop.bidi import base_direction, resolve, visual_order
from servicesim.desktop.fonts import UNDRAWN, FontStack
from servicesim.desktop.kept import Kept, bytes_of
from servicesim.desktop.safe_text import FSI, PDI, ZWJ, ZWNJ, safe_text

Align = Literal["start", "centre", "end"]
Colour = pygame.Color | str | tuple[int, int, int] | tuple[int, int, int, int]
ELLIPSIS = "…"

_UNLIMITED = 1 << 30
_BYTES_KEPT = 32 * 1024 * 1024  # of rendered letters, of all paragraphs together; a full window takes a quarter
_GLANCE = 64  # characters of a word that are measured before more of it is looked at
_LONGEST_CLUSTER = 16  # characters; what joins more than these is a trick, and may be broken anywhere
_LONGEST_ADDRESS = 254  # characters of a mail address
_HANGING = frozenset({"WS", "FSI", "PDI", "B"})
_BREAK_AFTER = frozenset("-‐–—/")
_LEFTWARD = (
    ("Hebr", ((0x0590, 0x05FF), (0xFB1D, 0xFB4F))),
    ("Arab", ((0x0600, 0x06FF), (0x0750, 0x077F), (0x08A0, 0x08FF), (0xFB50, 0xFDFF), (0xFE70, 0xFEFF))),
)
_WITHOUT_UNDRAWN = str.maketrans(dict.fromkeys(UNDRAWN))


@dataclass(frozen=True, slots=True)
class Run:
    """Neighbouring characters of one direction, script and font; start and end count in reading order."""

    text: str
    start: int
    end: int
    level: int
    file: int
    script: str
    x: int  # from the paragraph's left edge
    y: int  # of the picture's top, from the paragraph's top
    width: int

    @property
    def to_left(self) -> bool:
        return bool(self.level & 1)


@dataclass(frozen=True, slots=True)
class Line:
    """One line: its runs from left to right, without the spaces at its end."""

    start: int
    end: int
    x: int
    y: int
    width: int
    runs: tuple[Run, ...]


_INK: Kept[dict[Run, pygame.Surface]] = Kept(_BYTES_KEPT, lambda pictures: sum(bytes_of(picture) for picture in pictures.values()))


class Paragraph:
    """A text in its place, never changed: how wide, how high, which run where."""

    def __init__(
        self,
        text: str,
        stack: FontStack,
        width: int | None = None,
        *,
        base: int | None = None,
        align: Align = "start",
        spacing: float = 1.0,
        max_lines: int | None = None,
    ) -> None:
        self.text = safe_text(text)
        self.stack = stack
        self.base = (base_direction(self.text) or 0) if base is None else base
        self.align: Align = align
        self.line_height = round(stack.height * spacing)
        self._measured = _measured(self.text, stack, self.base)
        limit = _UNLIMITED if width is None else max(1, width)
        spans = list(self._measured.wrap(limit))
        self.truncated = max_lines is not None and len(spans) > max_lines
        if max_lines is not None and self.truncated:
            self._measured = _shortened(self._measured, spans, limit, max_lines)
            spans = list(self._measured.wrap(limit))
        self.ink_width = max((self._measured.width(*span) for span in spans), default=0)
        self.width = self.ink_width if width is None else width
        self.lines = tuple(self._line(start, end, row) for row, (start, end) in enumerate(spans))
        self.height = len(self.lines) * self.line_height

    @cached_property
    def natural_width(self) -> int:
        """How wide it would be if it were never wrapped."""
        measured = _measured(self.text, self.stack, self.base) if self.truncated else self._measured
        return max((measured.width(*span) for span in measured.wrap(_UNLIMITED)), default=0)

    @cached_property
    def least_width(self) -> int:
        """The width of what must not be broken: the longest word, mostly."""
        return self._measured.longest()

    @property
    def runs(self) -> Iterator[Run]:
        """Every run, line by line, from left to right."""
        for line in self.lines:
            yield from line.runs

    @property
    def extent(self) -> pygame.Rect:
        """What the lines cover, from the paragraph's top left corner."""
        left = min((line.x for line in self.lines), default=0)
        return pygame.Rect(left, 0, max((line.x + line.width for line in self.lines), default=0) - left, self.height)

    def rects(self) -> list[tuple[Run, pygame.Rect]]:
        """Where each run lies, from the paragraph's top left corner."""
        return [(run, pygame.Rect(run.x, run.y, run.width, self._font(run).get_height())) for run in self.runs]

    def draw(self, surface: pygame.Surface, at: tuple[int, int], colour: Colour, upto: int | None = None) -> None:
        """Draw it with its top left corner at a point; only the first `upto` characters in reading order if given."""
        pictures = self._drawn(colour)
        for run in self.runs:
            if upto is not None and run.start >= upto:
                continue
            area = None if upto is None or run.end <= upto else self._swept(run, upto, pictures[run])
            left = run.x + (area.x if area else 0)
            surface.blit(pictures[run], (at[0] + left, at[1] + run.y), area)

    def caret(self, index: int) -> pygame.Rect:
        """The upright bar before the character `index` (after the last one at the text's end), 0 pixels wide."""
        line = next(line for line in reversed(self.lines) if line.start <= index or line is self.lines[0])
        before = [run for run in line.runs if run.start < index]
        if before:
            run = max(before, key=lambda run: run.start)
            reach = self._reach(run, min(index, run.end))
            x = run.x + (run.width - reach if run.to_left else reach)
        else:
            x = line.x + (line.width if self.base else 0)
        hanging = self._measured.width(line.end, index) if index > line.end else 0
        return pygame.Rect(x - hanging if self.base else x + hanging, line.y, 0, self.stack.height)

    def _line(self, start: int, end: int, row: int) -> Line:
        # What takes no room, such as a joiner alone, cannot be drawn: pygame refuses pictures without width.
        pieces = [piece for piece in self._measured.pieces(start, end) if piece.width]
        ordered = [pieces[place] for place in visual_order([piece.level for piece in pieces])]
        width = sum(piece.width for piece in ordered)
        x = left = self._left(width)
        y = row * self.line_height + (self.line_height - self.stack.height) // 2
        runs = []
        for piece in ordered:
            drop = self.stack.ascent - self._font(piece).get_ascent()
            runs.append(replace(piece, x=x, y=y + drop))
            x += piece.width
        return Line(start, end, left, y, width, tuple(runs))

    def _left(self, width: int) -> int:
        free = self.width - width
        if self.align == "centre":
            return free // 2
        return free if (self.align == "end") != bool(self.base) else 0

    def _font(self, run: Run) -> pygame.font.Font:
        return self.stack.font(run.file, run.script, run.to_left)

    def _drawn(self, colour: Colour) -> dict[Run, pygame.Surface]:
        paint = pygame.Color(colour)
        key = (self, paint.r, paint.g, paint.b, paint.a)
        return _INK.get(key, lambda: {run: self.stack.render(run.text, run.file, run.script, run.to_left, paint) for run in self.runs})

    def _swept(self, run: Run, upto: int, picture: pygame.Surface) -> pygame.Rect:
        reach = self._reach(run, upto)
        left = picture.get_width() - reach if run.to_left else 0
        return pygame.Rect(left, 0, reach, picture.get_height())

    def _reach(self, run: Run, upto: int) -> int:
        """How many pixels of a run its characters before `upto` take, from the end where reading begins."""
        if upto >= run.end:
            return run.width
        part, following = self._measured.text[run.start : upto], self._measured.text[upto]
        # A joiner keeps the last letter in the form that it has inside the whole word.
        joins = run.script == "Arab" and part[-1:] != ZWNJ and (following.isalpha() or _is_mark(following))
        text = part.translate(_WITHOUT_UNDRAWN)
        # Words do not touch each other: those before the last one are measured once, not with each of its letters.
        cut = text.rfind(" ") + 1
        before = self.stack.width(text[:cut], run.file, run.script, run.to_left) if cut else 0
        last = text[cut:] + ZWJ * joins if text[cut:] else ""
        return min(run.width, before + (self.stack.width(last, run.file, run.script, run.to_left) if last else 0))


class _Measured:
    """A text with each character's level, font and script, able to say how wide any stretch is."""

    def __init__(self, text: str, stack: FontStack, base: int) -> None:
        self.text, self.stack, self.base = text, stack, base
        self._levels: list[int] = []
        self._hangs: list[bool] = []
        for hard_line in text.splitlines(keepends=True):
            resolved = resolve(hard_line, base)
            self._levels += resolved.levels
            self._hangs += [kind in _HANGING for kind in resolved.classes]
        self._keys = list(zip(self._levels, stack.choose(text), _scripts(text, self._levels), strict=True))
        self._isolates = FSI in text
        self._edges = [place for place in range(1, len(text)) if self._keys[place] != self._keys[place - 1]]
        self._breaks = [place + 1 for place in range(len(text)) if self._may_break_after(place)]

    def pieces(self, start: int, end: int) -> Iterator[Run]:
        """The runs of a stretch in reading order, not yet in their place."""
        for first, last in self._stretches(start, end):
            level, file, script = self._keys[first]
            text = self.text[first:last].translate(_WITHOUT_UNDRAWN)
            yield Run(text, first, last, level, file, script, 0, 0, self._stretch_width(first, last))

    def width(self, start: int, end: int) -> int:
        """Pixels from the first to the last character of a stretch that stands on one line."""
        return sum(self._stretch_width(first, last) for first, last in self._stretches(start, end))

    def _stretches(self, start: int, end: int) -> Iterator[tuple[int, int]]:
        for edge in self._edges[bisect_right(self._edges, start) : bisect_left(self._edges, end)]:
            yield start, edge
            start = edge
        if start < end:
            yield start, end

    def _stretch_width(self, first: int, last: int) -> int:
        level, file, script = self._keys[first]
        text = self.text[first:last]
        if self._isolates:
            text = text.translate(_WITHOUT_UNDRAWN)
        return self.stack.width(text, file, script, bool(level & 1)) if text else 0

    def wrap(self, limit: int) -> Iterator[tuple[int, int]]:
        """The lines that fit, as start and end without the spaces that hang over."""
        start = 0
        for hard_line in self.text.split("\n"):
            end = start + len(hard_line)
            while True:
                stop = self._fitting(start, end, limit)
                yield start, self._visible_end(start, stop)
                start = stop
                if start >= end:
                    break
            start = end + 1

    def longest(self) -> int:
        """The widest stretch between two places where a line may end."""
        edges = sorted({0, *self._breaks, *(place + 1 for place, sign in enumerate(self.text) if sign == "\n"), len(self.text)})
        return max((self.width(start, self._visible_end(start, end)) for start, end in pairwise(edges)), default=0)

    def _fitting(self, start: int, end: int, limit: int) -> int:
        """Where the line that begins at `start` has to stop."""
        stops = [*self._breaks[bisect_right(self._breaks, start) : bisect_left(self._breaks, end)], end]
        used, count = 0, 0
        for first, stop in zip([start, *stops], stops, strict=False):
            visible = self._visible_end(first, stop)
            used += self.width(first, self._beyond(first, visible, limit - used))
            if used > limit:
                break
            used, count = used + self.width(visible, stop), count + 1
        # Words measured one by one may be a little narrower than together: the whole line decides.
        while count and self.width(start, self._visible_end(start, stops[count - 1])) > limit:
            count -= 1
        return stops[count - 1] if count else self._fitting_clusters(start, stops[0], limit)

    def _fitting_clusters(self, start: int, end: int, limit: int) -> int:
        """Where a word that is wider than the line has to be broken: after at least one cluster."""
        beyond = self._beyond(start, end, limit)
        clusters = [place for place in range(start + 1, beyond) if self._is_cluster_edge(place)] or [beyond]
        if clusters[0] - start > _LONGEST_CLUSTER and self.width(start, clusters[0]) > limit:
            clusters = list(range(start + 1, clusters[0] + 1))
        fitting = bisect_right(clusters, limit, key=lambda place: self.width(start, place))
        while fitting > 1 and self.width(start, clusters[fitting - 1]) > limit:
            fitting -= 1
        return clusters[max(fitting, 1) - 1]

    def _beyond(self, start: int, end: int, limit: int) -> int:
        """A place up to which the text is wider than the limit, or its end: a word without end is not measured as a whole."""
        reach = min(start + _GLANCE, end)
        while reach < end and self.width(start, reach) <= limit:
            reach = min(2 * reach - start, end)
        return reach

    def cluster_edges(self, start: int, end: int) -> list[int]:
        """Where a stretch may be cut without parting a letter from its marks, the last place first."""
        return [place for place in range(end, start, -1) if self._is_cluster_edge(place)]

    def _is_cluster_edge(self, place: int) -> bool:
        if place >= len(self.text):
            return True
        after, before = self.text[place], self.text[place - 1]
        return not (_is_mark(after) or after in (ZWJ, ZWNJ, PDI) or before in (ZWJ, FSI))

    def _visible_end(self, start: int, end: int) -> int:
        while end > start and self._hangs[end - 1]:
            end -= 1
        return end

    def _may_break_after(self, place: int) -> bool:
        if self._hangs[place]:
            following = self.text[place + 1 : place + 2]
            return self.text[place] not in (FSI, PDI, "\n") and following != PDI
        if self.text[place] not in _BREAK_AFTER or not self.text[place + 1 : place + 2].isalpha():
            return False
        before = self.text[max(0, place - _LONGEST_ADDRESS) : place + 1].rsplit(maxsplit=1)[-1]
        word = before + self.text[place + 1 : place + _LONGEST_ADDRESS].split(maxsplit=1)[0]
        return "@" not in word


@lru_cache(maxsize=1024)
def _measured(text: str, stack: FontStack, base: int) -> _Measured:
    """Measured once for all widths that it is wrapped at: a row tries several."""
    return _Measured(text, stack, base)


def _shortened(measured: _Measured, spans: list[tuple[int, int]], limit: int, max_lines: int) -> _Measured:
    """The text cut so that it fills at most so many lines, with an ellipsis at its end."""
    start, end = spans[max_lines - 1]
    shorter = measured
    for cut in [*measured.cluster_edges(start, end), start]:
        kept = measured.text[:cut].rstrip(" ")
        shorter = _Measured(kept + PDI * (kept.count(FSI) - kept.count(PDI)) + ELLIPSIS, measured.stack, measured.base)
        if len(list(shorter.wrap(limit))) <= max_lines:
            break
    return shorter


def _scripts(text: str, levels: list[int]) -> Iterator[str]:
    """The script to shape each character in; signs inside right-to-left text take that of the letter before them."""
    leftward = "Arab"
    for character, level in zip(text, levels, strict=True):
        if level & 1:
            leftward = _leftward_script(character) or leftward
        yield leftward if level & 1 else "Latn"


@cache
def _leftward_script(character: str) -> str:
    code = ord(character)
    for script, blocks in _LEFTWARD:
        if any(first <= code <= last for first, last in blocks):
            return script
    return ""


@cache
def _is_mark(character: str) -> bool:
    return unicodedata.category(character).startswith("M")
