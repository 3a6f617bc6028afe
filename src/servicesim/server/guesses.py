"""Guesses at codes: counted before it is known how they end, and written down if they were wrong."""

from __future__ import annotations

from collections.abc import Iterator

from fastapi import Request

from servicesim.server.house import house_of
from servicesim.server.limits import count_enrolment
from servicesim.server.problems import Problem
from servicesim.server.sessions import who_asks

ENROL = "/api/1/enrol"


def counted(request: Request) -> Iterator[None]:
    """A dependency of all that desks ask for: where a code is used, it is counted, and a wrong one noted. A good one does not count."""
    if request.scope["path"] != ENROL:
        yield
        return
    house, tried = house_of(request), count_enrolment(request)
    try:
        yield
    except Problem:
        house.organisation.note(who_asks(request), "enrol", "", "refused", at=house.now())
        raise
    house.organisation.forget_try(tried)
