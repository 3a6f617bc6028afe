"""The organisation's own server on a port of this computer, to be taken away and brought back, and a desk in front of it."""

from __future__ import annotations

import socket
from collections.abc import Iterator, Sequence
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, field
from functools import cache
from itertools import count
from pathlib import Path
from threading import Thread

import uvicorn

from exports.kept import EXPERT, late_parcel
from servicesim.connection.connections import Connection
from servicesim.connection.line import House as DeskHouse
from servicesim.connection.link import Link
from servicesim.encounter.encounter import Encounter
from servicesim.encounter.rehearsal import rehearse
from servicesim.encounter.script import Script
from servicesim.encounter.transcript import to_lines
from servicesim.records import Attempt, Records, open_people, open_records
from servicesim.records.organisation import open_organisation
from servicesim.records.signed import Signer, new_key
from servicesim.records.tickets import Ticket
from servicesim.scenario.model import fingerprint
from servicesim.server.app import application
from servicesim.server.house import House, ServerSettings
from servicesim.server.publishing import Encounter as ToPublish
from servicesim.server.publishing import publish

NOON = 1_793_000_000_000
_NUMBERS = count(1)


@cache
def key() -> bytes:
    return new_key()


@dataclass(slots=True)
class Served:
    """A house with a door: `path` and `port` are what a proxy needs of what it stands in front of."""

    house: House
    port: int
    path: str = ""
    time: list[int] = field(default_factory=lambda: [NOON])
    _server: uvicorn.Server | None = None
    _thread: Thread | None = None

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.port}"

    def start(self) -> None:
        """Listen, if it does not; questions that come before it is ready wait at the door."""
        if self._server is not None:
            return
        door = socket.create_server(("127.0.0.1", self.port), reuse_port=False)
        config = uvicorn.Config(application(self.house), log_level="critical", lifespan="off", ws="none", timeout_graceful_shutdown=1)
        self._server = uvicorn.Server(config)
        self._thread = Thread(target=self._server.run, kwargs={"sockets": [door]}, daemon=True)
        self._thread.start()

    def stop(self) -> None:
        if self._server is not None and self._thread is not None:
            self._server.should_exit = True
            self._thread.join()
            self._server = self._thread = None

    def code(self, id: str | None = None) -> str:
        """A code for somebody, who is made known first; without an id, for somebody new."""
        learner = self.house.people.enrol(id or f"leyla-{next(_NUMBERS)}", "Leyla Kaya", "Desk 3", "en")
        return self.house.organisation.new_code(learner, by="farid", at=self.house.now())


def offer(house: House) -> None:
    """Publish the late parcel in English; again is harmless."""
    publish(house, ToPublish((("en", late_parcel()),)), by="farid")


@contextmanager
def served(folder: Path) -> Iterator[Served]:
    """A server that offers the late parcel in English."""
    with socket.create_server(("127.0.0.1", 0)) as free:
        port = free.getsockname()[1]
    time = [NOON]
    with ExitStack() as stores:
        organisation = stores.enter_context(open_organisation(folder))
        records, people = stores.enter_context(open_records(folder)), stores.enter_context(open_people(folder))
        house = House(organisation, records, people, Signer(key()), lambda: time[0], ServerSettings("Kestrel Parcels"))
        offer(house)
        server = Served(house, port, time=time)
        server.start()
        try:
            yield server
        finally:
            server.stop()


@dataclass(slots=True)
class Play:
    """An encounter at this desk, played on the sealed script and written down as the window does."""

    records: Records
    script: Script
    attempt: Attempt
    lines: list[str]
    written: int = 0

    @classmethod
    def begun(cls, records: Records, script: Script, ticket: Ticket, learner: str, moves: Sequence[str] = EXPERT) -> Play:
        records.keep_text("scenario", script.text)
        records.keep_text("principles", script.principles_text)
        attempt = Attempt(
            ticket.attempt, learner, ticket.scenario, fingerprint(script.text), fingerprint(script.principles_text), 1, ticket.seed, False, False,
            ticket.language, NOON + 7,
        )  # fmt: skip
        lines = to_lines(rehearse(Encounter(script, seed=ticket.seed), moves).events)
        play = cls(records, script, attempt, lines)
        play.write(2)
        return play

    def write(self, many: int | None = None) -> None:
        """Write so many more lines, or all that are left."""
        upto = len(self.lines) if many is None else min(len(self.lines), self.written + many)
        new = self.lines[self.written : upto]
        if self.written == 0:
            self.records.begin(self.attempt, new)
        else:
            self.records.append(self.attempt.id, self.written, new)
        self.written = upto


@dataclass(slots=True)
class Linked:
    """A desk whose link does nothing by itself: every turn is asked for."""

    home: Path
    link: Link
    connection: Connection

    @property
    def learner(self) -> str:
        return self.connection.learner

    @property
    def house(self) -> DeskHouse:
        return self.link.house

    def play(self, moves: Sequence[str] = EXPERT) -> Play:
        """An encounter that was begun with a ticket."""
        ticket = self.link.ticket(self.learner, "late-parcel", "en")
        (offered,) = self.link.offers(self.learner)
        play = Play.begun(self.house.records, offered.script, ticket, self.learner, moves)
        self.link.begun(ticket.attempt, ticket)
        return play
