"""A database is brought up to date step by step, each step whole or not at all; a newer one is left alone."""

from __future__ import annotations

import sqlite3
from collections.abc import Callable
from contextlib import closing
from pathlib import Path

import pytest
from sqlalchemy import Connection

from servicesim.errors import NewerStore, StoreUnusable
from servicesim.records import open_records
from servicesim.records.store import Schema, open_store
from servicesim.records.tables import SCHEMA

MOODS = "CREATE TABLE moods (id INTEGER PRIMARY KEY, mood TEXT NOT NULL)"


def does(*statements: str) -> Callable[[Connection], None]:
    def step(connection: Connection) -> None:
        for statement in statements:
            connection.exec_driver_sql(statement)

    return step


FIRST = Schema(77, does(MOODS))
SECOND = Schema(
    77, does(MOODS, "ALTER TABLE moods ADD COLUMN why TEXT"), (does("ALTER TABLE moods ADD COLUMN why TEXT"),)
)
THIRD = Schema(
    77,
    does("no one makes it"),
    (*SECOND.steps, does("UPDATE moods SET why = 'unknown'", "CREATE INDEX by_why ON moods (why)")),
)


@pytest.fixture
def path(tmp_path: Path) -> Path:
    path = tmp_path / "moods.db"
    with closing(open_store(path, FIRST)) as store, store.writing() as connection:
        connection.exec_driver_sql("INSERT INTO moods VALUES (1, 'calm')")
    return path


def look(path: Path) -> tuple[int, list[tuple[object, ...]]]:
    with closing(sqlite3.connect(path)) as connection:
        return connection.execute("PRAGMA user_version").fetchone()[0], connection.execute(
            "SELECT * FROM moods"
        ).fetchall()


def test_an_older_database_is_brought_up_to_date_with_a_backup_of_each_version(path: Path) -> None:
    open_store(path, THIRD).close()
    assert look(path) == (3, [(1, "calm", "unknown")])
    assert look(path.with_name("moods-version-1.db")) == (1, [(1, "calm")])
    assert look(path.with_name("moods-version-2.db")) == (2, [(1, "calm", None)])
    assert not list(path.parent.glob("*.new"))


def test_a_step_that_fails_changes_nothing_and_can_be_taken_again(path: Path) -> None:
    broken = Schema(
        77, does(), (does("ALTER TABLE moods ADD COLUMN why TEXT", "UPDATE moods SET mood = 'lost'", "nonsense"),)
    )
    for _ in range(2):
        with pytest.raises(StoreUnusable):
            open_store(path, broken)
        assert look(path) == (1, [(1, "calm")])
    open_store(path, SECOND).close()
    assert look(path) == (2, [(1, "calm", None)])


def test_a_database_that_is_up_to_date_is_not_touched(path: Path) -> None:
    open_store(path, SECOND).close()
    before = path.read_bytes()
    open_store(path, SECOND).close()
    assert path.read_bytes() == before


def test_a_newer_database_is_refused_and_left_alone(path: Path) -> None:
    open_store(path, SECOND).close()
    before = path.read_bytes()
    for read_only in (False, True):
        with pytest.raises(
            NewerStore, match=r"moods\.db was written by a newer version .*install the newer version"
        ) as refused:
            open_store(path, FIRST, read_only=read_only)
        assert refused.value.exit_code == 4
    assert path.read_bytes() == before


def test_records_of_a_newer_version_are_refused(folder: Path) -> None:
    open_records(folder).close()
    with closing(sqlite3.connect(folder / "records.db", isolation_level=None)) as newer:
        newer.execute(f"PRAGMA user_version = {SCHEMA.version + 1}")
    with pytest.raises(NewerStore):
        open_records(folder)


def test_an_older_database_that_may_only_be_read_is_told(path: Path) -> None:
    with pytest.raises(StoreUnusable, match="start ServiceSim once with the right to write"):
        open_store(path, SECOND, read_only=True)
    assert look(path) == (1, [(1, "calm")])


def test_without_room_for_the_backup_nothing_is_migrated(path: Path) -> None:
    path.with_name("moods-version-1.db.new").mkdir()
    with pytest.raises(StoreUnusable):
        open_store(path, SECOND)
    assert look(path) == (1, [(1, "calm")])
