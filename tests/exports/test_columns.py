"""Mappings: the columns that another system wants, and all that can be wrong in the file that names them."""

from __future__ import annotations

import io
from datetime import timedelta, timezone
from pathlib import Path

import openpyxl
import pytest

from exports.kept import EXPERT, SORRY, keep, rows
from servicesim import shipped
from servicesim.commands.export import mapping_names
from servicesim.errors import FilesHaveFindings
from servicesim.exports import csv, xlsx
from servicesim.exports.clock import Clock
from servicesim.exports.columns import CODES, Layout, demand_layout, load_layout, plain
from servicesim.exports.ended import ended
from servicesim.exports.filters import Filter
from servicesim.exports.rows import COLUMNS
from servicesim.records import open_people, open_records
from servicesim.scenario.source import parse

WHOLE = """\
servicesim: 1
title: For the payroll
rows: {attempts: last, passed: true}
columns:
  - {heading: Employee, from: person}
  - {from: conduct, number: "0,0"}
  - {heading: Day, from: ended, date: DD.MM.YYYY hh:mm}
  - {heading: Result, from: passed, words: {true: OK, false: repeat}}
  - {heading: Mood, from: outcome, words: {delighted: ":)"}}
  - {heading: System, always: "=ServiceSim"}
"""


def found(text: str) -> list[str]:
    layout, findings = load_layout(parse(text))
    assert (layout is None) == bool(findings)
    return [str(finding) for finding in findings]


def layout_of(text: str) -> Layout:
    layout, findings = load_layout(parse(text))
    assert layout is not None, findings
    return layout


def test_columns_come_out_as_the_mapping_says(tmp_path: Path) -> None:
    keep(tmp_path, *EXPERT, number=0)
    keep(tmp_path, *SORRY, number=1)
    layout = layout_of(WHOLE)
    assert (layout.attempts, layout.passed, layout.one_encounter, layout.names) == ("last", True, False, ["Employee"])
    clock = Clock(timezone(timedelta(hours=1)))
    with open_records(tmp_path) as records, open_people(tmp_path) as people, (tmp_path / "out.csv").open("wb") as file:
        csv.write(file, ended(records, people, with_names=True), layout.fields, clock)
    told = rows(tmp_path / "out.csv")
    assert list(told[0]) == ["Employee", "conduct", "Day", "Result", "Mood", "System"]
    assert told[0] | {"conduct": ""} == {
        "Employee": "1042", "conduct": "", "Day": "26.10.2026 08:34", "Result": "OK", "Mood": ":)", "System": "'=ServiceSim",
    }  # fmt: skip
    assert (told[1]["Result"], told[1]["Mood"]) == ("repeat", "satisfied" if told[1]["Mood"] == "satisfied" else "dissatisfied")
    with open_records(tmp_path) as records, open_people(tmp_path) as people:
        exact = [csv.told(row)[12] for row in ended(records, people)]
    assert [row["conduct"] for row in told] == [f"{int(float(conduct) * 10 + 1e-6) / 10:.1f}".replace(".", ",") for conduct in exact]


def test_a_workbook_takes_the_same_mapping(tmp_path: Path) -> None:
    keep(tmp_path, *EXPERT)
    file = io.BytesIO()
    with open_records(tmp_path) as records, open_people(tmp_path) as people:
        xlsx.write(file, tmp_path, ended(records, people, with_names=True), layout_of(WHOLE).fields, Clock(), [])
    sheet = openpyxl.load_workbook(file)["Attempts"]
    assert [cell.value for cell in sheet[1]] == ["Employee", "conduct", "Day", "Result", "Mood", "System"]
    assert [cell.data_type for cell in sheet[2]] == ["s", "n", "d", "s", "s", "s"]
    assert (sheet["B2"].number_format, sheet["C2"].number_format, sheet["F2"].value) == ("0.0", "dd.mm.yyyy hh:mm", "=ServiceSim")


@pytest.mark.parametrize(
    ("cell", "pattern", "text"),
    [(74.99, "0", "74"), (74.99, "0.0", "74.9"), (75, "0.00", "75.00"), (74.99, "0,0000", "74,9900"), (-12, "0.0", "-12.0"), (0.07, "0.00", "0.07")],
)
def test_numbers_are_rounded_down(cell: float, pattern: str, text: str) -> None:
    assert csv.written_number(cell, pattern=pattern) == text


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ("columns: [{from: conduct}]", ["<text>:1:1: M002 the version of the format is missing; begin the file with 'servicesim: 1'"]),
        ("servicesim: 1", ["<text>:1:1: M002 a mapping needs a list of columns; write 'columns:' and below it a line '- from: attempt' for each"]),
        ("servicesim: 1\ncolumns: []", ["<text>:2:10: M002 a mapping needs a list of columns; write 'columns:' and below it a line '- from: attempt' for each"]),
        ("servicesim: 1\ncolumns: [{form: conduct}]", ["<text>:2:12: M001 there is no field 'form' here; did you mean 'from'?", "<text>:2:11: M002 a column needs either 'from' or 'always'; write 'from: conduct' for a column of ours, 'always: text' for the same in every row"]),
        ("servicesim: 1\ncolumns: [{from: condukt}]", ["<text>:2:18: M004 there is no column 'condukt'; did you mean 'conduct'?"]),
        ("servicesim: 1\ncolumns: [conduct]", ["<text>:2:11: M003 fields are expected here, each with a colon; write it as {from: conduct}", "<text>:2:11: M002 a column needs either 'from' or 'always'; write 'from: conduct' for a column of ours, 'always: text' for the same in every row"]),
        ("servicesim: 1\ncolumns: [{from: conduct, number: 0.0}]", ["<text>:2:35: M003 'number' wants a text; put it in quotes"]),
        ('servicesim: 1\ncolumns: [{from: conduct, number: "0.0.0"}]', ["<text>:2:35: M005 '0.0.0' is no way to write this; write it as \"0\", \"0.00\" or \"0,00\""]),
        ('servicesim: 1\ncolumns: [{from: ended, date: "%Y"}]', ["<text>:2:31: M005 '%Y' is no way to write this; use YYYY MM DD hh mm ss ZZ, with other signs between them"]),
        ('servicesim: 1\ncolumns: [{from: team, number: "0"}]', ["<text>:2:32: M005 'number' does not fit this column; possible here: words"]),
        ('servicesim: 1\ncolumns: [{heading: A, always: x, words: {a: b}}]', ["<text>:2:42: M005 'words' does not fit this column; remove it"]),
        ("servicesim: 1\ncolumns: [{from: team}, {heading: team, from: encounter}]", ["<text>:2:25: M006 there are two columns with the heading 'team'; give one of them another heading"]),
        ("servicesim: 1\nrows: {attempts: newest, passed: 1}\ncolumns: [{from: team}]", ["<text>:2:18: M003 'newest' is not possible for 'attempts'; possible are: all, first, best, last", "<text>:2:34: M003 'passed' is true or false; write true or false"]),
        ("servicesim: 1\nrows: best\ncolumns: [{from: team}]", ["<text>:2:7: M003 fields are expected here, each with a colon"]),
        ("servicesim: true\ncolumns: [{from: team}]", ["<text>:1:13: M002 the version of the format is missing; begin the file with 'servicesim: 1'"]),
        ("- a", ["<text>:1:1: F009 the file is a list; begin it with 'servicesim: 1' and write each field on a line of its own"]),
    ],
)  # fmt: skip
def test_what_is_wrong_in_a_mapping_is_told_with_its_line(text: str, told: list[str]) -> None:
    assert sorted(found(text)) == sorted(told)


def test_every_code_says_what_it_is() -> None:
    source = Path(load_layout.__code__.co_filename).read_text(encoding="utf-8")
    assert all(f'_find("{code}"' in source for code in CODES)


def test_a_file_with_findings_is_refused_with_all_of_them(tmp_path: Path) -> None:
    file = tmp_path / "mapping.yaml"
    file.write_text("servicesim: 2\ncolumns: [{from: nmae}]\n", encoding="utf-8")
    with pytest.raises(FilesHaveFindings) as told:
        demand_layout(file)
    assert [line.split(": ")[1].split()[0] for line in str(told.value).splitlines()[:-1]] == ["M002", "M004"]


@pytest.mark.parametrize("name", mapping_names())
def test_every_mapping_that_is_shipped_is_right(name: str) -> None:
    assert demand_layout(shipped.assets() / "mappings" / f"{name}.yaml").fields


def test_the_mapping_for_moodle_is_the_one_in_the_page_for_hr() -> None:
    page = (Path(__file__).parents[2] / "docs" / "hr.md").read_text(encoding="utf-8")
    shown = (shipped.assets() / "mappings" / "moodle.yaml").read_text(encoding="utf-8")
    body = "".join(f"    {line}\n" for line in shown.splitlines() if not line.startswith("#"))
    assert body in page
    assert demand_layout(shipped.assets() / "mappings" / "moodle.yaml").attempts == "best"


def test_all_our_columns_can_be_mapped() -> None:
    assert [field.name for field in plain(COLUMNS).fields] == [column.name for column in COLUMNS]
    columns = "".join(f"  - from: {column.name}\n" for column in COLUMNS)
    assert layout_of(f"servicesim: 1\ncolumns:\n{columns}").fields == plain(COLUMNS).fields
    assert Filter().attempts == "all"
