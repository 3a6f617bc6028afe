"""What is purged is gone from the file; what stays of it tells of no one."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import select

from servicesim.errors import PlayedElsewhere
from servicesim.records import Records, Result, open_records
from servicesim.records.notes import Rescored
from servicesim.records.place import Place
from servicesim.records.purging import Anonymous, week_of
from servicesim.records.tables import METADATA

WEEK = 7 * 24 * 3600 * 1000
MONDAY = 1_760_000_000_000  # 2025-W41


@pytest.fixture
def place(either_owned: Place) -> Place:
    return either_owned


def rows(records: Records, table: str) -> list[tuple[Any, ...]]:
    with records._store.reading() as connection:
        return [tuple(row) for row in connection.execute(select(METADATA.tables[table]))]


def test_an_attempt_goes_with_all_that_belongs_to_it(
    records: Records, attempt: Any, result: Result
) -> None:
    records.begin(attempt("omid-1"), ["began"])
    records.take_in(attempt(learner="leyla-drawn"), ["what Leyla said"], result, "monday", at=5)
    records.review("leyla-1", at=5, by="Sara", note="about Leyla", verdict="stands")
    records.keep_rescored([("leyla-1", Rescored(attempt().principles_hash, 5, "50/1", False, "{}"))])
    assert records.purge(["leyla-1", "nobody-1"], at=9) == 1
    assert [kept.id for kept, _ in records.attempts()] == ["omid-1"]
    for table in ("results", "reviews", "rescored", "collected"):
        assert rows(records, table) == []
    assert len(rows(records, "events")) == 1
    assert [row[:2] for row in rows(records, "purged")] == [("leyla-1", 9)]


def test_nothing_of_it_can_be_read_in_the_file(folder: Path, attempt: Any, result: Result) -> None:
    records = open_records(folder)
    texts = {f"{kind}_hash": records.keep_text(kind, "{}") for kind in ("scenario", "principles")}
    for number in range(200):
        name = "leyla" if number % 3 else "omid"
        records.begin(attempt(f"{name}-{number}", learner=f"{name}-drawn", **texts), [f"{name} said {number}"])
        records.append(f"{name}-{number}", 1, [f"{name} ended"], result)
    records.purge([f"leyla-{number}" for number in range(200)], at=9)
    records.close()
    for file in folder.iterdir():
        content = file.read_bytes()
        assert b"leyla-drawn" not in content, file
        assert b"leyla said" not in content, file
    assert b"omid said" in (folder / "records.db").read_bytes()


def test_a_line_without_a_person_stays_of_scores(records: Records, attempt: Any, result: Result) -> None:
    records.begin(attempt("ended"), ["began"])
    records.append("ended", 1, ["ended"], replace(result, conduct="8275/100"))
    records.begin(attempt("practised", practice=True))
    records.append("practised", 0, ["ended"], result)
    records.begin(attempt("unfinished"))
    records.purge(["ended", "practised", "unfinished"], at=9)
    ((number, *line, _),) = rows(records, "anonymous")
    assert line == ["late-parcel", attempt().scenario_hash, week_of(MONDAY), 82, 1]
    assert number > 1


def test_the_order_of_the_lines_tells_nothing(records: Records, attempt: Any, result: Result) -> None:
    for number in range(30):
        records.begin(attempt(f"leyla-{number:02d}"))
        records.append(f"leyla-{number:02d}", 0, ["ended"], replace(result, conduct=f"{number}/1"))
    records.purge([f"leyla-{number:02d}" for number in range(30)], at=9)
    conducts = [row[4] for row in rows(records, "anonymous")]
    assert sorted(conducts) == list(range(30))
    assert conducts != list(range(30))
    assert "leyla" not in str(rows(records, "anonymous"))


def purge_plays(records: Records, attempt: Any, result: Result, scenario: str, *weeks: int) -> None:
    for number, week in enumerate(weeks):
        id = f"{scenario}-{number}"
        records.begin(attempt(id, scenario=scenario, started=MONDAY + week * WEEK))
        records.append(id, 0, ["ended"], replace(result, conduct=f"{10 * number}/1", passed=number % 2 == 1))
    records.purge([f"{scenario}-{number}" for number in range(len(weeks))], at=9)


def test_fewer_than_five_are_told_together_or_not_at_all(records: Records, attempt: Any, result: Result) -> None:
    purge_plays(records, attempt, result, "five-in-a-week", 0, 0, 0, 0, 0)
    purge_plays(records, attempt, result, "spread-over-weeks", 0, 0, 1, 1, 2, 2)
    purge_plays(records, attempt, result, "too-few", 0, 0, 1, 2)
    purge_plays(records, attempt, result, "five-and-one", 0, 0, 0, 0, 0, 1)
    assert records.anonymous() == [
        Anonymous("five-and-one", "2025-W41", 5, 20.0, 2),
        Anonymous("five-in-a-week", "2025-W41", 5, 20.0, 2),
        Anonymous("spread-over-weeks", None, 6, 25.0, 3),
    ]


def test_an_attempt_that_is_being_played_is_not_pulled_away(
    records: Records, place: Place, attempt: Any
) -> None:
    records.begin(attempt(), ["began"])
    with open_records(place) as window, window.hold("leyla-1"), pytest.raises(PlayedElsewhere):
        records.purge(["leyla-1"], at=9)
    assert records.lines("leyla-1") == ["began"]
    assert records.purge(["leyla-1"], at=9) == 1


def test_more_than_a_page_is_purged(records: Records, attempt: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("servicesim.records.purging._PAGE", 2)
    for number in range(5):
        records.begin(attempt(f"leyla-{number}"))
    assert records.purge((f"leyla-{number}" for number in range(5)), at=9) == 5
    assert list(records.attempts()) == []


def test_every_table_that_names_an_attempt_is_purged() -> None:
    from servicesim.records.tables import BESIDE_ATTEMPTS

    naming = {name for name, table in METADATA.tables.items() if "attempt" in table.c} - {"purged"}
    assert naming == {table.name for table in BESIDE_ATTEMPTS}
