"""What goes wrong is told in plain words, and nothing else gets out."""

from __future__ import annotations

import logging
from typing import Annotated

import pytest
from fastapi import APIRouter, Body
from pydantic import BaseModel, ConfigDict

from server.conftest import TestClient
from servicesim.errors import PlayedElsewhere, ServicesimError, StoreUnusable
from servicesim.server.app import application
from servicesim.server.house import House
from servicesim.server.problems import Problem, too_many

SECRET = "correct-horse-battery"


class Form(BaseModel):
    model_config = ConfigDict(extra="forbid", strict=True)
    code: Annotated[str, Body(max_length=8)]
    count: int


@pytest.fixture
def amiss(house: House) -> TestClient:
    """A server with addresses at which things go wrong."""
    router, app = APIRouter(), application(house)
    failures = {
        "store": StoreUnusable("/var/lib/secret/records.db cannot be written"),
        "elsewhere": PlayedElsewhere("another attempt is kept as leyla-1"),
        "fault": ZeroDivisionError(SECRET),
        "ours": ServicesimError(SECRET),
        "problem": Problem(409, "there is a gap", also={"kept": 3}),
        "many": too_many(1),
    }

    @router.get("/api/amiss/{name}")
    def fails(name: str) -> None:
        raise failures[name]

    @router.post("/api/amiss")
    def takes(form: Form) -> None:
        """Takes nothing that the tests send."""

    app.include_router(router)
    return TestClient(app)


@pytest.mark.parametrize(
    ("name", "status", "detail"),
    [
        ("store", 503, "the records cannot be reached just now: try again in a moment"),
        ("elsewhere", 409, "another attempt is kept as leyla-1"),
        ("problem", 409, "there is a gap"),
        ("many", 429, "too many requests: try again in 1 second"),
    ],
)
def test_a_failure_is_told_as_a_problem(amiss: TestClient, name: str, status: int, detail: str) -> None:
    told = amiss.get(f"/api/amiss/{name}")
    assert (told.status_code, told.json()["status"], told.json()["detail"]) == (status, status, detail)
    assert told.headers["content-type"] == "application/problem+json"


def test_who_finds_the_records_away_is_told_when_to_come_back(amiss: TestClient, caplog: pytest.LogCaptureFixture) -> None:
    assert amiss.get("/api/amiss/store").headers["retry-after"] == "5"
    assert "/var/lib/secret/records.db" in caplog.text


def test_a_problem_carries_what_helps_to_go_on(amiss: TestClient) -> None:
    assert amiss.get("/api/amiss/problem").json()["kept"] == 3


@pytest.mark.parametrize("name", ["fault", "ours"])
def test_a_fault_of_ours_is_logged_under_a_number_and_says_nothing_of_itself(
    amiss: TestClient, caplog: pytest.LogCaptureFixture, name: str
) -> None:
    with caplog.at_level(logging.ERROR):
        told = amiss.get(f"/api/amiss/{name}")
    number = told.json()["detail"].split()[-1]
    assert told.status_code == 500
    assert SECRET not in told.text
    assert "Traceback" not in told.text
    assert f"fault {number}" in caplog.text
    assert SECRET in caplog.text


@pytest.mark.parametrize(
    ("sent", "detail"),
    [
        ({"code": SECRET, "count": 1}, "code is too long"),
        ({"code": 7, "count": SECRET}, "code must be a text, and one of the kind expected here; count must be a whole number"),
        ({}, "code is missing; count is missing"),
        ({"code": "a", "count": 1, SECRET: 2}, "a field is not known here"),
        ([SECRET], "the content must be an object"),
    ],
)
def test_what_cannot_be_taken_is_named_but_never_repeated(amiss: TestClient, sent: object, detail: str) -> None:
    told = amiss.post("/api/amiss", json=sent)
    assert (told.status_code, told.json()["detail"]) == (422, detail)
    assert SECRET not in told.text


def test_what_is_no_json_is_told_so(amiss: TestClient) -> None:
    told = amiss.post("/api/amiss", content=b"{" + SECRET.encode(), headers={"content-type": "application/json"})
    assert told.status_code == 422
    assert told.json()["detail"].endswith("is not JSON")
    assert SECRET not in told.text


def test_an_address_that_is_not_there_is_told_in_words(browser: TestClient) -> None:
    assert browser.get("/api/1/nothing").json() == {
        "type": "about:blank", "title": "Not found", "status": 404, "detail": "there is nothing at this address",
    }  # fmt: skip
