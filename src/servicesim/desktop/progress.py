"""What somebody's kept attempts say: how each encounter went, and how well each principle is kept.

*Mastery* of a principle is a mean of the scores (0-1, as the debrief tells them) that it had in the last five counted attempts in
which it came up. The latest weighs five times as much as the fifth from the end, those between in equal steps. A principle that
never came up has no mastery. Practice, unscored encounters and attempts that were set aside do not count.
"""

from __future__ import annotations

import json
from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction
from functools import lru_cache
from typing import TYPE_CHECKING, Literal

if TYPE_CHECKING:
    from servicesim.records.tried import TriedRow

RECENT = 5  # attempts that mastery rests on

Band = Literal["kept", "mostly", "partly", "rarely", "unmet"]
BANDS: tuple[Band, ...] = ("kept", "mostly", "partly", "rarely", "unmet")


@dataclass(frozen=True, slots=True)
class Played:
    """An attempt that has ended: when (UTC, milliseconds), whole points, and the score 0-1 of each principle that came up."""

    scenario: str
    ended: int
    points: int
    passed: bool
    scores: Mapping[str, float]


@dataclass(frozen=True, slots=True)
class Tries:
    """How one encounter went: how often, the best and the last points, whether it was ever passed, and when it ended last."""

    attempts: int
    best: int
    last: int
    passed: bool
    ended: int


@dataclass(frozen=True, slots=True)
class Mastery:
    """How well one principle is kept: `share` is 0-1; when it came up last, and how many attempts were made since."""

    share: float
    ended: int
    since: int

    @property
    def band(self) -> Band:
        """The share as people say it."""
        if self.share >= 0.95:
            return "kept"
        if self.share >= 0.7:
            return "mostly"
        return "partly" if self.share >= 0.35 else "rarely"


@dataclass(frozen=True, slots=True)
class Progress:
    """All of it; `attempts` is how many count."""

    attempts: int
    encounters: Mapping[str, Tries]
    principles: Mapping[str, Mastery]

    def passed(self, scenarios: Iterable[str]) -> int:
        """How many of these encounters are passed."""
        return sum(1 for name in scenarios if name in self.encounters and self.encounters[name].passed)

    def band(self, principle: str) -> Band:
        """How well a principle is kept, as people say it."""
        return self.principles[principle].band if principle in self.principles else "unmet"


NOTHING = Progress(0, {}, {})


def progress_of(played: Iterable[Played], *, unscored: Collection[str] = ()) -> Progress:
    """What these attempts say, told in the order in which they were made; `unscored` names encounters that only teach."""
    tries: dict[str, Tries] = {}
    counted: list[Played] = []
    for one in played:
        tries[one.scenario] = _with(tries.get(one.scenario), one)
        if one.scenario not in unscored:
            counted.append(one)
    return Progress(len(counted), tries, _masteries(counted))


def _with(before: Tries | None, one: Played) -> Tries:
    if before is None:
        return Tries(1, one.points, one.points, one.passed, one.ended)
    return Tries(
        before.attempts + 1, max(before.best, one.points), one.points, before.passed or one.passed, max(before.ended, one.ended)
    )


def _masteries(counted: Sequence[Played]) -> dict[str, Mastery]:
    scores: dict[str, list[float]] = defaultdict(list)
    last: dict[str, int] = {}
    for place in range(len(counted) - 1, -1, -1):
        for principle, score in counted[place].scores.items():
            last.setdefault(principle, place)
            if len(scores[principle]) < RECENT:
                scores[principle].append(score)
    return {
        principle: Mastery(_weighed(found), counted[last[principle]].ended, len(counted) - 1 - last[principle])
        for principle, found in scores.items()
    }


def _weighed(scores: Sequence[float]) -> float:
    """The mean of scores, the latest first."""
    weights = range(RECENT, RECENT - len(scores), -1)
    return sum(weight * score for weight, score in zip(weights, scores, strict=True)) / sum(weights)

def played(row: TriedRow) -> Played:
    """An attempt as it is kept."""
    return Played(row.scenario, row.ended, int(Fraction(row.conduct)), bool(row.passed), _scores(row.principles))


@lru_cache(maxsize=1024)
def _scores(principles: str) -> dict[str, float]:
    """The score of each principle that came up, from what is kept with a result."""
    return {name: told["score"] for name, told in json.loads(principles).items() if told["score"] is not None}
