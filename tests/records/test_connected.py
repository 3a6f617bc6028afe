"""What a desk keeps of its organisation: tickets and verdicts stay as they came, the last word on what was sent counts."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator
from contextlib import closing
from dataclasses import replace
from hashlib import sha256
from pathlib import Path

import pytest

from servicesim.errors import VerificationFailed
from servicesim.records.connected import FILE, Connected, open_connected
from servicesim.records.tickets import Contact, Difference, Judged, Offer, Open, Refusal, Ticket

LEYLA, OMID = "1" * 32, "2" * 32
PARCEL = Ticket("a-1", "late-parcel", "e" * 64, "p" * 64, 7, "en", 1_000, 9_000)
DRILL = replace(PARCEL, attempt="a-2", scenario="wrong-drill", edition="d" * 64)


@pytest.fixture
def connected(tmp_path: Path) -> Iterator[Connected]:
    with open_connected(tmp_path) as connected:
        yield connected


@pytest.fixture
def ticketed(connected: Connected) -> Connected:
    connected.keep_tickets(LEYLA, [PARCEL, DRILL], at=1)
    return connected


def test_a_text_is_kept_by_its_hash(connected: Connected) -> None:
    name = connected.keep_text("scenario", "{}")
    assert name == sha256(b"{}").hexdigest() == connected.keep_text("scenario", "{}")
    assert connected.text(name) == "{}"
    assert connected.lacking([name, "f" * 64, "f" * 64]) == ["f" * 64]
    with pytest.raises(VerificationFailed, match="does not hold the text ffff"):
        connected.text("f" * 64)


def test_a_text_that_was_changed_in_the_file_is_not_played(connected: Connected, tmp_path: Path) -> None:
    name = connected.keep_text("scenario", "{}")
    with closing(sqlite3.connect(tmp_path / FILE)) as file, file:
        file.execute("DROP TRIGGER texts_no_update")
        file.execute("UPDATE texts SET body = '[]'")
    with pytest.raises(VerificationFailed, match="holds damaged or changed the text"):
        connected.text(name)


def test_offers_are_those_that_came_last(connected: Connected) -> None:
    old = Offer("late-parcel", "en", "Where is my parcel?", "e" * 64, "p" * 64)
    connected.keep_offers(LEYLA, [replace(old, language="fa"), old])
    assert [offer.language for offer in connected.offers(LEYLA)] == ["en", "fa"]
    assert connected.offers(OMID) == []
    connected.keep_offers(LEYLA, [])
    assert connected.offers(LEYLA) == []


def test_tickets_are_kept_once_in_the_order_in_which_they_came(connected: Connected) -> None:
    assert connected.keep_tickets(LEYLA, [DRILL], at=1) == 1
    assert connected.keep_tickets(LEYLA, [PARCEL, DRILL], at=2) == 1
    assert connected.tickets(LEYLA) == [DRILL, PARCEL]
    assert connected.tickets(OMID) == []
    assert connected.ticket("a-1") == (PARCEL, LEYLA)
    assert connected.ticket("a-3") is None


def test_the_last_word_on_what_the_server_has_counts(ticketed: Connected) -> None:
    ticketed.acknowledge("a-1", 5, late=False, at=1)
    ticketed.acknowledge("a-1", 5, late=False, at=2)
    ticketed.acknowledge("a-1", 9, late=True, at=3)
    assert ticketed.open_tickets(LEYLA) == [Open(PARCEL, 9, True), Open(DRILL, 0, False)]
    ticketed.acknowledge("a-1", 2, late=True, at=4)  # the server came back from a backup
    assert ticketed.upto("a-1") == 2
    assert ticketed.upto("a-2") == 0


def test_what_was_refused_waits_no_longer_and_is_told(ticketed: Connected) -> None:
    refusal = Refusal("a-1", 4, 422, "event 5 cannot happen there", 10)
    ticketed.refuse(refusal)
    assert [one.ticket for one in ticketed.open_tickets(LEYLA)] == [DRILL]
    assert [one.ticket for one in ticketed.open_tickets(LEYLA, refused_too=True)] == [PARCEL, DRILL]
    assert ticketed.refused(LEYLA) == [refusal]
    again = replace(refusal, words="still not", at=11)
    ticketed.refuse(again)
    assert ticketed.refusal("a-1") == again
    assert ticketed.refusal("a-2") is None


def test_a_verdict_is_kept_with_the_differences_and_the_first_counts(ticketed: Connected) -> None:
    found = [Difference("trust", "3", "4"), Difference("anger", "1", "0")]
    ticketed.refuse(Refusal("a-1", 0, 404, "no such attempt", 10))
    ticketed.keep_verdict("a-1", "{}", "c2ln", found, at=20)
    ticketed.keep_verdict("a-1", "{1}", "other", [], at=21)
    assert ticketed.verdict("a-1") == Judged("{}", "c2ln", (found[1], found[0]))
    assert ticketed.verdict("a-2") is None
    assert [one.ticket for one in ticketed.open_tickets(LEYLA, refused_too=True)] == [DRILL]
    assert ticketed.refused(LEYLA) == []


def test_what_is_assigned_is_what_was_told_last(connected: Connected) -> None:
    assert connected.programmes(LEYLA) == ""
    for body in ("{}", '{"programmes": []}'):
        connected.keep_programmes(LEYLA, body)
    assert (connected.programmes(LEYLA), connected.programmes(OMID)) == ('{"programmes": []}', "")


def test_a_file_of_version_1_gets_room_for_what_is_assigned(ticketed: Connected, tmp_path: Path) -> None:
    ticketed.close()
    with closing(sqlite3.connect(tmp_path / FILE)) as file, file:
        file.execute("DROP TABLE assigned")
        file.execute("PRAGMA user_version = 1")
    with open_connected(tmp_path) as again:
        again.keep_programmes(LEYLA, "{}")
        assert (again.programmes(LEYLA), again.tickets(LEYLA)) == ("{}", [PARCEL, DRILL])


def test_who_is_forgotten_leaves_the_evidence(ticketed: Connected) -> None:
    ticketed.keep_offers(LEYLA, [Offer("late-parcel", "en", "Where?", "e" * 64, "p" * 64)])
    ticketed.keep_contact(LEYLA, Contact(5, None, "it cannot be reached"))
    ticketed.keep_contact(LEYLA, Contact(6, 6, "", '"mark"'))
    ticketed.keep_programmes(LEYLA, "{}")
    assert ticketed.contact(LEYLA) == Contact(6, 6, "", '"mark"')
    ticketed.forget(LEYLA)
    assert (ticketed.offers(LEYLA), ticketed.contact(LEYLA), ticketed.programmes(LEYLA)) == ([], None, "")
    assert ticketed.tickets(LEYLA) == [PARCEL, DRILL]


def test_what_was_purged_from_the_records_goes_here_too_and_does_not_come_back(ticketed: Connected, tmp_path: Path) -> None:
    for attempt in ("a-1", "a-2"):
        ticketed.acknowledge(attempt, 5, late=False, at=1)
        ticketed.refuse(Refusal(attempt, 5, 422, "no", 2))
        ticketed.keep_verdict(attempt, f"the secret of {attempt}", "s", [Difference("trust", "3", "4")], at=3)
    assert ticketed.purge(["a-1", "a-9"], at=4) == 1
    assert ticketed.purge(["a-1"], at=5) == 0
    assert (ticketed.verdict("a-1"), ticketed.refusal("a-1"), ticketed.upto("a-1")) == (None, None, 0)
    assert ticketed.tickets(LEYLA) == [DRILL]
    assert ticketed.verdict("a-2") is not None
    assert ticketed.keep_tickets(LEYLA, [PARCEL], at=6) == 0
    assert list(ticketed.verify_rot()) == []
    assert b"the secret of a-1" not in (tmp_path / FILE).read_bytes()


@pytest.mark.parametrize("table", ["texts", "tickets", "acknowledged", "refusals", "verdicts", "differences", "purged"])
@pytest.mark.parametrize("deed", ["UPDATE {0} SET seal = seal", "DELETE FROM {0}", "INSERT OR REPLACE INTO {0} SELECT * FROM {0}"])
def test_evidence_is_never_changed(ticketed: Connected, tmp_path: Path, table: str, deed: str) -> None:
    ticketed.keep_text("scenario", "{}")
    ticketed.acknowledge("a-1", 5, late=False, at=1)
    ticketed.refuse(Refusal("a-1", 5, 422, "no", 2))
    ticketed.keep_verdict("a-1", "{}", "s", [Difference("trust", "3", "4")], at=3)
    ticketed.purge(["a-2"], at=4)
    deed = deed.replace("seal", "body") if table == "texts" else deed
    with closing(sqlite3.connect(tmp_path / FILE)) as file, pytest.raises(sqlite3.IntegrityError, match="what is kept is never changed"):
        file.execute(deed.format(table))


def test_what_rots_in_the_file_is_found(ticketed: Connected, tmp_path: Path) -> None:
    assert list(ticketed.verify_rot()) == []
    with closing(sqlite3.connect(tmp_path / FILE)) as file, file:
        file.execute("DROP TRIGGER tickets_no_update")
        file.execute("UPDATE tickets SET seed = 8 WHERE attempt = 'a-1'")
    assert any(rot.where.startswith("tickets") for rot in ticketed.verify_rot())
