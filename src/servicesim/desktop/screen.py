"""What a stage shows: anything that is a `Screen`; nearly always a `Page` of widgets."""

from __future__ import annotations

from typing import TYPE_CHECKING, Protocol

from pygame import Rect

from servicesim.desktop.access import Node
from servicesim.desktop.canvas import Canvas
from servicesim.desktop.inputs import Gesture
from servicesim.desktop.look import Direction, Look

if TYPE_CHECKING:
    from servicesim.desktop.stage import Stage


class Screen(Protocol):
    """One thing at a time that fills the window, or lies over another one."""

    direction: Direction
    fills: bool  # nothing of what lies below can be seen

    def enter(self, stage: Stage) -> None:
        """It is about to be shown."""

    def leave(self) -> None:
        """It is shown no longer; nothing must be saved here, for the window may die without asking."""

    def suited(self) -> None:
        """Somebody likes the window another way now; layout follows by itself."""

    def spoken(self, direction: Direction) -> None:
        """Its words are of another language now, read in this direction; layout follows by itself."""

    def covered(self) -> None:
        """Another screen now lies over it: no gestures and no ticks until `uncovered`."""

    def uncovered(self) -> None:
        """It is uppermost again."""

    def away(self) -> None:
        """Somebody turned to another window."""

    @property
    def typing(self) -> Rect | None:
        """Where text is being typed, if anywhere."""

    def layout(self, look: Look, area: Rect) -> None:
        """Take this room: at the start, after each change of size and whenever it asked for it."""

    def draw(self, canvas: Canvas) -> None:
        """Draw everything."""

    def press(self, gesture: Gesture) -> None:
        """Something was done with keyboard or pointer."""

    def asked(self, key: int, *, press: bool) -> None:
        """A screen reader moves to the node with this key, or presses it."""

    def tick(self, now: float) -> float | None:
        """Time has come; answers when it must come again (stage seconds), or None while nothing moves by itself."""

    def ahead(self) -> bool:
        """Nothing happens just now: do a few milliseconds of what will be needed; True when nothing is left to do."""

    def node(self) -> Node:
        """How a screen reader meets it."""
