"""A line on a terminal that counts while something long goes on, next to the output for errors; it makes way for what is printed."""

from __future__ import annotations

import sys
import time
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from typing import TypeVar

import click

from servicesim.commands.telling import is_watched

One = TypeVar("One")

OFTEN = 0.2  # seconds


class Counting:
    """Counts things that pass through."""

    def __init__(self, what: str) -> None:
        self._what, self._last, self._there = what, 0.0, False
        self._shown = is_watched(sys.stderr)

    def __call__(self, things: Iterable[One]) -> Iterator[One]:
        """The same things."""
        for count, one in enumerate(things, 1):
            if self._shown and time.monotonic() - self._last >= OFTEN:
                self._last, self._there = time.monotonic(), True
                click.echo(f"\r\x1b[K{self._what}: {count:,}", nl=False, err=True)
            yield one

    def clear(self) -> None:
        """Make way for something to print."""
        if self._there:
            self._there = False
            click.echo("\r\x1b[K", nl=False, err=True)


@contextmanager
def counting(what: str) -> Iterator[Counting]:
    """A line that counts, gone when the block is left."""
    line = Counting(what)
    try:
        yield line
    finally:
        line.clear()
