"""A field to type a line of text in: bidi-aware, open to input methods, growing downwards where it is too long."""

from __future__ import annotations

import unicodedata
from collections.abc import Callable, Iterator
from typing import ClassVar

from pygame import Rect

from servicesim.desktop.access import Role, State
from servicesim.desktop.bidi import base_direction
from servicesim.desktop.canvas import Canvas
from servicesim.desktop.inputs import Composed, Gesture, KeyPressed, Point, PointerPressed, Typed
from servicesim.desktop.look import Look
from servicesim.desktop.paragraph import Paragraph
from servicesim.desktop.safe_text import safe_text
from servicesim.desktop.widget import Widget

_NARROWEST = 160  # design units in which one can still see what one types


def _unheard(_text: str) -> None:
    """Nobody listens."""


class TextField(Widget):
    """`on_change` hears every change, `on_enter` the Enter key; `problem` is shown below with a sign, not only in red."""

    role: ClassVar[Role] = "textbox"
    focusable: ClassVar[bool] = True

    def __init__(
        self,
        title: str,
        text: str = "",
        *,
        placeholder: str = "",
        note: str = "",
        most: int = 80,
        on_change: Callable[[str], None] = _unheard,
        on_enter: Callable[[], None] | None = None,
        enabled: bool = True,
        grow: float = 0,
        width: float | None = None,
    ) -> None:
        super().__init__(name=title, enabled=enabled, grow=grow, width=width)
        self.text, self.placeholder, self.note, self.most = safe_text(text), placeholder, note, most
        self.on_change, self.on_enter = on_change, on_enter
        self.problem = ""
        self.caret = len(self.text)
        self._composed = ""
        self._look = Look()

    # ---- for screen readers ----------------------------------------------------------------------------------

    @property
    def value(self) -> str:
        return self.text or self.placeholder

    @property
    def about(self) -> str:
        return self.problem or self.note

    @property
    def states(self) -> Iterator[State]:
        yield from super().states
        if self.problem:
            yield "invalid"

    # ---- typing ----------------------------------------------------------------------------------------------

    def takes(self, gesture: Gesture) -> bool:
        match gesture:
            case Typed(text):
                self._insert(text)
            case Composed(text):
                self._composed = safe_text(text)
            case PointerPressed(at):
                self.caret = self._nearest(at)
                return True
            case KeyPressed(key):
                return self._key(key, gesture.ctrl)
            case _:
                return False
        return True

    def _key(self, key: str, ctrl: bool) -> bool:
        forward = "left" if self._facing(self._look).rtl else "right"
        match key:
            case "backspace" if self.caret:
                self._replace(self._before(self.caret), self.caret)
            case "delete":
                self._replace(self.caret, self._after(self.caret))
            case "left" | "right":
                self.caret = self._after(self.caret) if key == forward else self._before(self.caret)
            case "home":
                self.caret = 0
            case "end":
                self.caret = len(self.text)
            case "enter" if self.on_enter:
                self.on_enter()
            case _:  # a letter also comes as text: its key must not press a button elsewhere
                return (len(key) == 1 or key in ("space", "backspace")) and not ctrl
        return True

    def _insert(self, text: str) -> None:
        self._composed = ""
        new = safe_text(
            "".join(character for character in text if character.isprintable() or character in "\u200c\u200d")
        )
        room = max(0, self.most - len(self.text))
        if not self.enabled or not new[:room]:
            return
        ahead = safe_text(self.text[: self.caret] + new[:room])
        self.text = safe_text(ahead + self.text[self.caret :])
        self.caret = min(len(ahead), len(self.text))
        self._tell()

    def _replace(self, start: int, end: int) -> None:
        self.text = safe_text(self.text[:start] + self.text[end:])
        self.caret = min(start, len(self.text))
        self._tell()

    def _tell(self) -> None:
        self.problem = ""
        self.on_change(self.text)

    def _after(self, place: int) -> int:
        place = min(place + 1, len(self.text))
        while place < len(self.text) and unicodedata.combining(self.text[place]):
            place += 1
        return place

    def _before(self, place: int) -> int:
        place = max(place - 1, 0)
        while place and unicodedata.combining(self.text[place]):
            place -= 1
        return place

    def _nearest(self, at: Point) -> int:
        """The place in the text that is nearest to a point."""
        paragraph, (x, y) = self._paragraph(self._look), self._text_at(self._look)
        carets = [paragraph.caret(place).move(x, y) for place in range(len(self.text) + 1)]
        return min(
            range(len(carets)),
            key=lambda place: (abs(carets[place].centery - at[1]) // carets[place].h, abs(carets[place].x - at[0])),
        )

    # ---- looks -----------------------------------------------------------------------------------------------

    def measure(self, look: Look, width: int) -> tuple[int, int]:
        title, below = self._texts(look, width)
        inside = self._paragraph(look, width).height + 2 * look.gap(1.25)
        height = title.height + look.gap(0.75) + max(inside, look.em(48))
        return width, height + (below.height + look.gap(0.875) if below else 0)

    def needs(self, look: Look) -> int:
        return max(look.least(self.name, "small", bold=True), look.em(_NARROWEST))

    def place(self, look: Look, rect: Rect) -> None:
        super().place(look, rect)
        self._look = look

    def draw(self, canvas: Canvas) -> None:
        look, colours = canvas.look, canvas.look.colours
        title, below = self._texts(look, self.rect.w)
        box = self._box(look)
        canvas.text(title, (look.left(self.rect, title.width), self.rect.y), colours.ink, box=self.rect)
        strong = self.focused or bool(self.problem)
        border = colours.broken if self.problem else colours.accent if self.focused else colours.outline
        fill = colours.surface if self.enabled else colours.sunk
        canvas.panel(box, fill=fill, border=border, radius=look.theme.radius, width=2 if strong else 1.25)
        if self.focused:
            canvas.ring(box, look.theme.radius)
        self._draw_text(canvas)
        if below:
            self._draw_below(canvas, below, box)

    def _draw_text(self, canvas: Canvas) -> None:
        look, colours = canvas.look, canvas.look.colours
        paragraph, at = self._paragraph(look), self._text_at(look)
        shown = bool(self._shown)
        ink = colours.ink_disabled if not self.enabled else colours.ink if shown else colours.ink_soft
        canvas.text(paragraph, at, ink, box=self._box(look))
        if self.focused and self.enabled:
            place = self.caret + len(self._composed) if shown else 0
            caret = paragraph.caret(place).move(at)
            canvas.rule(
                Rect(caret.x - (look.px(2) if caret.x > self.rect.centerx else 0), caret.y, look.px(2), caret.h),
                colours.accent,
            )

    def _draw_below(self, canvas: Canvas, below: Paragraph, box: Rect) -> None:
        look, colours = canvas.look, canvas.look.colours
        room = Rect(self.rect.x, box.bottom + look.gap(0.875), self.rect.w, below.height)
        ink = colours.broken if self.problem else colours.ink_soft
        if self.problem:
            side = look.em(18)
            sign, room = look.split(room, side, look.gap(0.75))
            canvas.icon("warning", Rect(sign.x, sign.y + (below.line_height - side) // 2, side, side), ink)
        canvas.text(below, (look.left(room, below.width), room.y), ink, box=self.rect)

    @property
    def _shown(self) -> str:
        return self.text[: self.caret] + self._composed + self.text[self.caret :]

    def _facing(self, look: Look) -> Look:
        """In the direction of what is typed; before that, of the page."""
        base = base_direction(self._shown)
        return look if base is None else look.facing("rtl" if base else "ltr")

    def _paragraph(self, look: Look, width: int | None = None) -> Paragraph:
        room = (self.rect.w if width is None else width) - 2 * look.gap(1.75)
        return self._facing(look).paragraph(self._shown or self.placeholder, "body", max(1, room))

    def _text_at(self, look: Look) -> Point:
        box, paragraph = self._box(look), self._paragraph(look)
        inside = box.inflate(-2 * look.gap(1.75), 0)
        return self._facing(look).left(inside, paragraph.width), box.centery - paragraph.height // 2

    def _box(self, look: Look) -> Rect:
        title, below = self._texts(look, self.rect.w)
        top = self.rect.y + title.height + look.gap(0.75)
        bottom = self.rect.bottom - (below.height + look.gap(0.875) if below else 0)
        return Rect(self.rect.x, top, self.rect.w, bottom - top)

    def _texts(self, look: Look, width: int) -> tuple[Paragraph, Paragraph | None]:
        """The title above, and what is below: a problem, else the note."""
        said = self.problem or self.note
        beside = look.em(18) + look.gap(0.75) if self.problem else 0
        below = look.paragraph(said, "small", width - beside) if said else None
        return look.paragraph(self.name, "small", width, bold=True), below
