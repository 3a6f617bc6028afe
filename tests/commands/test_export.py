"""`servicesim export`, as HR types it."""

from __future__ import annotations

import json
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from benchmarks.exports import peak_of
from benchmarks.exports_filler import fill
from exports.kept import EXPERT, OUT, SORRY, STARTED, keep, rows
from servicesim.cli import run
from servicesim.commands.progress import watched
from servicesim.records import open_people, open_records

DAY = 86_400_000


@pytest.fixture
def here(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """An empty folder to write to, and records at home: Leyla got worse, and Omid failed the day after."""
    home = tmp_path / "home"
    keep(home, *EXPERT, person="leyla", name="Leyla", team="North", number=1)
    keep(home, *SORRY, person="leyla", name="Leyla", team="North", number=2)
    keep(home, *OUT, person="omid", name="Omid", team="South", number=3, started=STARTED + DAY)
    (tmp_path / "here").mkdir()
    monkeypatch.chdir(tmp_path / "here")
    return tmp_path / "here"


def handed(*arguments: str) -> list[str]:
    assert run(["export", "-o", "scores.csv", "--times", "utc", *arguments]) == 0
    return [row["attempt"] for row in rows(Path("scores.csv"))]


@pytest.mark.parametrize(
    ("arguments", "attempts"),
    [
        ((), ["attempt-1", "attempt-2", "attempt-3"]),
        (("--attempts", "best"), ["attempt-1", "attempt-3"]),
        (("--attempts", "last"), ["attempt-2", "attempt-3"]),
        (("--team", "North"), ["attempt-1", "attempt-2"]),
        (("--person", "omid"), ["attempt-3"]),
        (("--until", "2026-10-26"), ["attempt-1", "attempt-2"]),
        (("--since", "2026-10-27"), ["attempt-3"]),
        (("--since", "2026-10-26", "--until", "2026-10-27", "--attempts", "first"), ["attempt-1", "attempt-3"]),
        (("--encounter", "late-parcel", "--encounter", "twins"), ["attempt-1", "attempt-2", "attempt-3"]),
        (("--encounter", "twins"), []),
    ],
)
@pytest.mark.usefixtures("here")
def test_what_is_asked_for_is_handed_over(arguments: tuple[str, ...], attempts: list[str]) -> None:
    assert handed(*arguments) == attempts


@pytest.mark.usefixtures("here")
def test_nobody_is_named_unless_asked(capsys: pytest.CaptureFixture[str]) -> None:
    for kind in ("csv", "jsonl", "xapi"):
        assert run(["export", "--format", kind, "--principles" if kind == "csv" else "--no-principles", "-o", f"scores.{kind}"]) == 0
    for path in Path().iterdir():
        assert "eyla" not in path.read_text(encoding="utf-8"), path
    assert run(["export", "--with-names", "-o", "named.csv"]) == 0
    assert [row["name"] for row in rows(Path("named.csv"))] == ["Leyla", "Leyla", "Omid"]
    assert json.loads(Path("named.csv.manifest.json").read_text(encoding="utf-8"))["with_names"] is True
    assert "named.csv: 3 attempts\n" in capsys.readouterr().out


@pytest.mark.usefixtures("here")
def test_a_person_is_in_the_log_by_a_random_id_only(tmp_path: Path) -> None:
    assert handed("--person", "omid") == ["attempt-3"]
    with open_records(tmp_path / "home") as records, open_people(tmp_path / "home") as people:
        omid = people.named("omid")
        assert omid is not None
        assert [one.filter for one in records.export_log()] == [f"learner {omid.learner}"]


def test_grades_for_moodle(here: Path, capsys: pytest.CaptureFixture[str]) -> None:
    asked = ["export", "--columns", "moodle", "--encounter", "late-parcel", "--with-names", "-o", "grades.csv"]
    assert run(asked) == 0
    told = rows(here / "grades.csv")
    assert [(row["ID number"], row["Feedback"], row["Source"]) for row in told] == [
        ("leyla", "Passed", "ServiceSim"), ("omid", "Not passed yet", "ServiceSim"),
    ]  # fmt: skip
    assert [len(row["Grade"].split(".")[1]) for row in told] == [2, 2]
    assert run([*asked, "--attempts", "last"]) == 0
    assert [row["Feedback"] for row in rows(here / "grades.csv")] == ["Not passed yet", "Not passed yet"]
    assert capsys.readouterr().out == "grades.csv: 2 attempts\n" * 2


@pytest.mark.usefixtures("here")
@pytest.mark.parametrize(
    ("arguments", "told"),
    [
        (["--columns", "moodle", "--encounter", "late-parcel"], "the columns of moodle tell who somebody is ('ID number'): add --with-names if that may be"),
        (["--columns", "moodle", "--with-names"], "moodle is for one encounter at a time: add --encounter ID"),
        (["--columns", "moodel"], "no mapping of columns is called 'moodel'; did you mean 'moodle'?"),
        (["--columns", "sap"], "no mapping of columns is called 'sap'; there are: moodle; or name a file"),
        (["--columns", "moodle", "--format", "jsonl"], "--columns is for csv and xlsx: the other kinds have one form only"),
        (["--format", "xapi", "--with-names"], "--with-names is not for xapi: statements bear a learner id, and are about what counts"),
        (["--format", "xapi", "--with-practice"], "--with-practice is not for xapi: statements bear a learner id, and are about what counts"),
        (["--format", "xapi", "--home", "example"], "'example' is no web address; write it like https://training.example.com"),
        (["--home", "https://example.com"], "--home is for --format xapi"),
        (["--format", "jsonl", "--principles"], "--principles is for csv and xlsx: the other kinds have the principles in them"),
        (["--since", "soon"], "'soon' is no day; write it as 2026-10-31"),
        (["--since", "2026-10-02", "--until", "2026-10-01"], "--until comes before --since: no attempt can have begun then"),
        (["--person", "nobody"], "nobody is kept here as 'nobody'; write the id that the company uses for them"),
        (["--attempts", "worst"], "Invalid value for '--attempts': 'worst' is not one of 'all', 'first', 'best', 'last'; try: servicesim export --help"),
    ],
)
def test_what_cannot_be_done_is_told(arguments: list[str], told: str, capsys: pytest.CaptureFixture[str]) -> None:
    assert run(["export", "-o", "scores", *arguments]) == 2
    assert capsys.readouterr() == ("", f"{told}\n")
    assert list(Path().iterdir()) == []


@pytest.mark.usefixtures("here")
def test_what_is_wrong_in_a_mapping_is_told_with_its_line(capsys: pytest.CaptureFixture[str]) -> None:
    Path("sap.yaml").write_text("servicesim: 1\ncolumns:\n  - from: nmae\n", encoding="utf-8")
    assert run(["export", "-o", "scores", "--columns", "sap.yaml"]) == 1
    assert capsys.readouterr().err == (
        "sap.yaml:3:11: M004 there is no column 'nmae'; did you mean 'name'?\n"
        "what a code means, and an example mended: servicesim explain M004\n"
    )


@pytest.mark.usefixtures("here")
def test_a_folder_that_cannot_be_written_is_exported_with_a_warning(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    from servicesim.errors import StoreUnusable

    def refuse(*_: object, **__: object) -> int:
        raise StoreUnusable("records.db cannot be written")

    monkeypatch.setattr("servicesim.records.records.Records.log_export", refuse)
    assert run(["export", "-o", "scores.csv"]) == 0
    assert capsys.readouterr() == ("scores.csv: 3 attempts\n", "the log of exports has no line for this: records.db cannot be written\n")


@pytest.mark.usefixtures("here")
def test_a_text_that_was_cut_is_told(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    keep(tmp_path / "home", *EXPERT, person="long", name="x" * 40_000, number=9)
    assert run(["export", "--format", "xlsx", "--no-principles", "--with-names", "-o", "scores.xlsx"]) == 0
    assert capsys.readouterr().err == "1 texts were too long for a cell, and end with a word that says so; csv and jsonl hold them whole\n"


@pytest.mark.usefixtures("here")
def test_statements_are_counted(capsys: pytest.CaptureFixture[str]) -> None:
    assert run(["export", "--format", "xapi", "--home", "https://example.com/", "-o", "told.jsonl"]) == 0
    lines = Path("told.jsonl").read_text(encoding="utf-8").splitlines()
    assert capsys.readouterr().out == f"told.jsonl: {len(lines)} statements of 3 attempts\n"
    assert all('"homePage":"https://example.com/learners"' in line for line in lines)


def test_a_bar_shows_how_far_it_has_come_and_goes_away(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> None:
    monkeypatch.setattr("sys.stderr.isatty", lambda: True, raising=False)
    monkeypatch.setenv("TERM", "xterm")
    now = round(time.time() * 1000)

    def rows_of_a_year() -> Iterator[int]:
        yield from range(now - 1000 * DAY // 2, now, DAY // 2)

    with watched("writing [red]scores.csv", lambda row: row) as watch:
        assert sum(1 for _ in watch(rows_of_a_year())) == 1000
    told = capsys.readouterr()
    assert told.out == ""
    assert "writing [red]scores.csv" in told.err
    assert "attempts" in told.err


def test_nobody_who_is_not_there_sees_a_bar(capsys: pytest.CaptureFixture[str]) -> None:
    with watched("writing", lambda row: row) as watch:
        assert list(watch(iter([1, 2]))) == [1, 2]
    assert capsys.readouterr() == ("", "")


@pytest.fixture(scope="module")
def few_and_many(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, Path]:
    """Records with 300 attempts, and with ten times as many."""
    few, many = (tmp_path_factory.mktemp(f"{count}-attempts") for count in (300, 3000))
    fill(few, 300, plays=20)
    fill(many, 3000, plays=20)
    return few, many


@pytest.mark.skipif(not Path("/proc/self/status").exists(), reason="the system does not tell the peak of memory")
@pytest.mark.parametrize("kind", ["csv", "jsonl"])
def test_ten_times_the_attempts_take_the_same_memory(kind: str, few_and_many: tuple[Path, Path], tmp_path: Path) -> None:
    few, many = (peak_of(["export", "--format", kind, "-o", str(tmp_path / "scores"), "--records", str(folder)]) for folder in few_and_many)
    assert few is not None
    assert many is not None
    assert many < few * 1.15
