"""The programmes of a desk's person: what HR or a trainer assigned, and what the person made of its encounters, at whichever desk."""

from __future__ import annotations

from collections.abc import Iterator
from functools import lru_cache
from pathlib import Path
from typing import Any

from fastapi import APIRouter

from servicesim.assessment import taken as made
from servicesim.languages import LANGUAGES
from servicesim.records.assigned import Assignment
from servicesim.records.people import Person
from servicesim.records.progress import taken
from servicesim.scenario import programme as written
from servicesim.scenario.programme import Plan, canonical_programme
from servicesim.scenario.programmes import demand_programme, edition_of_programme, translated
from servicesim.server.answers import Answer, told
from servicesim.server.desks import DeskHere, HouseHere, whose
from servicesim.server.house import House
from servicesim.server.pages.planned import not_on_offer, programme_of, programme_paths

router = APIRouter(prefix="/api/1", tags=["play"])


class Texts(Answer):
    """What a programme is called in one language."""

    title: str
    summary: str


class Programme(Answer):
    """A programme in its canonical form, JSON, with the mark of each scored step; `begins` is the day from which its days are counted,
    `at` when it was assigned (UTC, milliseconds), `missing` are the titles of steps whose encounters are not on offer."""

    programme: str
    texts: dict[str, Texts]
    begins: str
    at: int
    missing: dict[str, str]


class Promised(Answer):
    """That a reply promised to call in another encounter, within so many days."""

    encounter: str
    within: int


class Taken(Answer):
    """An attempt that has ended; the days are those of the server's clock, and `moment` (UTC, milliseconds) is when it began."""

    attempt: str
    scenario: str
    moment: int
    began: str
    ended: str
    counts: bool
    conduct: str
    ended_well: bool
    promised: list[Promised]


class Programmes(Answer):
    """What is assigned now, oldest first, and what was made of it."""

    programmes: list[Programme]
    attempts: list[Taken]


@router.get("/programmes", response_model=None, responses=told(Programmes, 401))
def programmes(house: HouseHere, desk: DeskHere) -> dict[str, Any]:
    """The programmes that are assigned to this desk's person or their team, and the person's ended attempts at their encounters."""
    found = list(_assigned(house, whose(house, desk)))
    encounters = dict.fromkeys(name for _, plan in found for name in plan.programme.encounters)
    attempts = taken(house.records, tuple(encounters), learner=desk.learner).get(desk.learner, [])
    return {"programmes": [_programme(house, one, plan) for one, plan in found], "attempts": [_taken(one) for one in attempts if one.ended is not None]}


def _assigned(house: House, person: Person) -> Iterator[tuple[Assignment, Plan]]:
    """One whose file cannot be used any more is passed over: its page says so to whoever assigned it."""
    for one in house.organisation.assigned_to(person.learner, person.team):
        plan = programme_of(house, one.programme)
        if plan is not None:
            yield one, plan


def _programme(house: House, one: Assignment, plan: Plan) -> dict[str, Any]:
    path = programme_paths(house)[one.programme]
    return {
        "programme": canonical_programme(plan.spelt_out),
        "texts": _texts(path, path.stat().st_mtime_ns),
        "begins": one.begins.isoformat(),
        "at": one.at,
        "missing": not_on_offer(house, plan),
    }


@lru_cache(maxsize=64)
def _texts(path: Path, _: int) -> dict[str, dict[str, str]]:
    """Title and summary in each language that the programme is told in."""
    programme = demand_programme(path)
    return {language: {"title": said.title, "summary": said.summary} for language, said in _said(programme, path)}


def _said(programme: written.Programme, path: Path) -> Iterator[tuple[str, written.Programme]]:
    yield programme.locale.partition("-")[0], programme
    for language in LANGUAGES:
        edition = edition_of_programme(programme, path, language)
        if edition is not None and edition.is_offered:
            yield language, translated(programme, path, language)


def _taken(one: made.Taken) -> dict[str, Any]:
    """Days are those of the server's clock, as on the pages."""
    assert one.ended is not None
    return {
        "attempt": one.id,
        "scenario": one.encounter,
        "moment": one.moment,
        "began": one.began.isoformat(),
        "ended": one.ended.isoformat(),
        "counts": one.counts,
        "conduct": f"{one.conduct.numerator}/{one.conduct.denominator}",
        "ended_well": one.ended_well,
        "promised": [{"encounter": promised.encounter, "within": promised.within} for promised in one.promised],
    }
