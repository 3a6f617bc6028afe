"""JSON Lines for other programs: one object for each attempt, with its principles inside."""

from __future__ import annotations

import json
from collections.abc import Iterable
from typing import Any, BinaryIO

from servicesim.exports.clock import Clock
from servicesim.exports.rows import COLUMNS, Cell, Ended, Kind, principle_scores, title_of, told
from servicesim.exports.text import clean


def write(file: BinaryIO, rows: Iterable[Ended], clock: Clock) -> int:
    """Write the objects, a line each; how many there were."""
    count = 0
    for row in rows:
        file.write((json.dumps(_object(row, clock), ensure_ascii=False, separators=(",", ":"), allow_nan=False) + "\n").encode())
        count += 1
    return count


def _object(row: Ended, clock: Clock) -> dict[str, Any]:
    cells = zip(COLUMNS, told(row), strict=True)
    attempt: dict[str, Any] = {column.name: _value(column.kind, cell, clock) for column, cell in cells}
    attempt["principles"] = {clean(name): {"title": clean(title_of(row, name))} | score for name, score in principle_scores(row).items()}
    return attempt


def _value(kind: Kind, cell: Any, clock: Clock) -> Cell | None:
    """A cell as JSON: what is not known is null, never an empty text."""
    match kind:
        case "time":
            return clock.text(cell)
        case "offset":
            return clock.offset(cell)
        case "text" | "id":
            return clean(cell) or None
        case "number" | "flag":
            return cell  # type: ignore[no-any-return]
