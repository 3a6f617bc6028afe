"""Signing in and out, setting a password of one's own, and whether the server is well."""

from __future__ import annotations

from typing import Annotated

from fastapi import APIRouter, Depends, Form, Request
from fastapi.responses import JSONResponse, RedirectResponse, Response

from servicesim.errors import ServicesimError, UsageError
from servicesim.server import passwords
from servicesim.server.house import house_of
from servicesim.server.identity import Identity, Known, LocalAccounts
from servicesim.server.limits import count_sign_in
from servicesim.server.pages import entering
from servicesim.server.problems import AWHILE, LOG
from servicesim.server.sessions import (
    FRESH_PASSWORD,
    Visitor,
    begin_session,
    forget_cookie,
    sending,
    visiting,
    who_asks,
)

router = APIRouter(include_in_schema=False)
Anybody = Annotated[Visitor, Depends(visiting())]
AnybodySending = Annotated[Visitor, Depends(sending())]
Typed = Annotated[str, Form(max_length=1000)]


@router.get("/healthz")
def health(request: Request) -> Response:
    """200 while the stores can be read, else 503: for whoever balances the load."""
    house = house_of(request)
    try:
        house.organisation.settled("name")
        house.people.settled("name")
    except ServicesimError as failure:
        LOG.error("not well: %s", failure)
        return JSONResponse({"status": "the records cannot be reached"}, 503, {"Retry-After": AWHILE})
    return JSONResponse({"status": "well"})


@router.get("/sign-in")
def sign_in_page(request: Request, to: str = "/") -> Response:
    """Where everybody begins."""
    return entering.sign_in_page(request, to=_within(to))


@router.post("/sign-in")
def sign_in(request: Request, name: Typed = "", password: Typed = "", to: Typed = "/") -> Response:
    """A new session, or the same page with the reason in it, which never says whether there is such an account."""
    house, who = house_of(request), name.strip()
    tried = count_sign_in(request, who)
    identity: Identity = LocalAccounts(house.organisation)
    found = identity.sign_in({"name": who, "password": password})
    if not isinstance(found, Known):
        house.organisation.note(who_asks(request), "sign-in", found.about, "refused", at=house.now())
        return entering.sign_in_page(request, to=_within(to), name=who, refused=True)
    house.organisation.forget_try(tried)
    house.organisation.note(found.person, "sign-in", at=house.now())
    response = RedirectResponse(_within(to), 303)
    begin_session(house, found.person, response)
    return response


@router.post("/sign-out")
def sign_out(request: Request, visitor: AnybodySending, everywhere: Annotated[bool, Form()] = False) -> Response:
    """This browser, or all browsers of this person, are signed out."""
    house = house_of(request)
    if everywhere:
        house.organisation.close_sessions(visitor.person)
    house.organisation.close_session(visitor.token_hash)
    house.organisation.note(visitor.person, "sign-out", "everywhere" if everywhere else "", at=house.now())
    response = RedirectResponse("/sign-in", 303)
    forget_cookie(house, response)
    return response


@router.get(FRESH_PASSWORD)
def password_page(request: Request, visitor: Anybody) -> Response:
    """Where somebody sets a password of their own."""
    return entering.password_page(request, visitor)


@router.post(FRESH_PASSWORD)
def set_password(request: Request, visitor: AnybodySending, now: Typed = "", new: Typed = "", again: Typed = "") -> Response:
    """Another password: everywhere else the person is signed out, and here a new session begins."""
    house = house_of(request)
    tried = count_sign_in(request, visitor.person)
    account = house.organisation.account(visitor.person)
    if account is None or not passwords.fits(now, account.password):
        house.organisation.note(visitor.person, "password", visitor.person, "refused", at=house.now())
        return entering.password_page(request, visitor, told="wrong-password")
    house.organisation.forget_try(tried)
    if new != again or new == now:
        return entering.password_page(request, visitor, told="not-the-same" if new != again else "the-old-one")
    try:
        kept = passwords.hashed(new)
    except UsageError:
        return entering.password_page(request, visitor, told="too-short")
    house.organisation.set_password(visitor.person, kept, once=False)
    house.organisation.note(visitor.person, "password", visitor.person, at=house.now())
    response = RedirectResponse("/", 303)
    begin_session(house, visitor.person, response)
    return response


def _within(to: str) -> str:
    """A page of this server: whoever writes a link to our sign-in must not lead anybody elsewhere with it."""
    is_path = to.startswith("/") and not to.startswith("//") and to.isascii() and to.isprintable() and "\\" not in to
    return to if is_path and not to.startswith(("/sign-in", "/sign-out")) else "/"
