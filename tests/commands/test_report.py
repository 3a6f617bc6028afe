"""`servicesim report`: one file, whole or not there, and a line in the log."""

from __future__ import annotations

import hashlib
import os
import shutil
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from exports.kept import EXPERT, OUT, STARTED, keep
from servicesim.cli import run
from servicesim.errors import StoreFull
from servicesim.records import open_records

Capture = pytest.CaptureFixture[str]


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory) -> Path:
    place = tmp_path_factory.mktemp("records")
    for number in range(6):
        keep(place, *(EXPERT if number % 2 else OUT), number=number, person=f"10{number}", name=f"Aylin Duman {number}", team="Desk 3")
    keep(place, *EXPERT, number=6, person="100", name="Aylin Duman 0", team="Desk 3")
    return place


@pytest.fixture
def folder(made: Path, tmp_path: Path) -> Path:
    return Path(shutil.copytree(made, tmp_path / "records"))


def outcome(capsys: Capture, *arguments: object) -> tuple[int, str, str]:
    code = run(["report", *map(str, arguments)])
    told = capsys.readouterr()
    return code, told.out, told.err


def test_a_report_is_one_file_and_a_line_in_the_log(folder: Path, tmp_path: Path, capsys: Capture) -> None:
    path = tmp_path / "out" / "report.html"
    path.parent.mkdir()
    assert outcome(capsys, "-o", path, "--records", folder, "--team", "Desk 3") == (0, f"{path}: 6 attempts\n", "")
    assert os.listdir(path.parent) == ["report.html"]
    with open_records(folder, read_only=True) as records:
        (line,) = records.export_log()
    assert (line.kind, line.rows, line.with_names) == ("report", 6, False)
    assert line.filter == "team Desk 3; the first attempt of each person at each encounter"
    assert line.sha256 == hashlib.sha256(path.read_bytes()).hexdigest()


def test_the_report_names_nobody(folder: Path, tmp_path: Path, capsys: Capture) -> None:
    outcome(capsys, "-o", tmp_path / "report.html", "--records", folder)
    told = (tmp_path / "report.html").read_text(encoding="utf-8")
    assert "Aylin" not in told
    assert "Desk 3" in told


@pytest.mark.parametrize(("language", "title"), [("en", "Training report"), ("tr", "Eğitim raporu"), ("az", "Təlim hesabatı"), ("fa", "گزارش آموزش"), ("he", "דוח הדרכה")])
def test_a_report_is_told_in_the_language_asked_for(folder: Path, tmp_path: Path, capsys: Capture, language: str, title: str) -> None:
    assert outcome(capsys, "-o", tmp_path / "r.html", "--records", folder, "--language", language, "--by", "cohort")[0] == 0
    told = (tmp_path / "r.html").read_text(encoding="utf-8")
    assert f"<h1>{title}</h1>" in told
    assert f'<html lang="{language}"' in told
    assert '<bdi lang="en">The coat that stayed away</bdi>' in told
    assert ('<bdi lang="en" dir="ltr">Greet like a host</bdi>' in told) == (language == "en")  # principles are translated


def test_the_page_of_a_person_has_all_attempts_and_the_name_only_if_asked_for(folder: Path, tmp_path: Path, capsys: Capture) -> None:
    path = tmp_path / "100.html"
    assert outcome(capsys, "-o", path, "--records", folder, "--person", "100")[:2] == (0, f"{path}: 2 attempts\n")
    assert "Aylin" not in path.read_text(encoding="utf-8")
    assert outcome(capsys, "-o", path, "--records", folder, "--person", "100", "--with-names")[0] == 0
    assert "Training record of <bdi>Aylin Duman 0</bdi>" in path.read_text(encoding="utf-8")
    with open_records(folder, read_only=True) as records:
        assert [line.with_names for line in records.export_log()] == [False, True]


@pytest.mark.parametrize(
    ("arguments", "why"),
    [
        (["--with-names"], "--with-names goes with --person: the report of groups names nobody"),
        (["--person", "100", "--by", "team"], "--by is for groups, and goes without --person"),
        (["--person", "nobody"], "nobody is kept here as 'nobody'"),
        (["--since", "soon"], "'soon' is no day"),
        (["--since", "2026-10-02", "--until", "2026-10-01"], "--until comes before --since"),
        (["--language", "la"], "'la' is not one of"),
    ],
)
def test_what_cannot_be_reported_is_told(folder: Path, tmp_path: Path, capsys: Capture, arguments: list[str], why: str) -> None:
    code, out, err = outcome(capsys, "-o", tmp_path / "r.html", "--records", folder, *arguments)
    assert (code, out) == (2, "")
    assert why in err
    assert not (tmp_path / "r.html").exists()


def test_a_report_is_never_written_over_the_records(folder: Path, capsys: Capture) -> None:
    before = (folder / "people.db").read_bytes()
    code, _, err = outcome(capsys, "-o", folder / "people.db", "--records", folder)
    assert (code, "holds the records themselves" in err) == (2, True)
    assert (folder / "people.db").read_bytes() == before


def test_a_disk_that_is_full_leaves_the_report_that_was_there(folder: Path, tmp_path: Path) -> None:
    path = tmp_path / "r.html"
    path.write_text("old", encoding="utf-8")
    limited = (
        "import resource, sys; resource.setrlimit(resource.RLIMIT_FSIZE, (9_000, 9_000));"
        "from servicesim.cli import main; main(sys.argv[1:])"
    )
    # -B: what Python compiles would be cut off as well, and kept for others.
    command = [sys.executable, "-B", "-c", limited, "report", "-o", str(path), "--records", str(folder)]
    done = subprocess.run(command, capture_output=True, text=True, timeout=60, check=False)
    assert (done.returncode, done.stdout) == (4, "")
    assert done.stderr == f"no room is left on the disk that holds {path}: make room there and try again\n"
    assert path.read_text(encoding="utf-8") == "old"
    assert sorted(one.name for one in tmp_path.iterdir() if one.name.startswith((".", "r."))) == ["r.html"]


def test_a_name_leaves_only_where_the_log_can_be_kept(folder: Path, tmp_path: Path, capsys: Capture, monkeypatch: pytest.MonkeyPatch) -> None:
    def full(*_: Any, **__: Any) -> int:
        raise StoreFull("no room is left on the disk that holds records.db: make room there and try again")

    monkeypatch.setattr("servicesim.records.records.Records.log_export", full)
    code, _, err = outcome(capsys, "-o", tmp_path / "r.html", "--records", folder, "--person", "100", "--with-names")
    assert (code, "names are handed over only where the log of exports can be kept" in err) == (4, True)
    assert not (tmp_path / "r.html").exists()
    code, _, err = outcome(capsys, "-o", tmp_path / "r.html", "--records", folder, "--person", "100")
    assert (code, "the log of exports has no line for this" in err) == (0, True)
    assert (tmp_path / "r.html").exists()


def test_the_attempt_that_began_last_at_an_encounter_is_found(folder: Path) -> None:
    with open_records(folder, read_only=True) as records:
        last = records.latest("late-parcel")
        assert last is not None
        assert (last.id, last.started) == ("attempt-6", STARTED + 6)
        assert records.latest("lost-key") is None
