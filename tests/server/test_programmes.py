"""What a desk is told of the programmes that were assigned to its person."""

from __future__ import annotations

import json
from datetime import date
from pathlib import Path
from typing import Any

import pytest
from starlette.testclient import TestClient

from programme_files import LETTER, STEPS, UMBRELLA, keep, laid_out, programme, script
from seats import Seat
from server.entering import account
from server.visiting import arrive
from servicesim.encounter.encounter import Encounter as Play
from servicesim.encounter.rehearsal import rehearse
from servicesim.encounter.transcript import to_lines
from servicesim.records.verifying import verified
from servicesim.scenario.model import fingerprint
from servicesim.scenario.programmes import programme_from_canonical
from servicesim.server.house import House, ServerSettings
from servicesim.server.pages.planned import not_on_offer, programme_of, stands
from servicesim.server.publishing import Encounter, publish

TODAY = date(2026, 10, 26)


@pytest.fixture
def settings(tmp_path: Path) -> ServerSettings:
    """With a programme of its own: a warm-up, an umbrella, and a letter that may be promised there."""
    laid_out(tmp_path, programme(*STEPS))
    return ServerSettings("Kestrel Parcels", files=tmp_path)


@pytest.fixture
def seat(house: House, browser: TestClient) -> Seat:
    """Kaveh's desk, where the umbrella can be played."""
    publish(house, Encounter((("en", script(UMBRELLA)),)), by="leyla")
    return Seat.taken(house, browser)


def assign(house: House, learner: str, at: int = 5) -> None:
    house.organisation.assign("week", "person", [learner], begins=TODAY, by="leyla", at=at)


def told(seat: Seat) -> Any:
    answer = seat.get("programmes")
    assert answer.status_code == 200, answer.text
    return answer.json()


def test_a_desk_is_told_what_is_assigned_to_its_person_and_which_steps_are_not_there_yet(house: House, seat: Seat) -> None:
    assert told(seat) == {"programmes": [], "attempts": []}
    assign(house, "somebody else")
    assign(house, seat.learner)

    (one,) = told(seat)["programmes"]

    made = programme_from_canonical(one["programme"])
    assert made.encounters == ("warm-up", "umbrella", "the-letter")
    assert [step.pass_mark for step in made.steps] == [None, 75, 75]  # the marks that sealed editions do not tell
    assert (one["begins"], one["at"], one["missing"]) == ("2026-10-26", 5, {"the-letter": "The letter"})
    assert one["texts"] == {"en": {"title": "A week", "summary": "A first week at the desk."}}


def test_a_programme_is_assigned_to_a_team_too(house: House, seat: Seat) -> None:
    house.organisation.assign("week", "team", ["Airport"], begins=TODAY, by="leyla", at=5)
    assert len(told(seat)["programmes"]) == 1
    house.organisation.withdraw("week", "team", ["Airport"], by="leyla", at=6)
    assert told(seat)["programmes"] == []


def test_a_desk_is_told_how_its_persons_attempts_went_and_nobody_elses(house: House, seat: Seat) -> None:
    assign(house, seat.learner)
    for moves, day in (("gone",), 0), (("promise",), 1), ((), 2):
        keep(house.records, UMBRELLA, *moves, learner=seat.learner, day=day)
    keep(house.records, UMBRELLA, "promise", learner="somebody else")

    lost, kept = told(seat)["attempts"]

    assert (lost["scenario"], lost["ended_well"], lost["promised"]) == ("umbrella", False, [])
    assert (kept["ended_well"], kept["began"], kept["ended"], kept["counts"]) == (True, "2026-10-27", "2026-10-27", True)
    assert kept["promised"] == [{"encounter": "the-letter", "within": 2}]
    assert kept["conduct"].endswith("/1")


def test_whoever_assigns_is_told_which_steps_nobody_can_play(house: House, seat: Seat) -> None:
    plan = programme_of(house, "week")
    assert plan is not None
    assert not_on_offer(house, plan) == {"the-letter": "The letter"}
    publish(house, Encounter((("en", script(LETTER)),)), by="leyla")
    assert not_on_offer(house, plan) == {}


def test_a_programme_whose_file_went_away_is_passed_over(house: House, seat: Seat, tmp_path: Path) -> None:
    assign(house, seat.learner)
    (tmp_path / "programmes" / "week.yaml").unlink()
    assert told(seat) == {"programmes": [], "attempts": []}


# --- customers who remember ------------------------------------------------------------------------------------------------


@pytest.fixture
def letter(house: House, seat: Seat) -> str:
    """The hash of the sealed letter, whose customer may remember that it came late."""
    publish(house, Encounter((("en", script(LETTER)),)), by="leyla")
    (offered,) = [one for one in seat.get("encounters").json()["encounters"] if one["scenario"] == "the-letter"]
    return str(offered["languages"]["en"]["edition"])


def test_a_start_has_a_ticket_of_its_own_and_is_judged_as_it_began(house: House, seat: Seat, letter: str, clock: Any) -> None:
    (plain,) = seat.post("tickets", {"editions": [letter]}).json()["tickets"]
    (late,) = seat.post("tickets", {"editions": [], "starts": [f"{letter} late"]}).json()["tickets"]
    begun = seat.script(plain).started(["late"])
    assert (late["edition"], late["scenario"]) == (fingerprint(begun.text), "the-letter")
    assert seat.post("tickets", {"editions": [], "starts": [f"{letter} late"]}).json()["tickets"] == [late]
    clock.pass_by(seconds=600)

    lines = to_lines(rehearse(Play(begun, seed=late["seed"]), ["there"]).events)
    answer = seat.send(late["attempt"], lines)

    assert answer.status_code == 200, answer.text
    said = json.loads(answer.json()["verdict"]["body"])
    assert (said["scenario_hash"], said["edition"]) == (script(LETTER, ["late"]).fingerprint, late["edition"])
    assert [one.state for one in verified(house.records)] == ["REPLAY_VERIFIED"]
    plainly = to_lines(rehearse(Play(seat.script(plain), seed=late["seed"]), ["there"]).events)
    (other,) = seat.post("tickets", {"editions": [], "starts": [f"{letter} unhappy"]}).json()["tickets"]
    assert seat.send(other["attempt"], plainly).status_code == 422


@pytest.mark.parametrize("start", ["{} never", "{} late never", "{}", "{} ", "late", ""])
def test_a_start_that_there_is_not_has_no_ticket(seat: Seat, letter: str, start: str) -> None:
    assert seat.post("tickets", {"editions": [], "starts": [start.format(letter)]}).json() == {"tickets": []}


def test_a_warm_up_is_never_sent_so_nobody_waits_for_it_on_a_page(house: House, seat: Seat) -> None:
    plan = programme_of(house, "week")
    assert plan is not None
    begun = stands(house, plan, seat.learner, TODAY)
    assert [step.encounter for step in begun.steps] == ["umbrella", "the-letter"]
    assert begun.next.encounter == "umbrella"


def test_whoever_assigns_a_programme_reads_which_steps_are_not_there_yet(house: House, seat: Seat, browser: TestClient) -> None:
    account(house, "farid", "trainer")
    arrive(browser, house, "farid")
    page = browser.get("/programmes/week").text
    assert "desks show them as not there yet" in page
    assert "The letter" in page
    publish(house, Encounter((("en", script(LETTER)),)), by="leyla")
    assert "not there yet" not in browser.get("/programmes/week").text


@pytest.mark.parametrize(("remembered", "noted"), [([], True), (["late"], False)])
def test_that_a_customer_remembered_something_else_is_noted_and_changes_nothing(
    house: House, seat: Seat, letter: str, clock: Any, tmp_path: Path, remembered: list[str], noted: bool
) -> None:
    """The letter was due before today, so whoever writes it today meets somebody who remembers that."""
    laid_out(tmp_path, programme("encounter: the-letter, due: 0, remembers: {late: overdue}"))
    house.organisation.assign("week", "person", [seat.learner], begins=date(2020, 1, 1), by="leyla", at=5)
    start = " ".join((letter, *remembered))
    wanted = {"editions": [], "starts": [start]} if remembered else {"editions": [letter]}
    (ticket,) = seat.post("tickets", wanted).json()["tickets"]
    (plain,) = seat.post("tickets", {"editions": [letter]}).json()["tickets"]
    clock.pass_by(seconds=600)
    lines = to_lines(rehearse(Play(seat.script(plain).started(remembered), seed=ticket["seed"]), ["there"]).events)

    for _ in range(2):
        assert seat.send(ticket["attempt"], lines).json()["ended"]

    found = [one for one in house.organisation.noted() if one.deed == "other-start"]
    assert [(one.who, one.about) for one in found] == ([(f"desk {seat.told['desk']}", f"{ticket['attempt']} -")] if noted else [])
