"""JSON Lines: one object for each attempt, with its principles inside."""

from __future__ import annotations

import io
import json
from pathlib import Path
from typing import Any

from exports.kept import EXPERT, OUT, SORRY, keep
from servicesim.exports import jsonl
from servicesim.exports.clock import Clock
from servicesim.exports.ended import ended
from servicesim.exports.rows import COLUMNS
from servicesim.records import open_people, open_records


def written(folder: Path, *, with_names: bool = True) -> list[dict[str, Any]]:
    file = io.BytesIO()
    with open_records(folder) as records, open_people(folder) as people:
        count = jsonl.write(file, ended(records, people, with_names=with_names), Clock())
    lines = file.getvalue().decode().split("\n")
    assert (len(lines), lines[-1]) == (count + 1, "")
    return [json.loads(line) for line in lines[:-1]]


def test_an_attempt_is_an_object(tmp_path: Path) -> None:
    attempt = keep(tmp_path, *SORRY)
    (told,) = written(tmp_path)
    assert list(told) == [*(column.name for column in COLUMNS), "principles"]
    assert {name: told[name] for name in ("attempt", "learner", "name", "started", "passed", "review", "satisfaction", "rules")} == {
        "attempt": "attempt-0", "learner": attempt.learner, "name": "Aylin Duman", "started": "2026-10-26T07:33:20Z", "passed": False,
        "review": None, "satisfaction": told["satisfaction"], "rules": 1,
    }  # fmt: skip
    assert told["principles"]["hold-the-apology"] == {"title": "Save the apology", "score": 0.5, "kept": 1, "broken": 1, "owed": False}


def test_what_an_encounter_is_about_and_was_avoided_is_owed(tmp_path: Path) -> None:
    keep(tmp_path, *OUT)
    (told,) = written(tmp_path)
    owed = {name: one for name, one in told["principles"].items() if one["owed"]}
    assert owed
    assert all((one["score"], one["kept"], one["broken"]) == (0, 0, 0) for one in owed.values())


def test_who_somebody_is_is_null_without_names(tmp_path: Path) -> None:
    keep(tmp_path, *EXPERT)
    (told,) = written(tmp_path, with_names=False)
    assert (told["person"], told["name"], told["team"]) == (None, None, "Desk 3")


def test_a_name_breaks_no_line(tmp_path: Path) -> None:
    keep(tmp_path, *EXPERT, name="a\nb\u2028c\u0085d\u202ee\x00f")
    (told,) = written(tmp_path)
    assert told["name"] == "a\nbcdef"
