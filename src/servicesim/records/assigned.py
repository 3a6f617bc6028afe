"""Which programmes are assigned to whom: rows are only added, and of each programme and person or team the last word counts."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date
from typing import Any, Literal

from sqlalchemy import CheckConstraint, ColumnElement, Connection, and_, func, insert, or_, select

from servicesim.errors import UsageError
from servicesim.records.chain import row_seal
from servicesim.records.notes import demand_whole_characters
from servicesim.records.organisation_tables import append_only, table, text, whole
from servicesim.records.store import Store

To = Literal["person", "team"]
Word = Literal["assigned", "withdrawn"]

assigned = append_only(
    table(
        "assigned",
        whole("number", primary_key=True),
        whole("at"),
        text("by"),
        text("programme"),
        text("kind"),
        text("whose"),
        text("begins"),
        text("word"),
        text("seal"),
        CheckConstraint("kind IN ('person', 'team')"),
        CheckConstraint("word IN ('assigned', 'withdrawn')"),
    )
)


@dataclass(frozen=True, slots=True)
class Assignment:
    """A programme for a person or a team."""

    programme: str
    to: To
    whose: str
    """The learner id of a person, or the name of a team."""
    begins: date
    """The day from which the days of the programme are counted."""
    by: str
    at: int
    """UTC, in milliseconds since 1970."""


class Assigned:
    """The part of the organisation's store that holds them."""

    _store: Store

    def assign(self, programme: str, to: To, whose: Iterable[str], *, begins: date, by: str, at: int) -> int:
        """Assign a programme to these people or teams; for how many that is new. Again with the same is harmless."""
        return self._say(programme, to, whose, begins.isoformat(), "assigned", by=by, at=at)

    def withdraw(self, programme: str, to: To, whose: Iterable[str], *, by: str, at: int) -> int:
        """Take a programme back from these people or teams; from how many."""
        return self._say(programme, to, whose, "", "withdrawn", by=by, at=at)

    def assignments(self, programme: str | None = None) -> list[Assignment]:
        """What is assigned now, oldest first."""
        with self._store.reading() as connection:
            return list(_standing(connection, *_of(programme)))

    def assigned_to(self, learner: str, team: str) -> list[Assignment]:
        """What is assigned to a person now, by themselves or as one of their team; their own word comes before the team's."""
        theirs = or_(and_(assigned.c.kind == "person", assigned.c.whose == learner), and_(assigned.c.kind == "team", assigned.c.whose == team))
        with self._store.reading() as connection:
            every = list(_standing(connection, theirs))
        own = {one.programme for one in every if one.to == "person"}
        return [one for one in every if one.to == "person" or one.programme not in own]

    def _say(self, programme: str, to: To, whose: Iterable[str], begins: str, word: Word, *, by: str, at: int) -> int:
        wanted = list(dict.fromkeys(whose))
        demand_whole_characters(by, programme, *wanted)
        if to == "team" and "" in wanted:
            raise UsageError("a team has a name: those without a team are assigned one by one")
        with self._store.writing() as connection:
            now = {one.whose: one.begins.isoformat() for one in _standing(connection, *_of(programme)) if one.to == to}
            number = connection.execute(select(func.coalesce(func.max(assigned.c.number), 0))).scalar_one()
            news = [name for name in wanted if now.get(name, "") != begins]
            rows = (
                {"number": count, "at": at, "by": by, "programme": programme, "kind": to, "whose": name, "begins": begins, "word": word}
                for count, name in enumerate(news, number + 1)
            )
            if news:
                connection.execute(insert(assigned), [_sealed(row) for row in rows])
        return len(news)


def _sealed(row: dict[str, Any]) -> dict[str, Any]:
    return {**row, "seal": row_seal(assigned.name, row)}


def _of(programme: str | None) -> list[ColumnElement[bool]]:
    return [] if programme is None else [assigned.c.programme == programme]


def _standing(connection: Connection, *wanted: ColumnElement[bool]) -> Iterator[Assignment]:
    rows = connection.execute(select(assigned).where(*wanted).order_by(assigned.c.number))
    last = {(row.programme, row.kind, row.whose): row for row in rows}
    for row in last.values():
        if row.word == "assigned":
            yield Assignment(row.programme, row.kind, row.whose, date.fromisoformat(row.begins), row.by, row.at)
