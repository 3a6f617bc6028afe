"""The server's verdict comes home: checked, compared with what this desk knows by itself, and kept as the attempt's result."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from typing import Protocol

from servicesim.connection import said
from servicesim.connection.connections import Connection
from servicesim.connection.editions import Scripts
from servicesim.connection.said import SignedVerdict, VerdictBody
from servicesim.encounter.encounter import replayed
from servicesim.encounter.transcript import from_lines
from servicesim.errors import ServicesimError, VerificationFailed
from servicesim.records.attempt import Attempt, Result
from servicesim.records.signed import Verdict, verified_by_server
from servicesim.records.tickets import Difference, Ticket

Log = Callable[[str], None]


class Keeps(Protocol):
    """What is needed of the records."""

    def lines(self, attempt_id: str) -> list[str]: ...

    def attempt(self, attempt_id: str) -> tuple[Attempt, Result | None] | None: ...

    def append(self, attempt_id: str, first_seq: int, lines: Sequence[str], result: Result | None = None) -> None: ...


class KeepsVerdicts(Protocol):
    """What is needed of what is kept of the connection."""

    def keep_verdict(self, attempt: str, body: str, signature: str, found: Sequence[Difference], *, at: int) -> None: ...


def take(
    signed: SignedVerdict, connection: Connection, ticket: Ticket, attempt: Attempt, lines: Sequence[str],
    records: Keeps, connected: KeepsVerdicts, scripts: Scripts, *, at: int, log: Log,
) -> None:  # fmt: skip
    """Keep a verdict and its result; raises VerificationFailed where it cannot be believed.

    The result is kept first: where it ends between the two, the verdict is asked for again, and the same result is harmless.
    """
    body, result = checked(signed, connection, attempt, lines)
    found = list(_differences(body, scripts, ticket, lines, log))
    kept = records.attempt(attempt.id)
    own = None if kept is None else kept[1]
    if own is None:
        records.append(attempt.id, len(lines), [], result)
    elif own != result:
        found += list(_differences_of_results(own, result, known={one.name for one in found}))
    for one in found:
        log(f"attempt {attempt.id}: the server's verdict differs from what this desk knows: {one.name} is {one.there} there, {one.here} here")
    connected.keep_verdict(attempt.id, signed.body, signed.signature, found, at=at)


def checked(signed: SignedVerdict, connection: Connection, attempt: Attempt, lines: Sequence[str]) -> tuple[VerdictBody, Result]:
    """What a verdict says, if the server signed it of just these lines; raises VerificationFailed."""
    verdict = Verdict(signed.body, signed.signature)
    verified_by_server(verdict, connection.keys, attempt, lines)
    body = said.read(VerdictBody, signed.body)
    if body is None:
        raise VerificationFailed("the server's verdict says something that no verdict can say")
    return body, verdict.result


def knows_key(signed: SignedVerdict, connection: Connection) -> bool:
    """Whether the key that it says it was signed with is known here."""
    body = said.read(VerdictBody, signed.body)
    return body is None or body.key in connection.keys


def _differences(body: VerdictBody, scripts: Scripts, ticket: Ticket, lines: Sequence[str], log: Log) -> Iterator[Difference]:
    """The ending, which the desk knows from the edition that it played. How the customer feels, and why, it does not know."""
    try:
        ending = replayed(scripts.of(ticket.edition, ticket.principles), list(from_lines(lines))).ending
    except ServicesimError as failure:
        log(f"attempt {ticket.attempt} cannot be compared with the server's verdict: {failure}")
        return
    if ending != body.ending:
        yield Difference("ending", str(ending), str(body.ending))


def _differences_of_results(own: Result, result: Result, *, known: set[str]) -> Iterator[Difference]:
    for name in Result.__dataclass_fields__:
        here, there = getattr(own, name), getattr(result, name)
        if here != there and name not in known:
            yield Difference(name, str(here), str(there))
