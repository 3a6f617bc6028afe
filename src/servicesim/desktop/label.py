"""Text on the page: it wraps, and grows downwards."""

from __future__ import annotations

from typing import ClassVar

from servicesim.desktop.access import Node, Role
from servicesim.desktop.canvas import Canvas
from servicesim.desktop.look import Direction, Look
from servicesim.desktop.paragraph import Align, Paragraph
from servicesim.desktop.theme import Size
from servicesim.desktop.widget import Widget


class Label(Widget):
    """A text; `ink` names a colour of the palette, `upto` shows only so many characters of the whole layout."""

    role: ClassVar[Role] = "label"
    bleeds: ClassVar[bool] = False

    def __init__(
        self,
        text: str,
        size: Size = "body",
        *,
        bold: bool = False,
        ink: str = "ink",
        align: Align = "start",
        direction: Direction | None = None,
        heading: bool = False,
        upto: int | None = None,
        grow: float = 0,
        width: float | None = None,
        height: float | None = None,
        shown: bool = True,
    ) -> None:
        super().__init__(name=text, shown=shown, grow=grow, width=width, height=height)
        self.type_size, self.bold, self.ink = size, bold, ink
        self.align, self.direction, self.heading, self.upto = align, direction, heading, upto

    @property
    def text(self) -> str:
        """What it says."""
        return self.name

    @text.setter
    def text(self, text: str) -> None:
        self.name = text

    def measure(self, look: Look, width: int) -> tuple[int, int]:
        paragraph = self._paragraph(look, width)
        return paragraph.natural_width, paragraph.height

    def needs(self, look: Look) -> int:
        return look.facing(self.direction).least(self.text, self.type_size, bold=self.bold)

    def draw(self, canvas: Canvas) -> None:
        paragraph = self._paragraph(canvas.look, self.rect.w)
        x = canvas.look.facing(self.direction).left(self.rect, paragraph.width, self.align)
        ink = getattr(canvas.look.colours, self.ink)
        canvas.text(paragraph, (x, self.rect.y), ink, box=self.rect, upto=self.upto)

    def node(self) -> Node:
        node = super().node()
        return Node(node.key, "heading", node.name, rect=node.rect) if self.heading else node

    def _paragraph(self, look: Look, width: int) -> Paragraph:
        return look.facing(self.direction).paragraph(self.text, self.type_size, width, bold=self.bold, align=self.align)


def heading(text: str, size: Size = "title", *, ink: str = "ink", align: Align = "start") -> Label:
    """The title of a page or of a part of it."""
    return Label(text, size, bold=True, ink=ink, align=align, heading=True)
