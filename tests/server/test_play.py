"""What desks ask for while their person plays, asked over HTTP as they ask it."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from seats import Seat
from starlette.testclient import TestClient

from servicesim import shipped
from servicesim.records.signed import Verdict, demand_signed
from servicesim.records.verifying import verified
from servicesim.server.house import House
from servicesim.server.publishing import checked_encounter, publish

BEST = (
    "go-on, go-on, go-on, go-on, welcome, go-on, go-on, go-on, go-on, go-on, may-i-ask, go-on, facts, go-on, go-on, go-on, summarise, "
    "go-on, go-on, own-it, go-on, go-on, put-aside, go-on, go-on, go-on, accept, go-on, go-on, thank-her"
).split(", ")
WORST = "interrupt, silence, go-on, order-number, interrupt, ., yes, go-on, silence, address".split(", ")


@pytest.fixture
def seat(house: House, browser: TestClient) -> Iterator[Seat]:
    """Kaveh's desk at a server that offers the late parcel."""
    publish(house, checked_encounter(shipped.scenarios() / "late-parcel.yaml", seconds=None), by="leyla")
    return Seat.taken(house, browser)


def test_a_whole_encounter_is_played_kept_judged_and_signed(house: House, seat: Seat, clock: Any) -> None:
    ticket = seat.ticket()
    lines = seat.played(ticket, BEST)
    clock.pass_by(seconds=600)

    half = len(lines) // 2
    assert seat.send(ticket["attempt"], lines[:half]).json() == {"kept": half, "late": False, "ended": False, "verdict": None}
    answer = seat.send(ticket["attempt"], lines[half:], first=half)

    assert answer.status_code == 200, answer.text
    told = answer.json()
    assert (told["kept"], told["ended"]) == (len(lines), True)
    said = json.loads(told["verdict"]["body"])
    assert (said["passed"], said["conduct"], said["learner"]) == (True, "100/1", seat.learner)
    (key, *_) = seat.told["keys"]
    assert said["key"] == key["id"]
    demand_signed(told["verdict"]["body"], told["verdict"]["signature"], key["public"])
    assert [one.state for one in verified(house.records)] == ["REPLAY_VERIFIED"]
    debrief = seat.get(f"attempts/{ticket['attempt']}/debrief").json()
    assert '"why"' in debrief["scenario"]
    assert "acknowledge" in debrief["principles"]
    assert debrief["verdict"] == told["verdict"]
