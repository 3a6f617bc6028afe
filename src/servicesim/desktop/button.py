"""Buttons, with the key that presses them shown on them."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import ClassVar, Literal

from pygame import Rect

from servicesim.desktop.access import Role
from servicesim.desktop.canvas import Canvas
from servicesim.desktop.icons import IconName
from servicesim.desktop.look import Look
from servicesim.desktop.theme import Colour, Palette, Size
from servicesim.desktop.widget import Widget

Kind = Literal["primary", "secondary", "quiet", "danger", "band"]


_WHOLE = 200  # design units: a text up to here stays on one line, and what stands beside the button gives way


def nothing() -> None:
    """What a widget does that nobody has told what to do."""


@dataclass(frozen=True, slots=True)
class Paint:
    """How a control looks in one state."""

    fill: Colour | None
    ink: Colour
    border: Colour | None


class Button(Widget):
    """Does one thing. `key` presses it too ("space", "1", "y"); `hint` is how that key is written on it."""

    role: ClassVar[Role] = "button"
    focusable: ClassVar[bool] = True
    type_size: ClassVar[Size] = "body"

    def __init__(
        self,
        text: str,
        on_press: Callable[[], None] = nothing,
        *,
        kind: Kind = "secondary",
        icon: IconName | None = None,
        key: str = "",
        hint: str = "",
        enabled: bool = True,
        shown: bool = True,
        grow: float = 0,
        width: float | None = None,
        name: str = "",
    ) -> None:
        super().__init__(name=name or text, enabled=enabled, shown=shown, grow=grow, width=width)
        self.text, self.on_press, self.kind, self.icon = text, on_press, kind, icon
        self.shortcut, self.hint = key, hint

    def activate(self) -> None:
        self.on_press()

    def measure(self, look: Look, width: int) -> tuple[int, int]:
        around = self._around(look)
        text = look.paragraph(self.text, self.type_size, max(1, width - around), bold=True)
        height = max(text.height + look.gap(1.5), look.px(look.theme.target))
        return text.natural_width + around, height

    def needs(self, look: Look) -> int:
        whole = look.paragraph(self.text, self.type_size, bold=True).natural_width
        return max(look.least(self.text, self.type_size, bold=True), min(whole, look.em(_WHOLE))) + self._around(look)

    def draw(self, canvas: Canvas) -> None:
        look, paint = canvas.look, self._paint(canvas.look.colours)
        raised = 1 if self.enabled and self.kind in ("primary", "danger", "secondary") and not self.pressed else 0
        radius = look.theme.radius
        canvas.panel(self.rect, fill=paint.fill, border=paint.border, radius=radius, elevation=raised, width=1.25)
        self._draw_content(canvas, paint)
        if self.ringed:
            canvas.ring(self.rect, radius)

    def _draw_content(self, canvas: Canvas, paint: Paint) -> None:
        look = canvas.look
        around = self._around(look)
        text = look.paragraph(self.text, self.type_size, max(1, self.rect.w - around), bold=True, align="centre")
        wide = text.width + around - 2 * self._padding(look)
        left = look.left(self.rect, wide, "centre")
        rest = Rect(left, self.rect.y, wide, self.rect.h)
        if self.icon:
            place, rest = look.split(rest, look.em(22), look.gap(1))
            canvas.icon(self.icon, _square(place), paint.ink)
        words, rest = look.split(rest, text.width, look.gap(1.25) if self.text else 0)
        canvas.text(text, (words.x, words.centery - text.height // 2), paint.ink, box=self.rect)
        if self.hint:
            draw_key(canvas, self.hint, rest, paint.ink)

    def _padding(self, look: Look) -> int:
        return look.gap(1.5 if self.kind in ("quiet", "band") else 2.25)

    def _around(self, look: Look) -> int:
        """Everything in the button's width that is not its text."""
        icon = look.em(22) + look.gap(1) if self.icon else 0
        hint = key_width(look, self.hint) + (look.gap(1.25) if self.text else 0) if self.hint else 0
        return 2 * self._padding(look) + icon + hint

    def _paint(self, colours: Palette) -> Paint:
        if not self.enabled:
            if self.kind in ("quiet", "band"):
                return Paint(None, colours.ink_disabled if self.kind == "quiet" else colours.on_band_soft, None)
            return Paint(colours.sunk, colours.ink_disabled, colours.hairline)
        down, over = self.pressed and self.hovered, self.hovered
        match self.kind:
            case "primary":
                fill = colours.accent_pressed if down else colours.accent_hover if over else colours.accent
                return Paint(fill, colours.on_accent, None)
            case "danger":
                return Paint(colours.danger_hover if over else colours.danger, colours.on_accent, None)
            case "secondary":
                fill = colours.accent_soft if down else colours.hover if over else colours.surface
                return Paint(fill, colours.accent, colours.outline)
            case "quiet":
                return Paint(colours.accent_soft if down else colours.hover if over else None, colours.accent, None)
            case "band":
                return Paint(colours.band_hover if over else None, colours.on_band, None)


class SmallButton(Button):
    """A button where many stand in a row."""

    type_size: ClassVar[Size] = "small"

    def _padding(self, look: Look) -> int:
        return look.gap(1.5)


def key_width(look: Look, hint: str) -> int:
    """How wide the sign of a key is."""
    text = look.paragraph(hint, "caption", bold=True)
    return max(text.width + look.gap(1.25), look.em(24))


def key_height(look: Look) -> int:
    """How high it is: its border never touches the letter."""
    return max(look.paragraph("M", "caption", bold=True).height + 2 * look.px(2), look.em(24))


def draw_key(canvas: Canvas, hint: str, room: Rect, ink: Colour) -> None:
    """A key's sign, like a key cap, where reading begins in the room."""
    look = canvas.look
    text = look.paragraph(hint, "caption", bold=True)
    width = key_width(look, hint)
    height = key_height(look)
    rect = Rect(look.left(room, width), room.centery - height // 2, width, height)
    canvas.panel(rect, fill=None, border=ink, radius=5, width=1)
    canvas.text(text, (rect.centerx - text.width // 2, rect.centery - text.height // 2), ink, box=rect)


def _square(rect: Rect) -> Rect:
    side = rect.w
    return Rect(rect.x, rect.centery - side // 2, side, side)
