"""The tables of connected.db: what a desk got from its organisation, and what the organisation said to what was played.

What is evidence is only ever added, each row with its seal, and goes with a purged attempt only. What is on offer now, and how the last contact went, may change.
"""

from __future__ import annotations

from collections.abc import Iterator

from sqlalchemy import CheckConstraint, Column, Connection, ForeignKey, Index, Integer, MetaData, Table, Text

from servicesim.records.organisation_tables import flag, text, whole
from servicesim.records.store import Schema

METADATA = MetaData()


def _table(name: str, *parts: Column[str] | Column[int] | Index) -> Table:
    return Table(name, METADATA, *parts, sqlite_strict=True)


def _sealed(name: str, *parts: Column[str] | Column[int] | Index) -> Table:
    return _table(name, *parts, Column("seal", Text, CheckConstraint("length(seal) = 64"), nullable=False))


# Texts of sealed editions, by their SHA-256; each is its own seal.
texts = _table("texts", text("hash", primary_key=True), text("kind"), text("body"))

tickets = _sealed(
    "tickets",
    text("attempt", primary_key=True),
    text("learner"),
    text("scenario"),
    text("edition"),
    text("principles"),
    whole("seed"),
    text("language"),
    whole("opens"),
    whole("closes"),
    whole("got"),
    Index("tickets_of_learner", "learner", "edition"),
)

# How many events of an attempt the server says it has: the last word counts, for a server may have come back from a backup.
acknowledged = _sealed(
    "acknowledged",
    Column("number", Integer, primary_key=True),
    text("attempt", "tickets.attempt"),
    whole("upto"),
    flag("late"),
    whole("at"),
    Index("acknowledged_of_attempt", "attempt", "number"),
)

# What the server would not take, and why: it is not sent again by itself.
refusals = _sealed(
    "refusals",
    Column("number", Integer, primary_key=True),
    text("attempt", "tickets.attempt"),
    whole("first"),
    whole("status"),
    text("words"),
    whole("at"),
    Index("refusals_of_attempt", "attempt"),
)

verdicts = _sealed(
    "verdicts",
    Column("attempt", Text, ForeignKey("tickets.attempt"), primary_key=True),
    text("body"),
    text("signature"),
    whole("at"),
)

# Where the desk had come to something else than the server's verdict.
differences = _sealed(
    "differences",
    Column("attempt", Text, ForeignKey("verdicts.attempt"), primary_key=True),
    text("name", primary_key=True),
    text("here"),
    text("there"),
)

# What the organisation offers somebody now, each edition by the hashes of its two texts; and the mark of the list it came in.
offers = _table(
    "offers",
    text("learner", primary_key=True),
    text("scenario", primary_key=True),
    text("language", primary_key=True),
    text("title"),
    text("edition"),
    text("principles"),
)
contacts = _table(
    "contacts",
    text("learner", primary_key=True),
    whole("asked"),
    whole("answered", nullable=True),
    text("trouble"),
    text("etag"),
)

# The programmes that the organisation has assigned to somebody, as its server told it last.
assigned = _table("assigned", text("learner", primary_key=True), text("body"))

# Attempts that were purged from the records: what is kept of them here goes too, and does not come back.
purged = _sealed("purged", text("attempt", primary_key=True), whole("at"))

OF_ATTEMPT = (differences, verdicts, refusals, acknowledged, tickets)
"""The tables whose rows go with a purged attempt, in this order."""
SEALED = (*OF_ATTEMPT, purged)
KEPT = (texts, *SEALED)


def _refusals(made: Table) -> Iterator[str]:
    same = " AND ".join(f"{column.name} = NEW.{column.name}" for column in made.primary_key)
    stays = "WHEN NOT EXISTS (SELECT 1 FROM purged WHERE attempt = OLD.attempt)" if made in OF_ATTEMPT else ""
    # INSERT OR REPLACE deletes a row without its trigger, on connections that do not ask for recursive triggers.
    for deed, when in (("UPDATE", ""), ("DELETE", stays), ("INSERT", f"WHEN EXISTS (SELECT 1 FROM {made.name} WHERE {same})")):
        yield (
            f"CREATE TRIGGER {made.name}_no_{deed.lower()} BEFORE {deed} ON {made.name} {when} "
            f"BEGIN SELECT RAISE(ABORT, '{made.name}: what is kept is never changed'); END"
        )


def _create(connection: Connection) -> None:
    METADATA.create_all(connection)
    for made in KEPT:
        for statement in _refusals(made):
            connection.exec_driver_sql(statement)


def _to_version_2(connection: Connection) -> None:
    assigned.create(connection)


SCHEMA = Schema(application_id=0x53534344, create=_create, steps=(_to_version_2,))  # "SSCD"
