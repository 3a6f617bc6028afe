"""What the window is told of a connection. Nothing here is slow to load: a window must not wait for it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from servicesim.encounter.script import Script
from servicesim.errors import UsageError
from servicesim.records.attempt import Result
from servicesim.records.tickets import Difference, Ticket

if TYPE_CHECKING:
    from datetime import date

    from servicesim.assessment.taken import Taken
    from servicesim.scenario.programme import Programme

__all__ = ["Assigned", "Debriefed", "Difference", "Kept", "NoTicket", "Offered", "Programmes", "Standing", "Ticket"]


class NoTicket(UsageError):
    """There is no ticket for this encounter; the message says what to do."""


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
    at: int = 0
    """When the server answered last, UTC in milliseconds; 0 if it never did."""


@dataclass(frozen=True, slots=True)
class Kept:
    """The server's word on an attempt: its verdict as it was signed, or why it did not take the attempt."""

    body: str = ""
    signature: str = ""
    differences: tuple[str, ...] = ()
    """What came out otherwise at this computer, by name."""
    late: bool = False
    """It came after the ticket had closed; it counts."""
    refused: str = ""
    """Why the attempt was not taken; then there is no verdict."""
    found: tuple[Difference, ...] = ()
    """The differences, with both values."""


@dataclass(frozen=True, slots=True)
class Debriefed:
    """What an attempt was judged by, and how. It is kept in memory only."""

    script: Script
    result: Result
    kept: Kept

    @property
    def verdict(self) -> Kept:
        """The server's word."""
        return self.kept


@dataclass(frozen=True, slots=True)
class Assigned:
    """A programme that the organisation has assigned to somebody."""

    programme: Programme
    """With the mark of each step that is scored: sealed editions tell none."""
    begins: date
    """The day from which its days are counted."""
    told: Mapping[str, Programme] = field(default_factory=dict)
    """The same in other languages, as far as it is told in them: title and summary."""
    missing: Mapping[str, str] = field(default_factory=dict)
    """Steps whose encounters are not on offer: their titles."""


@dataclass(frozen=True, slots=True)
class Programmes:
    """What is assigned to somebody, and what the server has of their ended attempts at it, also of those at other computers."""

    each: tuple[Assigned, ...] = ()
    taken: tuple[Taken, ...] = ()
