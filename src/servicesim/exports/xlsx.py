"""The workbook that HR opens: a summary, the attempts, the principles, and what the columns mean; typed cells, no formula.

Written row by row to the disk (XlsxWriter's constant memory), so that a million attempts take no more memory than ten.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import suppress
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import Any, BinaryIO

from xlsxwriter import Workbook
from xlsxwriter.exceptions import XlsxFileError
from xlsxwriter.format import Format
from xlsxwriter.worksheet import Worksheet

from servicesim.exports.clock import Clock
from servicesim.exports.columns import PRINCIPLES, Field
from servicesim.exports.csv import written_number
from servicesim.exports.rows import COLUMNS, PRINCIPLE_COLUMNS, Column, Ended, Row, told, told_principles
from servicesim.exports.summary import Summary
from servicesim.exports.text import clean

MOST_ROWS = 1_048_576
"""What a sheet holds, its heading included; what is more goes to another sheet."""
LONGEST = 32_000
"""Characters of a cell, counted as Excel does (in UTF-16); what is longer is cut, with a word that says so."""

_DATE = "yyyy-mm-dd hh:mm:ss"
_WIDTHS = {"id": 38, "text": 18, "number": 11, "flag": 9, "time": 19, "offset": 9, "learner": 34, "name": 26, "title": 38, "principle": 26}
_GREEN, _RED, _YELLOW = "#C6E7CE", "#F4C7C3", "#FFF2CC"
_SCALE = {
    "type": "3_color_scale", "min_color": _RED, "mid_color": _YELLOW, "max_color": _GREEN,
    "min_type": "num", "mid_type": "num", "max_type": "num",
}  # fmt: skip
# A bar of Excel 2007: the later ones bring elements with them that look like formulas.
_BAR = {"type": "data_bar", "bar_color": "#9DC3E6", "min_type": "num", "min_value": 0, "max_type": "num", "max_value": 100}
_BREAK = re.compile("\r\n?")


@dataclass(slots=True)
class Written:
    """What became of the rows: how many there were, and how many texts had to be cut to fit into a cell."""

    rows: int = 0
    cut: int = 0


def write(
    file: BinaryIO, folder: Path, rows: Iterable[Ended], fields: Sequence[Field], clock: Clock, about: Iterable[tuple[str, str]],
    *, with_principles: bool = True,
) -> Written:  # fmt: skip
    """Write the workbook; `folder` is for what is kept on the disk meanwhile, `about` for the top of its first sheet."""
    workbook = Workbook(file, {"constant_memory": True, "tmpdir": str(folder), "use_zip64": True, "strings_to_urls": False})
    try:
        book = _Book(workbook, clock)
        book.write(rows, fields, tuple(about), with_principles=with_principles)
        workbook.close()
    except XlsxFileError as failure:
        raise _behind(failure) from failure
    finally:
        _let_go(workbook)
    return book.written


class _Book:
    """A workbook that is being written."""

    def __init__(self, workbook: Workbook, clock: Clock) -> None:
        self.workbook, self.clock = workbook, clock
        self.written = Written()
        heading = {"bold": True, "bottom": 1, "bg_color": "#E8EDF4", "valign": "top", "text_wrap": True}
        self.heading = workbook.add_format(heading)
        self.over_numbers = workbook.add_format(heading | {"align": "right"})
        self.title = workbook.add_format({"bold": True, "font_size": 14})
        self.formats: dict[str, Format] = {}

    def write(
        self, rows: Iterable[Ended], fields: Sequence[Field], about: tuple[tuple[str, str], ...], *, with_principles: bool
    ) -> None:
        """All the sheets; the summary stands first and is filled last."""
        first, summary = self.workbook.add_worksheet("Summary"), Summary()
        attempts = _Table(self, "Attempts", fields)
        principles = _Table(self, "Principles", PRINCIPLES.fields) if with_principles else None
        for row in rows:
            cells = told(row)
            attempts.add(cells)
            if principles is not None:
                for one in told_principles(row):
                    principles.add(one)
            summary.add(row, cells)
            self.written.rows += 1
        for table in (attempts, principles):
            if table is not None:
                table.finish()
        self._meanings(self.workbook.add_worksheet("Columns"))
        self._summary(first, summary, about)

    def format(self, pattern: str) -> Format:
        """The format that writes numbers or dates so; each is made once."""
        if pattern not in self.formats:
            self.formats[pattern] = self.workbook.add_format({"num_format": pattern})
        return self.formats[pattern]

    def fill(self, colour: str) -> Format:
        """The format that fills a cell with a colour."""
        if colour not in self.formats:
            # LibreOffice would show what is true or false as 1 or 0 where it is coloured.
            self.formats[colour] = self.workbook.add_format({"bg_color": colour, "num_format": '"TRUE";"TRUE";"FALSE"'})
        return self.formats[colour]

    def text(self, sheet: Worksheet, row: int, column: int, text: str, style: Format | None = None) -> int:
        """Write a text as a text; 0 if it was. Where there is none, the cell stays empty."""
        if not text:
            return sheet.write_blank(row, column, None, style) if style else 0
        fitting, was_cut = _fitting(text)
        self.written.cut += was_cut
        return sheet.write_string(row, column, fitting, style)

    def _meanings(self, sheet: Worksheet) -> None:
        self._line(sheet, 0, ("sheet", "column", "meaning"), self.heading)
        of_sheets: tuple[tuple[str, tuple[Column, ...]], ...] = (("Attempts", COLUMNS), ("Principles", PRINCIPLE_COLUMNS))
        for number, (name, column) in enumerate(((name, column) for name, columns in of_sheets for column in columns), 1):
            self._line(sheet, number, (name, column.name, column.meaning))
        sheet.set_column(0, 1, 18)
        sheet.set_column(2, 2, 90)
        on_paper(sheet)
        sheet.freeze_panes(1, 0)

    def _summary(self, sheet: Worksheet, summary: Summary, about: tuple[tuple[str, str], ...]) -> None:
        self._line(sheet, 0, ("ServiceSim",), self.title)
        cut = (("texts cut to fit into a cell", f"{self.written.cut:,}"),) if self.written.cut else ()
        number = 1
        for number, line in enumerate((*about, *cut), 1):
            self._line(sheet, number, line)
        for table in summary.tables():
            number += 2
            self._line(sheet, number, table.headings[:2], self.heading)
            self._line(sheet, number, table.headings[2:], self.over_numbers, first=2)
            began = number + 1
            for number, (*names, attempts, passed, share, conduct) in enumerate(table.rows, began):
                self._line(sheet, number, (*names, attempts, passed))
                self._line(sheet, number, (share,), self.format("0.0"), first=4)
                self._line(sheet, number, (conduct,), self.format("0.00"), first=5)
            sheet.conditional_format(began, 4, max(began, number), 5, _BAR)
        on_paper(sheet)
        sheet.set_column(0, 0, 28)
        sheet.set_column(1, 1, 34)
        sheet.set_column(2, 5, 14)

    def _line(
        self, sheet: Worksheet, row: int, cells: Sequence[str | int | float], style: Format | None = None, *, first: int = 0
    ) -> None:
        for column, cell in enumerate(cells, first):
            refused = self.text(sheet, row, column, cell, style) if isinstance(cell, str) else sheet.write_number(row, column, cell, style)
            demand(refused)


@lru_cache(maxsize=1024)  # the same attempt stands in some thirty rows of principles
def _fitting(text: str) -> tuple[str, bool]:
    """A text as a cell can hold it, and whether it had to be cut."""
    text = _BREAK.sub("\n", clean(text))
    if text.startswith("<r>") and text.endswith("</r>"):
        text += " "  # XlsxWriter would take it for markup of its own, and write it as it is.
    if len(text) > LONGEST // 2 and len(text.encode("utf-16-le")) // 2 > LONGEST:
        return f"{text[: LONGEST // 2]} … (cut: {len(text):,} characters)", True
    return text, False


class _Table:
    """Rows under headings, on as many sheets as they need."""

    def __init__(self, book: _Book, name: str, fields: Sequence[Field]) -> None:
        self._book, self._name, self._fields = book, name, fields
        self._sheets = 0
        self._begin()

    def add(self, row: Row) -> None:
        """One more row."""
        if self._next == MOST_ROWS:
            self.finish()
            self._begin()
        refused = 0
        for column, (place, write) in enumerate(self._cells):
            refused |= write(self._next, column, row[place])
        demand(refused)
        self._next += 1

    def finish(self) -> None:
        """Filters and colours for the rows of this sheet."""
        sheet, last = self._sheet, max(1, self._next - 1)
        sheet.autofilter(0, 0, last, len(self._fields) - 1)
        for column, field in enumerate(self._fields):
            for colours in _colours(field, self._book):
                sheet.conditional_format(1, column, last, column, colours)

    def _begin(self) -> None:
        self._sheets += 1
        self._sheet = self._book.workbook.add_worksheet(self._name if self._sheets == 1 else f"{self._name} {self._sheets}")
        self._cells = [(field.place or 0, self._writer(field)) for field in self._fields]
        for column, field in enumerate(self._fields):
            self._sheet.set_column(column, column, max(_WIDTHS.get(field.name, _WIDTHS[field.kind]), min(40, len(field.heading) + 4)))
            style = self._book.over_numbers if field.kind == "number" and not field.words else self._book.heading
            demand(self._book.text(self._sheet, 0, column, field.heading, style))
        self._sheet.freeze_panes(1, 1)
        self._sheet.set_landscape()
        self._sheet.repeat_rows(0)
        self._next = 1

    def _writer(self, field: Field) -> Callable[[int, int, Any], int]:
        """How a field's cells are written: each gives 0 if it was."""
        sheet, book, clock = self._sheet, self._book, self._book.clock
        if field.place is None:
            return lambda row, column, _: book.text(sheet, row, column, field.always)
        match field.kind:
            case "time":
                style = book.format(excel_date(field.date) if field.date else _DATE)
                return lambda row, column, cell: sheet.write_number(row, column, clock.serial(cell), style)
            case "offset":
                return lambda row, column, cell: book.text(sheet, row, column, clock.offset(cell))
            case "number" if field.number:
                pattern = field.number.replace(",", ".")
                style = book.format(pattern)
                return lambda row, column, cell: sheet.write_number(row, column, float(written_number(cell, pattern=pattern)), style)
            case "number":
                return lambda row, column, cell: sheet.write_number(row, column, cell)
            case "flag" if not field.words:
                return lambda row, column, cell: sheet.write_boolean(row, column, cell)
            case "flag":
                return lambda row, column, cell: book.text(sheet, row, column, field.words.get(str(cell).lower(), str(cell).lower()))
            case "text" | "id":
                return lambda row, column, cell: book.text(sheet, row, column, field.words.get(cell, cell))


def _colours(field: Field, book: _Book) -> Iterator[dict[str, Any]]:
    """How the cells of a field are coloured: green what was passed and kept, red what was not."""
    if field.words or field.number:
        return
    match field.name:
        case "passed":
            for value, colour in (("TRUE", _GREEN), ("FALSE", _RED)):
                yield {"type": "cell", "criteria": "==", "value": value, "format": book.fill(colour)}
        case "conduct":
            yield _SCALE | {"min_value": 0, "mid_value": 50, "max_value": 100}
        case "score":
            yield _SCALE | {"min_value": 0, "mid_value": 0.5, "max_value": 1}


def on_paper(sheet: Worksheet) -> None:
    """Printed, all columns stand on one page of A4."""
    sheet.set_landscape()
    sheet.set_paper(9)
    sheet.fit_to_pages(1, 0)


def excel_date(pattern: str) -> str:
    """A date pattern of ours as Excel writes it; the distance from UTC has no place in a date of Excel's."""
    for ours, theirs in (("ZZ", ""), ("YYYY", "yyyy"), ("DD", "dd"), ("T", '"T"')):
        pattern = pattern.replace(ours, theirs)
    return pattern.replace("MM", "mm").strip()


def demand(refused: int) -> None:
    """Every cell was written as it is: XlsxWriter tells by a number that it has left one out or cut it."""
    if refused:
        raise RuntimeError(f"a cell of the workbook was not written as it is ({refused})")


def _behind(failure: BaseException) -> BaseException:
    """What the disk said, which XlsxWriter tells as an error of its own."""
    said = failure.args[0] if failure.args else None
    return said if isinstance(said, OSError) else failure


def _let_go(workbook: Workbook) -> None:
    """Close what is kept on the disk meanwhile, so that it can be removed where open files cannot."""
    for sheet in workbook.worksheets():
        for open_file in (getattr(sheet, "row_data_fh", None), getattr(sheet, "fh", None)):
            if open_file is not None and not open_file.closed:
                with suppress(OSError):
                    open_file.close()
