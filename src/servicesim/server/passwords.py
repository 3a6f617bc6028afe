"""Passwords: hashed by argon2id, and checked in the same time whether there is such an account or not."""

from __future__ import annotations

import secrets
from functools import cache
from threading import BoundedSemaphore

from argon2 import PasswordHasher, Type
from argon2.exceptions import Argon2Error, InvalidHashError

from servicesim.errors import UsageError

SHORTEST, LONGEST = 12, 256  # characters
_LETTERS = "abcdefghjkmnpqrstuvwxyz23456789"  # none that is easily taken for another
# RFC 9106's second recommendation: 64 MiB, three passes, four lanes.
_HASHER = PasswordHasher(time_cost=3, memory_cost=65_536, parallelism=4, type=Type.ID)
# Each hash takes 64 MiB while it is computed: a crowd at the door must not take all the memory.
_AT_ONCE = BoundedSemaphore(4)


def hashed(password: str) -> str:
    """What is kept of a password; raises UsageError for one that is too short or too long to be one."""
    if not SHORTEST <= len(password) <= LONGEST:
        raise UsageError(f"a password has {SHORTEST} to {LONGEST} characters")
    return hashed_anew(password)


def hashed_anew(password: str) -> str:
    """What is kept of a password from now on that was good enough before."""
    with _AT_ONCE:
        return _HASHER.hash(password.encode(errors="surrogatepass"))


def fits(password: str, kept: str | None) -> bool:
    """Whether this is the password that is kept so. Without one, as much is computed, and the answer is no."""
    # A password of a megabyte would not take longer to hash, but it would have to be read.
    password = password[: LONGEST + 1]
    against = kept or _nobodys()
    try:
        with _AT_ONCE:
            right = _HASHER.verify(against, password.encode(errors="surrogatepass"))
    except (Argon2Error, InvalidHashError):
        return False
    return right and bool(kept)


def is_outdated(kept: str) -> bool:
    """Whether this was hashed with less effort than is made today."""
    return _HASHER.check_needs_rehash(kept)


def made() -> str:
    """A new password for somebody to begin with: four groups of five letters, 99 bits."""
    return "-".join("".join(secrets.choice(_LETTERS) for _ in range(5)) for _ in range(4))


@cache
def _nobodys() -> str:
    return _HASHER.hash(secrets.token_bytes(16))
