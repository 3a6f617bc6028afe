"""A part of a page that seldom changes: laid out once, and afterwards only moved."""

from __future__ import annotations

from collections.abc import Sequence

from pygame import Rect

from servicesim.desktop.look import Look
from servicesim.desktop.theme import Theme
from servicesim.desktop.widget import Widget

_Key = tuple[int, float, str, bool]


class Settled(Widget):
    """Remembers how large its child is and where everything in it lies; say `stir` when anything inside grew, came or went."""

    def __init__(self, child: Widget, *, grow: float = 0, shown: bool = True) -> None:
        super().__init__(grow=grow, shown=shown)
        self.child = child
        self._theme: Theme | None = None
        self._key: _Key | None = None
        self._sizes: dict[int, tuple[int, int]] = {}
        self._least: int | None = None
        self._placed: tuple[int, int] | None = None

    @property
    def children(self) -> Sequence[Widget]:
        return (self.child,)

    def stir(self) -> None:
        """Lay it out anew next time."""
        self._sizes, self._least, self._placed = {}, None, None

    def measure(self, look: Look, width: int) -> tuple[int, int]:
        self._mind(look)
        if width not in self._sizes:
            self._sizes[width] = self.child.size(look, width)
        return self._sizes[width]

    def needs(self, look: Look) -> int:
        self._mind(look)
        if self._least is None:
            self._least = self.child.least(look)
        return self._least

    def place(self, look: Look, rect: Rect) -> None:
        self._mind(look)
        if self._placed == rect.size and self.child.rect.size == rect.size:
            across, down = rect.x - self.child.rect.x, rect.y - self.child.rect.y
            if across or down:
                for widget in self.child.walk():
                    widget.rect = widget.rect.move(across, down)
        else:
            self.child.place(look, rect)
            self._placed = rect.size
        self.rect = rect

    def _mind(self, look: Look) -> None:
        """Another look is another layout."""
        key = (id(look.theme), look.scale, look.direction, self.child.shown)
        if key != self._key:
            self._theme, self._key = look.theme, key  # the theme is kept, so that no other one gets its id
            self.stir()
