"""What every widget is: it measures itself, takes its place, draws, takes gestures and can be read aloud."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from itertools import count
from typing import ClassVar

from pygame import Rect

from servicesim.desktop.access import Node, Role, State
from servicesim.desktop.canvas import Canvas
from servicesim.desktop.inputs import Gesture, Point
from servicesim.desktop.look import Look

_keys = count(1)


class Widget:
    """A thing on a page. `width` and `height` (design units) fix a side; `grow` takes a share of the room left over."""

    role: ClassVar[Role] = "group"
    focusable: ClassVar[bool] = False
    clips: ClassVar[bool] = False  # what is inside is not touched outside of it
    pressed_by: ClassVar[tuple[str, ...]] = ("enter", "space")  # the keys that press it when it shows the ring
    grabs: ClassVar[bool] = False  # takes the pointer, though it does not take the focus

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

    # ---- what a kind of widget says about itself -------------------------------------------------------------

    @property
    def children(self) -> Sequence[Widget]:
        """The widgets inside, in the order of reading."""
        return ()

    def measure(self, look: Look, width: int) -> tuple[int, int]:
        """The width that it would like, at most `width`, and the height that it needs when it is `width` wide."""
        raise NotImplementedError

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
        if self.width is not None:
            width = min(width, look.px(self.width))
        natural, height = self.measure(look, width)
        natural = width if self.width is not None else min(natural, width)
        return natural, look.px(self.height) if self.height is not None else height

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
        return Node(self.node_key, self.role, self.name, self.value, frozenset(self.states), (x, y, w, h), children)

    @property
    def can_focus(self) -> bool:
        """Whether the Tab key stops here."""
        return self.focusable and self.enabled and self.shown
