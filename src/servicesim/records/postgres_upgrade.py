"""What only the owner of the database does: make its tables, bring them up to date, let roles in, and make partitions ahead.

A schema that is not there is made as it is today. One that is there is taken on by the revisions of Alembic in
migrations/NAME/, whose numbers are the versions. All of it is one transaction, and one process at a time.

A step is written once. On SQLite, `migration.revised` runs the same revision; a revision adds tables by `add_tables` of
postgres_tables.py where its connection is one of PostgreSQL's, and by its own statements where it is not.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import contextmanager

from sqlalchemy import Connection, text

from servicesim.errors import UsageError
from servicesim.records import postgres_failures as failures
from servicesim.records.migration import MIGRATIONS
from servicesim.records.numbered import months
from servicesim.records.place import shown
from servicesim.records.postgres import demand_bound, engine_of, lock_key, transaction, version_of
from servicesim.records.postgres_tables import add_months, add_shortcuts, grants, make
from servicesim.records.store import Schema

AHEAD = 12
"""Months that have a partition before anything begins in them."""


def schemas() -> tuple[Schema, ...]:
    """All that an organisation's database has."""
    from servicesim.records.organisation import SCHEMA as organisation
    from servicesim.records.people import SCHEMA as people
    from servicesim.records.sums_tables import SCHEMA as sums
    from servicesim.records.tables import SCHEMA as records

    return records, people, organisation, sums


def upgrade(address: str, *, at: int, wanted: Sequence[Schema] | None = None) -> list[str]:
    """Make what is missing and bring the rest up to date, as the owner; what was done, a sentence each. Again is harmless.

    `at` is now (UTC milliseconds): partitions are made from this month on.
    """
    done: list[str] = []
    for schema in schemas() if wanted is None else wanted:
        with _owned(address, schema) as connection:
            done += _upgraded(connection, schema, address)
            done += [f"{schema.name}: index {name}" for name in add_shortcuts(connection, schema)]
            done += [f"{schema.name}: partition {name}" for name in add_months(connection, schema, list(months(at, AHEAD)))]
    return done


def make_partitions(address: str, *, at: int, ahead: int = AHEAD) -> list[str]:
    """Make the partitions of this month and those that come, as the owner; which are new. What has none is kept all the same."""
    new: list[str] = []
    for schema in schemas():
        if schema.monthly:
            with _owned(address, schema) as connection:
                new += add_months(connection, schema, list(months(at, ahead)))
    return new


def grant(address: str, role: str, *, only_records: bool = False, wanted: Sequence[Schema] | None = None) -> None:
    """As the owner, let a role in: to read and to add, and to change what is mutable, but nothing that is kept.

    With `only_records` it may read and add records and nothing else: no people, no accounts.
    """
    for schema in schemas() if wanted is None else wanted:
        if only_records and schema.name != "records":
            continue
        with _owned(address, schema) as connection:
            quoted = connection.dialect.identifier_preparer.quote_identifier(role)
            for statement in grants(schema, quoted, may_change=not only_records):
                connection.exec_driver_sql(statement)


@contextmanager
def _owned(address: str, schema: Schema) -> Iterator[Connection]:
    """A transaction of the owner's, with which no other owner's runs at once."""
    engine, name = engine_of(address, schema), f"{schema.name} at {shown(address)}"
    begin = f"BEGIN; SELECT pg_advisory_xact_lock({lock_key('upgrade')})"
    try:
        with failures.told(name), transaction(engine, begin) as connection:
            demand_bound(connection, name)
            yield connection
    finally:
        engine.dispose()


def _upgraded(connection: Connection, schema: Schema, address: str) -> Iterator[str]:
    version, name = version_of(connection, schema), f"{schema.name} at {shown(address)}"
    if version is None:
        _demand_utf8(connection, name)
        make(connection, schema)
        _alembic(connection, schema, "stamp")
        yield f"{schema.name}: made in version {schema.version}"
    elif version > schema.version:
        raise failures.newer(name, version, schema.version)
    elif version < schema.version:
        with _loosened(connection, schema):
            _alembic(connection, schema, "upgrade")
        yield f"{schema.name}: brought from version {version} to version {schema.version}"


@contextmanager
def _loosened(connection: Connection, schema: Schema) -> Iterator[None]:
    """The owner changes the rows of all organisations for the while; nobody else sees the tables before the transaction ends."""
    for name in _tables(connection, schema):
        connection.exec_driver_sql(f"ALTER TABLE {schema.name}.{name} NO FORCE ROW LEVEL SECURITY, DISABLE TRIGGER USER")
    yield
    for name in _tables(connection, schema):
        connection.exec_driver_sql(f"ALTER TABLE {schema.name}.{name} FORCE ROW LEVEL SECURITY, ENABLE TRIGGER USER")


def _tables(connection: Connection, schema: Schema) -> Sequence[str]:
    """All that belong to organisations, partitions too."""
    asked = "SELECT relname FROM pg_class WHERE relnamespace = to_regnamespace(:schema) AND relkind IN ('r', 'p') AND relrowsecurity ORDER BY 1"
    return connection.execute(text(asked), {"schema": schema.name}).scalars().all()


def _demand_utf8(connection: Connection, name: str) -> None:
    encoding = connection.execute(text("SHOW server_encoding")).scalar()
    if encoding != "UTF8":
        raise UsageError(f"{name}: the database keeps texts as {encoding}, and ours need UTF8: CREATE DATABASE ... ENCODING 'UTF8' TEMPLATE template0")


def _alembic(connection: Connection, schema: Schema, deed: str) -> None:
    """Let Alembic upgrade the schema to the version that we know, or note that it is the one."""
    from alembic import command
    from alembic.config import Config

    folder = MIGRATIONS / schema.name
    config = Config(attributes={"connection": connection, "schema": schema.name})
    config.set_main_option("path_separator", "newline")
    config.set_main_option("script_location", str(MIGRATIONS).replace("%", "%%"))
    config.set_main_option("version_locations", str(folder).replace("%", "%%"))
    getattr(command, deed)(config, str(schema.version))
