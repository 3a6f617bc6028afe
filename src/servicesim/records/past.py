"""One learner's attempts as they come one after the other, told in portions however many there are."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, NamedTuple

from sqlalchemy import ColumnElement, bindparam, func, literal, select

from servicesim.records.attempt import Attempt, Result
from servicesim.records.rows import ATTEMPT, RESULT, attempt_of, result_of
from servicesim.records.store import Store
from servicesim.records.tables import attempts, results, reviews


class PastRow(NamedTuple):
    """An attempt as it is kept, in so far as a list tells of it; the columns of a result are None where it has not ended."""

    id: str
    scenario: str
    scenario_hash: str
    untimed: int
    practice: int
    started: int
    ended: int | None
    ending: str | None
    conduct: str | None
    passed: int | None
    verdict: str | None
    """The last word that a human said of it."""


class TimesPlayed(NamedTuple):
    """How often one encounter was begun, by the version that was begun last; how often for practice, and when last."""

    scenario: str
    scenario_hash: str
    attempts: int
    practice: int
    started: int


_LAST_WORD = (
    select(reviews.c.verdict)
    .where(reviews.c.attempt == attempts.c.number)
    .order_by(reviews.c.seq.desc())
    .limit(1)
    .scalar_subquery()
)
_OF_ATTEMPT = PastRow._fields[:6]
_OF_RESULT = PastRow._fields[6:10]
_PAST = (
    select(*(attempts.c[name] for name in _OF_ATTEMPT), *(results.c[name] for name in _OF_RESULT), _LAST_WORD)
    .select_from(attempts.outerjoin(results))
    .order_by(attempts.c.started.desc(), attempts.c.id.desc())
)
_WHOLE = select(*ATTEMPT, *RESULT).select_from(attempts.outerjoin(results)).order_by(attempts.c.started.desc(), attempts.c.id.desc())
# Which version was begun last is looked up once for each encounter, by the index of learners.
_PLAYED = (
    select(attempts.c.scenario, func.count().label("count"), func.sum(attempts.c.practice).label("practice"), func.max(attempts.c.started).label("last"))
    .where(attempts.c.learner == bindparam("learner"))
    .group_by(attempts.c.scenario)
    .subquery()
)
_LAST_VERSION = (
    select(attempts.c.scenario_hash)
    .where(attempts.c.learner == bindparam("learner"), attempts.c.scenario == _PLAYED.c.scenario, attempts.c.started == _PLAYED.c.last)
    .order_by(attempts.c.id.desc())
    .limit(1)
    .scalar_subquery()
)
_TIMES = select(_PLAYED.c.scenario, _LAST_VERSION, _PLAYED.c["count"], _PLAYED.c.practice, _PLAYED.c.last).order_by(_PLAYED.c.last.desc(), _PLAYED.c.scenario)
_TRUE: ColumnElement[Any] = literal(1) == 1


class Past:
    """The part of the records that tells learners what they have played."""

    _store: Store

    def past(
        self, learner: str, *, scenario: str | None = None, practice: bool | None = None, skip: int = 0, most: int = 30
    ) -> list[PastRow]:
        """A portion of this learner's attempts, the latest first: at one encounter, or for practice or not, if asked for."""
        here = attempts.c.scenario == scenario if scenario is not None else _TRUE
        kind = attempts.c.practice == int(practice) if practice is not None else _TRUE
        wanted = _PAST.where(attempts.c.learner == learner, here, kind).offset(skip).limit(most)
        with self._store.reading() as connection:
            return [PastRow(*row) for row in connection.execute(wanted)]

    def some_attempts(self, learner: str, *, skip: int = 0, most: int = 50) -> list[tuple[Attempt, Result | None]]:
        """A portion of this learner's attempts with their results, the latest first; practice too."""
        wanted = _WHOLE.where(attempts.c.learner == learner).offset(skip).limit(most)
        with self._store.reading() as connection:
            return [(attempt_of(row), result_of(row)) for row in connection.execute(wanted)]

    def counts_of(self, learners: Sequence[str]) -> dict[str, int]:
        """How many attempts are kept of each of these learners; practice too."""
        wanted = select(attempts.c.learner, func.count()).where(attempts.c.learner.in_(learners)).group_by(attempts.c.learner)
        with self._store.reading() as connection:
            return dict.fromkeys(learners, 0) | {learner: count for learner, count in connection.execute(wanted)}

    def times_played(self, learner: str) -> list[TimesPlayed]:
        """Every encounter that this learner has begun, the latest first."""
        with self._store.reading() as connection:
            return [TimesPlayed(*row) for row in connection.execute(_TIMES, {"learner": learner})]

    def conducts(self, learner: str, scenario: str, most: int = 40) -> list[tuple[str, int]]:
        """Conduct and whether it passed, of the attempts at an encounter that ended and count; the latest last, and no more than so many."""
        wanted = (
            select(results.c.conduct, results.c.passed)
            .select_from(attempts.join(results))
            .where(attempts.c.learner == learner, attempts.c.scenario == scenario, attempts.c.practice == 0)
            .order_by(attempts.c.started.desc(), attempts.c.id.desc())
            .limit(most)
        )
        with self._store.reading() as connection:
            return [(conduct, passed) for conduct, passed in connection.execute(wanted)][::-1]
