"""Sums that PostgreSQL keeps beside the records, for all servers: the tables, and what notes who is to be looked at again.

    rollups.waiting    learners of whom something has changed since they were last looked at
    rollups.learners   what was taken up of each, so that it can be taken away again
    rollups.cells      the sums
    rollups.about      what they were made by

Whatever changes a sum writes the learner into `waiting` in the same transaction: a result, a review, a purge, another team. So
nothing is missed, whatever the order in which transactions end. All of it is made of the records and may be made anew at any time.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from sqlalchemy import BigInteger, Column, LargeBinary, MetaData, Table, Text

from servicesim.records.store import Schema, Watch

METADATA = MetaData()
NAME = "rollups"


def _text(name: str, *, key: bool = False) -> Column[str]:
    return Column(name, Text, primary_key=key, nullable=False)


def _number(name: str) -> Column[int]:
    return Column(name, BigInteger, nullable=False)


def _table(name: str, *columns: Column[Any]) -> Table:
    return Table(name, METADATA, *columns)


_table("about", _text("name", key=True), _text("value"))
_table("waiting", Column("number", BigInteger, primary_key=True), _text("learner"))
_table("learners", _text("learner", key=True), _text("team"), Column("facts", LargeBinary, nullable=False))
_table(
    "cells",
    *(_text(name, key=True) for name in ("which", "encounter", "kind", "of", "by")),
    *(_number(name) for name in ("people", "n", "total", "squares", "passed")),
)

_OF_ATTEMPT = "SELECT NEW.organisation, learner FROM records.attempts WHERE organisation = NEW.organisation AND number = NEW.attempt"
_BODIES = {
    "of_attempt": _OF_ATTEMPT,
    "of_purged": "SELECT OLD.organisation, OLD.learner",
    "of_person": "SELECT coalesce(NEW.organisation, OLD.organisation), coalesce(NEW.learner, OLD.learner)",
}
_WHEN = (
    ("records", "results", "INSERT", "of_attempt"),
    ("records", "reviews", "INSERT", "of_attempt"),
    ("records", "attempts", "DELETE", "of_purged"),
    ("people", "people", "INSERT OR UPDATE OR DELETE", "of_person"),
)


def _body(chosen: str) -> str:
    return f"BEGIN INSERT INTO {NAME}.waiting (organisation, learner) {_BODIES[chosen]}; RETURN NULL; END"


def _beside() -> Iterator[str]:
    yield f"ALTER TABLE {NAME}.waiting ALTER COLUMN number ADD GENERATED ALWAYS AS IDENTITY"
    for name in _BODIES:
        # As its owner: who may add a record and nothing else has no right to what is kept here.
        how = f"LANGUAGE plpgsql SECURITY DEFINER SET search_path = {NAME}, pg_temp"
        yield f"CREATE FUNCTION {NAME}.{name}() RETURNS trigger {how} AS $${_body(name)}$$"
    for schema, table, deed, name in _WHEN:
        yield f"CREATE TRIGGER {_trigger(table)} AFTER {deed} ON {schema}.{table} FOR EACH ROW EXECUTE FUNCTION {NAME}.{name}()"
    yield f"INSERT INTO {NAME}.waiting (learner) SELECT DISTINCT learner FROM records.attempts"


def _trigger(table: str) -> str:
    return f"{table}_are_summed_up"


SCHEMA = Schema(
    application_id=0x53535355,  # "SSSU"
    create=METADATA.create_all,
    name=NAME,
    metadata=METADATA,
    mutable=frozenset(METADATA.tables),
    beside=tuple(_beside()),
    watches=tuple(Watch(schema, table, _trigger(table), _body(name)) for schema, table, _, name in _WHEN),
)
