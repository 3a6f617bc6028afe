"""The turning point: the one decision after which the most could no longer be reached."""

from __future__ import annotations

from collections.abc import Callable, Generator, Iterator, Sequence
from dataclasses import dataclass
from fractions import Fraction

from servicesim.analysis.board import Board
from servicesim.analysis.budget import Budget
from servicesim.analysis.following import Decision, Followed
from servicesim.analysis.search import extreme_from
from servicesim.analysis.tries import Try
from servicesim.analysis.world import Close


@dataclass(frozen=True, slots=True)
class TurningPoint:
    """A decision, what would have been better there, and the best conduct (0-100) that could be reached with it, and without."""

    until: int  # the decision: before this event
    instead: str
    before: Fraction
    after: Fraction
    exact: bool


Best = tuple[Fraction, bool]  # conduct, and whether that was proved


class Turns:
    """The best conduct that could still be reached, decision by decision; it only ever falls."""

    def __init__(self, board: Board, decisions: Sequence[Decision], conduct: Fraction, budget: Budget) -> None:
        self.board, self.decisions, self._budget = board, decisions, budget
        self._known: dict[int, Best] = {len(decisions): (conduct, True)}

    def told(self, tries: Callable[[Decision], list[Try]]) -> Iterator[TurningPoint | None]:
        """Where the most was lost for good, if anything was; None where a part of the work is done. Raises TooMuch."""
        _, place = yield from self._steepest(0, len(self.decisions), Fraction(0))
        if place is None:
            return
        decision, (after, sure) = self.decisions[place], self._known[place + 1]
        told = list[tuple[Best, Try]]()
        for one in tries(decision):
            told.append((self.from_here(one.stands), one))
            yield None
        nearest = [(best, one) for best, one in told if best[0] > after and one.is_reply == told[0][1].is_reply] or told
        (before, proved), better = max(nearest, key=lambda one: one[0][0])
        yield TurningPoint(decision.number, better.move, before, after, sure and proved and self._known[place][1])

    def _best(self, place: int) -> Generator[None, None, Best]:
        """The best conduct that could be reached from a decision on."""
        if place not in self._known:
            self._known[place] = self.from_here(self.decisions[place].stands)
            yield None
        return self._known[place]

    def from_here(self, stands: Followed) -> Best:
        """The best conduct that can be reached from where a play stands."""
        entries = self.board.after(stands.pieces)
        if isinstance(stands.leads, Close):
            return self.board.conduct(self.board.bound(stands.leads, entries, best=True)), True
        found = extreme_from(self.board, stands.place, entries, stands.midway, self._budget)
        return found.value, found.value == found.bound

    def _steepest(self, first: int, last: int, most: Fraction) -> Generator[None, None, tuple[Fraction, int | None]]:
        """The steepest fall between two decisions, if it is steeper than that; the earliest of those that are."""
        before, _ = yield from self._best(first)
        after, _ = yield from self._best(last)
        if before - after <= most:
            return most, None
        if last == first + 1:
            return before - after, first
        middle = (first + last) // 2
        most, early = yield from self._steepest(first, middle, most)
        most, late = yield from self._steepest(middle, last, most)
        return most, early if late is None else late
