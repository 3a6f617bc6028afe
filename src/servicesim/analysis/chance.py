"""Chance: what uniformly random replies come to, with perfect listening, as exact probabilities.

Shares of all plays are whole numbers, so that nothing is rounded: each turn divides a share evenly among its choices.
Where there are too many different pasts, those left over count with the least and the most that can become of them.
"""

from __future__ import annotations

from fractions import Fraction
from math import lcm

from servicesim.analysis.board import Board, Entries
from servicesim.analysis.budget import Budget
from servicesim.analysis.ledgers import Points
from servicesim.analysis.proof import Chance
from servicesim.analysis.world import Close, Place, Turn, World, following

MOST_PASTS = 150_000


def chance(board: Board, pass_mark: int, budget: Budget) -> Chance:
    """Expected conduct and probability of passing in a world of perfect listening."""
    return _Dice(board, pass_mark).thrown(budget)


class _Dice:
    """Shares of plays, moved on place by place."""

    def __init__(self, board: Board, pass_mark: int) -> None:
        self.board, self._pass_mark = board, pass_mark
        self.whole = _whole(board.world)
        self.conduct = [Fraction(0), Fraction(0)]  # at least and at most, times the whole, of what is left over
        self.points: dict[Points, int] = {}  # the shares of plays that were followed to their end
        self._ends: dict[tuple[Close, Entries], int] = {}
        self.passing = [0, 0]

    def thrown(self, budget: Budget) -> Chance:
        world = self.board.world
        shares: dict[Place, dict[Entries, int]] = {place: {} for place in world.places}
        shares[world.start][self.board.start()] = self.whole
        pasts, enough = 0, False
        for place in reversed(world.places):
            for entries, share in shares[place].items():
                pasts += 1
                enough = enough or pasts > MOST_PASTS or (pasts % 64 == 0 and budget.spent)
                if enough:
                    self._left_over(place, entries, share)
                else:
                    self._move_on(place, entries, share, shares)
            del shares[place]
        for (close, entries), share in self._ends.items():
            self._ended(close, entries, share)
        followed = sum((points.conduct * share for points, share in self.points.items()), Fraction(0))
        low, high = (followed + more for more in self.conduct)
        least, most = self.passing
        return Chance((low / self.whole, high / self.whole), (Fraction(least, self.whole), Fraction(most, self.whole)))

    def _move_on(self, place: Place, entries: Entries, share: int, shares: dict[Place, dict[Entries, int]]) -> None:
        onward = list(self.board.onward(place, entries))
        part = share // len(onward)  # Perfect listening comes to one turn, so that the ways are its choices.
        for _, onto, before in onward:
            after = self.board.entered(onto, before)
            if isinstance(onto.leads, Close):
                end = onto.leads, after
                self._ends[end] = self._ends.get(end, 0) + part
            else:
                known = shares[onto.leads]
                known[after] = known.get(after, 0) + part

    def _ended(self, close: Close, entries: Entries, share: int) -> None:
        points = self.board.points(entries)
        self.points[points] = self.points.get(points, 0) + share
        if close.good and points.conduct >= self._pass_mark:
            self.passing = [told + share for told in self.passing]

    def _left_over(self, place: Place, entries: Entries, share: int) -> None:
        """Count a past that is not followed with what can become of it."""
        low, high = (self.board.conduct(self.board.bound(place, entries, best=best)) for best in (False, True))
        self.conduct[0] += share * low
        self.conduct[1] += share * high
        self.passing[1] += share if high >= self._pass_mark else 0


def _whole(world: World) -> int:
    """A number that can be divided at every turn of every play."""
    parts, deepest = 1, dict[Place, int]()
    for place in world.places:
        turns = [leads for leads in place.ways.values() if isinstance(leads, Turn)]
        for turn in turns:
            parts = lcm(parts, len(turn.choices))
        ahead = [deepest[one] for one in following(place)]
        deepest[place] = 1 + max(ahead, default=0)
    return int(parts ** deepest[world.start])
