"""What the window is told of a connection."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Protocol

from servicesim.encounter.script import Script
from servicesim.errors import UsageError
from servicesim.records.attempt import Attempt, Result
from servicesim.records.connected import Difference, Kept, Ticket

__all__ = ["Debriefed", "Difference", "Keeps", "Kept", "NoTicket", "Offered", "Standing", "Ticket"]


class NoTicket(UsageError):
    """There is no ticket for this encounter here; the message says what to do."""


@dataclass(frozen=True, slots=True)
class Offered:
    """An edition that can be played; `script` is sealed, and `tickets` says how many attempts at it can be begun without the server."""

    scenario: str
    title: str
    language: str
    script: Script
    tickets: int


@dataclass(frozen=True, slots=True)
class Standing:
    """How the connection stands."""

    online: bool
    """Whether the server answered when it was asked last."""
    waiting: int
    """Attempts of which the server has not everything, or has not said its verdict."""
    told: str = ""
    """What is the trouble, in words; empty if there is none."""
    at: int | None = None
    """When the server answered last, UTC in milliseconds."""


@dataclass(frozen=True, slots=True)
class Debriefed:
    """What an attempt was judged by, and the verdict. It is kept in memory only."""

    script: Script
    result: Result
    verdict: Kept


class Keeps(Protocol):
    """What is needed of the records."""

    def lines(self, attempt_id: str) -> list[str]: ...

    def attempt(self, attempt_id: str) -> tuple[Attempt, Result | None] | None: ...

    def append(self, attempt_id: str, first_seq: int, lines: Sequence[str], result: Result | None = None) -> None: ...


Changed = Callable[[], None]
