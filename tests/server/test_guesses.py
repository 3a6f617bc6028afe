"""Codes for desks: guessing at them is slow, and seen."""

from __future__ import annotations

from server.conftest import Clock, TestClient
from server.entering import ORIGIN
from servicesim.server.app import application
from servicesim.server.house import House


def enrol(browser: TestClient, code: str) -> int:
    return browser.post("/api/1/enrol", json={"code": code, "desk": "counter 3"}).status_code


def test_who_guesses_at_codes_waits(house: House, browser: TestClient, clock: Clock) -> None:
    other = TestClient(application(house), base_url=ORIGIN)
    answers = [enrol(browser if number % 2 else other, f"GUES-SING-{number:04}") for number in range(31)]
    assert answers == [403] * 30 + [429]
    clock.pass_by(seconds=900)
    assert enrol(browser, "GUES-SING-0000") == 403


def test_a_good_code_does_not_count(house: House, browser: TestClient) -> None:
    learner = house.people.enrol("2044", "Leyla Aslan", "", "en")
    for _ in range(31):
        assert enrol(browser, house.organisation.new_code(learner, by="hr", at=house.now())) == 201


def test_each_use_of_a_code_is_noted_without_the_code(house: House, browser: TestClient) -> None:
    learner = house.people.enrol("2044", "Leyla Aslan", "", "en")
    code = house.organisation.new_code(learner, by="hr", at=house.now())
    assert (enrol(browser, code), enrol(browser, code)) == (201, 403)
    noted = house.organisation.noted()
    assert [(one.who, one.deed, one.outcome) for one in noted] == [("address testclient", "enrol", "refused"), ("address testclient", "enrol", "done")]
    assert code not in repr(noted)
