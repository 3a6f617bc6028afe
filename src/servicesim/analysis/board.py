"""The board: all principles side by side, as a play goes on from place to place; and what conduct may become of it.

Conduct is a weighted mean over the principles that were exercised. From any point on it is at most the mean of what each
principle can reach by itself, and at least the mean of what each can come down to. These bounds are whole numbers in
parts of `whole`, or fractions where they must be: nothing is ever rounded.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from fractions import Fraction
from math import lcm

from servicesim.analysis.fronts import Fronts, Listener, better_for_best, better_for_worst
from servicesim.analysis.hearing import BEGINNING, Midway, Moves
from servicesim.analysis.ledgers import UNIT, Ledger, Maybe, Number, Points, Prospect, points
from servicesim.analysis.tracks import Piece, Track
from servicesim.analysis.world import Choice, Close, Place, Turn, World
from servicesim.assessment.assess import CRITICAL_CAP

Entries = tuple[int, ...]  # of each ledger


@dataclass(frozen=True, slots=True, eq=False)
class Onto:
    """One way on after hearing: what it brings, where it leads, and the entries it was found to lead to, ledger by ledger."""

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
        self._listening = [number for number, one in enumerate(alive) if one.listens]
        better = better_for_best if best else better_for_worst
        self._listener = Listener([self.tracks[number] for number in self._listening], better, perfect=perfect)
        self._quiet = [number for number in range(len(alive)) if number not in self._listening]
        self._heeders: dict[Piece, list[int]] = {}
        self._ontos: dict[object, Onto] = {}
        self._merits: list[dict[int, tuple[object, Number, Number]]] = [{} for _ in self.ledgers]
        self._prospects: dict[tuple[Place | Close, bool], list[dict[int, Prospect]]] = {}
        heaviest = self._same.weight + sum(track.weight for track in self.tracks)
        self.whole = UNIT * lcm(100, *range(1, heaviest + 1))  # conduct of 100, so that every weight divides it
        self._per_weight = [0, *(self.whole // UNIT // weight for weight in range(1, heaviest + 1))]
        self._cap = self.whole * CRITICAL_CAP // 100

    def start(self) -> Entries:
        """The entries when the first speech has begun."""
        entries = tuple(ledger.beginning() for ledger in self.ledgers)
        return self.entered(self._onto(self.world.start, (), (self.world.start.begins,), self.world.start), entries)

    def after(self, pieces: Iterable[Piece]) -> Entries:
        """The entries after what has happened, from the beginning on."""
        told = list[int]()
        pieces = tuple(pieces)
        for ledger in self.ledgers:
            entry = ledger.beginning()
            for piece in pieces:
                if ledger.track.heeds(piece):
                    entry = ledger.after(entry, piece)
            told.append(entry)
        return tuple(told)

    def onward(self, place: Place, entries: Entries, since: Midway = BEGINNING) -> Iterator[tuple[Moves, Onto, Entries]]:
        """Every way on from a place that nothing else makes needless, and the entries before it is gone; raises TooMuch.

        `since` is how far the speech there has come already.
        """
        for moves, leads, now in self._heard(place, entries, since):
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

    def bound(self, place: Place | Close, entries: Entries, *, best: bool) -> Number:
        """What conduct can at best (or worst) be from here on, in parts of `whole`; at the end, what it is."""
        known = self._prospects.get((place, best))
        if known is None:
            known = self._prospects[place, best] = [{} for _ in self.ledgers]
        share, weight, capped, maybe = self._same.share, self._same.weight, False, list[Maybe]()
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
        if maybe:
            share, weight = _with_maybe(share, weight, maybe, best=best)
        bound = share * self._per_weight[weight]
        return min(bound, self._cap) if capped else bound

    def limit(self) -> Fraction:
        """What no play goes beyond, as far as can be told without searching: conduct, 0-100."""
        return self.conduct(self.bound(self.world.start, self.start(), best=self.best))

    def conduct(self, parts: Number) -> Fraction:
        """A bound as conduct, 0-100."""
        return Fraction(100 * parts, self.whole)

    def points(self, entries: Entries) -> Points:
        """What a play that ends with these entries comes to."""
        return _sum([self._same, *[ledger.finished(entry) for ledger, entry in zip(self.ledgers, entries, strict=True)]])

    def merits(self, entries: Entries) -> tuple[tuple[object, ...], tuple[Number, ...]]:
        """What the future reads of the entries; and their merits, of which more is no worse where that is the same."""
        read, told = list[object](), list[Number]()
        for number, entry in enumerate(entries):
            known = self._merits[number].get(entry)
            if known is None:
                known = self._merits[number][entry] = self.ledgers[number].merits(entry, best=self.best)
            read.append(known[0])
            told.append(known[1])
            told.append(known[2])
        return tuple(read), tuple(told)

    def _heard(self, place: Place, entries: Entries, since: Midway) -> Iterator[tuple[Moves, Turn | Place | Close, Entries]]:
        """What the speech at a place comes to."""
        quiet = list(entries)
        for number in () if since.ended else self._heeding(place.speech.ends):
            quiet[number] = self.ledgers[number].after(entries[number], place.speech.ends)
        states = tuple(self.ledgers[number].entry(entries[number]).state for number in self._listening)
        for result in self._listener.rest(place, states, since):
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
    share: Number = 0
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


def _with_maybe(share: Number, weight: int, maybe: list[Maybe], *, best: bool) -> tuple[Number, int]:
    """Share and weight with those principles that need not be exercised, where they better the mean (or worsen it)."""
    if not best and not weight:
        return 0, 0  # A play in which nothing is exercised has conduct 0.
    for score, more in sorted(maybe, reverse=best):
        if weight and (score * weight <= share if best else score * weight >= share):
            break
        share, weight = share + more * score, weight + more
    return share, weight
