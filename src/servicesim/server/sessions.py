"""Who sits in front of a browser: sessions by cookie, and what a form must carry so that only our own pages can send it.

A page that everybody who is signed in may see, one for those who may see results, and a form of theirs:

    @router.get("/")
    def start(visitor: Annotated[Visitor, Depends(visiting())]) -> Response: ...

    @router.get("/people")
    def people(visitor: Annotated[Visitor, Depends(visiting(Deed.RESULTS))]) -> Response: ...

    @router.post("/assign")
    def assign(visitor: Annotated[Visitor, Depends(sending(Deed.ASSIGN))], who: Annotated[str, Form()]) -> Response: ...

Each form of a page holds `<input type="hidden" name="csrf" value="{{ visitor.csrf }}">`; a script sends it as `X-CSRF-Token`. Where a
handler has to settle by itself who may, it calls `signed_in(request, *deeds)`.
"""

from __future__ import annotations

import secrets
from collections.abc import Callable
from dataclasses import dataclass
from hmac import compare_digest
from typing import Annotated
from urllib.parse import quote

from fastapi import Form, Header, Request, Response

from servicesim.records.chain import sha256
from servicesim.server.addresses import address_of
from servicesim.server.house import House, ServerSettings, house_of
from servicesim.server.problems import Elsewhere, Problem
from servicesim.server.roles import Deed, may

IDLE = 60 * 60_000
"""Milliseconds after which a browser that nobody uses is signed out."""
LONGEST = 12 * 60 * 60_000
"""Milliseconds after which everybody signs in again."""
FRESH_PASSWORD = "/password"
_TOKEN_BYTES = 32


@dataclass(frozen=True, slots=True)
class Visitor:
    """Somebody who is signed in."""

    person: str
    """The id that the company uses for them."""
    deeds: frozenset[Deed]
    csrf: str
    """What every form of theirs must say."""
    once: bool
    """Has to set a password of their own before anything else."""
    token_hash: str

    def may(self, deed: Deed) -> bool:
        """Whether they may do this."""
        return deed in self.deeds

    def __repr__(self) -> str:
        return f"Visitor({self.person!r})"


def cookie_name(settings: ServerSettings) -> str:
    """With https the browser itself sees to it that no other host and no plain page can set it."""
    return "__Host-servicesim" if settings.secure else "servicesim"


def begin_session(house: House, person: str, response: Response) -> None:
    """A new session with a token of its own, which goes into the browser's cookie."""
    token, now = secrets.token_urlsafe(_TOKEN_BYTES), house.now()
    house.organisation.open_session(sha256(token), person, secrets.token_urlsafe(_TOKEN_BYTES), at=now, ends=now + LONGEST)
    response.set_cookie(
        cookie_name(house.settings), token, max_age=LONGEST // 1000, path="/",
        secure=house.settings.secure, httponly=True, samesite="lax",
    )  # fmt: skip


def forget_cookie(house: House, response: Response) -> None:
    """The browser lets go of its token."""
    response.delete_cookie(cookie_name(house.settings), path="/", secure=house.settings.secure, httponly=True, samesite="lax")


def visitor_of(request: Request) -> Visitor | None:
    """Who is signed in in this browser, if somebody is."""
    house = house_of(request)
    token = request.cookies.get(cookie_name(house.settings), "")
    session = house.organisation.session(sha256(token), at=house.now(), idle=IDLE) if token else None
    if session is None:
        return None
    return Visitor(session.person, may(session.roles), session.csrf, session.once, session.token_hash)


def signed_in(request: Request, *deeds: Deed) -> Visitor:
    """Who is signed in, and may do at least one of these deeds; anybody signed in if none is named. Raises Problem."""
    visitor = visitor_of(request)
    if visitor is None:
        raise Elsewhere(401, "sign in first", f"/sign-in?to={quote(request.url.path)}" if request.method == "GET" else "/sign-in")
    if visitor.once and request.url.path not in (FRESH_PASSWORD, "/sign-out"):
        raise Elsewhere(403, "set a password of your own first", FRESH_PASSWORD)
    if deeds and not visitor.deeds & set(deeds):
        refused(request, visitor, deeds[0])
    return visitor


def refused(request: Request, visitor: Visitor, deed: str, about: str = "") -> None:
    """Write down that somebody asked for what is not theirs to see or do, and tell them; always raises Problem."""
    house = house_of(request)
    house.organisation.note(visitor.person, deed, about or request.url.path, "refused", at=house.now())
    raise Problem(403, "your account may not do this; ask those who run the server")


def visiting(*deeds: Deed) -> Callable[[Request], Visitor]:
    """A dependency: whoever looks at this page is signed in, and may do one of these deeds."""

    def visitor(request: Request) -> Visitor:
        return signed_in(request, *deeds)

    return visitor


def sending(*deeds: Deed) -> Callable[[Request, str, str], Visitor]:
    """A dependency: as `visiting`, and the form came from one of our own pages in this very session."""

    def visitor(
        request: Request, csrf: Annotated[str, Form(max_length=200)] = "", x_csrf_token: Annotated[str, Header(max_length=200)] = ""
    ) -> Visitor:
        visitor = signed_in(request, *deeds)
        demand_own_form(request, visitor, csrf or x_csrf_token)
        return visitor

    return visitor


def demand_own_form(request: Request, visitor: Visitor, csrf: str) -> None:
    """Raise Problem unless the form carries what our page gave it in this session."""
    if not compare_digest(csrf.encode(errors="surrogatepass"), visitor.csrf.encode()):
        house = house_of(request)
        house.organisation.note(visitor.person, "foreign-form", request.url.path, "refused", at=house.now())
        raise Problem(403, "this form does not come from a page that you have open: load the page again")


def who_asks(request: Request) -> str:
    """Somebody who is not known, for the log."""
    return f"address {address_of(request)}"
