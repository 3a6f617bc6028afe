"""Which parts of the window have to be drawn anew."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from pygame import Rect


class Stale:
    """Rectangles that do not touch each other: what lies far apart is not joined to all that is between."""

    def __init__(self, parts: Iterable[Rect] = ()) -> None:
        self._parts: list[Rect] = []
        for part in parts:
            self.add(part)

    def add(self, part: Rect) -> None:
        """This part too; one with all that it touches."""
        part = part.copy()
        while (touched := part.collidelist(self._parts)) >= 0:
            part.union_ip(self._parts.pop(touched))
        if part.w and part.h:
            self._parts.append(part)

    def __iter__(self) -> Iterator[Rect]:
        return iter(self._parts)

    def __bool__(self) -> bool:
        return bool(self._parts)
