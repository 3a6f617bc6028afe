"""Which widget has the keyboard: Tab goes in the order of reading, arrows go to the nearest one that way."""

from __future__ import annotations

from collections.abc import Sequence

from pygame import Rect

from servicesim.desktop.widget import Widget

ARROWS = {"left": (-1, 0), "right": (1, 0), "up": (0, -1), "down": (0, 1)}


class Focus:
    """The widget that has the keyboard, if any; its ring shows once the keyboard has been used to move it."""

    def __init__(self) -> None:
        self.widget: Widget | None = None

    def give(self, widget: Widget | None, *, ring: bool) -> None:
        """Let this widget have the keyboard."""
        if self.widget is not None and self.widget is not widget:
            self.widget.focused = self.widget.ringed = False
        self.widget = widget
        if widget is not None:
            widget.focused, widget.ringed = True, ring

    def step(self, stops: Sequence[Widget], *, back: bool = False) -> Widget | None:
        """The next stop in the order of reading, around the end."""
        if not stops:
            return None
        if self.widget is None or self.widget not in stops:
            return stops[-1] if back else stops[0]
        return stops[(stops.index(self.widget) + (-1 if back else 1)) % len(stops)]

    def towards(self, stops: Sequence[Widget], arrow: str) -> Widget | None:
        """The nearest stop in the direction of an arrow key; the first one where nothing has the focus."""
        if self.widget is None or self.widget not in stops:
            return stops[0] if stops else None
        here = self.widget.rect
        ahead = [stop for stop in stops if _lies(here, stop.rect, arrow)]
        return min(ahead, key=lambda stop: _distance(here, stop.rect, arrow), default=None)


def _lies(here: Rect, there: Rect, arrow: str) -> bool:
    across, down = ARROWS[arrow]
    if across:
        return (there.centerx - here.centerx) * across > 0 and there.top < here.bottom and there.bottom > here.top
    return (there.top - here.bottom) >= 0 if down > 0 else (here.top - there.bottom) >= 0


def _distance(here: Rect, there: Rect, arrow: str) -> tuple[int, int]:
    aside = abs(there.centerx - here.centerx), abs(there.centery - here.centery)
    return (aside[0], aside[1]) if ARROWS[arrow][0] else (aside[1], aside[0])
