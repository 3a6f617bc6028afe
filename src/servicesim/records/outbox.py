"""What is sent to a learning record store: the statements of attempts, as they are sent, and what became of each."""

from __future__ import annotations

import zlib
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from typing import Any, Literal

from sqlalchemy import ColumnElement, Connection, Select, exists, func, literal, select

from servicesim.errors import StoreUnusable, UsageError, VerificationFailed
from servicesim.records.attempt import Handed
from servicesim.records.chain import row_seal
from servicesim.records.notes import keep_sealed
from servicesim.records.store import Held, Store
from servicesim.records.tables import attempts, deliveries, outbox, reviews, told

_AT_ONCE = 500  # statements in one question to the database

Outcome = Literal["sent", "known", "refused"]
"""The store took it; has had it, and it is the same; or does not take it, and says why."""


@dataclass(frozen=True, slots=True)
class Statement:
    """One thing that is told of an attempt; `body` holds the very characters that are sent, on one line."""

    id: str
    body: str


Tell = Callable[[Handed, Callable[[str], str]], Iterable[Statement]]
"""What is told of an attempt that has ended; the second argument finds a kept text by its hash."""


@dataclass(frozen=True, slots=True)
class Waiting:
    """A statement that waits to be sent; `number` is its place in the queue."""

    number: int
    id: str
    body: str


@dataclass(frozen=True, slots=True)
class Delivery:
    """What became of a statement, and what the store said if it was refused."""

    id: str
    outcome: Outcome
    words: str = ""


@dataclass(frozen=True, slots=True)
class Refused:
    """A statement that the store does not take."""

    id: str
    attempt: str
    at: int
    """UTC, in milliseconds since 1970."""
    place: str
    words: str


@dataclass(frozen=True, slots=True)
class Counts:
    """How many statements there are of each kind; those `aside` belong to attempts that a review has set aside, and are not sent."""

    waiting: int
    aside: int
    sent: int
    known: int
    refused: int


class Outbox:
    """The part of the records that holds what is sent; like all of them it is only ever added to."""

    def __init__(self, store: Store) -> None:
        self._store = store

    @contextmanager
    def sending(self) -> Iterator[None]:
        """Send alone, until the block is left or the process ends; raises StoreUnusable if another program sends."""
        with ExitStack() as held:
            try:
                held.enter_context(self._store.alone("outbox.sending"))
            except Held as busy:
                raise StoreUnusable(f"{self._store.name} is being sent by another program: wait until it has finished") from busy
            yield

    def waiting(self, *, after: int = 0, most: int = 100) -> list[Waiting]:
        """The next statements that wait, in the order in which they are sent, from behind a number on.

        Those of an attempt that a review has set aside are left out, as long as it stays so.
        """
        due = outbox.c.number > after, _waits(), outbox.c.attempt.not_in(_set_aside())
        wanted = select(outbox.c.number, outbox.c.statement, outbox.c.attempt, outbox.c.line).where(*due).order_by(outbox.c.number)
        with self._store.reading() as connection:
            found = connection.execute(wanted.limit(most)).all()
            texts = {attempt: self._unpacked(connection, attempt) for attempt in {one.attempt for one in found}}
        return [Waiting(one.number, one.statement, texts[one.attempt][one.line]) for one in found]

    def _unpacked(self, connection: Connection, attempt: int) -> list[str]:
        """The texts of an attempt's statements; raises VerificationFailed if they are damaged, so that nothing else is sent for them."""
        row = connection.execute(select(told).where(told.c.attempt == attempt)).mappings().one()
        if row["seal"] != row_seal("told", {"attempt": attempt, "body": row["body"]}):
            raise VerificationFailed(
                f"{self._store.name} holds what is told of an attempt damaged or changed: put a backup in its place (servicesim verify says more)"
            )
        return zlib.decompress(row["body"]).decode().split("\n")

    def keep_deliveries(self, delivered: Iterable[Delivery], *, at: int, place: str) -> None:
        """Keep what became of statements. Those of an attempt that was removed in the meantime are left out."""
        with self._store.writing() as connection:
            _keep(connection, [(one.id, {"at": at, "place": place, "outcome": one.outcome, "words": one.words}) for one in delivered])

    def send_again(self, statement: str | None = None, *, at: int) -> int:
        """Put this refused statement, or all of them, into the queue again; how many. Raises UsageError if this one was not refused."""
        with self._store.writing() as connection:
            wanted = select(outbox.c.statement, deliveries.c.place).join(deliveries).where(_is_last(), deliveries.c.outcome == "refused")
            if statement is not None:
                wanted = wanted.where(outbox.c.statement == statement)
            found = connection.execute(wanted.order_by(outbox.c.number)).all()
            if statement is not None and not found:
                raise UsageError(f"no statement {statement!r} was refused; which were, says: servicesim push --status")
            _keep(connection, [(id, {"at": at, "place": place, "outcome": "again", "words": ""}) for id, place in found])
        return len(found)

    def refused(self) -> list[Refused]:
        """The statements that the store does not take, in the order of the queue."""
        columns = outbox.c.statement, attempts.c.id, deliveries.c.at, deliveries.c.place, deliveries.c.words
        both = outbox.join(deliveries).join(attempts, attempts.c.number == outbox.c.attempt)
        wanted = select(*columns).select_from(both).where(_is_last(), deliveries.c.outcome == "refused")
        with self._store.reading() as connection:
            return [Refused(*row) for row in connection.execute(wanted.order_by(outbox.c.number))]

    def statement_counts(self) -> Counts:
        """How many statements wait, and what became of the others."""
        with self._store.reading() as connection:
            total = connection.execute(select(func.count()).select_from(outbox)).scalar_one()
            held = select(func.count()).select_from(outbox).where(outbox.c.attempt.in_(_set_aside()), _waits())
            aside = connection.execute(held).scalar_one()
            became = select(deliveries.c.outcome, func.count()).where(_is_last(), deliveries.c.outcome != "again")
            found: dict[str, int] = {outcome: count for outcome, count in connection.execute(became.group_by(deliveries.c.outcome))}
        counts = [found.get(outcome, 0) for outcome in ("sent", "known", "refused")]
        return Counts(total - sum(counts) - aside, aside, *counts)

    def sent_of(self, learner: str) -> dict[str, int]:
        """To which places how many statements about this learner went; they cannot be called back from there."""
        both = deliveries.join(attempts, attempts.c.number == deliveries.c.attempt)
        wanted = select(deliveries.c.place, deliveries.c.statement).select_from(both).distinct()
        with self._store.reading() as connection:
            rows = connection.execute(wanted.where(attempts.c.learner == learner, deliveries.c.outcome.in_(("sent", "known"))))
            return dict(Counter(place for place, _ in rows))


def keep_told(connection: Connection, attempt: int, statements: Sequence[Statement]) -> None:
    """Keep what is told of an attempt, and put it into the queue."""
    packed = {"attempt": attempt, "body": zlib.compress("\n".join(one.body for one in statements).encode())}
    keep_sealed(connection, told, [packed])
    last: int = connection.execute(select(func.coalesce(func.max(outbox.c.number), 0))).scalar_one()
    rows = ({"number": last + 1 + line, "attempt": attempt, "statement": one.id, "line": line} for line, one in enumerate(statements))
    keep_sealed(connection, outbox, rows)


def _keep(connection: Connection, said: Sequence[tuple[str, dict[str, Any]]]) -> None:
    """Add the next word on each of these statements."""
    rows = []
    for start in range(0, len(said), _AT_ONCE):
        part = said[start : start + _AT_ONCE]
        # By its id: the number of one that was removed may have been given to another since.
        there = {one.statement: one for one in connection.execute(_next_words().where(outbox.c.statement.in_([id for id, _ in part])))}
        for id, word in part:
            if (one := there.get(id)) is not None:
                rows.append({"statement": one.number, "seq": one.seq, "attempt": one.attempt, **word})
    if rows:
        keep_sealed(connection, deliveries, rows)


def _next_words() -> Select[Any]:
    """Of each statement, the number that the next word on it has."""
    said = select(func.count()).select_from(deliveries).where(deliveries.c.statement == outbox.c.number)
    return select(outbox.c.statement, outbox.c.number, outbox.c.attempt, said.correlate(outbox).scalar_subquery().label("seq"))


def _is_last() -> ColumnElement[bool]:
    """Nothing was said of the statement after this."""
    later = deliveries.alias("later")
    return ~exists(literal(1)).where(later.c.statement == deliveries.c.statement, later.c.seq > deliveries.c.seq).correlate(deliveries)


def _set_aside() -> Select[Any]:
    """The attempts whose last review says so."""
    later = reviews.alias("later")
    last = ~exists(literal(1)).where(later.c.attempt == reviews.c.attempt, later.c.seq > reviews.c.seq).correlate(reviews)
    return select(reviews.c.attempt).where(reviews.c.verdict == "set-aside", last)


def _waits() -> ColumnElement[bool]:
    """The last word on the statement is none, or to send it again."""
    said = select(deliveries.c.outcome).where(deliveries.c.statement == outbox.c.number).order_by(deliveries.c.seq.desc()).limit(1)
    return func.coalesce(said.correlate(outbox).scalar_subquery(), "again") == "again"
