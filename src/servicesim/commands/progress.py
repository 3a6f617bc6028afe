"""A bar on the terminal while something long goes on: on the output for errors, and only if somebody is looking."""

from __future__ import annotations

import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import TypeVar

from servicesim.commands.telling import is_watched

Row = TypeVar("Row")

_OFTEN = 500  # rows


@contextmanager
def watched(what: str, began: Callable[[Row], int]) -> Iterator[Callable[[Iterator[Row]], Iterator[Row]]]:
    """Something to pass rows through that come in the order of time; `began` tells a row's time in UTC milliseconds.

    How many rows there will be is not known, so the bar shows how far they have come on the way from the first one to today.
    """
    if not is_watched(sys.stderr):
        yield iter
        return
    from rich.console import Console
    from rich.progress import BarColumn, Progress, TextColumn, TimeElapsedColumn
    from rich.text import Text

    from servicesim.scenario.characters import visible

    shown = Text(visible(what)).markup
    columns = TextColumn(shown), BarColumn(), TextColumn("{task.fields[rows]:,} attempts"), TimeElapsedColumn()
    with Progress(*columns, console=Console(file=sys.stderr, emoji=False), transient=True) as progress:
        task = progress.add_task("", total=None, rows=0)

        def watch(rows: Iterator[Row]) -> Iterator[Row]:
            first, now = None, time.time() * 1000
            for number, row in enumerate(rows):
                if number % _OFTEN == 0:
                    first = began(row) if first is None else first
                    total = max(1.0, now - first)
                    progress.update(task, total=total, completed=min(total, began(row) - first), rows=number)
                yield row

        yield watch
