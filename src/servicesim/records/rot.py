"""What has rotted in a database: found by SQLite's own check, by the rules of the file, and by chains and seals."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from functools import partial
from typing import Any, TypeVar

from sqlalchemy import Table, select
from sqlalchemy.exc import DBAPIError

from servicesim.records.chain import row_seal
from servicesim.records.store import FileStore, Store, empty

Found = TypeVar("Found")

MOST_OF_A_KIND = 100
_SHAPE = (
    "SELECT t.name, t.wr, t.strict, c.cid, c.name, c.type, c.\"notnull\", c.pk FROM pragma_table_list t, pragma_table_xinfo(t.name) c "
    "WHERE t.schema = 'main' AND t.name NOT LIKE 'sqlite%'",
    "SELECT t.name, f.* FROM pragma_table_list t, pragma_foreign_key_list(t.name) f WHERE t.schema = 'main'",
    "SELECT t.name, i.name, i.\"unique\", x.seqno, x.name, x.\"desc\", x.coll FROM pragma_table_list t, pragma_index_list(t.name) i, "
    "pragma_index_xinfo(i.name) x WHERE t.schema = 'main' AND t.name NOT LIKE 'sqlite%'",
    "SELECT name, sql FROM sqlite_master WHERE type NOT IN ('table', 'index')",
)


@dataclass(frozen=True, slots=True)
class Rot:
    """One thing that is not as it was written: where, and what is wrong with it, in a sentence."""

    where: str
    why: str
    attempt: str | None = None
    """The id of the attempt that it belongs to, if it is one."""

    def __str__(self) -> str:
        return f"{self.where}: {self.why}"


def rot_of_file(store: Store) -> Iterator[Rot]:
    """What SQLite finds wrong with the file, and rules that have changed. PostgreSQL looks after its own pages."""
    if not isinstance(store, FileStore):
        from servicesim.records.postgres_rot import changed_rules

        yield from surviving(where(store), partial(changed_rules, store))
        return
    looks = (partial(look, store) for look in (_unsound, _orphans, _misshapen))
    yield from dict.fromkeys(rot for look in looks for rot in surviving(where(store), look))


def where(store: Store) -> str:
    """What a finding about the whole database calls it."""
    return store.path.name if isinstance(store, FileStore) else store.name


def surviving(where: str, look: Callable[[], Iterable[Found]]) -> Iterator[Found | Rot]:
    """What is found, and that the file can be read no further if it is so."""
    try:
        yield from look()
    except (DBAPIError, UnicodeDecodeError) as failure:
        reason = failure.orig if isinstance(failure, DBAPIError) else "its own rules are no text any more"
        yield Rot(where, f"the file is damaged and cannot be read any further ({reason})")


def rot_of_rows(store: Store, tables: Iterable[Table]) -> Iterator[Rot]:
    """Rows that no longer fit their seals."""
    for table in tables:
        yield from surviving(table.name, partial(_unsealed, store, table))


def _unsealed(store: Store, table: Table) -> Iterator[Rot]:
    with store.inspecting() as connection:
        for row in connection.execute(select(table)).mappings():
            told: dict[str, Any] = dict(row)
            if told.pop("seal") != row_seal(table.name, told):
                key = ", ".join(str(told[column.name]) for column in table.primary_key)
                yield Rot(f"{table.name} {key}", "this row has changed since it was written")


def _unsound(store: Store) -> Iterator[Rot]:
    with store.inspecting() as connection:
        for (said,) in connection.exec_driver_sql(f"PRAGMA integrity_check({MOST_OF_A_KIND})").all():
            if said != "ok":
                yield Rot(where(store), f"SQLite finds damage ({' '.join(said.split())})")


def _orphans(store: Store) -> Iterator[Rot]:
    with store.inspecting() as connection:
        for table, _, parent, _ in connection.exec_driver_sql("PRAGMA foreign_key_check").fetchmany(MOST_OF_A_KIND):
            yield Rot(where(store), f"a row of {table} belongs to a row of {parent} that is not there")


def _misshapen(store: Store) -> Iterator[Rot]:
    changed: set[str] = set()
    with store.inspecting() as connection, empty(store.create) as new:
        for query in _SHAPE:
            here, there = (set(map(tuple, one.exec_driver_sql(query))) for one in (connection, new))
            changed.update(str(row[0]) for row in here ^ there)
    for name in sorted(changed):
        yield Rot(where(store), f"the rules of the file have changed at {name}")
