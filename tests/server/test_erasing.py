"""What HR does with the records of an organisation: show what is kept of somebody, erase it, and keep nothing longer than needed."""

from __future__ import annotations

import json
from collections.abc import Iterator
from typing import Any

import pytest
from starlette.testclient import TestClient

from seats import Seat
from server.conftest import opened
from servicesim import shipped
from servicesim.cli import run
from servicesim.records.organisation import Key
from servicesim.records.place import Place
from servicesim.server.house import House, ServerSettings
from servicesim.server.publishing import Encounter, checked_encounter, publish

MOVES = "interrupt, interrupt, welcome, interrupt, interrupt, may-i-ask, facts, interrupt, summarise, own-it, interrupt, courier-today, thank-her".split(", ")


@pytest.fixture
def house(either_owned: Place, clock: Any, settings: ServerSettings) -> Iterator[House]:
    """In a folder, and on PostgreSQL as its owner."""
    with opened(either_owned, clock, settings) as house:
        yield house


@pytest.fixture
def seat(house: House, browser: TestClient, clock: Any) -> Seat:
    """Kaveh has played one encounter, which the server signed, holds a ticket for another attempt, and has an account."""
    found = checked_encounter(shipped.scenarios() / "late-parcel.yaml", seconds=None)
    publish(house, Encounter(found.scripts[:1]), by="leyla")
    house.organisation.keep_key(Key(house.signer.key_id, house.signer.public), since=0)
    house.organisation.keep_account("kaveh", {"trainee"}, "a-secret-hash", once=False, at=house.now())
    seat = Seat.taken(house, browser)
    ticket = seat.ticket()
    clock.pass_by(seconds=600)
    assert seat.send(ticket["attempt"], seat.played(ticket, MOVES)).json()["ended"] is True
    seat.ticket()
    return seat


def done(capsys: pytest.CaptureFixture[str], place: Place, *command: str) -> str:
    """What a command that went well has told."""
    capsys.readouterr()
    code = run([*command, "--records", str(place)])
    out, err = capsys.readouterr()
    assert (code, err) == (0, "")
    return out


def test_who_is_erased_is_shown_before_and_nothing_is_left_after(house: House, seat: Seat, either_owned: Place, capsys: pytest.CaptureFixture[str]) -> None:
    out = done(capsys, either_owned, "person", "show", "kaveh")
    desk = seat.told["desk"]
    for told in ("account: trainee, made ", f"became desk {desk}\n", f"desk {desk}, counter-3: enrolled ", "it came in 1 part, result signed\n", "not used\n", ": enrol "):
        assert told in out, told
    told = json.loads(done(capsys, either_owned, "person", "show", "kaveh", "--json"))["organisation"]
    assert [(one["batches"], (one["verdict"] or {}).get("learner")) for one in told["tickets"]] == [(1, seat.learner), (0, None)]
    assert [(line["deed"], line["about"]) for line in told["log"]] == [("enrol", f"{seat.learner} desk {desk}")]
    assert "a-secret-hash" not in str(told)

    out = done(capsys, either_owned, "person", "erase", "kaveh", "--yes")
    assert "codes, desks with their keys, tickets, account and sessions at the organisation are removed\nthe log of who did what stays whole: 1 line of it names" in out
    assert seat.get("me").status_code == 401
    assert (house.organisation.tickets_of(seat.learner), house.organisation.desks(), house.organisation.accounts()) == ([], [], [])
    assert list(house.records.attempts()) == []
    assert house.people.named("kaveh") is None
    assert next((one.who, one.deed, one.about) for one in house.organisation.noted()) == ("command line", "erase", seat.learner)
    assert list(house.organisation.verify_audit()) == []
    assert "0 attempts" in done(capsys, either_owned, "verify")


def test_attempts_that_stay_are_still_verified_by_the_servers_signature(house: House, seat: Seat, either_owned: Place, capsys: pytest.CaptureFixture[str]) -> None:
    done(capsys, either_owned, "person", "erase", "kaveh", "--yes", "--results", "keep")
    assert seat.get("me").status_code == 401
    assert "1 SERVER_VERIFIED" in done(capsys, either_owned, "verify")


def test_a_purge_takes_what_belongs_to_old_attempts_and_tickets_that_nobody_used(house: House, seat: Seat, either_owned: Place, capsys: pytest.CaptureFixture[str]) -> None:
    out = done(capsys, either_owned, "purge", "--older-than", "1d", "--yes")
    assert "1 attempt removed" in out
    assert "removed too: 1 unused ticket that closed before then" in out
    assert house.organisation.tickets_of(seat.learner) == []
    assert seat.get("me").status_code == 200
    assert "nothing is older than 1 day" in done(capsys, either_owned, "purge", "--older-than", "1d", "--yes")


def test_who_only_has_an_account_is_shown_and_erased_too(house: House, either_owned: Place, capsys: pytest.CaptureFixture[str]) -> None:
    house.organisation.keep_account("farid", {"hr"}, "hash", once=False, at=house.now())
    assert done(capsys, either_owned, "person", "show", "farid").startswith("farid (an account only)\n")
    done(capsys, either_owned, "person", "erase", "farid", "--yes")
    assert house.organisation.account("farid") is None
