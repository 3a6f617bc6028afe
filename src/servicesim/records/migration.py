"""From version 1 of records.db to version 2: chains and seals for what is there, and the new tables; and on to version 3.

Everything is added, nothing rebuilt. The columns of version 1 are named here as they were, whatever becomes of the tables later.

Steps to later versions are revisions of Alembic in migrations/NAME/, named by the version that they lead to, so that the same
step serves PostgreSQL (postgres_upgrade.py): for `version_4.py`, `SCHEMA` has `revised("records", 4, ...)` as its next step.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from pathlib import Path
from typing import Any

from sqlalchemy import Connection, MetaData, Row, Table, text

from servicesim.records.attempt import Attempt, Result
from servicesim.records.chain import head, last_link, row_seal, seal

_ADDED = {"attempts": "chain", "events": "chain", "results": "seal", "purged": "seal"}
_ATTEMPTS = (
    "SELECT number, id, learner, scenario, scenario_hash, principles_hash, rules_version, seed, untimed, practice, language, started "
    "FROM attempts WHERE number > :after ORDER BY number LIMIT :page"
)
_EVENTS = "SELECT seq, line FROM events WHERE attempt = :attempt ORDER BY seq"
_RESULTS = (
    "SELECT attempt, ended, ending, conduct, passed, outcome, satisfaction, expects, received, trust, anger, principles "
    "FROM results WHERE attempt = :attempt"
)
_PAGE = 500  # attempts, with all that belongs to them
MIGRATIONS = Path(__file__).parent / "migrations"


def revised(name: str, version: int, triggers: Callable[[], Iterable[str]]) -> Callable[[Connection], None]:
    """The step that the revision of this version takes, on a file of SQLite's; the triggers are made anew at its end."""

    def step(connection: Connection) -> None:
        from alembic.migration import MigrationContext
        from alembic.operations import Operations
        from alembic.script import ScriptDirectory

        drop_triggers(connection)
        script = ScriptDirectory(str(MIGRATIONS), version_locations=[str(MIGRATIONS / name)])
        with Operations.context(MigrationContext.configure(connection)):
            script.get_revision(str(version)).module.upgrade()
        for statement in triggers():
            connection.exec_driver_sql(statement)

    return step


def to_version_2(connection: Connection, metadata: MetaData, tables: Sequence[Table], triggers: Sequence[str]) -> None:
    """The step, inside a transaction of the caller's; `tables` are those of version 2."""
    drop_triggers(connection)
    for table, column in _ADDED.items():
        add_column(connection, table, f"{column} TEXT CHECK (length({column}) = 64)")
    metadata.create_all(connection, tables)
    _seal_purged(connection)
    _chain_attempts(connection)
    for statement in triggers:
        connection.exec_driver_sql(statement)


def to_version_3(connection: Connection, metadata: MetaData, triggers: Sequence[str]) -> None:
    """The tables of what is sent; nothing that is there changes."""
    drop_triggers(connection)
    metadata.create_all(connection)
    for statement in triggers:
        connection.exec_driver_sql(statement)


def drop_triggers(connection: Connection) -> None:
    """All of them: they would forbid the step, and the newest are made at its end."""
    for name in connection.execute(text("SELECT name FROM sqlite_master WHERE type = 'trigger'")).scalars().all():
        connection.exec_driver_sql(f'DROP TRIGGER "{name}"')


def add_column(connection: Connection, table: str, column: str) -> None:
    """Add a column at the end of a table. SQLite rewrites no row for it."""
    connection.exec_driver_sql(f"ALTER TABLE {table} ADD COLUMN {column}")


def _seal_purged(connection: Connection) -> None:
    rows = connection.execute(text("SELECT attempt, at FROM purged")).all()
    sealed = [{"of": row.attempt, "seal": row_seal("purged", row._asdict())} for row in rows]
    _update(connection, "UPDATE purged SET seal = :seal WHERE attempt = :of", sealed)


def _chain_attempts(connection: Connection) -> None:
    after = -(2**63)
    while page := connection.execute(text(_ATTEMPTS), {"after": after, "page": _PAGE}).all():
        heads, chained, sealed = list[dict[str, Any]](), list[dict[str, Any]](), list[dict[str, Any]]()
        for row in page:
            last = head(_attempt(row))
            heads.append({"of": row.number, "chain": last})
            for seq, line in connection.execute(text(_EVENTS), {"attempt": row.number}):
                last = last_link(last, seq, [line])
                chained.append({"of": row.number, "seq": seq, "chain": last})
            if (result := connection.execute(text(_RESULTS), {"attempt": row.number}).first()) is not None:
                sealed.append({"of": row.number, "seal": seal(last, _result(result))})
        _update(connection, "UPDATE attempts SET chain = :chain WHERE number = :of", heads)
        _update(connection, "UPDATE events SET chain = :chain WHERE attempt = :of AND seq = :seq", chained)
        _update(connection, "UPDATE results SET seal = :seal WHERE attempt = :of", sealed)
        after = page[-1].number


def _update(connection: Connection, statement: str, rows: list[dict[str, Any]]) -> None:
    if rows:
        connection.execute(text(statement), rows)


def _attempt(row: Row[Any]) -> Attempt:
    id, learner, scenario, by, principles, rules, seed, untimed, practice, language, started = tuple(row)[1:]
    return Attempt(id, learner, scenario, by, principles, rules, seed, bool(untimed), bool(practice), language, started)


def _result(row: Row[Any]) -> Result:
    ended, ending, conduct, passed, outcome, satisfaction, expects, received, trust, anger, principles = tuple(row)[1:]
    return Result(
        ended, ending, conduct, bool(passed), outcome, satisfaction, expects, received, trust, anger, principles
    )
