"""The search: the best, or the worst, conduct of all plays, by best-first search with a bound that never errs.

Conduct is a weighted mean over the principles that were exercised. From any point on it is at most the mean of what
each principle can reach by itself; the search goes on where that is highest, so that the first play which it completes
is the best of all. For the worst, the same with signs turned.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from fractions import Fraction
from heapq import heappop, heappush
from math import ceil, floor
from operator import ge
from typing import NamedTuple

from servicesim.analysis.budget import Budget
from servicesim.analysis.fronts import Fronts, Listener, better_for_best, better_for_worst
from servicesim.analysis.hearing import Moves
from servicesim.analysis.ledgers import CAP, UNIT, Entry, Ledger, Points, Prospect, points
from servicesim.analysis.tracks import Piece, Track
from servicesim.analysis.world import Choice, Close, Place, Turn, World, following

Entries = tuple[int, ...]
MOST_RIVALS = 200  # that one is compared with
MOST_NODES = 1_500_000  # beyond, memory would be the limit
ROUNDED = 10**9  # a bound is told in parts of this


class Found(NamedTuple):
    """The best that was found: conduct 0-100, its moves and its close; and what nothing goes beyond."""

    value: Fraction
    bound: Fraction
    moves: Moves
    close: Close


class _Node(NamedTuple):
    """A place that was come to, how, and with what entries."""

    place: Place | Close
    entries: Entries
    parent: int
    moves: Moves


@dataclass(frozen=True, slots=True, eq=False)
class Onto:
    """One way on after hearing: what it brings, where it leads, and the entries it was found to lead to, track by track."""

    reply: Moves  # none where a silence leads on
    pieces: tuple[Piece, ...]
    leads: Place | Close
    known: list[dict[int, int]]


class Board:
    """All tracks of a world side by side: what a play does to their entries, and what may become of them.

    Tracks that nothing in this world changes stand apart: they count the same in every play.
    """

    def __init__(self, world: World, fronts: Sequence[Fronts], *, best: bool, perfect: bool = False) -> None:
        self.world, self.best = world, best
        alive, dead = list[Fronts](), list[Fronts]()
        for one in fronts:
            (alive if _can_change(one) else dead).append(one)
        self.ledgers = [Ledger(one.best, one.worst) for one in alive]
        self.tracks: list[Track] = [ledger.track for ledger in self.ledgers]
        self._same = _sum(_same(one) for one in dead)
        self._share = float(self._same.share / UNIT)
        self._listening = [number for number, one in enumerate(alive) if one.listens]
        better = better_for_best if best else better_for_worst
        self._listener = Listener([self.tracks[number] for number in self._listening], better, perfect=perfect)
        self._quiet = [number for number in range(len(alive)) if number not in self._listening]
        self._heeders: dict[Piece, list[int]] = {}
        self._ontos: dict[object, Onto] = {}
        self._merits: list[dict[int, tuple[object, float, float]]] = [{} for _ in self.ledgers]
        self._prospects: dict[tuple[Place | Close, bool], list[dict[int, Prospect]]] = {}

    def start(self) -> Entries:
        """The entries when the first speech has begun."""
        entries = tuple(ledger.number(_beginning(ledger.track)) for ledger in self.ledgers)
        return self.entered(self._onto(self.world.start, (), (self.world.start.begins,), self.world.start), entries)

    def onward(self, place: Place, entries: Entries) -> Iterator[tuple[Moves, Onto, Entries]]:
        """Every way on from a place that nothing else makes needless, and the entries before it is gone."""
        for moves, leads, now in self._heard(place, entries):
            if isinstance(leads, Turn):
                for choice in leads.choices:
                    yield moves, self._ontos.get(choice) or self._chosen(choice), now
            else:
                yield moves, self._onto(leads, (), (leads.begins,) if isinstance(leads, Place) else (), leads), now

    def entered(self, onto: Onto, entries: Entries) -> Entries:
        """The entries when a way on was gone; where nothing changes any more, fixed."""
        try:
            return tuple([known[entry] for known, entry in zip(onto.known, entries, strict=True)])
        except KeyError:
            for number, entry in enumerate(entries):
                if entry not in onto.known[number]:
                    onto.known[number][entry] = self._gone(onto, number, entry)
            return self.entered(onto, entries)

    def bound(self, place: Place | Close, entries: Entries, *, best: bool) -> float:
        """What conduct (0-1) can at best (or worst) be from here on."""
        known = self._prospects.get((place, best))
        if known is None:
            known = self._prospects[place, best] = [{} for _ in self.ledgers]
        share, weight, capped, maybe = self._share, self._same.weight, False, list[tuple[float, int]]()
        for number, entry in enumerate(entries):
            prospect = known[number].get(entry)
            if prospect is None:
                prospect = known[number][entry] = self.ledgers[number].prospect(entry, place, best=best)
            share += prospect[0]
            weight += prospect[1]
            if prospect[2] is not None:
                maybe.append(prospect[2])
            if prospect[3]:
                capped = True
        bound = _with_maybe(share, weight, maybe, best=best) if maybe else share / weight if weight else 0.0
        return min(bound, CAP) if capped else bound

    def points(self, entries: Entries) -> Points:
        """What a play that ends with these entries comes to."""
        return _sum([self._same, *[ledger.finished(entry) for ledger, entry in zip(self.ledgers, entries, strict=True)]])

    def merits(self, entries: Entries) -> tuple[tuple[object, ...], tuple[float, ...]]:
        """What the future reads of the entries; and their merits, of which more is no worse where that is the same."""
        read, told = list[object](), list[float]()
        for number, entry in enumerate(entries):
            known = self._merits[number].get(entry)
            if known is None:
                known = self._merits[number][entry] = self.ledgers[number].merits(entry, best=self.best)
            read.append(known[0])
            told.append(known[1])
            told.append(known[2])
        return tuple(read), tuple(told)

    def _heard(self, place: Place, entries: Entries) -> Iterator[tuple[Moves, Turn | Place | Close, Entries]]:
        """What the speech at a place comes to."""
        quiet = list(entries)
        for number in self._heeding(place.speech.ends):
            quiet[number] = self.ledgers[number].after(entries[number], place.speech.ends)
        states = tuple(self.ledgers[number].entry(entries[number]).state for number in self._listening)
        for result in self._listener.heard(place, states):
            after = list(quiet)
            for number, state, count in zip(self._listening, result.states, result.gains, strict=True):
                after[number] = self.ledgers[number].heard(entries[number], state, count)
            yield result.moves, result.leads, tuple(after)

    def _heeding(self, piece: Piece) -> list[int]:
        """The tracks to which the end of a speech means something, but not listening."""
        if piece not in self._heeders:
            self._heeders[piece] = [number for number in self._quiet if self.tracks[number].heeds(piece)]
        return self._heeders[piece]

    def _chosen(self, choice: Choice) -> Onto:
        begins = (choice.leads.begins,) if isinstance(choice.leads, Place) else ()
        return self._onto(choice, (choice.reply,), (choice.piece, *begins), choice.leads)

    def _onto(self, key: object, reply: Moves, pieces: tuple[Piece, ...], leads: Place | Close) -> Onto:
        if key not in self._ontos:
            self._ontos[key] = Onto(reply, pieces, leads, [{} for _ in self.ledgers])
        return self._ontos[key]

    def _gone(self, onto: Onto, number: int, entry: int) -> int:
        ledger = self.ledgers[number]
        for piece in onto.pieces:
            entry = ledger.after(entry, piece)
        return ledger.fixed(entry, onto.leads)


def _sum(points: Iterable[Points]) -> Points:
    share: int | Fraction = 0
    weight, capped = 0, False
    for more, heavier, caps in points:
        share += more
        weight += heavier
        if caps:
            capped = True
    return Points(share, weight, capped)


def _can_change(fronts: Fronts) -> bool:
    """Whether not every play ends with the same score."""
    ends = [*fronts.best.whole(), *fronts.worst.whole()]
    return len({fronts.track.score(count) for count in ends}) > 1 or (fronts.track.critical and any(broken for _, broken in ends))


def _same(fronts: Fronts) -> Points:
    """What a principle gives to every play."""
    return points(fronts.track, fronts.track.score(fronts.best.whole()[0]), broken=False)


def extreme(board: Board, budget: Budget, *, well: bool = False) -> Found | None:
    """The best (or worst) conduct of all plays; `well`: of those that end well; None where there is none."""
    return _Search(board, well=well).run(budget)


class _Search:
    """One search; nodes are kept so that the moves can be told."""

    def __init__(self, board: Board, *, well: bool) -> None:
        self.board, self._well = board, well
        self._sign = -1.0 if board.best else 1.0
        self._hopeful = _leading_well(board.world) if well else None
        self.nodes: list[_Node] = []
        self._heap: list[tuple[float, int, int]] = []
        self._seen: set[tuple[Place | Close, Entries]] = set()
        self._rivals: dict[tuple[Place | Close, tuple[object, ...]], list[tuple[float, ...]]] = {}
        self._best: tuple[Fraction, int] | None = None

    def run(self, budget: Budget) -> Found | None:
        if self._come_to(self.board.world.start, self.board.start(), -1, ()) is None:
            return None
        self._dive()
        turns = 0
        while self._heap:
            bound, _, number = heappop(self._heap)
            node = self.nodes[number]
            if self._is_settled(bound):
                return self._found(None)
            if isinstance(node.place, Close):
                self._completed(number)
                return self._found(None)
            turns += 1
            if turns % 256 == 0 and (budget.spent or len(self.nodes) > MOST_NODES):
                return self._found(self._sign * bound)
            self._expand(number)
        return self._found(None)

    def _expand(self, number: int) -> list[tuple[float, int, int]]:
        node, told = self.nodes[number], list[tuple[float, int, int]]()
        assert isinstance(node.place, Place)
        for moves, onto, entries in self.board.onward(node.place, node.entries):
            come = self._come_to(onto.leads, self.board.entered(onto, entries), number, (*moves, *onto.reply))
            if come is not None:
                told.append(come)
        return told

    def _come_to(self, place: Place | Close, entries: Entries, parent: int, moves: Moves) -> tuple[float, int, int] | None:
        if self._hopeful is not None and place not in self._hopeful:
            return None
        if (place, entries) in self._seen:
            return None
        self._seen.add((place, entries))
        if self._is_outdone(place, entries):
            return None
        bound = self.board.bound(place, entries, best=self.board.best)
        number = len(self.nodes)
        self.nodes.append(_Node(place, entries, parent, moves))
        come = (self._sign * bound, -number, number)  # of equal bounds, what was found last: deeper first
        heappush(self._heap, come)
        return come

    def _is_outdone(self, place: Place | Close, entries: Entries) -> bool:
        """Whether another way came here with as much of everything, and nothing that the future reads is different."""
        read, merits = self.board.merits(entries)
        rivals = self._rivals.setdefault((place, read), [])
        if any(all(map(ge, rival, merits)) for rival in rivals):
            return True
        if len(rivals) < MOST_RIVALS:
            rivals.append(merits)
        return False

    def _dive(self) -> None:
        """Follow the most hopeful way to its end: something to hold against the rest."""
        number = 0
        while not isinstance(self.nodes[number].place, Close):
            ahead = self._expand(number)
            if not ahead:
                return
            number = min(ahead)[2]
        self._completed(number)

    def _completed(self, number: int) -> None:
        conduct = self.board.points(self.nodes[number].entries).conduct
        if self._best is None or (conduct > self._best[0] if self.board.best else conduct < self._best[0]):
            self._best = conduct, number

    def _is_settled(self, bound: float) -> bool:
        """Whether nothing that is left can go beyond what was found."""
        return self._best is not None and bound >= self._sign * float(self._best[0]) / 100 - 1e-12

    def _found(self, left: float | None) -> Found | None:
        """What was found, and a bound: what is left may go so far (0-1); None where nothing is left."""
        if self._best is None:
            return None
        value, number = self._best
        bound = value
        if left is not None:
            high, low = min(Fraction(100), _rounded_up(100 * left)), max(Fraction(0), _rounded_down(100 * left))
            bound = max(value, high) if self.board.best else min(value, low)
        close, moves = self.nodes[number].place, list[str]()
        while number >= 0:
            node = self.nodes[number]
            moves[:0] = node.moves
            number = node.parent
        assert isinstance(close, Close)
        return Found(value, bound, tuple(moves), close)


def _with_maybe(share: float, weight: int, maybe: list[tuple[float, int]], *, best: bool) -> float:
    """The mean with those principles that need not be exercised, where they better it (or worsen it)."""
    if not best and not weight:
        return 0.0  # A play in which nothing is exercised has conduct 0.
    for score, more in sorted(maybe, reverse=best):
        if weight and (score <= share / weight if best else score >= share / weight):
            break
        share, weight = share + more * score, weight + more
    return share / weight if weight else 0.0


def _beginning(track: Track) -> Entry:
    return Entry(track.start, 0, 0)


def _rounded_up(number: float) -> Fraction:
    return Fraction(ceil(number * ROUNDED) + 1, ROUNDED)


def _rounded_down(number: float) -> Fraction:
    return Fraction(floor(number * ROUNDED) - 1, ROUNDED)


def _leading_well(world: World) -> set[Place | Close]:
    """The places from which some play ends well, and the good closes."""
    told = set[Place | Close]()
    for place in world.places:
        closes = [leads for leads in _closes(place) if leads.good]
        told.update(closes)
        if closes or any(ahead in told for ahead in following(place)):
            told.add(place)
    return told


def _closes(place: Place) -> Iterator[Close]:
    for leads in place.ways.values():
        if isinstance(leads, Close):
            yield leads
        elif isinstance(leads, Turn):
            yield from (choice.leads for choice in leads.choices if isinstance(choice.leads, Close))
