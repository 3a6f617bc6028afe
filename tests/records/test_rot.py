"""What has changed in the files since it was written is found, and told with its place."""

from __future__ import annotations

import sqlite3
from collections.abc import Callable
from contextlib import closing
from pathlib import Path
from typing import Any

import pytest

from servicesim.errors import StoreUnusable
from servicesim.records import Records, Result, open_people, open_records
from servicesim.records.notes import Rescored
from servicesim.records.outbox import Delivery, Statement
from servicesim.records.rot import Rot
from servicesim.records.tables import triggers

LEYLA = "attempt leyla-1"

Edit = Callable[[str], None]


@pytest.fixture
def full(records: Records, folder: Path, attempt: Any, result: Result) -> Path:
    """A folder in which every table has a row."""
    records.take_in(attempt(), ["began", "spoke", "ended"], result, "monday", at=5)
    records.begin(attempt("omid-1"), ["began"])
    records.begin(attempt("sam-1"))
    records.append("sam-1", 0, ["ended"], result)
    records.purge(["sam-1"], at=6)
    records.review("leyla-1", at=7, by="Sara", note="", verdict="stands")
    records.keep_rescored([("leyla-1", Rescored(attempt().principles_hash, 8, "50/1", False, "{}"))])
    records.log_export(at=9, who="sara", kind="csv", filter="", rows=1, sha256="0" * 64, with_names=False)
    records.tell_untold(lambda handed, _: [Statement("1a2b", '{"verb":"passed"}')])
    records.keep_deliveries([Delivery("1a2b", "refused", "400: not so")], at=10, place="https://lrs.example.com/xapi")
    with open_people(folder) as people:
        people.enrol("e-17", "Leyla", "Parcels", "fa")
        people.keep("for", "24m")
    return folder


@pytest.fixture
def edit(full: Path) -> Edit:
    """Change something in records.db behind the back of its triggers, which are put back."""

    def change(statement: str) -> None:
        with closing(sqlite3.connect(full / "records.db", isolation_level=None)) as editor:
            there = editor.execute("SELECT name, sql FROM sqlite_master WHERE type = 'trigger'").fetchall()
            for name, _ in there:
                editor.execute(f"DROP TRIGGER {name}")
            editor.execute(statement)
            for _, sql in there:
                editor.execute(sql)

    return change


def rot(folder: Path) -> list[Rot]:
    with open_records(folder, read_only=True) as records, open_people(folder, read_only=True) as people:
        return [*records.verify_rot(), *people.verify_rot()]


def test_nothing_is_wrong_with_what_was_written(full: Path) -> None:
    assert rot(full) == []


@pytest.mark.parametrize(
    ("change", "found"),
    [
        ("UPDATE events SET line = 'smiled' WHERE seq = 1", Rot(LEYLA, "event 2 has changed since it was written", "leyla-1")),
        ("UPDATE events SET chain = replace(chain, 'a', 'b') WHERE seq = 2", Rot(LEYLA, "event 3 has changed since it was written", "leyla-1")),
        ("DELETE FROM events WHERE seq = 1", Rot(LEYLA, "event 2 is missing", "leyla-1")),
        ("DELETE FROM events WHERE seq = 2", Rot(LEYLA, "its result has changed since it was written, or does not belong to these events", "leyla-1")),
        ("UPDATE results SET passed = 0", Rot(LEYLA, "its result has changed since it was written, or does not belong to these events", "leyla-1")),
        ("UPDATE results SET seal = NULL", Rot(LEYLA, "its result has changed since it was written, or does not belong to these events", "leyla-1")),
        ("UPDATE attempts SET started = 5 WHERE id = 'leyla-1'", Rot(LEYLA, "its own row has changed since it was written", "leyla-1")),
        ("UPDATE attempts SET untimed = 1 WHERE id = 'omid-1'", Rot("attempt omid-1", "its own row has changed since it was written", "omid-1")),
        ("UPDATE texts SET kind = 'scenarip' WHERE kind = 'scenario'", Rot("text 1a2b", "this text has changed since it was kept")),
        ("UPDATE texts SET body = 'null' WHERE kind = 'scenario'", Rot("text 1a2b", "this text has changed since it was kept")),
        ("UPDATE reviews SET verdict = 'set-aside'", Rot("reviews 1, 0", "this row has changed since it was written")),
        ("UPDATE rescored SET passed = 1", Rot("rescored 1, 1a2b", "this row has changed since it was written")),
        ("UPDATE exports SET with_names = 1", Rot("exports 1", "this row has changed since it was written")),
        ("UPDATE collected SET batch = 'tuesday'", Rot("collected 1", "this row has changed since it was written")),
        ("UPDATE purged SET at = 7", Rot("purged sam-1", "this row has changed since it was written")),
        ("UPDATE anonymous SET conduct = 99", Rot("anonymous 1", "this row has changed since it was written")),
        ("UPDATE told SET body = x'00'", Rot("told 1", "this row has changed since it was written")),
        ("UPDATE outbox SET line = 1", Rot("outbox 1", "this row has changed since it was written")),
        ("UPDATE deliveries SET words = ''", Rot("deliveries 1, 0", "this row has changed since it was written")),
        ("DELETE FROM attempts WHERE id = 'omid-1'", Rot("records.db", "a row of events belongs to a row of attempts that is not there")),
        ("DROP INDEX attempts_in_order", Rot("records.db", "the rules of the file have changed at attempts")),
        ("ALTER TABLE events ADD COLUMN mood TEXT", Rot("records.db", "the rules of the file have changed at events")),
    ],
)  # fmt: skip
def test_what_has_changed_is_told_with_its_place(full: Path, edit: Edit, change: str, found: Rot) -> None:
    edit(change)
    (told,) = rot(full)
    assert told.why == found.why
    assert told.attempt == found.attempt
    assert told.where.split()[0] == found.where.split()[0]
    assert "1a2b" in found.where or "anonymous" in found.where or told.where == found.where


def test_a_trigger_that_is_gone_or_has_changed_is_told(full: Path) -> None:
    name, statement = next(triggers())
    for restored in (statement.replace("never", "seldom"), ""):
        with closing(sqlite3.connect(full / "records.db", isolation_level=None)) as editor:
            editor.execute(f"DROP TRIGGER IF EXISTS {name}")
            editor.execute(restored)
        assert rot(full) == [Rot("records.db", f"the rules of the file have changed at {name}")]


def test_people_have_seals_too(full: Path) -> None:
    with closing(sqlite3.connect(full / "people.db", isolation_level=None)) as editor:
        editor.execute("UPDATE people SET name = 'Omid'")
        editor.execute("UPDATE keeping SET value = '99m'")
    assert rot(full) == [
        Rot("people e-17", "this row has changed since it was written"),
        Rot("keeping for", "this row has changed since it was written"),
    ]


@pytest.mark.parametrize("wrong", [b"Leyla\xff", 7, None, 1.5])
def test_bytes_that_are_no_text_are_told_and_stop_nothing(full: Path, edit: Edit, wrong: object) -> None:
    said = f"x'{wrong.hex()}'" if isinstance(wrong, bytes) else "NULL" if wrong is None else str(wrong)
    with closing(sqlite3.connect(full / "records.db", isolation_level=None)) as editor:
        editor.execute("PRAGMA writable_schema = ON")
        editor.execute("UPDATE sqlite_master SET sql = replace(replace(sql, 'STRICT', ''), 'WITHOUT ROWID,', 'WITHOUT ROWID') WHERE name = 'events'")
        editor.execute("UPDATE sqlite_master SET sql = replace(sql, 'line TEXT NOT NULL', 'line BLOB') WHERE name = 'events'")
    edit(f"UPDATE events SET line = {said} WHERE seq = 0 AND attempt = 1")
    assert Rot(LEYLA, "event 1 has changed since it was written", "leyla-1") in rot(full)


def test_a_page_of_nonsense_is_told(full: Path) -> None:
    file = full / "records.db"
    content = bytearray(file.read_bytes())
    with closing(sqlite3.connect(file)) as look:
        roots = look.execute("SELECT rootpage FROM sqlite_master WHERE name IN ('attempts', 'texts')").fetchall()
    for (root,) in roots:
        content[(root - 1) * 4096 : (root - 1) * 4096 + 64] = b"\xee" * 64
    file.write_bytes(content)
    told = rot(full)
    unreadable = "the file is damaged and cannot be read any further (database disk image is malformed)"
    assert Rot("records.db", unreadable) in told
    assert Rot("texts", unreadable) in told


def test_rules_of_the_file_that_are_no_text_any_more_are_told(full: Path) -> None:
    file = full / "people.db"
    file.write_bytes(file.read_bytes().replace(b"BEFORE UPDATE OF", b"BEF\xceRE UPDATE OF"))
    with pytest.raises(StoreUnusable, match=r"people\.db is no ServiceSim database, or is damaged"):
        rot(full)


def test_what_sqlite_finds_is_told(full: Path) -> None:
    file = full / "records.db"
    content = file.read_bytes()
    assert content.count(b"leyla-1") > 1
    file.write_bytes(content.replace(b"leyla-1", b"leyla-9", 1))
    assert "SQLite finds damage (" in str(rot(full)[0])


def test_attempts_come_whole_page_by_page(
    full: Path, attempt: Any, result: Result, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("servicesim.records.inspecting._PAGE", 2)
    with open_records(full) as records:
        for number in range(5):
            records.begin(attempt(f"leyla-{number + 2}", learner=f"learner-{number % 2}"), ["began"] * number)
        found = {kept.attempt.id: kept for kept in records.kept()}
        assert [len(found[f"leyla-{number + 2}"].lines) for number in range(5)] == [0, 1, 2, 3, 4]
        assert found["leyla-1"].lines == ("began", "spoke", "ended")
        assert found["leyla-1"].result == result
        assert [kept.attempt.id for kept in records.kept("learner-1")] == ["leyla-3", "leyla-5"]
        assert [len(kept.lines) for kept in records.kept("learner-1")] == [1, 3]
