"""A few steps in words, of which one is chosen: with its number, with the arrows, or with the pointer."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from functools import partial
from typing import ClassVar

from pygame import Rect

from servicesim.desktop.access import Role
from servicesim.desktop.arrangement import Row
from servicesim.desktop.canvas import Canvas
from servicesim.desktop.inputs import Gesture, KeyPressed
from servicesim.desktop.look import Look
from servicesim.desktop.widget import Widget

_RADIUS = 10


class Step(Widget):
    """One of the steps; the scale around it has the focus."""

    role: ClassVar[Role] = "label"
    grabs: ClassVar[bool] = True

    def __init__(self, word: str, on_press: Callable[[], None]) -> None:
        super().__init__(name=word, grow=1)
        self.on_press, self.chosen = on_press, False

    def activate(self) -> None:
        self.on_press()

    def measure(self, look: Look, width: int) -> tuple[int, int]:
        room = max(1, width - self._around(look))
        texts = [look.paragraph(self.name, "body", room, bold=bold) for bold in (False, True)]  # it may be chosen at any time
        wide, high = max(text.natural_width for text in texts), max(text.height for text in texts)
        return wide + self._around(look), max(high + look.gap(1), look.px(look.theme.target))

    def needs(self, look: Look) -> int:
        # Not every word is wider in bold.
        return max(look.least(self.name, "body", bold=bold) for bold in (False, True)) + self._around(look)

    def draw(self, canvas: Canvas) -> None:
        look, colours = canvas.look, canvas.look.colours
        fill = colours.accent_soft if self.chosen else colours.hover if self.hovered else colours.surface
        border, ink = (colours.accent, colours.accent) if self.chosen else (colours.outline, colours.ink)
        canvas.panel(self.rect, fill=fill, border=border, radius=_RADIUS, width=2 if self.chosen else 1)
        text = look.paragraph(self.name, "body", max(1, self.rect.w - self._around(look)), bold=self.chosen, align="centre")
        wide = text.width + (self._sign(look) if self.chosen else 0)
        place, rest = look.split(Rect(look.left(self.rect, wide, "centre"), self.rect.y, wide, self.rect.h), wide - text.width)
        if self.chosen:
            side = look.em(16)
            canvas.icon("check", Rect(look.left(place, side), place.centery - side // 2, side, side), ink)
        canvas.text(text, (rest.x, rest.centery - text.height // 2), ink, box=self.rect)

    def _sign(self, look: Look) -> int:
        return look.em(16) + look.gap(0.5)

    def _around(self, look: Look) -> int:
        return self._sign(look) + 2 * look.gap(1)


class Scale(Row):
    """`words` are the steps from the least on; `on_choice` hears of the number of one, from 1, and whether it was typed."""

    role: ClassVar[Role] = "slider"
    focusable: ClassVar[bool] = True
    pressed_by: ClassVar[tuple[str, ...]] = ("space",)  # Enter is for the button that says so

    def __init__(self, words: Sequence[str], on_choice: Callable[[int, bool], None], *, name: str, width: float | None = None) -> None:
        self.steps = [Step(word, partial(on_choice, number, False)) for number, word in enumerate(words, 1)]
        super().__init__(*self.steps, gap=0.75, across="stretch", name=name, width=width)
        self.on_choice, self.chosen, self._rtl = on_choice, 0, False

    def choose(self, number: int) -> None:
        """Stand at this step; 0 is none."""
        self.chosen = number
        for at, step in enumerate(self.steps, 1):
            step.chosen = at == number

    def activate(self) -> None:
        self.on_choice(self.chosen % len(self.steps) + 1, False)

    def takes(self, gesture: Gesture) -> bool:
        if not isinstance(gesture, KeyPressed) or gesture.ctrl:
            return False
        if gesture.key in self._numbers():
            self.on_choice(int(gesture.key), True)
            return True
        if gesture.key in ("left", "right"):
            by = -1 if (gesture.key == "left") != self._rtl else 1
            self.on_choice(max(1, min(self.chosen + by, len(self.steps))), False)
            return True
        return False

    @property
    def value(self) -> str:
        return self.steps[self.chosen - 1].name if self.chosen else ""

    def place(self, look: Look, rect: Rect) -> None:
        self._rtl = look.rtl
        super().place(look, rect)

    def draw(self, canvas: Canvas) -> None:
        super().draw(canvas)
        if self.ringed:
            canvas.ring(self.rect, _RADIUS)

    def _broken(self, look: Look, width: int, gap: int) -> Iterator[list[Widget]]:
        """In one line, or half of them in each of two, so that the steps stay alike."""
        lines = [*super()._broken(look, width, gap)]
        half = len(self.steps) // 2
        if len(lines) > 1 and len(self.steps) % 2 == 0 and max(map(len, lines)) >= half:
            lines = [[*self.steps[:half]], [*self.steps[half:]]]
        yield from lines

    def _numbers(self) -> Iterator[str]:
        return (str(number) for number in range(1, len(self.steps) + 1))
