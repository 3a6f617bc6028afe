"""What a person does to the window, as plain values: scripted in tests, translated from pygame in `window`."""

from __future__ import annotations

from dataclasses import dataclass

Point = tuple[int, int]


@dataclass(frozen=True, slots=True)
class KeyPressed:
    """A key by its name: "tab", "enter", "space", "escape", "up", "1", "y"; digits and letters by where they lie."""

    key: str
    shift: bool = False
    ctrl: bool = False


@dataclass(frozen=True, slots=True)
class Typed:
    """Text that is final, as the keyboard or an input method gives it."""

    text: str


@dataclass(frozen=True, slots=True)
class Composed:
    """Text that an input method shows before it is final; empty when it has ended."""

    text: str


@dataclass(frozen=True, slots=True)
class PointerMoved:
    """The pointer is now here (pixels)."""

    at: Point


@dataclass(frozen=True, slots=True)
class PointerPressed:
    """The main button went down."""

    at: Point


@dataclass(frozen=True, slots=True)
class PointerReleased:
    """The main button came up."""

    at: Point


@dataclass(frozen=True, slots=True)
class PointerLeft:
    """The pointer is outside of the window."""


@dataclass(frozen=True, slots=True)
class Scrolled:
    """The wheel turned, in lines; positive goes down the page."""

    at: Point
    lines: float


@dataclass(frozen=True, slots=True)
class Resized:
    """The window has a new size in pixels."""

    size: tuple[int, int]


@dataclass(frozen=True, slots=True)
class Uncovered:
    """The window must be shown again as it is."""


@dataclass(frozen=True, slots=True)
class FocusLost:
    """Somebody turned to another window."""


@dataclass(frozen=True, slots=True)
class CloseAsked:
    """Somebody closes the window, or the system ends the program."""


Gesture = KeyPressed | Typed | Composed | PointerMoved | PointerPressed | PointerReleased | PointerLeft | Scrolled
Input = Gesture | Resized | Uncovered | FocusLost | CloseAsked
