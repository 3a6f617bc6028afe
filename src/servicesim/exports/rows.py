"""One row for each attempt that has ended: what HR is handed, whatever the kind of file."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from fractions import Fraction

from servicesim.assessment.told import number
from servicesim.records.attempt import Attempt, Result
from servicesim.records.people import Person
from servicesim.scenario.model import Scenario

Cell = str | int | float | bool


@dataclass(frozen=True, slots=True)
class Ended:
    """An attempt that has ended, with all that a row tells of it."""

    attempt: Attempt
    result: Result
    person: Person | None
    scenario: Scenario


@dataclass(frozen=True, slots=True)
class Column:
    """One column: its name, what it means, and how its cell is found. `free` is text that somebody typed."""

    name: str
    meaning: str
    cell: Callable[[Ended], Cell]
    free: bool = False


def _time(milliseconds: int) -> str:
    return datetime.fromtimestamp(milliseconds / 1000, UTC).strftime("%Y-%m-%dT%H:%M:%SZ")


def _conduct(row: Ended) -> Cell:
    return number(Fraction(row.result.conduct))


COLUMNS: tuple[Column, ...] = (
    Column("attempt", "The attempt's own id", lambda row: row.attempt.id),
    Column("person", "The company's id of the person; empty if it is no longer kept", lambda row: row.person.id if row.person else "", True),
    Column("name", "The person's name, as last given", lambda row: row.person.name if row.person else "", True),
    Column("team", "The person's team", lambda row: row.person.team if row.person else "", True),
    Column("encounter", "The scenario's id", lambda row: row.attempt.scenario),
    Column("title", "The scenario's title", lambda row: row.scenario.title, True),
    Column("channel", "in-person, phone, chat or email", lambda row: row.scenario.channel),
    Column("customer_type", "Which type of customer it was", lambda row: row.scenario.customer.type),
    Column("started", "When the attempt began, UTC", lambda row: _time(row.attempt.started)),
    Column("ended", "When the attempt ended, UTC", lambda row: _time(row.result.ended)),
    Column("conduct", "How far the principles were kept, 0-100, rounded down to two decimals", _conduct),
    Column("pass_mark", "The conduct that a pass needs", lambda row: row.scenario.pass_mark),
    Column("passed", "Whether the pass mark was reached, with an ending that can be a pass", lambda row: row.result.passed),
    Column("ending", "The ending's id", lambda row: row.result.ending or ""),
    Column("outcome", "dissatisfied, satisfied or delighted", lambda row: row.result.outcome),
    Column("satisfaction", "Received less expected at the end, -100 to 100", lambda row: row.result.satisfaction),
    Column("untimed", "Whether the clocks were turned off (no penalty)", lambda row: row.attempt.untimed),
    Column("practice", "Whether it was practice", lambda row: row.attempt.practice),
    Column("language", "The language that was played in", lambda row: row.attempt.language),
    Column("scenario_sha256", "Which version of the scenario", lambda row: row.attempt.scenario_hash),
    Column("principles_sha256", "Which version of the principles", lambda row: row.attempt.principles_hash),
    Column("rules", "Which version of the rules of play", lambda row: row.attempt.rules_version),
)


def cells(row: Ended) -> Iterator[tuple[Column, Cell]]:
    """The row's cells, in order."""
    return ((column, column.cell(row)) for column in COLUMNS)
