"""Which attempts are handed over: every kind of file is asked for with the same filter."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Literal, get_args

from servicesim.exports.clock import Clock
from servicesim.records.attempt import Attempt, Result

Which = Literal["all", "first", "best", "last"]
WHICH: tuple[Which, ...] = get_args(Which)

_UTC = Clock()


@dataclass(frozen=True, slots=True)
class Filter:
    """What an attempt must be to be handed over. A programme is the encounters that it is made of.

    `first`, `best` and `last` are chosen, for each person and encounter, among those that all the rest lets through, and that no
    review has set aside. The best has passed, if one has; then it is the one of the highest conduct, and the first of several.
    """

    encounters: tuple[str, ...] = ()
    learner: str | None = None
    """The random id of one person."""
    team: str | None = None
    since: int | None = None
    """Began then or later (UTC milliseconds)."""
    until: int | None = None
    """Began before (UTC milliseconds)."""
    attempts: Which = "all"
    passed: bool | None = None
    with_practice: bool = False

    @property
    def asks_more(self) -> bool:
        """Whether it asks for more than the records can be asked for."""
        return len(self.encounters) > 1 or self.team is not None or self.passed is not None

    def lets(self, attempt: Attempt, result: Result, team: str | None) -> bool:
        """Whether an attempt of somebody of this team fits, as far as it asks for more."""
        fits = not self.encounters or attempt.scenario in self.encounters
        return fits and self.passed in (None, result.passed) and self.team in (None, team)

    def as_text(self) -> str:
        """In words, for the log and the manifest."""
        return "; ".join(self._words()) or "every attempt that has ended, without practice"

    def _words(self) -> Iterator[str]:
        if self.encounters:
            yield f"encounter {' or '.join(self.encounters)}"
        if self.learner is not None:
            yield f"learner {self.learner}"
        if self.team is not None:
            yield f"team {self.team}"
        if self.since is not None:
            yield f"began at {_UTC.text(self.since)} or later"
        if self.until is not None:
            yield f"began before {_UTC.text(self.until)}"
        if self.passed is not None:
            yield "passed" if self.passed else "not passed"
        if self.attempts != "all":
            yield f"the {self.attempts} attempt of each person at each encounter"
        if self.with_practice:
            yield "with practice"
