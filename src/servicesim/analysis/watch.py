"""Watches: one thing that a play may lose, as a machine over what happens; each step costs what is lost in it.

They stand beside the tracks, which count everything of a principle: a watch follows a single opportunity, or counts only
what is broken.
"""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Iterable, Sequence
from typing import Any, Literal, NamedTuple

from servicesim.analysis.tracks import RATING, VISIT, Count, Piece, Track, always_offered, heeded, in_time
from servicesim.assessment.assess import exactly, run
from servicesim.assessment.opportunity import offered
from servicesim.assessment.rules import AbsentPer, Answered, Automaton, NotAnswered, Ruling, State
from servicesim.assessment.trace import Moment
from servicesim.encounter.script import Script
from servicesim.scenario.principles import Principle

Aim = Literal["this", "fewest"]  # to keep this one opportunity, or to lose as few as can be

OF_PLAY = ("station", "station-word", "nod", "agree", "deny", "interrupt", "silence")
HALF = exactly(0.5)
THIS, OTHER = 1, 0  # the marks of the opportunity that is watched for, and of all others


def lasts(rule: Automaton) -> bool:
    """Whether its opportunities last for a while: they arise at one moment, and are decided at another."""
    return isinstance(rule.template, Answered | NotAnswered | AbsentPer)


class Watch(ABC):
    """A machine whose states are small numbers; every step is worked out once."""

    def __init__(self, signs: Iterable[str]) -> None:
        self.signs = frozenset(signs)
        self.listens = not self.signs.isdisjoint(OF_PLAY)
        self._states: list[Any] = []
        self._numbers: dict[Any, int] = {}
        self._steps: list[dict[Piece, tuple[int, Count]]] = []
        self._heeded: dict[Piece, bool] = {}

    @property
    def exact(self) -> bool:
        """Whether what it tells holds for everybody, however quick or slow."""
        return True

    @abstractmethod
    def after(self, state: Any, piece: Piece) -> tuple[Any, int]:
        """The state after a piece, and what was lost in it."""

    @abstractmethod
    def end(self, state: Any) -> int:
        """What the end of the play loses."""

    @abstractmethod
    def settled(self, state: Any) -> bool:
        """Whether what is watched for has been kept, whatever comes."""

    def is_settled(self, state: int) -> bool:
        """Whether what is watched for has been kept, whatever comes."""
        return self.settled(self._states[state])

    def means(self, act: str) -> tuple[int, ...]:
        """What an act is to it: two that are the same can stand for each other."""
        return (0,)

    def heeds(self, piece: Piece) -> bool:
        """Whether a piece can mean anything to it."""
        known = self._heeded.get(piece)
        if known is None:
            known = self._heeded[piece] = not self.signs.isdisjoint(piece.signs())
        return known

    def step(self, state: int, piece: Piece) -> tuple[int, Count]:
        """As a track's: what is lost counts as broken."""
        if not self.heeds(piece):
            return state, (0, 0)
        known = self._steps[state].get(piece)
        if known is None:
            now, lost = self.after(self._states[state], piece)
            known = self._steps[state][piece] = self.number(now), (0, lost)
        return known

    def finish(self, state: int) -> int:
        """What the end of the play loses."""
        return self.end(self._states[state])

    def number(self, state: Any) -> int:
        """The number of a state."""
        if state not in self._numbers:
            self._numbers[state] = len(self._states)
            self._states.append(state)
            self._steps.append({})
        return self._numbers[state]


class _Seen(NamedTuple):
    """Where a rule stands, whether anything was offered to it, whether the one that is watched for has arisen, what is lost if it is."""

    state: State
    offered: bool
    born: bool = False
    lost: int = 0


class RuleWatch(Watch):
    """Watches one rule of a principle."""

    def __init__(self, rule: Automaton, script: Script, aim: Aim, *, untimed: bool) -> None:
        self.rule, self.aim = rule, aim
        self._script, self._untimed = script, untimed
        self._always = bool(always_offered(rule, script, untimed=untimed))
        scenes = () if self._always else script.scenario.scenes
        self._offering = frozenset(scene for scene in scenes if offered(rule.rule, script, frozenset((scene,)), untimed=untimed))
        self._by_mark = lasts(rule)
        super().__init__((*heeded(rule), *(VISIT + scene for scene in self._offering)))

    @property
    def exact(self) -> bool:
        return self._untimed or in_time(self.rule)

    def means(self, act: str) -> tuple[int, ...]:
        return (self.rule.meaning.get(act, 0),)

    def begun(self, trace: Sequence[Moment], arose: int | None, visited: frozenset[str]) -> int:
        """The state after what has happened; `arose` is where the opportunity that is watched for did, if it has."""
        state, _ = run(self.rule, tuple(trace), True, self._untimed)
        born = arose is not None and arose < len(trace)
        is_offered = self._always or not self._offering.isdisjoint(visited)
        return self.number(_Seen(self._marked(state, arose), is_offered, born))

    def after(self, state: _Seen, piece: Piece) -> tuple[_Seen, int]:
        now = self._kept_up(state, piece.acts) if self.aim == "this" else self._counted(state, piece.acts)
        is_offered = now.offered or piece.visits in self._offering
        if not is_offered:
            return now, 0
        return now._replace(offered=True, lost=0), now.lost

    def end(self, state: _Seen) -> int:
        if not state.offered:
            return int(self.aim == "this")
        if self.aim == "this":
            return int(state.state != "kept" and state.state != "lost" and self._decided(self._ending(state)) is not True)
        return sum(not ruling.kept for ruling in self._ending(state))

    def settled(self, state: _Seen) -> bool:
        return bool(state.state == "kept" and state.offered)

    def _ending(self, state: _Seen) -> Sequence[Ruling]:
        return self.rule.finish(state.state, True)

    def _counted(self, seen: _Seen, acts: Sequence[str]) -> _Seen:
        state, lost = seen.state, seen.lost
        for act in acts:
            what = self.rule.meaning.get(act, 0)
            if what:
                state, rulings = self.rule.step(state, what, OTHER, True)
                lost += sum(not ruling.kept for ruling in rulings)
        return seen._replace(state=state, lost=lost)

    def _kept_up(self, seen: _Seen, acts: Sequence[str]) -> _Seen:
        state, born = seen.state, seen.born
        if state in ("kept", "lost"):
            return seen
        for act in acts:
            what = self.rule.meaning.get(act, 0)
            if not what:
                continue
            state, rulings = self.rule.step(state, what, OTHER if born else THIS, True)
            kept = self._decided(rulings)
            if kept is not None:
                return seen._replace(state="kept" if kept else "lost", born=True, lost=int(not kept))
            born = born or self._has_arisen(state)
            state = self._marked(state, THIS)
        return seen._replace(state=state, born=born)

    def _decided(self, rulings: Sequence[Ruling]) -> bool | None:
        """What becomes of the one that is watched for: the next one to be decided, or the one that has the mark."""
        for ruling in rulings:
            if not self._by_mark or ruling.arose == THIS:
                return ruling.kept
        return None

    def _has_arisen(self, state: State) -> bool:
        match self.rule.template:
            case Answered():
                return any(one.mark == THIS for one in state or ())
            case NotAnswered():
                return THIS in (state or ())
            case AbsentPer():
                return bool(state) and state.mark == THIS
            case _:
                return False

    def _marked(self, state: State, arose: int | None) -> State:
        """The state with no more in it than can matter: one mark for what is watched for, another for what is merely counted."""
        only = self.aim == "this"
        match self.rule.template:
            case Answered() if state is not None:
                marked = [one._replace(mark=int(one.mark == arose)) for one in state]
                return tuple(one for one in marked if one.mark == THIS or not only)
            case NotAnswered() if state is not None:
                marks = [int(mark == arose) for mark in state]
                return tuple(mark for mark in marks if mark == THIS or not only)
            case AbsentPer() if state:
                return state._replace(mark=int(state.mark == arose))
            case _:
                return _unmarked(state)


def _unmarked(state: State) -> State:
    """The state of a last reply without the place where it was given."""
    return (state[0], None, state[2]) if isinstance(state, tuple) and len(state) == 3 else state


class RatingWatch(Watch):
    """Watches the trainer's own ratings of one principle: the next one, or all that are below a half."""

    def __init__(self, principle: str, aim: Aim) -> None:
        self.principle, self.aim = principle, aim
        super().__init__((RATING + principle,))

    def begun(self) -> int:
        """The state before the next rating."""
        return self.number(None)

    def after(self, state: str | None, piece: Piece) -> tuple[str | None, int]:
        low = sum(exactly(mark) < HALF for name, mark in piece.marks if name == self.principle)
        if self.aim == "fewest" or state is not None:
            return state, low if self.aim == "fewest" else 0
        return ("lost", 1) if low else ("kept", 0)

    def end(self, state: str | None) -> int:
        return int(self.aim == "this" and state is None)

    def settled(self, state: str | None) -> bool:
        return state == "kept"


class ExerciseWatch(Watch):
    """Watches whether a principle that is owed is kept anywhere."""

    def __init__(self, name: str, principle: Principle, script: Script, *, untimed: bool) -> None:
        self._track = Track(name, principle, script, untimed=untimed)
        super().__init__(self._track.signs())

    @property
    def exact(self) -> bool:
        return self._track.exact

    def means(self, act: str) -> tuple[int, ...]:
        return self._track.means(act)

    def begun(self, pieces: Iterable[Piece]) -> int:
        """The state after what has happened."""
        state: int | None = self._track.start
        for piece in pieces:
            state, _ = self.after(state, piece)
        return self.number(state)

    def after(self, state: int | None, piece: Piece) -> tuple[int | None, int]:
        if state is None:
            return None, 0
        now, (kept, _) = self._track.step(state, piece)
        return (None if kept else now), 0

    def end(self, state: int | None) -> int:
        return int(state is not None and not self._track.finish(state)[0])

    def settled(self, state: int | None) -> bool:
        return state is None
