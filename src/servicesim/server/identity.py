"""The seam behind which it is settled who somebody is.

Today there is one maker of identities, `LocalAccounts`: a name and a password, kept here. Everything after it (sessions, roles, the
log) knows only the person's id that comes out, so another maker can take its place without a change elsewhere.

OpenID Connect would come next, in this way:

1. `OpenIdentity(issuer, client_id, client_secret, redirect)` reads `{issuer}/.well-known/openid-configuration` once at the start.
2. A second pair of addresses beside `/sign-in`: `/sign-in/elsewhere` draws `state`, `nonce` and a PKCE verifier, keeps them in a
   `__Host-` cookie of ten minutes and sends the browser to the provider; `/sign-in/back` takes `code` and `state`, compares the
   state, fetches the token with the verifier, and checks signature, `iss`, `aud`, `exp` and `nonce` of the id token.
3. What `/sign-in/back` received is the `form` of `sign_in`. The claim that holds the company's person id (a setting: `sub`,
   `preferred_username`, `employee_number`) becomes `Known.person`. There must be an account of that person here, for it carries
   the roles; its `password` is empty, so that no password opens it. Groups of the provider may be mapped to roles by a setting later.
4. From there on it is the same: a new session with a new token, the same ends, the same line in the log. Signing out ends the
   session here; the provider's own session is left alone unless `end_session_endpoint` is wanted.

Two things must not change on the way: `Refused` says nothing about whether there is such an account, and tries are counted before it is
known how they end.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Protocol

from servicesim.server import passwords

if TYPE_CHECKING:
    from servicesim.records.organisation import Organisation


@dataclass(frozen=True, slots=True)
class Known:
    """Somebody proved who they are: the person's id, as the company uses it."""

    person: str


@dataclass(frozen=True, slots=True)
class Refused:
    """Nobody did. `about` is the id of an account that exists, for the log; it is never told to whoever tried."""

    about: str = ""


class Identity(Protocol):
    """Somebody who can tell who somebody is."""

    def sign_in(self, form: Mapping[str, str]) -> Known | Refused:
        """Who sent this form."""
        ...


class LocalAccounts:
    """A name and a password, kept here."""

    def __init__(self, organisation: Organisation) -> None:
        self._organisation = organisation

    def sign_in(self, form: Mapping[str, str]) -> Known | Refused:
        """Whoever has the account `name` (the person's id) and its `password`; the hash is computed whether there is such an account or not."""
        person, password = form.get("name", "").strip(), form.get("password", "")
        account = self._organisation.account(person)
        kept = account.password if account is not None and account.disabled is None else None
        if not passwords.fits(password, kept) or kept is None:
            return Refused(person if account is not None else "")
        if passwords.is_outdated(kept):
            self._organisation.rehash_password(person, kept, passwords.hashed_anew(password))
        return Known(person)
