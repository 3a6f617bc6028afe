"""A line of the benchmark's table, and how the table is written."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

_HEADINGS = ("work", "size", "ours", "peer", "theirs", "ratio", "to reach", "limit")


@dataclass(frozen=True, slots=True)
class Line:
    """Ours against one peer, or ours against ourselves at another size; `missing` says why there is no figure."""

    work: str
    size: str
    ours: str
    peer: str
    theirs: str = ""
    ratio: float | None = None
    to_reach: str = ""
    limit: str = ""


def table(lines: Sequence[Line]) -> Iterator[str]:
    """The lines, in columns."""
    rows = [_HEADINGS, *(_cells(line) for line in lines)]
    widths = [max(len(row[column]) for row in rows) for column in range(len(_HEADINGS))]
    for row in rows:
        yield "  ".join(cell.ljust(width) for cell, width in zip(row, widths, strict=True)).rstrip()


def _cells(line: Line) -> tuple[str, ...]:
    ratio = "" if line.ratio is None else f"{line.ratio:.2f}x"
    return line.work, line.size, line.ours, line.peer, line.theirs, ratio, line.to_reach, line.limit


def a_second(amount: float, seconds: float) -> str:
    """So many a second."""
    return f"{amount / seconds:,.0f}/s"


def in_ms(seconds: float) -> str:
    """A time in milliseconds."""
    return f"{seconds * 1000:,.0f} ms"
