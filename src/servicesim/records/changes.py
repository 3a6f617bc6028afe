"""What has come to the records since somebody last looked: for sums that are kept elsewhere and brought up to date."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from pathlib import Path
from typing import Any, NamedTuple

from sqlalchemy import Connection, Select, and_, func, select

from servicesim.records.store import Store
from servicesim.records.tables import attempts, purged, results, reviews

_PAGE = 2000
_AT_ONCE = 500  # numbers in one question


class Seen(NamedTuple):
    """What sums need of an attempt; the fields after `ended` are None if it has not ended. A tuple: a million are made."""

    number: int
    """Of the attempt in this file; a number whose attempt was purged may be given again."""
    id: str
    learner: str
    scenario: str
    practice: int
    started: int
    ended: int | None
    conduct: str
    passed: int
    principles: str
    seal: str


class Standing(NamedTuple):
    """How far the records are."""

    upto: int
    """How many attempts there are with the number that was asked about, or a lower one."""
    last: str | None
    """The id of the attempt with that number."""
    later: int
    """How many attempts there are with higher numbers."""
    purged: int
    """How many attempts were purged."""


_SEEN = (
    select(
        attempts.c.number, attempts.c.id, attempts.c.learner, attempts.c.scenario, attempts.c.practice, attempts.c.started,
        results.c.ended, results.c.conduct, results.c.passed, results.c.principles, results.c.seal,
    ).select_from(attempts.outerjoin(results)).order_by(attempts.c.number)
)  # fmt: skip


class Changes:
    """The part of the records that tells what has changed."""

    def __init__(self, store: Store) -> None:
        self._store = store

    @property
    def path(self) -> Path:
        """The file; raises FileNotFoundError where the records lie in none."""
        return self._store.path

    def standing(self, number: int) -> Standing:
        """How far the records are, seen from the attempt with this number."""
        with self._store.reading() as connection:
            every = _one(connection, select(func.count()).select_from(attempts))
            later = _one(connection, select(func.count()).select_from(attempts).where(attempts.c.number > number))
            last = connection.execute(select(attempts.c.id).where(attempts.c.number == number)).scalar()
            return Standing(every - later, last, later, _one(connection, select(func.count()).select_from(purged)))

    def seen_after(self, number: int) -> Iterator[Seen]:
        """The attempts with higher numbers than this; streamed."""
        while True:
            with self._store.reading() as connection:
                rows = connection.execute(_SEEN.where(attempts.c.number > number).limit(_PAGE)).all()
            yield from (Seen(*row) for row in rows)
            if len(rows) < _PAGE:
                return
            number = rows[-1].number

    def ended_among(self, numbers: Sequence[int]) -> Iterator[Seen]:
        """Those of the attempts with these numbers that have ended."""
        for some in _in_parts(numbers):
            with self._store.reading() as connection:
                rows = connection.execute(_SEEN.where(results.c.attempt.in_(some))).all()
            yield from (Seen(*row) for row in rows)

    def seals(self, numbers: Sequence[int]) -> dict[int, str]:
        """The seals of the results of these attempts, as far as they have one."""
        found: dict[int, str] = {}
        for some in _in_parts(numbers):
            with self._store.reading() as connection:
                rows = connection.execute(select(results.c.attempt, results.c.seal).where(results.c.attempt.in_(some)))
                found |= {number: seal for number, seal in rows}
        return found

    def set_aside(self) -> set[int]:
        """The numbers of the attempts of which the last review says that they are set aside."""
        last = select(reviews.c.attempt, func.max(reviews.c.seq).label("seq")).group_by(reviews.c.attempt).subquery()
        said = reviews.join(last, and_(reviews.c.attempt == last.c.attempt, reviews.c.seq == last.c.seq))
        with self._store.reading() as connection:
            wanted = select(reviews.c.attempt).select_from(said).where(reviews.c.verdict == "set-aside")
            return set(connection.execute(wanted).scalars())

    def purged_ids(self) -> set[str]:
        """The ids of all attempts that were ever purged here."""
        with self._store.reading() as connection:
            return set(connection.execute(select(purged.c.attempt)).scalars())


def _one(connection: Connection, wanted: Select[Any]) -> int:
    return int(connection.execute(wanted).scalar_one())


def _in_parts(numbers: Sequence[int]) -> Iterable[Sequence[int]]:
    return (numbers[first : first + _AT_ONCE] for first in range(0, len(numbers), _AT_ONCE))
