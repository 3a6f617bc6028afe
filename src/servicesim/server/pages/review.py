"""The results that wait for somebody to decide about them, and what was decided."""

from __future__ import annotations

from typing import Annotated, cast, get_args

from fastapi import APIRouter, Depends, Form, Request, Response

from servicesim.records.notes import ReviewVerdict
from servicesim.server.house import house_of
from servicesim.server.pages.attempts import Telling, demand_attempt, page_of_attempt
from servicesim.server.pages.home import PageNumber
from servicesim.server.pages.sheet import AT_ONCE, done, portion, said_of, shown, words_for
from servicesim.server.problems import Problem
from servicesim.server.roles import Deed
from servicesim.server.sessions import Visitor, refused, sending, visiting

router = APIRouter()
LONGEST = 2000  # characters of a note


@router.get("/review", response_class=Response)
def review_page(request: Request, visitor: Annotated[Visitor, Depends(visiting(Deed.REVIEW))], page: PageNumber = 1) -> Response:
    """The failed attempts that nobody has decided about, and all that are to be looked at; oldest first."""
    house, words = house_of(request), words_for(request)
    found = house.records.undecided(skip=(page - 1) * AT_ONCE, most=AT_ONCE + 1)
    kept = [one for name in found[:AT_ONCE] if (one := house.records.attempt(name)) is not None]
    rows = Telling(house, words, {attempt.learner: house.people.person(attempt.learner) for attempt, _ in kept}).rows(kept)
    return shown(request, "review.html.j2", visitor, said=said_of(request, "decided"), rows=rows, pages=portion(request, words, page, goes_on=len(found) > AT_ONCE))


@router.post("/review/{attempt}", response_class=Response)
def decide(
    request: Request, attempt: str, visitor: Annotated[Visitor, Depends(sending(Deed.REVIEW))], verdict: Annotated[str, Form(max_length=20)] = "",
    note: Annotated[str, Form(max_length=LONGEST)] = "",
) -> Response:  # fmt: skip
    """Write down what somebody decides. What was decided before stays; the last word holds."""
    house, words = house_of(request), words_for(request)
    kept, note = demand_attempt(request, visitor, attempt), note.strip()
    person = house.people.named(visitor.person)
    if person is not None and person.learner == kept.attempt.learner:  # Nobody decides about a result of their own.
        refused(request, visitor, Deed.REVIEW, attempt)
    if kept.result is None:
        raise Problem(422, "this attempt has not ended: there is no result to decide about")
    if verdict not in get_args(ReviewVerdict):
        return page_of_attempt(request, visitor, attempt, {"verdict": words("error-choice")}, note)
    if verdict == "set-aside" and not note:
        return page_of_attempt(request, visitor, attempt, {"note": words("error-note")}, note, verdict)
    house.records.review(attempt, at=house.now(), by=person.name if person else visitor.person, note=note, verdict=cast(ReviewVerdict, verdict))
    house.organisation.note(visitor.person, f"review-{verdict}", attempt, at=house.now())
    return done("/review", "decided")
