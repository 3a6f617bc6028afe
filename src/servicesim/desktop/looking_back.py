"""Looking back at a play: what could have been otherwise, worked out bit by bit off the drawing thread, and kept once found."""

from __future__ import annotations

import sys
from collections import deque
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from fractions import Fraction
from typing import TYPE_CHECKING, Literal, cast

from servicesim.assessment.assess import Assessment, Outcome, assess
from servicesim.desktop.estimate import Estimate
from servicesim.encounter.events import Event
from servicesim.encounter.script import Script
from servicesim.encounter.situation import Feelings
from servicesim.records.attempt import Attempt

if TYPE_CHECKING:
    from servicesim.analysis.ground import Ground
    from servicesim.analysis.mending import Mending, Told
    from servicesim.analysis.turning import TurningPoint
    from servicesim.desktop.link import Debriefed

    Found = Mending | TurningPoint | Literal[False] | None  # False: there is no more


GIVES_WAY = 0.001  # seconds of working something out, after which another thread may go on


@contextmanager
def _giving_way() -> Iterator[None]:
    """Whoever draws waits a thousandth of a second for its turn, and not five: it needs several in one picture."""
    before = sys.getswitchinterval()
    sys.setswitchinterval(GIVES_WAY)
    try:
        yield
    finally:
        sys.setswitchinterval(before)


@dataclass(slots=True, eq=False)
class Run:
    """One play that has been judged, and what was found out about it."""

    script: Script
    attempt: Attempt | None
    events: Sequence[Event]
    assessment: Assessment
    mended: dict[tuple[str, int], Mending] = field(default_factory=dict)  # by principle and place of its evidence
    turning: TurningPoint | None = None
    done: bool = False
    ground: Ground | None = None  # what is the same for all runs of the script
    verdict: Debriefed | None = None  # what the organisation's server said of it
    lent: bool = False  # the script is the organisation's: it is kept nowhere, and neither is what is played of it
    estimate: Estimate | None = None  # what the trainee thought of it before; kept nowhere else
    _told: Iterator[Told] | None = None
    _fresh: deque[Found] = field(default_factory=deque)

    @classmethod
    def of(cls, script: Script, attempt: Attempt, events: Sequence[Event], before: Run | None = None) -> Run:
        """A play, judged now; `before` is the run that it was played on from."""
        ground, is_lent = (before.ground, before.lent) if before is not None else (None, False)
        return cls(script, attempt, events, assess(script, events), ground=ground, lent=is_lent)

    @property
    def counts(self) -> bool:
        """Whether it is more than practice."""
        return self.attempt is not None and not self.attempt.practice and not self.script.scenario.unscored

    @property
    def counted(self) -> Assessment:
        """What counts: the head of the assessment as the organisation's server gave it, where it judged."""
        if self.verdict is None:
            return self.assessment
        result = self.verdict.result
        feelings = Feelings(result.expects, result.received, result.trust, result.anger)
        ending = result.ending if result.ending in self.script.scenario.endings else self.assessment.ending
        conduct = Fraction(result.conduct)
        enough = conduct >= self.script.scenario.pass_mark  # without that nobody is told to be delighted
        outcome = cast("Outcome", "satisfied" if result.outcome == "delighted" and not enough else result.outcome)
        return replace(self.assessment, conduct=conduct, passed=result.passed, ending=ending, feelings=feelings, outcome=outcome)

    def look(self) -> None:
        """Find out the next thing; off the drawing thread, for it takes a moment."""
        from servicesim.analysis.mending import Mender

        if self._told is None:
            mender = Mender(self.script, self.events, self.assessment, ground=self.ground, urgent=self.worst_first)
            self.ground, self._told = mender.ground, mender.told()
        with _giving_way():
            self._fresh.append(next(self._told, False))

    def note(self) -> list[Mending]:
        """Take what was found, on the drawing thread, whoever had asked for it; what it is that would have kept points."""
        from servicesim.analysis.turning import TurningPoint

        fresh: list[Mending] = []
        while self._fresh:
            found = self._fresh.popleft()
            if isinstance(found, TurningPoint):
                self.turning = found
            elif found:
                self.mended[found.loss.principle, found.loss.place] = found
                fresh.append(found)
            self.done = self.done or found is False
        return fresh

    @property
    def worst_first(self) -> list[str]:
        """The principles of which something got lost, the worst first."""
        principles = self.script.principles.principles
        lost = {name: score for name, score in self.assessment.principles.items() if score.owed or score.broken}

        def rank(name: str) -> tuple[bool, Fraction, float]:
            return not principles[name].critical, lost[name].score or Fraction(0), -principles[name].weight

        return sorted(lost, key=rank)


def lent(debriefed: Debriefed, attempt: Attempt, events: Sequence[Event]) -> Run:
    """A play of a sealed edition, looked back at by the encounter that the organisation lends for it."""
    run = Run.of(debriefed.script, attempt, events)
    run.verdict, run.lent = debriefed, True
    return run
