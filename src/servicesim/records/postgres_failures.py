"""What PostgreSQL says when it fails, told as one sentence that names the database, never a password, and what to do."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

from sqlalchemy.exc import DBAPIError, IntegrityError, TimeoutError

from servicesim.errors import NewerStore, ServicesimError, StoreFull, StoreUnusable, UsageError

UPGRADE = "servicesim organisation upgrade"
_NOT_MADE = {"42P01", "3F000"}  # no such table, no such schema
_BUSY = {"55P03", "57014", "40P01", "40001", "53300"}  # lock or time run out, deadlock, too many connections
_FULL = {"53100", "53200"}
_AWAY = "57P"  # shut down, starting up, crashed


@contextmanager
def told(name: str) -> Iterator[None]:
    """Whatever the database does wrong inside the block is raised as a ServicesimError; `name` is what the message calls it.

    A row that breaks a rule of its table is a programmer's slip, and is raised as it is.
    """
    import psycopg

    try:
        yield
    except IntegrityError:
        raise
    except DBAPIError as failure:
        raise of_server(name, failure.orig) from failure
    except psycopg.Error as failure:
        raise of_server(name, failure) from failure
    except TimeoutError as failure:
        raise busy(name) from failure


def busy(name: str) -> StoreUnusable:
    """Others do not let go of it."""
    return StoreUnusable(f"{name} is in use by others that do not let go of it: try again in a moment")


def away(name: str, reason: str) -> StoreUnusable:
    """It does not answer."""
    return StoreUnusable(f"{name} cannot be reached ({reason}): see that PostgreSQL runs there, then try again")


def not_made(name: str) -> StoreUnusable:
    """Nobody has made our tables there yet."""
    return StoreUnusable(f"{name} holds no records of ServiceSim yet: its owner makes them with: {UPGRADE}")


def older(name: str) -> StoreUnusable:
    """The tables are those of an older version."""
    return StoreUnusable(f"{name} was made by an older version of ServiceSim: its owner brings it up to date with: {UPGRADE}")


def newer(name: str, version: int, known: int) -> NewerStore:
    """The tables are those of a version that we do not know."""
    return NewerStore(
        f"{name} was written by a newer version of ServiceSim (format {version}, this one knows {known}): install the newer version"
    )


def sees_all(name: str, role: str) -> UsageError:
    """The role is one that no rule about rows binds."""
    return UsageError(f"{name}: the role {role} sees the records of every organisation (SUPERUSER or BYPASSRLS): connect as another role")


def of_server(name: str, failure: BaseException | None) -> ServicesimError:
    """The failure of the driver, as a sentence."""
    state = getattr(failure, "sqlstate", None) or ""
    reason = _reason(failure)
    if state in _FULL:
        return StoreFull(f"no room is left where PostgreSQL keeps {name}: make room there and try again")
    if state in _BUSY:
        return busy(name)
    if state in _NOT_MADE:
        return not_made(name)
    if state == "25006":
        return StoreUnusable(f"{name} was opened to be read, or is a copy that cannot be written: write to the database itself")
    if state == "42501":
        return StoreUnusable(f"the role has not the right to do this in {name} ({reason}): connect as the owner, or have the right granted")
    if state.startswith("28") or "password" in reason:
        return StoreUnusable(f"{name} refuses the role or its password: check both in the address, or in PGPASSWORD or ~/.pgpass")
    if state.startswith(_AWAY) or state.startswith("08") or (not state and type(failure).__name__ == "OperationalError"):
        return away(name, reason)
    return StoreUnusable(f"{name} reports an error ({reason}): look into PostgreSQL's log")


def _reason(failure: BaseException | None) -> str:
    """The first line of what was said: the others may quote what is kept."""
    lines = str(failure).strip().splitlines()
    return lines[0].strip() if lines else type(failure).__name__
