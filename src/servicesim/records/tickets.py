"""What a desk and its organisation have to do with each other, as data: tickets, offers, verdicts. Read before SQLAlchemy is there."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Ticket:
    """The right to one attempt that counts; `opens` and `closes` are UTC, in milliseconds, by the server's clock."""

    attempt: str
    scenario: str
    edition: str
    """SHA-256 of the sealed text of the scenario."""
    principles: str
    """SHA-256 of the sealed text of the principles."""
    seed: int
    language: str
    opens: int
    closes: int


@dataclass(frozen=True, slots=True)
class Offer:
    """One edition that the organisation offers somebody."""

    scenario: str
    language: str
    title: str
    edition: str
    principles: str


@dataclass(frozen=True, slots=True)
class Refusal:
    """What the server would not take, from event number `first` on, and why; `at` is UTC, in milliseconds."""

    attempt: str
    first: int
    status: int
    words: str
    at: int


@dataclass(frozen=True, slots=True)
class Difference:
    """One thing that the desk and the server's verdict tell differently."""

    name: str
    here: str
    there: str


@dataclass(frozen=True, slots=True)
class Judged:
    """A verdict: the text that the server signed, its signature, and where the desk had come to something else."""

    body: str
    signature: str
    differences: tuple[Difference, ...]


@dataclass(frozen=True, slots=True)
class Contact:
    """How it went when the server was asked last; UTC, in milliseconds. `trouble` is empty where it went well."""

    asked: int
    answered: int | None
    trouble: str
    etag: str = ""


@dataclass(frozen=True, slots=True)
class Open:
    """A ticket whose attempt has neither a verdict nor a refusal, and how many of its events the server has."""

    ticket: Ticket
    upto: int
    late: bool
