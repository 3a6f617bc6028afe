"""`servicesim connect`: enrol this desk at an organisation's server, and see how that goes."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from servicesim import platform, settings
from servicesim.commands.telling import complain, on_one_line, say, say_json
from servicesim.errors import NotReached, UsageError

if TYPE_CHECKING:
    from servicesim.connection.connections import Connection
    from servicesim.connection.line import House
    from servicesim.records.people import People, Person
    from servicesim.records.tickets import Contact, Refusal

NOT_REACHED = 4
PATIENCE = 30.0
"""Seconds to wait while a window sends."""


@click.command()
@click.argument("url", required=False)
@click.argument("code", required=False)
@click.option("--status", is_flag=True, help="Say who is connected to what, what waits to be sent, and what the server said last.")
@click.option("--now", is_flag=True, help="Send what waits and fetch what may be played, now; what was refused before is tried once more.")
@click.option("--forget", metavar="PERSON", help="Remove the connection of the person with this id from this computer.")
@click.option("--even-if-unsent", is_flag=True, help="With --forget: although something waits to be sent. It stays in the records.")
@click.option("--json", "wants_json", is_flag=True, help="With --status: print it as JSON.")
def command(url: str | None, code: str | None, status: bool, now: bool, forget: str | None, even_if_unsent: bool, wants_json: bool) -> int:
    """Connect this computer to an organisation's server, for the person whom CODE was made for.

    Whoever looks after the trainings gives you the address and a code that works once. Without CODE, you are asked for it.
    From then on the window fetches what the organisation offers and sends what was played, by itself.

    Exit code 0: done; 2: the code or the address is not right; 4: the server was not reached, and what waits goes on waiting.

    \b
    Example: servicesim connect https://training.example.com KDJ4-92XT-7M3Q
             servicesim connect --status
             servicesim connect --now
             servicesim connect --forget 1042
    """
    if sum((url is not None, status, now, forget is not None)) != 1:
        raise UsageError("name the server's address, or say one of --status, --now, --forget PERSON (servicesim connect --help)")
    home = settings.home()
    if url is not None:
        return _connect(home, url, code)
    if status:
        _status(home, wants_json=wants_json)
        return 0
    if forget is not None:
        _forget(home, forget, even_if_unsent=even_if_unsent)
        return 0
    return _now(home)


# --- connected -------------------------------------------------------------------------------------------------------


def _connect(home: Path, url: str, code: str | None) -> int:
    from servicesim.connection.enrolling import enrol
    from servicesim.connection.wire import demand_server

    url = demand_server(url)
    code = code if code is not None else click.prompt("The code that you were given", hide_input=True)
    enrolled = enrol(home, url, code)
    person, connection = enrolled.person, enrolled.connection
    say(on_one_line(f"connected: {person.name} ({person.id}) plays for {connection.organisation} at this computer now"))
    try:
        with _house(home) as house:
            _sync(house, connection)
            say(_playable(house, connection.learner))
    except NotReached as why:
        complain(on_one_line(f"what can be played was not fetched yet: {why}; the window fetches it, or servicesim connect --now"))
    return 0


def _now(home: Path) -> int:
    from servicesim.connection.connections import unreadable

    code = 0
    with _house(home) as house:
        for connection in _demand_any(home).values():
            try:
                _welcome(home, connection)
                _sync(house, connection)
                say(on_one_line(f"{connection.organisation}: {_counts(house, connection.learner)}; {_playable(house, connection.learner)}"))
            except NotReached as why:
                complain(on_one_line(str(why)))
                code = NOT_REACHED
    for why_not in unreadable(home):
        complain(on_one_line(why_not))
    return code


def _sync(house: House, connection: Connection) -> None:
    """Send and fetch, once no window does; raises NotReached."""
    from servicesim.connection.line import Line, Pace
    from servicesim.connection.link import LOCK

    line = Line(connection, house, Pace())
    try:
        with platform.locked(house.home / LOCK, wait=PATIENCE):
            line.sync(refused_too=True)
    except BlockingIOError:
        raise NotReached("a window at this computer is sending all the time: look at its words about the connection, or close it first") from None
    finally:
        line.close()


def _welcome(home: Path, connection: Connection) -> None:
    """Let a person be known here whose id was in the way when the desk was connected; raises UsageError while it still is."""
    from servicesim.connection.enrolling import welcome
    from servicesim.connection.wire import Refused, Wire
    from servicesim.records import open_people

    with open_people(home) as people:
        if people.person(connection.learner) is not None:
            return
    with Wire(connection.url, connection.key) as wire:
        try:
            told = wire.me().person
        except Refused as why:
            raise NotReached(f"{connection.url}: {why.words}") from why
    if told.learner == connection.learner:
        welcome(home, told, connection)


# --- looked at -------------------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class _Stands:
    """How one person's connection stands."""

    connection: Connection
    person: Person | None
    waiting: int
    refused: list[Refusal]
    editions: int
    tickets: int
    contact: Contact | None

    def told(self) -> dict[str, Any]:
        """As JSON; the key stays where it is."""
        connection = {name: value for name, value in asdict(self.connection).items() if name not in ("key", "keys")}
        rest = {"waiting": self.waiting, "refused": [asdict(one) for one in self.refused], "editions": self.editions, "tickets": self.tickets}
        contact = None if self.contact is None else {name: getattr(self.contact, name) for name in ("asked", "answered", "trouble")}
        return {**connection, "person": self.person and self.person.id, **rest, "contact": contact}


def _status(home: Path, *, wants_json: bool) -> None:
    from servicesim.connection.connections import connections, unreadable
    from servicesim.records import open_people

    found, amiss = connections(home), unreadable(home)
    stand: list[_Stands] = []
    if found:
        with _house(home) as house, open_people(home) as people:
            stand = [_stands(house, people, connection) for connection in found.values()]
    if wants_json:
        say_json({"connections": [one.told() for one in stand], "unreadable": amiss})
        return
    for one in stand:
        _tell(one)
    for why in amiss:
        complain(on_one_line(why))
    if not found and not amiss:
        say("nobody is connected at this computer: servicesim connect URL CODE")


def _stands(house: House, people: People, connection: Connection) -> _Stands:
    from servicesim.connection.fetching import free_tickets

    learner, connected = connection.learner, house.connected
    offered = {offer.edition for offer in connected.offers(learner)}
    tickets = sum(1 for ticket in free_tickets(house.records, connected, learner) if ticket.edition in offered)
    waiting, refused = _waiting(house, learner), connected.refused(learner)
    return _Stands(connection, people.person(learner), waiting, refused, len(offered), tickets, connected.contact(learner))


def _tell(one: _Stands) -> None:
    connection, contact = one.connection, one.contact
    who = f"{one.person.name} ({one.person.id})" if one.person else f"learner {connection.learner}, who is not known at this computer (servicesim connect --now)"
    say(on_one_line(f"{who} plays for {connection.organisation}, {connection.url}, since {_time(connection.since)}"))
    say(f"  waiting to be sent: {_attempts(one.waiting)}; to play without the server: {one.tickets} of {one.editions} editions")
    for refusal in one.refused:
        say(on_one_line(f"  NOT TAKEN {refusal.attempt}, {_time(refusal.at)}: {refusal.words}"))
    answered = f"the server answered last {_time(contact.answered)}" if contact and contact.answered else "the server has not answered yet"
    trouble = f"; asked {_time(contact.asked)}: {contact.trouble}" if contact and contact.trouble else ""
    say(on_one_line(f"  {answered}{trouble}"))


# --- forgotten -------------------------------------------------------------------------------------------------------


def _forget(home: Path, person: str, *, even_if_unsent: bool) -> None:
    from servicesim.connection import connections
    from servicesim.records import open_people

    with open_people(home) as people:
        known = people.named(person)
    learner = known.learner if known is not None else person
    if learner not in connections.connections(home):
        raise UsageError(f"{person!r} is not connected at this computer; who is, says servicesim connect --status")
    with _house(home) as house:
        waiting = _waiting(house, learner)
        if waiting and not even_if_unsent:
            raise UsageError(
                f"still to be sent for {person!r}: {_attempts(waiting)}; servicesim connect --now sends that, and --even-if-unsent forgets the connection all the same"
            )
        connections.forget(home, learner)
        house.connected.forget(learner)
    kept = "; what was not sent stays in the records, and a new code for the same person sends it" if waiting else ""
    say(on_one_line(f"{person} is not connected at this computer any more{kept}"))


# --- shared ----------------------------------------------------------------------------------------------------------


@contextmanager
def _house(home: Path) -> Iterator[House]:
    from servicesim.connection.editions import Scripts
    from servicesim.connection.line import House, utc_milliseconds
    from servicesim.connection.logbook import logbook
    from servicesim.records import open_records
    from servicesim.records.connected import open_connected

    with open_records(home) as records, open_connected(home) as connected:
        yield House(home, records, connected, Scripts(connected), utc_milliseconds, logbook(home))


def _demand_any(home: Path) -> Mapping[str, Connection]:
    from servicesim.connection.connections import connections, unreadable

    found = connections(home)
    if not found:
        amiss = unreadable(home)
        raise UsageError(amiss[0] if amiss else "nobody is connected at this computer: servicesim connect URL CODE")
    return found


def _waiting(house: House, learner: str) -> int:
    from servicesim.connection.sending import waiting

    return sum(1 for _ in waiting(house.records, house.connected, learner))


def _counts(house: House, learner: str) -> str:
    waiting, refused = _waiting(house, learner), len(house.connected.refused(learner))
    return "; ".join(filter(None, [
        f"waiting for the server's verdict: {_attempts(waiting)}" if waiting else "all is sent",
        f"{_attempts(refused)} not taken (servicesim connect --status)" if refused else "",
    ]))  # fmt: skip


def _playable(house: House, learner: str) -> str:
    count = len({offer.scenario for offer in house.connected.offers(learner)})
    return f"{count} encounter{'' if count == 1 else 's'} to play"


def _time(milliseconds: int) -> str:
    from servicesim.exports.clock import Clock

    return Clock(None).text(milliseconds)


def _attempts(count: int) -> str:
    return f"{count} attempt{'' if count == 1 else 's'}"


