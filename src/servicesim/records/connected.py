"""What a desk keeps of its connection to an organisation: what it may play, and what the server said to what was played.

What waits to be sent is not kept here: it is what the records hold beyond what the server has acknowledged.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import asdict, fields
from pathlib import Path
from typing import Any

from sqlalchemy import Connection, Table, delete, func, insert, select

from servicesim.errors import VerificationFailed
from servicesim.records.chain import sha256
from servicesim.records.connected_tables import (
    OF_ATTEMPT,
    SCHEMA,
    SEALED,
    acknowledged,
    assigned,
    contacts,
    differences,
    offers,
    purged,
    refusals,
    texts,
    tickets,
    verdicts,
)
from servicesim.records.notes import keep_sealed
from servicesim.records.opened import Opened
from servicesim.records.rot import Rot, rot_of_file, rot_of_rows
from servicesim.records.store import open_store
from servicesim.records.tickets import Contact, Difference, Judged, Offer, Open, Refusal, Ticket

FILE = "connected.db"


def open_connected(folder: Path, *, read_only: bool = False) -> Connected:
    """What is kept in this folder; made or brought up to date if need be. Raises StoreUnusable and its kinds."""
    return Connected(open_store(folder / FILE, SCHEMA, read_only=read_only))


class Connected(Opened):
    """What came from the server; when a method that writes returns, the disk holds it.

    >>> with open_connected(folder) as connected:
    ...     connected.keep_tickets(learner, tickets, at=now)
    """

    # What may be played

    def keep_text(self, kind: str, body: str) -> str:
        """Keep a sealed text; its SHA-256 (hex) is its name."""
        name = sha256(body)
        with self._store.writing() as connection:
            if connection.execute(select(texts.c.hash).where(texts.c.hash == name)).first() is None:
                connection.execute(insert(texts).values(hash=name, kind=kind, body=body))
        return name

    def text(self, name: str) -> str:
        """The text that has this SHA-256; raises VerificationFailed if it is not kept, or is not what was kept."""
        with self._store.reading() as connection:
            body = connection.execute(select(texts.c.body).where(texts.c.hash == name)).scalar()
        if body is None or sha256(body) != name:
            what = "does not hold" if body is None else "holds damaged or changed"
            raise VerificationFailed(f"{self._store.path} {what} the text {name}: move the file away, and servicesim connect --now fetches it again")
        return str(body)

    def lacking(self, names: Iterable[str]) -> list[str]:
        """Those of these hashes whose text is not kept, each once."""
        with self._store.reading() as connection:
            there = set(connection.execute(select(texts.c.hash)).scalars())
        return [name for name in dict.fromkeys(names) if name not in there]

    def keep_offers(self, learner: str, offered: Sequence[Offer]) -> None:
        """Keep what is offered to somebody now; what was offered before is forgotten."""
        with self._store.writing() as connection:
            connection.execute(delete(offers).where(offers.c.learner == learner))
            if offered:
                connection.execute(insert(offers), [{"learner": learner, **asdict(offer)} for offer in offered])

    def offers(self, learner: str) -> list[Offer]:
        """What is offered to somebody, by scenario and language."""
        wanted = select(*_OFFER).where(offers.c.learner == learner).order_by(offers.c.scenario, offers.c.language)
        with self._store.reading() as connection:
            return [Offer(*row) for row in connection.execute(wanted)]

    def keep_programmes(self, learner: str, body: str) -> None:
        """Keep what the server said of somebody's programmes; what it said before is forgotten."""
        with self._store.writing() as connection:
            connection.execute(delete(assigned).where(assigned.c.learner == learner))
            connection.execute(insert(assigned).values(learner=learner, body=body))

    def programmes(self, learner: str) -> str:
        """What the server said of somebody's programmes last; empty if nothing is kept."""
        with self._store.reading() as connection:
            return connection.execute(select(assigned.c.body).where(assigned.c.learner == learner)).scalar() or ""

    def keep_tickets(self, learner: str, got: Iterable[Ticket], *, at: int) -> int:
        """Keep tickets that the server gave somebody; how many are new."""
        with self._store.writing() as connection:
            there = {*connection.execute(select(tickets.c.attempt)).scalars(), *connection.execute(select(purged.c.attempt)).scalars()}
            new = {ticket.attempt: {**asdict(ticket), "learner": learner, "got": at} for ticket in got if ticket.attempt not in there}
            if new:
                keep_sealed(connection, tickets, new.values())
        return len(new)

    def tickets(self, learner: str) -> list[Ticket]:
        """Every ticket that somebody ever got here, used or not, in the order in which they came."""
        wanted = select(*_TICKET).where(tickets.c.learner == learner).order_by(tickets.c.got, tickets.c.attempt)
        with self._store.reading() as connection:
            return [Ticket(*row) for row in connection.execute(wanted)]

    def ticket(self, attempt: str) -> tuple[Ticket, str] | None:
        """The ticket of an attempt, and the learner who got it."""
        with self._store.reading() as connection:
            row = connection.execute(select(*_TICKET, tickets.c.learner).where(tickets.c.attempt == attempt)).first()
        return None if row is None else (Ticket(*row[:-1]), row.learner)

    # What was sent

    def open_tickets(self, learner: str, *, refused_too: bool = False) -> list[Open]:
        """Tickets of somebody that the server has not spoken its last word on, begun or not, in the order in which they came."""
        every = acknowledged.alias("every")
        last = select(func.max(every.c.number)).where(every.c.attempt == tickets.c.attempt).scalar_subquery()
        both = tickets.outerjoin(acknowledged, acknowledged.c.number == last)
        judged = select(verdicts.c.attempt).where(verdicts.c.attempt == tickets.c.attempt).exists()
        refused = select(refusals.c.attempt).where(refusals.c.attempt == tickets.c.attempt).exists()
        wanted = select(*_TICKET, acknowledged.c.upto, acknowledged.c.late).select_from(both).where(tickets.c.learner == learner, ~judged)
        wanted = (wanted if refused_too else wanted.where(~refused)).order_by(tickets.c.got, tickets.c.attempt)
        with self._store.reading() as connection:
            return [Open(Ticket(*row[:-2]), row.upto or 0, bool(row.late)) for row in connection.execute(wanted)]

    def acknowledge(self, attempt: str, upto: int, *, late: bool, at: int) -> None:
        """Keep that the server has this many events of an attempt; the same again is not kept twice."""
        told = {"upto": upto, "late": int(late)}
        with self._store.writing() as connection:
            wanted = select(acknowledged.c.upto, acknowledged.c.late).where(acknowledged.c.attempt == attempt)
            last = connection.execute(wanted.order_by(acknowledged.c.number.desc())).first()
            if last is None or dict(last._mapping) != told:
                _keep_next(connection, acknowledged, {"attempt": attempt, **told, "at": at})

    def upto(self, attempt: str) -> int:
        """How many events of an attempt the server has, as far as it has said."""
        wanted = select(acknowledged.c.upto).where(acknowledged.c.attempt == attempt).order_by(acknowledged.c.number.desc())
        with self._store.reading() as connection:
            return connection.execute(wanted).scalar() or 0

    def refuse(self, refusal: Refusal) -> None:
        """Keep what the server would not take."""
        with self._store.writing() as connection:
            _keep_next(connection, refusals, asdict(refusal))

    def refusal(self, attempt: str) -> Refusal | None:
        """Why the server would not take an attempt, by its last word."""
        wanted = select(*_REFUSAL).where(refusals.c.attempt == attempt).order_by(refusals.c.number.desc())
        with self._store.reading() as connection:
            row = connection.execute(wanted).first()
        return None if row is None else Refusal(*row)

    def refused(self, learner: str) -> list[Refusal]:
        """What the server would not take of somebody's and has not judged since, oldest first."""
        judged = select(verdicts.c.attempt).where(verdicts.c.attempt == refusals.c.attempt).exists()
        wanted = select(*_REFUSAL).join(tickets).where(tickets.c.learner == learner, ~judged).order_by(refusals.c.number)
        with self._store.reading() as connection:
            return [Refusal(*row) for row in connection.execute(wanted)]

    # What was judged

    def keep_verdict(self, attempt: str, body: str, signature: str, found: Sequence[Difference], *, at: int) -> None:
        """Keep the server's verdict and where the desk had come to something else; again is harmless, the first counts."""
        with self._store.writing() as connection:
            if connection.execute(select(verdicts.c.attempt).where(verdicts.c.attempt == attempt)).first() is not None:
                return
            keep_sealed(connection, verdicts, [{"attempt": attempt, "body": body, "signature": signature, "at": at}])
            if found:
                keep_sealed(connection, differences, [{"attempt": attempt, **asdict(one)} for one in found])

    def verdict(self, attempt: str) -> Judged | None:
        """The server's verdict on an attempt, if it has come."""
        with self._store.reading() as connection:
            row = connection.execute(select(verdicts.c.body, verdicts.c.signature).where(verdicts.c.attempt == attempt)).first()
            wanted = select(*_DIFFERENCE).where(differences.c.attempt == attempt).order_by(differences.c.name)
            found = tuple(Difference(*one) for one in connection.execute(wanted))
        return None if row is None else Judged(*row, found)

    # How the last contact went

    def keep_contact(self, learner: str, contact: Contact) -> None:
        """Keep how it went when the server was asked; what was kept before is forgotten."""
        with self._store.writing() as connection:
            connection.execute(delete(contacts).where(contacts.c.learner == learner))
            connection.execute(insert(contacts).values(learner=learner, **asdict(contact)))

    def contact(self, learner: str) -> Contact | None:
        """How it went when the server was asked last; None if it never was."""
        with self._store.reading() as connection:
            row = connection.execute(select(*_CONTACT).where(contacts.c.learner == learner)).first()
        return None if row is None else Contact(*row)

    def forget(self, learner: str) -> None:
        """Forget what is offered and assigned to somebody and how it went; tickets, verdicts and what was refused stay as evidence."""
        with self._store.writing() as connection:
            for table in (offers, assigned, contacts):
                connection.execute(delete(table).where(table.c.learner == learner))

    def purge(self, attempts: Iterable[str], *, at: int) -> int:
        """Remove what is kept of these attempts, which were purged from the records; of how many anything was there."""
        with self._store.reading() as connection:
            there = set(connection.execute(select(tickets.c.attempt)).scalars()) & set(attempts)
        for attempt in sorted(there):
            with self._store.writing() as connection:
                keep_sealed(connection, purged, [{"attempt": attempt, "at": at}])
                for table in OF_ATTEMPT:
                    connection.execute(delete(table).where(table.c.attempt == attempt))
        return len(there)

    def verify_rot(self) -> Iterator[Rot]:
        """Everything that is not as it was written."""
        yield from rot_of_file(self._store)
        yield from rot_of_rows(self._store, SEALED)


_TICKET = tuple(tickets.c[field.name] for field in fields(Ticket))
_OFFER = tuple(offers.c[field.name] for field in fields(Offer))
_REFUSAL = tuple(refusals.c[field.name] for field in fields(Refusal))
_DIFFERENCE = tuple(differences.c[field.name] for field in fields(Difference))
_CONTACT = tuple(contacts.c[field.name] for field in fields(Contact))


def _keep_next(connection: Connection, table: Table, row: Mapping[str, Any]) -> None:
    """Add a row under the next number."""
    number = connection.execute(select(func.coalesce(func.max(table.c.number), 0) + 1)).scalar_one()
    keep_sealed(connection, table, [{"number": number, **row}])
