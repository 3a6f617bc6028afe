"""Hostile names in the files that HR opens: every one is shown, none is computed, whoever opens the file."""

from __future__ import annotations

import csv
import os
import re
import subprocess
import unicodedata
import zipfile
from pathlib import Path
from xml.etree import ElementTree

import openpyxl
import pytest

from exports.hostile import NAMES
from exports.kept import EXPERT, keep, rows
from servicesim.cli import run
from servicesim.exports.rows import COLUMNS
from tools import program

NAME, TEAM = (next(place for place, column in enumerate(COLUMNS) if column.name == name) for name in ("name", "team"))


@pytest.fixture(scope="module")
def handed(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder in which everybody's name and team is hostile, as CSV and as a workbook."""
    folder = tmp_path_factory.mktemp("hostile")
    for number, name in enumerate(NAMES):
        keep(folder, *EXPERT, name=name, team=name, person=f"p{number}", number=number)
    for kind in ("csv", "xlsx"):
        assert run(["export", "--format", kind, "--with-names", "-o", str(folder / f"scores.{kind}"), "--records", str(folder)]) == 0
    return folder


def solid(text: str) -> str:
    """What of a name must be there again; a CR LF and the like may come back as another line break."""
    kept = "".join(one for one in text if unicodedata.category(one) not in ("Cc", "Cf", "Cs", "Cn"))
    return kept.strip().removeprefix("'").strip()


def runs(cell: str) -> bool:
    """Whether a spreadsheet might take a cell of a CSV for a formula."""
    seen = next((one for one in cell if not one.isspace() and unicodedata.category(one) not in ("Cf", "Cc")), "")
    return unicodedata.normalize("NFKC", seen) in ("=", "+", "-", "@") or cell[:1] in ("\t", "\r", "\n")


def test_no_name_in_the_csv_looks_like_a_formula(handed: Path) -> None:
    told = rows(handed / "scores.csv")
    assert [row["person"] for row in told] == [f"p{number}" for number in range(len(NAMES))]
    for name, row in zip(NAMES, told, strict=True):
        assert not runs(row["name"])
        assert not runs(row["team"])
        assert solid(row["name"]) == solid(name)


def test_the_workbook_holds_no_formula_and_every_name_as_a_text(handed: Path) -> None:
    with zipfile.ZipFile(handed / "scores.xlsx") as book:
        for sheet in (name for name in book.namelist() if name.startswith("xl/worksheets/")):
            root = ElementTree.fromstring(book.read(sheet))
            assert [part.tag for part in root.iter() if part.tag.endswith("}f")] == [], sheet
            assert "hyperlink" not in book.read(sheet).decode()
        assert not any("external" in name.lower() for name in book.namelist())
    sheet = openpyxl.load_workbook(handed / "scores.xlsx")["Attempts"]
    cells = [sheet.cell(number + 2, NAME + 1) for number in range(len(NAMES))]
    assert {cell.data_type for cell in cells} == {"s"}
    assert [_unescaped(str(cell.value)) for cell in cells] == [_shown(name) for name in NAMES]


def _unescaped(text: str) -> str:
    """As Excel reads it; openpyxl leaves _x0041_ for A to others."""
    return re.sub("_x([0-9A-F]{4})_", lambda code: chr(int(code[1], 16)), text)


def _shown(name: str) -> str:
    text = re.sub("[\x00-\x08\x0b\x0c\x0e-\x1f\u202e\ufeff]", "", name).replace("\r\n", "\n").replace("\r", "\n")
    return f"{text} " if text.startswith("<r>") else text


@pytest.mark.parametrize("kind", ["csv", "xlsx"])
def test_libreoffice_computes_no_cell(handed: Path, kind: str, tmp_path: Path) -> None:
    flat = converted(handed / f"scores.{kind}", tmp_path)
    # What is true or false is a formula for LibreOffice, in every workbook.
    assert set(formulas(flat)) <= {"of:=TRUE()", "of:=FALSE()"}
    texts = {solid(text) for text in _texts(flat)}
    assert [name for name in NAMES if solid(name) not in texts] == []


def test_libreoffice_computes_what_is_a_formula(tmp_path: Path) -> None:
    """The control: the test above would see a formula."""
    with (tmp_path / "bare.csv").open("w", encoding="utf-8", newline="") as file:
        csv.writer(file, quoting=csv.QUOTE_ALL).writerows([["name"], ["=1+1"]])
    flat = converted(tmp_path / "bare.csv", tmp_path)
    assert formulas(flat) == ["of:=1+1"]


def formulas(flat: ElementTree.Element) -> list[str]:
    return [value for part in flat.iter() for name, value in part.attrib.items() if name.endswith("}formula")]


def _texts(flat: ElementTree.Element) -> list[str]:
    """The texts of the cells; LibreOffice writes a line break in a cell as another paragraph."""
    cells = [part for part in flat.iter() if part.tag.endswith("}table-cell")]
    return ["".join("".join(line.itertext()) for line in cell if line.tag.endswith("}p")) for cell in cells]


def converted(path: Path, folder: Path) -> ElementTree.Element:
    """The file as LibreOffice understands it: opened as by somebody who double-clicks it, with formulas in quoted fields evaluated."""
    profile = f"-env:UserInstallation={(folder / 'profile').as_uri()}"
    # Token 4: from the first line; 7: quoted fields are no texts as such; 9: formulas are evaluated.
    options = ["--infilter=CSV:44,34,76,1,,0,false,true,false,false,false,-1,true"] if path.suffix == ".csv" else []
    command = [program("soffice"), profile, "--headless", *options, "--convert-to", "fods", "--outdir", str(folder / "out"), str(path)]
    environment = {**os.environ, "HOME": str(folder)}
    subprocess.run(command, check=True, capture_output=True, timeout=120, env=environment)
    return ElementTree.parse(folder / "out" / f"{path.stem}.fods").getroot()
