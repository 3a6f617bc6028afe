"""The tables of records.db: rows are added and never changed; those of a purged attempt may be removed."""

from __future__ import annotations

from collections.abc import Iterator

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
)
from sqlalchemy.types import TypeEngine

from servicesim.records.store import Schema

METADATA = MetaData()


def _table(name: str, *parts: Column[str] | Column[int] | CheckConstraint | Index, rowid: bool = False) -> Table:
    return Table(name, METADATA, *parts, sqlite_strict=True, sqlite_with_rowid=rowid)


def _whole(name: str) -> Column[int]:
    # A STRICT table of SQLite knows INTEGER only, which holds 64 bits there.
    wide: TypeEngine[int] = BigInteger().with_variant(Integer(), "sqlite")
    return Column(name, wide, nullable=False)


def _text(name: str) -> Column[str]:
    return Column(name, Text, nullable=False)


def _flag(name: str) -> tuple[Column[int], CheckConstraint]:
    return Column(name, Integer, nullable=False), CheckConstraint(f"{name} IN (0, 1)")


def _of_attempt() -> Column[int]:
    return Column("attempt", Integer, ForeignKey("attempts.number"), primary_key=True)


def _hash(name: str) -> Column[str]:
    return Column(name, Text, ForeignKey("texts.hash"), nullable=False)


texts = _table("texts", Column("hash", Text, primary_key=True), _text("kind"), _text("body"))

# The number is known in this file only: it keeps what belongs together side by side, in the order of play.
attempts = _table(
    "attempts",
    Column("number", Integer, primary_key=True),
    Column("id", Text, nullable=False, unique=True),
    _text("learner"),
    _text("scenario"),
    _hash("scenario_hash"),
    _hash("principles_hash"),
    _whole("rules_version"),
    _whole("seed"),
    *_flag("untimed"),
    *_flag("practice"),
    _text("language"),
    _whole("started"),
    Index("attempts_in_order", "started", "id"),
    Index("attempts_of_learner", "learner", "started", "id"),
    rowid=True,
)

# The primary key is UNIQUE(attempt, seq).
events = _table(
    "events",
    _of_attempt(),
    Column("seq", Integer, CheckConstraint("seq >= 0"), primary_key=True),
    _text("line"),
)

results = _table(
    "results",
    _of_attempt(),
    _whole("ended"),
    Column("ending", Text),
    Column("conduct", Text, CheckConstraint("conduct GLOB '[0-9]*/[1-9]*'"), nullable=False),
    *_flag("passed"),
    _text("outcome"),
    _whole("satisfaction"),
    _whole("expects"),
    _whole("received"),
    _whole("trust"),
    _whole("anger"),
    _text("principles"),
    rowid=True,
)

purged = _table("purged", Column("attempt", Text, primary_key=True), _whole("at"))


_PURGEABLE = {
    "attempts": "SELECT 1 FROM purged WHERE attempt = OLD.id",
    "events": "SELECT 1 FROM purged JOIN attempts ON id = purged.attempt WHERE number = OLD.attempt",
    "results": "SELECT 1 FROM purged JOIN attempts ON id = purged.attempt WHERE number = OLD.attempt",
}


def _triggers() -> Iterator[str]:
    for table in METADATA.sorted_tables:
        yield _refusal(table.name, "UPDATE", "what is kept is never changed")
        purgeable = _PURGEABLE.get(table.name)
        when = f"WHEN NOT EXISTS ({purgeable})" if purgeable else ""
        yield _refusal(table.name, "DELETE", "only what belongs to a purged attempt is deleted", when)
        # INSERT OR REPLACE deletes a row without its trigger, on connections that do not ask for recursive triggers.
        there = f"WHEN EXISTS (SELECT 1 FROM {table.name} WHERE {_same(table)})"
        yield _refusal(table.name, "INSERT", "this is already kept", there)
    ended = "WHEN EXISTS (SELECT 1 FROM results WHERE attempt = NEW.attempt)"
    yield _refusal("events", "INSERT", "the attempt has ended", ended, name="events_after_end")


def _same(table: Table) -> str:
    same = " AND ".join(f"{column.name} = NEW.{column.name}" for column in table.primary_key)
    return f"{same} OR id = NEW.id" if "id" in table.c else same


def _refusal(table: str, deed: str, why: str, when: str = "", *, name: str = "") -> str:
    name = name or f"{table}_no_{deed.lower()}"
    return f"CREATE TRIGGER {name} BEFORE {deed} ON {table} {when} BEGIN SELECT RAISE(ABORT, '{table}: {why}'); END"


def _create(connection: Connection) -> None:
    METADATA.create_all(connection)
    for trigger in _triggers():
        connection.exec_driver_sql(trigger)


SCHEMA = Schema(application_id=0x53534D52, create=_create)  # "SSMR"
