"""The pens that attempts are written with beside the usual one: at once, with the organisation told, and not at all."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from concurrent.futures import Future
from typing import TYPE_CHECKING, TypeVar

if TYPE_CHECKING:
    from servicesim.desktop.link import Link
    from servicesim.desktop.playing import Writes
    from servicesim.records.attempt import Attempt, Result
    from servicesim.records.records import Records
    from servicesim.records.tickets import Ticket

T = TypeVar("T")
Aside = Callable[[Callable[[], None]], "Future[None]"]


def done(job: Callable[[], T]) -> Future[T]:
    """A future of something that was done in this moment."""
    future: Future[T] = Future()
    try:
        future.set_result(job())
    except Exception as failure:  # noqa: BLE001 - a future carries whatever happened to the one who asks for it
        future.set_exception(failure)
    return future


class PenAtOnce:
    """Writes before it returns; for plays without a window, where nobody has to wait."""

    def __init__(self, records: Records) -> None:
        self._records = records

    def begin(self, attempt: Attempt, lines: Sequence[str] = ()) -> Future[None]:
        """As `Pen.begin`."""
        return done(lambda: self._records.begin(attempt, lines))

    def write(self, attempt_id: str, first_seq: int, lines: Sequence[str], result: Result | None = None) -> Future[None]:
        """As `Pen.write`."""
        return done(lambda: self._records.append(attempt_id, first_seq, lines, result))

    def close(self) -> None:
        """Nothing is waiting."""


class SentOn:
    """Writes with another pen; the organisation hears of each write once it is on disk. `aside` does a job off the drawing thread."""

    def __init__(self, pen: Writes, link: Link, ticket: Ticket | None, aside: Aside) -> None:
        self._pen, self._link, self._ticket, self._aside = pen, link, ticket, aside

    def begin(self, attempt: Attempt, lines: Sequence[str] = ()) -> Future[None]:
        """As `Pen.begin`; before it the ticket is used up, so that no attempt is ever on disk that nobody would send."""
        ticket = self._ticket
        if ticket is None:
            return self._told(attempt.id, self._pen.begin(attempt, lines))
        begun: Future[None] = Future()
        used = self._aside(lambda: self._link.begun(attempt.id, ticket))
        used.add_done_callback(lambda done: self._write_first(done, begun, attempt, lines))
        return begun

    def write(self, attempt_id: str, first_seq: int, lines: Sequence[str], result: Result | None = None) -> Future[None]:
        """As `Pen.write`."""
        return self._told(attempt_id, self._pen.write(attempt_id, first_seq, lines, result))

    def _write_first(self, used: Future[None], begun: Future[None], attempt: Attempt, lines: Sequence[str]) -> None:
        if (failure := used.exception()) is not None:
            begun.set_exception(failure)
            return
        self._told(attempt.id, self._pen.begin(attempt, lines)).add_done_callback(lambda written: _pass_on(written, begun))

    def _told(self, attempt_id: str, written: Future[None]) -> Future[None]:
        written.add_done_callback(lambda done: None if done.exception() else self._link.happened(attempt_id))
        return written


class Unkept:
    """Keeps nothing: for practice by an encounter that may not lie at this computer."""

    def begin(self, attempt: Attempt, lines: Sequence[str] = ()) -> Future[None]:
        """Nothing is written."""
        return done(lambda: None)

    def write(self, attempt_id: str, first_seq: int, lines: Sequence[str], result: Result | None = None) -> Future[None]:
        """Nothing is written."""
        return done(lambda: None)


def _pass_on(one: Future[None], other: Future[None]) -> None:
    failure = one.exception()
    if failure is not None:
        other.set_exception(failure)
    else:
        other.set_result(None)
