"""Who did what at the server: a log that is only ever added to, each line chained to the one before.

    link = SHA-256 of (the link before, the line)

What was changed, taken out or put in between shows at the next link. Lines taken off the end show only against a link that was noted
elsewhere (`verify_audit(ends_with=...)`); whoever can write the database can also compute all links anew.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator
from dataclasses import asdict, dataclass
from typing import Any, Literal

from sqlalchemy import CheckConstraint, Connection, Index, func, insert, or_, select

from servicesim.records.chain import canonical, sha256
from servicesim.records.organisation_tables import append_only, table, text, whole
from servicesim.records.rot import Rot, surviving
from servicesim.records.store import Store

Outcome = Literal["done", "refused", "failed"]
FIRST = sha256("audit")
"""What stands before the first link."""
_LONGEST = 200  # characters of a name: a log is no place to store what somebody sends
_PAGE = 1000
_HOUR = 3_600_000  # milliseconds

audit = append_only(
    table(
        "audit",
        whole("seq", primary_key=True),
        whole("at"),
        text("who"),
        text("deed"),
        text("about"),
        text("outcome"),
        text("link"),
        CheckConstraint("outcome IN ('done', 'refused', 'failed')", name="audit_outcome"),
        Index("audit_of_who", "who", "seq"),
    )
)


@dataclass(frozen=True, slots=True)
class Noted:
    """One line of the log."""

    seq: int
    at: int
    """UTC, in milliseconds since 1970."""
    who: str
    """A person's id, `desk ID`, `address ADDRESS` of somebody who is not known, or `command line`."""
    deed: str
    """What was done or asked for, such as `sign-in`."""
    about: str
    """Whom or what it was done to: an id first, perhaps more behind a space; never what somebody wrote."""
    outcome: Outcome


class Audit:
    """The part of the organisation's store that holds the log."""

    _store: Store

    def note(self, who: str, deed: str, about: str = "", outcome: Outcome = "done", *, at: int) -> None:
        """Add a line. What is in it stays for ever: ids only."""
        with self._store.writing(on="audit") as connection:
            _add(connection, who, deed, about, outcome, at)

    def note_refused(self, who: str, deed: str, about: str, *, at: int) -> None:
        """As `note`, of what was refused; nothing if the same line was added within the hour, so that nobody can fill the log."""
        same = select(audit.c.seq).where(
            audit.c.who == _name(who), audit.c.deed == _name(deed), audit.c.about == _name(about), audit.c.outcome == "refused", audit.c.at > at - _HOUR
        )  # fmt: skip
        with self._store.reading() as connection:  # Those who write wait for each other.
            if connection.execute(same.limit(1)).first() is not None:
                return
        with self._store.writing(on="audit") as connection:
            if connection.execute(same.limit(1)).first() is None:
                _add(connection, who, deed, about, "refused", at)

    def noted(self, *, who: str | None = None, before: int | None = None, most: int = 100) -> list[Noted]:
        """The newest lines first, of all or of one; `before` goes on from the last `seq` of the page before."""
        wanted = select(*_NOTED).order_by(audit.c.seq.desc()).limit(most)
        if who is not None:
            wanted = wanted.where(audit.c.who == who)
        if before is not None:
            wanted = wanted.where(audit.c.seq < before)
        with self._store.reading() as connection:
            return [Noted(*row) for row in connection.execute(wanted)]

    def noted_about(self, names: Collection[str], things: Collection[str] = ()) -> list[Noted]:
        """Every line in which one of these names did something, or something was done to it or to one of the things; oldest first."""
        about = [audit.c.about.startswith(f"{name} ", autoescape=True) for name in names]
        of_them = or_(audit.c.who.in_(names), audit.c.about.in_([*names, *things]), *about)
        with self._store.reading() as connection:
            return [Noted(*row) for row in connection.execute(select(*_NOTED).where(of_them).order_by(audit.c.seq))]

    def audit_end(self) -> tuple[int, str]:
        """How many lines there are, and the last link: to be noted elsewhere."""
        with self._store.reading() as connection:
            return _end(connection)

    def verify_audit(self, *, ends_with: tuple[int, str] | None = None) -> Iterator[Rot]:
        """Everything in the log that is not as it was written; `ends_with` is an `audit_end()` of before."""
        yield from surviving("audit", lambda: self._rotten_lines(ends_with))

    def _rotten_lines(self, ends_with: tuple[int, str] | None) -> Iterator[Rot]:
        seq, link = 0, FIRST
        for row in self._lines():
            noted = Noted(*row[:-1])
            if noted.seq != seq:
                yield Rot(f"audit {seq}", f"the lines from {seq} on, up to {noted.seq}, are missing")
            link = _link(link, noted)
            if link != row.link:
                yield Rot(f"audit {noted.seq}", "this line, or the one before it, is not as it was written")
            # From here on as it stands there, so that one changed line is told once.
            seq, link = noted.seq + 1, row.link
            if ends_with is not None and seq == ends_with[0] and link != ends_with[1]:
                yield Rot(f"audit {noted.seq}", "the log up to here is another than the one that was noted")
        if ends_with is not None and seq < ends_with[0]:
            yield Rot(f"audit {seq}", f"lines are missing at the end: there were {ends_with[0]}")

    def _lines(self) -> Iterator[Any]:
        after = -1
        while True:
            with self._store.inspecting() as connection:
                page = connection.execute(select(*_NOTED, audit.c.link).where(audit.c.seq > after).order_by(audit.c.seq).limit(_PAGE)).all()
            yield from page
            if len(page) < _PAGE:
                return
            after = page[-1].seq


_NOTED = tuple(audit.c)[:-1]


def _add(connection: Connection, who: str, deed: str, about: str, outcome: Outcome, at: int) -> None:
    last = connection.execute(select(audit.c.seq, audit.c.link).order_by(audit.c.seq.desc()).limit(1)).first()
    noted = Noted(0 if last is None else last.seq + 1, at, _name(who), _name(deed), _name(about), outcome)
    link = _link(FIRST if last is None else last.link, noted)
    connection.execute(insert(audit).values(**asdict(noted), link=link))


def _end(connection: Connection) -> tuple[int, str]:
    count = connection.execute(select(func.count()).select_from(audit)).scalar_one()
    link = connection.execute(select(audit.c.link).order_by(audit.c.seq.desc()).limit(1)).scalar()
    return count, link or FIRST


def _link(before: str, noted: Noted) -> str:
    return sha256(f"{before}\n{canonical(asdict(noted))}")


def _name(text: str) -> str:
    # Half a character cannot be written as UTF-8; controls would hide in a page or a terminal.
    shown = text.encode(errors="backslashreplace").decode()
    return "".join(letter if letter.isprintable() else "\N{REPLACEMENT CHARACTER}" for letter in shown)[:_LONGEST]
