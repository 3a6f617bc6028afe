"""What a browser is told where something cannot be done."""

from __future__ import annotations

from fastapi import Request, Response

from servicesim.errors import ServicesimError
from servicesim.server.pages.sheet import shown
from servicesim.server.problems import Elsewhere, Problem
from servicesim.server.sessions import Visitor, visitor_of

_KINDS = {403: "forbidden", 404: "missing", 405: "missing", 413: "large", 422: "amiss", 429: "many", 503: "away"}


def problem_page(request: Request, problem: Problem) -> Response | None:
    """The page of a problem, or the way to the page that comes first."""
    if isinstance(problem, Elsewhere):
        # A script follows no redirect of ours to a whole page: it is told to let the browser go there.
        return Response(status_code=204, headers={"HX-Redirect": problem.place})
    kind = _KINDS.get(problem.status, "other")
    page = shown(request, "problem.html.j2", _visitor(request), status=problem.status, kind=kind, detail="" if kind in ("missing", "away") else problem.detail)
    page.headers.update(problem.headers)
    return page


def _visitor(request: Request) -> Visitor | None:
    """Whoever is signed in, as far as that can still be told."""
    try:
        return visitor_of(request)
    except ServicesimError:
        return None
