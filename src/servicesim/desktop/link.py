"""What the window needs of the connection to an organisation; whoever opens the window hands it in.

All of it may be asked off the drawing thread only. `ticket` and `debrief` may wait for the network, the others look at what lies at
this computer. What a trainee plays goes on without any of it.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from contextlib import AbstractContextManager
from datetime import date
from typing import Protocol

from servicesim.assessment.taken import Taken
from servicesim.encounter.script import Script
from servicesim.encounter.situation import Feelings
from servicesim.records.attempt import Result
from servicesim.records.tickets import Ticket
from servicesim.scenario.programme import Programme


class Offered(Protocol):
    """An encounter that the organisation has published, in one language: sealed, so that nothing in it tells how it is judged."""

    @property
    def scenario(self) -> str: ...

    @property
    def language(self) -> str: ...

    @property
    def script(self) -> Script: ...


class Standing(Protocol):
    """How the connection stands: whether the server answered last, what was wrong if not, and how many attempts wait to be sent."""

    @property
    def online(self) -> bool: ...

    @property
    def waiting(self) -> int: ...

    @property
    def told(self) -> str:
        """What is the trouble; empty if there is none, or if nothing was asked yet."""
        ...


def is_offline(standing: Standing) -> bool:
    """Whether it was tried, and nobody answered."""
    return not standing.online and bool(standing.told)


class Kept(Protocol):
    """What the server said of an attempt that has ended."""

    @property
    def differences(self) -> tuple[str, ...]:
        """Names of what came out otherwise at this computer: fields of a result."""
        ...

    @property
    def late(self) -> bool:
        """It came after the ticket had closed; it counts, and that is told."""
        ...

    @property
    def refused(self) -> str:
        """Why the server did not take the attempt; then there is no verdict, and it does not count."""
        ...


class Debriefed(Protocol):
    """How an attempt went: the encounter whole, to be kept nowhere, and the result that counts."""

    @property
    def script(self) -> Script: ...

    @property
    def result(self) -> Result: ...

    @property
    def kept(self) -> Kept: ...


class Assigned(Protocol):
    """A programme that the organisation has assigned, with the mark of each step that is scored."""

    @property
    def programme(self) -> Programme: ...

    @property
    def begins(self) -> date:
        """The day from which its days are counted."""
        ...

    @property
    def told(self) -> Mapping[str, Programme]:
        """The same in other languages: title and summary."""
        ...

    @property
    def missing(self) -> Mapping[str, str]:
        """The titles of steps whose encounters are not on offer."""
        ...


class Programmes(Protocol):
    """What is assigned to somebody, and what the server has of their ended attempts, also of those at other computers."""

    @property
    def each(self) -> Sequence[Assigned]: ...

    @property
    def taken(self) -> Sequence[Taken]: ...


class Link(Protocol):
    """The connection of this computer, for everybody here who is connected."""

    def people(self) -> frozenset[str]:
        """The learners who are connected."""
        ...

    def offers(self, learner: str) -> Sequence[Offered]:
        """What the organisation has for this learner."""
        ...

    def programmes(self, learner: str) -> Programmes:
        """What is assigned to this learner."""
        ...

    def ticket(self, learner: str, scenario: str, language: str, remembers: Sequence[str] = ()) -> Ticket:
        """The right to begin, where the customer remembers this; raises a ServicesimError that says it in words where there is none."""
        ...

    def begun(self, attempt_id: str, ticket: Ticket) -> None:
        """The ticket is an attempt now: its first event is about to be written."""
        ...

    def happened(self, attempt_id: str) -> None:
        """More of the attempt is on disk; never waits."""
        ...

    def standing(self, learner: str) -> Standing:
        """How the connection stands."""
        ...

    def feelings(self, attempt_id: str) -> Feelings | None:
        """How the customer of the attempt feels, as the server said last, if it did; may be asked on any thread."""
        ...

    def verdict(self, attempt_id: str) -> Kept | None:
        """What the server said of the attempt, if it did."""
        ...

    def debrief(self, attempt_id: str) -> Debriefed:
        """How the attempt went, asked of the server; raises NotReached."""
        ...

    def subscribe(self, callback: Callable[[], None]) -> object:
        """Have this called, on any thread, whenever the standing, feelings or a verdict may be another."""
        ...


Linked = Callable[[], AbstractContextManager[Link | None]]
"""Makes the link once the window is there; None where nobody at this computer is connected."""


def is_sealed(script: Script) -> bool:
    """Whether this is a sealed edition: it plays the same, and nothing can be judged by it."""
    return script.scenario.sealed is not None


def is_sent(script: Script) -> bool:
    """Whether what is played of it goes to the organisation."""
    return is_sealed(script) and not script.scenario.unscored
