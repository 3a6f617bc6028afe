"""What trainees think of their own conduct before they see how it was judged, and how far the two lie apart.

It is kept nowhere and plays no part in a score: nobody can be harmed by being honest.

>>> step_of(Fraction(1, 2))
2
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from fractions import Fraction
from typing import Literal

from servicesim.assessment.assess import Assessment
from servicesim.desktop.satisfaction import ended_badly
from servicesim.encounter.script import Script

MOST_ASKED = 5  # principles
STEPS = (1, 2, 3, 4)  # hardly, in part, mostly, fully
_BOUNDS = (Fraction(1, 4), Fraction(2, 3), Fraction(1))  # from which a score is the next step

Apart = Literal["same", "stricter", "kinder"]


@dataclass(frozen=True, slots=True)
class Estimate:
    """What somebody thinks: a step for each principle that they rated, and whether the customer will come back."""

    steps: Mapping[str, int] = field(default_factory=dict)
    returns: bool | None = None

    @property
    def empty(self) -> bool:
        """Whether nothing was said at all."""
        return not self.steps and self.returns is None


@dataclass(frozen=True, slots=True)
class Beheld:
    """One principle: the step that somebody gave themselves, and the one that the conversation shows."""

    principle: str
    own: int
    shown: int

    @property
    def apart(self) -> Apart:
        """How they saw themselves."""
        return "same" if self.own == self.shown else "stricter" if self.own < self.shown else "kinder"


def asked(script: Script) -> list[str]:
    """The principles that one is asked about: those that the encounter is about, the most important first."""
    known = script.principles.principles
    ready = [name for name in script.scenario.learn if name in known and known[name].applies(name, script.scenario)]
    return sorted(ready, key=lambda name: (not known[name].critical, -known[name].weight))[:MOST_ASKED]


def step_of(score: Fraction) -> int:
    """The step of a score from 0 to 1; only the whole of it is the last one."""
    return 1 + sum(score >= bound for bound in _BOUNDS)


def compared(estimate: Estimate, assessment: Assessment) -> list[Beheld]:
    """Each principle that was rated and was called for."""
    scores = {name: assessment.principles[name].score for name in estimate.steps if name in assessment.principles}
    return [Beheld(name, estimate.steps[name], step_of(score)) for name, score in scores.items() if score is not None]


def on_the_whole(beheld: Sequence[Beheld]) -> Literal["same", "stricter", "kinder", "mixed"]:
    """How somebody saw themselves all in all; where strict and kind balance, it is mixed."""
    stricter, kinder = (sum(one.apart == how for one in beheld) for how in ("stricter", "kinder"))
    if not stricter and not kinder:
        return "same"
    if stricter and kinder:
        return "mixed"
    return "stricter" if stricter else "kinder"


def returns(script: Script, assessment: Assessment) -> bool:
    """Whether the customer comes back."""
    return assessment.outcome != "dissatisfied" and not ended_badly(script, assessment)
