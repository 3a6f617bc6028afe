"""A field for one key: pressed, it waits for the key that is to be used from now on."""

from __future__ import annotations

from collections.abc import Callable, Iterator

from servicesim.desktop.access import State
from servicesim.desktop.button import Button
from servicesim.desktop.canvas import Canvas
from servicesim.desktop.inputs import Composed, Gesture, KeyPressed, Typed


class KeyField(Button):
    """`on_key` hears of the key and answers with what is wrong with it, if anything is; Escape leaves all as it was."""

    def __init__(
        self, title: str, key: str, on_key: Callable[[str], str], *, waiting: str, on_wait: Callable[[], None], escape: bool = False
    ) -> None:
        super().__init__(key, name=title, width=144)
        self.key, self.on_key, self.on_wait, self.waiting, self.escape = key, on_key, on_wait, waiting, escape
        self.waits, self.problem = False, ""

    @property
    def value(self) -> str:
        return self.text

    @property
    def about(self) -> str:
        return self.problem

    @property
    def states(self) -> Iterator[State]:
        yield from super().states
        if self.problem:
            yield "invalid"

    def show(self, key: str) -> None:
        """Be for this key, and wait no longer."""
        self.key = self.text = key
        self.waits, self.problem = False, ""

    def activate(self) -> None:
        self.waits, self.text, self.problem = True, self.waiting, ""
        self.on_wait()

    def takes(self, gesture: Gesture) -> bool:
        if not self.waits:
            return False
        match gesture:
            case KeyPressed("tab"):
                self.show(self.key)
                return False
            case KeyPressed("escape") if not self.escape:
                self.show(self.key)
            case KeyPressed(key):
                self.show(self.key)
                self.problem = self.on_key(key)
            case Typed() | Composed():
                pass  # the letter of a key that was heard already
            case _:
                return False
        return True

    def draw(self, canvas: Canvas) -> None:
        if self.waits and not self.focused:  # something else was clicked
            self.show(self.key)
        super().draw(canvas)
