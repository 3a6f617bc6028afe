"""Which encounter to play next, and why: a pure function of what there is to play and of how it went so far.

What was left in the middle comes before all. Somebody who has played nothing begins with the warm-up, then with the first
encounter. After that the principle decides that presses most: the weaker it is and the longer ago it came up, the more; one that never
came up presses half as much as one that was lost entirely. Among the encounters that practise it, the one just played
comes last; before others come those that are about it, those never played, those not passed, and those longest ago.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Literal

from servicesim.desktop.progress import Progress

Why = Literal["stopped", "programme", "warm-up", "first", "new", "weak", "long-ago", "unplayed", "not-passed", "again"]

LONG = 10  # attempts after which a principle has been out of practice as long as counts
STALE = 0.5  # how much that presses, where 1 is a principle that is always lost
UNMET = 0.5  # how much a principle presses that never came up
CALM = 0.15  # what presses less than this does not decide


@dataclass(frozen=True, slots=True)
class Playable:
    """An encounter: the principles that it is about, and all that can come up in it."""

    id: str
    learn: tuple[str, ...] = ()
    brings: frozenset[str] = frozenset()
    unscored: bool = False


@dataclass(frozen=True, slots=True)
class Suggestion:
    """What to play next, why, and for which principle, if it is for one."""

    id: str
    why: Why
    principle: str | None = None


def suggested(
    playable: Sequence[Playable], progress: Progress, *, stopped: Sequence[str] = (), weights: Mapping[str, int] | None = None
) -> Suggestion | None:
    """The encounter to play next; None if there is none. `stopped` were left in the middle, the latest first."""
    if left := next((name for name in stopped if any(one.id == name for one in playable)), None):
        return Suggestion(left, "stopped")
    scored = [one for one in playable if not one.unscored]
    if not progress.attempts:
        return _at_first(playable, scored, progress)
    if not scored:
        return None
    found = _pressing(scored, progress, weights or {})
    return _for_calm(scored, progress) if found is None else _practising(found, scored, progress)


def urgency(principle: str, progress: Progress) -> float:
    """How much a principle presses."""
    mastery = progress.principles.get(principle)
    return UNMET if mastery is None else (1 - mastery.share) + _staleness(mastery.since)


def _staleness(since: int) -> float:
    return STALE * min(since, LONG) / LONG


def _at_first(playable: Sequence[Playable], scored: Sequence[Playable], progress: Progress) -> Suggestion | None:
    warm_up = next((one for one in playable if one.unscored and one.id not in progress.encounters), None)
    if warm_up is not None:
        return Suggestion(warm_up.id, "warm-up")
    return Suggestion(scored[0].id, "first") if scored else None


def _pressing(scored: Sequence[Playable], progress: Progress, weights: Mapping[str, int]) -> str | None:
    """The principle that presses most, if one does; what never came up is looked for in encounters never played."""
    found: dict[str, None] = {}  # in the order of the encounters
    for one in scored:
        new = one.id not in progress.encounters
        found |= dict.fromkeys(name for name in (*one.learn, *sorted(one.brings)) if name in progress.principles or (new and name in one.learn))

    def presses(name: str) -> tuple[float, int, int]:
        known = progress.principles.get(name)
        return urgency(name, progress), weights.get(name, 1), -known.ended if known else 0

    most = max(found, key=presses, default=None)
    return most if most is not None and urgency(most, progress) >= CALM else None


def _practising(principle: str, scored: Sequence[Playable], progress: Progress) -> Suggestion:
    mastery = progress.principles.get(principle)
    fitting = [one for one in scored if principle in one.brings or principle in one.learn]
    if mastery is None:
        fitting = [one for one in fitting if one.id not in progress.encounters and principle in one.learn]
        return Suggestion(_best(fitting, progress, principle).id, "new", principle)
    why: Why = "weak" if 1 - mastery.share >= _staleness(mastery.since) else "long-ago"
    return Suggestion(_best(fitting, progress, principle).id, why, principle)


def _for_calm(scored: Sequence[Playable], progress: Progress) -> Suggestion:
    """What to play where no principle presses."""
    chosen = _best(scored, progress)
    tries = progress.encounters.get(chosen.id)
    if tries is None:
        return Suggestion(chosen.id, "unplayed")
    return Suggestion(chosen.id, "again" if tries.passed else "not-passed")


def _best(fitting: Sequence[Playable], progress: Progress, principle: str | None = None) -> Playable:
    """Of several encounters the one to play; the first of equals."""
    latest = max(progress.encounters, key=lambda name: progress.encounters[name].ended, default=None)

    def order(one: Playable) -> tuple[bool, bool, bool, bool, int]:
        tries = progress.encounters.get(one.id)
        beside = principle is not None and principle not in one.learn
        if tries is None:
            return False, beside, False, False, 0
        return one.id == latest, beside, True, tries.passed, tries.ended

    return min(fitting, key=order)
