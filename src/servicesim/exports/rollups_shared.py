"""Sums that are kept in the database of the records: whichever server needs them brings them up to date for all.

What is kept of each learner is what `shares` needs: where something has changed, the old share is taken away and the new one added.
"""

from __future__ import annotations

import json
import zlib
from collections.abc import Iterable, Iterator, Sequence
from functools import lru_cache, partial
from typing import Any

from servicesim.errors import StoreUnusable, VerificationFailed
from servicesim.exports.clock import Clock
from servicesim.exports.figures import Counted, month_of, week_of
from servicesim.exports.filters import Which
from servicesim.exports.rows import conduct_of, damaged
from servicesim.exports.shares import Cells, Fact, Scope, added, scored, share
from servicesim.exports.summed import counted_in, zone_of
from servicesim.records.sums import Change, Key, Summed, Taken, Waiting
from servicesim.records.sums import Fact as Attempted

VERSION = 1
"""Another number where shares come out otherwise than before: all is made anew."""
_ROUNDS = 20  # in which somebody else may have added something meanwhile


def told(sums: Summed, which: Which, encounter: str) -> Counted | None:
    """The figures of these attempts at one encounter ('' for all); None where they cannot be brought up to date."""
    adding = _Adding()
    try:
        for _ in range(_ROUNDS):
            cells = sums.cells(adding.made_by, which, encounter)
            if cells is not None:
                return counted_in(cells)
            adding.take_up_all(sums)
    except StoreUnusable:
        return None  # Who may only read counts.
    return None


def keep_up(sums: Summed) -> None:
    """Take up what has changed."""
    try:
        _Adding().take_up_all(sums)
    except StoreUnusable:
        return  # It will be taken up when it is next needed.


class _Adding:
    """Works out what changes in the sums, by the weeks and months of this computer."""

    def __init__(self) -> None:
        clock = Clock(None)
        self._week, self._month = partial(week_of, clock=clock), partial(month_of, clock=clock)
        self.made_by = f"{VERSION} {zone_of(clock.zone)}"

    def take_up_all(self, sums: Summed) -> None:
        """Until nobody waits."""
        while sums.take_up(self.made_by, self.change):
            pass

    def change(self, waiting: Sequence[Waiting]) -> Change:
        """What is to be kept of these learners, and added to the cells."""
        taken = {one.learner: _taken(one) for one in waiting}
        changed = [one for one in waiting if taken[one.learner] != one.before]
        cells: dict[Key, list[int]] = {}
        for sign, which in ((-1, (one.before for one in changed)), (1, (taken[one.learner] for one in changed))):
            self._add(cells, self._shares(which), sign)
        return Change({one.learner: taken[one.learner] for one in changed}, {key: sums for key, sums in cells.items() if any(sums)})

    def _shares(self, taken: Iterable[Taken | None]) -> Iterator[tuple[Scope, Cells]]:
        for one in taken:
            if one is not None:
                yield from share(one.team, _unpacked(one.facts), self._week, self._month)

    def _add(self, whole: dict[Key, list[int]], shares: Iterable[tuple[Scope, Cells]], sign: int) -> None:
        for scope, cells in added(shares).items():
            for place, sums in cells.items():
                there = whole.setdefault((*scope, *place), [0] * len(sums))
                whole[*scope, *place] = [old + sign * new for old, new in zip(there, sums, strict=True)]


def _taken(one: Waiting) -> Taken | None:
    """What is kept of a learner; None where there is nothing."""
    if not one.facts:
        return None
    names: dict[tuple[str, ...], int] = {}
    facts: list[tuple[Any, ...]] = []
    for fact in one.facts:
        principles, scores = _judged(fact)
        facts.append((fact.scenario, fact.ended, fact.conduct, fact.passed, names.setdefault(principles, len(names)), scores))
    return Taken(one.team, zlib.compress(json.dumps([list(names), facts]).encode(), 1))


def _unpacked(facts: bytes) -> list[Fact]:
    names, rows = json.loads(zlib.decompress(facts))
    return [Fact(scenario, ended, conduct, passed, names[named], scores) for scenario, ended, conduct, passed, named, scores in rows]


def _judged(fact: Attempted) -> tuple[tuple[str, ...], tuple[int, ...]]:
    conduct_of(fact.id, fact.conduct)
    try:
        return _scored(fact.principles)
    except VerificationFailed:
        raise damaged(fact.id) from None


@lru_cache(maxsize=4096)
def _scored(principles: str) -> tuple[tuple[str, ...], tuple[int, ...]]:
    names, scores = scored("", principles)
    return tuple(names), tuple(scores)
