"""The budget of a proof: how long it may take, and what is raised where that does not suffice."""

from __future__ import annotations

from collections.abc import Callable
from typing import NamedTuple


class TooMuch(Exception):
    """There is more to look at than the budget allows."""


class Budget(NamedTuple):
    """How long the work may take: `clock` in seconds, until `ends`."""

    clock: Callable[[], float]
    ends: float

    @property
    def spent(self) -> bool:
        """Whether time is up."""
        return self.clock() > self.ends

    def part(self, share: float) -> Budget:
        """A budget that is up when this share of what is left has passed."""
        now = self.clock()
        return Budget(self.clock, now + share * max(0.0, self.ends - now))
