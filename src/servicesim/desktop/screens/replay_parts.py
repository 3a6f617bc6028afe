"""The small things in a replay: replies as they were offered, and the buttons that move it."""

from __future__ import annotations

from collections.abc import Callable
from typing import ClassVar, TypeVar

from pygame import Rect

from servicesim.desktop.access import Role
from servicesim.desktop.button import Button
from servicesim.desktop.canvas import Canvas
from servicesim.desktop.cards import ReplyCard
from servicesim.desktop.look import Look
from servicesim.desktop.screens.keys import cap
from servicesim.desktop.wording import Words

T = TypeVar("T")


class Offered(ReplyCard):
    """A reply that stood there to be given; the one that was given bears a tick in place of its number."""

    role: ClassVar[Role] = "label"
    focusable: ClassVar[bool] = False

    def __init__(self, number: int, text: str, *, said: str = "", **more: object) -> None:
        super().__init__(number, text, **more)  # type: ignore[arg-type]
        self.shortcut, self._said = "", said

    @property
    def value(self) -> str:
        return self._said if self.chosen else ""

    def _draw_number(self, canvas: Canvas, rect: Rect) -> None:
        if not self.chosen:
            super()._draw_number(canvas, rect)
            return
        colours, look = canvas.look.colours, canvas.look
        canvas.panel(rect, fill=colours.accent, radius=8)
        canvas.icon("check", rect.inflate(-look.em(12), -look.em(12)), colours.on_accent)


class IconButton(Button):
    """A button that says what it does by a sign; its name is read."""

    def measure(self, look: Look, width: int) -> tuple[int, int]:
        side = max(look.px(look.theme.target), look.em(40))
        return side, side

    def needs(self, look: Look) -> int:
        return max(look.px(look.theme.target), look.em(40))

    def _draw_content(self, canvas: Canvas, paint: object) -> None:
        side = canvas.look.em(20)
        square = Rect(0, 0, side, side)
        square.center = self.rect.center
        assert self.icon is not None
        canvas.icon(self.icon, square, self._paint(canvas.look.colours).ink)


class PlayButton(Button):
    """Plays and stops; as wide as the longer of its two words, so that nothing beside it moves."""

    def __init__(self, words: Words, on_press: Callable[[], None]) -> None:
        super().__init__("", on_press, kind="primary", key="space", hint=cap("space"))
        self._texts = words("replay-play"), words("pause")
        self.show(running=False)

    def show(self, *, running: bool) -> None:
        """Say what a press does now."""
        self.text = self.name = self._texts[running]
        self.icon = "pause" if running else "play"

    def measure(self, look: Look, width: int) -> tuple[int, int]:
        sizes = self._of_each(lambda: super(PlayButton, self).measure(look, width))
        return max(wide for wide, _ in sizes), max(high for _, high in sizes)

    def needs(self, look: Look) -> int:
        return max(self._of_each(lambda: super(PlayButton, self).needs(look)))

    def _of_each(self, asked: Callable[[], T]) -> list[T]:
        """The answer for each of the two words."""
        shown, answers = self.text, list[T]()
        for text in self._texts:
            self.text = text
            answers.append(asked())
        self.text = shown
        return answers
