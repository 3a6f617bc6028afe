"""What a desk knows by itself of an attempt never differs from a true verdict: played sealed, judged in full."""

from __future__ import annotations

import random
from collections.abc import Iterator, Sequence
from contextlib import ExitStack
from dataclasses import dataclass, field

import pytest

from connection.served import NOON, key
from servicesim import shipped
from servicesim.connection import judged
from servicesim.connection.connections import Connection
from servicesim.connection.editions import script_of
from servicesim.connection.said import SignedVerdict
from servicesim.encounter.encounter import Encounter
from servicesim.encounter.rehearsal import play
from servicesim.encounter.script import Script
from servicesim.encounter.transcript import to_lines
from servicesim.errors import NotOffered
from servicesim.records import open_people, open_records
from servicesim.records.attempt import Attempt, Result
from servicesim.records.desks import Desk
from servicesim.records.organisation import open_organisation
from servicesim.records.signed import Signer
from servicesim.records.tickets import Difference, Ticket
from servicesim.scenario.loading import demand, shipped_principles
from servicesim.scenario.model import fingerprint
from servicesim.server.house import House, ServerSettings
from servicesim.server.judging import Judging, Posted
from servicesim.server.publishing import Encounter as ToPublish
from servicesim.server.publishing import publish

# Face to face, on the telephone, by chat and by e-mail; customers who leave in anger, and conditions on trust and on satisfaction.
PLAYED = ("late-parcel", "oak-table", "third-letter", "two-laptops", "third-outage", "a-week-later", "sea-view", "dry-tap")


@pytest.fixture(scope="module")
def house(tmp_path_factory: pytest.TempPathFactory) -> Iterator[House]:
    folder = tmp_path_factory.mktemp("house")
    with ExitStack() as stores:
        organisation = stores.enter_context(open_organisation(folder))
        records, people = stores.enter_context(open_records(folder)), stores.enter_context(open_people(folder))
        yield House(organisation, records, people, Signer(key()), lambda: NOON + 30_000_000, ServerSettings("Kestrel Parcels"))


@dataclass(slots=True)
class AtTheDesk:
    """What a desk keeps of one attempt."""

    sealed: Script
    attempt: Attempt
    lines: list[str]
    result: Result | None = None
    found: list[Difference] = field(default_factory=list)
    logged: list[str] = field(default_factory=list)

    def of(self, edition: str, principles: str) -> Script:
        return self.sealed

    def keep_verdict(self, attempt: str, body: str, signature: str, found: Sequence[Difference], *, at: int) -> None:
        self.found += found


def at_random(script: Script, seed: int, ticket_seed: int) -> Encounter:
    drawn, encounter = random.Random(seed), Encounter(script, seed=ticket_seed)
    while not encounter.ended:
        replies = sorted(option.reply.id for option in encounter.offered)
        try:
            play(encounter, drawn.choice(["go-on", "nod", "interrupt", "silence", ".", *replies, *replies]))
        except NotOffered:
            continue
    return encounter


@pytest.mark.parametrize("name", PLAYED)
def test_no_difference_is_found_where_there_is_none(house: House, name: str) -> None:
    full = Script(demand(shipped.scenarios() / f"{name}.yaml"), shipped_principles())
    version = publish(house, ToPublish((("en", full),)), by="farid")
    learner = house.people.enrol(f"leyla-{name}", "Leyla Kaya", "Desk 3", "en")
    enrolled = house.organisation.enrol(house.organisation.new_code(learner, by="farid", at=NOON), "counter", at=NOON)
    assert enrolled is not None
    desk, connection = enrolled[0], Connection("https://training.example.com", "Kestrel Parcels", "d-1", "key", {house.signer.key_id: house.signer.public}, learner, NOON)
    for seed in range(3):
        here = played(house, desk, learner, version.editions, seed)
        judge(house, desk, connection, here)
        assert here.found == [], name
        assert here.logged == []
        assert here.result is not None


def played(house: House, desk: Desk, learner: str, editions: Sequence[str], seed: int) -> AtTheDesk:
    (ticket,) = house.organisation.tickets(desk, editions, at=NOON, closes=NOON + 10**9)
    sealed = script_of(house.records.text(ticket.edition), house.records.text(ticket.principles))
    attempt = Attempt(
        ticket.attempt, learner, ticket.scenario, fingerprint(sealed.text), fingerprint(sealed.principles_text), 1, ticket.seed, False, False, "en", NOON,
    )  # fmt: skip
    return AtTheDesk(sealed, attempt, to_lines(at_random(sealed, seed, ticket.seed).events))


def judge(house: House, desk: Desk, connection: Connection, here: AtTheDesk) -> None:
    """By the server, and then taken home."""
    sent = house.organisation.sent(here.attempt.id)
    assert sent is not None
    told, _ = Judging(house).take(desk, sent, Posted(0, here.lines, False, NOON))
    assert told.verdict is not None
    ticket = Ticket(sent.ticket.attempt, sent.ticket.scenario, sent.ticket.edition, sent.ticket.principles, sent.ticket.seed, "en", NOON, NOON)
    signed = SignedVerdict(body=told.verdict.body, signature=told.verdict.signature)
    judged.take(signed, connection, ticket, here.attempt, here.lines, Keeping(here), here, here, at=NOON, log=here.logged.append)  # type: ignore[arg-type]


@dataclass(slots=True)
class Keeping:
    """The desk's records, as far as a verdict needs them."""

    here: AtTheDesk

    def attempt(self, attempt_id: str) -> tuple[Attempt, Result | None]:
        return self.here.attempt, self.here.result

    def lines(self, attempt_id: str) -> list[str]:
        return self.here.lines

    def append(self, attempt_id: str, first_seq: int, lines: Sequence[str], result: Result | None = None) -> None:
        self.here.result = result
