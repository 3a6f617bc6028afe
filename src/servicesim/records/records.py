"""The records of a folder: attempts, what happened in them line by line, their results, and the texts they were played by."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import suppress
from dataclasses import asdict
from typing import Any, Literal

from sqlalchemy import ColumnElement, Connection, Select, bindparam, func, insert, select, tuple_

from servicesim.errors import PlayedElsewhere, StoreUnusable, VerificationFailed
from servicesim.records.attempt import Attempt, EndedRow, Handed, Result
from servicesim.records.chain import Chain, head, last_link, links, seal, sha256
from servicesim.records.changes import Changes
from servicesim.records.holding import demand_safe_name
from servicesim.records.inspecting import Inspecting
from servicesim.records.notes import Notes, keep_sealed
from servicesim.records.opened import Opened
from servicesim.records.outbox import Outbox, Tell, keep_told
from servicesim.records.past import Past
from servicesim.records.place import Place
from servicesim.records.purging import PURGED_OF_ID, Purging
from servicesim.records.rows import ATTEMPT, RESULT, attempt_of, result_of
from servicesim.records.store import Store, open_store
from servicesim.records.tables import SCHEMA, attempts, collected, events, results, texts, told
from servicesim.records.tried import Tried
from servicesim.records.undecided import Undecided
from servicesim.scenario.sealed_text import is_sealed_text

FILE = "records.db"
_PAGE = 1000
_TOLD_AT_ONCE = 50  # attempts in one transaction, so that nobody who plays has to wait long for it
# Made once: SQLAlchemy takes longer to put a question together than SQLite to answer it.
_ATTEMPT_OF_ID = (
    select(*ATTEMPT, attempts.c.number, attempts.c.chain, results.c.attempt.label("ended"))
    .select_from(attempts.outerjoin(results))
    .where(attempts.c.id == bindparam("id"))
)
_EVENTS_FROM = (
    select(events.c.seq, events.c.line, events.c.chain)
    .where(events.c.attempt == bindparam("attempt"), events.c.seq >= bindparam("first"))
    .order_by(events.c.seq)
)
_HAS_NUMBER = select(attempts.c.number).where(attempts.c.number == bindparam("number"))
_RESULT_OF = select(*RESULT).where(results.c.attempt == bindparam("attempt"))
_TEXTS_OF_ATTEMPT = select(texts.c.hash).where(texts.c.hash.in_((bindparam("scenario_hash"), bindparam("principles_hash"))))
_NEW_ATTEMPT, _NEW_EVENTS, _NEW_RESULT = insert(attempts), insert(events), insert(results)
Taken = Literal["new", "grown", "known", "purged"]
"""What became of an attempt of another desk: it is new, goes on further, says nothing new, or was removed here before."""


def open_records(place: Place, *, read_only: bool = False, tell: Tell | None = None) -> Records:
    """The records kept at this place; a folder is made or brought up to date if need be, and read-only works where nothing may be written.

    What `tell` tells of an attempt that ends is kept with its result, to be sent. Raises StoreUnusable, or its kinds NewerStore
    and StoreFull.
    """
    return Records(open_store(SCHEMA.at(place), SCHEMA, read_only=read_only), tell)


class Records(Opened, Notes, Purging, Outbox, Inspecting, Changes, Tried, Past, Undecided):
    """What is kept, opaque to what the lines say; when a method that writes returns, the disk holds it.

    >>> with open_records(folder) as records, records.hold(attempt.id):
    ...     records.begin(attempt, ["{...}"])
    ...     records.append(attempt.id, 1, ["{...}", "{...}"])
    """

    def __init__(self, store: Store, tell: Tell | None = None) -> None:
        super().__init__(store)
        self._tell = tell
        self._sealed: dict[str, bool] = {}  # by the hash of a scenario's text, as far as it was asked

    # Writing

    def keep_text(self, kind: str, body: str) -> str:
        """Keep the canonical text of a scenario or of principles; its SHA-256 (hex) is its name from now on."""
        name = sha256(body)
        with self._store.writing(on=name) as connection:
            if connection.execute(select(texts.c.hash).where(texts.c.hash == name)).first() is None:
                connection.execute(insert(texts).values(hash=name, kind=kind, body=body))
        return name

    def begin(self, attempt: Attempt, lines: Sequence[str] = ()) -> None:
        """Keep a new attempt and its first lines; again with the same is harmless.

        Raises PlayedElsewhere if another attempt has this id.
        """
        with self._store.writing(on=attempt.id) as connection:
            number, is_new = self._begin(connection, attempt)
            if is_new:
                _insert(connection, number, 0, lines, head(attempt))
            else:
                self._add(connection, self._kept(connection, attempt.id), 0, lines)

    def append(self, attempt_id: str, first_seq: int, lines: Sequence[str], result: Result | None = None) -> None:
        """Keep what happened next, from event number `first_seq` on, and the result with the last; again with the same is harmless.

        Raises PlayedElsewhere if other events are kept under these numbers.
        """
        # What is told of an attempt is put into the one queue, and written alone.
        on = attempt_id if result is None or self._tell is None else None
        with self._store.writing(on=on) as connection:
            kept = self._kept(connection, attempt_id)
            last = self._add(connection, kept, first_seq, lines)
            if result is not None:
                self._end(connection, kept.number, result, last)

    def take_in(
        self, attempt: Attempt, lines: Sequence[str], result: Result | None, batch: str, *, at: int
    ) -> Taken:
        """Keep an attempt that was played at another desk, and in which hand-in it came; what became of it.

        The texts that it was played by must be kept. Raises PlayedElsewhere if something else is kept under its id.
        """
        (taken,) = self.take_in_all([Handed(attempt, tuple(lines), result)], batch, at=at)
        return taken

    def take_in_all(self, handed: Iterable[Handed], batch: str, *, at: int) -> list[Taken]:
        """As `take_in`, for many: all or none of them, in one transaction."""
        with self._store.writing() as connection:
            return [self._take_in(connection, one, {"at": at, "batch": batch}) for one in handed]

    def tell_untold(self, tell: Tell, watch: Callable[[Iterator[str]], Iterator[str]] = iter) -> int:
        """Keep what is told of attempts that ended before anything was to be told of them, to be sent; of how many.

        Practice is never told of, and neither is what was played by a sealed edition: the organisation tells of it that sealed it.
        Of what `tell` tells nothing, it is asked again the next time.
        """
        return sum(1 for _ in watch(self._telling(tell)))

    def untold(self) -> int:
        """How many attempts ended of which nothing is told yet, though something should be."""
        untold = _untold().subquery()
        by = untold.c.scenario_hash
        with self._store.reading() as connection:
            counts = connection.execute(select(by, func.count()).group_by(by)).all()
            return sum(count for name, count in counts if not self._is_sealed(connection, name))

    def _is_sealed(self, connection: Connection, name: str) -> bool:
        """Whether this text is a sealed edition's; one that is missing or damaged is none."""
        if name not in self._sealed:
            with suppress(VerificationFailed):
                self._sealed[name] = is_sealed_text(self._text(connection, name))
        return self._sealed.get(name, False)

    def _telling(self, tell: Tell) -> Iterator[str]:
        after = -(2**63)
        while True:
            with self._store.writing() as connection:
                rows = connection.execute(_untold().where(attempts.c.number > after).limit(_TOLD_AT_ONCE)).all()
                new = [attempt_of(row).id for row in rows if self._keep_told(connection, row.number, tell)]
            yield from new
            if len(rows) < _TOLD_AT_ONCE:
                return
            after = rows[-1].number

    def _keep_told(self, connection: Connection, number: int, tell: Tell) -> bool:
        """Keep what is told of an attempt that has ended; whether there was anything."""
        by = connection.execute(select(attempts.c.scenario_hash).where(attempts.c.number == number)).scalar_one()
        if self._is_sealed(connection, by):
            return False
        row = connection.execute(_attempts_and_results(ended_only=True).where(attempts.c.number == number)).one()
        _, lines = self._there(connection, number, 0)
        handed = Handed(attempt_of(row), tuple(lines), result_of(row))
        statements = list(tell(handed, lambda name: self._text(connection, name)))
        if statements:
            keep_told(connection, number, statements)
        return bool(statements)

    def _take_in(self, connection: Connection, handed: Handed, note: dict[str, Any]) -> Taken:
        attempt, lines, result = handed.attempt, handed.lines, handed.result
        demand_safe_name(attempt.id)
        if connection.execute(PURGED_OF_ID, {"id": attempt.id}).first() is not None:
            return "purged"
        number, is_new = self._begin(connection, attempt)
        if is_new:  # Nothing of it is there that could be another.
            last = _insert(connection, number, 0, lines, head(attempt))
            if result is not None:
                self._end(connection, number, result, last)
            keep_sealed(connection, collected, [{"attempt": number, **note}])
            return "new"
        _, there = self._there(connection, number, 0)
        kept = self._kept(connection, attempt.id)
        last = self._add(connection, kept, 0, lines)
        if result is not None:
            self._end(connection, number, result, last)
        return "grown" if len(lines) > len(there) or (result is not None and kept.ended is None) else "known"

    def _begin(self, connection: Connection, attempt: Attempt) -> tuple[int, bool]:
        """Keep an attempt's own row; its number, and whether it is new."""
        row = connection.execute(_ATTEMPT_OF_ID, {"id": attempt.id}).first()
        if row is None:
            self._require_texts(connection, attempt)
            number = self._free_number(connection, attempt)
            connection.execute(_NEW_ATTEMPT, {"number": number, **asdict(attempt), "chain": head(attempt)})
            return self._kept(connection, attempt.id).number if number is None else number, True
        if attempt_of(row) != attempt:
            raise PlayedElsewhere(f"another attempt is kept as {attempt.id}: begin a new one")
        return row.number, False

    def _free_number(self, connection: Connection, attempt: Attempt) -> int | None:
        number = self._store.number_for(attempt.id, attempt.started)
        # Two attempts that began in the same second have the same number once in four thousand million times.
        while number is not None and connection.execute(_HAS_NUMBER, {"number": number}).first() is not None:
            number += 1
        return number

    def _kept(self, connection: Connection, attempt_id: str) -> Any:
        """The attempt's own row, with its number, and `ended` unless it has no result."""
        row = connection.execute(_ATTEMPT_OF_ID, {"id": attempt_id}).first()
        if row is None:
            raise self._gap()
        return row

    def _require_texts(self, connection: Connection, attempt: Attempt) -> None:
        wanted = {"scenario_hash": attempt.scenario_hash, "principles_hash": attempt.principles_hash}
        there = set(connection.execute(_TEXTS_OF_ATTEMPT, wanted).scalars())
        for name in wanted.values():
            if name not in there:
                raise StoreUnusable(
                    f"{self._store.name} lacks the text {name} that the attempt is played by: begin a new attempt"
                )

    def _add(self, connection: Connection, attempt: Any, first_seq: int, lines: Sequence[str]) -> str:
        """Keep those lines that are not there yet; the last link of the attempt's chain."""
        before, there = self._there(connection, attempt.number, first_seq)
        if any(kept != line for kept, line in zip(there, lines, strict=False)):
            raise PlayedElsewhere(
                "this attempt was continued in another window: close this one, or open the attempt again"
            )
        first_seq, lines = first_seq + len(there), lines[len(there) :]
        if lines and attempt.ended is not None:
            raise PlayedElsewhere("this attempt was ended in another window: open it again to see its debrief")
        return _insert(connection, attempt.number, first_seq, lines, before)

    def _there(self, connection: Connection, attempt: int, first_seq: int) -> tuple[str, list[str]]:
        """The last link there is, and the lines kept from this number on; the line before it must be kept, and the attempt itself."""
        kept = connection.execute(_EVENTS_FROM, {"attempt": attempt, "first": first_seq - 1}).all()
        if first_seq > 0 and (not kept or kept[0].seq != first_seq - 1):
            raise self._gap()
        link = kept[-1].chain if kept else _head(connection, attempt)
        return link, [row.line for row in kept if row.seq >= first_seq]

    def _gap(self) -> StoreUnusable:
        return StoreUnusable(
            f"{self._store.name} lacks what came before in this attempt: put the newest backup in its place, or begin anew"
        )

    def _end(self, connection: Connection, attempt: int, result: Result, last: str) -> None:
        kept = _result_of(connection, attempt)
        if kept is None:
            connection.execute(_NEW_RESULT, {"attempt": attempt, **asdict(result), "seal": seal(last, result)})
            if self._tell is not None and not _is_practice(connection, attempt):
                self._keep_told(connection, attempt, self._tell)
        elif kept != result:
            raise PlayedElsewhere("this attempt was ended in another window: open it again to see its debrief")

    # Reading

    def text(self, name: str) -> str:
        """The text that has this SHA-256; raises VerificationFailed if it is not kept, or is not what was kept."""
        with self._store.reading() as connection:
            return self._text(connection, name)

    def _text(self, connection: Connection, name: str) -> str:
        body = connection.execute(select(texts.c.body).where(texts.c.hash == name)).scalar()
        if body is None:
            raise VerificationFailed(f"{self._store.name} does not hold the text {name}: look for it in a backup")
        if sha256(body) != name:
            raise VerificationFailed(
                f"{self._store.name} holds the text {name} damaged or changed: look for it in a backup"
            )
        return str(body)

    def lines(self, attempt_id: str) -> list[str]:
        """What happened in this attempt so far, in order; none if there is no such attempt."""
        with self._store.reading() as connection:
            wanted = select(events.c.line).join(attempts).where(attempts.c.id == attempt_id).order_by(events.c.seq)
            return list(connection.execute(wanted).scalars())

    def chain(self, attempt_id: str) -> Chain:
        """How the chain of this attempt ends, as stored and as recomputed; raises StoreUnusable if there is no such attempt."""
        with self._store.reading() as connection:
            row = connection.execute(select(*ATTEMPT, attempts.c.number).where(attempts.c.id == attempt_id)).first()
            if row is None:
                raise self._gap()
            stored, lines = self._there(connection, row.number, 0)
        return Chain(stored, last_link(head(attempt_of(row)), 0, lines))

    def attempt(self, attempt_id: str) -> tuple[Attempt, Result | None] | None:
        """The attempt of this id and its result, if there is one."""
        with self._store.reading() as connection:
            row = connection.execute(_WHOLE_OF_ID, {"id": attempt_id}).first()
        return None if row is None else (attempt_of(row), result_of(row))

    def attempts(
        self,
        *,
        scenario: str | None = None,
        learner: str | None = None,
        since: int | None = None,
        until: int | None = None,
        with_practice: bool = False,
        ended_only: bool = False,
    ) -> Iterator[tuple[Attempt, Result | None]]:
        """Attempts that began at `since` or later and before `until` (UTC milliseconds), in that order, however many there are."""
        wanted = _attempts_and_results(ended_only=ended_only)
        fitting = _fitting(wanted, scenario, learner, since, until, with_practice=with_practice)
        for rows in self._in_pages(fitting):
            for row in rows:
                yield attempt_of(row), result_of(row)

    def ended_rows(
        self,
        *,
        scenario: str | None = None,
        learner: str | None = None,
        since: int | None = None,
        until: int | None = None,
        with_practice: bool = False,
    ) -> Iterator[Sequence[EndedRow]]:
        """As `attempts`, of those that have ended, but as plain tuples and a page at once: much faster where there are many."""
        fitting = _fitting(_ENDED_ROWS, scenario, learner, since, until, with_practice=with_practice)
        return self._in_pages(fitting)

    def latest(self, scenario: str, language: str | None = None) -> Attempt | None:
        """The attempt at this encounter that began last, in this language if one is named; whatever became of it."""
        wanted = select(*ATTEMPT).where(attempts.c.scenario == scenario)
        if language is not None:
            wanted = wanted.where(attempts.c.language == language)
        with self._store.reading() as connection:
            row = connection.execute(wanted.order_by(attempts.c.started.desc(), attempts.c.id.desc()).limit(1)).first()
        return None if row is None else attempt_of(row)

    def counts(self) -> dict[str, int]:
        """How many attempts are kept of each learner."""
        with self._store.reading() as connection:
            rows = connection.execute(select(attempts.c.learner, func.count()).group_by(attempts.c.learner))
            return {learner: count for learner, count in rows}

    def unfinished(self, learner: str, scenario: str | None = None) -> list[Attempt]:
        """The attempts of this learner that have no result yet, the latest first."""
        found = self.attempts(learner=learner, scenario=scenario, with_practice=True)
        return [attempt for attempt, result in found if result is None][::-1]

    def _in_pages(self, wanted: Select[Any]) -> Iterator[Sequence[Any]]:
        # One short transaction a page: a reader that stayed in one for the whole export would hold up those who play.
        after: ColumnElement[bool] | None = None
        while True:
            page = wanted if after is None else wanted.where(after)
            with self._store.reading() as connection:
                rows = connection.execute(page.limit(_PAGE)).all()
            if rows:
                yield rows
            if len(rows) < _PAGE:
                return
            after = tuple_(attempts.c.started, attempts.c.id) > tuple_(rows[-1].started, rows[-1].id)


_ENDED_ROWS = (
    select(*(attempts.c[name] if name in attempts.c else results.c[name] for name in EndedRow._fields))
    .select_from(attempts.join(results))
    .order_by(attempts.c.started, attempts.c.id)
)


def _fitting(
    wanted: Select[Any], scenario: str | None, learner: str | None, since: int | None, until: int | None, *, with_practice: bool
) -> Select[Any]:
    if scenario is not None:
        wanted = wanted.where(attempts.c.scenario == scenario)
    if learner is not None:
        wanted = wanted.where(attempts.c.learner == learner)
    if since is not None:
        wanted = wanted.where(attempts.c.started >= since)
    if until is not None:
        wanted = wanted.where(attempts.c.started < until)
    return wanted if with_practice else wanted.where(attempts.c.practice == 0)


def _attempts_and_results(*, ended_only: bool) -> Select[Any]:
    both = attempts.join(results, isouter=not ended_only)
    return select(*ATTEMPT, *RESULT).select_from(both).order_by(attempts.c.started, attempts.c.id)


_WHOLE_OF_ID = _attempts_and_results(ended_only=False).where(attempts.c.id == bindparam("id"))


def _untold() -> Select[Any]:
    """Attempts that ended, count, and of which nothing is told yet, in the order in which they were kept."""
    known = select(told.c.attempt).where(told.c.attempt == attempts.c.number).exists()
    both = select(*ATTEMPT, attempts.c.number).select_from(attempts.join(results))
    return both.where(attempts.c.practice == 0, ~known).order_by(attempts.c.number)


def _is_practice(connection: Connection, attempt: int) -> bool:
    return bool(connection.execute(select(attempts.c.practice).where(attempts.c.number == attempt)).scalar_one())


def _insert(connection: Connection, attempt: int, first_seq: int, lines: Sequence[str], before: str) -> str:
    """Keep these lines, of which none is there; the last link of the attempt's chain."""
    chained = list(links(before, first_seq, lines))
    if lines:
        new = zip(lines, chained, strict=True)
        rows = [{"attempt": attempt, "seq": seq, "line": line, "chain": chain} for seq, (line, chain) in enumerate(new, first_seq)]
        connection.execute(_NEW_EVENTS, rows)
    return chained[-1] if chained else before


def _head(connection: Connection, attempt: int) -> str:
    return str(connection.execute(select(attempts.c.chain).where(attempts.c.number == attempt)).scalar_one())


def _result_of(connection: Connection, attempt: int) -> Result | None:
    row = connection.execute(_RESULT_OF, {"attempt": attempt}).first()
    return None if row is None else result_of(row)

