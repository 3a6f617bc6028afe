"""Reading the records while trusting nothing: each attempt with what is wrong with it."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, fields
from itertools import groupby
from typing import Any

from sqlalchemy import func, select

from servicesim.records.attempt import Attempt, Result
from servicesim.records.chain import head, links, seal, sha256
from servicesim.records.rot import Rot, rot_of_file, rot_of_rows, surviving, where
from servicesim.records.store import Store
from servicesim.records.tables import (
    anonymous,
    attempts,
    collected,
    deliveries,
    events,
    exports,
    outbox,
    purged,
    rescored,
    results,
    reviews,
    texts,
    told,
)

KINDS = ("scenario", "principles")
_SEALED = (purged, reviews, rescored, exports, collected, anonymous, told, outbox, deliveries)
_PAGE = 200
_ATTEMPT = tuple(attempts.c[field.name] for field in fields(Attempt))
_RESULT = tuple(results.c[field.name] for field in fields(Result))
_BOTH = select(attempts.c.number, attempts.c.chain, results.c.attempt, results.c.seal, *_ATTEMPT, *_RESULT).select_from(
    attempts.outerjoin(results)
)


@dataclass(frozen=True, slots=True)
class Kept:
    """An attempt as it is kept, and what has rotted of it (None: nothing)."""

    attempt: Attempt
    lines: tuple[str, ...]
    result: Result | None
    rot: str | None


@dataclass(frozen=True, slots=True)
class Length:
    """Whose attempt it is, how many events of it are kept, and whether it has a result."""

    learner: str
    lines: int
    ended: bool


class Inspecting:
    """The part of the records that looks for rot."""

    def __init__(self, store: Store) -> None:
        self._store = store

    def verify_rot(self) -> Iterator[Rot]:
        """Everything that is not as it was written. An attempt is only held against its own chain, not played again."""
        yield from self.rot_around()
        yield from surviving(where(self._store), self._rotten_attempts)

    def rot_around(self) -> Iterator[Rot]:
        """What has rotted beside the attempts: the file, the texts, the notes and the logs."""
        yield from rot_of_file(self._store)
        yield from surviving("texts", self._rotten_texts)
        yield from rot_of_rows(self._store, _SEALED)

    def kept(self, learner: str | None = None) -> Iterator[Kept]:
        """Every attempt, or those of one learner, whole; streamed. Raises what the database raises where it cannot be read."""
        after = -(2**63)
        wanted = _BOTH if learner is None else _BOTH.where(attempts.c.learner == learner)
        while True:
            with self._store.inspecting() as connection:
                page = wanted.where(attempts.c.number > after).order_by(attempts.c.number).limit(_PAGE)
                rows = connection.execute(page).all()
                if not rows:
                    return
                numbers = [row.number for row in rows]
                own = events.c.attempt.in_(numbers) if learner else events.c.attempt.between(numbers[0], numbers[-1])
                happened = connection.execute(select(events).where(own).order_by(events.c.attempt, events.c.seq)).all()
            lines = {number: list(some) for number, some in groupby(happened, key=lambda row: row.attempt)}
            for row in rows:
                yield _kept(row, lines.get(row.number, []))
            after = numbers[-1]

    def kept_one(self, attempt_id: str) -> Kept | None:
        """This attempt, whole; None if there is none of this id."""
        with self._store.inspecting() as connection:
            row = connection.execute(_BOTH.where(attempts.c.id == attempt_id)).first()
            if row is None:
                return None
            happened = connection.execute(select(events).where(events.c.attempt == row.number).order_by(events.c.seq)).all()
        return _kept(row, happened)

    def lengths(self, attempt_ids: Sequence[str]) -> dict[str, Length]:
        """How long each of these attempts is; those that are not kept are left out."""
        lines = select(func.count()).where(events.c.attempt == attempts.c.number).scalar_subquery()
        wanted = select(attempts.c.id, attempts.c.learner, lines, results.c.attempt).select_from(attempts.outerjoin(results))
        with self._store.inspecting() as connection:
            rows = connection.execute(wanted.where(attempts.c.id.in_(attempt_ids))).all()
        return {id: Length(learner, count, result is not None) for id, learner, count, result in rows}

    def _rotten_attempts(self) -> Iterator[Rot]:
        for kept in self.kept():
            if kept.rot is not None:
                yield Rot(f"attempt {kept.attempt.id}", kept.rot, kept.attempt.id)

    def _rotten_texts(self) -> Iterator[Rot]:
        with self._store.inspecting() as connection:
            for row in connection.execute(select(texts)):
                if type(row.body) is not str or sha256(row.body) != row.hash or row.kind not in KINDS:
                    yield Rot(f"text {row.hash}", "this text has changed since it was kept")


def _kept(row: Any, happened: Sequence[Any]) -> Kept:
    values: tuple[Any, ...] = tuple(row)
    own, judged = values[4 : 4 + len(_ATTEMPT)], values[4 + len(_ATTEMPT) :]
    attempt = Attempt(*(*own[:7], *map(_flag, own[7:9]), *own[9:]))
    result = None if row[2] is None else Result(*(*judged[:3], _flag(judged[3]), *judged[4:]))
    lines = tuple(line.line for line in happened)
    return Kept(attempt, lines, result, _rot(row[1], attempt, happened, result, row[3]))


def _rot(first: Any, attempt: Attempt, happened: Sequence[Any], result: Result | None, sealed: Any) -> str | None:
    """The first thing that does not fit, in a sentence."""
    link = head(attempt)
    if first != link:
        return "its own row has changed since it was written"
    chained = links(link, 0, (row.line for row in happened))
    for seq, (row, link) in enumerate(zip(happened, chained, strict=True)):
        if row.seq != seq:
            return f"event {seq + 1} is missing"
        if row.chain != link or type(row.line) is not str:
            return f"event {seq + 1} has changed since it was written"
    if result is not None and sealed != seal(link, result):
        return "its result has changed since it was written, or does not belong to these events"
    return None


def _flag(value: Any) -> Any:
    """A flag as it was hashed; anything else than 0 and 1 stays what it is, and fits no hash."""
    return bool(value) if type(value) is int and value in (0, 1) else value
