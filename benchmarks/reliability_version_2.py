"""Folders as version 2 of records.db and people.db left them: what a newer ServiceSim must be able to take over.

They are made by the step from version 1, as it was taken then; a test holds the rules that come of it against `DIGEST`.
"""

from __future__ import annotations

import hashlib
import random
import sqlite3
from contextlib import closing
from dataclasses import replace
from pathlib import Path

from benchmarks import reliability_version_1 as version_1
from servicesim.records import open_people
from servicesim.records.records import FILE
from servicesim.records.store import open_store
from servicesim.records.tables import SCHEMA

DIGEST = "a79fe5b7df9a1df43974509acb1fb68d20db05d2cbce24f377893c1a2c3731ed"
"""SHA-256 of the columns, indexes and triggers of version 2, as it was released."""


def make(folder: Path, attempts: int, chance: random.Random) -> None:
    """A folder with so many attempts, as `reliability_version_1.make`."""
    version_1.make(folder, attempts, chance)
    open_store(folder / FILE, replace(SCHEMA, steps=SCHEMA.steps[:1])).close()
    open_people(folder).close()
    for backup in folder.glob("*-version-1.db"):
        backup.unlink()


def digest(folder: Path) -> str:
    """Of every rule of records.db in this folder."""
    with closing(sqlite3.connect(folder / FILE)) as database:
        columns = database.execute(
            "SELECT t.name, c.name, c.type, c.\"notnull\", c.pk FROM sqlite_master t, pragma_table_xinfo(t.name) c WHERE t.type = 'table' ORDER BY 1, c.cid"
        ).fetchall()
        rules = database.execute("SELECT name, sql FROM sqlite_master WHERE type <> 'table' ORDER BY 1").fetchall()
        (version,) = database.execute("PRAGMA user_version").fetchone()
    return hashlib.sha256(repr((version, columns, rules)).encode()).hexdigest()
