"""The heat map, and the people behind each of its cells."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, timedelta
from typing import Annotated

from fastapi import APIRouter, Depends, Query, Request, Response
from markupsafe import Markup

from servicesim.exports.counted import Counted
from servicesim.exports.figures import month_of
from servicesim.exports.filters import Filter
from servicesim.exports.report import head
from servicesim.exports.report.contents import contents, texts
from servicesim.exports.report.page import HeatCell, Page
from servicesim.exports.report.words import Words, bdi, english
from servicesim.records.attempt import Attempt, Result
from servicesim.records.people import Person
from servicesim.server.house import House, house_of
from servicesim.server.pages.asked import CLOCK, Asked, Short, asking
from servicesim.server.pages.attempts import Telling, score_of
from servicesim.server.pages.sheet import paged, part, shown, words_for
from servicesim.server.roles import Deed
from servicesim.server.sessions import Visitor, visiting

router = APIRouter()
Seeing = Annotated[Visitor, Depends(visiting(Deed.RESULTS))]
Wanted = Annotated[Asked, Depends(asking)]


@router.get("/heat", response_class=Response)
def heat_page(request: Request, visitor: Seeing, asked: Wanted) -> Response:
    """Principles by team or by month of joining."""
    house, words = house_of(request), words_for(request)
    page = None
    if asked.filter is not None:
        held = contents(house.records, house.people, asked.filter, by=asked.by, clock=CLOCK, language=words.language)
        page = Page(held, words, house.now())

    def link(cell: HeatCell) -> str:
        principle, group = cell.of
        return f"/heat/people?{asked.query(principle=principle, group=group)}"

    return shown(request, "heat_page.html.j2", visitor, status=422 if asked.errors else 200, asked=asked, errors=asked.errors, page=page, link=link, query=asked.query())


@router.get("/heat/people", response_class=Response)
def heat_people(
    request: Request, visitor: Seeing, asked: Wanted, principle: Short = "", group: Annotated[str | None, Query(max_length=200)] = None, page: Annotated[int, Query(ge=1, le=100_000)] = 1,
) -> Response:  # fmt: skip
    """The attempts behind a cell, each with who made it and how far the principle was kept; the lowest first."""
    house, words = house_of(request), words_for(request)
    if asked.filter is None:
        return shown(request, "heat_page.html.j2", visitor, status=422, asked=asked, errors=asked.errors, page=None, link=None, query="")
    people = {person.learner: person for person in _members(house, asked, group)}
    found = [one for one in behind(house, list(people), asked.filter) if not principle or score_of(one[1], principle) is not None]
    found.sort(key=lambda one: (score_of(one[1], principle) or 0.0, one[0].started, one[0].id) if principle else (0.0, one[0].started, one[0].id))
    return shown(
        request, "heat_people.html.j2", visitor, rows=Telling(house, words, people).rows(part(found, page), principle),
        pages=paged(request, words, page, len(found)), principle=_called(house, words, asked, principle), group=_group(words, asked, group),
        which=head.which(words, asked.filter), selected=head.selected(words, asked.filter, CLOCK), query=asked.query(),
    )  # fmt: skip


def behind(house: House, learners: list[str], wanted: Filter) -> Iterator[tuple[Attempt, Result]]:
    """The attempts of these learners that the filter lets through, and that no review has set aside."""
    aside = {attempt for attempt, review in house.records.last_reviews().items() if review.verdict == "set-aside"}
    for learner in learners:
        kept = house.records.attempts(learner=learner, since=wanted.since, until=wanted.until, ended_only=True)
        fits = [(one, result) for one, result in kept if result and one.id not in aside and wanted.lets(one, result, wanted.team)]
        if wanted.attempts == "all":
            yield from fits
        else:
            with Counted(wanted.attempts) as counted:
                counted.choose(fits)
                yield from counted.among(fits)


def _members(house: House, asked: Asked, group: str | None) -> list[Person]:
    """Who is of the group of a cell."""
    if group is not None and asked.by == "team":
        return house.people.some(team=group) if asked.team in ("", group) else []
    everybody = house.people.some(team=asked.team or None)
    if group is None:
        return everybody
    joined = _joined_in(house, group)
    return [person for person in everybody if person.learner in joined]


def _joined_in(house: House, month: str) -> set[str]:
    """The learners whose first attempt ended in this month, as 2026-10."""
    try:
        first = date.fromisoformat(f"{month}-01")
    except ValueError:
        return set()
    # An attempt that ends in a month may have begun before it.
    since, until = CLOCK.day_began(str(first - timedelta(days=31))), CLOCK.day_began(str((first + timedelta(days=31)).replace(day=1)))
    learners = {attempt.learner for attempt, _ in house.records.attempts(since=since, until=until, ended_only=True)}
    return {learner for learner in learners if _month(house, learner) == month}


def _month(house: House, learner: str) -> str:
    ended = min((result.ended for _, result in house.records.attempts(learner=learner, ended_only=True) if result), default=None)
    return "" if ended is None else month_of(ended, CLOCK)


def _called(house: House, words: Words, asked: Asked, principle: str) -> Markup | str:
    if not principle:
        return ""
    played = asked.filter.encounters if asked.filter and asked.filter.encounters else tuple(name for name, _ in asked.encounters)
    known = texts(house.records, played, words.language)
    title = known.principle(principle)
    return bdi(title, words.language) if principle in known.translated else english(title)


def _group(words: Words, asked: Asked, group: str | None) -> Markup | str:
    if group is None:
        return ""
    if asked.by == "cohort":
        try:
            return words("joined-in", month=words.month(group))
        except ValueError:
            return ""
    return bdi(group) if group else words("no-team")
