"""Who the learners are: kept in a database of its own, so that results alone name nobody."""

from __future__ import annotations

import re
import secrets
from dataclasses import dataclass
from pathlib import Path
from types import TracebackType
from typing import Any, Self

from sqlalchemy import Column, Connection, MetaData, Row, Table, Text, insert, select, update

from servicesim.errors import UsageError
from servicesim.records.store import Schema, Store, open_store

FILE = "people.db"
_METADATA = MetaData()
_people = Table(
    "people",
    _METADATA,
    Column("id", Text, primary_key=True),
    Column("name", Text, nullable=False),
    Column("team", Text, nullable=False),
    Column("language", Text, nullable=False),
    Column("learner", Text, nullable=False, unique=True),
    sqlite_strict=True,
)
# Begins with a letter or digit, so that it is never taken for a formula in a spreadsheet.
_ID = re.compile(r"[^\W_][\w.@-]{0,63}")


@dataclass(frozen=True, slots=True)
class Person:
    """Somebody who learns; `learner` is the random id that stands for them in the records."""

    id: str
    name: str
    team: str
    language: str
    learner: str


def open_people(folder: Path, *, read_only: bool = False) -> People:
    """The people kept in this folder; made or brought up to date if need be. Raises StoreUnusable and its kinds."""
    return People(open_store(folder / FILE, _SCHEMA, read_only=read_only))


class People:
    """Who is known, by the id that the company uses for them."""

    def __init__(self, store: Store) -> None:
        self._store = store

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, failure: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()

    def close(self) -> None:
        """Let go of the file."""
        self._store.close()

    def enrol(self, id: str, name: str, team: str, language: str) -> str:
        """Their learner id: a new random one for a new person; for one already known the same, with the rest brought up to date.

        Raises UsageError if the id is not one, or the name or team cannot be kept as it is.
        """
        if not _ID.fullmatch(id):
            raise UsageError(
                f"{id!r} cannot be a person's id: use letters, digits and . _ @ -, begin with a letter or digit, at most 64"
            )
        for text in (name, team):
            _demand_whole_characters(text)
        values = {"name": name, "team": team, "language": language}
        with self._store.writing() as connection:
            learner = connection.execute(select(_people.c.learner).where(_people.c.id == id)).scalar()
            if learner is None:
                learner = secrets.token_hex(16)
                connection.execute(insert(_people).values(id=id, learner=learner, **values))
            else:
                connection.execute(update(_people).where(_people.c.id == id).values(values))
        return str(learner)

    def person(self, learner: str) -> Person | None:
        """Whom this learner id stands for, if that is still known."""
        with self._store.reading() as connection:
            row = connection.execute(select(_people).where(_people.c.learner == learner)).first()
        return None if row is None else _person(row)

    def known(self) -> list[Person]:
        """Everybody, by name."""
        with self._store.reading() as connection:
            return [_person(row) for row in connection.execute(select(_people).order_by(_people.c.name, _people.c.id))]


def _demand_whole_characters(text: str) -> None:
    # What another program cut in the middle of a character cannot be written as UTF-8.
    try:
        text.encode()
    except UnicodeEncodeError as broken:
        raise UsageError(f"{text!r} holds half a character: type the name or team again") from broken


def _person(row: Row[Any]) -> Person:
    return Person(row.id, row.name, row.team, row.language, row.learner)


def _create(connection: Connection) -> None:
    _METADATA.create_all(connection)
    # Another learner id would hand somebody's results to somebody else.
    connection.exec_driver_sql(
        "CREATE TRIGGER people_keep_their_learner BEFORE UPDATE OF id, learner ON people "
        "BEGIN SELECT RAISE(ABORT, 'people: a learner id never changes'); END"
    )


_SCHEMA = Schema(application_id=0x53534D50, create=_create)  # "SSMP"
