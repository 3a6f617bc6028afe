"""What every widget is: it measures itself, takes its place, draws, takes gestures and can be read aloud."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from itertools import count
from typing import ClassVar

from pygame import Rect

from servicesim.desktop.access import Node, Role, State
from servicesim.desktop.canvas import Canvas
from servicesim.desktop.inputs import Gesture, Point
from servicesim.desktop.look import Look

_AROUND = 16  # design units around a widget that its ring and its shadow may change

_keys = count(1)
_passes = count(1)
_current = 0  # the pass in which everything is laid out just now; 0 outside of one


@contextmanager
def laying_out() -> Iterator[None]:
    """Nothing changes in here: what was measured once need not be measured again."""
    global _current
    before, _current = _current, next(_passes)
    try:
        yield
    finally:
        _current = before


def this_pass() -> int:
    """Which pass everything is laid out in just now; 0 outside of one."""
    return _current


class Widget:
    """A thing on a page. `width` and `height` (design units) fix a side; `grow` takes a share of the room left over."""

    role: ClassVar[Role] = "group"
    focusable: ClassVar[bool] = False
    clips: ClassVar[bool] = False  # what is inside is not touched outside of it
    pressed_by: ClassVar[tuple[str, ...]] = ("enter", "space")  # the keys that press it when it shows the ring
    grabs: ClassVar[bool] = False  # takes the pointer, though it does not take the focus
    follows: ClassVar[bool] = False  # hears of each move of the pointer over it
    bleeds: ClassVar[bool] = True  # its ring or shadow may stand out of its rectangle
    holds_text: ClassVar[bool] = True  # so that its fixed sides grow with the text; a picture's do not

    def __init__(
        self,
        *,
        name: str = "",
        enabled: bool = True,
        shown: bool = True,
        grow: float = 0,
        width: float | None = None,
        height: float | None = None,
    ) -> None:
        self.name, self.enabled, self.shown = name, enabled, shown
        self.grow, self.width, self.height = grow, width, height
        self.node_key = next(_keys)
        self.rect = Rect(0, 0, 0, 0)
        self.hovered = self.pressed = self.focused = self.ringed = False
        self.shortcut = ""
        self._measured: tuple[int, dict[int, tuple[int, int]]] = (0, {})
        self._leasts: tuple[int, int] = (0, 0)

    # ---- what a kind of widget says about itself -------------------------------------------------------------

    @property
    def children(self) -> Sequence[Widget]:
        """The widgets inside, in the order of reading."""
        return ()

    def measure(self, look: Look, width: int) -> tuple[int, int]:
        """The width that it would like, at most `width`, and the height that it needs when it is `width` wide."""
        raise NotImplementedError

    def needs(self, look: Look) -> int:
        """The width below which words would be broken or parts cut."""
        return 0

    def place(self, look: Look, rect: Rect) -> None:
        """Take this rectangle."""
        self.rect = rect

    def draw(self, canvas: Canvas) -> None:
        """Draw itself and what is inside."""
        for child in self.children:
            if child.shown and canvas.reaches(child.rect):
                child.draw(canvas)

    def activate(self) -> None:
        """Do what a click or the Enter key does."""

    def takes(self, gesture: Gesture) -> bool:
        """Use a gesture; False leaves it to others."""
        return False

    @property
    def value(self) -> str:
        """What a screen reader says after the name."""
        return ""

    @property
    def about(self) -> str:
        """What it says at last: what helps with this, or is wrong with it."""
        return ""

    @property
    def states(self) -> Iterator[State]:
        """How it is just now, for a screen reader."""
        if self.focusable:
            yield "focusable"
        if self.focused:
            yield "focused"
        if not self.enabled:
            yield "disabled"

    # ---- what holds for all ----------------------------------------------------------------------------------

    def size(self, look: Look, width: int) -> tuple[int, int]:
        """Like `measure`, with fixed sides applied."""
        when, known = self._measured
        if not _current or when != _current:
            known = {}
            self._measured = (_current, known)
        if width not in known:
            known[width] = self._size(look, width)
        return known[width]

    def _size(self, look: Look, width: int) -> tuple[int, int]:
        fixed = self.fixed(look)
        if fixed is not None:
            width = min(width, fixed)
        natural, height = self.measure(look, width)
        natural = width if fixed is not None else min(natural, width)
        return natural, self._side(look, self.height) if self.height is not None else height

    def fixed(self, look: Look) -> int | None:
        """Its width where that is fixed, in pixels."""
        return self._side(look, self.width) if self.width is not None else None

    def least(self, look: Look) -> int:
        """Like `needs`; a width that is fixed is needed."""
        if not _current or self._leasts[0] != _current:
            fixed = self.fixed(look)
            self._leasts = (_current, self.needs(look) if fixed is None else fixed)
        return self._leasts[1]

    def changed_part(self, look: Look) -> Rect:
        """The pixels that may look different since this was asked last; nothing has moved meanwhile."""
        around = 2 * look.px(_AROUND if self.bleeds else 1)
        return self.rect.inflate(around, around)

    def _side(self, look: Look, units: float) -> int:
        return look.em(units) if self.holds_text else look.px(units)

    def walk(self) -> Iterator[Widget]:
        """This widget and all shown ones inside."""
        yield self
        for child in self.children:
            if child.shown:
                yield from child.walk()

    def at(self, point: Point) -> Iterator[Widget]:
        """The widgets below a point, innermost first."""
        inside = self.rect.collidepoint(point)
        if self.clips and not inside:
            return
        for child in reversed(self.children):
            if child.shown:
                yield from child.at(point)
        if inside:
            yield self

    def node(self) -> Node:
        """How a screen reader meets it."""
        children = tuple(child.node() for child in self.children if child.shown)
        x, y, w, h = self.rect
        return Node(self.node_key, self.role, self.name, self.value, frozenset(self.states), (x, y, w, h), children, self.about)

    @property
    def can_focus(self) -> bool:
        """Whether the Tab key stops here."""
        return self.focusable and self.enabled and self.shown
