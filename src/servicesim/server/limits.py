"""How much anybody may ask of the server: the size and the time of a request, how often they come, and how often one may guess."""

from __future__ import annotations

import asyncio
from collections import OrderedDict
from math import ceil
from typing import TYPE_CHECKING

from fastapi import Request
from starlette.datastructures import Headers
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from servicesim.records.chain import sha256
from servicesim.server.addresses import address, address_of, limited_by
from servicesim.server.house import House, house_of
from servicesim.server.problems import Problem, tell, too_many

if TYPE_CHECKING:
    from servicesim.records.accounts import Try

MOST = 1024 * 1024
"""Bytes of a body."""
LARGER = {"/people/import": 5 * MOST}
"""Where more is taken: a table of all people."""
LONGEST = 10.0
"""Seconds within which all of a body has come."""
_MANY_BUCKETS = 20_000
_HEADERS, _MANY_HEADERS = 16_384, 100  # bytes, and lines
_AT_ONCE = 4.0  # seconds' worth of requests
_MINUTE = 60_000
_NULS = (b"\0", b"%00", b"\\u0000")  # as it is, in a form, in JSON

# Of a person from one address, of a person from anywhere, of an address. Somebody who types badly is not kept out for long, and
# somebody who guesses at one account from many places gets 40 guesses an hour.
_SIGN_INS = ((10, 15 * _MINUTE), (40, 60 * _MINUTE), (60, 15 * _MINUTE))
_ENROLMENTS = (30, 15 * _MINUTE)


# --- guesses, which all processes count together ---------------------------------------------------------------------


def count_sign_in(request: Request, person: str) -> Try:
    """Count a sign-in before it is known how it ends; raises Problem if there were too many. Forget the try if it ends well."""
    whence = limited_by(address_of(request))
    subjects = (f"sign-in {person} {whence}", f"sign-in {person}", f"sign-in from {whence}")
    return _counted(house_of(request), *((_subject(subject), *limit) for subject, limit in zip(subjects, _SIGN_INS, strict=True)))


def count_enrolment(request: Request) -> Try:
    """Count the use of a code before it is known whether there is such a code; raises Problem if there were too many."""
    return _counted(house_of(request), (_subject(f"enrol from {limited_by(address_of(request))}"), *_ENROLMENTS))


def _counted(house: House, *limits: tuple[str, int, int]) -> Try:
    tried = house.organisation.count_try(*limits, at=house.now())
    if tried.wait:
        raise too_many(ceil(tried.wait / 1000))
    return tried


def _subject(text: str) -> str:
    # Somebody may have typed a password where the name goes: it is not kept in words.
    return sha256(text)


# --- requests, which every process counts by itself ------------------------------------------------------------------


class Buckets:
    """How much each may still ask for: it fills up with time, and every request takes one."""

    def __init__(self, most: int = _MANY_BUCKETS) -> None:
        self._most = most
        self._left: OrderedDict[str, tuple[float, int]] = OrderedDict()

    def take(self, whose: str, rate: float, now: int) -> int:
        """0, and one is taken; or the seconds after which there is one again."""
        full = rate * _AT_ONCE
        left, then = self._left.pop(whose, (full, now))
        left = min(full, left + max(0, now - then) * rate / 1000)
        wait = 0 if left >= 1 else ceil((1 - left) / rate)
        self._left[whose] = (left if wait else left - 1, now)
        if len(self._left) > self._most:
            # Whoever asked for nothing the longest has the fullest bucket of all.
            self._left.popitem(last=False)
        return wait


class Limits:
    """Lets through whole requests of bearable size and number; everything else is answered here, in one sentence."""

    def __init__(self, app: ASGIApp) -> None:
        self._app = app
        self._buckets = Buckets()

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        try:
            _demand_bearable_headers(scope)
            self._demand_bearable_number(scope)
            body = await _body(scope, receive)
            _demand_no_nul(scope, body or b"")
        except Problem as problem:
            # What was not read of the body would be taken for the next request.
            problem.headers["Connection"] = "close"
            await tell(Request(scope), problem)(scope, receive, send)
            return
        if body is not None:
            await self._app(scope, _again(body, receive), send)

    def _demand_bearable_number(self, scope: Scope) -> None:
        house: House = scope["app"].state.house
        rates, whence = house.settings.rates, limited_by(address(scope, house.settings))
        key = Headers(scope=scope).get("authorization")
        if scope["path"] == "/healthz":
            return
        asked = [(f"browsers {whence}", rates.browser)]
        if key is not None:
            asked = [(f"desks {whence}", rates.address), (f"desk {sha256(key)}", rates.desk)]
        wait = max(self._buckets.take(whose, rate, house.now()) for whose, rate in asked)
        if wait:
            raise too_many(wait)


def _demand_bearable_headers(scope: Scope) -> None:
    size = sum(len(name) + len(value) for name, value in scope["headers"]) + len(scope["query_string"])
    if size > _HEADERS or len(scope["headers"]) > _MANY_HEADERS:
        raise Problem(431, "too much stands before the content of this request")


async def _body(scope: Scope, receive: Receive) -> bytes | None:
    """The whole body; None if whoever asks has gone. Raises Problem for one that is too large or too slow, or packed."""
    headers, most = Headers(scope=scope), LARGER.get(scope["path"], MOST)
    if headers.get("content-encoding", "identity").lower() != "identity":
        raise Problem(415, "send the content as it is, not compressed")
    told = headers.get("content-length", "0")
    if not (told.isascii() and told.isdigit()):
        raise Problem(400, "the length of the content is not a number")
    if len(told) > 12 or int(told) > most:
        raise _too_large(most)
    try:
        async with asyncio.timeout(LONGEST):
            return await _read(receive, most)
    except TimeoutError:
        raise Problem(408, f"the content took longer than {LONGEST:.0f} seconds to come") from None


def _demand_no_nul(scope: Scope, body: bytes) -> None:
    """Raise Problem where a text holds the character NUL: no name, id or word does, and PostgreSQL cannot keep it."""
    # A file may be written in UTF-16, which is full of them: whoever reads it looks for itself.
    is_file = Headers(scope=scope).get("content-type", "").startswith("multipart/")
    in_body = not is_file and any(nul in body for nul in _NULS)
    if in_body or "\0" in scope["path"] or b"%00" in scope["query_string"]:
        raise Problem(400, "what was sent holds a character that is no part of any text (NUL)")


async def _read(receive: Receive, most: int) -> bytes | None:
    body = bytearray()
    while True:
        message = await receive()
        if message["type"] != "http.request":
            return None
        body += message.get("body", b"")
        if len(body) > most:
            raise _too_large(most)
        if not message.get("more_body", False):
            return bytes(body)


def _too_large(most: int) -> Problem:
    return Problem(413, f"the content is larger than {most // MOST} MiB, which is the most that is taken here")


def _again(body: bytes, receive: Receive) -> Receive:
    """The body once more, for whoever answers; then whatever else comes."""
    waiting: list[Message] = [{"type": "http.request", "body": body, "more_body": False}]

    async def replayed() -> Message:
        return waiting.pop() if waiting else await receive()

    return replayed
