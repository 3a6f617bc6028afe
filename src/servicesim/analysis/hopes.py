"""Hopes: the least that a watch loses from any place of the world on, and the moves of a play that loses no more."""

from __future__ import annotations

from collections.abc import Iterator
from typing import NamedTuple

from servicesim.analysis.budget import Budget, TooMuch
from servicesim.analysis.following import Followed
from servicesim.analysis.fronts import Listener, better_for_best
from servicesim.analysis.hearing import BEGINNING, Midway, Moves
from servicesim.analysis.watch import Watch
from servicesim.analysis.world import Close, Place, Turn, World

Here = Place | Turn


class _Way(NamedTuple):
    """One way on: where it leads, the state there, what is lost on it, and its moves."""

    leads: Place | Turn | Close
    state: int
    lost: int
    moves: Moves


class Hopes:
    """What is least lost of one watch, from each place and each state that was asked for."""

    def __init__(self, watch: Watch, world: World, deaf: Listener, budget: Budget) -> None:
        self.watch, self._budget = watch, budget
        self._deaf = deaf  # hears for all watches to which listening is nothing
        self._listener = Listener((watch,), better_for_best) if watch.listens else deaf
        self._ahead, self._bits = world.ahead, world.bits(watch.signs)
        self._least: dict[tuple[Here, int], int] = {}
        self._ways: dict[tuple[Here, int], list[_Way]] = {}

    def least(self, stands: Followed, state: int) -> int:
        """The least that is lost from where a play stands on; raises TooMuch."""
        return min(self._cost(way) for way in self._onward(stands, state))

    def moves(self, stands: Followed, state: int) -> Moves:
        """The moves of a play that loses no more than that."""
        told, ways = list[str](), self._onward(stands, state)
        while ways:
            way = min(ways, key=lambda way: (self._cost(way), len(way.moves)))
            told += way.moves
            ways = [] if isinstance(way.leads, Close) else self._of(way.leads, way.state)
        return tuple(told)

    def _onward(self, stands: Followed, state: int) -> list[_Way]:
        """The ways on from where a play stands."""
        if isinstance(stands.leads, Close):
            return [_Way(stands.leads, state, self.watch.finish(state), ())]
        return self._heard(stands.place, state, stands.midway)

    def _cost(self, way: _Way) -> int:
        return way.lost if isinstance(way.leads, Close) else way.lost + self._at(way.leads, way.state)

    def _at(self, here: Here, state: int) -> int:
        """Worked out from the end: what a place leads to comes before it."""
        waiting, steps = [(here, state)], 0
        while (here, state) not in self._least:
            steps += 1
            if steps % 64 == 0 and self._budget.spent:
                raise TooMuch
            now = waiting[-1]
            unknown = list(self._unknown(*now))
            if unknown:
                waiting += unknown
            else:
                waiting.pop()
                self._least[now] = self._worked_out(*now)
        return self._least[here, state]

    def _unknown(self, here: Here, state: int) -> Iterator[tuple[Here, int]]:
        if (here, state) in self._least or self._is_deaf(here):
            return
        for way in self._of(here, state):
            if not isinstance(way.leads, Close) and (way.leads, way.state) not in self._least:
                yield way.leads, way.state

    def _worked_out(self, here: Here, state: int) -> int:
        if self._is_deaf(here):
            return self.watch.finish(state)
        return min(self._cost(way) for way in self._of(here, state))

    def _is_deaf(self, here: Here) -> bool:
        """Whether nothing that may still happen means anything to the watch."""
        return isinstance(here, Place) and not self.watch.listens and not self._ahead[here] & self._bits

    def _of(self, here: Here, state: int) -> list[_Way]:
        """The ways on from a place or a turn."""
        known = self._ways.get((here, state))
        if known is None:
            told = list(self._chosen(here, state)) if isinstance(here, Turn) else self._heard(here, state, BEGINNING)
            known = self._ways[here, state] = told
        return known

    def _chosen(self, turn: Turn, state: int) -> Iterator[_Way]:
        for choice in turn.choices:
            now, (_, lost) = self.watch.step(state, choice.piece)
            yield self._entered(choice.leads, now, lost, (choice.reply,))

    def _heard(self, place: Place, state: int, since: Midway) -> list[_Way]:
        """What the speech at a place, or the rest of it, comes to."""
        if self.watch.listens:
            heard = ((leads, now, gain[1], moves) for leads, (now,), (gain,), moves in self._listener.rest(place, (state,), since))
        else:
            now, (_, lost) = (state, (0, 0)) if since.ended else self.watch.step(state, place.speech.ends)
            heard = ((result.leads, now, lost, result.moves) for result in self._deaf.rest(place, (), since))
        return [
            _Way(leads, now, lost, moves) if isinstance(leads, Turn) else self._entered(leads, now, lost, moves)
            for leads, now, lost, moves in heard
        ]

    def _entered(self, leads: Place | Close, state: int, lost: int, moves: Moves) -> _Way:
        """What is lost when the next speech has begun, or the play has ended."""
        if isinstance(leads, Close):
            return _Way(leads, state, lost + self.watch.finish(state), moves)
        now, (_, more) = self.watch.step(state, leads.begins)
        return _Way(leads, now, lost + more, moves)
