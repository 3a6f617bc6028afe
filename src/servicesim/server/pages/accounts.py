"""Accounts: who may sign in, and what as."""

from __future__ import annotations

from typing import Annotated

from fastapi import APIRouter, Depends, Form, Request, Response
from markupsafe import Markup

from servicesim.server import passwords
from servicesim.server.house import house_of
from servicesim.server.pages.asked import CLOCK, Short
from servicesim.server.pages.home import PageNumber
from servicesim.server.pages.sheet import done, paged, part, said_of, shown, words_for
from servicesim.server.problems import Problem
from servicesim.server.roles import Deed, Role
from servicesim.server.sessions import Visitor, sending, visiting

router = APIRouter()
Changing = Annotated[Visitor, Depends(sending(Deed.ACCOUNTS))]
Roles = Annotated[list[str] | None, Form()]


@router.get("/accounts", response_class=Response)
def accounts_page(request: Request, visitor: Annotated[Visitor, Depends(visiting(Deed.ACCOUNTS))], name: Short = "", page: PageNumber = 1) -> Response:
    """All accounts."""
    return _page(request, visitor, {}, name=name, page=page)


@router.post("/accounts", response_class=Response)
def make(request: Request, visitor: Changing, person: Annotated[str, Form(max_length=64)] = "", roles: Roles = None) -> Response:
    """An account for somebody who is known; its first password is shown this once, and only good to set another."""
    house, words, wanted = house_of(request), words_for(request), _roles(roles)
    known, errors = house.people.named(person.strip()), dict[str, Markup]()
    if known is None:
        errors["person"] = words("error-unknown-person")
    elif house.organisation.account(known.id) is not None:
        errors["person"] = words("error-has-account")
    if not wanted:
        errors["roles"] = words("error-no-role")
    if errors or known is None:
        return _page(request, visitor, errors, person=person, roles=wanted)
    password = passwords.made()
    house.organisation.keep_account(known.id, wanted, passwords.hashed(password), once=True, at=house.now())
    house.organisation.note(visitor.person, "make-account", known.id, at=house.now())
    return _page(request, visitor, {}, password=password, whose=known.id)


@router.post("/accounts/{person}/password", response_class=Response)
def new_password(request: Request, visitor: Changing, person: str) -> Response:
    """Another first password, shown this once."""
    house = house_of(request)
    _demand(request, person)
    password = passwords.made()
    house.organisation.set_password(person, passwords.hashed(password), once=True)
    house.organisation.note(visitor.person, "reset-password", person, at=house.now())
    return _page(request, visitor, {}, password=password, whose=person)


@router.post("/accounts/{person}/roles", response_class=Response)
def change_roles(request: Request, visitor: Changing, person: str, roles: Roles = None) -> Response:
    """What somebody may do from now on. Nobody takes the last role of an admin from themselves."""
    house, words, wanted = house_of(request), words_for(request), _roles(roles)
    _demand(request, person)
    if person == visitor.person and Role.ADMIN not in wanted:
        return _page(request, visitor, {"roles": words("error-own-account")})
    house.organisation.set_roles(person, wanted)
    house.organisation.note(visitor.person, "roles", f"{person} {' '.join(wanted)}", at=house.now())
    return done("/accounts", "account-changed")


@router.post("/accounts/{person}/disable", response_class=Response)
def disable(request: Request, visitor: Changing, person: str, again: Annotated[str, Form(max_length=10)] = "") -> Response:
    """Nobody signs in by this account any more; with `again` they may."""
    house, words = house_of(request), words_for(request)
    _demand(request, person)
    if person == visitor.person:
        return _page(request, visitor, {"roles": words("error-own-account")})
    house.organisation.disable_account(person, at=None if again else house.now())
    house.organisation.note(visitor.person, "enable-account" if again else "disable-account", person, at=house.now())
    return done("/accounts", "account-changed")


def _roles(roles: list[str] | None) -> list[str]:
    return [role.value for role in Role if role.value in (roles or ())]


def _demand(request: Request, person: str) -> None:
    if house_of(request).organisation.account(person) is None:
        raise Problem(404, "there is no such account")


def _page(
    request: Request, visitor: Visitor, errors: dict[str, Markup], *, name: str = "", page: int = 1, person: str = "", roles: list[str] | None = None,
    password: str = "", whose: str = "",
) -> Response:  # fmt: skip
    house, words = house_of(request), words_for(request)
    names = {one.id: one.name for one in house.people.known()}
    wanted = name.strip().casefold()
    found = [one for one in house.organisation.accounts() if wanted in one.person.casefold() or wanted in names.get(one.person, "").casefold()]
    rows = [(one, names.get(one.person, ""), words.moment(one.created, CLOCK)) for one in part(found, page)]
    return shown(
        request, "accounts.html.j2", visitor, status=422 if errors else 200, said=said_of(request, "account-changed"), errors=errors, rows=rows,
        pages=paged(request, words, page, len(found)), roles=list(Role), person=person, chosen=roles or [Role.TRAINEE], password=password, whose=whose, name=name,
    )  # fmt: skip
