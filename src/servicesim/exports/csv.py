"""The CSV that HR opens in a spreadsheet: UTF-8 with a mark, everything quoted, and no text that becomes a formula."""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Iterable
from pathlib import Path

from servicesim import platform
from servicesim.exports.rows import COLUMNS, Cell, Column, Ended, cells

# Controls, hidden changes of direction, line breaks that a spreadsheet could misread, and what is no character at all.
_NO_CHARACTERS = "\ud800-\udfff\ufdd0-\ufdef" + "".join(chr(plane << 16 | last) for plane in range(17) for last in (0xFFFE, 0xFFFF))
_UNSAFE = re.compile(
    f"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\u061c\u200e\u200f\u2028-\u202e\u2066-\u2069\ufeff{_NO_CHARACTERS}]"
)
# The signs, their full-width and small variants, behind any space or character that takes no room; or a tab or line break.
_FORMULA = re.compile(
    "^[\\s\u00ad\u200b-\u200d\u2060]*[=+\\-@\uff1d\uff0b\uff0d\uff20\ufe66\ufe62\ufe63\ufe6b]|^[ \u00a0\u3000]*[\t\r\n]"
)


def safe_text(text: str) -> str:
    """A text that a spreadsheet shows and never runs: without controls, and with ' before what looks like a formula."""
    clean = _UNSAFE.sub("", text)
    return f"'{clean}" if _FORMULA.match(clean) else clean


def _written(column: Column, cell: Cell) -> str:
    if isinstance(cell, bool):
        return "true" if cell else "false"
    return safe_text(cell) if column.free and isinstance(cell, str) else str(cell)


def write(path: Path, rows: Iterable[Ended]) -> int:
    """Write the rows to a file, whole or not at all; how many there were."""
    count = 0
    with platform.replacing(path) as raw:
        file = io.TextIOWrapper(raw, encoding="utf-8-sig", newline="")
        writer = csv.writer(file, quoting=csv.QUOTE_ALL, lineterminator="\r\n")
        writer.writerow([column.name for column in COLUMNS])
        for row in rows:
            writer.writerow([_written(column, cell) for column, cell in cells(row)])
            count += 1
        file.flush()
        file.detach()
    return count
