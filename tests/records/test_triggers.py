"""What is kept is never changed, whatever program opens the file."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path
from typing import Any

import pytest

from servicesim.records import Records, Result
from servicesim.records.tables import BESIDE_ATTEMPTS, METADATA

TABLES = tuple(METADATA.tables)
OF_LEYLA = {
    table.name: "attempt = (SELECT number FROM attempts WHERE id = 'leyla-1')" for table in BESIDE_ATTEMPTS
} | {"attempts": "id = 'leyla-1'"}
SEAL = "5" * 64
ONE_OF_EACH = (
    f"INSERT INTO purged VALUES ('omid-1', 0, '{SEAL}')",
    f"INSERT INTO reviews SELECT number, 0, 5, 'Sara', 'as it was', 'stands', '{SEAL}' FROM attempts",
    f"INSERT INTO rescored SELECT number, principles_hash, 5, '50/1', 0, '{{}}', '{SEAL}' FROM attempts",
    f"INSERT INTO exports VALUES (NULL, 5, 'Sara', 'csv', '', 1, '{SEAL}', 0, '{SEAL}')",
    f"INSERT INTO collected SELECT number, 5, 'desk-3', '{SEAL}' FROM attempts",
    f"INSERT INTO anonymous SELECT 7, scenario, scenario_hash, '2026-W43', 82, 1, '{SEAL}' FROM attempts",
    f"INSERT INTO told SELECT number, x'78', '{SEAL}' FROM attempts",
    f"INSERT INTO outbox SELECT 1, number, 'id-1', 0, '{SEAL}' FROM attempts",
    f"INSERT INTO deliveries SELECT 1, 0, number, 5, 'https://lrs.example.com', 'sent', '', '{SEAL}' FROM attempts",
)


@pytest.fixture
def editor(records: Records, folder: Path, attempt: Any, result: Result) -> Iterator[sqlite3.Connection]:
    """A plain connection, as any tool has it, to records in which every table has a row."""
    records.begin(attempt(), ["began"])
    records.append("leyla-1", 1, ["ended"], result)
    with closing(sqlite3.connect(folder / "records.db", isolation_level=None)) as connection:
        connection.execute("PRAGMA recursive_triggers = OFF")
        for statement in ONE_OF_EACH:
            connection.execute(statement)
        yield connection


def content(editor: sqlite3.Connection) -> list[list[Any]]:
    return [editor.execute(f"SELECT * FROM {table}").fetchall() for table in TABLES]


def test_every_table_has_a_row_that_is_tried(editor: sqlite3.Connection) -> None:
    assert all(content(editor))


@pytest.mark.parametrize("table", TABLES)
@pytest.mark.parametrize(
    "deed",
    [
        "UPDATE {table} SET {column} = {column}",
        "DELETE FROM {table}",
        "INSERT OR REPLACE INTO {table} SELECT * FROM {table}",
    ],
)
def test_no_row_is_changed_deleted_or_replaced(editor: sqlite3.Connection, table: str, deed: str) -> None:
    before = content(editor)
    column = list(METADATA.tables[table].columns)[-1].name
    with pytest.raises(sqlite3.IntegrityError, match=f"{table}: "):
        editor.execute(deed.format(table=table, column=column))
    assert content(editor) == before


def test_nothing_follows_the_end(editor: sqlite3.Connection) -> None:
    with pytest.raises(sqlite3.IntegrityError, match="the attempt has ended"):
        editor.execute(f"INSERT INTO events SELECT number, 2, 'more', '{SEAL}' FROM attempts")


def test_an_attempt_that_is_listed_as_purged_may_be_deleted_and_no_other(
    editor: sqlite3.Connection, records: Records, attempt: Any
) -> None:
    records.begin(attempt("leyla-2"), ["began"])
    editor.execute(f"INSERT INTO purged VALUES ('leyla-1', 0, '{SEAL}')")
    for table, of_leyla in OF_LEYLA.items():
        assert editor.execute(f"DELETE FROM {table} WHERE {of_leyla}").rowcount > 0
    assert [attempt.id for attempt, _ in records.attempts()] == ["leyla-2"]
    for table in ("events", "attempts"):
        with pytest.raises(sqlite3.IntegrityError, match="only what belongs to a purged attempt"):
            editor.execute(f"DELETE FROM {table}")


def test_no_attempt_takes_the_id_of_another(editor: sqlite3.Connection) -> None:
    columns = "id, learner, scenario, scenario_hash, principles_hash, rules_version, seed, untimed, practice, language, started, chain"
    with pytest.raises(sqlite3.IntegrityError, match="attempts: this is already kept"):
        editor.execute(f"INSERT OR REPLACE INTO attempts ({columns}) SELECT {columns} FROM attempts")


def test_no_statement_takes_the_id_of_another(editor: sqlite3.Connection) -> None:
    with pytest.raises(sqlite3.IntegrityError, match="outbox: this is already kept"):
        editor.execute("INSERT OR REPLACE INTO outbox SELECT 2, attempt, statement, line, seal FROM outbox")


@pytest.mark.parametrize(
    ("without", "table"),
    [
        ("UPDATE attempts SET chain = NULL", "attempts"),
        ("UPDATE events SET chain = NULL", "events"),
        ("UPDATE results SET seal = NULL", "results"),
        ("UPDATE purged SET seal = NULL", "purged"),
    ],
)
def test_nothing_is_kept_without_chain_or_seal(editor: sqlite3.Connection, without: str, table: str) -> None:
    editor.execute("PRAGMA foreign_keys = OFF")
    for trigger in ("attempts_no_update", "events_no_update", "results_no_update", "purged_no_update", "events_after_end"):
        editor.execute(f"DROP TRIGGER {trigger}")
    for deed in ("delete", "insert"):
        editor.execute(f"DROP TRIGGER {table}_no_{deed}")
    editor.execute(without)
    editor.execute(f"CREATE TEMP TABLE row AS SELECT * FROM {table}")
    editor.execute(f"DELETE FROM {table}")
    with pytest.raises(sqlite3.IntegrityError, match=f"{table}: a row is kept with its (chain|seal) only"):
        editor.execute(f"INSERT INTO {table} SELECT * FROM row")


@pytest.mark.parametrize("table", TABLES)
def test_every_table_is_strict(editor: sqlite3.Connection, table: str) -> None:
    ((strict,),) = editor.execute("SELECT strict FROM pragma_table_list WHERE name = ?", [table]).fetchall()
    assert strict
