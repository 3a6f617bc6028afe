"""The tables of records.db: rows are added and never changed; those of a purged attempt may be removed.

Version 2 added the chains and seals, and the tables from `purged` to `anonymous`. The columns that it added to tables of version 1
may be NULL for SQLite, which cannot add others; triggers demand them of every new row. Version 3 added the tables of what is sent.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from sqlalchemy import (
    BigInteger,
    CheckConstraint,
    Column,
    Connection,
    ForeignKey,
    Index,
    Integer,
    LargeBinary,
    MetaData,
    Table,
    Text,
)
from sqlalchemy.types import TypeEngine

from servicesim.records.migration import to_version_2, to_version_3
from servicesim.records.store import Refusal, Schema, Shortcut

METADATA = MetaData()


def _table(name: str, *parts: Column[str] | Column[int] | Column[bytes] | CheckConstraint | Index, rowid: bool = False) -> Table:
    return Table(name, METADATA, *parts, sqlite_strict=True, sqlite_with_rowid=rowid)


# A STRICT table of SQLite knows INTEGER only, which holds 64 bits there.
_WIDE: TypeEngine[int] = BigInteger().with_variant(Integer(), "sqlite")


def _whole(name: str) -> Column[int]:
    return Column(name, _WIDE, nullable=False)


def _text(name: str) -> Column[str]:
    return Column(name, Text, nullable=False)


def _flag(name: str) -> tuple[Column[int], CheckConstraint]:
    return Column(name, Integer, nullable=False), CheckConstraint(f"{name} IN (0, 1)")


def _of_attempt() -> Column[int]:
    return Column("attempt", _WIDE, ForeignKey("attempts.number"), primary_key=True)


def _added(name: str) -> Column[str]:
    """A column that version 2 added to a table of version 1."""
    return Column(name, Text, CheckConstraint(f"length({name}) = 64"))


def _hash(name: str) -> Column[str]:
    return Column(name, Text, ForeignKey("texts.hash"), nullable=False)


texts = _table("texts", Column("hash", Text, primary_key=True), _text("kind"), _text("body"))

# The number is known in this file only: it keeps what belongs together side by side, in the order of play.
attempts = _table(
    "attempts",
    Column("number", _WIDE, primary_key=True),
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
    _added("chain"),
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
    _added("chain"),
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
    _added("seal"),
    rowid=True,
)

purged = _table("purged", Column("attempt", Text, primary_key=True), _whole("at"), _added("seal"))

# What a human has said of an attempt: the last word counts.
reviews = _table(
    "reviews",
    _of_attempt(),
    Column("seq", Integer, CheckConstraint("seq >= 0"), primary_key=True),
    _whole("at"),
    _text("by"),
    _text("note"),
    Column("verdict", Text, CheckConstraint("verdict IN ('stands', 'set-aside', 'to-look-at')"), nullable=False),
    _text("seal"),
)

# Results under other principles, beside the one that was given when the attempt ended.
rescored = _table(
    "rescored",
    _of_attempt(),
    Column("principles_hash", Text, ForeignKey("texts.hash"), primary_key=True),
    _whole("at"),
    Column("conduct", Text, CheckConstraint("conduct GLOB '[0-9]*/[1-9]*'"), nullable=False),
    *_flag("passed"),
    _text("principles"),
    _text("seal"),
)

# The log of what was handed over.
exports = _table(
    "exports",
    Column("number", _WIDE, primary_key=True),
    _whole("at"),
    _text("who"),
    _text("kind"),
    _text("filter"),
    _whole("rows"),
    _text("sha256"),
    *_flag("with_names"),
    _text("seal"),
    rowid=True,
)

# Attempts that came from another desk, and in which hand-in.
collected = _table("collected", _of_attempt(), _whole("at"), _text("batch"), _text("seal"))

# What is left of purged attempts. The number is drawn, so that the order of the rows tells nothing.
anonymous = _table(
    "anonymous",
    Column("number", _WIDE, primary_key=True),
    _text("scenario"),
    _hash("scenario_hash"),
    _text("week"),
    _whole("conduct"),
    *_flag("passed"),
    _text("seal"),
    rowid=True,
)

# What a learning record store is told of an attempt: the very texts of its statements, a line each, packed by zlib. They say
# much the same, and take a fourteenth so.
told = _table(
    "told",
    _of_attempt(),
    Column("body", LargeBinary, nullable=False),
    _text("seal"),
    rowid=True,
)

# The statements one by one, in the order in which they are sent; `line` is the line of what is told that holds the text.
outbox = _table(
    "outbox",
    Column("number", _WIDE, primary_key=True),
    Column("attempt", _WIDE, ForeignKey("told.attempt"), nullable=False),
    Column("statement", Text, nullable=False, unique=True),
    Column("line", Integer, CheckConstraint("line >= 0"), nullable=False),
    _text("seal"),
    Index("outbox_of_attempt", "attempt"),
    rowid=True,
)

# What became of a statement: the last word counts. Where nothing is said, or `again` last, it waits to be sent.
deliveries = _table(
    "deliveries",
    Column("statement", _WIDE, ForeignKey("outbox.number"), primary_key=True),
    Column("seq", Integer, CheckConstraint("seq >= 0"), primary_key=True),
    Column("attempt", _WIDE, ForeignKey("attempts.number"), nullable=False),
    _whole("at"),
    _text("place"),
    Column("outcome", Text, CheckConstraint("outcome IN ('sent', 'known', 'refused', 'again')"), nullable=False),
    _text("words"),
    _text("seal"),
    Index("deliveries_of_attempt", "attempt"),
)

BESIDE_ATTEMPTS = (deliveries, outbox, told, collected, rescored, reviews, results, events)
"""The tables whose rows belong to an attempt, and go with it, in this order."""

_PURGEABLE = {"attempts": "SELECT 1 FROM purged WHERE attempt = OLD.id"} | {
    table.name: "SELECT 1 FROM purged JOIN attempts ON id = purged.attempt WHERE number = OLD.attempt"
    for table in BESIDE_ATTEMPTS
}
_VERSION_2 = tuple(table for table in METADATA.sorted_tables if table not in (told, outbox, deliveries))
_DEMANDED = {"attempts": "chain", "events": "chain", "results": "seal", "purged": "seal"}


def triggers(tables: Iterable[Table] = METADATA.sorted_tables) -> Iterator[tuple[str, str]]:
    """The name of each trigger, and the statement that makes it."""
    for table in tables:
        yield _refusal(table.name, "UPDATE", "what is kept is never changed")
        purgeable = _PURGEABLE.get(table.name)
        when = f"WHEN NOT EXISTS ({purgeable})" if purgeable else ""
        yield _refusal(table.name, "DELETE", "only what belongs to a purged attempt is deleted", when)
        # INSERT OR REPLACE deletes a row without its trigger, on connections that do not ask for recursive triggers.
        there = f"WHEN EXISTS (SELECT 1 FROM {table.name} WHERE {_same(table)})"
        yield _refusal(table.name, "INSERT", "this is already kept", there)
    for name, column in _DEMANDED.items():
        missing = f"WHEN NEW.{column} IS NULL"
        yield _refusal(name, "INSERT", f"a row is kept with its {column} only", missing, name=f"{name}_without_{column}")
    ended = "WHEN EXISTS (SELECT 1 FROM results WHERE attempt = NEW.attempt)"
    yield _refusal("events", "INSERT", "the attempt has ended", ended, name="events_after_end")


def _same(table: Table) -> str:
    same = " AND ".join(f"{column.name} = NEW.{column.name}" for column in table.primary_key)
    unique = [column.name for column in table.c if column.unique]
    return " OR ".join([same, *(f"{name} = NEW.{name}" for name in unique)])


def _refusal(table: str, deed: str, why: str, when: str = "", *, name: str = "") -> tuple[str, str]:
    name = name or f"{table}_no_{deed.lower()}"
    refuse = f"BEGIN SELECT RAISE(ABORT, '{table}: {why}'); END"
    return name, f"CREATE TRIGGER {name} BEFORE {deed} ON {table} {when} {refuse}"


def _create(connection: Connection) -> None:
    METADATA.create_all(connection)
    for _, statement in triggers():
        connection.exec_driver_sql(statement)


def _to_version_2(connection: Connection) -> None:
    to_version_2(connection, METADATA, _VERSION_2, [statement for _, statement in triggers(_VERSION_2)])


def _to_version_3(connection: Connection) -> None:
    to_version_3(connection, METADATA, [statement for _, statement in triggers()])


SCHEMA = Schema(
    application_id=0x53534D52,  # "SSMR"
    create=_create,
    steps=(_to_version_2, _to_version_3),
    name="records",
    metadata=METADATA,
    purgeable=_PURGEABLE,
    refusals=(Refusal("events", "events_after_end", "INSERT", "the attempt has ended", "EXISTS (SELECT 1 FROM results WHERE attempt = NEW.attempt)"),),
    monthly=frozenset({"events"}),
    # Which attempt at an encounter began last, in a language in which it may never have been played.
    shortcuts=(Shortcut("attempts_at_encounter", "attempts", ("scenario", "language", "started", "id")),),
)
