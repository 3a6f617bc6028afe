"""Who did what at the server."""

from __future__ import annotations

from itertools import islice
from typing import Annotated

from fastapi import APIRouter, Depends, Query, Request, Response

from servicesim.server.house import house_of
from servicesim.server.pages.asked import CLOCK, Short
from servicesim.server.pages.sheet import shown, words_for
from servicesim.server.roles import Deed
from servicesim.server.sessions import Visitor, visiting

router = APIRouter()
AT_ONCE = 100


@router.get("/audit", response_class=Response)
def audit_page(
    request: Request, visitor: Annotated[Visitor, Depends(visiting(Deed.AUDIT))], who: Short = "", before: Annotated[int | None, Query(ge=0, le=2**53)] = None, verify: Short = "",
) -> Response:  # fmt: skip
    """The newest lines first; with `verify`, whether all of them are as they were written."""
    house, words = house_of(request), words_for(request)
    lines = house.organisation.noted(who=who.strip() or None, before=before, most=AT_ONCE)
    count, link = house.organisation.audit_end()
    rot = [str(one.why) for one in islice(house.organisation.verify_audit(), 20)] if verify else None
    return shown(
        request, "audit.html.j2", visitor, who=who, count=words.number(count), link=link, rot=rot,
        rows=[(words.moment(one.at, CLOCK), one) for one in lines], older=lines[-1].seq if len(lines) == AT_ONCE and lines[-1].seq else None,
    )  # fmt: skip
