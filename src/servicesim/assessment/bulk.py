"""Counting many transcripts side by side, with numpy: all of them take their first turn, then their second, and so on.

A few rules together are a table: in a row for each of their states, what a turn leads to and what it decides. A table is
filled as steps are met, from tables of its single rules, which are filled by folds.py: what rules mean is written once.
Counts are added up in a byte each, eight to a word, and emptied before one could run over.

    bulk = Bulk(tally)
    bulk.counted(plays)                     # as Tally.counted gives them
    bulk.figures(bulk.encoded(plays))       # only the counts: a row for each play, as Tally.figures gives them
"""

from __future__ import annotations

from array import array
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from servicesim.assessment.assess import is_untimed
from servicesim.assessment.folds import BITS, Single, Track
from servicesim.assessment.tally import Counted, Folds, Tally
from servicesim.assessment.turns import Acts, Turns
from servicesim.encounter.events import Event

PRINCIPLES = 4  # in a table: their counts fill a word
TOGETHER = 6  # rules in a table
MOST_CELLS = 1 << 20  # of a table, before its rules are told apart
MOST_IN_A_BYTE = 255
AT_ONCE = 16_384  # plays that are counted side by side, so that they stay close to the processor

Whole = NDArray[np.intp]
Words = NDArray[np.uint64]
Figures = NDArray[np.uint16]


@dataclass(frozen=True, slots=True)
class Encoded:
    """Plays as numbers, one play's turns after the other's; what depends on the clock was counted from the events."""

    turns: Whole
    lengths: Whole
    offers: Whole
    """For each play, which of `offered` it is."""
    offered: tuple[int, ...]
    by_the_clock: tuple[int, ...]
    untimed: bool

    def __len__(self) -> int:
        return len(self.lengths)


class TooLarge(Exception):
    """A table would have too many cells, or a count that fits no byte."""


class Bulk:
    """Kept and broken of every principle, for many transcripts of one script at once."""

    def __init__(self, tally: Tally) -> None:
        self._tally = tally
        self._tables: dict[bool, list[_Several]] = {}

    def counted(self, plays: Sequence[Sequence[Event]]) -> list[Counted]:
        """What each play comes to, as `Tally.counted` says it."""
        told = dict[int, Counted]()
        for untimed in (False, True):
            places = [place for place, events in enumerate(plays) if is_untimed(events) == untimed]
            told |= zip(places, self._counted([plays[place] for place in places], untimed=untimed), strict=True)
        return [told[place] for place in range(len(plays))]

    def _counted(self, plays: Sequence[Sequence[Event]], *, untimed: bool) -> Iterator[Counted]:
        try:
            figures = self.figures(self.encoded(plays, untimed=untimed))
        except TooLarge:
            yield from map(self._tally.counted, plays)
            return
        told, size = figures.tobytes(), figures.shape[1] * BITS // 8
        for number, events in enumerate(plays):
            total = int.from_bytes(told[number * size : (number + 1) * size], "little")
            yield Counted(total, self._tally.marks(events), untimed)

    def encoded(self, plays: Sequence[Sequence[Event]], *, untimed: bool = False) -> Encoded:
        """The plays as numbers; all of them with clocks, or all without."""
        folds = self._tally.folds(untimed=untimed)
        turns, lengths, offers, clock = array("q"), array("q"), array("q"), list[int]()
        known: dict[int, int] = {}
        for events in plays:
            numbers, offered = folds.turns.of(events)
            turns.extend(numbers)
            lengths.append(len(numbers))
            offers.append(known.setdefault(offered, len(known)))
            if folds.needs_times:
                clock.append(folds.by_the_clock(events, offered))
        turns_told, lengths_told, offers_told = (np.array(one, np.intp) for one in (turns, lengths, offers))
        return Encoded(turns_told, lengths_told, offers_told, tuple(known), tuple(clock), untimed)

    def figures(self, plays: Encoded) -> Figures:
        """A row for each play: kept and broken of the first principle, of the second, and so on; raises TooLarge."""
        found = np.zeros((2 * len(self._tally.names), len(plays)), "<u2")
        firsts = np.cumsum(plays.lengths) - plays.lengths
        for begin in range(0, len(plays), AT_ONCE):
            some = slice(begin, begin + AT_ONCE)
            order = np.argsort(-plays.lengths[some], kind="stable")
            columns = list(_columns(plays.turns, firsts[some][order], plays.lengths[some][order]))
            self._add(columns, plays, plays.offers[some][order], _Sums(found[:, some], np.argsort(order)))
        for number, total in enumerate(plays.by_the_clock):
            found[:, number] += np.frombuffer(total.to_bytes(len(found) * BITS // 8, "little"), "<u2")
        return found.T

    def _add(self, columns: Sequence[Whole], plays: Encoded, offers: Whole, sums: _Sums) -> None:
        """Count some plays by every table; a table that grows too large is taken apart."""
        waiting, done = self._tables.pop(plays.untimed, None) or _tables(self._tally.folds(untimed=plays.untimed)), list[_Several]()
        while waiting:
            table = waiting.pop()
            try:
                starts = table.starts(plays.offered)[offers]
                for totals in table.count(columns, starts):
                    sums.add(totals, table.fields)
                done.append(table)
            except TooLarge:
                waiting += table.halves()
        self._tables[plays.untimed] = done


class _Sums:
    """Where counts are gathered: a row for each field; `back` leads from the order of counting to that of the plays."""

    def __init__(self, found: Figures, back: Whole) -> None:
        self._found, self._back = found, back

    def add(self, totals: Words, fields: slice) -> None:
        """Add what stands in the bytes of words, eight fields in each."""
        rows = self._found[fields]
        for number, word in enumerate(totals):
            told = word.take(self._back).astype("<u8", copy=False).view(np.uint8)
            for byte, row in enumerate(rows[8 * number : 8 * number + 8]):
                row += told[byte::8]


class _Table:
    """What turns lead to and decide, from states that are numbers: a row for each state, a cell for each kind of turn."""

    def __init__(self, tracks: Sequence[Track], turns: Turns, words: int) -> None:
        self._turns, self._words = turns, words
        self._meant = {act for track in tracks for act in track.rule.meaning}
        self._kinds: dict[Acts, int] = {}  # turns that are the same to these rules are one kind
        self._example: list[int] = []  # a turn of each kind
        self._kind_of = np.zeros(0, np.intp)  # by the number of the turn
        self._width = 0
        self._forget()

    def _forget(self) -> None:
        self.most = 0  # the largest count that a step decides
        self._states = 0
        self._ahead = np.zeros(0, np.intp)  # the first cell of the state that a cell leads to; -1 where nobody has been
        self._decided = np.zeros((self._words, 0), np.uint64)
        self._ends = np.zeros((self._words, 0), np.uint64)

    def _learn(self, cells: Whole) -> None:
        """Fill cells in which nobody has been."""
        raise NotImplementedError

    def _known(self, cells: Whole) -> Whole:
        """Where cells lead to."""
        ahead = self._ahead.take(cells)
        if len(ahead) and ahead.min() < 0:
            new = np.zeros(len(self._ahead), np.bool_)
            new[cells[ahead < 0]] = True
            self._learn(np.flatnonzero(new))
            ahead = self._ahead.take(cells)
        return ahead

    def _sort(self) -> None:
        """Find out of which kind the turns are that came up since; more kinds than a row can hold make wider rows."""
        new = self._turns.lists[len(self._kind_of) :]
        if new:
            kinds = [self._kind(number, acts) for number, acts in enumerate(new, len(self._kind_of))]
            self._kind_of = np.concatenate((self._kind_of, np.array(kinds, np.intp)))
        if len(self._kinds) > self._width:
            self._width = 2 * len(self._kinds)
            self._forget()

    def _kind(self, number: int, acts: Acts) -> int:
        meant = tuple(filter(self._meant.__contains__, acts))
        if meant not in self._kinds:
            self._kinds[meant] = len(self._kinds)
            self._example.append(number)
        return self._kinds[meant]

    def _grow(self, ends: Words) -> None:
        """Make room for more states, given what each decides if the play ends there."""
        known, self._states = self._states, self._states + ends.shape[1]
        self._demand_bytes(ends)
        if self._states * self._width > MOST_CELLS:
            raise TooLarge
        if self._states > self._ends.shape[1]:
            more = self._states
            self._ahead = np.concatenate((self._ahead, np.full(more * self._width, -1, np.intp)))
            self._decided = np.concatenate((self._decided, np.zeros((self._words, more * self._width), np.uint64)), axis=1)
            self._ends = np.concatenate((self._ends, np.zeros((self._words, more), np.uint64)), axis=1)
        self._ends[:, known : self._states] = ends

    def _demand_bytes(self, decided: Words) -> None:
        """Note the largest count."""
        if decided.size:
            self.most = max(self.most, int(np.ascontiguousarray(decided).view(np.uint8).max()))


class _One(_Table):
    """The table of one rule, filled by its track; `first` is the first field of its table."""

    def __init__(self, track: Track, turns: Turns, words: int, first: int) -> None:
        super().__init__([track], turns, words)
        self._track, self._shift = track, BITS * first

    def _forget(self) -> None:
        super()._forget()
        self._nodes: list[Single] = []
        self._numbers: dict[int, int] = {}

    def starts(self, offered: Sequence[int]) -> Whole:
        """The states in which plays begin that were offered so much."""
        self._sort()
        return self._numbered([self._track.start(one) for one in offered])

    def steps(self, states: Whole, turns: Whole) -> tuple[Whole, Words]:
        """The states after turns, and what they decide."""
        cells = states * self._width + self._kind_of.take(turns)
        return self._known(cells) // self._width, self._decided[:, cells]

    def ends(self, states: Whole) -> Words:
        """What is decided where a play ends in these states."""
        return self._ends[:, states]

    def _learn(self, cells: Whole) -> None:
        told = [divmod(cell, self._width) for cell in cells.tolist()]
        steps = [self._nodes[state][self._example[kind]] for state, kind in told]
        decided = self._as_words([decided for _, decided in steps])
        self._demand_bytes(decided)
        ahead = self._numbered([node for node, _ in steps]) * self._width
        self._ahead[cells], self._decided[:, cells] = ahead, decided

    def _numbered(self, nodes: Sequence[Single]) -> Whole:
        new = list({node.number: node for node in nodes if node.number not in self._numbers}.values())
        self._numbers |= {node.number: place for place, node in enumerate(new, len(self._nodes))}
        self._nodes += new
        if new:
            self._grow(self._as_words([node.end for node in new]))
        return np.array([self._numbers[node.number] for node in nodes], np.intp)

    def _as_words(self, decided: Sequence[int]) -> Words:
        """What was decided, in a byte for each field."""
        told = np.zeros((len(decided), 8 * self._words), np.uint8)
        for row, one in zip(told, decided, strict=True):
            counts = (one >> self._shift).to_bytes(2 * len(row), "little")
            if any(counts[1::2]):
                raise TooLarge
            row[:] = np.frombuffer(counts[::2], np.uint8)
        return told.view("<u8").astype(np.uint64).T


class _Several(_Table):
    """The table of a few rules, filled from theirs; a state is the number of a row of states of theirs."""

    def __init__(self, tracks: Sequence[Track], turns: Turns) -> None:
        first, last = 2 * tracks[0].place, 2 * tracks[-1].place + 2  # principles come in order
        self.fields, words = slice(first, last), -(-(last - first) // 8)
        self._tracks, self._parts = tracks, [_One(track, turns, words, first) for track in tracks]
        super().__init__(tracks, turns, words)

    def _forget(self) -> None:
        super()._forget()
        self._rows = np.zeros((0, len(self._parts)), np.intp)
        self._numbers: dict[bytes, int] = {}

    def halves(self) -> list[_Several]:
        """Two tables that are smaller; raises TooLarge if there is only one rule."""
        middle = len(self._tracks) // 2
        if not middle:
            raise TooLarge
        return [_Several(some, self._turns) for some in (self._tracks[:middle], self._tracks[middle:])]

    def starts(self, offered: Sequence[int]) -> Whole:
        """The first cells of the states in which plays begin that were offered so much."""
        self._sort()
        return self._numbered(np.stack([part.starts(offered) for part in self._parts], axis=1)) * self._width

    def count(self, columns: Sequence[Whole], here: Whole) -> list[Words]:
        """What plays decide, the longest first: the columns are the first turns of all, the second of those that have one, ..."""
        full, totals, room = list[Words](), self._empty(len(here)), MOST_IN_A_BYTE
        for column in columns:
            cells = self._kind_of.take(column)
            cells += here[: len(column)]
            ahead = self._known(cells)
            if room < self.most:  # a byte could run over
                full, totals, room = [*full, totals], self._empty(len(here)), MOST_IN_A_BYTE
            room -= self.most
            for word, decided in zip(totals, self._decided, strict=True):
                word[: len(column)] += decided.take(cells)
            here[: len(column)] = ahead
        ends = self._ends[:, here // max(1, self._width)]
        return [*full, totals + ends] if room >= self.most else [*full, totals, ends]

    def _empty(self, plays: int) -> Words:
        return np.zeros((self._words, plays), np.uint64)

    def _learn(self, cells: Whole) -> None:
        rows, kinds = self._rows[cells // self._width], cells % self._width
        turns = np.array(self._example, np.intp)[kinds]
        steps = [part.steps(rows[:, number], turns) for number, part in enumerate(self._parts)]
        self._demand_room()
        decided = sum((decided for _, decided in steps), np.zeros((self._words, len(cells)), np.uint64))
        self._demand_bytes(decided)
        ahead = self._numbered(np.stack([ahead for ahead, _ in steps], axis=1)) * self._width
        self._ahead[cells], self._decided[:, cells] = ahead, decided

    def _numbered(self, rows: Whole) -> Whole:
        told, size = rows.tobytes(), rows.itemsize * rows.shape[1]
        keys = [told[first : first + size] for first in range(0, len(told), size)]
        known = self._states
        new = {key: place for place, key in enumerate(keys) if key not in self._numbers}
        self._numbers |= {key: number for number, key in enumerate(new, known)}
        if new:
            added = rows[list(new.values())]
            self._rows = np.concatenate((self._rows, added))
            self._demand_room()
            self._grow(sum((part.ends(added[:, number]) for number, part in enumerate(self._parts)), np.zeros((self._words, len(new)), np.uint64)))
        return np.array([self._numbers[key] for key in keys], np.intp)

    def _demand_room(self) -> None:
        """The counts of all rules together fit a byte."""
        if sum(part.most for part in self._parts) > MOST_IN_A_BYTE:
            raise TooLarge


def _tables(folds: Folds) -> list[_Several]:
    some = list[list[Track]]()
    for track in folds.tracks:
        if not some or len(some[-1]) == TOGETHER or track.place - some[-1][0].place >= PRINCIPLES:
            some.append([])
        some[-1].append(track)
    return [_Several(tracks, folds.turns) for tracks in some]


def _columns(turns: Whole, firsts: Whole, lengths: Whole) -> Iterator[Whole]:
    """The first turns of all, the second of those that have one, and so on; the longest plays come first."""
    for number in range(int(lengths[0]) if len(lengths) else 0):
        still = int(np.searchsorted(-lengths, -number))
        yield turns.take(firsts[:still] + number)
