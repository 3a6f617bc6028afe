"""One row for each attempt that has ended, and one for each principle in it: what HR is handed, whatever the kind of file."""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import dataclass
from fractions import Fraction
from functools import lru_cache
from typing import Any, Literal, NamedTuple

from servicesim.assessment.told import number
from servicesim.errors import VerificationFailed
from servicesim.records.attempt import Attempt, Result
from servicesim.records.notes import Review
from servicesim.records.people import Person
from servicesim.scenario.model import Scenario
from servicesim.scenario.principles import Principles

Kind = Literal["id", "text", "number", "flag", "time", "offset"]
"""What a cell is: an `id` is another in nearly each row; `time` and `offset` are told by a clock from UTC milliseconds."""
Cell = str | int | float | bool
Row = tuple[Cell, ...]

YEAR_9999 = 253_370_764_800_000


class Ended(NamedTuple):
    """An attempt that has ended, with all that a row tells of it. A tuple, because a million of them are made."""

    attempt: Attempt
    result: Result
    person: Person | None
    scenario: Scenario
    principles: Principles | None = None
    review: Review | None = None

    @property
    def reviewed(self) -> bool:
        """Whether a human has decided about the result."""
        return self.review is not None and self.review.verdict != "to-look-at"


@dataclass(frozen=True, slots=True)
class Column:
    """One column: its name, what it means, and what its cells are. `names` is what tells who somebody is."""

    name: str
    meaning: str
    kind: Kind = "text"
    names: bool = False


_WHOSE = (
    Column("attempt", "The attempt's own id", "id"),
    Column("learner", "A random id that stands for the person in every file", "id"),
    Column("person", "The company's id of the person; only with names, and empty if it is no longer kept", names=True),
    Column("name", "The person's name, as last given; only with names", names=True),
    Column("team", "The person's team"),
    Column("encounter", "The scenario's id"),
)

COLUMNS: tuple[Column, ...] = (
    *_WHOSE,
    Column("title", "The scenario's title"),
    Column("channel", "in-person, phone, chat or email"),
    Column("customer_type", "Which type of customer it was"),
    Column("started", "When the attempt began", "time"),
    Column("ended", "When the attempt ended", "time"),
    Column("ahead_of_utc", "How far the clock of `started` is ahead of UTC", "offset"),
    Column("conduct", "How far the principles were kept, 0-100, rounded down to two decimals", "number"),
    Column("pass_mark", "The conduct that a pass needs", "number"),
    Column("passed", "Whether the pass mark was reached, with an ending that can be a pass", "flag"),
    Column("reviewed", "Whether a human has decided that the result stands, or is set aside", "flag"),
    Column("review", "stands, set-aside or to-look-at; empty if nobody has said anything"),
    Column("ending", "The ending's id"),
    Column("outcome", "dissatisfied, satisfied or delighted"),
    Column("satisfaction", "Received less expected at the end, -100 to 100", "number"),
    Column("untimed", "Whether the clocks were turned off (no penalty)", "flag"),
    Column("practice", "Whether it was practice", "flag"),
    Column("language", "The language that was played in"),
    Column("scenario_sha256", "Which version of the scenario"),
    Column("principles_sha256", "Which version of the principles"),
    Column("rules", "Which version of the rules of play", "number"),
)

PRINCIPLE_COLUMNS: tuple[Column, ...] = (
    *_WHOSE,
    Column("ended", "When the attempt ended", "time"),
    Column("principle", "The principle's id"),
    Column("title", "What the principle is called"),
    Column("score", "The share that was kept, 0-1, rounded down to four decimals", "number"),
    Column("kept", "How many opportunities were kept", "number"),
    Column("broken", "How many opportunities were broken", "number"),
    Column("owed", "Whether the encounter is about it and the way that was gone avoided it (score 0)", "flag"),
)


def told(row: Ended) -> Row:
    """The cells of an attempt's row, in the order of `COLUMNS`; raises VerificationFailed if what is kept is damaged."""
    attempt, result, scenario = row.attempt, row.result, row.scenario
    if not 0 <= attempt.started <= result.ended <= YEAR_9999:
        raise damaged(attempt.id)
    return (
        *_whose(row),
        scenario.title,
        scenario.channel,
        scenario.customer.type,
        attempt.started,
        result.ended,
        attempt.started,
        conduct_of(attempt.id, result.conduct),
        scenario.pass_mark,
        result.passed,
        row.reviewed,
        row.review.verdict if row.review else "",
        result.ending or "",
        result.outcome,
        result.satisfaction,
        attempt.untimed,
        attempt.practice,
        attempt.language,
        attempt.scenario_hash,
        attempt.principles_hash,
        attempt.rules_version,
    )


def told_principles(row: Ended) -> Iterator[Row]:
    """The cells of each principle that was exercised, in the order of `PRINCIPLE_COLUMNS`."""
    whose, ended = _whose(row), row.result.ended
    for name, score in principle_scores(row).items():
        yield *whose, ended, name, title_of(row, name), score["score"], score["kept"], score["broken"], score["owed"]


def principle_scores(row: Ended) -> dict[str, dict[str, Any]]:
    """What is kept of each principle that was exercised: `score`, `kept`, `broken`, and whether it was `owed`."""
    return scores_of(row.attempt.id, row.result.principles)


def scores_of(attempt: str, principles: str) -> dict[str, dict[str, Any]]:
    """As `principle_scores`, of the text that is kept."""
    try:
        kept = json.loads(principles)
        if not all(one["score"] is None or 0 <= one["score"] <= 1 for one in kept.values()):
            raise damaged(attempt)
        return {
            name: {
                "score": one["score"], "kept": one["kept"], "broken": one["broken"],
                # Scored without an opportunity: the encounter is about it, and it was never done.
                "owed": not one["kept"] and not one["broken"],
            }
            for name, one in kept.items()
            if one["score"] is not None
        }  # fmt: skip
    except (ValueError, KeyError, TypeError, AttributeError, RecursionError):
        raise damaged(attempt) from None


def title_of(row: Ended, principle: str) -> str:
    """What a principle is called; its id if the principles are not at hand."""
    known = row.principles.principles.get(principle) if row.principles else None
    return known.title if known else principle


def _whose(row: Ended) -> tuple[str, str, str, str, str, str]:
    attempt, person = row.attempt, row.person
    if person is None:
        return attempt.id, attempt.learner, "", "", "", attempt.scenario
    return attempt.id, attempt.learner, person.id, person.name, person.team, attempt.scenario


def conduct_of(attempt: str, exact: str) -> int | float:
    """Conduct as it is told everywhere; raises VerificationFailed if it is no number."""
    try:
        conduct = _conduct(exact)
    except (ValueError, ZeroDivisionError):
        raise damaged(attempt) from None
    if not 0 <= conduct <= 100:
        raise damaged(attempt)
    return conduct


@lru_cache(maxsize=4096)
def _conduct(exact: str) -> int | float:
    return number(Fraction(exact))


def damaged(attempt: str) -> VerificationFailed:
    """What is raised where the result of this attempt cannot be read."""
    return VerificationFailed(f"the result of attempt {attempt} is damaged: put a backup of the records in their place")
