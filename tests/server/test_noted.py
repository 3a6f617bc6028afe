"""What desks did, and what they asked for that is not theirs, stands in the log: at most once an hour each."""

from __future__ import annotations

from typing import Any

import pytest
from starlette.testclient import TestClient

from seats import Seat
from servicesim.records.published import Edition
from servicesim.server.house import House

PARCEL = Edition("late-parcel", 1, "en", "e1", "p1", "s1", "q1")


@pytest.fixture
def kaveh(house: House, browser: TestClient) -> Seat:
    return Seat.taken(house, browser)


def refused(house: House) -> list[tuple[str, str, str]]:
    return [(one.who, one.deed, one.about) for one in house.organisation.noted() if one.outcome == "refused"]


def test_an_enrolment_is_noted_with_the_person_the_desk_and_whence_it_came(house: House, kaveh: Seat) -> None:
    (line,) = house.organisation.noted()
    assert (line.who, line.deed, line.outcome) == ("address testclient", "enrol", "done")
    assert line.about == f"{kaveh.learner} desk {kaveh.told['desk']}"
    assert house.organisation.noted_about([kaveh.learner]) == [line]
    assert house.organisation.noted_about([kaveh.learner[:-1]]) == []


def test_asking_for_somebody_elses_attempt_is_noted_once_an_hour(house: House, browser: TestClient, kaveh: Seat, clock: Any) -> None:
    leyla = Seat.taken(house, browser, "2044", "Leyla Aslan")
    (desk,) = house.organisation.desks(leyla.learner)
    (ticket,) = house.organisation.tickets(desk, [PARCEL], at=house.now(), closes=house.now() + 1)
    line = (f"desk {kaveh.told['desk']}", "attempt", ticket.attempt)
    for path in (f"attempts/{ticket.attempt}", f"attempts/{ticket.attempt}/debrief"):
        assert kaveh.get(path).status_code == 404
    assert kaveh.send(ticket.attempt, ["{}"]).status_code == 404
    assert refused(house) == [line]
    clock.pass_by(hours=1)
    assert kaveh.get(f"attempts/{ticket.attempt}").status_code == 404
    assert refused(house) == [line, line]
    assert list(house.organisation.verify_audit()) == []


def test_guesses_at_attempts_that_there_are_not_do_not_fill_the_log(house: House, kaveh: Seat) -> None:
    for number in range(5):
        assert kaveh.get(f"attempts/{number:08}").status_code == 404
    assert refused(house) == []


def test_a_withdrawn_desk_that_goes_on_asking_is_noted_once_an_hour(house: House, kaveh: Seat, clock: Any) -> None:
    desk = kaveh.told["desk"]
    house.organisation.withdraw_desk(desk, by="farid", at=house.now())
    for path in ("me", "encounters", "attempts/0000"):
        assert kaveh.get(path).status_code == 401
    line = (f"desk {desk}", "withdrawn-desk", kaveh.learner)
    assert refused(house) == [line]
    clock.pass_by(hours=1)
    assert kaveh.get("me").status_code == 401
    assert refused(house) == [line, line]
