"""Attempts that are removed for good, and the lines without a person that stay of them."""

from __future__ import annotations

import secrets
from collections.abc import Iterable, Iterator, Sequence
from contextlib import ExitStack
from dataclasses import dataclass
from datetime import UTC, datetime
from fractions import Fraction
from itertools import islice
from operator import itemgetter
from pathlib import Path
from typing import Any

from sqlalchemy import Connection, bindparam, delete, func, select

from servicesim.records.holding import Holding
from servicesim.records.notes import keep_sealed
from servicesim.records.tables import BESIDE_ATTEMPTS, anonymous, attempts, purged, results

FEWEST = 5
"""Of fewer plays nothing is told: somebody could be recognised."""
_PAGE = 500
PURGED_OF_ID = select(purged.c.at).where(purged.c.attempt == bindparam("id"))


@dataclass(frozen=True, slots=True)
class Anonymous:
    """How plays went that are no longer kept; `week` is None for the weeks together that had too few each."""

    scenario: str
    week: str | None
    plays: int
    conduct: float
    """The mean, 0-100."""
    passed: int


class Purging(Holding):
    """The part of the records that lets go."""

    def purge(self, attempt_ids: Iterable[str], *, at: int) -> int:
        """Remove attempts with all that belongs to them; how many there were. A line without a person stays of each that ended.

        Some hundreds at a time are one transaction: what was removed when something fails stays removed. Raises
        PlayedElsewhere if one of them is being played.
        """
        waiting, count = iter(attempt_ids), 0
        while page := list(islice(waiting, _PAGE)):
            with self._store.reading() as connection:
                open_ones = [row.id for id in page if (row := _found(connection, id)) is not None and row.conduct is None]
            with ExitStack() as held:
                for id in open_ones:
                    held.enter_context(self.hold(id))
                with self._store.writing() as connection:
                    found = [row for id in page if (row := _found(connection, id)) is not None]
                    _purge(connection, found, at)
            count += len(found)
        return count

    def forget_backups(self) -> list[Path]:
        """Remove the copies that were made before an update, for they still hold what was purged; which they were."""
        return self._store.forget_backups()

    def is_purged(self, attempt_id: str) -> bool:
        """Whether an attempt of this id was removed here, and must not come back."""
        with self._store.reading() as connection:
            return connection.execute(PURGED_OF_ID, {"id": attempt_id}).first() is not None

    def anonymous(self) -> list[Anonymous]:
        """How the plays went that are no longer kept, by encounter and week, in groups of five and more.

        Weeks with fewer are told together; where these too are fewer than five, nothing is told of them.
        """
        conduct, passes, plays = func.sum(anonymous.c.conduct), func.sum(anonymous.c.passed), func.count()
        groups = select(anonymous.c.scenario, anonymous.c.week, plays, conduct, passes)
        with self._store.reading() as connection:
            rows = connection.execute(groups.group_by(anonymous.c.scenario, anonymous.c.week)).all()
        return list(_told(rows))


def _found(connection: Connection, attempt_id: str) -> Any:
    ended = attempts.outerjoin(results)
    columns = attempts.c.number, attempts.c.id, attempts.c.scenario, attempts.c.scenario_hash, attempts.c.practice
    wanted = select(*columns, attempts.c.started, results.c.conduct, results.c.passed).select_from(ended)
    return connection.execute(wanted.where(attempts.c.id == attempt_id)).first()


def _purge(connection: Connection, found: Sequence[Any], at: int) -> None:
    if not found:
        return
    left = [_line(row) for row in found if row.conduct is not None and not row.practice]
    if left:
        # PostgreSQL hands rows back as they were put in.
        keep_sealed(connection, anonymous, sorted(left, key=itemgetter("number")))
    there = set(connection.execute(select(purged.c.attempt).where(purged.c.attempt.in_([row.id for row in found]))).scalars())
    new = [{"attempt": row.id, "at": at} for row in found if row.id not in there]
    if new:
        keep_sealed(connection, purged, new)
    numbers = [row.number for row in found]
    for table in BESIDE_ATTEMPTS:
        connection.execute(delete(table).where(table.c.attempt.in_(numbers)))
    connection.execute(delete(attempts).where(attempts.c.number.in_(numbers)))


def _line(row: Any) -> dict[str, Any]:
    """What stays: no time but the week, no conduct but whole points, and a drawn number, so that the order tells nothing."""
    return {
        "number": secrets.randbits(62),
        "scenario": row.scenario,
        "scenario_hash": row.scenario_hash,
        "week": week_of(row.started),
        "conduct": int(Fraction(row.conduct)),
        "passed": row.passed,
    }


def week_of(milliseconds: int) -> str:
    """The week in UTC, as 2026-W43."""
    year, week, _ = datetime.fromtimestamp(milliseconds / 1000, UTC).isocalendar()
    return f"{year}-W{week:02d}"


def _told(rows: Sequence[Any]) -> Iterator[Anonymous]:
    few: dict[str, list[Any]] = {}
    for row in rows:
        if row[2] >= FEWEST:
            yield _group([row], row.week)
        else:
            few.setdefault(row.scenario, []).append(row)
    for together in few.values():
        if sum(row[2] for row in together) >= FEWEST:
            yield _group(together, None)


def _group(rows: Sequence[Any], week: str | None) -> Anonymous:
    # A sum of whole numbers may come as a Decimal.
    plays, conduct, passed = (int(sum(row[column] for row in rows)) for column in (2, 3, 4))
    return Anonymous(rows[0].scenario, week, plays, conduct / plays, passed)
