"""Who may sign in at the server: accounts, the sessions they have open, and tries that are counted so that nobody can guess for long."""

from __future__ import annotations

import re
import secrets
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import Connection, Index, delete, func, insert, select, update

from servicesim.errors import UsageError
from servicesim.records.organisation_tables import flag, table, text, whole
from servicesim.records.store import Store

# An account is a person's, by the id that the company uses for them.
accounts = table(
    "accounts",
    text("person", primary_key=True),
    text("roles"),
    text("password"),
    flag("once"),
    whole("created"),
    whole("disabled", nullable=True),
)
# Only the hash of the token is kept: whoever reads the store cannot sign in with it.
sessions = table(
    "sessions",
    text("token_hash", primary_key=True),
    text("person", "accounts.person"),
    text("csrf"),
    whole("began"),
    whole("seen"),
    whole("ends"),
    Index("sessions_of_person", "person"),
)
# What is limited for all processes of the server together. `subject` says what was tried and by whom.
tries = table(
    "tries",
    text("id", primary_key=True),
    text("subject"),
    whole("at"),
    Index("tries_of_subject", "subject", "at"),
    Index("tries_in_order", "at"),
)

_NOTED_EVERY = 60_000  # milliseconds between notes of when a session was last seen: not every page is a write
_ID = re.compile(r"[^\W_][\w.@-]{0,63}")  # as people have it
_LONGEST_WINDOW = 24 * 3_600_000


@dataclass(frozen=True, slots=True)
class Account:
    """Somebody who may sign in."""

    person: str
    roles: frozenset[str]
    password: str
    """Its argon2id hash; empty where no password opens the account."""
    once: bool
    """The password was made by somebody else, and is only good to set one's own."""
    created: int
    disabled: int | None


@dataclass(frozen=True, slots=True)
class Session:
    """A browser in which somebody is signed in."""

    token_hash: str
    person: str
    roles: frozenset[str]
    once: bool
    csrf: str
    """What every form sent in this session must say."""
    began: int
    seen: int
    ends: int


@dataclass(frozen=True, slots=True)
class Try:
    """A try that was counted, or, where `wait` is not 0, one that came too soon: milliseconds until the next may come."""

    id: str
    wait: int


class Accounts:
    """The part of the organisation's store that holds them."""

    _store: Store

    # Accounts

    def keep_account(self, person: str, roles: Iterable[str], password: str, *, once: bool, at: int) -> None:
        """Keep a new account; raises UsageError if the person has one, or this is no id."""
        if not _ID.fullmatch(person):
            raise UsageError(f"{person!r} cannot be a person's id: use letters, digits and . _ @ -, begin with a letter or digit, at most 64")
        row = {"person": person, "roles": _joined(roles), "password": password, "once": int(once), "created": at}
        with self._store.writing(on=person) as connection:
            if connection.execute(_ACCOUNT.where(accounts.c.person == person)).first() is not None:
                raise UsageError(f"{person!r} has an account already")
            connection.execute(insert(accounts).values(**row, disabled=None))

    def account(self, person: str) -> Account | None:
        """The account of this person, disabled or not."""
        if not _ID.fullmatch(person):
            return None
        with self._store.reading() as connection:
            row = connection.execute(_ACCOUNT.where(accounts.c.person == person)).first()
        return None if row is None else _account(row)

    def accounts(self) -> list[Account]:
        """Every account, by the person's id."""
        with self._store.reading() as connection:
            return [_account(row) for row in connection.execute(_ACCOUNT.order_by(accounts.c.person))]

    def set_roles(self, person: str, roles: Iterable[str]) -> None:
        """What this person may do from the next page on; raises UsageError if there is no such account."""
        self._change(person, {"roles": _joined(roles)})

    def set_password(self, person: str, password: str, *, once: bool) -> None:
        """Another password; all sessions of the person end. Raises UsageError if there is no such account."""
        self._change(person, {"password": password, "once": int(once)}, ends_sessions=True)

    def rehash_password(self, person: str, before: str, password: str) -> None:
        """The same password hashed in a newer way; nothing if it was changed in the meantime."""
        with self._store.writing(on=person) as connection:
            same = (accounts.c.person == person, accounts.c.password == before)
            connection.execute(update(accounts).where(*same).values(password=password))

    def disable_account(self, person: str, *, at: int | None) -> None:
        """Nobody signs in by this account any more, and its sessions end; with None they may again."""
        self._change(person, {"disabled": at}, ends_sessions=True)

    def _change(self, person: str, values: dict[str, Any], *, ends_sessions: bool = False) -> None:
        with self._store.writing(on=person) as connection:
            changed = connection.execute(update(accounts).where(accounts.c.person == person).values(**values))
            if not changed.rowcount:
                raise UsageError(f"{person!r} has no account")
            if ends_sessions:
                connection.execute(delete(sessions).where(sessions.c.person == person))

    # Sessions

    def open_session(self, token_hash: str, person: str, csrf: str, *, at: int, ends: int) -> None:
        """Somebody has signed in; sessions that are over are forgotten."""
        row = {"token_hash": token_hash, "person": person, "csrf": csrf, "began": at, "seen": at, "ends": ends}
        with self._store.writing(on="sessions") as connection:
            connection.execute(delete(sessions).where(sessions.c.ends <= at))
            connection.execute(insert(sessions).values(row))

    def session(self, token_hash: str, *, at: int, idle: int) -> Session | None:
        """The session of this token, seen now; None if it has ended, was idle for `idle` milliseconds, or its account is disabled."""
        with self._store.reading() as connection:
            row = connection.execute(_SESSION.where(sessions.c.token_hash == token_hash)).first()
        if row is None or at >= min(row.ends, row.seen + idle):
            return None
        if at - row.seen >= _NOTED_EVERY:
            with self._store.writing(on=token_hash) as connection:
                connection.execute(update(sessions).where(sessions.c.token_hash == token_hash).values(seen=at))
        return _session(row)

    def close_session(self, token_hash: str) -> None:
        """This browser is signed out."""
        with self._store.writing(on=token_hash) as connection:
            connection.execute(delete(sessions).where(sessions.c.token_hash == token_hash))

    def close_sessions(self, person: str) -> int:
        """This person is signed out everywhere; from how many browsers."""
        with self._store.writing(on="sessions") as connection:
            return connection.execute(delete(sessions).where(sessions.c.person == person)).rowcount

    # Tries

    def count_try(self, *limits: tuple[str, int, int], at: int) -> Try:
        """Count one try for each subject of `limits` (subject, most, window in milliseconds), before it is known how it ends.

        If one of them was tried too often within its window, none is counted, and the try tells how long to wait.
        """
        with self._store.writing(on="tries") as connection:
            wait = max((_wait(connection, *limit, at) for limit in limits), default=0)
            tried = Try(secrets.token_hex(16), wait)
            if not wait:
                connection.execute(delete(tries).where(tries.c.at <= at - _LONGEST_WINDOW))
                rows = [{"id": f"{tried.id}/{number}", "subject": limit[0], "at": at} for number, limit in enumerate(limits)]
                connection.execute(insert(tries), rows)
        return tried

    def forget_try(self, tried: Try) -> None:
        """A try that ended well does not count."""
        with self._store.writing(on="tries") as connection:
            connection.execute(delete(tries).where(tries.c.id.startswith(f"{tried.id}/", autoescape=True)))


_ACCOUNT = select(*accounts.c)
_OF_SESSION = ("token_hash", "person", "csrf", "began", "seen", "ends")
_SESSION = (
    select(*(sessions.c[name] for name in _OF_SESSION), accounts.c.roles, accounts.c.once)
    .join(accounts)
    .where(accounts.c.disabled.is_(None))
)


def _wait(connection: Connection, subject: str, most: int, window: int, at: int) -> int:
    """Milliseconds until this subject may try again."""
    recent = select(func.count(), func.min(tries.c.at)).where(tries.c.subject == subject, tries.c.at > at - window)
    count, oldest = connection.execute(recent).one()
    return max(1, oldest + window - at) if count >= most else 0


def _joined(roles: Iterable[str]) -> str:
    return ",".join(sorted(set(roles)))


def _split(roles: str) -> frozenset[str]:
    return frozenset(filter(None, roles.split(",")))


def _account(row: Sequence[Any]) -> Account:
    person, roles, password, once, created, disabled = row
    return Account(person, _split(roles), password, bool(once), created, disabled)


def _session(row: Sequence[Any]) -> Session:
    token_hash, person, csrf, began, seen, ends, roles, once = row
    return Session(token_hash, person, _split(roles), bool(once), csrf, began, seen, ends)
