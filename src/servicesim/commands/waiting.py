"""A sign on a terminal that work goes on, next to the output for errors; nothing where no terminal is."""

from __future__ import annotations

import sys
from collections.abc import Iterable, Iterator
from typing import TYPE_CHECKING, TypeVar

from servicesim.commands.telling import is_watched, named

if TYPE_CHECKING:
    from rich.status import Status

One = TypeVar("One")


class Sign:
    """Says what is being looked at, as long as the next thing to print is not ready; Rich is read only for that."""

    def __init__(self, *, wanted: bool = True) -> None:
        shown = wanted and is_watched(sys.stderr)
        self._status = _status() if shown else None

    def looking_at(self, path: object) -> None:
        """Name what is being looked at from now on."""
        if self._status is not None:
            from rich.text import Text

            self._status.update(Text(f"{named(path)}: looking at every way through it"))

    def while_working(self, things: Iterable[One]) -> Iterator[One]:
        """The same things; the sign is there while each is worked out, and gone when it is handed over."""
        if self._status is None:
            yield from things
            return
        waiting = iter(things)
        while True:
            with self._status:
                try:
                    one = next(waiting)
                except StopIteration:
                    return
            yield one


def _status() -> Status:
    from rich.console import Console

    return Console(stderr=True, highlight=False).status("", spinner="line")  # plain characters: any terminal has them
