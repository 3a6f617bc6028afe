"""What one learner adds to the cells of the figures.

Nobody is two people, so that the cells of all are the sums of everybody's shares: where something of a learner changes, the
old share is taken away and the new one added. Everything is counted in whole numbers, and comes out exactly as in `figures`.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Sequence
from fractions import Fraction
from functools import lru_cache
from typing import NamedTuple

from servicesim.exports.figures import CONDUCT_PLACES, SCORE_PLACES
from servicesim.exports.filters import WHICH, Which
from servicesim.exports.rows import conduct_of, scores_of

POINT, ONE = 10**CONDUCT_PLACES, 10**SCORE_PLACES
"""Parts of a point of conduct, and of a principle's whole score."""
BROKEN = 0x8000
"""Added to the score of a principle that was broken."""

Week = Callable[[int], str]
Month = Callable[[int], str]
Scope = tuple[str, str]
"""Of which attempts (of all where it is ''), and at which encounter ('' for all)."""
Place = tuple[str, str, str]
"""Which kind of cell, and what it is the cell of: one thing or two."""
Sums = list[int]
"""How many values, their sum, the sum of their squares, and how many passed; before them how many people, where these are added up."""
Cells = dict[Place, Sums]


class Fact(NamedTuple):
    """An attempt that ended, as far as figures need it."""

    encounter: str
    ended: int
    conduct: str
    passed: int
    principles: Sequence[str]
    scores: Sequence[int]
    """Of each of these principles, in parts of a whole score, and `BROKEN` added."""


def scored(attempt: str, principles: str) -> tuple[list[str], list[int]]:
    """The principles that came up in an attempt, and their scores as `Fact` has them."""
    scores = scores_of(attempt, principles)
    broken = (BROKEN if one["broken"] or one["owed"] else 0 for one in scores.values())
    return list(scores), [round(one["score"] * ONE) + add for one, add in zip(scores.values(), broken, strict=True)]


def share(team: str, facts: Sequence[Fact], week: Week, month: Month) -> Iterator[tuple[Scope, Cells]]:
    """The share of a learner of this team; the facts come in the order in which the attempts began, at least one."""
    whole = list(_cells_of(facts, team, week, month))
    for encounter in ("", *sorted({fact.encounter for fact in facts})):
        some = [fact for fact in facts if encounter in ("", fact.encounter)]
        # Who has met one encounter only adds the same to it and to all.
        told = whole if len(some) == len(facts) else _cells_of(some, team, week, month)
        yield from (((which, encounter), cells) for which, cells in told)


def _cells_of(facts: Sequence[Fact], team: str, week: Week, month: Month) -> Iterator[tuple[str, Cells]]:
    yield "", {("careers", str(number), str(passed)): [n, 0, 0, 0] for (number, passed), n in _careers(facts).items()}
    yield from _each(facts, team, month(facts[0].ended), week)


def added(shares: Iterable[tuple[Scope, Cells]]) -> dict[Scope, Cells]:
    """Shares of several learners, added up: before the sums, how many people there are."""
    whole: dict[Scope, Cells] = {}
    for scope, cells in shares:
        there = whole.setdefault(scope, {})
        for place, (n, total, squares, passed) in cells.items():
            sums = there.get(place)
            if sums is None:
                there[place] = [1, n, total, squares, passed]
            else:
                sums[0] += 1
                sums[1] += n
                sums[2] += total
                sums[3] += squares
                sums[4] += passed
    return whole


def _careers(facts: Sequence[Fact]) -> Counter[tuple[int, int]]:
    ways: dict[str, tuple[int, int]] = {}
    for fact in facts:
        number, passed = ways.get(fact.encounter, (0, 0))
        if not passed:
            ways[fact.encounter] = number + 1, fact.passed
    return Counter(ways.values())


def _each(facts: Sequence[Fact], team: str, cohort: str, week: Week) -> Iterator[tuple[Which, Cells]]:
    """The cells by which attempts count; where the same ones do, they are counted once."""
    known: dict[tuple[int, ...], Cells] = {}
    for which in WHICH:
        chosen = _chosen(facts, which)
        if chosen not in known:
            known[chosen] = _cells([facts[place] for place in chosen], team, cohort, week)
        yield which, known[chosen]


def _chosen(facts: Sequence[Fact], which: Which) -> tuple[int, ...]:
    """Where those stand that count."""
    if which == "all":
        return tuple(range(len(facts)))
    chosen: dict[str, int] = {}
    for place, fact in enumerate(facts):
        there = chosen.get(fact.encounter)
        if there is None or which == "last" or (which == "best" and _merit(fact) > _merit(facts[there])):
            chosen[fact.encounter] = place
    return tuple(sorted(chosen.values()))


def _merit(fact: Fact) -> tuple[int, Fraction]:
    return fact.passed, _exactly(fact.conduct)


_exactly = lru_cache(maxsize=4096)(Fraction)


def _cells(facts: Sequence[Fact], team: str, cohort: str, week: Week) -> Cells:
    cells: Cells = {}
    scores: dict[str, dict[str, Sums]] = {}
    for fact in facts:
        conduct = round(conduct_of("", fact.conduct) * POINT)
        for kind, of in (
            ("teams", team), ("encounters", fact.encounter), ("weeks", week(fact.ended)), ("distribution", str(conduct // POINT))
        ):  # fmt: skip
            _more(cells, (kind, of, ""), 1, conduct, conduct * conduct, fact.passed)
        _score(scores.setdefault(fact.encounter, {}), fact)
    for encounter, principles in scores.items():
        for principle, (n, total, squares, broken) in principles.items():
            cells["broken", principle, encounter] = [n, broken, broken, 0]
            _more(cells, ("heat", principle, team), n, total, squares, 0)
    # Whoever is of this team is of this cohort.
    cells["cohorts", cohort, ""] = cells["teams", team, ""]
    cells |= {("heat_by_cohort", of, cohort): sums for (kind, of, _), sums in cells.items() if kind == "heat"}
    return cells


def _score(principles: dict[str, Sums], fact: Fact) -> None:
    """Add the scores of an attempt to the sums of each principle, the last of which is how often it was broken."""
    for principle, score in zip(fact.principles, fact.scores, strict=True):
        sums = principles.get(principle)
        if sums is None:
            sums = principles[principle] = [0, 0, 0, 0]
        if score >= BROKEN:
            score -= BROKEN
            sums[3] += 1
        sums[0] += 1
        sums[1] += score
        sums[2] += score * score


def _more(cells: Cells, place: Place, n: int, total: int, squares: int, passed: int) -> None:
    sums = cells.get(place)
    if sums is None:
        cells[place] = [n, total, squares, passed]
    else:
        sums[0] += n
        sums[1] += total
        sums[2] += squares
        sums[3] += passed
