"""`servicesim programme`: the plan, where one person stands, and where everybody does."""

from __future__ import annotations

import csv
import json
from datetime import date
from pathlib import Path

import pytest

from programme_files import LETTER, STEPS, UMBRELLA, WARM_UP, keep, laid_out, programme
from servicesim.cli import run
from servicesim.commands import programme as command
from servicesim.encounter.script import Script
from servicesim.records import open_people, open_records


@pytest.fixture
def week(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> str:
    """A programme, on Wednesday, in which Aylin has promised a letter and Omid has failed."""
    monkeypatch.setattr(command, "today", lambda: date(2026, 10, 28))
    with open_people(tmp_path / "records") as people, open_records(tmp_path / "records") as records:
        aylin = people.enrol("1042", "Aylin Duman", "Desk 3", "en")
        omid = people.enrol("1043", "Omid Rahimi", "Desk 1", "en")
        people.enrol("1044", "Grace Bell", "Desk 1", "en")
        keep(records, WARM_UP, "promise", learner=aylin, practice=True)
        keep(records, UMBRELLA, "promise", learner=aylin, day=1)
        keep(records, UMBRELLA, "gone", learner=omid)
        keep(records, UMBRELLA, "blunt", learner="nobody-known", day=1)
    return str(laid_out(tmp_path, programme(*STEPS)))


def told(capsys: pytest.CaptureFixture[str], *arguments: str) -> tuple[int, str, str]:
    code = run(["programme", *arguments])
    streams = capsys.readouterr()
    return code, streams.out, streams.err


def stands(tmp_path: Path) -> list[str]:
    return ["--records", str(tmp_path / "records")]


def test_without_a_name_all_programmes_are_listed(capsys: pytest.CaptureFixture[str]) -> None:
    code, out, _ = told(capsys)
    assert code == 0
    assert out.startswith("first-")
    assert "first-week: " in out
    assert told(capsys, "--json")[1].startswith('{\n "programmes": [')


def test_the_plan_says_what_is_asked_for(capsys: pytest.CaptureFixture[str], week: str) -> None:
    assert told(capsys, week)[1].splitlines() == [
        "A week (week): A first week at the desk.",
        "  warm-up     The umbrella: on the first day; not scored",
        "  umbrella    The umbrella: by day 1; pass with 75; after warm-up; at most 2 attempts",
        "  the-letter  The letter: an appointment, if promised in umbrella: within 2 days; pass with 75",
    ]
    assert json.loads(told(capsys, week, "--json")[1])["steps"][2]["promised_in"] == ["umbrella"]


def test_somebody_reads_what_to_do_next_and_how_every_step_stands(capsys: pytest.CaptureFixture[str], week: str, tmp_path: Path) -> None:
    code, out, _ = told(capsys, week, "--as", "1042", *stands(tmp_path))
    assert code == 0
    assert out.splitlines() == [
        "A week (week), 1042: 2 of 3 done (66 %), begun on 2026-10-26",
        "You promised Tomas Lind a call: 'The letter' (the-letter) by 2026-10-29.",
        "",
        "  done        warm-up     The umbrella: on 2026-10-26",
        "  done        umbrella    The umbrella: 100 of 75, on 2026-10-27",
        "  due soon    the-letter  The letter: by 2026-10-29",
        "",
        "promise to Tomas Lind (umbrella, 2026-10-27): promised, and still to come, by 2026-10-29",
        "good always: too early to say: 1 of 5 attempts (umbrella 100)",
        "by customer type (a report, no score): fan 100 (1 attempt)",
    ]


def test_a_program_reads_the_same(capsys: pytest.CaptureFixture[str], week: str, tmp_path: Path) -> None:
    now = json.loads(told(capsys, week, "--as", "1042", "--json", *stands(tmp_path))[1])
    assert (now["percent"], now["done"], now["needed"], now["start"]) == (66, 2, 3, "2026-10-26")
    assert now["next"] == {"do": "call", "encounter": "the-letter", "by": "2026-10-29"}
    assert now["steps"][2]["appointment"]["kept"] == "waiting"
    assert now["good_always"]["evidence"] == [{"attempt": now["steps"][1]["attempts"][0], "encounter": "umbrella", "conduct": 100, "pass": 75}]


def test_somebody_who_has_not_begun_is_invited(capsys: pytest.CaptureFixture[str], week: str, tmp_path: Path) -> None:
    lines = told(capsys, week, "--as", "1044", *stands(tmp_path))[1].splitlines()
    assert lines[:2] == ["A week (week), 1044: 0 of 3 done (0 %), not begun", "Begin with 'The umbrella' (warm-up)."]
    assert "  locked      the-letter  The letter: if you promise it in umbrella" in lines


def test_everybody_who_has_begun_is_told_of(capsys: pytest.CaptureFixture[str], week: str, tmp_path: Path) -> None:
    code, out, _ = told(capsys, week, "--everyone", *stands(tmp_path))
    assert code == 0
    assert [" ".join(line.split()) for line in out.splitlines()] == [
        "A week (week): 3 people have begun it",
        "person name team begun done overdue promises next",
        "1043 Omid Rahimi Desk 1 2026-10-26 0 of 3 warm-up – warm-up",
        "1042 Aylin Duman Desk 3 2026-10-26 2 of 3 – – the-letter",
        "learner nobody-known 2026-10-27 0 of 3 warm-up – warm-up",
        "1 person known here has not begun it",
    ]
    people = json.loads(told(capsys, week, "--everyone", "--json", *stands(tmp_path))[1])["people"]
    assert [(one["person"], one["percent"]) for one in people] == [("1043", 0), ("1042", 66), (None, 0)]


def test_no_name_becomes_a_formula_or_a_cell_of_its_own(capsys: pytest.CaptureFixture[str], week: str, tmp_path: Path) -> None:
    with open_people(tmp_path / "records") as people, open_records(tmp_path / "records") as records:
        keep(records, UMBRELLA, "gone", learner=people.enrol("1050", '=Smith, "Jo"', "+Desk", "en"))
    file = tmp_path / "week.csv"
    told(capsys, week, "--everyone", "-o", str(file), "--with-names", *stands(tmp_path))
    rows = list(csv.DictReader(file.read_text(encoding="utf-8-sig").splitlines()))
    assert {(row["name"], row["team"]) for row in rows if row["person"] == "1050"} == {("'=Smith, \"Jo\"", "'+Desk")}


def test_hr_takes_it_as_a_file_that_names_nobody_unless_asked_to(capsys: pytest.CaptureFixture[str], week: str, tmp_path: Path) -> None:
    file = tmp_path / "week.csv"
    code, out, err = told(capsys, week, "--everyone", "-o", str(file), *stands(tmp_path))
    assert (code, err) == (0, "")
    assert out.endswith("week.csv: 3 people\n")
    rows = list(csv.DictReader(file.read_text(encoding="utf-8-sig").splitlines()))
    assert len(rows) == 9
    assert {row["name"] for row in rows} == {row["person"] for row in rows} == {""}
    assert [(row["encounter"], row["state"], row["conduct"], row["appointment"]) for row in rows[3:6]] == [
        ("warm-up", "done", "", ""), ("umbrella", "done", "100", ""), ("the-letter", "due-soon", "", "waiting"),
    ]  # fmt: skip
    told(capsys, week, "--everyone", "-o", str(file), "--with-names", *stands(tmp_path))
    assert "Aylin Duman" in file.read_text(encoding="utf-8-sig")
    with open_records(tmp_path / "records", read_only=True) as records:
        assert [(one.kind, one.rows, one.with_names) for one in records.export_log()] == [("programme", 9, False), ("programme", 9, True)]


@pytest.mark.parametrize(
    ("arguments", "why"),
    [
        (["--as", "1042"], "which programme? servicesim programme lists them"),
        (["first-week", "--as", "1042", "--everyone"], "--as is one person, --everyone all"),
        (["first-week", "--play"], "who plays? add --as ID"),
        (["first-week", "-o", "x.csv"], "-o goes with --everyone"),
        (["first-week", "--everyone", "--with-names"], "--with-names goes with -o"),
        (["first-weak"], "no programme is called 'first-weak'; did you mean 'first-week'?"),
        (["nowhere.yaml"], "there is no programme file nowhere.yaml"),
        (["."], ". is a folder; name a programme file"),
    ],
)
def test_what_cannot_be_done_says_why(capsys: pytest.CaptureFixture[str], arguments: list[str], why: str) -> None:
    code, out, err = told(capsys, *arguments)
    assert (code, out) == (2, "")
    assert why in err


def test_an_unknown_person_is_told_of(capsys: pytest.CaptureFixture[str], week: str, tmp_path: Path) -> None:
    assert told(capsys, week, "--as", "9999", *stands(tmp_path))[::2] == (2, "nobody is kept here as '9999'; write the id that the company uses for them\n")


def test_a_letter_that_came_too_late_is_told_as_such(capsys: pytest.CaptureFixture[str], week: str, tmp_path: Path) -> None:
    with open_records(tmp_path / "records") as records, open_people(tmp_path / "records") as people:
        known = people.named("1042")
        assert known is not None
        keep(records, LETTER, "there", learner=known.learner, day=4, remembered=["late"])
    out = told(capsys, week, "--as", "1042", *stands(tmp_path))[1]
    assert "Everything is done." in out
    assert "promise to Tomas Lind (umbrella, 2026-10-27): made too late, on 2026-10-30; it consoled" in out


def test_an_export_and_a_report_may_be_about_one_programme(capsys: pytest.CaptureFixture[str], week: str, tmp_path: Path) -> None:
    with open_records(tmp_path / "records") as records:
        keep(records, UMBRELLA.replace("id: umbrella", "id: another"), "gone", learner="nobody-known", day=2)
    file = tmp_path / "scores.csv"
    assert run(["export", "--programme", week, "-o", str(file), *stands(tmp_path)]) == 0
    rows = list(csv.DictReader(file.read_text(encoding="utf-8-sig").splitlines()))
    assert {row["encounter"] for row in rows} == {"umbrella"}
    assert len(rows) == 3
    assert json.loads((tmp_path / "scores.csv.manifest.json").read_text(encoding="utf-8"))["filter"] == "encounter warm-up or umbrella or the-letter"
    assert run(["report", "--programme", week, "-o", str(tmp_path / "report.html"), *stands(tmp_path)]) == 0
    capsys.readouterr()
    assert run(["export", "--programme", week, "--encounter", "umbrella", "-o", str(file), *stands(tmp_path)]) == 2
    assert "--programme stands for all its encounters" in capsys.readouterr().err


@pytest.fixture
def opened(monkeypatch: pytest.MonkeyPatch) -> list[tuple[str, bool, str | None]]:
    """What was opened in the window: which encounter, whether its customer remembers that it is late, and who plays; as a step of this week."""
    told: list[tuple[str, bool, str | None]] = []

    def note(_: Path, script: Script, *, person: str | None = None, **others: object) -> None:
        told.append((script.scenario.id, script.scenario.facts.get("late", False) is True, person))
        assert others["course"] == "week"

    monkeypatch.setattr("servicesim.desktop.app.open_encounter", note)
    return told


def test_what_comes_next_can_be_played_with_a_customer_who_remembers(
    capsys: pytest.CaptureFixture[str], week: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, opened: list[tuple[str, bool, str | None]]
) -> None:
    assert told(capsys, week, "--as", "1042", "--play", *stands(tmp_path))[:2] == (0, "You promised Tomas Lind a call: 'The letter' (the-letter) by 2026-10-29.\n")
    monkeypatch.setattr(command, "today", lambda: date(2026, 10, 30))
    assert "which was due on 2026-10-29" in told(capsys, week, "--as", "1042", "--play", *stands(tmp_path))[1]
    assert opened == [("the-letter", False, "1042"), ("the-letter", True, "1042")]


def test_somebody_new_begins(capsys: pytest.CaptureFixture[str], week: str, tmp_path: Path, opened: list[tuple[str, bool, str | None]]) -> None:
    assert told(capsys, week, "--as", "7", "--play", "--records", str(tmp_path / "new"))[0] == 0
    assert opened == [("warm-up", False, "7")]


def test_where_nothing_is_left_no_window_opens(capsys: pytest.CaptureFixture[str], week: str, tmp_path: Path, opened: list[tuple[str, bool, str | None]]) -> None:
    with open_records(tmp_path / "records") as records, open_people(tmp_path / "records") as people:
        known = people.named("1042")
        assert known is not None
        keep(records, LETTER, "there", learner=known.learner, day=2)
    assert told(capsys, week, "--as", "1042", "--play", *stands(tmp_path))[1] == "Everything is done.\n"
    assert opened == []
