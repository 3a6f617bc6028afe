"""What one learner adds to the cells of the figures.

Nobody is two people, so that the cells of all are the sums of everybody's shares: where something of a learner changes, the
old share is taken away and the new one added. Everything is counted in whole numbers, and comes out exactly as in `figures`.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from fractions import Fraction
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
Whole = list[int]
"""How many people, how many values, their sum, the sum of their squares, and how many passed."""


class Key(NamedTuple):
    """Which cell: of which attempts, at which encounter ('' for all), of which kind, and what it is the cell of."""

    which: str
    encounter: str
    kind: str
    of: str
    by: str = ""


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


def share(team: str, facts: Sequence[Fact], week: Week, month: Month) -> Iterator[tuple[Key, Whole]]:
    """The share of a learner of this team; the facts come in the order in which the attempts began, at least one."""
    for encounter in ("", *sorted({fact.encounter for fact in facts})):
        some = [fact for fact in facts if encounter in ("", fact.encounter)]
        cohort = month(some[0].ended)
        for (number, passed), count in _careers(some).items():
            yield Key("", encounter, "careers", str(number), str(passed)), [0, count, 0, 0, 0]
        for which, cells in _each(some, team, cohort, week):
            for place, (n, total, squares, passes) in cells.items():
                yield Key(which, encounter, *place), [1, n, total, squares, passes]


def _careers(facts: Sequence[Fact]) -> Counter[tuple[int, int]]:
    ways: dict[str, tuple[int, int]] = {}
    for fact in facts:
        number, passed = ways.get(fact.encounter, (0, 0))
        if not passed:
            ways[fact.encounter] = number + 1, fact.passed
    return Counter(ways.values())


Place = tuple[str, str, str]
Cells = dict[Place, list[int]]


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
    return fact.passed, Fraction(fact.conduct)


def _cells(facts: Sequence[Fact], team: str, cohort: str, week: Week) -> Cells:
    cells: Cells = {("teams", team, ""): [0, 0, 0, 0], ("cohorts", cohort, ""): [0, 0, 0, 0]}
    for fact in facts:
        conduct = round(conduct_of("", fact.conduct) * POINT)
        for place in (
            ("teams", team, ""), ("cohorts", cohort, ""), ("encounters", fact.encounter, ""), ("weeks", week(fact.ended), ""),
            ("distribution", str(conduct // POINT), ""),
        ):  # fmt: skip
            sums = cells.setdefault(place, [0, 0, 0, 0])
            sums[0] += 1
            sums[1] += conduct
            sums[2] += conduct * conduct
            sums[3] += fact.passed
        for principle, score in zip(fact.principles, fact.scores, strict=True):
            broken, score = score // BROKEN, score % BROKEN
            sums = cells.setdefault(("heat", principle, team), [0, 0, 0, 0])
            sums[0] += 1
            sums[1] += score
            sums[2] += score * score
            sums = cells.setdefault(("broken", principle, fact.encounter), [0, 0, 0, 0])
            sums[0] += 1
            sums[1] += broken
            sums[2] += broken
    for kind, principle, _ in [place for place in cells if place[0] == "heat"]:
        cells["heat_by_cohort", principle, cohort] = cells[kind, principle, team]  # Whoever is of this team is of this cohort.
    return cells
