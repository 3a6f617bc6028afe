"""The CSV that HR opens in a spreadsheet: UTF-8 with a mark, everything quoted, and no text that becomes a formula."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from decimal import ROUND_FLOOR, Decimal
from functools import partial
from itertools import islice
from typing import Any, BinaryIO

from servicesim.exports.clock import Clock
from servicesim.exports.columns import EVERYTHING, NUMBERS, PRINCIPLES, Field
from servicesim.exports.rows import Cell, Ended, Row, told, told_principles
from servicesim.exports.text import clean

# The signs, their full-width and small variants, behind any space or character that takes no room; or a tab or line break.
_FORMULA = re.compile(
    "^[\\s\u00ad\u200b-\u200d\u2060]*[=+\\-@\uff1d\uff0b\uff0d\uff20\ufe66\ufe62\ufe63\ufe6b]|^[ \u00a0\u3000]*[\t\r\n]"
)
# Ids and words are much of what there is; these cannot hold what must be quoted or cleaned, or looks like a formula.
_PLAIN = re.compile("[0-9A-Za-z][0-9A-Za-z-]*").fullmatch
_MARK = "\ufeff"
_AT_ONCE = 500  # rows
_MOST_KNOWN = 2_000  # cells of a column


def safe_text(text: str) -> str:
    """A text that a spreadsheet shows and never runs: without controls, and with ' before what looks like a formula."""
    cleaned = clean(text)
    return f"'{cleaned}" if _FORMULA.match(cleaned) else cleaned


def write(
    file: BinaryIO, rows: Iterable[Ended], fields: Sequence[Field] = EVERYTHING.fields, clock: Clock | None = None
) -> int:
    """Write the rows; how many there were."""
    return _Sheet(file, fields, clock or Clock()).write(told(row) for row in rows)


def write_with_principles(
    file: BinaryIO, principles: BinaryIO, rows: Iterable[Ended], fields: Sequence[Field], clock: Clock
) -> tuple[int, int]:
    """Write the rows, and in the second file one for each principle in them; how many there were of each."""
    beside = _Sheet(principles, PRINCIPLES.fields, clock)
    several = 0

    def both() -> Iterator[Row]:
        nonlocal several
        for row in rows:
            several += beside.add(list(told_principles(row)))
            yield told(row)

    beside.begin()
    return _Sheet(file, fields, clock).write(both()), several


class _Sheet:
    """One file that is being written, column by column for some rows at once.

    Not by the csv module: where every cell stands in quotes, joining them takes an eighth of the time.
    """

    def __init__(self, file: BinaryIO, fields: Sequence[Field], clock: Clock) -> None:
        self._file = file
        self._headings = [field.heading for field in fields]
        self._columns = [(field.place, _written(field, clock)) for field in fields]

    def write(self, rows: Iterator[Row]) -> int:
        """The headings and all these rows; how many rows."""
        self.begin()
        count = 0
        while several := list(islice(rows, _AT_ONCE)):
            count += self.add(several)
        return count

    def begin(self) -> None:
        """The headings."""
        self._file.write(f"{_MARK}{_line(map(_quoted, self._headings))}".encode())

    def add(self, rows: Sequence[Row]) -> int:
        """These rows, at once; how many."""
        if not rows:
            return 0
        ours: list[tuple[Any, ...]] = list(zip(*rows, strict=True))
        theirs = [map(written, ours[place or 0]) for place, written in self._columns]
        self._file.write("".join(map(_line, zip(*theirs, strict=True))).encode())
        return len(rows)


class _Known(dict[Any, str]):
    """How cells are written, each worked out once; most columns hold the same few again and again."""

    def __init__(self, write: Callable[[Any], str]) -> None:
        self._write = write

    def __missing__(self, cell: Any) -> str:
        if len(self) >= _MOST_KNOWN:
            self.clear()
        self[cell] = written = self._write(cell)
        return written


def _line(cells: Iterable[str]) -> str:
    return '"' + '","'.join(cells) + '"\r\n'


def _text(text: str) -> str:
    return text if _PLAIN(text) else _quoted(text)


def _quoted(text: str) -> str:
    return safe_text(text).replace('"', '""')


def _written(field: Field, clock: Clock) -> Callable[[Any], str]:
    """How a field's cells are written, between the quotes."""
    if field.place is None:
        always = _quoted(field.always)
        return lambda _: always
    match field.kind:
        case "time":
            return (lambda cell: clock.patterned(cell, field.date)) if field.date else clock.text
        case "offset":
            return clock.offset
        case "number":
            return partial(written_number, pattern=field.number) if field.number else str
        case "flag":
            return _Known(partial(_word, field.words, _flag)).__getitem__
        case "id":
            return _text
        case "text":
            return _Known(partial(_word, field.words, str)).__getitem__


def _word(words: Mapping[str, str], said: Callable[[Cell], str], cell: Cell) -> str:
    word = said(cell)
    return _text(words.get(word, word))


def _flag(cell: Cell) -> str:
    return "true" if cell else "false"


def written_number(cell: int | float, *, pattern: str) -> str:
    """A number with as many decimals as the pattern has: rounded down, so that nothing shows as reached that was not."""
    point, places = NUMBERS[pattern]
    exact = Decimal(str(cell)).quantize(Decimal(1).scaleb(-places), rounding=ROUND_FLOOR)
    return f"{exact:f}".replace(".", point)
