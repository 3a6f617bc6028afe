"""A play as the preview remembers it."""

from __future__ import annotations

from typing import NamedTuple


class Move(NamedTuple):
    """One move, and the scene in which it was made."""

    scene: str
    name: str

    def __str__(self) -> str:
        return f"{self.scene}/{self.name}"


class Course(NamedTuple):
    """The moves of a play, and the scene at which it begins where no play leads there."""

    moves: tuple[Move, ...] = ()
    start: str | None = None
    sure: bool = True  # that no play leads to `start`: every play was tried
