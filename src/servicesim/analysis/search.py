"""The search: the best, or the worst, conduct of all plays, by best-first search with a bound that never errs.

The search goes on where the board's bound is highest, so that the first play which it completes is the best of all. For
the worst, the same with signs turned.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from fractions import Fraction
from heapq import heapify, heappop, heappush
from operator import ge
from typing import NamedTuple

from servicesim.analysis.board import Board, Entries
from servicesim.analysis.budget import Budget, TooMuch
from servicesim.analysis.fronts import Listener, listening_for_nobody
from servicesim.analysis.hearing import Midway, Moves
from servicesim.analysis.ledgers import Number
from servicesim.analysis.world import Close, Place, Turn, World, onward

MOST_RIVALS = 200  # that one is compared with
MOST_NODES = 300_000  # beyond, they would take a gigabyte


class Found(NamedTuple):
    """The best that was found: conduct 0-100, its moves and its close; what nothing goes beyond; how much was looked at."""

    value: Fraction
    bound: Fraction
    moves: Moves
    close: Close
    nodes: int


class _Node(NamedTuple):
    """A place that was come to, how, and with what entries."""

    place: Place | Close
    entries: Entries
    parent: int
    moves: Moves


_Come = tuple[Number, int, int]  # the bound, turned so that less is more hopeful; what decides between equals; the node


def extreme(board: Board, budget: Budget, *, well: bool = False) -> Found | None:
    """The best (or worst) conduct of all plays; `well`: of those that end well; None where there is none.

    Raises TooMuch where not even one play can be followed to its end.
    """
    return _Search(board, well=well).run(budget)


def extreme_from(board: Board, place: Place, entries: Entries, since: Midway, budget: Budget) -> Found:
    """The best (or worst) conduct that a play can still come to which stands there; raises TooMuch as `extreme` does."""
    search = _Search(board, well=False)
    ways = board.onward(place, entries, since)
    found = search.run(budget, [_Node(onto.leads, board.entered(onto, now), -1, (*moves, *onto.reply)) for moves, onto, now in ways])
    assert found is not None  # Every place leads to an end.
    return found


def some_play(world: World, *, well: bool = False) -> Moves | None:
    """Any play at all, or any that ends well; None where there is none."""
    hopeful, ear = _leading_well(world) if well else None, listening_for_nobody()
    place: Place | Close = world.start
    moves = list[str]()
    if hopeful is not None and place not in hopeful:
        return None
    while isinstance(place, Place):
        more, place = next((more, leads) for more, leads in _ways_on(place, ear) if hopeful is None or leads in hopeful)
        moves += more
    return tuple(moves)


def _ways_on(place: Place, ear: Listener) -> Iterator[tuple[Moves, Place | Close]]:
    for leads, _, _, moves in ear.heard(place, ()):
        if isinstance(leads, Turn):
            yield from (((*moves, choice.reply), choice.leads) for choice in leads.choices)
        else:
            yield moves, leads


class _Search:
    """One search; nodes are kept so that the moves can be told."""

    def __init__(self, board: Board, *, well: bool) -> None:
        self.board = board
        self._sign = -1 if board.best else 1
        self._hopeful = _leading_well(board.world) if well else None
        self.nodes: list[_Node] = []
        self._heap: list[_Come] = []
        self._seen: set[tuple[Place | Close, Entries]] = set()
        self._rivals: dict[tuple[Place | Close, tuple[object, ...]], list[tuple[Number, ...]]] = {}
        self._best: _Come | None = None

    def run(self, budget: Budget, starts: Sequence[_Node] = ()) -> Found | None:
        """What is found before the budget is spent, from these nodes on or from the beginning."""
        starts = starts or [_Node(self.board.world.start, self.board.start(), -1, ())]
        self._heap, turns = [self._added(node) for node in starts if self._is_hopeful(node.place)], 0
        if not self._heap:
            return None
        heapify(self._heap)
        self._best = self._dived(self._heap[0])
        while self._heap and self._heap[0][0] < self._best[0]:
            come = heappop(self._heap)
            if isinstance(self.nodes[come[2]].place, Close):
                self._best = come
                break
            turns += 1
            if turns % 256 == 0 and (budget.spent or len(self.nodes) > MOST_NODES):
                return self._found(come[0])
            try:
                self._expand(come[2])
            except TooMuch:
                return self._found(come[0])
        return self._found(self._best[0])

    def _onward(self, number: int) -> Iterator[_Node]:
        """Where a node leads."""
        node = self.nodes[number]
        assert isinstance(node.place, Place)
        for moves, onto, entries in self.board.onward(node.place, node.entries):
            if self._is_hopeful(onto.leads):
                yield _Node(onto.leads, self.board.entered(onto, entries), number, (*moves, *onto.reply))

    def _is_hopeful(self, place: Place | Close) -> bool:
        return self._hopeful is None or place in self._hopeful

    def _expand(self, number: int) -> None:
        for node in self._onward(number):
            if (node.place, node.entries) not in self._seen:
                self._seen.add((node.place, node.entries))
                if not self._is_outdone(node.place, node.entries):
                    heappush(self._heap, self._added(node))

    def _added(self, node: _Node) -> _Come:
        bound = self.board.bound(node.place, node.entries, best=self.board.best)
        number = len(self.nodes)
        self.nodes.append(node)
        return self._sign * bound, -number, number  # of equal bounds, what was found last: deeper first

    def _is_outdone(self, place: Place | Close, entries: Entries) -> bool:
        """Whether another way came here with as much of everything, and nothing that the future reads is different."""
        read, merits = self.board.merits(entries)
        rivals = self._rivals.setdefault((place, read), [])
        if any(all(map(ge, rival, merits)) for rival in rivals):
            return True
        if len(rivals) < MOST_RIVALS:
            rivals.append(merits)
        return False

    def _dived(self, come: _Come) -> _Come:
        """The most hopeful way, followed to its end: something to hold against the rest."""
        while not isinstance(self.nodes[come[2]].place, Close):
            come = min([self._added(node) for node in self._onward(come[2])])
        return come

    def _found(self, left: Number) -> Found:
        """What was found; what is left goes no further than this."""
        assert self._best is not None
        value, _, number = self._best
        close, moves = self.nodes[number].place, list[str]()
        while number >= 0:
            node = self.nodes[number]
            moves[:0] = node.moves
            number = node.parent
        assert isinstance(close, Close)
        return Found(self._conduct(value), self._conduct(min(value, left)), tuple(moves), close, len(self.nodes))

    def _conduct(self, turned: Number) -> Fraction:
        return self.board.conduct(self._sign * turned)


def _leading_well(world: World) -> set[Place | Close]:
    """The places from which some play ends well, and the good closes."""
    told = set[Place | Close]()
    for place in world.places:
        well = [ahead for ahead in onward(place) if (ahead.good if isinstance(ahead, Close) else ahead in told)]
        told.update(well, [place] if well else ())
    return told
