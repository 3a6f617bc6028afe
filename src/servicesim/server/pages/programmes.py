"""Programmes: who stands where in them, and to whom they are assigned."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import Annotated

from fastapi import APIRouter, Depends, Form, Request, Response
from markupsafe import Markup

from servicesim.exports.report.words import Words, bdi
from servicesim.records.people import Person
from servicesim.scenario.programme import Plan
from servicesim.server.house import House, house_of
from servicesim.server.pages.asked import Short
from servicesim.server.pages.home import PageNumber
from servicesim.server.pages.planned import (
    StandingTold,
    everybody_assigned,
    not_on_offer,
    programme_of,
    programme_paths,
    stands,
    today,
    told,
)
from servicesim.server.pages.sheet import done, paged, part, said_of, shown, words_for
from servicesim.server.problems import Problem
from servicesim.server.roles import Deed
from servicesim.server.sessions import Visitor, sending, visiting

router = APIRouter()
MOST_AT_ONCE = 5_000  # people who are named in one form
Seeing = Annotated[Visitor, Depends(visiting(Deed.RESULTS, Deed.ASSIGN))]
Assigning = Annotated[Visitor, Depends(sending(Deed.ASSIGN))]


@dataclass(frozen=True, slots=True)
class Stands:
    """One person's row in a programme."""

    person: Person
    by_team: bool
    """It is assigned to their team, and not to themselves."""
    told: StandingTold


@router.get("/programmes", response_class=Response)
def programmes_page(request: Request, visitor: Seeing) -> Response:
    """All programmes, and to how many people each is assigned."""
    house, words = house_of(request), words_for(request)
    rows = []
    for name in programme_paths(house):
        plan = programme_of(house, name, words.language)
        if plan is not None:
            people = everybody_assigned(house, house.organisation.assignments(name))
            rows.append((name, bdi(plan.programme.title), bdi(plan.programme.summary), words.number(len(plan.programme.steps)), words.number(len(people))))
    return shown(request, "programmes.html.j2", visitor, rows=rows)


@router.get("/programmes/{name}", response_class=Response)
def programme_page(request: Request, name: str, visitor: Seeing, team: Short = "", page: PageNumber = 1) -> Response:
    """Who stands where."""
    return _page(request, visitor, name, {}, team=team, page=page)


@router.post("/programmes/{name}/assign", response_class=Response)
def assign(
    request: Request, name: str, visitor: Assigning, teams: Annotated[list[str] | None, Form()] = None, people: Annotated[str, Form(max_length=100_000)] = "",
    begins: Annotated[str, Form(max_length=20)] = "",
) -> Response:  # fmt: skip
    """Assign the programme to teams, and to people by the ids that the company uses."""
    house, words = house_of(request), words_for(request)
    _demand(house, words, name)
    chosen, wanted, errors = teams or [], people.replace(",", " ").split(), dict[str, Markup]()
    found = {one: house.people.named(one) for one in wanted[:MOST_AT_ONCE]}
    known = {one: person.learner for one, person in found.items() if person is not None}
    if unknown := [one for one in wanted if one not in known]:
        errors["people"] = words("error-unknown-people", ids=", ".join(unknown[:10]))
    if strange := [one for one in chosen if one not in house.people.team_names()]:
        errors["teams"] = words("error-unknown-teams", teams=", ".join(strange[:10]))
    if not wanted and not chosen:
        errors["people"] = words("error-nobody")
    day = _day(begins) if begins else today(house)
    if day is None:
        errors["begins"] = words("error-day", example="2026-10-31")
    if errors or day is None:
        return _page(request, visitor, name, errors, given={"people": people, "begins": begins, "teams": chosen})
    by, at, organisation = visitor.person, house.now(), house.organisation
    count = organisation.assign(name, "team", chosen, begins=day, by=by, at=at) + organisation.assign(name, "person", [known[one] for one in wanted], begins=day, by=by, at=at)
    organisation.note(by, "assign", name, at=at)
    return done(f"/programmes/{name}", "assigned", count=words.number(count))


@router.post("/programmes/{name}/withdraw", response_class=Response)
def withdraw(request: Request, name: str, visitor: Assigning, to: Annotated[str, Form(max_length=10)] = "", whose: Annotated[str, Form(max_length=400)] = "") -> Response:
    """Take the programme back from a person or a team; what was played stays."""
    house, words = house_of(request), words_for(request)
    _demand(house, words, name)
    count = house.organisation.withdraw(name, "team" if to == "team" else "person", [whose], by=visitor.person, at=house.now())
    house.organisation.note(visitor.person, "withdraw-programme", name, at=house.now())
    return done(f"/programmes/{name}", "withdrawn", count=words.number(count))


def _page(
    request: Request, visitor: Visitor, name: str, errors: dict[str, Markup], *, team: str = "", page: int = 1, given: dict[str, str | list[str]] | None = None,
) -> Response:  # fmt: skip
    house, words = house_of(request), words_for(request)
    plan = _demand(house, words, name)
    assignments = house.organisation.assignments(name)
    found = [one for one in everybody_assigned(house, assignments) if team in ("", one[0].team)]
    rows = [Stands(person, one.to == "team", told(words, stands(house, plan, person.learner, one.begins))) for person, one in part(found, page)]
    return shown(
        request, "programme.html.j2", visitor, status=422 if errors else 200, said=said_of(request, "assigned", "withdrawn"), name=name,
        title=bdi(plan.programme.title), summary=bdi(plan.programme.summary), missing=", ".join(not_on_offer(house, plan).values()), rows=rows, pages=paged(request, words, page, len(found)),
        teams=house.people.team_names(), team=team, assignments=[(one, _whose(house, words, one.to, one.whose), words.day(one.begins)) for one in assignments],
        may_assign=visitor.may(Deed.ASSIGN), errors=errors, given=given or {"people": "", "begins": str(today(house)), "teams": []},
        sees_all=visitor.may(Deed.RESULTS),
    )  # fmt: skip


def _demand(house: House, words: Words, name: str) -> Plan:
    plan = programme_of(house, name, words.language)
    if plan is None:
        raise Problem(404, "there is no such programme")
    return plan


def _whose(house: House, words: Words, to: str, whose: str) -> Markup:
    person = house.people.person(whose) if to == "person" else None
    return words("person-and-id", name=person.name, id=person.id) if person else bdi(whose)


def _day(text: str) -> date | None:
    try:
        return date.fromisoformat(text)
    except ValueError:
        return None
