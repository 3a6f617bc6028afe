"""Who the learners are: kept in a database of its own, so that results alone name nobody."""

from __future__ import annotations

import re
import secrets
from collections.abc import Iterator
from dataclasses import asdict, dataclass
from pathlib import Path

from sqlalchemy import CheckConstraint, Column, Connection, MetaData, Table, Text, delete, func, insert, select, update

from servicesim.errors import UsageError
from servicesim.records import glance
from servicesim.records.chain import row_seal
from servicesim.records.migration import add_column, drop_triggers
from servicesim.records.notes import demand_whole_characters
from servicesim.records.opened import Opened
from servicesim.records.place import Place
from servicesim.records.rot import Rot, rot_of_file, rot_of_rows
from servicesim.records.store import Refusal, Schema, Shortcut, open_store

FILE = glance.FILE
_METADATA = MetaData()
_people = Table(
    "people",
    _METADATA,
    Column("id", Text, primary_key=True),
    Column("name", Text, nullable=False),
    Column("team", Text, nullable=False),
    Column("language", Text, nullable=False),
    Column("learner", Text, nullable=False, unique=True),
    Column("seal", Text, CheckConstraint("length(seal) = 64")),
    sqlite_strict=True,
)
# What was settled about keeping, such as for how long.
_keeping = Table(
    "keeping",
    _METADATA,
    Column("name", Text, primary_key=True),
    Column("value", Text, nullable=False),
    Column("seal", Text, nullable=False),
    sqlite_strict=True,
    sqlite_with_rowid=False,
)
_PERSON = tuple(_people.c)[:5]
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


def open_people(place: Place, *, read_only: bool = False) -> People:
    """The people kept at this place; a folder is made or brought up to date if need be. Raises StoreUnusable and its kinds."""
    return People(open_store(SCHEMA.at(place), SCHEMA, read_only=read_only))


class People(Opened):
    """Who is known, by the id that the company uses for them."""

    def enrol(self, id: str, name: str, team: str, language: str) -> str:
        """Their learner id: a new random one for a new person; for one already known the same, with the rest brought up to date.

        Raises UsageError if the id is not one, or the name or team cannot be kept as it is.
        """
        if not _ID.fullmatch(id):
            raise UsageError(
                f"{id!r} cannot be a person's id: use letters, digits and . _ @ -, begin with a letter or digit, at most 64"
            )
        demand_whole_characters(name, team)
        with self._store.writing() as connection:
            known = connection.execute(select(_people.c.learner).where(_people.c.id == id)).scalar()
            person = Person(id, name, team, language, known or secrets.token_hex(16))
            if known is None:
                connection.execute(insert(_people).values(_row(person)))
            else:
                connection.execute(update(_people).where(_people.c.id == id).values(_row(person)))
        return person.learner

    def welcome(self, person: Person) -> None:
        """Somebody whom an organisation knows under this learner id; what else is known of them is brought up to date.

        Raises UsageError, and changes nothing, if the id or the learner id belongs to somebody else here.
        """
        if not _ID.fullmatch(person.id):
            raise UsageError(f"{person.id!r} cannot be a person's id")
        demand_whole_characters(person.name, person.team)
        with self._store.writing() as connection:
            same = connection.execute(select(_people.c.id, _people.c.learner).where((_people.c.id == person.id) | (_people.c.learner == person.learner)))
            known = [tuple(row) for row in same]
            if any(one != (person.id, person.learner) for one in known):
                raise UsageError(f"somebody else is kept here under the id {person.id!r}, or {person.id!r} under another one")
            if known:
                connection.execute(update(_people).where(_people.c.id == person.id).values(_row(person)))
            else:
                connection.execute(insert(_people).values(_row(person)))

    def person(self, learner: str) -> Person | None:
        """Whom this learner id stands for, if that is still known."""
        with self._store.reading() as connection:
            row = connection.execute(select(*_PERSON).where(_people.c.learner == learner)).first()
        return None if row is None else Person(*row)

    def named(self, id: str) -> Person | None:
        """Whoever has this id."""
        with self._store.reading() as connection:
            row = connection.execute(select(*_PERSON).where(_people.c.id == id)).first()
        return None if row is None else Person(*row)

    def known(self) -> list[Person]:
        """Everybody, by name."""
        with self._store.reading() as connection:
            rows = connection.execute(select(*_PERSON).order_by(_people.c.name, _people.c.id)).all()
            return [Person(*row) for row in rows]

    def some(self, *, team: str | None = None, skip: int = 0, most: int | None = None) -> list[Person]:
        """As `known`, of one team if asked for, in portions."""
        wanted = select(*_PERSON).order_by(_people.c.name, _people.c.id).offset(skip).limit(most)
        with self._store.reading() as connection:
            rows = connection.execute(wanted if team is None else wanted.where(_people.c.team == team)).all()
            return [Person(*row) for row in rows]

    def found(self, part: str, *, team: str | None = None, skip: int = 0, most: int = 50) -> tuple[list[Person], int]:
        """A portion of those in whose name or id this stands, in capitals or not, by name; and how many they are."""
        # It is looked for here: databases do not agree what capitals are. Of everybody, no more is read than that needs.
        wanted, part = select(_people.c.id, _people.c.name).order_by(_people.c.name, _people.c.id), part.casefold()
        with self._store.reading() as connection:
            rows = connection.execute(wanted if team is None else wanted.where(_people.c.team == team)).all()
            ids = [id for id, name in rows if part in name.casefold() or part in id.casefold()]
            whole = select(*_PERSON).where(_people.c.id.in_(ids[skip : skip + most])).order_by(_people.c.name, _people.c.id)
            return [Person(*row) for row in connection.execute(whole)], len(ids)

    def count(self, team: str | None = None) -> int:
        """How many are known, of one team if asked for."""
        wanted = select(func.count()).select_from(_people)
        with self._store.reading() as connection:
            return connection.execute(wanted if team is None else wanted.where(_people.c.team == team)).scalar_one()

    def team_names(self) -> list[str]:
        """The teams that somebody is of."""
        with self._store.reading() as connection:
            return sorted(team for team in connection.execute(select(_people.c.team).distinct()).scalars() if team)

    def teams(self) -> dict[str, str]:
        """The team of everybody, by their learner id."""
        with self._store.reading() as connection:
            # All at once: there may be a hundred thousand, and row by row takes five times as long.
            rows = connection.execute(select(_people.c.learner, _people.c.team)).all()
            return {learner: team for learner, team in rows}

    def verify_rot(self) -> Iterator[Rot]:
        """Everything that is not as it was written."""
        yield from rot_of_file(self._store)
        yield from rot_of_rows(self._store, (_people, _keeping))

    def erase(self, learner: str) -> None:
        """Forget whom this learner id stands for; what is kept under it in the records stays there until it is purged."""
        with self._store.writing() as connection:
            connection.execute(delete(_people).where(_people.c.learner == learner))
            # What was settled for them alone is called after them.
            connection.execute(delete(_keeping).where(_keeping.c.name.endswith(f"/{learner}", autoescape=True)))

    def forget_backups(self) -> list[Path]:
        """Remove the copies that were made before an update, for they still hold who was erased; which they were."""
        return self._store.forget_backups()

    def keep(self, name: str, value: str) -> None:
        """Settle something about keeping, such as for how long; what was settled before under this name is forgotten."""
        row = {"name": name, "value": value}
        with self._store.writing() as connection:
            connection.execute(delete(_keeping).where(_keeping.c.name == name))
            connection.execute(insert(_keeping).values(**row, seal=row_seal("keeping", row)))

    def settled(self, name: str) -> str | None:
        """What was settled under this name."""
        with self._store.reading() as connection:
            return connection.execute(select(_keeping.c.value).where(_keeping.c.name == name)).scalar()


def _row(person: Person) -> dict[str, str]:
    row = asdict(person)
    return row | {"seal": row_seal("people", row)}


# Another learner id would hand somebody's results to somebody else.
_TRIGGERS = {
    "people_keep_their_learner": "CREATE TRIGGER people_keep_their_learner BEFORE UPDATE OF id, learner ON people "
    "WHEN NEW.id IS NOT OLD.id OR NEW.learner IS NOT OLD.learner "
    "BEGIN SELECT RAISE(ABORT, 'people: a learner id never changes'); END",
    "people_without_seal": "CREATE TRIGGER people_without_seal BEFORE INSERT ON people WHEN NEW.seal IS NULL "
    "BEGIN SELECT RAISE(ABORT, 'people: a row is kept with its seal only'); END",
}


def _create(connection: Connection) -> None:
    _METADATA.create_all(connection)
    for statement in _TRIGGERS.values():
        connection.exec_driver_sql(statement)


def _to_version_2(connection: Connection) -> None:
    """Seals for those who are known, and the table of what was settled."""
    drop_triggers(connection)
    add_column(connection, "people", "seal TEXT CHECK (length(seal) = 64)")
    _METADATA.create_all(connection)
    for person in [Person(*row) for row in connection.execute(select(*_PERSON))]:
        connection.execute(update(_people).where(_people.c.id == person.id).values(seal=_row(person)["seal"]))
    for statement in _TRIGGERS.values():
        connection.exec_driver_sql(statement)


SCHEMA = Schema(
    application_id=0x53534D50,  # "SSMP"
    create=_create,
    steps=(_to_version_2,),
    name="people",
    metadata=_METADATA,
    mutable=frozenset({"people", "keeping"}),
    refusals=(
        Refusal("people", "people_keep_their_learner", "UPDATE", "a learner id never changes", "NEW.id <> OLD.id OR NEW.learner <> OLD.learner"),
    ),
    # The list of people by name, of all and of a team, in portions.
    shortcuts=(Shortcut("people_by_name", "people", ("name", "id")), Shortcut("people_of_team", "people", ("team", "name", "id"))),
)
