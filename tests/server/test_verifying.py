"""`servicesim verify` at the server: what it signed itself is told apart, and a signature that does not fit is found."""

from __future__ import annotations

import sqlite3
from contextlib import closing
from pathlib import Path
from typing import Any

import pytest
from starlette.testclient import TestClient

from seats import Seat
from servicesim import shipped
from servicesim.cli import run
from servicesim.records.organisation import Key
from servicesim.server.house import House
from servicesim.server.publishing import Encounter, checked_encounter, publish

MOVES = "interrupt, interrupt, welcome, interrupt, interrupt, may-i-ask, facts, interrupt, summarise, own-it, interrupt, courier-today, thank-her".split(", ")


@pytest.fixture
def played(house: House, browser: TestClient, clock: Any) -> House:
    """A house with one attempt that it scored and signed."""
    found = checked_encounter(shipped.scenarios() / "late-parcel.yaml", seconds=None)
    publish(house, Encounter(found.scripts[:1]), by="leyla")
    house.organisation.keep_key(Key(house.signer.key_id, house.signer.public), since=0)
    seat = Seat.taken(house, browser)
    ticket = seat.ticket()
    clock.pass_by(seconds=600)
    assert seat.send(ticket["attempt"], seat.played(ticket, MOVES)).json()["ended"] is True
    return house


def test_what_the_server_signed_is_told_apart(played: House, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert run(["verify", "--records", str(tmp_path / "server")]) == 0
    assert capsys.readouterr().out == "1 attempt: 0 REPLAY_VERIFIED, 1 SERVER_VERIFIED, 0 CLIENT_ATTESTED, 0 BROKEN\n"


def test_a_signature_that_does_not_fit_is_found(played: House, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    with closing(sqlite3.connect(tmp_path / "server" / "organisation.db", isolation_level=None)) as editor:
        editor.execute("DROP TRIGGER verdicts_no_update")
        editor.execute("UPDATE verdicts SET signature = 'AA' || substr(signature, 3)")
    assert run(["verify", "--records", str(tmp_path / "server")]) == 1
    assert "1 BROKEN" in capsys.readouterr().out
