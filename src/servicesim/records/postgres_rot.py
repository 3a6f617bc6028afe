"""Rules of a PostgreSQL schema that are no longer those that we made: columns, keys, triggers, and who sees which rows."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from sqlalchemy import Column, Connection, text

from servicesim.records.postgres import PostgresStore
from servicesim.records.postgres_tables import shared, triggers
from servicesim.records.rot import Rot
from servicesim.records.store import Schema, Store
from servicesim.records.sums_tables import SCHEMA as SUMS

Shape = set[tuple[Any, ...]]

_TABLES = "SELECT relname FROM pg_class WHERE relnamespace = to_regnamespace(:schema) AND relkind IN ('r', 'p') AND NOT relispartition"
_COLUMNS = (
    "SELECT c.relname, a.attname, format_type(a.atttypid, NULL), a.attnotnull FROM pg_attribute a JOIN pg_class c ON c.oid = a.attrelid "
    "WHERE c.relnamespace = to_regnamespace(:schema) AND c.relkind IN ('r', 'p') AND NOT c.relispartition AND a.attnum > 0 AND NOT a.attisdropped"
)
_HIDDEN = (
    "SELECT c.relname FROM pg_class c WHERE c.relnamespace = to_regnamespace(:schema) AND c.relkind IN ('r', 'p') AND c.relname <> 'alembic_version' "
    "AND NOT (c.relrowsecurity AND c.relforcerowsecurity AND (SELECT count(*) FROM pg_policy p WHERE p.polrelid = c.oid) = 1)"
)
_TRIGGERS = (
    "SELECT c.relname, t.tgname, p.prosrc FROM pg_trigger t JOIN pg_class c ON c.oid = t.tgrelid JOIN pg_proc p ON p.oid = t.tgfoid "
    "WHERE c.relnamespace = to_regnamespace(:schema) AND NOT c.relispartition AND NOT t.tgisinternal AND t.tgenabled IN ('O', 'A')"
)
_INDEXES = (
    "SELECT c.relname, i.relname FROM pg_index x JOIN pg_class c ON c.oid = x.indrelid JOIN pg_class i ON i.oid = x.indexrelid "
    "WHERE c.relnamespace = to_regnamespace(:schema) AND NOT c.relispartition AND x.indisvalid"
)
_KEYS = (
    "SELECT c.relname, count(*) FROM pg_constraint k JOIN pg_class c ON c.oid = k.conrelid "
    "WHERE c.relnamespace = to_regnamespace(:schema) AND NOT c.relispartition AND k.contype = 'f' AND k.convalidated AND k.conparentid = 0 GROUP BY 1"
)


def changed_rules(store: Store) -> Iterator[Rot]:
    """The tables and triggers at which the schema is another than the one that we make."""
    assert isinstance(store, PostgresStore)
    with store.inspecting() as connection:
        changed = {str(one) for one in _changed(connection, store.schema)}
    for name in sorted(changed):
        yield Rot(store.name, f"the rules of the database have changed at {name}")


def _changed(connection: Connection, schema: Schema) -> Iterator[str]:
    found = {query: _rows(connection, query, schema) for query in (_TABLES, _COLUMNS, _HIDDEN, _TRIGGERS, _INDEXES, _KEYS)}
    made = shared(schema).sorted_tables
    yield from (name for (name,) in found[_TABLES] ^ {(name,) for name in [*(table.name for table in made), "alembic_version"]})
    columns = {(table.name, column.name, _type(connection, column), not column.nullable) for table in made for column in table.columns}
    yield from (name for name, *_ in columns ^ {row for row in found[_COLUMNS] if row[0] != "alembic_version"})
    yield from (name for (name,) in found[_HIDDEN])
    expected = {(one.table, one.name, one.body) for one in triggers(schema, [table.name for table in made])}
    watching = {(one.table, one.name, one.body) for one in SUMS.watches if one.schema == schema.name}
    expected |= watching if watching & found[_TRIGGERS] else set()
    yield from (name for _, name, _ in expected ^ found[_TRIGGERS])
    indexes = {(table.name, str(index.name)) for table in made for index in table.indexes} | {(table.name, str(table.primary_key.name)) for table in made}
    yield from (name for name, _ in indexes - found[_INDEXES])
    keys = {(table.name, count) for table in made if (count := len(table.foreign_key_constraints))}
    yield from (name for name, _ in keys ^ found[_KEYS])


def _type(connection: Connection, column: Column[Any]) -> str:
    return column.type.compile(connection.dialect).partition(" COLLATE")[0].lower()


def _rows(connection: Connection, query: str, schema: Schema) -> Shape:
    return {tuple(row) for row in connection.execute(text(query), {"schema": schema.name})}
