"""A desk is enrolled for one person, with a code that works once; from then on it holds a key of its own."""

from __future__ import annotations

import socket
from dataclasses import dataclass
from pathlib import Path

from servicesim.connection import connections
from servicesim.connection.connections import Connection
from servicesim.connection.line import utc_milliseconds
from servicesim.connection.said import EnrolledPerson
from servicesim.connection.wire import DEADLINE, Refused, Wire, demand_server
from servicesim.errors import UsageError
from servicesim.languages import LANGUAGES
from servicesim.records.people import Person, open_people

LONGEST_CODE, LONGEST_DESK = 40, 100


@dataclass(frozen=True, slots=True)
class Enrolment:
    """Who is connected now, and to what."""

    connection: Connection
    person: Person


def enrol(home: Path, url: str, code: str, *, desk: str | None = None, deadline: float = DEADLINE) -> Enrolment:
    """Use up a code: the connection and the person are on the disk when this returns. Raises UsageError and NotReached."""
    url, code = demand_server(url), _demand_code(code)
    with Wire(url, deadline=deadline) as wire:
        try:
            told = wire.enrol(code, (desk or socket.gethostname() or "desk")[:LONGEST_DESK])
        except Refused as why:
            raise UsageError(f"{url} did not connect this desk: {why.words}") from why
    keys = {one.id: one.public for one in told.keys}
    connection = Connection(url, told.organisation, told.desk, told.key, keys, told.person.learner, utc_milliseconds())
    # Before anything else can go wrong: the code is used up, and the key is told this once.
    connections.keep(home, connection)
    return Enrolment(connection, welcome(home, told.person, connection))


def welcome(home: Path, told: EnrolledPerson, connection: Connection) -> Person:
    """Let the person be known at this computer by the learner id that the organisation knows; raises UsageError in words."""
    language = told.language if told.language in LANGUAGES else "en"
    person = Person(told.id, told.name, told.team, language, told.learner)
    with open_people(home) as people:
        try:
            people.welcome(person)
        except UsageError as why:
            raise UsageError(_what_to_do(person, connection)) from why
    return person


def _what_to_do(person: Person, connection: Connection) -> str:
    return (
        f"the desk is connected to {connection.organisation}, and its key is kept; but this computer knows {person.id!r} already, from before, under another "
        "learner id. Nothing of that is lost: hand in what was played (servicesim handin), then let this computer forget that person "
        f"(servicesim person erase {person.id} --results keep), and say: servicesim connect --now"
    )


def _demand_code(code: str) -> str:
    """The code as it was meant; raises UsageError that does not quote it."""
    code = code.strip()
    if not 1 <= len(code) <= LONGEST_CODE or not code.isascii() or not code.isprintable():
        raise UsageError("this is no code: it is a short row of letters and digits that whoever looks after the trainings gives you")
    return code
