"""What went wrong, told as `application/problem+json` in plain words: no traceback, no paths of the server, nothing of what was sent.

    raise Problem(404, "there is no such attempt of yours")
"""

from __future__ import annotations

import logging
import secrets
from collections.abc import Callable, Iterable, Mapping
from typing import Any

from fastapi import FastAPI, Request
from fastapi.exceptions import RequestValidationError
from fastapi.responses import JSONResponse, RedirectResponse, Response
from starlette.exceptions import HTTPException
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from servicesim.errors import FilesHaveFindings, NotOffered, PlayedElsewhere, ServicesimError, StoreUnusable, UsageError

LOG = logging.getLogger("servicesim.server")
MEDIA_TYPE = "application/problem+json"
AWHILE = "5"
"""Seconds after which it makes sense to ask again when the database was away."""
_TITLES = {
    400: "This cannot be understood",
    401: "Who are you?",
    403: "Not allowed",
    404: "Not found",
    405: "Not done this way",
    406: "Not to be had in this form",
    408: "Too slow",
    409: "Something else is kept already",
    411: "How long is it?",
    413: "Too large",
    415: "Not this kind of content",
    422: "This cannot be taken as it is",
    429: "Too many at once",
    431: "Too much before the content",
    500: "Our fault",
    503: "Not now",
}
_DETAILS = {
    404: "there is nothing at this address",
    405: "this address does not take requests of this kind",
}
# pydantic's own messages quote what was sent, so these stand for them; its kinds of errors begin with these words.
_EXPECTED = {
    "missing": "is missing",
    "extra_forbidden": "is not known here",
    "string_too_short": "is too short",
    "string_too_long": "is too long",
    "too_short": "holds too few",
    "too_long": "holds too many",
    "string": "must be a text, and one of the kind expected here",
    "int": "must be a whole number",
    "greater": "is too small",
    "less": "is too large",
    "bool": "must be true or false",
    "list": "must be a list",
    "dict": "must be an object",
    "model": "must be an object",
    "json_invalid": "is not JSON",
}
_PARTS_OF_A_REQUEST = ("body", "query", "path", "header", "cookie")

Page = Callable[[Request, "Problem"], Response | None]
"""How a browser is told: the page, or None where JSON does."""


class Problem(Exception):
    """Raised by whoever answers a request; the one who asked is told this."""

    def __init__(self, status: int, detail: str, *, headers: Mapping[str, str] | None = None, also: Mapping[str, Any] | None = None) -> None:
        super().__init__(detail)
        self.status = status
        self.detail = detail
        self.headers = dict(headers or {})
        self.also = dict(also or {})
        """Further members, such as how many events are kept."""

    @property
    def title(self) -> str:
        """What kind of problem it is."""
        return _TITLES.get(self.status, "Not done")

    def told(self) -> Response:
        """As JSON."""
        body = {"type": "about:blank", "title": self.title, "status": self.status, "detail": self.detail, **self.also}
        return JSONResponse(body, self.status, {"Cache-Control": "no-store", **self.headers}, MEDIA_TYPE)


class Elsewhere(Problem):
    """What is asked for is to be had after another page only: a browser goes there, a program is told why."""

    def __init__(self, status: int, detail: str, place: str) -> None:
        super().__init__(status, detail, headers={"HX-Redirect": place})
        self.place = place


def too_many(seconds: int) -> Problem:
    """Somebody asks more often than allowed; `seconds` until it makes sense again."""
    return Problem(429, f"too many requests: try again in {seconds} {'second' if seconds == 1 else 'seconds'}", headers={"Retry-After": str(seconds)})


def told_by(app: FastAPI, page: Page) -> None:
    """Let this application tell every failure as a problem; `page` tells it to browsers."""
    app.state.problem_page = page
    app.add_exception_handler(Problem, lambda request, failure: tell(request, _same(failure)))
    app.add_exception_handler(ServicesimError, lambda request, failure: tell(request, _of_ours(failure)))
    app.add_exception_handler(RequestValidationError, lambda request, failure: tell(request, _of_form(failure)))
    app.add_exception_handler(HTTPException, lambda request, failure: tell(request, _of_framework(failure)))


def tell(request: Request, problem: Problem) -> Response:
    """The answer: a page for a browser, JSON for everybody else."""
    if "text/html" not in request.headers.get("accept", "") or request.scope["path"].startswith("/api/"):
        return problem.told()
    if isinstance(problem, Elsewhere) and "hx-request" not in request.headers:
        return RedirectResponse(problem.place, 303)
    page: Page = request.app.state.problem_page
    return page(request, problem) or problem.told()


def _same(failure: Exception) -> Problem:
    assert isinstance(failure, Problem)
    return failure


def _of_ours(failure: Exception) -> Problem:
    match failure:
        case PlayedElsewhere():
            return Problem(409, str(failure))
        case NotOffered():
            return Problem(422, str(failure))
        case UsageError() | FilesHaveFindings():
            return Problem(422, str(failure))
        case StoreUnusable():
            # The sentence names files and hosts, for those who run the server: it goes to the log.
            LOG.error("the store cannot be used: %s", failure)
            return Problem(503, "the records cannot be reached just now: try again in a moment", headers={"Retry-After": AWHILE})
        case _:
            return _fault(failure)


def _of_form(failure: Exception) -> Problem:
    assert isinstance(failure, RequestValidationError)
    amiss = [_amiss(error["loc"], error["type"]) for error in failure.errors()]
    return Problem(422, "; ".join(dict.fromkeys(amiss)))


def _amiss(where: Iterable[str | int], kind: str) -> str:
    # A mapping's keys are what was sent: only names of our own and numbers are repeated.
    names = [part for part in where if part not in _PARTS_OF_A_REQUEST]
    path = ".".join(str(part) for part in names if isinstance(part, int) or part.isidentifier())[:100] if kind != "extra_forbidden" else "a field"
    expected = next((words for start, words in _EXPECTED.items() if kind.startswith(start)), "is not as it must be")
    return f"{path or 'the content'} {expected}"


def _of_framework(failure: Exception) -> Problem:
    assert isinstance(failure, HTTPException)
    return Problem(failure.status_code, _DETAILS.get(failure.status_code, "this request cannot be answered"), headers=failure.headers)


def _fault(failure: Exception) -> Problem:
    """A fault of ours: all of it goes to the log, under a number that the one who asked is told."""
    number = secrets.token_hex(4)
    LOG.error("fault %s", number, exc_info=failure)
    return Problem(500, f"something went wrong inside the server; what happened stands in its log under {number}")


class Caught:
    """The last net, around all that answers: what nobody foresaw is logged and told, and no traceback leaves."""

    def __init__(self, app: ASGIApp) -> None:
        self._app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        begun = False

        async def watched(message: Message) -> None:
            nonlocal begun
            begun = begun or message["type"] == "http.response.start"
            await send(message)

        try:
            await self._app(scope, receive, watched)
        except Exception as failure:  # noqa: BLE001 - the last shell: it goes to the log, and a sentence to the one who asked
            problem = _fault(failure)
            if not begun and scope["type"] == "http":
                await tell(Request(scope), problem)(scope, receive, send)
