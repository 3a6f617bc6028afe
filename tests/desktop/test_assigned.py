"""The programmes that an organisation has assigned, in the window of a connected desk."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from datetime import date
from fractions import Fraction
from pathlib import Path
from typing import Any

import pytest

from desktop.linked import Company, connected
from desktop.seat import Seat
from programme_files import LETTER, STEPS, UMBRELLA, WARM_UP, keep, laid_out, programme, script
from servicesim.assessment.taken import Promised, Taken
from servicesim.connection.told import Assigned, Programmes
from servicesim.desktop.programmes import Course
from servicesim.desktop.screens.briefing import Briefing
from servicesim.desktop.screens.home import Home
from servicesim.scenario.programmes import demand_plan

MONDAY = date(2026, 10, 26)


@pytest.fixture
def week(tmp_path: Path) -> Assigned:
    """A warm-up, an umbrella, and a letter that may be promised there."""
    plan = demand_plan(laid_out(tmp_path, programme(*STEPS)))
    return Assigned(plan.spelt_out, MONDAY, {"fa": replace(plan.programme, title="یک هفته", summary="هفتهٔ اول")})


@pytest.fixture
def desk(tmp_path: Path, week: Assigned) -> Iterator[tuple[Seat, Company]]:
    """Robin at a connected desk where the umbrella and the letter are published and the warm-up lies."""
    with connected(tmp_path / "home", [tmp_path / "scenarios" / "warm-up.yaml"], [script(UMBRELLA), script(LETTER)]) as (seat, company):
        seat.desk.today = lambda: MONDAY  # type: ignore[method-assign]
        company.assigned = Programmes((week,))
        yield seat, company


def judged(name: str = "elsewhere", **more: Any) -> Taken:
    """An attempt at the umbrella at another computer."""
    made = Taken(id=name, encounter="umbrella", moment=1, began=MONDAY, counts=True, ended=MONDAY, conduct=Fraction(80), ended_well=True)
    return replace(made, **more)


def course(seat: Seat) -> Course:
    (one,) = seat.desk.courses("en").each
    return one


def states(seat: Seat) -> list[str]:
    return [step.state for step in course(seat).standing.steps]


def warmed_up(seat: Seat) -> None:
    keep(seat.desk.records, WARM_UP, "promise", learner=seat.desk.learner, practice=True)


def test_somebody_connected_has_what_is_assigned_to_them_and_nothing_that_lies_here(desk: tuple[Seat, Company]) -> None:
    seat, company = desk
    assert course(seat).id == "week"
    assert course(seat).standing.start == MONDAY
    assert course(seat).told_in("fa").title == "یک هفته"
    assert course(seat).told_in("tr").title == "A week"
    company.assigned = Programmes()
    assert seat.desk.courses("en").each == ()


def test_what_was_played_at_another_computer_counts(desk: tuple[Seat, Company]) -> None:
    seat, company = desk
    assert states(seat) == ["due-soon", "locked", "locked"]
    warmed_up(seat)
    assert states(seat) == ["done", "due-soon", "locked"]
    company.assigned = replace(company.assigned, taken=(judged(promised=(Promised(encounter="the-letter", within=2),)),))
    assert states(seat) == ["done", "done", "open"]


def test_what_the_server_says_of_an_attempt_counts_and_not_what_is_kept_here(desk: tuple[Seat, Company]) -> None:
    seat, company = desk
    warmed_up(seat)
    name = keep(seat.desk.records, UMBRELLA, "welcome", learner=seat.desk.learner)
    assert states(seat)[1] == "done"
    company.assigned = replace(company.assigned, taken=(judged(name, ended_well=False),))
    assert states(seat)[1] == "due-soon"


def test_a_step_that_is_not_on_offer_is_shown_as_not_there_yet_and_nobody_waits_for_it(desk: tuple[Seat, Company]) -> None:
    seat, company = desk
    company.published = company.published[:1]
    company.assigned = Programmes((replace(company.assigned.each[0], missing={"the-letter": "The letter"}),))
    seat.way.programme()
    seat.stage.wait(0.1)
    assert {"A week", "The letter", "Not there yet"} <= set(seat.stage.frame.texts)
    assert len(states(seat)) == 2


def test_a_step_leads_to_the_sealed_edition_and_a_programme_that_comes_is_shown(desk: tuple[Seat, Company]) -> None:
    seat, company = desk
    warmed_up(seat)
    assigned, company.assigned = company.assigned, Programmes()
    seat.way.home()
    seat.stage.wait(0.1)
    assert isinstance(seat.screen, Home)
    assert "A week" not in seat.stage.frame.texts
    company.assigned = assigned
    company.tell()
    seat.stage.wait(0.1)
    assert "A week" in seat.stage.frame.texts
    seat.way.programme()
    seat.stage.wait(0.1)
    seat.stage.press("enter")
    seat.stage.wait(0.1)
    assert isinstance(seat.screen, Briefing)
    assert seat.screen.script is company.published[0]


def test_an_attempt_that_waits_for_its_verdict_is_neither_done_nor_gone_on_with(desk: tuple[Seat, Company]) -> None:
    seat, _ = desk
    warmed_up(seat)
    name = keep(seat.desk.records, UMBRELLA, learner=seat.desk.learner)
    assert course(seat).standing.step("umbrella").unfinished == name
    seat.desk.organised.refuses = lambda attempt: attempt == name  # type: ignore[method-assign]
    assert course(seat).standing.step("umbrella").unfinished is None


def test_again_begins_with_what_the_customer_remembered(desk: tuple[Seat, Company]) -> None:
    seat, company = desk
    seat.way.home()
    seat.stage.wait(0.1)
    seat.way._again_as_published(script(LETTER, ["late"]))
    seat.stage.wait(0.1)
    assert isinstance(seat.screen, Briefing)
    assert seat.screen.script.scenario.remembered == ("late",)
    seat.stage.press("enter")
    seat.stage.wait(0.1)
    assert "ticket the-letter en late" in company.asked
