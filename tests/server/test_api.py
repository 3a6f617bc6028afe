"""Whatever is sent to the interface that it says it has: an answer of ours, and never a fault of the server's."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest
import schemathesis
from hypothesis import HealthCheck, given, settings
from starlette.testclient import TestClient

from seats import Seat
from servicesim import shipped
from servicesim.encounter.encounter import Encounter as Play
from servicesim.encounter.rehearsal import rehearse
from servicesim.encounter.script import Script
from servicesim.encounter.transcript import to_lines
from servicesim.scenario.loading import demand, shipped_principles
from servicesim.server import answers
from servicesim.server.app import application
from servicesim.server.house import House
from servicesim.server.publishing import Encounter, publish

EXAMPLES = 20
FORGIVING = settings(
    max_examples=EXAMPLES, derandomize=True, database=None, deadline=None,
    suppress_health_check=[HealthCheck.too_slow, HealthCheck.filter_too_much, HealthCheck.data_too_large, HealthCheck.function_scoped_fixture],
)  # fmt: skip
OPERATIONS = (
    "POST /api/1/enrol",
    "GET /api/1/me",
    "GET /api/1/encounters",
    "GET /api/1/texts/{name}",
    "POST /api/1/tickets",
    "POST /api/1/attempts/{attempt}/events",
    "GET /api/1/attempts/{attempt}",
    "GET /api/1/attempts/{attempt}/debrief",
)


@pytest.fixture
def seat(house: House, browser: TestClient) -> Iterator[Seat]:
    """Kaveh's desk, and one encounter on offer."""
    script = Script(demand(shipped.scenarios() / "third-letter.yaml"), shipped_principles())
    publish(house, Encounter((("en", script),)), by="leyla")
    return Seat.taken(house, browser)


def test_the_interface_says_what_desks_can_ask_for(browser: TestClient) -> None:
    paths = browser.get("/api/1/openapi.json").json()["paths"]
    told = {f"{method.upper()} {path}" for path, methods in paths.items() for method in methods if path.startswith("/api/1/")}
    assert told >= set(OPERATIONS)
    batch = paths["/api/1/attempts/{attempt}/events"]["post"]["requestBody"]["content"]["application/json"]["schema"]
    assert (set(batch["properties"]), batch["additionalProperties"]) == ({"first", "lines", "untimed", "clock"}, False)


def test_desks_are_answered_as_the_interface_says(house: House, seat: Seat, clock: Any) -> None:
    ticket = seat.ticket("third-letter")
    clock.pass_by(seconds=600)
    attempt, play = ticket["attempt"], Play(seat.script(ticket), seed=ticket["seed"])
    while not play.ended:
        rehearse(play, [play.offered[0].reply.id])
    answers.Enrolled.model_validate(seat.told)
    answers.Me.model_validate(seat.get("me").json())
    answers.Encounters.model_validate(seat.get("encounters").json())
    answers.Text.model_validate(seat.get(f"texts/{ticket['edition']}").json())
    answers.Tickets.model_validate({"tickets": [ticket]})
    answers.Problem.model_validate(seat.send(attempt, to_lines(play.events)[2:], first=2).json())
    answers.Kept.model_validate(seat.send(attempt, to_lines(play.events)).json())
    answers.Kept.model_validate(seat.get(f"attempts/{attempt}").json())
    answers.Debrief.model_validate(seat.get(f"attempts/{attempt}/debrief").json())


def test_the_interface_is_told_on_a_page_that_loads_nothing(browser: TestClient) -> None:
    answer = browser.get("/api/1/docs")
    assert (answer.status_code, answer.headers["content-type"]) == (200, "text/html; charset=utf-8")
    assert all(f"<code>{operation}</code>" in answer.text for operation in OPERATIONS)
    assert "<script" not in answer.text
    assert "http" not in answer.text.replace("HTTP", "")


@pytest.mark.parametrize("operation", OPERATIONS)
def test_whatever_is_sent_the_server_makes_no_fault(house: House, seat: Seat, clock: Any, operation: str) -> None:
    method, path = operation.split()
    schema = schemathesis.openapi.from_dict(application(house).openapi())
    case = schema[path][method].as_strategy()
    attempt, mine = seat.ticket("third-letter")["attempt"], iter(range(10**6))

    @FORGIVING
    @given(case)
    def send(case: schemathesis.Case) -> None:
        clock.pass_by(seconds=5)  # or there would be too many
        if "attempt" in case.path_parameters and next(mine) % 2:
            case.path_parameters["attempt"] = attempt
        told = case.as_transport_kwargs(base_url="http://127.0.0.1")
        headers = {name: str(value) for name, value in dict(told.pop("headers", None) or {}).items() if name.lower() not in ("authorization", "user-agent")}
        told.pop("cookies", None)
        answer = seat.client.request(**told, headers=headers | {"Authorization": f"Bearer {seat.key}"})
        assert answer.status_code < 500, answer.text
        assert answer.status_code < 400 or answer.headers["content-type"] == "application/problem+json"

    send()
