"""Principles across encounters: good always (A9), and everyone alike (C5, C76). They are reports, and never part of a score."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction
from itertools import combinations
from typing import Literal

from servicesim.assessment.taken import Taken
from servicesim.scenario.model import CustomerType, Scenario

LAST = 5  # attempts that tell whether somebody is good always
FEWEST = 5  # attempts on each side from which two customers are compared
APART = 10  # points of conduct between customers who were not treated alike


@dataclass(frozen=True, slots=True)
class Weighed:
    """One attempt as evidence: its conduct, and the mark that it was to reach."""

    attempt: str
    encounter: str
    conduct: Fraction
    mark: int

    @property
    def under(self) -> bool:
        """Whether it stayed below its mark."""
        return self.conduct < self.mark


@dataclass(frozen=True, slots=True)
class GoodAlways:
    """Be good always (A9): of the last five scored attempts none stays below its pass mark."""

    evidence: tuple[Weighed, ...]  # the latest last

    @property
    def verdict(self) -> Literal["kept", "broken", "not-yet"]:
        """Broken by a single one; kept only when there are five."""
        if any(one.under for one in self.evidence):
            return "broken"
        return "kept" if len(self.evidence) == LAST else "not-yet"


@dataclass(frozen=True, slots=True)
class Treated:
    """How some customers were treated: in how many attempts, with which conduct on average."""

    attempts: int
    conduct: Fraction | None


@dataclass(frozen=True, slots=True)
class Pair:
    """Two encounters with the same scenes and replies, and different people."""

    encounters: tuple[str, str]
    customers: tuple[str, str]
    treated: tuple[Treated, Treated]

    @property
    def difference(self) -> Fraction | None:
        """How many points the first was treated better; None where one was never met."""
        one, other = (treated.conduct for treated in self.treated)
        return None if one is None or other is None else one - other

    @property
    def verdict(self) -> Literal["alike", "differs", "too-few"]:
        """Nothing is said of a handful of attempts: chance alone makes them differ."""
        if self.difference is None or min(treated.attempts for treated in self.treated) < FEWEST:
            return "too-few"
        return "alike" if abs(self.difference) < APART else "differs"


@dataclass(frozen=True, slots=True)
class Alike:
    """Treat everyone alike (C5): conduct by customer type, by customer, and between customers of whom all but the person is the same."""

    types: Mapping[CustomerType, Treated]
    customers: Mapping[str, Treated]  # by encounter
    pairs: tuple[Pair, ...]


def good_always(scored: Sequence[Taken], marks: Mapping[str, int]) -> GoodAlways:
    """What the last scored attempts tell, which come in the order in which they began."""
    return GoodAlways(tuple(Weighed(one.id, one.encounter, one.conduct, marks[one.encounter]) for one in scored[-LAST:]))


def alike(scored: Iterable[Taken], scenarios: Mapping[str, Scenario]) -> Alike:
    """How the customers of these encounters were treated in these attempts."""
    by_encounter: dict[str, list[Fraction]] = {name: [] for name, scenario in scenarios.items() if not scenario.unscored}
    for one in scored:
        by_encounter[one.encounter].append(one.conduct)
    by_type: dict[CustomerType, list[Fraction]] = {}
    for name, conducts in by_encounter.items():
        by_type.setdefault(scenarios[name].customer.type, []).extend(conducts)
    customers = {name: _treated(conducts) for name, conducts in by_encounter.items()}
    return Alike({kind: _treated(conducts) for kind, conducts in by_type.items()}, customers, tuple(_pairs(scenarios, customers)))


def _treated(conducts: Sequence[Fraction]) -> Treated:
    return Treated(len(conducts), sum(conducts, Fraction(0)) / len(conducts) if conducts else None)


def _pairs(scenarios: Mapping[str, Scenario], customers: Mapping[str, Treated]) -> Iterator[Pair]:
    for one, other in combinations(customers, 2):
        if _replies(scenarios[one]) == _replies(scenarios[other]):
            names = scenarios[one].customer.name, scenarios[other].customer.name
            yield Pair((one, other), names, (customers[one], customers[other]))


def _replies(scenario: Scenario) -> dict[str, tuple[tuple[str, tuple[str, ...]], ...]]:
    """The replies of each scene, and what they do; their words may differ in a name or an hour."""
    return {name: tuple((reply.id, reply.acts) for reply in scene.replies) for name, scene in scenario.scenes.items()}
