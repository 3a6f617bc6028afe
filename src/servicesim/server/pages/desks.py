"""Desks: codes that enrol one for a person, those that are enrolled, and taking a key away."""

from __future__ import annotations

from typing import Annotated

from fastapi import APIRouter, Depends, Form, Request, Response
from markupsafe import Markup

from servicesim.server.house import house_of
from servicesim.server.pages.asked import CLOCK, Short
from servicesim.server.pages.home import PageNumber
from servicesim.server.pages.sheet import done, paged, part, said_of, shown, words_for
from servicesim.server.roles import Deed
from servicesim.server.sessions import Visitor, sending, visiting

router = APIRouter()
MOST_CODES = 200  # that are listed


@router.get("/desks", response_class=Response)
def desks_page(request: Request, visitor: Annotated[Visitor, Depends(visiting(Deed.CODES, Deed.KEYS))], person: Short = "", page: PageNumber = 1) -> Response:
    """All desks, the newest first."""
    return _page(request, visitor, person, {}, page=page)


@router.post("/desks/codes", response_class=Response)
def make_code(request: Request, visitor: Annotated[Visitor, Depends(sending(Deed.CODES))], person: Annotated[str, Form(max_length=200)] = "") -> Response:
    """A code for one person; this page is the only one that ever shows it."""
    house, words = house_of(request), words_for(request)
    known = house.people.named(person.strip())
    if known is None:
        return _page(request, visitor, person, {"person": words("error-unknown-person")})
    code = house.organisation.new_code(known.learner, by=visitor.person, at=house.now())
    house.organisation.note(visitor.person, "code", known.learner, at=house.now())
    return _page(request, visitor, "", {}, code=code, whose=known.name)


@router.post("/desks/{desk}/withdraw", response_class=Response)
def withdraw(request: Request, desk: str, visitor: Annotated[Visitor, Depends(sending(Deed.CODES, Deed.KEYS))]) -> Response:
    """Take a desk's key away."""
    house = house_of(request)
    if house.organisation.withdraw_desk(desk, by=visitor.person, at=house.now()):
        house.organisation.note(visitor.person, "withdraw-desk", desk, at=house.now())
    return done("/desks", "desk-withdrawn")


def _page(request: Request, visitor: Visitor, person: str, errors: dict[str, Markup], *, page: int = 1, code: str = "", whose: str = "") -> Response:
    house, words = house_of(request), words_for(request)
    desks, person_of = house.organisation.desks(), house.people.person
    rows = [(one, person_of(one.learner), words.moment(one.at, CLOCK), words.moment(one.seen, CLOCK)) for one in part(desks, page)]
    codes = house.organisation.open_codes(at=house.now())[:MOST_CODES]
    waiting = [(person_of(one.learner), one.by, words.moment(one.ends, CLOCK)) for one in codes]
    return shown(
        request, "desks.html.j2", visitor, status=422 if errors else 200, said=said_of(request, "desk-withdrawn"), errors=errors, person=person, code=code, whose=whose,
        rows=rows, waiting=waiting, pages=paged(request, words, page, len(desks)), url=house.settings.url or str(request.base_url).rstrip("/"),
        may_code=visitor.may(Deed.CODES), sees_all=visitor.may(Deed.RESULTS),
    )  # fmt: skip
