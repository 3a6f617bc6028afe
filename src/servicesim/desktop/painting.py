"""Anything that is drawn by a function of its own: a face, a chart."""

from __future__ import annotations

from collections.abc import Callable
from typing import ClassVar

from pygame import Rect

from servicesim.desktop.access import Role
from servicesim.desktop.canvas import Canvas
from servicesim.desktop.look import Look
from servicesim.desktop.widget import Widget


class Painting(Widget):
    """Calls `paint(canvas, rect)` with the room that it was given; its name says what is to be seen."""

    role: ClassVar[Role] = "image"
    bleeds: ClassVar[bool] = False
    holds_text: ClassVar[bool] = False

    def __init__(
        self,
        paint: Callable[[Canvas, Rect], None],
        *,
        name: str,
        width: float | None = None,
        height: float | None = None,
        grow: float = 0,
        shown: bool = True,
    ) -> None:
        super().__init__(name=name, width=width, height=height, grow=grow, shown=shown)
        self.paint = paint

    def measure(self, look: Look, width: int) -> tuple[int, int]:
        return 0 if self.width is None else width, 0

    def draw(self, canvas: Canvas) -> None:
        self.paint(canvas, self.rect)
