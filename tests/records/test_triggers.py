"""What is kept is never changed, whatever program opens the file."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path
from typing import Any

import pytest

from servicesim.records import Records, Result
from servicesim.records.tables import METADATA

TABLES = ("texts", "attempts", "events", "results", "purged")
OF_LEYLA = {
    "events": "attempt = (SELECT number FROM attempts WHERE id = 'leyla-1')",
    "results": "attempt = (SELECT number FROM attempts WHERE id = 'leyla-1')",
    "attempts": "id = 'leyla-1'",
}


@pytest.fixture
def editor(records: Records, folder: Path, attempt: Any, result: Result) -> Iterator[sqlite3.Connection]:
    """A plain connection, as any tool has it, to records in which every table has a row."""
    records.begin(attempt(), ["began"])
    records.append("leyla-1", 1, ["ended"], result)
    with closing(sqlite3.connect(folder / "records.db", isolation_level=None)) as connection:
        connection.execute("PRAGMA recursive_triggers = OFF")
        connection.execute("INSERT INTO purged VALUES ('omid-1', 0)")
        yield connection


def content(editor: sqlite3.Connection) -> list[list[Any]]:
    return [editor.execute(f"SELECT * FROM {table}").fetchall() for table in TABLES]


def test_every_table_is_tested() -> None:
    assert sorted(TABLES) == sorted(METADATA.tables)


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
        editor.execute("INSERT INTO events SELECT number, 2, 'more' FROM attempts")


def test_an_attempt_that_is_listed_as_purged_may_be_deleted_and_no_other(
    editor: sqlite3.Connection, records: Records, attempt: Any
) -> None:
    records.begin(attempt("leyla-2"), ["began"])
    editor.execute("INSERT INTO purged VALUES ('leyla-1', 0)")
    for table, of_leyla in OF_LEYLA.items():
        assert editor.execute(f"DELETE FROM {table} WHERE {of_leyla}").rowcount > 0
    assert [attempt.id for attempt, _ in records.attempts()] == ["leyla-2"]
    for table in ("events", "attempts"):
        with pytest.raises(sqlite3.IntegrityError, match="only what belongs to a purged attempt"):
            editor.execute(f"DELETE FROM {table}")


def test_no_attempt_takes_the_id_of_another(editor: sqlite3.Connection) -> None:
    columns = "id, learner, scenario, scenario_hash, principles_hash, rules_version, seed, untimed, practice, language, started"
    with pytest.raises(sqlite3.IntegrityError, match="attempts: this is already kept"):
        editor.execute(f"INSERT OR REPLACE INTO attempts ({columns}) SELECT {columns} FROM attempts")


@pytest.mark.parametrize("table", TABLES)
def test_every_table_is_strict(editor: sqlite3.Connection, table: str) -> None:
    ((strict,),) = editor.execute("SELECT strict FROM pragma_table_list WHERE name = ?", [table]).fetchall()
    assert strict
