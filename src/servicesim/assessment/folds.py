"""Rules folded together: their states together are one node, and what follows from a turn is remembered with the node.

So what a turn does to several rules costs one look-up. All rules at once would be fewer look-ups, but have so many states
together that most steps would be new. What a step decides is added up in one large integer, a field for each count.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from servicesim.assessment.rules import Automaton, Rulings, State
from servicesim.assessment.turns import Acts

BITS = 16  # of each count; a play has far fewer than 65,536 acts of a kind
MOST_STEPS = 20_000  # remembered by a fold before it is halved, or begun anew if it has one rule
MOST_CELLS = 500_000  # of its rows, likewise


class Track:
    """One rule by itself: `place` is the number of its principle, `bit` says whether anything was offered to it."""

    def __init__(self, place: int, rule: Automaton, bit: int, acts: Sequence[Acts]) -> None:
        self.place, self.rule, self.bit, self.acts = place, rule, bit, acts
        self._nodes: dict[tuple[State, bool], Single] = {}

    def start(self, offers: int) -> Single:
        """Where a play begins in which so much was offered."""
        return self.node(self.rule.start, offers & self.bit != 0)

    def node(self, state: State, offered: bool) -> Single:
        """The node of this state."""
        known = self._nodes.get((state, offered))
        if known is None:
            known = self._nodes[state, offered] = Single(self, state, offered, len(self._nodes))
        return known

    def step(self, state: State, number: int, offered: bool) -> tuple[State, int]:
        """The state after a turn, and what the turn decides."""
        decided = 0
        for act in self.acts[number]:
            what = self.rule.meaning.get(act, 0)
            if what:
                state, rulings = self.rule.step(state, what, 0, offered)
                decided += packed(self.place, rulings)
        return state, decided

    def fresh(self) -> Track:
        """The same, with nothing remembered."""
        return Track(self.place, self.rule, self.bit, self.acts)


class Single(dict[int, tuple["Single", int]]):
    """A state of one rule; what follows from a turn, by its number, is worked out when it is first asked for."""

    __slots__ = ("_offered", "_state", "_track", "end", "number")

    def __init__(self, track: Track, state: State, offered: bool, number: int) -> None:
        self._track, self._state, self._offered, self.number = track, state, offered, number
        self.end = packed(track.place, track.rule.finish(state, offered))  # what is decided if the play ends here

    def __missing__(self, number: int) -> tuple[Single, int]:
        state, decided = self._track.step(self._state, number, self._offered)
        known = self[number] = self._track.node(state, self._offered), decided
        return known


Row = list[Any]  # the node first; then for each turn, by its number, the row that it leads to and what it decides, or None


class Node:
    """The states of a fold's rules together; its row says what follows from the turns that have come up."""

    __slots__ = ("_fold", "_parts", "end", "row")

    def __init__(self, fold: Fold, parts: Sequence[Single]) -> None:
        self._fold, self._parts = fold, parts
        self.end = sum([part.end for part in parts])
        self.row: Row = [self, *[None] * (fold.width - 1)]

    def learn(self, number: int) -> tuple[Row, int]:
        """What follows from a turn that has not come up."""
        ahead = [part[number] for part in self._parts]
        row = self._fold.row([after for after, _ in ahead])
        known = self.row[number] = row, self._fold.same(sum([decided for _, decided in ahead]))
        self._fold.count()
        return known


class Fold:
    """A few rules folded together, for turns with numbers below `width`; one that grows too large is put to `grown`."""

    # Rows are lists, and equal counts are one object: what is close together in memory is found in half of the time.
    def __init__(self, tracks: Sequence[Track], width: int, grown: list[Fold]) -> None:
        self.tracks, self.width, self._grown = tracks, width, grown
        self._steps = 0
        self._nodes: dict[tuple[int, ...], Node] = {}
        self._decided: dict[int, int] = {}

    def count(self) -> None:
        """One step more is remembered."""
        self._steps += 1
        if self._steps > MOST_STEPS or len(self._nodes) * self.width > MOST_CELLS:
            self._grown.append(self)

    def start(self, offers: int) -> Row:
        """Where a play begins in which so much was offered."""
        return self.row([track.start(offers) for track in self.tracks])

    def row(self, parts: Sequence[Single]) -> Row:
        """The row of these states."""
        key = tuple([part.number for part in parts])
        node = self._nodes.get(key)
        if node is None:
            node = self._nodes[key] = Node(self, parts)
        return node.row

    def same(self, decided: int) -> int:
        """The one object for equal counts."""
        return self._decided.setdefault(decided, decided)

    def widen(self, width: int) -> None:
        """Make room for turns with higher numbers."""
        for node in self._nodes.values():
            node.row += [None] * (width - self.width)
        self.width = width

    def halves(self) -> list[Fold]:
        """Two folds that remember less between them; one that has forgotten all, where it has a single rule."""
        middle = len(self.tracks) // 2
        if not middle:
            return [Fold([track.fresh() for track in self.tracks], self.width, self._grown)]
        return [Fold(some, self.width, self._grown) for some in (self.tracks[:middle], self.tracks[middle:])]


def packed(place: int, rulings: Rulings) -> int:
    """Rulings of one principle as counts in its two fields."""
    if not rulings:
        return 0
    kept = sum(ruling.kept for ruling in rulings)
    return (kept | len(rulings) - kept << BITS) << 2 * BITS * place
