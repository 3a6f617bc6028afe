"""The one MetaData of organisation.db, and how its tables are made: each noun's module registers its own here.

    codes = table("codes", text("hash", primary_key=True), whole("at"))
    verdicts = append_only(table("verdicts", ...))          # rows are added, and never changed or removed

What is evidence is append-only, by triggers of the database itself. Other rows may change: a session is seen again, an account is disabled.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from sqlalchemy import (
    BigInteger,
    CheckConstraint,
    Column,
    Connection,
    ForeignKey,
    Index,
    Integer,
    MetaData,
    Table,
    Text,
    UniqueConstraint,
)
from sqlalchemy.types import TypeEngine

METADATA = MetaData()
_APPEND_ONLY: list[Table] = []
_PURGEABLE: dict[str, str] = {}
OF_PURGED = "SELECT 1 FROM purged WHERE attempt = OLD.attempt"
"""Finds something if the row belongs to an attempt that was purged."""

_ONLY_PURGED = "only what belongs to a purged attempt is deleted"

Part = Column[Any] | CheckConstraint | UniqueConstraint | Index


def table(name: str, *parts: Part) -> Table:
    """A table of the organisation's."""
    return Table(name, METADATA, *parts, sqlite_strict=True)


def append_only(made: Table, *, purgeable: str | None = None) -> Table:
    """The same table, whose rows are from now on never changed, and never removed but for those of which `purgeable` finds something."""
    _APPEND_ONLY.append(made)
    if purgeable is not None:
        _PURGEABLE[made.name] = purgeable
    return made


def purgeable() -> Mapping[str, str]:
    """By table, the question that finds something if the row OLD may be removed all the same."""
    return _PURGEABLE


def mutable() -> frozenset[str]:
    """The tables whose rows may change and go."""
    return frozenset(METADATA.tables) - {made.name for made in _APPEND_ONLY}


def whole(name: str, *, primary_key: bool = False, nullable: bool = False) -> Column[Any]:
    """A whole number of 64 bits, such as a time in milliseconds."""
    # A STRICT table of SQLite knows INTEGER only, which holds 64 bits there.
    wide: TypeEngine[int] = BigInteger().with_variant(Integer(), "sqlite")
    return Column(name, wide, primary_key=primary_key, autoincrement=False, nullable=nullable)


def text(name: str, of: str | None = None, *, primary_key: bool = False, nullable: bool = False, unique: bool = False) -> Column[Any]:
    """A text; `of` names the column that it refers to, such as `accounts.person`."""
    refers = () if of is None else (ForeignKey(of),)
    return Column(name, Text, *refers, primary_key=primary_key, nullable=nullable, unique=unique or None)


def flag(name: str) -> Column[Any]:
    """0 or 1."""
    return Column(name, Integer, CheckConstraint(f"{name} IN (0, 1)"), nullable=False)


def create(connection: Connection) -> None:
    """Make all tables of a file, and the triggers that keep what is evidence as it was written; PostgreSQL's are in postgres_tables.py."""
    METADATA.create_all(connection)
    for made in _APPEND_ONLY:
        for statement in _refusals(made):
            connection.exec_driver_sql(statement)


def _refusals(made: Table) -> list[str]:
    name = made.name
    refusal = "CREATE TRIGGER {0}_no_{1} BEFORE {2} ON {0} {3} BEGIN SELECT RAISE(ABORT, '{0}: {4}'); END"
    changed, found = "what is kept is never changed", _PURGEABLE.get(name)
    same = " AND ".join(f"{column.name} = NEW.{column.name}" for column in made.primary_key)
    return [
        refusal.format(name, "update", "UPDATE", "", changed),
        refusal.format(name, "delete", "DELETE", *(("", changed) if found is None else (f"WHEN NOT EXISTS ({found})", _ONLY_PURGED))),
        # INSERT OR REPLACE deletes a row without its trigger, on connections that do not ask for recursive triggers.
        refusal.format(name, "insert", "INSERT", f"WHEN EXISTS (SELECT 1 FROM {name} WHERE {same})", changed),
    ]
