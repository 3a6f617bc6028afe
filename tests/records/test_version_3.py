"""Databases of version 2 are taken over with all that they hold, and get the tables of what is sent."""

from __future__ import annotations

import os
import random
import sqlite3
from contextlib import closing
from pathlib import Path

import pytest

from benchmarks import reliability_version_1 as version_1
from benchmarks import reliability_version_2 as version_2
from servicesim.records import open_records


@pytest.fixture
def old(folder: Path) -> Path:
    """A folder with forty attempts that a ServiceSim of version 2 left."""
    version_2.make(folder, 40, random.Random(1))
    return folder


def rows(folder: Path) -> dict[str, list[object]]:
    """Every row of every table of version 2."""
    with closing(sqlite3.connect(folder / "records.db")) as database:
        names = [name for (name,) in database.execute("SELECT name FROM sqlite_master WHERE type = 'table'")]
        return {name: database.execute(f"SELECT * FROM {name}").fetchall() for name in names if name not in ("told", "outbox", "deliveries")}


def test_it_begins_with_version_2_as_it_was_released(old: Path) -> None:
    assert version_2.digest(old) == version_2.DIGEST


def test_what_version_2_kept_is_kept_to_the_letter(old: Path) -> None:
    before = rows(old)
    with open_records(old) as records:
        assert rows(old) == before
        assert list(records.verify_rot()) == []


def test_a_database_of_version_2_or_1_comes_to_be_as_a_new_one(old: Path, tmp_path: Path) -> None:
    version_1.make(tmp_path / "older", 40, random.Random(1))
    for folder in (old, tmp_path / "older", tmp_path / "new"):
        open_records(folder).close()
        assert version_2.digest(folder) == version_2.digest(old)
    assert version_2.digest(old) != version_2.DIGEST


def test_version_2_stays_beside_it_as_a_backup(old: Path) -> None:
    before = rows(old)
    open_records(old).close()
    os.replace(old / "records-version-2.db", old / "records.db")
    assert version_2.digest(old) == version_2.DIGEST
    assert rows(old) == before
