"""The CSV that HR opens in a spreadsheet: UTF-8 with a mark, everything quoted, and no text that becomes a formula."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from decimal import ROUND_FLOOR, Decimal
from functools import partial
from itertools import islice
from typing import Any, BinaryIO

from servicesim.exports.blocks import Block
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
_ALL_PLAIN = re.compile("(?:[0-9A-Za-z][0-9A-Za-z-]*\n)*[0-9A-Za-z][0-9A-Za-z-]*").fullmatch
MARK = "\ufeff"  # by which spreadsheets know UTF-8
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


def write_blocks(file: BinaryIO, blocks: Iterable[Block], fields: Sequence[Field], clock: Clock) -> int:
    """As `write`, of rows that come by the block; how many there were."""
    sheet, count = _Sheet(file, fields, clock), 0
    sheet.begin()
    for block in blocks:
        count += sheet.add_columns(list(block.values()))
    return count


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
        self._file.write(f"{MARK}{line(self._headings)}".encode())

    def add(self, rows: Sequence[Row]) -> int:
        """These rows, at once; how many."""
        return self.add_columns(list(zip(*rows, strict=True))) if rows else 0

    def add_columns(self, ours: Sequence[Sequence[Any]]) -> int:
        """As many rows as each of these columns has cells; how many."""
        theirs = [written(ours[place or 0]) for place, written in self._columns]
        lines = '"\r\n"'.join(map('","'.join, zip(*theirs, strict=True)))
        self._file.write(f'"{lines}"\r\n'.encode())
        return len(ours[0])


class _Known(dict[Any, str]):
    """How cells are written, each worked out once; most columns hold the same few again and again."""

    def __init__(self, write: Callable[[Any], str]) -> None:
        self._write = write

    def __missing__(self, cell: Any) -> str:
        if len(self) >= _MOST_KNOWN:
            self.clear()
        self[cell] = written = self._write(cell)
        return written


def line(cells: Iterable[str]) -> str:
    """One line of a file: every cell in quotes, and none that becomes a formula."""
    return '"' + '","'.join(map(_quoted, cells)) + '"\r\n'


def _texts(cells: Sequence[str]) -> Iterable[str]:
    together = "\n".join(cells)
    if _ALL_PLAIN(together) and together.count("\n") == len(cells) - 1:
        return cells
    return map(_text, cells)


def _text(text: str) -> str:
    return text if _PLAIN(text) else _quoted(text)


def _quoted(text: str) -> str:
    return safe_text(text).replace('"', '""')


def _written(field: Field, clock: Clock) -> Callable[[Sequence[Any]], Iterable[str]]:
    """How the cells of a field are written, between the quotes."""
    if field.place is None:
        always = _quoted(field.always)
        return lambda cells: [always] * len(cells)
    match field.kind:
        case "time":
            return partial(map, partial(clock.patterned, pattern=field.date)) if field.date else clock.texts
        case "offset":
            return clock.offsets
        case "number":
            return partial(map, partial(written_number, pattern=field.number) if field.number else str)
        case "flag":
            return partial(map, _Known(partial(_word, field.words, _flag)).__getitem__)
        case "id":
            return _texts
        case "text":
            return partial(map, _Known(partial(_word, field.words, str)).__getitem__)


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
