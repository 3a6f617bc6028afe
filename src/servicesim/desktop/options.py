"""One of a few: buttons of which the chosen one bears a tick."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from functools import partial
from typing import ClassVar, Generic, TypeVar

from servicesim.desktop.access import Role, State
from servicesim.desktop.arrangement import Row
from servicesim.desktop.button import Button, Kind, Paint
from servicesim.desktop.theme import Palette

T = TypeVar("T")


class Option(Button):
    """One of the few."""

    role: ClassVar[Role] = "option"

    def __init__(self, text: str, on_press: Callable[[], None], *, chosen: bool = False, kind: Kind = "secondary") -> None:
        super().__init__(text, on_press, kind=kind)
        self.choose(chosen)

    def choose(self, chosen: bool) -> None:
        """Be the one that holds, or no longer."""
        self.chosen = chosen
        self.icon = "check" if chosen else None

    @property
    def states(self) -> Iterator[State]:
        yield from super().states
        if self.chosen:
            yield "selected"

    def _paint(self, colours: Palette) -> Paint:
        if self.chosen and self.enabled and self.kind != "band":
            return Paint(colours.hover if self.hovered else colours.accent_soft, colours.accent, colours.accent)
        return super()._paint(colours)


class Options(Row, Generic[T]):
    """`options` are values with their texts; `on_choice` hears of another one."""

    role: ClassVar[Role] = "list"

    def __init__(
        self, options: Sequence[tuple[T, str]], chosen: T, on_choice: Callable[[T], None], *, name: str, kind: Kind = "secondary"
    ) -> None:
        self._options = {value: Option(text, partial(on_choice, value), kind=kind) for value, text in options}
        super().__init__(*self._options.values(), gap=1, wraps=True, name=name)
        self.choose(chosen)

    def choose(self, chosen: T) -> None:
        """Show another one as chosen."""
        for value, option in self._options.items():
            option.choose(value == chosen)
