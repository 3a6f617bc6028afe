"""The debrief of an attempt that is over: the full texts it was judged by are asked of the server, and kept in memory only."""

from __future__ import annotations

from servicesim.connection import editions, judged
from servicesim.connection.connections import Connection
from servicesim.connection.line import House
from servicesim.connection.wire import Refused, Wire
from servicesim.encounter.script import Script
from servicesim.errors import NotReached, VerificationFailed
from servicesim.records.attempt import Result
from servicesim.records.tickets import Ticket


def debrief(connection: Connection, ticket: Ticket, house: House, *, deadline: float) -> tuple[Script, Result]:
    """The full script and the result; raises NotReached in words for whatever stands in the way."""
    found = house.records.attempt(ticket.attempt)
    if found is None:
        raise NotReached("this attempt is not kept here: it cannot be looked back at")
    try:
        with Wire(connection.url, connection.key, deadline=deadline) as wire:
            told = wire.debrief(ticket.attempt)
        body, result = judged.checked(told.verdict, connection, found[0], house.records.lines(ticket.attempt))
        return editions.full_script((told.scenario, told.principles), (body.scenario_hash, body.principles_hash)), result
    except Refused as why:
        raise NotReached(f"{connection.organisation} has no debrief of this attempt: {why.words}") from why
    except VerificationFailed as why:
        house.log(f"debrief of attempt {ticket.attempt}: {why}")
        raise NotReached(f"{connection.organisation} sent a debrief that cannot be believed: {why}") from why
