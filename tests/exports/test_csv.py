"""What HR is handed: true rows, that no spreadsheet turns into something else."""

from __future__ import annotations

from pathlib import Path

import pytest

from exports.kept import EXPERT, keep, rows
from servicesim.assessment.assess import assess
from servicesim.assessment.told import number
from servicesim.commands import chosen
from servicesim.commands.export import export
from servicesim.encounter.encounter import Encounter
from servicesim.encounter.rehearsal import rehearse
from servicesim.exports.csv import safe_text
from servicesim.exports.rows import COLUMNS, PRINCIPLE_COLUMNS, Column


def test_an_attempt_becomes_one_true_row(tmp_path: Path) -> None:
    attempt = keep(tmp_path, *EXPERT)
    assert export(tmp_path / "scores.csv", tmp_path) == 1
    script = chosen.script("late-parcel")
    judged = assess(script, rehearse(Encounter(script), EXPERT).events)
    assert rows(tmp_path / "scores.csv") == [
        {
            "attempt": "attempt-0",
            "learner": attempt.learner,
            "person": "1042",
            "name": "Aylin Duman",
            "team": "Desk 3",
            "encounter": "late-parcel",
            "title": script.scenario.title,
            "channel": "phone",
            "customer_type": "hostile",
            "started": "2026-10-26T07:33:20Z",
            "ended": "2026-10-26T07:34:55Z",
            "ahead_of_utc": "+00:00",
            "conduct": str(number(judged.conduct)),
            "pass_mark": "75",
            "passed": "true",
            "reviewed": "false",
            "review": "",
            "ending": "reconciled",
            "outcome": "delighted",
            "satisfaction": "25",
            "untimed": "false",
            "practice": "false",
            "language": "en",
            "scenario_sha256": attempt.scenario_hash,
            "principles_sha256": attempt.principles_hash,
            "rules": "1",
        }
    ]


def test_only_what_has_ended_is_handed_over_and_practice_only_when_asked(tmp_path: Path) -> None:
    keep(tmp_path, "welcome", number=1)
    keep(tmp_path, *EXPERT, practice=True, number=2)
    keep(tmp_path, *EXPERT, number=3)
    assert export(tmp_path / "scores.csv", tmp_path) == 1
    assert export(tmp_path / "all.csv", tmp_path, with_practice=True) == 2


@pytest.mark.parametrize(
    ("typed", "written"),
    [
        ("=Smith", "'=Smith"),
        ("  +49 30", "'  +49 30"),
        ("-1", "'-1"),
        ("@SUM(A1)", "'@SUM(A1)"),
        ("\uff1d1+1", "'\uff1d1+1"),
        ("\u202e=1", "'=1"),
        ("\x00=1", "'=1"),
        ("\u2003=1", "'\u2003=1"),
        ("\u200b@SUM(A1)", "'\u200b@SUM(A1)"),
        ("\ufe66\u061c1", "'\ufe661"),
        ("\ttab", "'\ttab"),
        ("half a \ud83dcharacter", "half a character"),
        ("none\ufdd0 \U0010ffffat all", "none at all"),
        ("O'Hara", "O'Hara"),
        ("Əliyeva", "Əliyeva"),
        ("می\u200cخواهم", "می\u200cخواهم"),
        ("", ""),
    ],
)
def test_no_text_becomes_a_formula(typed: str, written: str) -> None:
    assert safe_text(typed) == written


def test_a_name_that_looks_like_a_formula_is_shown_as_text(tmp_path: Path) -> None:
    keep(tmp_path, *EXPERT, name='=HYPERLINK("x")')
    export(tmp_path / "scores.csv", tmp_path)
    assert rows(tmp_path / "scores.csv")[0]["name"] == "'=HYPERLINK(\"x\")"


def test_the_file_is_as_spreadsheets_like_it(tmp_path: Path) -> None:
    keep(tmp_path, *EXPERT)
    export(tmp_path / "scores.csv", tmp_path)
    raw = (tmp_path / "scores.csv").read_bytes()
    assert raw.startswith(b"\xef\xbb\xbf\"attempt\"")
    assert raw.count(b"\r\n") == raw.count(b"\n") == 2


@pytest.mark.parametrize("columns", [COLUMNS, PRINCIPLE_COLUMNS])
def test_every_column_says_what_it_means(columns: tuple[Column, ...]) -> None:
    assert all(column.meaning for column in columns)
    names = [column.name for column in columns]
    assert len(set(names)) == len(names)


@pytest.mark.parametrize("columns", [COLUMNS, PRINCIPLE_COLUMNS])
def test_the_columns_stand_in_the_page_for_hr(columns: tuple[Column, ...]) -> None:
    page = (Path(__file__).parents[2] / "docs" / "hr.md").read_text(encoding="utf-8")
    assert "".join(f"| `{column.name}` | {column.meaning} |\n" for column in columns) in page
