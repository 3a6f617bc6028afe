"""A window onto something higher than itself: wheel, keys and a bar."""

from __future__ import annotations

from collections.abc import Sequence
from typing import ClassVar

from pygame import Rect

from servicesim.desktop.access import Role
from servicesim.desktop.arrangement import Column
from servicesim.desktop.canvas import Canvas
from servicesim.desktop.inputs import Gesture, KeyPressed, PointerMoved, PointerPressed, PointerReleased, Scrolled
from servicesim.desktop.look import Look
from servicesim.desktop.widget import Widget

_LINE = 48  # design units that one notch of the wheel moves
_BAR = 14  # the bar with its margin


class ScrollArea(Widget):
    """Shows a child of any height; give it `grow`, or a height, so that it has one of its own."""

    role: ClassVar[Role] = "scroll"
    clips: ClassVar[bool] = True
    grabs: ClassVar[bool] = True

    def __init__(
        self, child: Widget, *, grow: float = 1, height: float | None = None, name: str = "", at_end: bool = False,
        least: float = 3 * _LINE,
    ) -> None:  # fmt: skip
        super().__init__(name=name, grow=grow, height=height)
        self.child = child
        self.offset = 0
        self.unrolled = False  # as high as what is inside, where the page scrolls as a whole
        self.at_end = at_end  # stays at the end while it grows, as a conversation does
        self.least_height = least  # design units that must be seen of it
        self._look = Look()
        self._full = 0
        self._grip: int | None = None

    @property
    def children(self) -> Sequence[Widget]:
        return (self.child,)

    @property
    def reach(self) -> int:
        """How far it can be scrolled, in pixels."""
        return max(0, self._full - self.rect.h)

    def measure(self, look: Look, width: int) -> tuple[int, int]:
        natural, height = self.child.size(look, width)
        return natural, height if self.unrolled else look.em(self.least_height)

    def needs(self, look: Look) -> int:
        return self.child.least(look) + look.px(_BAR)

    def place(self, look: Look, rect: Rect) -> None:
        was_at_end = self.offset >= self.reach
        self._look, self.rect = look, rect
        self._full = self.child.size(look, rect.w)[1]
        if self._full > rect.h:
            self._full = self.child.size(look, rect.w - look.px(_BAR))[1]
        self.offset = self.reach if self.at_end and was_at_end else self._within(self.offset)
        bar = look.px(_BAR) if self.reach else 0
        left = rect.x + (bar if look.rtl else 0)
        self.child.place(look, Rect(left, rect.y - self.offset, rect.w - bar, max(self._full, rect.h)))

    def scroll_to(self, offset: float) -> bool:
        """Show from this pixel on; True if that moved anything. What is inside only moves: nothing is laid out anew."""
        before, self.offset = self.offset, self._within(offset)
        if self.offset != before:
            for widget in self.child.walk():
                widget.rect = widget.rect.move(0, before - self.offset)
        return self.offset != before

    def _within(self, offset: float) -> int:
        return max(0, min(round(offset), self.reach))

    def reveal(self, rect: Rect) -> None:
        """Scroll just so far that a rectangle inside is seen, with a little air around it."""
        air = self._look.gap(2)
        if rect.top - air < self.rect.top:
            self.scroll_to(self.offset + rect.top - air - self.rect.top)
        elif rect.bottom + air > self.rect.bottom:
            self.scroll_to(self.offset + rect.bottom + air - self.rect.bottom)

    def takes(self, gesture: Gesture) -> bool:
        match gesture:
            case Scrolled(_, lines):
                return self.scroll_to(self.offset + lines * self._look.px(_LINE))
            case KeyPressed(key) if key in ("pageup", "pagedown", "home", "end", "up", "down"):
                return self._take_key(key)
            case PointerPressed((_, y)) if self.reach and self._thumb().collidepoint(gesture.at):
                self._grip = y - self._thumb().y
                return True
            case PointerMoved((_, y)) if self._grip is not None:
                free = max(1, self.rect.h - self._thumb().h)
                return self.scroll_to((y - self._grip - self.rect.y) * self.reach / free)
            case PointerReleased():
                self._grip = None
                return True
            case _:
                return False

    def draw(self, canvas: Canvas) -> None:
        bleed = canvas.look.gap(1)  # shadows and focus rings may stand out sideways
        with canvas.clipped(self.rect.inflate(2 * bleed, 0), scrolled=True):
            self.child.draw(canvas)
        if self.reach:
            colours = canvas.look.colours
            bar = self._thumb()
            track = Rect(bar.x, self.rect.y, bar.w, self.rect.h)
            canvas.panel(track, fill=colours.sunk, radius=3)
            canvas.panel(bar, fill=colours.accent if self._grip is not None else colours.outline, radius=3)

    def _take_key(self, key: str) -> bool:
        page = self.rect.h - self._look.px(_LINE)
        line = self._look.px(_LINE)
        steps = {"pageup": -page, "pagedown": page, "up": -line, "down": line, "home": -self._full, "end": self._full}
        return self.scroll_to(self.offset + steps[key])

    def _thumb(self) -> Rect:
        wide = self._look.px(6)
        high = max(self._look.px(32), self.rect.h * self.rect.h // max(1, self._full))
        top = self.rect.y + (self.rect.h - high) * self.offset // max(1, self.reach)
        left = self.rect.x if self._look.rtl else self.rect.right - wide
        return Rect(left, top, wide, high)


class ListChoice(ScrollArea):
    """A list of cards to choose from; arrows go from one to the next, and the list follows."""

    role: ClassVar[Role] = "list"

    def __init__(
        self, *choices: Widget, name: str, gap: float = 1.5, grow: float = 1, height: float | None = None
    ) -> None:
        # A step of air above and below leaves room for the ring around the first and the last.
        self._column = Column(*choices, gap=gap, padding=(0, 1))
        super().__init__(self._column, name=name, grow=grow, height=height)

    def show(self, *choices: Widget) -> None:
        """Hold these instead, from the first on."""
        self._column.fill(*choices)
        self.offset = 0
