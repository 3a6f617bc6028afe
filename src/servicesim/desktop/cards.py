"""Cards that one chooses: a reply to give, an encounter to play."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from contextlib import nullcontext
from typing import ClassVar

from pygame import Rect

from servicesim.desktop.access import Node, Role, State
from servicesim.desktop.arrangement import Card, Group
from servicesim.desktop.button import nothing
from servicesim.desktop.canvas import Canvas
from servicesim.desktop.look import Direction, Look
from servicesim.desktop.panels import Elevation
from servicesim.desktop.theme import Colour, Size
from servicesim.desktop.widget import Widget


class Choice(Card):
    """A card that is pressed as a whole; what is inside is read as its name."""

    role: ClassVar[Role] = "option"
    focusable: ClassVar[bool] = True

    def __init__(
        self,
        *children: Widget,
        name: str,
        on_press: Callable[[], None] = nothing,
        key: str = "",
        chosen: bool = False,
        enabled: bool = True,
        padding: float | tuple[float, float] = (2.5, 2),
        gap: float = 1,
        grow: float = 0,
        width: float | None = None,
        shown: bool = True,
    ) -> None:
        super().__init__(*children, name=name, padding=padding, gap=gap, radius=12, grow=grow, width=width, shown=shown)
        self.on_press, self.shortcut, self.chosen, self.enabled = on_press, key, chosen, enabled

    def activate(self) -> None:
        self.on_press()

    def draw(self, canvas: Canvas) -> None:
        draw_choice_ground(canvas, self, chosen=self.chosen)
        with nullcontext() if self.enabled else canvas.muted():
            Group.draw(self, canvas)

    def at(self, point: tuple[int, int]) -> Iterator[Widget]:
        if self.rect.collidepoint(point):
            yield self

    @property
    def states(self) -> Iterator[State]:
        yield from super().states
        if self.chosen:
            yield "selected"

    def node(self) -> Node:
        node = super().node()
        inside = [child for part in node.children for child in part.walk()]
        told = (text for child in inside for text in (child.name, child.value) if text and text != self.name)
        said = "; ".join(told)
        return Node(node.key, node.role, node.name, said, node.states, node.rect)


class ReplyCard(Widget):
    """A numbered reply: the card grows with its text; its number presses it."""

    role: ClassVar[Role] = "button"
    focusable: ClassVar[bool] = True

    def __init__(
        self,
        number: int,
        text: str,
        on_press: Callable[[], None] = nothing,
        *,
        direction: Direction | None = None,
        size: Size = "body",
        note: str = "",
        chosen: bool = False,
        enabled: bool = True,
        shown: bool = True,
    ) -> None:
        super().__init__(name=text, enabled=enabled, shown=shown)
        self.number, self.text, self.on_press, self.note = number, text, on_press, note
        self.direction, self.type_size, self.chosen = direction, size, chosen
        self.shortcut = str(number) if number < 10 else ""
        self.snug = False  # with less air around it, where there is little room

    @property
    def _down(self) -> float:
        """Steps above and below the text."""
        return 0.75 if self.snug else 1.5

    def activate(self) -> None:
        self.on_press()

    @property
    def value(self) -> str:
        return self.note

    @property
    def states(self) -> Iterator[State]:
        yield from super().states
        if self.chosen:
            yield "selected"

    def measure(self, look: Look, width: int) -> tuple[int, int]:
        look = look.facing(self.direction)
        text_width = max(1, width - self._beside(look))
        height = look.paragraph(self.text, self.type_size, text_width).height
        if self.note:
            height += look.paragraph(self.note, "caption", text_width).height + look.gap(0.25)
        return width, max(height, look.em(32)) + 2 * look.gap(self._down)

    def needs(self, look: Look) -> int:
        look = look.facing(self.direction)
        return max(look.least(self.text, self.type_size), look.least(self.note, "caption")) + self._beside(look)

    def draw(self, canvas: Canvas) -> None:
        look, colours = canvas.look.facing(self.direction), canvas.look.colours
        draw_choice_ground(canvas, self, chosen=self.chosen)
        inside = self.rect.inflate(-2 * look.gap(2), -2 * look.gap(self._down))
        place, rest = look.split(inside, look.em(32), look.gap(2))
        self._draw_number(canvas, Rect(place.x, place.y, look.em(32), look.em(32)))
        text = look.paragraph(self.text, self.type_size, rest.w)
        note = look.paragraph(self.note, "caption", rest.w) if self.note else None
        tall = text.height + (note.height + look.gap(0.25) if note else 0)
        y = rest.y + max(0, rest.h - tall) // 2
        ink = colours.ink if self.enabled else colours.ink_disabled
        if tall > look.em(32):
            y = rest.y + max(0, (look.em(32) - look.paragraph("1", self.type_size).line_height) // 2)
            y = min(y, rest.bottom - tall)
        canvas.text(text, (look.left(rest, text.width), y), ink, box=self.rect)
        if note:
            y += text.height + look.gap(0.25)
            soft = colours.ink_soft if self.enabled else colours.ink_disabled
            canvas.text(note, (look.left(rest, note.width), y), soft, box=self.rect)

    def _beside(self, look: Look) -> int:
        return 2 * look.gap(2) + look.em(32) + look.gap(2)

    def _draw_number(self, canvas: Canvas, rect: Rect) -> None:
        look, colours = canvas.look, canvas.look.colours
        strong = self.enabled and (self.hovered or self.chosen)
        fill = colours.accent if strong else colours.accent_soft if self.enabled else colours.sunk
        ink = colours.on_accent if strong else colours.accent if self.enabled else colours.ink_disabled
        canvas.panel(rect, fill=fill, radius=8)
        number = look.paragraph(str(self.number), "small", bold=True)
        canvas.text(number, (rect.centerx - number.width // 2, rect.centery - number.height // 2), ink, box=self.rect)


def draw_choice_ground(canvas: Canvas, widget: Widget, *, chosen: bool = False, radius: float = 12) -> None:
    """The ground of a card that one can press, in each of its states."""
    colours = canvas.look.colours
    fill: Colour = colours.surface
    border, width, elevation = colours.outline, 1.0, 1
    if not widget.enabled:
        fill, border, elevation = colours.sunk, colours.hairline, 0
    elif widget.pressed and widget.hovered:
        fill, border, width = colours.accent_soft, colours.accent, 2.0
    elif chosen:
        fill, border, width = colours.hover, colours.accent, 2.0
    elif widget.hovered:
        fill, border, elevation = colours.hover, colours.accent, 2
    raised: Elevation = elevation
    canvas.panel(widget.rect, fill=fill, border=border, width=width, radius=radius, elevation=raised)
    if widget.ringed:
        canvas.ring(widget.rect, radius)


def numbered(
    replies: Sequence[str], choose: Callable[[int], None], direction: Direction | None = None
) -> Iterator[ReplyCard]:
    """Reply cards for these texts, numbered from 1; `choose` is told the index."""
    for index, text in enumerate(replies):
        yield ReplyCard(index + 1, text, _chooses(choose, index), direction=direction)


def _chooses(choose: Callable[[int], None], index: int) -> Callable[[], None]:
    return lambda: choose(index)
