"""Tickets that were lost are put together from the records: of sealed attempts of this learner, and of no others."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator
from contextlib import ExitStack, closing
from dataclasses import replace
from pathlib import Path

import pytest

from exports.kept import late_parcel
from servicesim.connection.recovering import recover
from servicesim.encounter.script import Script
from servicesim.records import Attempt, Records, open_records
from servicesim.records.connected import Connected, open_connected
from servicesim.records.records import FILE
from servicesim.records.tickets import Ticket
from servicesim.scenario.model import fingerprint
from servicesim.scenario.sealed import sealed

LEYLA = "1" * 32


@pytest.fixture
def stores(tmp_path: Path) -> Iterator[tuple[Records, Connected]]:
    with ExitStack() as opened:
        yield opened.enter_context(open_records(tmp_path)), opened.enter_context(open_connected(tmp_path))


def kept(records: Records, script: Script, id: str, *, learner: str = LEYLA, practice: bool = False) -> Attempt:
    hashes = records.keep_text("scenario", script.text), records.keep_text("principles", script.principles_text)
    attempt = Attempt(id, learner, "late-parcel", *hashes, 1, 7, False, practice, "en", 1_000)
    records.begin(attempt, ["{}"])
    return attempt


@pytest.fixture
def edition() -> Script:
    return Script(*sealed(late_parcel().scenario, late_parcel().principles, b"0123456789abcdef"))


def test_sealed_attempts_of_this_learner_get_their_tickets_back(stores: tuple[Records, Connected], edition: Script) -> None:
    records, connected = stores
    lost = kept(records, edition, "a-1")
    kept(records, edition, "a-2", learner="2" * 32)
    kept(records, edition, "a-3", practice=True)
    kept(records, late_parcel(), "a-4")
    known = replace(connected_ticket(lost), attempt="a-5", closes=9_000)
    connected.keep_tickets(LEYLA, [known], at=1)
    kept(records, edition, "a-5")
    assert recover(records, connected, LEYLA, at=5) == 1
    assert recover(records, connected, LEYLA, at=6) == 0
    assert connected.tickets(LEYLA) == [known, connected_ticket(lost)]
    assert connected_ticket(lost).edition == fingerprint(edition.text)


def connected_ticket(attempt: Attempt) -> Ticket:
    return Ticket(attempt.id, "late-parcel", attempt.scenario_hash, attempt.principles_hash, 7, "en", 1_000, 1_000)


def test_an_attempt_whose_text_is_damaged_stops_nothing(stores: tuple[Records, Connected], edition: Script, tmp_path: Path) -> None:
    records, connected = stores
    kept(records, edition, "a-1")
    with closing(sqlite3.connect(tmp_path / FILE)) as file, file:
        file.execute("DROP TRIGGER texts_no_update")
        file.execute("UPDATE texts SET body = body || ' '")
    assert recover(records, connected, LEYLA, at=5) == 0
