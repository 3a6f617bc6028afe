"""A switch with its text beside it."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import ClassVar

from pygame import Rect

from servicesim.desktop.access import Role, State
from servicesim.desktop.canvas import Canvas
from servicesim.desktop.look import Look
from servicesim.desktop.paragraph import Paragraph
from servicesim.desktop.widget import Widget


def _unheard(_on: bool) -> None:
    """Nobody listens."""


class Toggle(Widget):
    """On or off; a note below the text says what that means."""

    role: ClassVar[Role] = "switch"
    focusable: ClassVar[bool] = True
    pressed_by: ClassVar[tuple[str, ...]] = ("space",)  # Enter is for the button that says so

    def __init__(
        self,
        text: str,
        on: bool = False,
        on_change: Callable[[bool], None] = _unheard,
        *,
        note: str = "",
        enabled: bool = True,
        grow: float = 0,
    ) -> None:
        super().__init__(name=text, enabled=enabled, grow=grow)
        self.on, self.on_change, self.note = on, on_change, note

    def activate(self) -> None:
        self.on = not self.on
        self.on_change(self.on)

    @property
    def about(self) -> str:
        return self.note

    @property
    def states(self) -> Iterator[State]:
        yield from super().states
        if self.on:
            yield "checked"

    def measure(self, look: Look, width: int) -> tuple[int, int]:
        text, note = self._texts(look, width)
        tall = text.height + (note.height if note else 0)
        wide = max(text.natural_width, note.natural_width if note else 0)
        return wide + self._beside(look), max(tall, look.px(look.theme.target))

    def needs(self, look: Look) -> int:
        return max(look.least(self.name), look.least(self.note, "small")) + self._beside(look)

    def draw(self, canvas: Canvas) -> None:
        look, colours = canvas.look, canvas.look.colours
        text, note = self._texts(look, self.rect.w)
        place, rest = look.split(self.rect, look.em(46), look.gap(1.5))
        tall = text.height + (note.height if note else 0)
        y = self.rect.y + (self.rect.h - tall) // 2
        self._draw_switch(canvas, Rect(place.x, y + (text.height - look.em(26)) // 2, place.w, look.em(26)))
        ink = colours.ink if self.enabled else colours.ink_disabled
        canvas.text(text, (look.left(rest, text.width), y), ink, box=self.rect)
        if note:
            soft = colours.ink_soft if self.enabled else colours.ink_disabled
            canvas.text(note, (look.left(rest, note.width), y + text.height), soft, box=self.rect)

    def _draw_switch(self, canvas: Canvas, rect: Rect) -> None:
        look, colours = canvas.look, canvas.look.colours
        strong = colours.accent_hover if self.hovered else colours.accent
        fill = (strong if self.on else colours.surface) if self.enabled else colours.sunk
        border = (strong if self.on else colours.outline) if self.enabled else colours.ink_disabled
        canvas.panel(rect, fill=fill, border=border, radius=13, width=1.5)
        if self.ringed:
            canvas.ring(rect, 13)
        inset = look.em(4)
        inside = rect.inflate(-2 * inset, -2 * inset)
        knob = Rect(look.left(inside, inside.h, "end" if self.on else "start"), inside.y, inside.h, inside.h)
        colour = colours.surface if self.on and self.enabled else border
        canvas.panel(knob, fill=colour, radius=13)
        if self.on:
            canvas.icon("check", knob.inflate(-inset // 2, -inset // 2), strong if self.enabled else colours.surface)

    def _beside(self, look: Look) -> int:
        return look.em(46) + look.gap(1.5)

    def _texts(self, look: Look, width: int) -> tuple[Paragraph, Paragraph | None]:
        room = max(1, width - self._beside(look))
        note = look.paragraph(self.note, "small", room) if self.note else None
        return look.paragraph(self.name, "body", room), note
