"""The one MetaData of organisation.db, and how its tables are made: each noun's module registers its own here.

    codes = table("codes", text("hash", primary_key=True), whole("at"))
    verdicts = append_only(table("verdicts", ...))          # rows are added, and never changed or removed

What is evidence is append-only, by triggers of the database itself. Other rows may change: a session is seen again, an account is disabled.
"""

from __future__ import annotations

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

Part = Column[Any] | CheckConstraint | UniqueConstraint | Index


def table(name: str, *parts: Part) -> Table:
    """A table of the organisation's."""
    return Table(name, METADATA, *parts, sqlite_strict=True)


def append_only(made: Table) -> Table:
    """The same table, whose rows are from now on never changed and never removed."""
    _APPEND_ONLY.append(made)
    return made


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
    """Make all tables, and the triggers that keep what is evidence as it was written."""
    METADATA.create_all(connection)
    for made in _APPEND_ONLY:
        for statement in _REFUSALS[connection.dialect.name](made):
            connection.exec_driver_sql(statement)


def _of_sqlite(made: Table) -> list[str]:
    name = made.name
    refusal = "CREATE TRIGGER {0}_no_{1} BEFORE {2} ON {0} {3} BEGIN SELECT RAISE(ABORT, '{0}: what is kept is never changed'); END"
    same = " AND ".join(f"{column.name} = NEW.{column.name}" for column in made.primary_key)
    return [
        refusal.format(name, "update", "UPDATE", ""),
        refusal.format(name, "delete", "DELETE", ""),
        # INSERT OR REPLACE deletes a row without its trigger, on connections that do not ask for recursive triggers.
        refusal.format(name, "insert", "INSERT", f"WHEN EXISTS (SELECT 1 FROM {name} WHERE {same})"),
    ]


def _of_postgresql(made: Table) -> list[str]:
    name = made.name
    body = f"BEGIN RAISE EXCEPTION '{name}: what is kept is never changed'; END"
    return [
        f"CREATE FUNCTION {name}_is_kept() RETURNS trigger LANGUAGE plpgsql AS $${body}$$",
        f"CREATE TRIGGER {name}_is_kept BEFORE UPDATE OR DELETE ON {name} FOR EACH ROW EXECUTE FUNCTION {name}_is_kept()",
        f"CREATE TRIGGER {name}_is_not_emptied BEFORE TRUNCATE ON {name} FOR EACH STATEMENT EXECUTE FUNCTION {name}_is_kept()",
    ]


_REFUSALS = {"sqlite": _of_sqlite, "postgresql": _of_postgresql}
