"""Sums that are kept in the database of the records, and brought up to date by whichever server needs them."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from itertools import groupby
from operator import attrgetter
from typing import Any, NamedTuple

from sqlalchemy import Connection, text

from servicesim.records.records import Records
from servicesim.records.store import FileStore, Store

AT_ONCE = 1000  # learners that are taken up in one transaction
_LOCK = "rollups"
_MADE_BY = "SELECT value FROM rollups.about WHERE name = 'made-by'"

Key = tuple[str, str, str, str, str]
"""Of which attempts, at which encounter, which kind of cell, and what it is the cell of: one thing or two."""
Sums = Sequence[int]
"""How many people, how many values, their sum, the sum of their squares, and how many passed."""


class Fact(NamedTuple):
    """A scored attempt that ended and was not set aside."""

    id: str
    scenario: str
    ended: int
    conduct: str
    passed: int
    principles: str


class Taken(NamedTuple):
    """What was taken up of a learner, in words of whoever did."""

    team: str
    facts: bytes


class Waiting(NamedTuple):
    """A learner of whom something has changed: what was taken up, and what there is now, in the order in which the attempts began."""

    learner: str
    before: Taken | None
    team: str
    facts: Sequence[Fact]


class Change(NamedTuple):
    """What a learner is taken up as from now on (None: nothing is left), and what to add to the cells."""

    taken: dict[str, Taken | None]
    cells: dict[Key, Sums]


Work = Callable[[Sequence[Waiting]], Change]


def sums_of(records: Records) -> Summed | None:
    """The sums beside these records; None where these lie in a file, or nothing may be asked of the database but records."""
    store = records._store
    if isinstance(store, FileStore):
        return None
    with store.reading() as connection:
        there = connection.execute(text("SELECT 1 FROM pg_namespace WHERE nspname = 'rollups' AND has_schema_privilege(oid, 'USAGE')")).scalar()
    return None if there is None else Summed(store)


class Summed:
    """The sums of one organisation. `made_by` tells apart what cannot be added to one another, such as weeks of two time zones."""

    def __init__(self, store: Store) -> None:
        self._store = store

    def cells(self, made_by: str, which: str, encounter: str) -> list[Any] | None:
        """Kind, of, by and sums of each cell, of these attempts and of all of them; None unless all that was kept is in them."""
        with self._store.reading() as connection:
            # One state of the database: who was noted before it, was noted with what has changed.
            if connection.execute(text("SELECT EXISTS (SELECT 1 FROM rollups.waiting)")).scalar() or connection.execute(text(_MADE_BY)).scalar() != made_by:
                return None
            wanted = "SELECT kind, of, by, people, n, total, squares, passed FROM rollups.cells WHERE which IN ('', :which) AND encounter = :encounter AND n <> 0"
            return list(connection.execute(text(wanted), {"which": which, "encounter": encounter}))

    def take_up(self, made_by: str, work: Work) -> bool:
        """Add to the sums what `work` makes of some who wait; whether there may be more. Killed at any moment, all of it is done or nothing.

        What is read may be newer than that which a learner was noted for. Then they are noted again, and come to the same.
        """
        with self._store.writing(on=_LOCK) as connection:
            if connection.execute(text(_MADE_BY)).scalar() != made_by:
                _begin_anew(connection, made_by)
            noted = _noted(connection)
            if noted:
                _keep(connection, work(list(_waiting(connection, sorted(noted)))))
        return bool(noted)


def _begin_anew(connection: Connection, made_by: str) -> None:
    for table in ("about", "waiting", "learners", "cells"):
        connection.execute(text(f"DELETE FROM rollups.{table}"))
    connection.execute(text("INSERT INTO rollups.about (name, value) VALUES ('made-by', :value)"), {"value": made_by})
    connection.execute(text("INSERT INTO rollups.waiting (learner) SELECT DISTINCT learner FROM records.attempts"))


def _noted(connection: Connection) -> set[str]:
    """Those who have waited longest, who wait no more, however often they were noted."""
    longest = f"SELECT learner FROM rollups.waiting ORDER BY number LIMIT {AT_ONCE}"
    return set(connection.execute(text(f"DELETE FROM rollups.waiting WHERE learner IN ({longest}) RETURNING learner")).scalars())


_FACTS = """
SELECT a.learner, a.id, a.scenario, r.ended, r.conduct, r.passed, r.principles
FROM records.attempts a JOIN records.results r ON r.organisation = a.organisation AND r.attempt = a.number
WHERE a.learner = ANY(:learners) AND a.practice = 0 AND NOT EXISTS (
    SELECT 1 FROM records.reviews v WHERE v.organisation = a.organisation AND v.attempt = a.number AND v.verdict = 'set-aside'
    AND NOT EXISTS (SELECT 1 FROM records.reviews w WHERE w.organisation = v.organisation AND w.attempt = v.attempt AND w.seq > v.seq)
)
ORDER BY a.learner, a.started, a.id
"""


def _waiting(connection: Connection, learners: list[str]) -> Iterator[Waiting]:
    def asked(wanted: str) -> Any:
        return connection.execute(text(wanted), {"learners": learners})

    before = {learner: Taken(*taken) for learner, *taken in asked("SELECT learner, team, facts FROM rollups.learners WHERE learner = ANY(:learners)")}
    teams = {learner: team for learner, team in asked("SELECT learner, team FROM people.people WHERE learner = ANY(:learners)")}
    facts = {learner: [Fact(*row[1:]) for row in rows] for learner, rows in groupby(asked(_FACTS), key=attrgetter("learner"))}
    for learner in learners:
        yield Waiting(learner, before.get(learner), teams.get(learner, ""), facts.get(learner, ()))


def _keep(connection: Connection, change: Change) -> None:
    gone = {"learners": list(change.taken)}
    connection.execute(text("DELETE FROM rollups.learners WHERE learner = ANY(:learners)"), gone)
    kept = [(learner, *taken) for learner, taken in change.taken.items() if taken is not None]
    _add(connection, "learners (learner, team, facts)", ("text", "text", "bytea"), kept)
    cells = [(*key, *sums) for key, sums in change.cells.items()]
    more = ", ".join(f"{name} = cells.{name} + excluded.{name}" for name in ("people", "n", "total", "squares", "passed"))
    there = f"ON CONFLICT (organisation, which, encounter, kind, of, by) DO UPDATE SET {more}"
    _add(connection, "cells (which, encounter, kind, of, by, people, n, total, squares, passed)", ("text",) * 5 + ("bigint",) * 5, cells, there)
    if cells:
        connection.execute(text("DELETE FROM rollups.cells WHERE n = 0"))


def _add(connection: Connection, table: str, types: Sequence[str], rows: Iterable[Sequence[object]], there: str = "") -> None:
    """Add rows in one statement, a list for each column."""
    columns = [list(column) for column in zip(*rows, strict=True)]
    if columns:
        lists = ", ".join(f"CAST(:c{number} AS {kind}[])" for number, kind in enumerate(types))
        values = {f"c{number}": column for number, column in enumerate(columns)}
        connection.execute(text(f"INSERT INTO rollups.{table} SELECT * FROM unnest({lists}) {there}"), values)
