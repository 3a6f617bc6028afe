"""What a look with fresh eyes found: each of these went wrong once."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from typing import Any

from starlette.testclient import TestClient

from exports.kept import OUT, keep
from server.conftest import Clock
from server.test_judging import _at_random, _desk, _ticket
from server.visiting import arrive, furnish, send
from servicesim.encounter.transcript import to_lines
from servicesim.server.house import House
from servicesim.server.judging import Judging, Posted
from servicesim.server.pages import encounters


def test_an_address_that_says_less_than_its_sentence_needs_is_answered(house: House, browser: TestClient, tmp_path: Path) -> None:
    furnish(house, tmp_path / "server")
    assert arrive(browser, house, "hande").get("/people?done=imported").status_code == 200


def test_nobody_decides_about_a_result_of_their_own(house: House, browser: TestClient, tmp_path: Path) -> None:
    furnish(house, tmp_path / "server")
    keep(tmp_path / "server", *OUT, person="hande", name="Hande Öz", team="Office", number=2)
    arrive(browser, house, "hande")
    assert "/review/attempt-2" not in browser.get("/attempts/attempt-2").text
    assert "/review/attempt-1" in browser.get("/attempts/attempt-1").text
    assert send(browser, "/review/attempt-2", {"verdict": "set-aside", "note": "A bad day."}).status_code == 403
    assert not house.records.reviews("attempt-2")
    assert send(browser, "/review/attempt-1", {"verdict": "stands"}).status_code == 303


def test_the_page_of_an_attempt_that_is_not_over_tells_whoever_plays_it_nothing(house: House, browser: TestClient, tmp_path: Path) -> None:
    furnish(house, tmp_path / "server")
    keep(tmp_path / "server", "welcome", person="hande", name="Hande Öz", team="Office", number=2)
    assert arrive(browser, house, "hande").get("/attempts/attempt-2").status_code == 409
    assert arrive(browser, house, "leyla").get("/attempts/attempt-2").status_code == 200


def test_who_asks_while_the_last_late_batch_is_kept_gets_no_verdict_that_was_in_time(house: House, clock: Clock, monkeypatch: Any) -> None:
    desk = _desk(house)
    ticket = _ticket(house, desk, "late-parcel")
    lines = to_lines(_at_random(house, ticket, seed=3).events)
    judging, sent = Judging(house), house.organisation.sent(ticket.attempt)
    assert sent is not None
    sent, _ = judging.take(desk, sent, Posted(0, lines[:1], False, 0))
    late = replace(house, now=lambda: ticket.closes + 1)
    monkeypatch.setattr(house.organisation, "keep_batch", lambda *_: sent)  # not yet
    Judging(late).take(desk, sent, Posted(1, lines[1:], False, 0))
    settled = Judging(late).settled(sent)
    assert settled.verdict is not None
    assert settled.late
    assert '"late":true' in settled.verdict.body


def test_an_encounter_is_checked_alone_and_the_next_is_told_when_to_come_back(house: House, browser: TestClient, tmp_path: Path) -> None:
    furnish(house, tmp_path / "server")
    arrive(browser, house, "leyla")
    with encounters._alone():
        for form in ("check", "publish"):
            answer = send(browser, f"/encounters/{form}", {"there": "late-parcel"})
            assert (answer.status_code, answer.headers["retry-after"]) == (429, "10")
    with encounters._alone():
        pass
