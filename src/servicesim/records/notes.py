"""What is noted beside attempts: what humans say of them, results under other principles, and the log of what was handed over."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Literal

from sqlalchemy import Connection, Table, func, insert, select

from servicesim.errors import UsageError
from servicesim.records.chain import row_seal
from servicesim.records.store import Store
from servicesim.records.tables import attempts, collected, exports, rescored, reviews

ReviewVerdict = Literal["stands", "set-aside", "to-look-at"]


@dataclass(frozen=True, slots=True)
class Review:
    """What a human says of an attempt: the result stands, is set aside, or is still to be looked at."""

    at: int
    """UTC, in milliseconds since 1970."""
    by: str
    note: str
    verdict: ReviewVerdict


@dataclass(frozen=True, slots=True)
class Rescored:
    """A result under other principles than those that the attempt was played by."""

    principles_hash: str
    at: int
    conduct: str
    """Exact, 0-100, as `numerator/denominator`."""
    passed: bool
    principles: str
    """JSON text: the score of each principle."""


@dataclass(frozen=True, slots=True)
class Collected:
    """When an attempt came from another desk, and in which hand-in."""

    at: int
    batch: str


@dataclass(frozen=True, slots=True)
class Export:
    """One line of the log: what was handed over, by whom and when. `filter` names people by their learner id only."""

    number: int
    at: int
    who: str
    kind: str
    filter: str
    rows: int
    sha256: str
    with_names: bool


class Notes:
    """The part of the records that holds notes; like all of them they are only ever added."""

    def __init__(self, store: Store) -> None:
        self._store = store

    def review(self, attempt_id: str, *, at: int, by: str, note: str, verdict: ReviewVerdict) -> None:
        """Keep what a human says of an attempt, after what was said before."""
        demand_whole_characters(by, note)
        with self._store.writing(on=attempt_id) as connection:
            number = number_of(connection, attempt_id)
            said = select(func.count()).select_from(reviews).where(reviews.c.attempt == number)
            seq = connection.execute(said).scalar_one()
            row = {"attempt": number, "seq": seq, "at": at, "by": by, "note": note, "verdict": verdict}
            keep_sealed(connection, reviews, [row])

    def reviews(self, attempt_id: str) -> list[Review]:
        """What was said of an attempt, the last word last."""
        with self._store.reading() as connection:
            said = select(*_REVIEW).join(attempts).where(attempts.c.id == attempt_id).order_by(reviews.c.seq)
            return [Review(*row) for row in connection.execute(said)]

    def last_reviews(self) -> dict[str, Review]:
        """The last word on every attempt of which anything was said, by the attempt's id."""
        with self._store.reading() as connection:
            said = select(attempts.c.id, *_REVIEW).select_from(reviews.join(attempts)).order_by(reviews.c.seq)
            return {id: Review(*row) for id, *row in connection.execute(said)}

    def last_reviews_of(self, attempt_ids: Sequence[str]) -> dict[str, Review]:
        """As `last_reviews`, of these attempts."""
        with self._store.reading() as connection:
            said = select(attempts.c.id, *_REVIEW).select_from(reviews.join(attempts)).where(attempts.c.id.in_(attempt_ids))
            return {id: Review(*row) for id, *row in connection.execute(said.order_by(reviews.c.seq))}

    def keep_rescored(self, judged: Iterable[tuple[str, Rescored]]) -> int:
        """Keep results under other principles, by the attempts' ids; how many were new. The text of the principles must be kept."""
        kept = 0
        with self._store.writing() as connection:
            for attempt_id, result in judged:
                number = number_of(connection, attempt_id)
                there = rescored.c.attempt == number, rescored.c.principles_hash == result.principles_hash
                if connection.execute(select(rescored.c.at).where(*there)).first() is None:
                    row = {"attempt": number, **_rescored_row(result)}
                    keep_sealed(connection, rescored, [row])
                    kept += 1
        return kept

    def rescored(self, attempt_id: str) -> list[Rescored]:
        """The results of an attempt under other principles, oldest first."""
        with self._store.reading() as connection:
            wanted = select(*_RESCORED).join(attempts, attempts.c.number == rescored.c.attempt)
            rows = connection.execute(wanted.where(attempts.c.id == attempt_id).order_by(rescored.c.at))
            return [Rescored(by, at, conduct, bool(passed), scores) for by, at, conduct, passed, scores in rows]

    def collected(self, attempt_id: str) -> Collected | None:
        """When and in which hand-in an attempt came from another desk; None if it was played here."""
        with self._store.reading() as connection:
            wanted = select(collected.c.at, collected.c.batch).join(attempts).where(attempts.c.id == attempt_id)
            row = connection.execute(wanted).first()
        return None if row is None else Collected(row.at, row.batch)

    def log_export(
        self, *, at: int, who: str, kind: str, filter: str, rows: int, sha256: str, with_names: bool
    ) -> int:
        """Note what is handed over; its number in the log. `filter` may name people by their learner id only: the log is for ever."""
        demand_whole_characters(who, filter)
        with self._store.writing() as connection:
            number: int = connection.execute(select(func.coalesce(func.max(exports.c.number), 0) + 1)).scalar_one()
            row = {"number": number, "at": at, "who": who, "kind": kind, "filter": filter, "rows": rows}
            keep_sealed(connection, exports, [{**row, "sha256": sha256, "with_names": int(with_names)}])
        return number

    def export_log(self) -> list[Export]:
        """All that was handed over, oldest first."""
        with self._store.reading() as connection:
            rows = connection.execute(select(*tuple(exports.c)[:-1]).order_by(exports.c.number))
            return [_export(row) for row in rows]


_REVIEW = (reviews.c.at, reviews.c.by, reviews.c.note, reviews.c.verdict)
_RESCORED = tuple(rescored.c)[1:-1]


def keep_sealed(connection: Connection, table: Table, rows: Iterable[Mapping[str, Any]]) -> None:
    """Add rows, each with its seal; what is hashed is what SQLite holds, so that a flag is 0 or 1."""
    connection.execute(insert(table), [{**row, "seal": row_seal(table.name, row)} for row in rows])


def number_of(connection: Connection, attempt_id: str) -> int:
    """The number of an attempt in this file; raises UsageError if there is none."""
    number = connection.execute(select(attempts.c.number).where(attempts.c.id == attempt_id)).scalar()
    if number is None:
        raise UsageError(f"no attempt {attempt_id!r} is kept here")
    return int(number)


def demand_whole_characters(*texts: str) -> None:
    """Raises UsageError for what another program cut in the middle of a character: it cannot be written as UTF-8."""
    for text in texts:
        try:
            text.encode()
        except UnicodeEncodeError as broken:
            raise UsageError(f"{text!r} holds half a character: type it again") from broken


def _export(row: Sequence[Any]) -> Export:
    number, at, who, kind, filter, rows, sha256, with_names = row
    return Export(number, at, who, kind, filter, rows, sha256, bool(with_names))


def _rescored_row(result: Rescored) -> dict[str, Any]:
    return {
        "principles_hash": result.principles_hash,
        "at": result.at,
        "conduct": result.conduct,
        "passed": int(result.passed),
        "principles": result.principles,
    }
