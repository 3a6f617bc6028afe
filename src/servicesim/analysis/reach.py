"""What the plays of a scenario can come to: proved, not sampled.

    told = reach(script)
    told.best.value, told.best.path     # 100, and the moves that get there

A play is every complete play by named moves, timed, with all that listening, cutting in and silence can do.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Sequence
from fractions import Fraction
from functools import cached_property

from servicesim.analysis.board import Board
from servicesim.analysis.budget import Budget, TooMuch
from servicesim.analysis.chance import chance
from servicesim.analysis.explorer import explored
from servicesim.analysis.fronts import Fronts, Side, listening_for_nobody
from servicesim.analysis.hearing import Moves
from servicesim.analysis.orders import misordered
from servicesim.analysis.proof import Chance, Extreme, Reach, Span
from servicesim.analysis.search import extreme, some_play
from servicesim.analysis.strategies import strategies
from servicesim.analysis.tracks import Track, tracks
from servicesim.analysis.world import UNSEEN, World
from servicesim.assessment.assess import Assessment, assess
from servicesim.encounter.encounter import Encounter
from servicesim.encounter.rehearsal import rehearse
from servicesim.encounter.script import Script
from servicesim.scenario.source import collector_off

SECONDS = 10.0
ALL, NONE = Fraction(100), Fraction(0)
UNKNOWN = Chance((NONE, ALL), (NONE, Fraction(1)))


def reach(script: Script, *, seconds: float = SECONDS, clock: Callable[[], float] = time.process_time) -> Reach:
    """What can be reached, exactly or, where the budget is spent, within proven bounds.

    The budget is computing time, so that what can be proved does not depend on what else the machine is doing.
    """
    budget = Budget(clock, clock() + seconds)
    with collector_off():  # All that is made stays until the end.
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
        try:
            world = explored(self.script, self.budget.part(0.5))
        except TooMuch:
            return self._hardly()
        try:
            fronts = self._fronts(world, self.tracks, budget=self.budget.part(0.75))
            harsh = fronts if self.strict is self.tracks else self._fronts(world, self.strict, budget=self.budget.part(0.75))
        except TooMuch:
            return self._hardly(world)
        return self._proved(world, fronts, harsh)

    def _proved(self, world: World, fronts: list[Fronts], harsh: list[Fronts]) -> Reach:
        best = self._searched(Board(world, fronts, best=True), self.budget.part(0.3))
        worst = self._searched(Board(world, harsh, best=False), self.budget.part(0.4))
        assert best is not None  # Every scene leads to an end.
        assert worst is not None
        well = best if self._ends_well(best) else self._searched(Board(world, fronts, best=True), self.budget.part(0.3), well=True)
        return Reach(
            best=best,
            worst=worst,
            passing=well,
            principles={high.track.name: self._span(high.best, low.worst) for high, low in zip(fronts, harsh, strict=True)},
            scenes=frozenset(scene for scene, _ in world.lines),
            lines=world.lines,
            replies=world.replies,
            withheld=world.withheld,
            endings={name: name in world.endings for name in self.script.scenario.endings},
            passable=self._is_passable(well),
            failable=self._is_failable(world, worst),
            random=self._random(),
            misordered=tuple(misordered(fronts, self.budget)),
            complete=True,
        )

    def _hardly(self, world: World = UNSEEN) -> Reach:
        """Where the budget does not suffice for a proof: what some plays come to, and bounds that always hold."""
        plays = [play for play, _ in self._naive]
        best, worst = self._seen(ALL, best=True), self._seen(NONE, best=False)
        assert best is not None  # There is always a naive play.
        assert worst is not None
        endings = world.endings | {play.ending for play in plays}
        return Reach(
            best=best,
            worst=worst,
            passing=self._seen(ALL, best=True, well=True),
            principles={},
            scenes=frozenset(scene for scene, _ in world.lines),
            lines=world.lines,
            replies=world.replies,
            withheld=world.withheld,
            endings={name: name in endings for name in self.script.scenario.endings},
            passable=True if any(play.passed for play in plays) else None,
            failable=None if all(play.passed for play in plays) and all(map(self._is_good, endings)) else True,
            random=UNKNOWN,
            misordered=(),
            complete=world is not UNSEEN,
        )

    # --- conduct ---

    def _searched(self, board: Board, budget: Budget, *, well: bool = False) -> Extreme | None:
        """The best or worst conduct, and a bound; `well`: of plays that end well, None where there is none."""
        try:
            found = extreme(board, budget, well=well)
        except TooMuch:
            moves = some_play(board.world, well=well)
            return None if moves is None else self._seen(board.limit(), best=board.best, well=well, more=[moves])
        return None if found is None else Extreme(self._played(found.moves).conduct, found.bound, found.moves)

    def _seen(self, bound: Fraction, *, best: bool, well: bool = False, more: Sequence[Moves] = ()) -> Extreme | None:
        """The best or worst of a few plays: those of naive players, and more."""
        plays = [*self._naive, *((self._played(moves), moves) for moves in more)]
        told = [(play.conduct, moves) for play, moves in plays if not well or self._is_good(play.ending)]
        if not told:
            return None
        value, moves = (max if best else min)(told, key=lambda play: play[0])
        return Extreme(value, bound, moves)

    @cached_property
    def _naive(self) -> list[tuple[Assessment, Moves]]:
        return [(self._played(played.path), played.path) for played in strategies(self.script).values()]

    def _played(self, moves: Moves) -> Assessment:
        return assess(self.script, rehearse(Encounter(self.script), moves).events)

    def _ends_well(self, one: Extreme) -> bool:
        return self._is_good(self._played(one.path).ending)

    def _is_good(self, ending: str | None) -> bool:
        return ending is not None and not self.script.ending(ending).failed

    def _is_passable(self, passing: Extreme | None) -> bool | None:
        mark = self.script.scenario.pass_mark
        if passing is None or passing.bound < mark:
            return False
        return True if passing.value >= mark else None

    def _is_failable(self, world: World, worst: Extreme) -> bool | None:
        mark = self.script.scenario.pass_mark
        if worst.value < mark or not all(map(self._is_good, world.endings)):
            return True
        return False if worst.bound >= mark else None

    # --- principles ---

    def _fronts(self, world: World, judged: list[Track], *, budget: Budget, perfect: bool = False) -> list[Fronts]:
        deaf_ear = listening_for_nobody(perfect=perfect)
        told = [Fronts(one, world, perfect=perfect, deaf_ear=deaf_ear) for one in judged]
        for fronts in told:
            fronts.work_out(budget)
        return told

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

    # --- chance ---

    def _random(self) -> Chance:
        try:
            world = explored(self.script, self.budget.part(0.5), perfect=True)
            kind = self._thrown(world, self.tracks)
            harsh = kind if self.strict is self.tracks else self._thrown(world, self.strict)
        except TooMuch:
            return UNKNOWN
        return Chance((harsh.conduct[0], kind.conduct[1]), (harsh.passing[0], kind.passing[1]))

    def _thrown(self, world: World, judged: list[Track]) -> Chance:
        fronts = self._fronts(world, judged, budget=self.budget.part(0.75), perfect=True)
        return chance(Board(world, fronts, best=True, perfect=True), self.script.scenario.pass_mark, self.budget)
