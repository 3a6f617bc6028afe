"""The first page: where one can go, and one's own programmes and results."""

from __future__ import annotations

from typing import Annotated

from fastapi import APIRouter, Depends, Query, Request, Response
from fastapi.responses import RedirectResponse

from servicesim.server.house import House, house_of
from servicesim.server.pages.attempts import AttemptRow, Telling
from servicesim.server.pages.planned import standings_of
from servicesim.server.pages.sheet import AT_ONCE, LANGUAGE, PLACES, Pages, paged, shown, words_for
from servicesim.server.pages.words import offered
from servicesim.server.roles import Deed
from servicesim.server.sessions import Visitor, visiting

router = APIRouter()
PageNumber = Annotated[int, Query(ge=1, le=100_000)]
_A_YEAR = 365 * 24 * 3600


@router.get("/", response_class=Response)
def home(request: Request, visitor: Annotated[Visitor, Depends(visiting())], page: PageNumber = 1) -> Response:
    """What somebody sees first."""
    house, words = house_of(request), words_for(request)
    person = house.people.named(visitor.person) if visitor.may(Deed.OWN_RESULTS) else None
    places = [(href, key) for href, key, deeds in PLACES if visitor.deeds & set(deeds)]
    if person is None:
        return shown(request, "home.html.j2", visitor, places=places, is_learner=not places, standings=[], rows=[], pages=None)
    rows, pages = rows_of(request, house, person.learner, page)
    standings = standings_of(house, words, person)
    return shown(request, "home.html.j2", visitor, places=places, is_learner=bool(rows or standings or not places), standings=standings, rows=rows, pages=pages)


def rows_of(request: Request, house: House, learner: str, page: int) -> tuple[list[AttemptRow], Pages]:
    """The attempts of somebody, the latest first, and where one is among them."""
    words = words_for(request)
    found = house.records.some_attempts(learner, skip=(page - 1) * AT_ONCE, most=AT_ONCE)
    return Telling(house, words).rows(found), paged(request, words, page, house.records.counts_of([learner])[learner])


@router.get("/language", response_class=Response)
def language(request: Request, language: Annotated[str, Query(max_length=20)] = "en", to: Annotated[str, Query(max_length=2000)] = "/") -> Response:
    """Read on in another language."""
    inside = to.startswith("/") and not to.startswith(("//", "/\\")) and to.isprintable()
    answer = RedirectResponse(to if inside else "/", 303)
    if language in offered():
        answer.set_cookie(LANGUAGE, language, max_age=_A_YEAR, path="/", secure=house_of(request).settings.secure, httponly=True, samesite="lax")
    return answer
