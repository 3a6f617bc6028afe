"""`servicesim verify` at the server: what it signed itself is told apart, and a signature that does not fit is found."""

from __future__ import annotations

import json
import sqlite3
from contextlib import closing
from datetime import date
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


def test_a_whole_organisation_has_nothing_wrong(played: House) -> None:
    assert list(played.organisation.verify_rot(played.records)) == []


BATCH = "INSERT INTO batches SELECT attempt, {first}, {count}, desk, at, clock, late FROM batches LIMIT 1"


@pytest.mark.parametrize(
    ("file", "statement", "found"),
    [
        ("organisation", BATCH.format(first=900, count=1), "batches of ID: event {lines_and_1} came in none of them, or in two"),
        ("organisation", BATCH.format(first=1, count=2), "batches of ID: event {lines_and_1} came in none of them, or in two"),
        ("organisation", "UPDATE batches SET count = count + 1", "batches of ID: {lines_and_1} events came, and {lines} are kept"),
        ("organisation", "UPDATE tickets SET learner = 'omid'", "ticket of ID: the attempt is kept as somebody else's"),
        ("organisation", "UPDATE assigned SET whose = 'omid'", "assigned 1: this row has changed since it was written"),
        ("organisation", "UPDATE audit SET who = 'omid' WHERE seq = 0", "audit 0: this line, or the one before it, is not as it was written"),
        ("records", "DELETE FROM results", "verdict of ID: the attempt has not ended"),
        ("records", "DELETE FROM attempts", "verdict of ID: the attempt is not kept"),
    ],
)
def test_what_does_not_fit_is_told(played: House, tmp_path: Path, file: str, statement: str, found: str) -> None:
    played.organisation.assign("first-week", "person", ["kaveh"], begins=date(2025, 10, 9), by="farid", at=0)
    ((attempt, _),) = played.records.attempts()
    lines = len(played.records.lines(attempt.id))
    _change(tmp_path / "server" / f"{file}.db", statement)
    told = [str(one) for one in played.organisation.verify_rot(played.records) if "the rules of the file have changed" not in str(one)]
    assert told == [found.replace("ID", attempt.id).format(lines=lines, lines_and_1=lines + 1)]


def test_an_attempt_that_waits_for_its_signature_is_told_and_nothing_is_wrong(played: House, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    ((attempt, _),) = played.records.attempts()
    with closing(sqlite3.connect(tmp_path / "server" / "organisation.db", isolation_level=None)) as editor:
        (rule,) = editor.execute("SELECT sql FROM sqlite_master WHERE name = 'verdicts_no_delete'").fetchone()
        editor.execute("DROP TRIGGER verdicts_no_delete")
        editor.execute("DELETE FROM verdicts")
        editor.execute(rule)
    assert run(["verify", "--records", str(tmp_path / "server")]) == 0
    out = capsys.readouterr().out
    assert out.startswith("1 attempt ended without a signed result so far: the server signs as soon as the desk asks again\n1 attempt: 1 REPLAY_VERIFIED")
    assert run(["verify", "--json", "--records", str(tmp_path / "server")]) == 0
    assert json.loads(capsys.readouterr().out)["unsigned"] == [attempt.id]


def test_what_does_not_fit_fails_the_command(played: House, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    _change(tmp_path / "server" / "records.db", "DELETE FROM attempts")
    assert run(["verify", "--json", "--records", str(tmp_path / "server")]) == 1
    assert "the attempt is not kept" in [one["why"] for one in json.loads(capsys.readouterr().out)["damage"]]


def _change(file: Path, statement: str) -> None:
    """As somebody does who can write the file, and takes the rules away first."""
    with closing(sqlite3.connect(file, isolation_level=None)) as editor:
        for (trigger,) in editor.execute("SELECT name FROM sqlite_master WHERE type = 'trigger'").fetchall():
            editor.execute(f"DROP TRIGGER {trigger}")
        editor.execute(statement)
