"""The results that wait for a human's word, asked for in portions however many attempts there are."""

from __future__ import annotations

from sqlalchemy import and_, exists, literal, or_, select

from servicesim.records.store import Store
from servicesim.records.tables import attempts, results, reviews

_LATER = reviews.alias("later")
_SAID = exists(literal(1)).where(reviews.c.attempt == attempts.c.number)
_TO_LOOK_AT = exists(literal(1)).where(
    reviews.c.attempt == attempts.c.number,
    reviews.c.verdict == "to-look-at",
    ~exists(literal(1)).where(_LATER.c.attempt == reviews.c.attempt, _LATER.c.seq > reviews.c.seq),
)
_UNDECIDED = (
    select(attempts.c.id)
    .select_from(attempts.join(results))
    .where(attempts.c.practice == 0, or_(and_(results.c.passed == 0, ~_SAID), _TO_LOOK_AT))
    .order_by(attempts.c.started, attempts.c.id)
)


class Undecided:
    """The part of the records that knows what is still to be decided about."""

    _store: Store

    def undecided(self, *, skip: int = 0, most: int = 50) -> list[str]:
        """The ids of attempts that failed and of which nobody said anything, or that are to be looked at; oldest first, practice left out."""
        with self._store.reading() as connection:
            return list(connection.execute(_UNDECIDED.offset(skip).limit(most)).scalars())
