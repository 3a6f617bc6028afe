"""Two plays of one encounter side by side: where they part, and which principles came out differently."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from servicesim.assessment.assess import Assessment, PrincipleScore
from servicesim.encounter.events import Event


@dataclass(frozen=True, slots=True)
class Difference:
    """One principle that was kept better, or worse, the second time."""

    principle: str
    first: PrincipleScore
    second: PrincipleScore

    @property
    def gain(self) -> int:
        """1 where the second is better, -1 where it is worse. What was not exercised stands between broken and kept."""
        one, other = (_rank(score) for score in (self.first, self.second))
        return (other > one) - (other < one)


@dataclass(frozen=True, slots=True)
class Beside:
    """`parts` is the number of the first event in which the two differ, by whatever time it came; None where none does."""

    parts: int | None
    differences: tuple[Difference, ...]


def beside(first: Sequence[Event], judged: Assessment, second: Sequence[Event], judged_then: Assessment) -> Beside:
    """Two plays of one script, each with its assessment; what became better comes first."""
    differing = [
        Difference(name, score, judged_then.principles[name])
        for name, score in judged.principles.items()
        if (score.score, score.owed) != (judged_then.principles[name].score, judged_then.principles[name].owed)
    ]
    return Beside(_parts(first, second), tuple(sorted(differing, key=lambda one: -one.gain)))


def _parts(first: Sequence[Event], second: Sequence[Event]) -> int | None:
    for number, (one, other) in enumerate(zip(first, second, strict=False)):
        if type(one) is not type(other) or one[1:] != other[1:]:
            return number
    shorter, longer = sorted((len(first), len(second)))
    return None if shorter == longer else shorter


def _rank(score: PrincipleScore) -> float:
    return 0.5 if score.score is None else float(score.score)
