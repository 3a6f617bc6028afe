"""The record of one drawn frame, in the order of drawing; tests read it in place of the picture."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Literal

from pygame import Rect

from servicesim.desktop.theme import Colour

Kind = Literal["text", "panel", "icon", "picture", "ring"]


@dataclass(frozen=True, slots=True)
class Drawn:
    """One thing that was drawn: where, in which colour, on which ground, and what it must stay inside of."""

    kind: Kind
    rect: Rect
    text: str = ""
    ink: Colour | None = None
    ground: Colour | None = None  # measured from the picture; the one with the least contrast to the ink
    box: Rect | None = None  # the room that it was given
    clip: Rect | None = None
    layer: int = 0
    scrolled: bool = False  # inside of a scrolling area, so that it may be cut at its edge
    torn: bool = False  # a word had to be broken because it is wider than the room

    @property
    def visible(self) -> Rect:
        """The part of it that one can see."""
        return self.rect.clip(self.clip) if self.clip else self.rect


@dataclass(slots=True)
class Frame:
    """All that one frame shows."""

    size: tuple[int, int]
    drawn: list[Drawn] = field(default_factory=list)

    @property
    def texts(self) -> list[str]:
        """The texts that can be seen, in the order of drawing."""
        return [drawn.text for drawn in self.drawn if drawn.kind == "text" and drawn.visible.size > (0, 0)]

    def of(self, kind: Kind) -> list[Drawn]:
        """What was drawn of one kind."""
        return [drawn for drawn in self.drawn if drawn.kind == kind]

    def where(self, text: str) -> Rect:
        """Where a text stands; `KeyError` names what is there."""
        for drawn in self.of("text"):
            if drawn.text == text:
                return drawn.rect
        raise KeyError(f"{text!r} is not on the screen; there are: {self.texts}")
