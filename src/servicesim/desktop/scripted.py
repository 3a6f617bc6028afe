"""What a script does with a stage in place of a person: keys, clicks, words."""

from __future__ import annotations

from pygame import Rect

from servicesim.desktop.access import Node
from servicesim.desktop.inputs import Input, KeyPressed, PointerMoved, PointerPressed, PointerReleased, Typed
from servicesim.desktop.screen import Screen


class Scripted:
    """The part of a stage that scripts, tests and the demo use; what was done is shown at once."""

    _layout_at: float | None

    @property
    def size(self) -> tuple[int, int]:
        """Pixels across and down."""
        raise NotImplementedError

    @property
    def screen(self) -> Screen:
        """The uppermost screen."""
        raise NotImplementedError

    @property
    def nodes(self) -> Node:
        """What a screen reader reads."""
        raise NotImplementedError

    def settle(self) -> None:
        """Bring the picture up to date now."""
        raise NotImplementedError

    def _take(self, event: Input) -> None:
        raise NotImplementedError

    def _go_on(self) -> None:
        raise NotImplementedError

    def press(self, *inputs: Input | str) -> None:
        """Do these things one after the other; a bare word is a key."""
        for one in inputs:
            self._take(KeyPressed(one) if isinstance(one, str) else one)
            self._go_on()
            if self._layout_at is None:
                self.settle()

    def write(self, text: str) -> None:
        """Type a text."""
        self.press(Typed(text))

    def click(self, name: str) -> None:
        """Click on what a screen reader calls so, scrolling to it first; `KeyError` names what is there."""
        node = self.find(name)
        if not Rect((0, 0), self.size).contains(Rect(node.rect)):
            self.screen.asked(node.key, press=False)
            self.settle()
        self.press(*_click(self.find(name)))

    def find(self, name: str) -> Node:
        """What has this name, what one can press first."""
        named = [node for node in self.nodes.walk() if node.name == name]
        if not named:
            there = sorted({node.name for node in self.nodes.walk() if node.name})
            raise KeyError(f"nothing is called {name!r}; there are: {there}")
        return min(named, key=lambda node: "focusable" not in node.states)


def _click(node: Node) -> tuple[PointerMoved, PointerPressed, PointerReleased]:
    x, y, w, h = node.rect
    middle = (x + w // 2, y + h // 2)
    return PointerMoved(middle), PointerPressed(middle), PointerReleased(middle)
