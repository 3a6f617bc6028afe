"""What an organisation lets go of: what belongs to purged attempts, and what it keeps of somebody who is erased.

The log of who did what is let go of nowhere: it holds ids only, and a line less would break its chain.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, fields
from itertools import islice
from pathlib import Path
from typing import Any

from sqlalchemy import ColumnElement, Connection, delete, func, insert, null, or_, select, update

from servicesim.records.accounts import accounts, sessions
from servicesim.records.desks import Ticket, batches, codes, desks, tickets, verdicts
from servicesim.records.organisation_tables import append_only, table, text, whole
from servicesim.records.store import Store

_PAGE = 500

# The attempts of which nothing more is kept: what belongs to them may be removed.
purged = append_only(table("purged", text("attempt", primary_key=True), whole("at")))

_TICKET = tuple(tickets.c[field.name] for field in fields(Ticket))
_USED = select(null()).where(batches.c.attempt == tickets.c.attempt).exists()
_HAS_TICKETS = or_(
    select(null()).where(tickets.c.desk == desks.c.id).exists(), select(null()).where(batches.c.desk == desks.c.id).exists()
)


@dataclass(frozen=True, slots=True)
class CodeKept:
    """A code that was made for somebody, and the desk that it became."""

    at: int
    by: str
    ends: int
    desk: str | None


@dataclass(frozen=True, slots=True)
class TicketKept:
    """A ticket, in how many parts something came of its attempt, and the verdict as it was signed."""

    ticket: Ticket
    batches: int
    verdict: str | None


class Forgetting:
    """The part of the organisation's store that lets go."""

    _store: Store

    def codes_of(self, learner: str) -> list[CodeKept]:
        """Every code that was made for a person, oldest first."""
        wanted = select(*(codes.c[field.name] for field in fields(CodeKept))).where(codes.c.learner == learner)
        with self._store.reading() as connection:
            return [CodeKept(*row) for row in connection.execute(wanted.order_by(codes.c.at, codes.c.hash))]

    def tickets_of(self, learner: str) -> list[TicketKept]:
        """Every ticket of a person, oldest first."""
        came = select(func.count()).where(batches.c.attempt == tickets.c.attempt).scalar_subquery()
        wanted = select(*_TICKET, came, verdicts.c.body).select_from(tickets.outerjoin(verdicts)).where(_of(learner))
        with self._store.reading() as connection:
            rows = connection.execute(wanted.order_by(tickets.c.opens, tickets.c.attempt))
            return [TicketKept(Ticket(*row[: len(_TICKET)]), *row[len(_TICKET) :]) for row in map(tuple, rows)]

    def sessions_of(self, person: str) -> int:
        """In how many browsers somebody is signed in, or was when they last looked."""
        with self._store.reading() as connection:
            return connection.execute(select(func.count()).where(sessions.c.person == person)).scalar_one()

    def unused_tickets(self, *, until: int) -> list[str]:
        """The tickets that had closed by then, and of which nothing came."""
        with self._store.reading() as connection:
            return list(connection.execute(select(tickets.c.attempt).where(tickets.c.closes < until, ~_USED)).scalars())

    def purge(self, attempt_ids: Iterable[str], *, at: int) -> int:
        """Remove the tickets, batches and verdicts of these attempts; how many tickets there were.

        Some hundreds at a time are one transaction: what was removed when something fails stays removed.
        """
        waiting, count = iter(attempt_ids), 0
        while page := list(islice(waiting, _PAGE)):
            with self._store.writing() as connection:
                count += _purge(connection, tickets.c.attempt.in_(page), at)
        return count

    def forget_backups(self) -> list[Path]:
        """Remove the copies that were made before an update, for they still hold who was erased; which they were."""
        return self._store.forget_backups()

    def erase(self, person: str, learner: str, *, at: int, keep_attempts: bool = False) -> None:
        """Remove codes, desks with their keys, tickets with all that came, account and sessions of somebody; all of it or nothing.

        With `keep_attempts` the tickets stay of which something came, and of their desks a row without a name and a key.
        """
        with self._store.writing() as connection:
            connection.execute(delete(codes).where(codes.c.learner == learner))
            _purge(connection, _of(learner) & ~_USED if keep_attempts else _of(learner), at)
            connection.execute(delete(desks).where(desks.c.learner == learner, ~_HAS_TICKETS))
            nobody = {"name": "", "key_hash": desks.c.id, "withdrawn": func.coalesce(desks.c.withdrawn, at), "withdrawn_by": None}
            connection.execute(update(desks).where(desks.c.learner == learner).values(nobody))
            connection.execute(delete(sessions).where(sessions.c.person == person))
            connection.execute(delete(accounts).where(accounts.c.person == person))


def _of(learner: str) -> ColumnElement[bool]:
    # A desk is one person's; by desks there is an index.
    return tickets.c.desk.in_(select(desks.c.id).where(desks.c.learner == learner))


def _purge(connection: Connection, wanted: ColumnElement[bool], at: int) -> int:
    found: Sequence[Any] = connection.execute(select(tickets.c.attempt).where(wanted)).scalars().all()
    for start in range(0, len(found), _PAGE):
        page = found[start : start + _PAGE]
        connection.execute(insert(purged), [{"attempt": attempt, "at": at} for attempt in page])
        for made in (verdicts, batches, tickets):
            connection.execute(delete(made).where(made.c.attempt.in_(page)))
    return len(found)
