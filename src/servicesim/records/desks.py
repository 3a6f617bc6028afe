"""The desks that are enrolled for a person, and what they were given: codes, keys, tickets, batches, verdicts.

A code is typed by a person, works once and for a week; a key is kept by the desk and works until it is withdrawn. Both are kept
as hashes: whoever reads the database can be no desk with it.
"""

from __future__ import annotations

import secrets
import uuid
from collections.abc import Sequence
from contextlib import suppress
from dataclasses import asdict, dataclass, fields
from hashlib import sha256
from typing import Any

from sqlalchemy import Connection, Index, RowMapping, Select, and_, bindparam, func, insert, null, select, update
from sqlalchemy.exc import IntegrityError

from servicesim.records.notes import demand_whole_characters
from servicesim.records.organisation_tables import OF_PURGED, append_only, flag, table, text, whole
from servicesim.records.published import Edition
from servicesim.records.signed import Verdict
from servicesim.records.store import Store

DAY = 86_400_000  # milliseconds
CODE_DAYS = 7
SEEN_EVERY = 3_600_000
"""A desk's last sign of life is noted as coarsely as this, in milliseconds: not at every request."""
_LETTERS = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"  # 32 of them, none of which looks like another
_ALIKE = str.maketrans("OIL", "011")
_CODE = 12  # letters, each of 5 bits
_GROUP = 4

codes = table(
    "codes",
    text("hash", primary_key=True),
    text("learner"),
    whole("at"),
    text("by"),
    whole("ends"),
    text("desk", nullable=True),  # that it became, once it was used
    Index("codes_of_learner", "learner"),
)
desks = table(
    "desks",
    text("id", primary_key=True),
    text("learner"),
    text("name"),
    text("key_hash", unique=True),
    whole("at"),
    whole("seen"),
    whole("withdrawn", nullable=True),
    text("withdrawn_by", nullable=True),
    Index("desks_of_learner", "learner"),
)
tickets = append_only(
    table(
        "tickets",
        text("attempt", primary_key=True),
        text("desk", "desks.id"),
        text("learner"),
        text("scenario"),
        whole("version"),
        text("language"),
        text("edition"),
        text("principles"),
        text("scenario_hash"),
        text("principles_hash"),
        whole("seed"),
        whole("opens"),
        whole("closes"),
        Index("tickets_of_desk", "desk", "edition"),
    ),
    purgeable=OF_PURGED,
)
# Which lines came from which desk, and when: together they cover an attempt without a gap.
batches = append_only(
    table(
        "batches",
        text("attempt", "tickets.attempt", primary_key=True),
        whole("first", primary_key=True),
        whole("count"),
        text("desk", "desks.id"),
        whole("at"),
        whole("clock"),
        flag("late"),
    ),
    purgeable=OF_PURGED,
)
verdicts = append_only(
    table("verdicts", text("attempt", "tickets.attempt", primary_key=True), text("body"), text("signature"), whole("at")),
    purgeable=OF_PURGED,
)


@dataclass(frozen=True, slots=True)
class Desk:
    """One person's place at one computer; `seen` is its last sign of life, to the hour."""

    id: str
    learner: str
    name: str
    at: int
    seen: int
    withdrawn: int | None


@dataclass(frozen=True, slots=True)
class Code:
    """A code that waits for the computer at which it is typed."""

    learner: str
    at: int
    by: str
    ends: int


@dataclass(frozen=True, slots=True)
class Ticket:
    """The right of a desk's person to one attempt. `edition` and `principles` name the sealed texts, the other two hashes the full ones."""

    attempt: str
    desk: str
    learner: str
    scenario: str
    version: int
    language: str
    edition: str
    principles: str
    scenario_hash: str
    principles_hash: str
    seed: int
    opens: int
    closes: int


@dataclass(frozen=True, slots=True)
class Batch:
    """Lines of an attempt that came together: from event number `first` on; `clock` is what the desk took the time to be."""

    attempt: str
    first: int
    count: int
    desk: str
    at: int
    clock: int
    late: bool


@dataclass(frozen=True, slots=True)
class Sent:
    """What is known here of an attempt that a ticket stands for: how many lines came, whether any too late, and the verdict."""

    ticket: Ticket
    covered: int
    late: bool
    verdict: Verdict | None


_DESK_NAMES, _TICKET_NAMES = (tuple(field.name for field in fields(kind)) for kind in (Desk, Ticket))
_DESK = tuple(desks.c[name] for name in _DESK_NAMES)
_TICKET = tuple(tickets.c[name] for name in _TICKET_NAMES)
_DESK_OF_KEY = select(*_DESK).where(desks.c.key_hash == bindparam("key"))
_OF_ATTEMPT = batches.c.attempt == tickets.c.attempt
_COVERED = select(func.coalesce(func.max(batches.c.first + batches.c.count), 0)).where(_OF_ATTEMPT).scalar_subquery()
_LATE = select(func.coalesce(func.max(batches.c.late), 0)).where(_OF_ATTEMPT).scalar_subquery()
_EVERY_SENT = select(*_TICKET, _COVERED.label("covered"), _LATE.label("was_late"), verdicts.c.body, verdicts.c.signature).select_from(
    tickets.outerjoin(verdicts, verdicts.c.attempt == tickets.c.attempt)
)
_SENT = _EVERY_SENT.where(tickets.c.attempt == bindparam("id"))
_SENT_ALL = _EVERY_SENT.where(tickets.c.attempt.in_(bindparam("ids", expanding=True)))
_VERDICT = select(verdicts.c.body, verdicts.c.signature).where(verdicts.c.attempt == bindparam("id"))
_NEW_BATCH, _NEW_VERDICT = insert(batches), insert(verdicts)
# A desk and one attempt of its person in one question; the columns of a desk come first, by other names.
_OWN = tickets.c.attempt == bindparam("id"), tickets.c.learner == desks.c.learner
_DESK_AND_SENT = (
    select(*(column.label(f"desk_{column.name}") for column in _DESK), *_SENT.selected_columns)
    .select_from(desks.outerjoin(tickets, and_(*_OWN)).outerjoin(verdicts, verdicts.c.attempt == tickets.c.attempt))
    .where(desks.c.key_hash == bindparam("key"))
)


class Desks:
    """The part of the organisation's store that holds them."""

    _store: Store

    # Codes and desks

    def new_code(self, learner: str, *, by: str, at: int) -> str:
        """A code with which one computer becomes a desk of this person, within a week; an older one that was not used ends.

        It is told once: only its hash is kept.
        """
        code = "".join(secrets.choice(_LETTERS) for _ in range(_CODE))
        row = {"hash": _hash(code), "learner": learner, "at": at, "by": by, "ends": at + CODE_DAYS * DAY, "desk": None}
        with self._store.writing(on=learner) as connection:
            unused = codes.c.learner == learner, codes.c.desk.is_(None), codes.c.ends > at
            connection.execute(update(codes).where(*unused).values(ends=at))
            connection.execute(insert(codes).values(row))
        return "-".join(code[start : start + _GROUP] for start in range(0, _CODE, _GROUP))

    def open_codes(self, *, at: int) -> list[Code]:
        """The codes that can still be used, without the codes themselves."""
        wanted = select(codes.c.learner, codes.c.at, codes.c.by, codes.c.ends).where(codes.c.desk.is_(None), codes.c.ends > at)
        with self._store.reading() as connection:
            return [Code(*row) for row in connection.execute(wanted.order_by(codes.c.at, codes.c.hash))]

    def enrol(self, code: str, name: str, *, at: int) -> tuple[Desk, str] | None:
        """Use up a code: the desk that it makes, and its key, which is told this once. None if the code is not one, or no more."""
        demand_whole_characters(code, name)
        key, name_of_code = secrets.token_urlsafe(32), _hash(_as_written(code))
        with self._store.writing(on=name_of_code) as connection:
            usable = codes.c.hash == name_of_code, codes.c.desk.is_(None), codes.c.ends > at
            learner = connection.execute(select(codes.c.learner).where(*usable)).scalar()
            if learner is None:
                return None
            desk = Desk(uuid.uuid4().hex, learner, name, at, at, None)
            connection.execute(insert(desks).values(**asdict(desk), key_hash=_hash(key), withdrawn_by=None))
            connection.execute(update(codes).where(*usable).values(desk=desk.id))
        return desk, key

    def desk_of(self, key: str) -> Desk | None:
        """The desk that holds this key, also if it was withdrawn."""
        with self._store.reading() as connection:
            row = connection.execute(_DESK_OF_KEY, {"key": _hash(key)}).first()
        return None if row is None else Desk(*row)

    def note_seen(self, desk: Desk, *, at: int) -> None:
        """Note that a desk gives a sign of life; at most once an hour."""
        if at - desk.seen >= SEEN_EVERY:
            with self._store.writing(on=desk.id) as connection:
                connection.execute(update(desks).where(desks.c.id == desk.id, desks.c.seen < at).values(seen=at))

    def desks(self, learner: str | None = None) -> list[Desk]:
        """The desks of a person, or of everybody, the newest first."""
        wanted = select(*_DESK) if learner is None else select(*_DESK).where(desks.c.learner == learner)
        with self._store.reading() as connection:
            return [Desk(*row) for row in connection.execute(wanted.order_by(desks.c.at.desc(), desks.c.id))]

    def withdraw_desk(self, desk: str, *, by: str, at: int) -> bool:
        """Take a desk's key away from it; whether it had one until now. What it has sent stays."""
        with self._store.writing(on=desk) as connection:
            held = desks.c.id == desk, desks.c.withdrawn.is_(None)
            return connection.execute(update(desks).where(*held).values(withdrawn=at, withdrawn_by=by)).rowcount == 1

    # Tickets

    def tickets(self, desk: Desk, editions: Sequence[Edition], *, at: int, closes: int) -> list[Ticket]:
        """A ticket of this desk for each edition, of which nothing was used: the one that it has, or a new one.

        One that is open for less than half of its time is replaced; it can be used all the same until it closes.
        """
        with self._store.writing(on=desk.id) as connection:
            held = {row.edition: Ticket(*row) for row in connection.execute(_unused(desk, at + (closes - at) // 2))}
            new = {one.edition: _ticket(desk, one, at, closes) for one in editions if one.edition not in held}
            if new:
                connection.execute(insert(tickets), [asdict(one) for one in new.values()])
        known = held | new
        return [known[edition] for edition in dict.fromkeys(one.edition for one in editions)]

    def sent(self, attempt: str) -> Sent | None:
        """The ticket of this attempt, and what came; None if there is none."""
        with self._store.reading() as connection:
            row = connection.execute(_SENT, {"id": attempt}).mappings().first()
        return None if row is None else _sent(row)

    def sent_all(self, attempts: Sequence[str]) -> dict[str, Sent]:
        """The same of several, as far as there is a ticket."""
        with self._store.reading() as connection:
            return {row["attempt"]: _sent(row) for row in connection.execute(_SENT_ALL, {"ids": list(attempts)}).mappings()}

    def sent_by(self, key: str, attempt: str) -> tuple[Desk, Sent | None] | None:
        """The desk that holds this key, and this attempt if it is of the desk's person."""
        with self._store.reading() as connection:
            row = connection.execute(_DESK_AND_SENT, {"key": _hash(key), "id": attempt}).mappings().first()
        if row is None:
            return None
        desk = Desk(**{name: row[f"desk_{name}"] for name in _DESK_NAMES})
        return desk, None if row["attempt"] is None else _sent(row)

    # What came

    def keep_batch(self, before: Sent, batch: Batch, verdict: Verdict | None = None) -> Sent:
        """Note which lines came, and keep the verdict once there is one; what is known of the attempt now.

        `before` is what was known. Lines that were noted are not noted again, and the first verdict stays.
        """
        # Each begins where the one before ends, so that of two that know the same only one can be kept.
        with suppress(IntegrityError), self._store.writing(on=batch.attempt) as connection:
            return _note(connection, before, batch, verdict)
        with self._store.writing(on=batch.attempt) as connection:  # Another process has noted something since.
            row = connection.execute(_SENT, {"id": batch.attempt}).mappings().first()
            # Nothing is noted of an attempt that was purged in this moment.
            return before if row is None else _note(connection, _sent(row), batch, verdict)

    def batches(self, attempt: str) -> list[Batch]:
        """How an attempt came, in order."""
        wanted = select(*(batches.c[field.name] for field in fields(Batch))).where(batches.c.attempt == attempt)
        with self._store.reading() as connection:
            rows = connection.execute(wanted.order_by(batches.c.first))
            return [Batch(**row | {"late": bool(row["late"])}) for row in map(dict, rows.mappings())]

    def keep_verdict(self, attempt: str, verdict: Verdict, *, at: int) -> Verdict:
        """Keep how an attempt was judged; the verdict that is kept, for the first one stays."""
        with self._store.writing(on=attempt) as connection:
            kept = connection.execute(_VERDICT, {"id": attempt}).first()
            if kept is None:
                connection.execute(_NEW_VERDICT, {"attempt": attempt, **_row(verdict), "at": at})
        return verdict if kept is None else Verdict(*kept)

    def verdict(self, attempt: str) -> Verdict | None:
        """How an attempt was judged, once it has been."""
        with self._store.reading() as connection:
            row = connection.execute(_VERDICT, {"id": attempt}).first()
        return None if row is None else Verdict(*row)


def _hash(secret: str) -> str:
    return sha256(secret.encode()).hexdigest()


def _as_written(code: str) -> str:
    """A code as it was made, of what somebody typed: small letters, spaces and look-alikes do no harm."""
    return "".join(letter for letter in code.upper() if letter not in " -\t").translate(_ALIKE)


def _ticket(desk: Desk, edition: Edition, at: int, closes: int) -> Ticket:
    return Ticket(
        attempt=str(uuid.uuid4()), desk=desk.id, learner=desk.learner, scenario=edition.scenario, version=edition.version,
        language=edition.language, edition=edition.edition, principles=edition.principles, scenario_hash=edition.scenario_hash,
        principles_hash=edition.principles_hash, seed=secrets.randbelow(2**31), opens=at, closes=closes,
    )  # fmt: skip


def _unused(desk: Desk, until: int) -> Select[Any]:
    """The tickets of a desk that stay open until then, and of which nothing has come; the last to close is the last."""
    used = select(null()).where(_OF_ATTEMPT).exists()
    return select(*_TICKET).where(tickets.c.desk == desk.id, tickets.c.closes >= until, ~used).order_by(tickets.c.closes)


def _sent(row: RowMapping) -> Sent:
    ticket = Ticket(*(row[name] for name in _TICKET_NAMES))
    verdict = None if row["body"] is None else Verdict(row["body"], row["signature"])
    return Sent(ticket, row["covered"], bool(row["was_late"]), verdict)


def _note(connection: Connection, before: Sent, batch: Batch, verdict: Verdict | None) -> Sent:
    until = batch.first + batch.count
    if until > before.covered:
        row = {**_row(batch), "first": before.covered, "count": until - before.covered, "late": int(batch.late)}
        connection.execute(_NEW_BATCH, row)
    if verdict is not None and before.verdict is None:
        connection.execute(_NEW_VERDICT, {"attempt": batch.attempt, **_row(verdict), "at": batch.at})
    return Sent(before.ticket, max(until, before.covered), before.late or batch.late, before.verdict or verdict)


def _row(record: Batch | Verdict) -> dict[str, Any]:
    return {field.name: getattr(record, field.name) for field in fields(record)}
