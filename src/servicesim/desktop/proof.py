"""Widgets laid out and drawn where nobody sees them: their texts are ready by the time that they are shown."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator

from pygame import Rect, Surface

from servicesim.desktop.canvas import Canvas
from servicesim.desktop.look import Look
from servicesim.desktop.widget import Widget, laying_out


class Proof:
    """The widgets that may be shown next, one after the other; anew for something else, in another look, at another width."""

    def __init__(self) -> None:
        self._of: tuple[object, int] | None = None
        self._look: Look | None = None
        self._left: Iterator[Callable[[], Widget]] = iter(())

    def ahead(self, of: object, widgets: Callable[[], Iterable[Callable[[], Widget]]], look: Look, width: int) -> bool:
        """Make a proof of the next widget; True when there is none left."""
        if self._of != (of, width) or self._look is not look:
            self._of, self._look, self._left = (of, width), look, iter(widgets())
        make = next(self._left, None)
        if make is not None:
            draw_unseen(make(), look, width)
        return make is None


def draw_unseen(widget: Widget, look: Look, width: int) -> None:
    """Lay a widget out at this width, and draw it on a surface of its own."""
    with laying_out():
        room = Rect(0, 0, width, widget.size(look, width)[1])
        widget.place(look, room)
    widget.draw(Canvas(Surface(room.size, 0, 32), look))
