"""Accounts of an organisation's server: who may sign in, and what they are there."""

from __future__ import annotations

import sys
from typing import TYPE_CHECKING

import click

from servicesim.commands.stores import STORE, note, organisation_at, place_told
from servicesim.commands.telling import on_one_line, say, say_json
from servicesim.errors import UsageError

if TYPE_CHECKING:
    from servicesim.records.organisation import Organisation

ROLES = ("trainee", "trainer", "hr", "admin")
ASK = click.option("--ask", is_flag=True, help="Ask for the password, instead of making one.")
ROLE = click.option("--role", "roles", type=click.Choice(ROLES), multiple=True, required=True, help="What they are; several are possible.")


@click.group()
def account() -> None:
    """Who may sign in at the server, and what they are there.

    \b
    Example: servicesim organisation account add 1042 --role hr --store organisation
             servicesim organisation account roles 1042 --role hr --role trainer --store organisation
             servicesim organisation account password 1042 --store organisation
             servicesim organisation account disable 1042 --store organisation
             servicesim organisation account list --store organisation
    """


@account.command()
@click.argument("person", metavar="ID")
@STORE
@ROLE
@ASK
def add(person: str, place: str, roles: tuple[str, ...], ask: bool) -> None:
    """Make an account; its first password is printed once, and only good to set another.

    \b
    Example: servicesim organisation account add 1042 --role hr --store organisation
    """
    with organisation_at(place_told(place)) as organisation:
        new_account(organisation, person, roles, ask=ask)


@account.command()
@click.argument("person", metavar="ID")
@STORE
@ROLE
def roles(person: str, place: str, roles: tuple[str, ...]) -> None:
    """Say anew what somebody is; it counts from their next page on.

    \b
    Example: servicesim organisation account roles 1042 --role hr --role trainer --store organisation
    """
    with organisation_at(place_told(place)) as organisation:
        organisation.set_roles(person, roles)
        note(organisation, "roles", f"{person} {' '.join(sorted(roles))}")
    say(on_one_line(f"{person}: {', '.join(sorted(set(roles)))}"))


@account.command()
@click.argument("person", metavar="ID")
@STORE
@click.option("--undo", is_flag=True, help="Let them in again.")
def disable(person: str, place: str, undo: bool) -> None:
    """Let somebody sign in no more, and sign them out everywhere.

    \b
    Example: servicesim organisation account disable 1042 --store organisation
    """
    from servicesim.server.opening import now

    with organisation_at(place_told(place)) as organisation:
        organisation.disable_account(person, at=None if undo else now())
        note(organisation, "enable-account" if undo else "disable-account", person)
    say(on_one_line(f"{person} may sign in again" if undo else f"{person} is signed out, and cannot sign in any more"))


@account.command()
@click.argument("person", metavar="ID")
@STORE
@ASK
def password(person: str, place: str, ask: bool) -> None:
    """Another password for somebody who forgot theirs, printed once; they are signed out everywhere.

    \b
    Example: servicesim organisation account password 1042 --store organisation
    """
    from servicesim.server import passwords

    with organisation_at(place_told(place)) as organisation:
        if organisation.account(person) is None:
            raise UsageError(f"{person!r} has no account")
        new = _password(ask=ask)
        organisation.set_password(person, passwords.hashed(new), once=not ask)
        note(organisation, "reset-password", person)
    _tell_password(person, new, ask=ask)


@account.command("list")
@STORE
@click.option("--json", "wants_json", is_flag=True, help="As JSON.")
def list_accounts(place: str, wants_json: bool) -> None:
    """All accounts.

    \b
    Example: servicesim organisation account list --store organisation
    """
    with organisation_at(place_told(place), read_only=True) as organisation:
        known = organisation.accounts()
    if wants_json:
        say_json([{"person": one.person, "roles": sorted(one.roles), "disabled": one.disabled is not None} for one in known])
        return
    for one in known:
        say(on_one_line(f"{one.person}: {', '.join(sorted(one.roles))}{', disabled' if one.disabled is not None else ''}"))
    say(f"{len(known)} {'account' if len(known) == 1 else 'accounts'}")


def new_account(organisation: Organisation, person: str, roles: tuple[str, ...], *, ask: bool) -> None:
    """Make an account, and tell its first password."""
    from servicesim.server import passwords
    from servicesim.server.opening import now

    new = _password(ask=ask)
    organisation.keep_account(person, roles, passwords.hashed(new), once=not ask, at=now())
    note(organisation, "make-account", f"{person} {' '.join(sorted(roles))}")
    _tell_password(person, new, ask=ask)


def _password(*, ask: bool) -> str:
    from servicesim.server import passwords

    if not ask:
        return passwords.made()
    if not sys.stdin.isatty():
        raise UsageError("nobody can be asked for a password here; without --ask one is made")
    told: str = click.prompt("Password", hide_input=True, confirmation_prompt=True)
    return told


def _tell_password(person: str, password: str, *, ask: bool) -> None:
    told = "has the password that was typed" if ask else f"signs in once with the password {password} and then sets another; it is not shown again"
    say(on_one_line(f"{person} {told}"))
