"""The ground that all plays of a script stand on: its world, and all principles side by side; worked out once."""

from __future__ import annotations

from collections.abc import Iterator

from servicesim.analysis.board import Board
from servicesim.analysis.budget import Budget, TooMuch
from servicesim.analysis.explorer import explored
from servicesim.analysis.fronts import Fronts, listening_for_nobody
from servicesim.analysis.tracks import tracks
from servicesim.analysis.world import World
from servicesim.encounter.script import Script


class Ground:
    """For plays with clocks, or without. What there was no time for can be asked for again."""

    def __init__(self, script: Script, *, untimed: bool) -> None:
        self.script, self.untimed = script, untimed
        self.tracks = tracks(script, untimed=untimed)
        self.deaf = listening_for_nobody()
        self.board: Board | None = None
        self._world: World | None = None
        self._fronts: list[Fronts] = []

    def world(self, budget: Budget) -> World:
        """All places that a play can come to; raises TooMuch."""
        if self._world is None:
            self._world = explored(self.script, budget, untimed=self.untimed)
        return self._world

    def set_up(self, budget: Budget) -> Iterator[None]:
        """Make the board, principle by principle; it stays None where there is no time for it."""
        world = self.world(budget)
        try:
            for track in self.tracks[len(self._fronts) :]:
                fronts = Fronts(track, world, deaf_ear=self.deaf)
                fronts.work_out(budget)
                self._fronts.append(fronts)
                yield
            self.board = self.board or Board(world, self._fronts, best=True)
        except TooMuch:
            return
