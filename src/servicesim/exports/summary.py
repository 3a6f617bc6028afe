"""What an export comes to, in a few lines: added up while the rows go by, one entry for each encounter and team."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field

from servicesim.exports.rows import COLUMNS, Ended, Row

_CONDUCT = [column.name for column in COLUMNS].index("conduct")
_TALLY = ("attempts", "passed", "passed, %", "mean conduct")


@dataclass(frozen=True, slots=True)
class Table:
    """Headings and rows of the summary."""

    headings: tuple[str, ...]
    rows: list[tuple[str | int | float, ...]]


@dataclass(slots=True)
class _Tally:
    attempts: int = 0
    passed: int = 0
    hundredths: int = 0  # of conduct, which has two decimals in files

    def add(self, passed: bool, hundredths: int) -> None:
        self.attempts += 1
        self.passed += passed
        self.hundredths += hundredths

    def cells(self) -> tuple[int | float, ...]:
        # Rounded down like every score.
        return self.attempts, self.passed, 1000 * self.passed // self.attempts / 10, self.hundredths // self.attempts / 100


@dataclass(slots=True)
class Summary:
    """Adds rows up."""

    encounters: dict[tuple[str, str], _Tally] = field(default_factory=dict)
    teams: dict[str, _Tally] = field(default_factory=dict)

    def add(self, row: Ended, cells: Row) -> None:
        """One more attempt, with the cells of its row."""
        hundredths = round(float(cells[_CONDUCT]) * 100)
        encounter = row.attempt.scenario, row.scenario.title
        team = row.person.team if row.person else ""
        for tally in (self.encounters.setdefault(encounter, _Tally()), self.teams.setdefault(team, _Tally())):
            tally.add(row.result.passed, hundredths)

    def tables(self) -> Iterator[Table]:
        """By encounter, and by team."""
        yield Table(("encounter", "title", *_TALLY), [(*names, *tally.cells()) for names, tally in sorted(self.encounters.items())])
        yield Table(("team", "", *_TALLY), [(name or "(none)", "", *tally.cells()) for name, tally in sorted(self.teams.items())])
