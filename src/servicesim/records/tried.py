"""What one learner's attempts came to, read at once however many there are."""

from __future__ import annotations

from typing import NamedTuple

from sqlalchemy import bindparam, exists, literal, select

from servicesim.records.store import Store
from servicesim.records.tables import attempts, results, reviews


class TriedRow(NamedTuple):
    """An attempt that ended, was scored, and was not set aside; as it is kept."""

    scenario: str
    ended: int
    conduct: str
    passed: int
    principles: str


_LATER = reviews.alias("later")
_SET_ASIDE = exists(literal(1)).where(
    reviews.c.attempt == attempts.c.number,
    reviews.c.verdict == "set-aside",
    ~exists(literal(1)).where(_LATER.c.attempt == reviews.c.attempt, _LATER.c.seq > reviews.c.seq),
)
# Made once: SQLAlchemy takes longer to put a question together than SQLite to answer it.
_TRIED = (
    select(*(attempts.c[name] if name in attempts.c else results.c[name] for name in TriedRow._fields))
    .select_from(attempts.join(results))
    .where(attempts.c.learner == bindparam("learner"), attempts.c.practice == 0, ~_SET_ASIDE)
    .order_by(attempts.c.started, attempts.c.id)
)


class Tried:
    """The part of the records that tells learners how they are getting on."""

    _store: Store

    def tried(self, learner: str) -> list[TriedRow]:
        """All that this learner ended and that counts, in the order in which it began."""
        with self._store.reading() as connection:
            return [TriedRow(*row) for row in connection.execute(_TRIED, {"learner": learner})]
