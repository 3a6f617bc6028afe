"""What a report holds: the figures, and what their principles and encounters are called."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Literal

from servicesim.exports.clock import Clock
from servicesim.exports.figured import tell
from servicesim.exports.figures import Cell, Counted
from servicesim.exports.filters import Filter
from servicesim.records.attempt import Attempt
from servicesim.records.people import People
from servicesim.records.records import Records
from servicesim.scenario.model import Scenario, scenario_from_canonical
from servicesim.scenario.principles import principles_from_canonical
from servicesim.scenario.teaching import told_in

By = Literal["team", "cohort"]


@dataclass(frozen=True, slots=True)
class Texts:
    """The encounters as they were played last, and what principles are called, in the order of their file.

    Both are told in the language of the report where they can be: an encounter if it was played in it, a principle if it is translated.
    """

    encounters: Mapping[str, Scenario]
    principles: Mapping[str, str]
    translated: frozenset[str] = frozenset()
    """The principles that are told in the language of the report."""

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


def contents(records: Records, people: People, wanted: Filter, *, by: By, clock: Clock, language: str = "en") -> Contents:
    """What the report of these attempts holds, told in this language as far as may be."""
    counted = tell(records, people, wanted, clock)
    return Contents(counted, texts(records, counted.encounters, language), wanted, by, clock)


def texts(records: Records, encounters: Iterable[str], language: str = "en") -> Texts:
    """The texts of these encounters; of what was rewritten, the version that was played last."""
    scenarios, titles, translated = dict[str, Scenario](), dict[str, str](), set[str]()
    last = [found for name in sorted(encounters) if (found := _latest(records, name, language)) is not None]
    for attempt in sorted(last, key=lambda one: one.started, reverse=True):
        scenarios[attempt.scenario] = scenario_from_canonical(records.text(attempt.scenario_hash))
        taught = principles_from_canonical(records.text(attempt.principles_hash))
        told = told_in(taught, language).principles
        for name, principle in taught.principles.items():
            if name not in titles:
                titles[name] = told[name].title
                translated |= {name} if told[name].title != principle.title else set()
    return Texts(scenarios, titles, frozenset(translated))


def _latest(records: Records, encounter: str, language: str) -> Attempt | None:
    return records.latest(encounter, language) or records.latest(encounter)
