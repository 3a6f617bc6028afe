"""What a report holds: the figures, and what their principles and encounters are called."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Literal

from servicesim.exports.clock import Clock
from servicesim.exports.figured import tell
from servicesim.exports.figures import Cell, Counted
from servicesim.exports.filters import Filter
from servicesim.records.people import People
from servicesim.records.records import Records
from servicesim.scenario.model import Scenario, scenario_from_canonical
from servicesim.scenario.principles import principles_from_canonical

By = Literal["team", "cohort"]


@dataclass(frozen=True, slots=True)
class Texts:
    """The encounters as they were played last, and what principles are called, in the order of their file."""

    encounters: Mapping[str, Scenario]
    principles: Mapping[str, str]

    def principle(self, name: str) -> str:
        """What a principle is called; its id if it is not known any more."""
        return self.principles.get(name, name)


@dataclass(frozen=True, slots=True)
class Contents:
    """All that goes into a report."""

    counted: Counted
    texts: Texts
    wanted: Filter
    by: By = "team"
    clock: Clock = field(default_factory=Clock)

    @property
    def whole(self) -> Cell:
        """Everybody together: each learner is in one cohort."""
        cells = self.counted.cohorts.values()
        return sum(cells, Cell(sum(cell.people for cell in cells)))

    @property
    def groups(self) -> Mapping[str, Cell]:
        """Teams or cohorts."""
        return self.counted.teams if self.by == "team" else self.counted.cohorts

    @property
    def heat(self) -> Mapping[tuple[str, str], Cell]:
        """Principles by team or cohort."""
        return self.counted.heat if self.by == "team" else self.counted.heat_by_cohort


def contents(records: Records, people: People, wanted: Filter, *, by: By, clock: Clock) -> Contents:
    """What the report of these attempts holds."""
    counted = tell(records, people, wanted, clock)
    return Contents(counted, texts(records, counted.encounters), wanted, by, clock)


def texts(records: Records, encounters: Iterable[str]) -> Texts:
    """The texts of these encounters; of what was rewritten, the version that was played last."""
    scenarios, titles = dict[str, Scenario](), dict[str, str]()
    last = [found for name in sorted(encounters) if (found := records.latest(name)) is not None]
    for attempt in sorted(last, key=lambda one: one.started, reverse=True):
        scenarios[attempt.scenario] = scenario_from_canonical(records.text(attempt.scenario_hash))
        for name, principle in principles_from_canonical(records.text(attempt.principles_hash)).principles.items():
            titles.setdefault(name, principle.title)
    return Texts(scenarios, titles)
