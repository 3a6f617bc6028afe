"""Ledgers: what a track has counted so far and where it stands, as one small number, with what may still become of it.

Where nothing can change the score of a principle any more, its entry is fixed: states that differ only in how it came
about become one.
"""

from __future__ import annotations

from dataclasses import dataclass
from fractions import Fraction
from math import lcm
from typing import NamedTuple

from servicesim.analysis.fronts import Front, Side
from servicesim.analysis.tracks import Count, Piece, Track
from servicesim.analysis.world import Close, Place
from servicesim.assessment.assess import CRITICAL_CAP

UNIT = lcm(*range(1, 29))  # scores are shares of a few opportunities: whole numbers are added far faster than fractions
Number = int | Fraction  # a fraction only where a score is none of UNIT's parts
Maybe = tuple[Number, int]  # the score in parts of UNIT, and the weight, of a principle that need not be exercised


class Entry(NamedTuple):
    """Where a track stands and what it has counted; or, once nothing changes any more, its score and nothing else."""

    state: int
    kept: int
    broken: int
    fixed: Fraction | None = None
    is_fixed: bool = False


class Prospect(NamedTuple):
    """The best, or the worst, that may still become of an entry."""

    share: Number  # weight times score, in parts of UNIT
    weight: int  # 0 where it need not be exercised
    maybe: Maybe | None  # what it comes to if it is exercised, where it need not be
    capped: bool  # a critical principle is broken, or for the worst can be


class Points(NamedTuple):
    """What principles give to conduct at the end: weighted scores in parts of UNIT, weight, and whether one caps the rest."""

    share: Number
    weight: int
    capped: bool

    @property
    def conduct(self) -> Fraction:
        """The conduct that this comes to, 0-100."""
        conduct = Fraction(100 * self.share, self.weight * UNIT) if self.weight else Fraction(0)
        return min(conduct, Fraction(CRITICAL_CAP)) if self.capped else conduct


def points(track: Track, score: Fraction | None, *, broken: bool) -> Points:
    """What a principle with this score gives to conduct."""
    capped = broken and track.critical
    return Points(0, 0, capped) if score is None else Points(track.weight * _in_units(score), track.weight, capped)


def _in_units(score: Fraction) -> Number:
    parts = UNIT * score
    return int(parts) if parts.denominator == 1 else parts


@dataclass(frozen=True, slots=True)
class _Range:
    """The best or worst final score, and whether it may end without any."""

    score: Fraction | None
    maybe_none: bool


class Ledger:
    """All entries of one track."""

    def __init__(self, best: Side, worst: Side) -> None:
        self.track: Track = best.track
        self._best, self._worst = best, worst
        self._entries: list[Entry] = []
        self._numbers: dict[Entry, int] = {}
        self._moves: list[dict[Piece, int]] = []
        self._finished: dict[int, Points] = {}

    def beginning(self) -> int:
        """The entry before anything has happened."""
        return self.number(Entry(self.track.start, 0, 0))

    def entry(self, number: int) -> Entry:
        """The entry of a number."""
        return self._entries[number]

    def number(self, entry: Entry) -> int:
        """The number of an entry."""
        known = self._numbers.get(entry)
        if known is None:
            known = self._numbers[entry] = len(self._entries)
            self._entries.append(entry)
            self._moves.append({})
        return known

    def after(self, number: int, piece: Piece) -> int:
        """The entry after a piece."""
        known = self._moves[number].get(piece)
        if known is None:
            entry = self._entries[number]
            if not entry.is_fixed:
                state, (kept, broken) = self.track.step(entry.state, piece)
                entry = Entry(state, entry.kept + kept, entry.broken + broken)
            known = self._moves[number][piece] = self.number(entry)
        return known

    def heard(self, number: int, state: int, count: Count) -> int:
        """The entry after a speech that was worked out as a whole."""
        entry = self._entries[number]
        return number if entry.is_fixed else self.number(Entry(state, entry.kept + count[0], entry.broken + count[1]))

    def finished(self, number: int) -> Points:
        """What the principle gives to conduct when the play ends here."""
        known = self._finished.get(number)
        if known is None:
            score, broken = self._final(number)
            known = self._finished[number] = points(self.track, score, broken=broken)
        return known

    def _final(self, number: int) -> tuple[Fraction | None, bool]:
        """The score when the play ends here, and whether the principle was broken."""
        entry = self._entries[number]
        if entry.is_fixed:
            return entry.fixed, entry.broken > 0
        kept, broken = self.track.finish(entry.state)
        count = entry.kept + kept, entry.broken + broken
        return self.track.score(count), count[1] > 0

    def merits(self, number: int, *, best: bool) -> tuple[object, Number, Number]:
        """What the future reads of an entry, and two numbers: of entries alike in the first, more of both is no worse."""
        state, kept, broken, fixed, is_fixed = self._entries[number]
        sign = 1 if best else -1
        if is_fixed:
            return (fixed is None, broken), sign * _in_units(fixed or Fraction(0)), 0
        return state, sign * kept, -sign * broken

    def prospect(self, number: int, place: Place | Close, *, best: bool) -> Prospect:
        """The best (or worst) that may still become of an entry from a place on, or what has become of it at the end."""
        entry = self._entries[number]
        if entry.is_fixed or isinstance(place, Close):
            score, broken = self._final(number)
            return self._told(_Range(score, score is None), broken)
        if best:
            return self._told(self._range(entry, self._best.at(place, entry.state), best=True), entry.broken > 0)
        front = self._worst.at(place, entry.state)
        return self._told(self._range(entry, front, best=False), entry.broken > 0 or any(broken for _, broken in front))

    def fixed(self, number: int, place: Place | Close) -> int:
        """The entry that this one is as good as, from a place on: where its score cannot change any more, only that."""
        entry = self._entries[number]
        if entry.is_fixed:
            return number
        if isinstance(place, Close):
            score, broken = self._final(number)
            return self._fixed(score, broken)
        front = self._worst.at(place, entry.state)
        high = self._range(entry, self._best.at(place, entry.state), best=True)
        low = self._range(entry, front, best=False)
        may_break = self.track.critical and not entry.broken and any(broken for _, broken in front)
        if high == low and high.maybe_none == (high.score is None) and not may_break:
            return self._fixed(high.score, entry.broken > 0)
        return number

    def _fixed(self, score: Fraction | None, broken: bool) -> int:
        return self.number(Entry(0, 0, int(broken and self.track.critical), score, True))

    def _range(self, entry: Entry, front: Front, *, best: bool) -> _Range:
        scores = [self.track.score((entry.kept + kept, entry.broken + broken)) for kept, broken in front]
        told = [score for score in scores if score is not None]
        return _Range((max(told) if best else min(told)) if told else None, None in scores)

    def _told(self, ahead: _Range, broken: bool) -> Prospect:
        capped, weight = self.track.critical and broken, self.track.weight
        if ahead.score is None:
            return Prospect(0, 0, None, capped)
        score = _in_units(ahead.score)
        return Prospect(0, 0, (score, weight), capped) if ahead.maybe_none else Prospect(weight * score, weight, None, capped)
