"""What was drawn last, kept up to a number of bytes."""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Callable, Hashable
from typing import Generic, TypeVar

from pygame import Surface

T = TypeVar("T")


class Kept(Generic[T]):
    """Draws what is asked for, or answers what was drawn before; `weigh` says how many bytes something takes."""

    def __init__(self, most: int, weigh: Callable[[T], int]) -> None:
        self._drawn: OrderedDict[Hashable, T] = OrderedDict()
        self._most, self._weigh = most, weigh
        self.bytes = 0

    def __contains__(self, key: Hashable) -> bool:
        return key in self._drawn

    def get(self, key: Hashable, draw: Callable[[], T]) -> T:
        """What is kept under this key, or else is drawn now; what was not asked for longest has to go for it."""
        if key in self._drawn:
            self._drawn.move_to_end(key)
            return self._drawn[key]
        drawn = self._drawn[key] = draw()
        self.bytes += self._weigh(drawn)
        while self.bytes > self._most and len(self._drawn) > 1:
            self.bytes -= self._weigh(self._drawn.popitem(last=False)[1])
        return drawn


def bytes_of(picture: Surface) -> int:
    """How much memory a picture takes."""
    return picture.get_width() * picture.get_height() * picture.get_bytesize()
