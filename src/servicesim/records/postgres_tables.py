"""The tables as PostgreSQL has them: the same, each with the organisation that a row belongs to as the first part of its key.

    events (organisation, attempt, seq, line, chain)   PRIMARY KEY (organisation, attempt, seq)

A connection is of one organisation, named when it is opened. Row level security shows it that organisation's rows and no others,
and a row that it adds is that organisation's, so that no query has to name it. What is kept is held as it was written by
triggers, as on SQLite. `events` has a partition for each month in which attempts began.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import Any

from sqlalchemy import (
    CheckConstraint,
    Column,
    Connection,
    ForeignKeyConstraint,
    Index,
    MetaData,
    PrimaryKeyConstraint,
    Table,
    Text,
    UniqueConstraint,
    text,
)
from sqlalchemy.exc import IntegrityError
from sqlalchemy.types import TypeEngine

from servicesim.records.numbered import Month
from servicesim.records.store import Schema

ORGANISATION = "organisation"
SETTING = "servicesim.organisation"
OTHER = "other"
"""The partition of what belongs to no month that has one."""
_MINE = f"{ORGANISATION} = current_setting('{SETTING}')"
_CHECKS = {"GLOB '[0-9]*/[1-9]*'": "~ '^[0-9].*/[1-9]'"}
# Version 2 could add these to tables of SQLite only as columns that may be NULL; here they have been there from the start.
_ALWAYS = ("chain", "seal")
_NAMED = re.compile(r"\b(FROM|JOIN) (\w+)")


@dataclass(frozen=True, slots=True)
class Trigger:
    """Calls its function, which has its name and this body; refuses what the rule of its table says."""

    table: str
    name: str
    when: str
    body: str

    def statements(self, schema: str) -> Iterator[str]:
        """What makes both."""
        function = f"{schema}.{self.name}()"
        yield f"CREATE FUNCTION {function} RETURNS trigger LANGUAGE plpgsql AS $${self.body}$$"
        yield f"CREATE TRIGGER {self.name} {self.when} EXECUTE FUNCTION {function}"


@lru_cache(maxsize=8)
def shared(schema: Schema) -> MetaData:
    """The tables of this schema as many organisations share them."""
    made = MetaData()
    for table in _metadata(schema).sorted_tables:
        _share(table, made, monthly=table.name in schema.monthly)
    return made


def make(connection: Connection, schema: Schema) -> None:
    """Make the schema with all that belongs to it, in a transaction of the caller's."""
    connection.exec_driver_sql(f"CREATE SCHEMA IF NOT EXISTS {schema.name}")
    add_tables(connection, schema, [table.name for table in _metadata(schema).sorted_tables])
    for statement in schema.beside:
        connection.exec_driver_sql(statement)


def add_tables(connection: Connection, schema: Schema, names: Sequence[str]) -> None:
    """Make these tables, with the rules that keep them; also for a step that brings new ones."""
    tables = [shared(schema).tables[name] for name in names]
    shared(schema).create_all(connection, tables, checkfirst=False)
    for table in tables:
        _keep_apart(connection, table.name)
        if table.name in schema.monthly:
            _add_partition(connection, table.name, OTHER, "DEFAULT")
    for trigger in triggers(schema, names):
        for statement in trigger.statements(schema.name):
            connection.exec_driver_sql(statement)


def add_months(connection: Connection, schema: Schema, coming: Iterable[Month]) -> list[str]:
    """Make the partitions of these months where they are missing; which are new.

    A month of which something lies in the default partition already stays there.
    """
    new = []
    for table in schema.monthly:
        for month in coming:
            name = f"{table}_{month.name}"
            if connection.execute(text("SELECT to_regclass(:name)"), {"name": f"{schema.name}.{name}"}).scalar() is not None:
                continue
            try:
                with connection.begin_nested():
                    _add_partition(connection, table, month.name, f"FOR VALUES FROM ({month.first}) TO ({month.end})")
            except IntegrityError:
                continue
            new.append(name)
    return new


def add_shortcuts(connection: Connection, schema: Schema) -> list[str]:
    """Make the indexes that are missing; which are new."""
    new = []
    for one in schema.shortcuts:
        if connection.execute(text("SELECT to_regclass(:name)"), {"name": f"{schema.name}.{one.name}"}).scalar() is None:
            columns = ", ".join((ORGANISATION, *one.columns))
            connection.exec_driver_sql(f"CREATE INDEX {one.name} ON {schema.name}.{one.table} ({columns})")
            new.append(one.name)
    return new


def triggers(schema: Schema, names: Iterable[str]) -> Iterator[Trigger]:
    """What keeps these tables as they were written."""
    for name in names:
        if name not in schema.mutable:
            yield _refusal(schema.name, name, f"{name}_no_update", "UPDATE", "what is kept is never changed")
            purgeable = schema.purgeable.get(name)
            why = "only what belongs to a purged attempt is deleted" if schema.purgeable else "what is kept is never changed"
            yield _refusal(schema.name, name, f"{name}_no_delete", "DELETE", why, f"NOT EXISTS ({purgeable})" if purgeable else "true")
            yield _refusal(schema.name, name, f"{name}_no_truncate", "TRUNCATE", "what is kept is never changed")
        for rule in schema.refusals:
            if rule.table == name:
                yield _refusal(schema.name, name, rule.name, rule.deed, rule.why, rule.when)


def grants(schema: Schema, role: str, *, may_change: bool = True) -> Iterator[str]:
    """What lets a role (quoted, if it must be) work with this schema: read and add, and change what is mutable if it may."""
    names = [table.name for table in _metadata(schema).sorted_tables]
    yield f"GRANT USAGE ON SCHEMA {schema.name} TO {role}"
    yield f"GRANT SELECT ON {schema.name}.alembic_version TO {role}"
    yield f"GRANT SELECT, INSERT ON {_list(schema, names)} TO {role}"
    changing = [name for name in names if name in schema.mutable]
    if may_change and changing:
        yield f"GRANT UPDATE, DELETE ON {_list(schema, changing)} TO {role}"


def _list(schema: Schema, names: Iterable[str]) -> str:
    return ", ".join(f"{schema.name}.{name}" for name in names)


def _metadata(schema: Schema) -> MetaData:
    assert schema.metadata is not None, "this schema is one of SQLite only"
    return schema.metadata


def _share(table: Table, into: MetaData, *, monthly: bool) -> None:
    owner = Column(ORGANISATION, Text(collation="C"), server_default=text(f"current_setting('{SETTING}')"), nullable=False)
    options: dict[str, Any] = {"postgresql_partition_by": "RANGE (attempt)"} if monthly else {}
    Table(table.name, into, owner, *map(_column, table.columns), *_constraints(table), *_indexes(table), **options)


def _column(column: Column[Any]) -> Column[Any]:
    nullable = column.nullable and column.name not in _ALWAYS
    return Column(column.name, _type(column), nullable=nullable, autoincrement=False)


def _type(column: Column[Any]) -> TypeEngine[Any]:
    if isinstance(column.type, Text):
        return Text(collation="C")  # compared as SQLite compares, whatever the language of the database
    return column.type


def _constraints(table: Table) -> Iterator[PrimaryKeyConstraint | UniqueConstraint | ForeignKeyConstraint | CheckConstraint]:
    keys = [column.name for column in table.primary_key]
    yield PrimaryKeyConstraint(ORGANISATION, *keys, name=f"{table.name}_pkey")
    for rule in table.constraints:
        match rule:
            case UniqueConstraint():
                yield UniqueConstraint(ORGANISATION, *(column.name for column in rule.columns))
            case ForeignKeyConstraint():
                there = [element.target_fullname for element in rule.elements]
                (other,) = {name.partition(".")[0] for name in there}
                yield ForeignKeyConstraint([ORGANISATION, *rule.column_keys], [f"{other}.{ORGANISATION}", *there])
            case CheckConstraint():
                yield CheckConstraint(_check(str(rule.sqltext)))


def _check(rule: str) -> str:
    for sqlite, here in _CHECKS.items():
        rule = rule.replace(sqlite, here)
    return rule


def _indexes(table: Table) -> Iterator[Index]:
    for index in sorted(table.indexes, key=lambda index: str(index.name)):
        yield Index(index.name, ORGANISATION, *(column.name for column in index.columns), unique=index.unique)


def _keep_apart(connection: Connection, table: str) -> None:
    connection.exec_driver_sql(f"ALTER TABLE {table} ENABLE ROW LEVEL SECURITY")
    connection.exec_driver_sql(f"ALTER TABLE {table} FORCE ROW LEVEL SECURITY")  # for its owner too
    connection.exec_driver_sql(f"CREATE POLICY {table}_of_organisation ON {table} USING ({_MINE})")


def _add_partition(connection: Connection, table: str, name: str, values: str) -> None:
    connection.exec_driver_sql(f"CREATE TABLE {table}_{name} PARTITION OF {table} {values}")
    _keep_apart(connection, f"{table}_{name}")


def _refusal(schema: str, table: str, name: str, deed: str, why: str, when: str = "true") -> Trigger:
    refuse = f"RAISE EXCEPTION '{table}: {why}' USING ERRCODE = 'integrity_constraint_violation'"
    goes_on = "OLD" if deed == "DELETE" else "NEW"
    # The tables are named with their schema: to set the search path in the function would make every row slower.
    there = _NAMED.sub(rf"\1 {schema}.\2", when)
    body = f"BEGIN IF {there} THEN {refuse}; END IF; RETURN {goes_on}; END"
    each = "STATEMENT" if deed == "TRUNCATE" else "ROW"
    return Trigger(table, name, f"BEFORE {deed} ON {table} FOR EACH {each}", body)
