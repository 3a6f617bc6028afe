"""Desks: enrolled with a code that works once, and known by a key from then on.

    @router.get("/api/1/...")
    def something(desk: DeskHere, house: HouseHere) -> ...:      # 401 unless a desk asks
"""

from __future__ import annotations

from typing import Annotated, Any

from fastapi import APIRouter, Depends, Request
from fastapi.security import HTTPAuthorizationCredentials, HTTPBearer
from pydantic import Field

from servicesim.records import desks as kept
from servicesim.records.desks import Desk
from servicesim.records.people import Person
from servicesim.server.answers import Enrolled, Me, told
from servicesim.server.house import House, house_of
from servicesim.server.problems import Problem
from servicesim.server.sessions import who_asks
from servicesim.server.strictly import Sent, content, reader

router = APIRouter(tags=["desks"])
LONGEST_CODE, LONGEST_NAME = 40, 100
WITHOUT_CONTROLS = r"^[^\x00-\x1f\x7f-\x9f]+$"  # PostgreSQL keeps no NUL, and nobody reads the others
_bearer = HTTPBearer(auto_error=False, description="The key that a desk got when it was enrolled.")
_ASK = {"WWW-Authenticate": "Bearer"}

HouseHere = Annotated[House, Depends(house_of)]


Bearer = Annotated[HTTPAuthorizationCredentials | None, Depends(_bearer)]


def key_of(bearer: Bearer) -> str:
    """The key that was sent; raises Problem 401 if there is none."""
    if bearer is None:
        raise Problem(401, "a desk's key is needed here: connect this desk again, with a new code", headers=_ASK)
    return bearer.credentials


KeyHere = Annotated[str, Depends(key_of)]


def admitted(house: House, desk: Desk | None) -> Desk:
    """The same desk, noted as seen; raises Problem 401 if there is none, or it was withdrawn."""
    if desk is None:
        raise Problem(401, "no desk has this key: connect this desk again, with a new code", headers=_ASK)
    if desk.withdrawn is not None:
        house.organisation.note_refused(f"desk {desk.id}", "withdrawn-desk", desk.learner, at=house.now())
        raise Problem(401, "this desk was withdrawn: ask whoever looks after the trainings for a new code", headers=_ASK)
    house.organisation.note_seen(desk, at=house.now())
    return desk


def demand_own(house: House, desk: Desk, attempt: str, sent: kept.Sent | None) -> kept.Sent:
    """The same attempt; raises Problem 404 if it is not this desk's person's, and writes down that somebody else's was asked for."""
    if sent is None:
        # Only attempts that there are: others are guesses, and would fill the log.
        if house.organisation.sent(attempt) is not None:
            house.organisation.note_refused(f"desk {desk.id}", "attempt", attempt, at=house.now())
        raise Problem(404, "there is no such attempt of yours")
    return sent


def desk_here(house: HouseHere, key: KeyHere) -> Desk:
    """The desk that asks."""
    return admitted(house, house.organisation.desk_of(key))


DeskHere = Annotated[Desk, Depends(desk_here)]


class Enrolment(Sent):
    """A code, and what the computer is called at which it was typed."""

    code: str = Field(min_length=1, max_length=LONGEST_CODE)
    desk: str = Field(min_length=1, max_length=LONGEST_NAME, pattern=WITHOUT_CONTROLS)


@router.post(
    "/api/1/enrol", status_code=201, response_model=None, openapi_extra=content(Enrolment),
    responses=told(Enrolled, 400, 403, 413, status=201),
)  # fmt: skip
def enrol(request: Request, house: HouseHere, asked: Annotated[Enrolment, Depends(reader(Enrolment))]) -> dict[str, Any]:
    """Use up a one-time code: this computer becomes a desk of one person, and gets a key that is told this once."""
    enrolled = house.organisation.enrol(asked.code, asked.desk, at=house.now())
    if enrolled is None:
        raise Problem(403, "this code does not work: it was mistyped, used before, or is older than a week; ask for a new one")
    desk, key = enrolled
    house.organisation.note(who_asks(request), "enrol", f"{desk.learner} desk {desk.id}", at=house.now())
    return {"desk": desk.id, "key": key, "organisation": house.settings.name, "keys": _keys(house), "person": _person(whose(house, desk))}


@router.get("/api/1/me", response_model=None, responses=told(Me, 401))
def me(house: HouseHere, desk: DeskHere) -> dict[str, Any]:
    """Who sits at this desk, the keys by which verdicts are signed, and the time."""
    person = _person(whose(house, desk))
    return {"organisation": house.settings.name, "person": person, "desk": desk.id, "keys": _keys(house), "now": house.now()}


def whose(house: House, desk: Desk) -> Person:
    """The person of a desk; raises Problem 401 if they are not known any more."""
    person = house.people.person(desk.learner)
    if person is None:
        raise Problem(401, "the person of this desk is not known here any more", headers=_ASK)
    return person


def _person(person: Person) -> dict[str, str]:
    return {"id": person.id, "name": person.name, "team": person.team, "language": person.language, "learner": person.learner}


def _keys(house: House) -> list[dict[str, str]]:
    """The key that signs now first, then those that signed before."""
    now = {"id": house.signer.key_id, "public": house.signer.public}
    kept = house.organisation.keys()
    return [now, *({"id": key.id, "public": key.public} for key in kept if key.id != now["id"])]
