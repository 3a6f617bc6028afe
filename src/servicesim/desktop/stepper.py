"""A number that goes up and down by steps."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Generic, TypeVar

from servicesim.desktop.arrangement import Row
from servicesim.desktop.button import Button
from servicesim.desktop.label import Label

T = TypeVar("T", int, float)


class Stepper(Row, Generic[T]):
    """`told` writes a value; `less` and `more` are what the buttons are called. `close`: the title stands beside them."""

    def __init__(
        self, title: str, steps: Sequence[T], value: T, told: Callable[[T], str], on_change: Callable[[T], None], *, less: str, more: str,
        close: bool = False,
    ) -> None:  # fmt: skip
        self.steps: Sequence[T] = steps
        self.told: Callable[[T], str] = told
        self.on_change: Callable[[T], None] = on_change
        self.number = Label("", "body", bold=True, align="centre", width=84)
        self.less = Button("−", lambda: self.step(-1), name=less, width=48)
        self.more = Button("+", lambda: self.step(1), name=more, width=48)
        super().__init__(Label(title, grow=0 if close else 1), Row(self.less, self.number, self.more, gap=1, whole=True), gap=2 if close else 1, name=title)
        self.show(value)

    def show(self, value: T, *, enabled: bool = True) -> None:
        """Stand at this value, or at the nearest step."""
        self.index = min(range(len(self.steps)), key=lambda place: abs(self.steps[place] - value))
        self.number.text = self.told(self.steps[self.index])
        self.less.enabled = enabled and self.index > 0
        self.more.enabled = enabled and self.index < len(self.steps) - 1

    def step(self, by: int) -> None:
        """Up or down, as far as it goes."""
        self.show(self.steps[max(0, min(self.index + by, len(self.steps) - 1))])
        self.on_change(self.steps[self.index])

    @property
    def value(self) -> str:
        return self.number.text
