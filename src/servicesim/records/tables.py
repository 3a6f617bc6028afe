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


def _table(name: str, *parts: Column[str] | Column[int] | CheckConstraint | Index) -> Table:
    return Table(name, METADATA, *parts, sqlite_strict=True, sqlite_with_rowid=False)


def _whole(name: str) -> Column[int]:
    # A STRICT table of SQLite knows INTEGER only, which holds 64 bits there.
    wide: TypeEngine[int] = BigInteger().with_variant(Integer(), "sqlite")
    return Column(name, wide, nullable=False)


def _text(name: str) -> Column[str]:
    return Column(name, Text, nullable=False)


def _flag(name: str) -> tuple[Column[int], CheckConstraint]:
    return Column(name, Integer, nullable=False), CheckConstraint(f"{name} IN (0, 1)")


def _of_attempt() -> Column[str]:
    return Column("attempt", Text, ForeignKey("attempts.id"), primary_key=True)


def _hash(name: str) -> Column[str]:
    return Column(name, Text, ForeignKey("texts.hash"), nullable=False)


texts = _table("texts", Column("hash", Text, primary_key=True), _text("kind"), _text("body"))

attempts = _table(
    "attempts",
    Column("id", Text, primary_key=True),
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
)

# The primary key is UNIQUE(attempt, seq), and keeps the events of an attempt side by side in the file.
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
)

purged = _table("purged", Column("attempt", Text, primary_key=True), _whole("at"))


def _triggers() -> Iterator[str]:
    kept = {"texts": None, "attempts": "id", "events": "attempt", "results": "attempt", "purged": None}
    for table, attempt in kept.items():
        yield _refusal(table, "UPDATE", "what is kept is never changed")
        purgeable = f"WHEN NOT EXISTS (SELECT 1 FROM purged WHERE attempt = OLD.{attempt})" if attempt else ""
        yield _refusal(table, "DELETE", "only what belongs to a purged attempt is deleted", purgeable)
    # INSERT OR REPLACE deletes a row without its trigger, on connections that do not ask for recursive triggers.
    for whole in METADATA.sorted_tables:
        key = " AND ".join(f"{column.name} = NEW.{column.name}" for column in whole.primary_key)
        yield _refusal(
            whole.name, "INSERT", "this is already kept", f"WHEN EXISTS (SELECT 1 FROM {whole.name} WHERE {key})"
        )
    ended = "WHEN EXISTS (SELECT 1 FROM results WHERE attempt = NEW.attempt)"
    yield _refusal("events", "INSERT", "the attempt has ended", ended, name="events_after_end")


def _refusal(table: str, deed: str, why: str, when: str = "", *, name: str = "") -> str:
    name = name or f"{table}_no_{deed.lower()}"
    return f"CREATE TRIGGER {name} BEFORE {deed} ON {table} {when} BEGIN SELECT RAISE(ABORT, '{table}: {why}'); END"


def _create(connection: Connection) -> None:
    METADATA.create_all(connection)
    for trigger in _triggers():
        connection.exec_driver_sql(trigger)


SCHEMA = Schema(application_id=0x53534D52, create=_create)  # "SSMR"
