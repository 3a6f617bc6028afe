"""What is kept of one play: the attempt, and its result once it has ended."""

from __future__ import annotations

from dataclasses import dataclass
from typing import NamedTuple


@dataclass(frozen=True, slots=True)
class Attempt:
    """Who played which version of which scenario, when; `learner` is a random id that names nobody."""

    id: str
    learner: str
    scenario: str
    scenario_hash: str
    """SHA-256 of the scenario's canonical text, kept with `Records.keep_text`."""
    principles_hash: str
    rules_version: int
    seed: int
    untimed: bool
    practice: bool
    language: str
    started: int
    """UTC, in milliseconds since 1970."""


@dataclass(frozen=True, slots=True)
class Result:
    """How an attempt was judged when it ended."""

    ended: int
    """UTC, in milliseconds since 1970."""
    ending: str | None
    conduct: str
    """Exact, 0-100, as `numerator/denominator`."""
    passed: bool
    outcome: str
    satisfaction: int
    expects: int
    received: int
    trust: int
    anger: int
    principles: str
    """JSON text: the score of each principle."""


@dataclass(frozen=True, slots=True)
class Handed:
    """An attempt whole: with all that happened in it, and its result if it has ended."""

    attempt: Attempt
    lines: tuple[str, ...]
    result: Result | None


class EndedRow(NamedTuple):
    """What files tell of an attempt that has ended; the flags are 0 and 1."""

    id: str
    learner: str
    scenario: str
    scenario_hash: str
    principles_hash: str
    rules_version: int
    untimed: int
    practice: int
    language: str
    started: int
    ended: int
    ending: str | None
    conduct: str
    passed: int
    outcome: str
    satisfaction: int
