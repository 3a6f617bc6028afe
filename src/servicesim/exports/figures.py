"""The figures of a report: groups, weeks, attempts until a pass, what is broken most, and how teams keep each principle.

Everything is made from cells: how many people there were, and the sums of one value. Cells come from sittings, one by one,
or from wherever sums are kept (`figured.tell` knows). Intervals take each value to stand by itself: let one attempt of
each person at each encounter count (the first, the best or the last).
"""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Hashable, Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date, timedelta
from functools import lru_cache
from statistics import NormalDist
from typing import Generic, Literal, NamedTuple, TypeVar

from servicesim.exports.clock import Clock
from servicesim.exports.measures import CONFIDENCE, FEWEST_SHOWN, Estimate, Sums, difference, mean, share
from servicesim.exports.rows import COLUMNS, Ended, principle_scores, told

Key = TypeVar("Key", bound=Hashable)
Comparison = Literal["too few to compare", "no difference shown", "higher", "lower"]
_CONDUCT = [column.name for column in COLUMNS].index("conduct")
_Z = NormalDist().inv_cdf((1 + CONFIDENCE) / 2)


class Score(NamedTuple):
    """How a principle came out in one sitting: 0-1, and whether it was broken at all."""

    score: float
    broken: bool


@dataclass(frozen=True, slots=True)
class Sitting:
    """One attempt that ended, with what the figures need; `number` counts those of a learner at an encounter from 1."""

    learner: str
    team: str
    cohort: str
    """The month in which the learner's first attempt ended, as 2026-10."""
    encounter: str
    week: str
    """As in ISO 8601: 2026-W44."""
    number: int
    conduct: float
    passed: bool
    principles: Mapping[str, Score]
    """Those that came up."""


def sittings(rows: Iterable[Ended], clock: Clock, cohorts: Mapping[str, str] | None = None) -> Iterator[Sitting]:
    """The rows, which come oldest first, as sittings; `clock` tells in which week an attempt ended.

    `cohorts` tells those of learners of whom not all attempts are among the rows.
    """
    numbers: Counter[tuple[str, str]] = Counter()
    months = dict(cohorts or {})
    for row in rows:
        learner, encounter = row.attempt.learner, row.attempt.scenario
        numbers[learner, encounter] += 1
        yield Sitting(
            learner=learner,
            team=row.person.team if row.person else "",
            cohort=months.setdefault(learner, month_of(row.result.ended, clock)),
            encounter=encounter,
            week=week_of(row.result.ended, clock),
            number=numbers[learner, encounter],
            conduct=float(told(row)[_CONDUCT]),  # as every other file has it
            passed=row.result.passed,
            principles=dict(_scores(row)),
        )


def _scores(row: Ended) -> Iterator[tuple[str, Score]]:
    for name, one in principle_scores(row).items():
        yield name, Score(one["score"], bool(one["broken"]) or one["owed"])


def week_of(milliseconds: int, clock: Clock) -> str:
    """The week of a moment, as in ISO 8601."""
    return _week(clock.text(milliseconds)[:10])


@lru_cache(maxsize=1024)
def _week(day: str) -> str:
    year, week, _ = date.fromisoformat(day).isocalendar()
    return f"{year}-W{week:02}"


def month_of(milliseconds: int, clock: Clock) -> str:
    """The month of a moment, as 2026-10."""
    return clock.text(milliseconds)[:7]


# --- cells -----------------------------------------------------------------------------------------------------------


@dataclass(slots=True)
class Cell:
    """How many people there were at least, the sums of a value, and how many attempts passed."""

    people: int = 0
    values: Sums = field(default_factory=Sums)
    passed: int = 0

    def __add__(self, other: Cell) -> Cell:
        # Some may be in both: nobody is counted twice.
        return Cell(max(self.people, other.people), self.values + other.values, self.passed + other.passed)

    @property
    def is_shown(self) -> bool:
        """Whether there are enough people that a number tells of none of them."""
        return self.people >= FEWEST_SHOWN


class Cells(Generic[Key]):
    """Cells that grow value by value. `places` is how many decimals a value has at most.

    They are added up as whole numbers: in whatever order the values come, and from whatever parts, the sums are the same.
    """

    def __init__(self, places: int = 0) -> None:
        self._one = 10**places
        self._sums: dict[Key, list[int]] = {}
        self._people: dict[Key, set[str]] = {}

    def add(self, key: Key, learner: str, value: float, *, passed: bool = False) -> None:
        """One more value of somebody."""
        if key not in self._sums:
            self._sums[key], self._people[key] = [0, 0, 0, 0], set()
        sums, whole = self._sums[key], round(value * self._one)
        sums[0] += 1
        sums[1] += whole
        sums[2] += whole * whole
        sums[3] += passed
        self._people[key].add(learner)

    def done(self) -> dict[Key, Cell]:
        """All of them."""
        return {key: cell(len(self._people[key]), *sums, one=self._one) for key, sums in self._sums.items()}


def cell(people: int, n: int, total: int, squares: int, passed: int, *, one: int) -> Cell:
    """A cell whose sums are whole numbers, in parts of which `one` make up one."""
    return Cell(people, Sums(n, total / one, squares / one**2), passed)


CONDUCT_PLACES, SCORE_PLACES = 2, 4
"""Decimals of conduct and of a principle's score, as they are told everywhere."""


class Counted(NamedTuple):
    """All cells that the figures are made from; what a group's value is, is conduct (0-100) where nothing else is said."""

    teams: Mapping[str, Cell]
    cohorts: Mapping[str, Cell]
    encounters: Mapping[str, Cell]
    weeks: Mapping[str, Cell]
    heat: Mapping[tuple[str, str], Cell]
    """By principle and team; the value is the principle's score, 0-1."""
    heat_by_cohort: Mapping[tuple[str, str], Cell]
    """By principle and cohort; the value is the principle's score, 0-1."""
    broken: Mapping[tuple[str, str], Cell]
    """By principle and encounter; the value is 1 where the principle was broken, else 0."""
    distribution: Mapping[int, int]
    """How many attempts had so many points of conduct, rounded down to a whole number."""
    careers: Mapping[tuple[int, bool], int]
    """How many learners at how many encounters passed with this attempt (True), or made so many without a pass (False)."""

    @property
    def people(self) -> int:
        """How many people there are in all of it."""
        return sum(team.people for team in self.teams.values())  # Everybody is of one team.


def counted(rows: Iterable[Sitting], ways: Mapping[tuple[int, bool], int] | None = None) -> Counted:
    """The cells of these sittings, gone through once. Without `ways`, the careers are those of these sittings too."""
    teams, cohorts, encounters, weeks = (Cells[str](CONDUCT_PLACES) for _ in range(4))
    heat, by_cohort = Cells[tuple[str, str]](SCORE_PLACES), Cells[tuple[str, str]](SCORE_PLACES)
    broken, distribution, made = Cells[tuple[str, str]](), Counter[int](), Careers()
    for row in rows:
        for cells, group in ((teams, row.team), (cohorts, row.cohort), (encounters, row.encounter), (weeks, row.week)):
            cells.add(group, row.learner, row.conduct, passed=row.passed)
        for principle, score in row.principles.items():
            heat.add((principle, row.team), row.learner, score.score)
            by_cohort.add((principle, row.cohort), row.learner, score.score)
            broken.add((principle, row.encounter), row.learner, float(score.broken))
        distribution[int(row.conduct)] += 1
        made.add(row)
    return Counted(
        teams=teams.done(),
        cohorts=cohorts.done(),
        encounters=encounters.done(),
        weeks=weeks.done(),
        heat=heat.done(),
        heat_by_cohort=by_cohort.done(),
        broken=broken.done(),
        distribution=dict(distribution),
        careers=made.done() if ways is None else ways,
    )


# --- groups and weeks ------------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Group:
    """A team, a cohort or a week: mean conduct and the share that passed (0-1); None where fewer than 5 people would show."""

    name: str
    people: int
    attempts: int
    conduct: Estimate | None
    passed: Estimate | None


def groups(cells: Mapping[str, Cell]) -> list[Group]:
    """Each group, by name."""
    return [_group(name, cells[name]) for name in sorted(cells)]


def _group(name: str, cell: Cell) -> Group:
    n = cell.values.n
    if not cell.is_shown:
        return Group(name, cell.people, n, None, None)
    return Group(name, cell.people, n, mean(cell.values), share(cell.passed, n))


def comparison(one: Cell, other: Cell) -> Comparison:
    """Whether the first group's mean is higher or lower than the second's, as far as there are enough to say so."""
    apart = difference(one.values, other.values)
    if apart is None or not (one.is_shown and other.is_shown):
        return "too few to compare"
    if apart.low <= 0 <= apart.high:
        return "no difference shown"
    return "higher" if apart.low > 0 else "lower"


def trend(cells: Mapping[str, Cell]) -> list[Group]:
    """Every week from the first to the last, those too in which nobody played."""
    if not cells:
        return []
    return [_group(week, cells.get(week, Cell())) for week in _weeks(min(cells), max(cells))]


def _weeks(first: str, last: str) -> Iterator[str]:
    monday = date.fromisocalendar(int(first[:4]), int(first[6:]), 1)
    while True:
        year, number, _ = monday.isocalendar()
        week = f"{year}-W{number:02}"
        yield week
        if week >= last:
            return
        monday += timedelta(days=7)


# --- attempts until a pass -------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Step:
    """After so many attempts: how many people came to this attempt, how many passed with it, and what share has passed by it."""

    attempt: int
    people: int
    passed: int
    share: Estimate


class Careers:
    """Of each learner at each encounter: with which attempt they passed, or how many they made without a pass."""

    def __init__(self) -> None:
        self._ways: dict[tuple[str, str], tuple[int, bool]] = {}

    def add(self, row: Sitting) -> None:
        """One more sitting; those of a learner come in the order in which they began."""
        which = row.learner, row.encounter
        if not self._ways.get(which, (0, False))[1]:
            self._ways[which] = row.number, row.passed

    def done(self) -> dict[tuple[int, bool], int]:
        """How many there are of each."""
        return dict(Counter(self._ways.values()))


def attempts_to_pass(ways: Mapping[tuple[int, bool], int]) -> list[Step]:
    """The share that has passed by each attempt, as Kaplan and Meier have it: who stops without a pass could still pass.

    To leave them out would look better than it is, to count them as failed worse. The interval is Greenwood's, on the scale
    of log(-log). It ends where fewer than 5 people come to an attempt.
    """
    steps = list[Step]()
    n = people = sum(ways.values())
    left, spread = 1.0, 0.0
    for attempt in range(1, max((last for last, _ in ways), default=0) + 1):
        if people < FEWEST_SHOWN:
            break
        passed = ways.get((attempt, True), 0)
        left *= 1 - passed / people
        spread += passed / (people * (people - passed)) if passed < people else 0.0
        low, high = _left_between(left, spread, n)
        steps.append(Step(attempt, people, passed, Estimate(n, 1 - left, 1 - high, 1 - low)))
        people -= passed + ways.get((attempt, False), 0)
    return steps


def _left_between(left: float, spread: float, n: int) -> tuple[float, float]:
    if not 0 < left < 1:  # Nobody, or everybody, has passed: a share as any other.
        whole = share(round(n * left), n)
        assert whole is not None
        return whole.low, whole.high
    apart = math.exp(_Z * math.sqrt(spread) / abs(math.log(left)))
    return left**apart, left ** (1 / apart)


# --- principles ------------------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Broken:
    """How often a principle was broken: the share of attempts, 0-1, and the same where it happened, most often first."""

    principle: str
    attempts: int
    share: Estimate
    encounters: tuple[tuple[str, Estimate], ...]


def most_broken(cells: Mapping[tuple[str, str], Cell], *, most: int = 10) -> list[Broken]:
    """The principles that are broken most often, of those that came up with at least 5 people."""
    whole: dict[str, Cell] = {}
    for (principle, _), cell in cells.items():
        whole[principle] = whole.get(principle, Cell()) + cell
    found = [_broken(name, cell, cells) for name, cell in whole.items() if cell.is_shown and cell.values.total]
    return sorted(found, key=lambda one: (-one.share.value, one.principle))[:most]


def _broken(principle: str, whole: Cell, cells: Mapping[tuple[str, str], Cell]) -> Broken:
    where = [(encounter, _broken_share(cell)) for (name, encounter), cell in cells.items() if name == principle and cell.is_shown]
    return Broken(
        principle,
        whole.values.n,
        _broken_share(whole),
        tuple(sorted(where, key=lambda one: (-one[1].value, one[0]))),
    )


def _broken_share(cell: Cell) -> Estimate:
    found = share(round(cell.values.total), cell.values.n)
    assert found is not None
    return found


@dataclass(frozen=True, slots=True)
class HeatMap:
    """The mean score of each principle (0-1) in each group; None under 5 people, and where it never came up."""

    principles: tuple[str, ...]
    groups: tuple[str, ...]
    rows: tuple[tuple[Estimate | None, ...], ...]
    """One row for each principle, one cell for each group."""


def heat_map(cells: Mapping[tuple[str, str], Cell]) -> HeatMap:
    """Principles by id, teams or cohorts by name.

    No row or column has a total: together with the others it would tell what a hidden cell holds.
    """
    principles = tuple(sorted({principle for principle, _ in cells}))
    groups = tuple(sorted({group for _, group in cells}))
    rows = tuple(tuple(_heat(cells.get((principle, group))) for group in groups) for principle in principles)
    return HeatMap(principles, groups, rows)


def _heat(cell: Cell | None) -> Estimate | None:
    return None if cell is None or not cell.is_shown else mean(cell.values, top=1.0)
