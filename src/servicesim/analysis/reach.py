"""What the plays of a scenario can come to: proved, not sampled.

    told = reach(script)
    told.best.value, told.best.path     # 100, and the moves that get there

A play is every complete play by named moves, timed, with all that listening, cutting in and silence can do.
"""

from __future__ import annotations

import time
from collections.abc import Callable
from fractions import Fraction

from servicesim.analysis.chance import chance
from servicesim.analysis.fronts import Fronts, Side
from servicesim.analysis.hearing import Moves
from servicesim.analysis.proof import Chance, Extreme, Reach, Span
from servicesim.analysis.search import Board, Found, extreme
from servicesim.analysis.tracks import Track, tracks
from servicesim.analysis.world import Budget, World, explored
from servicesim.assessment.assess import Assessment, assess
from servicesim.encounter.encounter import Encounter
from servicesim.encounter.rehearsal import rehearse
from servicesim.encounter.script import Script

SECONDS = 10.0
ALL, NONE = Fraction(100), Fraction(0)


def reach(script: Script, *, seconds: float = SECONDS, clock: Callable[[], float] = time.monotonic) -> Reach:
    """What can be reached, exactly or, where the budget is spent, within proven bounds."""
    budget = Budget(clock, clock() + seconds)
    return _Proof(script, budget).told()


class _Proof:
    """One scenario, looked at from all sides."""

    def __init__(self, script: Script, budget: Budget) -> None:
        self.script, self.budget = script, budget
        self.tracks = tracks(script)
        exact = all(track.exact for track in self.tracks)
        # Where a person may miss a limit in seconds, the worst is judged as if all were missed.
        self.strict = self.tracks if exact else tracks(script, strict=True)

    def told(self) -> Reach:
        world = explored(self.script, self.budget.part(0.5))
        fronts = self._fronts(world, self.tracks, budget=self.budget.part(0.6))
        harsh = fronts if self.strict is self.tracks else self._fronts(world, self.strict, budget=self.budget.part(0.6))
        best = self._searched(Board(world, fronts, best=True), self.budget.part(0.4))
        worst = self._searched(Board(world, harsh, best=False), self.budget.part(0.5))
        passing = self._passing(world, fronts, best)
        return Reach(
            best=self._extreme(best, best=True),
            worst=self._extreme(worst, best=False),
            passing=passing,
            principles={high.track.name: self._span(high.best, low.worst) for high, low in zip(fronts, harsh, strict=True)},
            scenes=frozenset(scene for scene, _ in world.lines),
            lines=world.lines,
            replies=world.replies,
            endings={name: name in world.endings for name in self.script.scenario.endings},
            passable=self._is_passable(passing),
            failable=self._is_failable(world, worst),
            random=self._random(),
            complete=True,
        )

    def _fronts(self, world: World, judged: list[Track], *, budget: Budget, perfect: bool = False) -> list[Fronts]:
        told = [Fronts(one, world, perfect=perfect) for one in judged]
        for fronts in told:
            fronts.work_out(budget)
        return told

    def _searched(self, board: Board, budget: Budget, *, well: bool = False) -> Found | None:
        return extreme(board, budget, well=well)

    def _passing(self, world: World, fronts: list[Fronts], best: Found | None) -> Extreme | None:
        if best is not None and best.close.good:
            return self._extreme(best, best=True)
        found = self._searched(Board(world, fronts, best=True), self.budget.part(0.5), well=True)
        return None if found is None else self._extreme(found, best=True)

    def _extreme(self, found: Found | None, *, best: bool) -> Extreme:
        assert found is not None
        value = found.value if self.strict is self.tracks else self._played(found.moves).conduct
        return Extreme(value, found.bound, found.moves)

    def _played(self, moves: Moves) -> Assessment:
        return assess(self.script, rehearse(Encounter(self.script), moves).events)

    def _span(self, high: Side, low: Side) -> Span:
        track = high.track
        return Span(
            best=self._end(high),
            worst=self._end(low),
            kept=any(kept for kept, _ in high.whole()),
            broken=any(broken for _, broken in low.whole()),
            owed=track.owed,
        )

    def _end(self, side: Side) -> Extreme | None:
        """The best or worst score of a principle, and the moves of a play that has it."""
        scores = [(score, count) for count in side.whole() if (score := side.track.score(count)) is not None]
        if not scores:
            return None
        score, count = (max if side.is_best else min)(scores, key=lambda told: told[0])
        path = side.path(count)
        value = score if side.track.exact else self._played(path).principles[side.track.name].score
        return Extreme(NONE if value is None else value, score, path)

    def _is_passable(self, passing: Extreme | None) -> bool | None:
        mark = self.script.scenario.pass_mark
        if passing is None or passing.bound < mark:
            return False
        return True if passing.value >= mark else None

    def _is_failable(self, world: World, worst: Found | None) -> bool | None:
        if any(ending is None or self.script.ending(ending).failed for ending in world.endings):
            return True
        mark = self.script.scenario.pass_mark
        if worst is None or worst.bound >= mark:
            return False
        return True if worst.value < mark else None

    def _random(self) -> Chance:
        world = explored(self.script, self.budget.part(0.5), perfect=True)
        kind = self._thrown(world, self.tracks)
        if self.strict is self.tracks:
            return kind
        harsh = self._thrown(world, self.strict)
        return Chance((harsh.conduct[0], kind.conduct[1]), (harsh.passing[0], kind.passing[1]))

    def _thrown(self, world: World, judged: list[Track]) -> Chance:
        fronts = self._fronts(world, judged, budget=self.budget.part(0.6), perfect=True)
        return chance(Board(world, fronts, best=True, perfect=True), self.script.scenario.pass_mark, self.budget)
