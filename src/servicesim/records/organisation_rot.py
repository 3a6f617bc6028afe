"""What an organisation keeps of attempts, held against the records: tickets, what came, and what was signed."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import groupby
from typing import Any

from sqlalchemy import select

from servicesim.records.desks import batches, tickets, verdicts
from servicesim.records.inspecting import Length
from servicesim.records.rot import Rot
from servicesim.records.store import Store

_PAGE = 500
_TICKETS = select(tickets.c.attempt, tickets.c.learner, verdicts.c.at.label("judged")).select_from(tickets.outerjoin(verdicts)).order_by(tickets.c.attempt)
_BATCHES = select(batches.c.attempt, batches.c.first, batches.c.count).order_by(batches.c.attempt, batches.c.first)

Lengths = Callable[[Sequence[str]], Mapping[str, Length]]
"""How long each of these attempts is in the records; those that are not there are left out."""


@dataclass(frozen=True, slots=True)
class Unsigned:
    """An attempt that has ended, and that the server has not signed yet: it does when it is next asked. Nothing is wrong with it."""

    attempt: str


def rot_of_tickets(store: Store, lengths: Lengths, is_purged: Callable[[str], bool]) -> Iterator[Rot | Unsigned]:
    """Every ticket whose batches or verdict do not fit each other or the records; and those that wait for a verdict."""
    after = ""
    while True:
        with store.inspecting() as connection:
            page = connection.execute(_TICKETS.where(tickets.c.attempt > after).limit(_PAGE)).all()
            if not page:
                return
            came = connection.execute(_BATCHES.where(batches.c.attempt.between(page[0].attempt, page[-1].attempt))).all()
        parts = {attempt: list(some) for attempt, some in groupby(came, key=lambda row: row.attempt)}
        # The records after, for they are written first: what came is in them.
        kept = lengths([row.attempt for row in page])
        for row in page:
            yield from _rot(row, parts.get(row.attempt, []), kept.get(row.attempt), is_purged)
        after = page[-1].attempt


def _rot(ticket: Any, parts: Sequence[Any], kept: Length | None, is_purged: Callable[[str], bool]) -> Iterator[Rot | Unsigned]:
    id, judged = ticket.attempt, ticket.judged is not None
    covered = 0
    for part in parts:
        if part.first != covered:
            yield Rot(f"batches of {id}", f"event {covered + 1} came in none of them, or in two", id)
            break
        covered += part.count
    if kept is None:
        if (parts or judged) and not is_purged(id):
            yield Rot(f"{'verdict' if judged else 'batches'} of {id}", "the attempt is not kept", id)
        return
    yield from _against(ticket, covered, kept, judged=judged)


def _against(ticket: Any, covered: int, kept: Length, *, judged: bool) -> Iterator[Rot | Unsigned]:
    id = ticket.attempt
    if kept.learner != ticket.learner:
        yield Rot(f"ticket of {id}", "the attempt is kept as somebody else's", id)
    if covered > kept.lines:
        yield Rot(f"batches of {id}", f"{covered} events came, and {kept.lines} are kept", id)
    if judged and not kept.ended:
        yield Rot(f"verdict of {id}", "the attempt has not ended", id)
    if kept.ended and not judged:
        yield Unsigned(id)
