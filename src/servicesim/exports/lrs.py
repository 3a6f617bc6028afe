"""One learning record store is asked, within the limits of `transport`."""

from __future__ import annotations

from types import TracebackType
from typing import Self

from servicesim import __version__
from servicesim.errors import UsageError
from servicesim.exports.answers import Answer
from servicesim.exports.credentials import Credentials
from servicesim.exports.text import clean
from servicesim.transport import DEADLINE, MOST, NoAnswer, Transport, holds_secret, is_open_to_all, parts_of_address

__all__ = ["DEADLINE", "MOST", "Lrs", "NoAnswer", "demand_address"]

_VERSION = "1.0.3"


class Lrs:
    """A learning record store.

    >>> with Lrs("https://lrs.example.com/xapi", credentials) as lrs:
    ...     answer = lrs.post(b"[{...}]")
    """

    def __init__(self, to: str, credentials: Credentials, *, deadline: float = DEADLINE) -> None:
        headers = {
            "Authorization": credentials.authorization,
            "X-Experience-API-Version": _VERSION,
            "User-Agent": f"ServiceSim/{__version__}",
        }
        self._transport = Transport(to, headers, lambda said: clean(credentials.hidden(said)), deadline=deadline)

    def __enter__(self) -> Self:
        return self

    def __exit__(self, kind: type[BaseException] | None, failure: BaseException | None, trace: TracebackType | None) -> None:
        self.close()

    def close(self) -> None:
        """Let go of the connection."""
        self._transport.close()

    def post(self, body: bytes) -> Answer:
        """Send statements, as a JSON list; raises NoAnswer."""
        return self._transport.ask("POST", "/statements", body=body)

    def get(self, statement: str) -> Answer:
        """Ask for the statement of this id; raises NoAnswer."""
        return self._transport.ask("GET", "/statements", query={"statementId": statement})


def demand_address(to: str) -> str:
    """The address of a store without a slash at its end; raises UsageError if nothing may be sent there."""
    if holds_secret(to):
        # What stands there is not quoted: it is a secret.
        raise UsageError("the address must not hold a key or a secret; they come from the environment or a file (servicesim push --help)")
    parts = parts_of_address(to)
    if parts is None:
        raise UsageError(f"{to!r} is no address of a learning record store; write it like https://lrs.example.com/xapi")
    if is_open_to_all(parts):
        raise UsageError(f"{to!r} would send results that anybody on the way could read: write https")
    return to.rstrip("/").removesuffix("/statements")
