"""The workbook: typed cells on sheets that can be filtered, and nothing left out or cut in silence."""

from __future__ import annotations

import io
from datetime import datetime
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

import openpyxl
import pytest

from exports.kept import EXPERT, SORRY, keep
from servicesim.exports import xlsx
from servicesim.exports.clock import Clock
from servicesim.exports.columns import EVERYTHING, Field
from servicesim.exports.ended import ended
from servicesim.exports.rows import COLUMNS, PRINCIPLE_COLUMNS
from servicesim.records import open_people, open_records


def written(folder: Path, fields: tuple[Field, ...] = EVERYTHING.fields, clock: Clock | None = None, **asked: Any) -> tuple[Any, xlsx.Written]:
    file = io.BytesIO()
    with open_records(folder, read_only=True) as records, open_people(folder, read_only=True) as people:
        rows = ended(records, people, with_names=True)
        done = xlsx.write(file, folder, rows, fields, clock or Clock(), [("names", "with names")], **asked)
    return openpyxl.load_workbook(file), done


def test_the_sheets_stand_in_this_order(tmp_path: Path) -> None:
    keep(tmp_path, *EXPERT)
    book, done = written(tmp_path)
    assert book.sheetnames == ["Summary", "Attempts", "Principles", "Columns"]
    assert done == xlsx.Written(rows=1, cut=0)
    assert written(tmp_path, with_principles=False)[0].sheetnames == ["Summary", "Attempts", "Columns"]


def test_cells_are_of_the_type_of_what_they_tell(tmp_path: Path) -> None:
    attempt = keep(tmp_path, *EXPERT, person="007")
    sheet = written(tmp_path, clock=Clock(ZoneInfo("Europe/Berlin")))[0]["Attempts"]
    told = dict(zip([cell.value for cell in sheet[1]], sheet[2], strict=True))
    assert list(told) == [column.name for column in COLUMNS]
    assert {name: told[name].value for name in ("attempt", "learner", "person", "name", "review")} == {
        "attempt": "attempt-0", "learner": attempt.learner, "person": "007", "name": "Aylin Duman", "review": None,
    }  # fmt: skip
    assert (told["started"].value, told["ended"].value) == (datetime(2026, 10, 26, 8, 33, 20), datetime(2026, 10, 26, 8, 34, 55))
    assert told["started"].is_date
    assert told["ahead_of_utc"].value == "+01:00"
    assert (told["passed"].value, told["reviewed"].value, told["untimed"].value) == (True, False, False)
    assert (told["pass_mark"].value, told["satisfaction"].value, told["rules"].value) == (75, 25, 1)
    assert isinstance(told["conduct"].value, float | int)


def test_each_principle_that_came_up_has_a_row(tmp_path: Path) -> None:
    keep(tmp_path, *SORRY)
    sheet = written(tmp_path)[0]["Principles"]
    headings, *rows = [tuple(cell.value for cell in row) for row in sheet]
    assert headings == tuple(column.name for column in PRINCIPLE_COLUMNS)
    told = {row[headings.index("principle")]: dict(zip(headings, row, strict=True)) for row in rows}
    hold = told["hold-the-apology"]
    assert (hold["score"], hold["kept"], hold["broken"], hold["owed"]) == (0.5, 1, 1, False)
    assert hold["title"] == "Save the apology"
    assert [one for one in told.values() if one["owed"] and (one["score"], one["kept"], one["broken"]) != (0, 0, 0)] == []
    assert all(one["score"] is not None for one in told.values())


def test_sheets_can_be_filtered_and_keep_their_headings_in_sight(tmp_path: Path) -> None:
    keep(tmp_path, *EXPERT)
    book = written(tmp_path)[0]
    assert (book["Attempts"].freeze_panes, book["Attempts"].auto_filter.ref) == ("B2", "A1:Z2")
    assert (book["Principles"].freeze_panes, book["Columns"].freeze_panes) == ("B2", "A2")
    coloured = {str(colours.sqref): [rule.type for rule in colours.rules] for colours in book["Attempts"].conditional_formatting}
    passed, conduct = (next(cell for cell in book["Attempts"][1] if cell.value == name).column_letter for name in ("passed", "conduct"))
    assert coloured == {f"{passed}2": ["cellIs", "cellIs"], f"{conduct}2": ["colorScale"]}


def test_the_columns_are_explained(tmp_path: Path) -> None:
    keep(tmp_path, *EXPERT)
    told = [tuple(cell.value for cell in row) for row in written(tmp_path)[0]["Columns"]]
    assert told[0] == ("sheet", "column", "meaning")
    assert told[1:] == [("Attempts", c.name, c.meaning) for c in COLUMNS] + [("Principles", c.name, c.meaning) for c in PRINCIPLE_COLUMNS]


def test_the_summary_adds_up(tmp_path: Path) -> None:
    keep(tmp_path, *EXPERT, person="1", team="North", number=1)
    keep(tmp_path, *SORRY, person="2", team="South", number=2)
    book = written(tmp_path)[0]
    conduct = [row[12].value for row in book["Attempts"].iter_rows(min_row=2)]
    lines = [tuple(cell.value for cell in row if cell.value is not None) for row in book["Summary"]]
    assert lines[:2] == [("ServiceSim",), ("names", "with names")]
    title = book["Attempts"]["G2"].value
    mean = int(round(sum(conduct) * 100) // 2) / 100
    assert ("late-parcel", title, 2, 1, 50, mean) in lines
    assert ("North", 1, 1, 100, conduct[0]) in lines
    assert ("South", 1, 0, 0, conduct[1]) in lines


def test_what_a_sheet_cannot_hold_goes_to_the_next(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(xlsx, "MOST_ROWS", 4)
    for number in range(7):
        keep(tmp_path, *EXPERT, number=number)
    book, done = written(tmp_path, with_principles=False)
    assert book.sheetnames == ["Summary", "Attempts", "Attempts 2", "Attempts 3", "Columns"]
    told = [sheet.cell(row, 1).value for sheet in book.worksheets[1:4] for row in range(2, sheet.max_row + 1)]
    assert told == [f"attempt-{number}" for number in range(7)]
    assert all(sheet.auto_filter.ref and sheet["A1"].value == "attempt" for sheet in book.worksheets[1:4])
    assert done.rows == 7


@pytest.mark.parametrize("text", ["x" * 40_000, "\U0001f9d1" * 20_000])
def test_a_text_that_is_too_long_for_a_cell_is_cut_and_says_so(text: str, tmp_path: Path) -> None:
    keep(tmp_path, *EXPERT, name=text)
    book, done = written(tmp_path, with_principles=False)
    told = book["Attempts"]["D2"].value
    assert told == f"{text[:16_000]} … (cut: {len(text):,} characters)"
    assert done.cut == 1
    assert ("texts cut to fit into a cell", "1") in [(row[0].value, row[1].value) for row in book["Summary"]]


def test_a_text_that_just_fits_is_whole(tmp_path: Path) -> None:
    keep(tmp_path, *EXPERT, name="\U0001f9d1" * 16_000)
    book, done = written(tmp_path, with_principles=False)
    assert (len(book["Attempts"]["D2"].value), done.cut) == (16_000, 0)


def test_a_cell_that_is_not_written_is_never_passed_over() -> None:
    xlsx.demand(0)
    with pytest.raises(RuntimeError, match="was not written as it is"):
        xlsx.demand(-2)


def test_the_writer_tells_what_it_refuses(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """The control: what XlsxWriter leaves out is told by its return code, and heard."""
    keep(tmp_path, *EXPERT)
    monkeypatch.setattr(xlsx, "LONGEST", 100_000)
    keep(tmp_path, *EXPERT, name="no other test has this name " * 1_500, number=1)  # a text that fitted before is known
    with pytest.raises(RuntimeError):
        written(tmp_path)
    assert list(tmp_path.glob("tmp*")) != []  # its parts are left to the folder that hand_over makes for them


def test_dates_are_written_as_a_mapping_says() -> None:
    assert xlsx.excel_date("DD.MM.YYYY hh:mm:ss") == "dd.mm.yyyy hh:mm:ss"
    assert xlsx.excel_date("YYYY-MM-DDThh:mmZZ") == 'yyyy-mm-dd"T"hh:mm'
