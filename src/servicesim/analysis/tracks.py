"""Tracks: one principle as a machine over what happens in a play, with what it counts kept apart from where it stands.

A piece is what happens together: the beginning of a speech, a listening act, the end of a speech, a reply. A track
steps over pieces; its states are small numbers, and every step is worked out once.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from fractions import Fraction
from math import lcm
from typing import NamedTuple

from servicesim.assessment.assess import automata, exactly
from servicesim.assessment.opportunity import offered, owed
from servicesim.assessment.rules import (
    BEGINS,
    ENDS,
    ON,
    A,
    Absent,
    Answered,
    Automaton,
    B,
    Exists,
    FirstReply,
    LastReply,
    Rulings,
    State,
)
from servicesim.encounter.script import PAUSE, Script
from servicesim.scenario.principles import Principle

Count = tuple[int, int]  # kept and broken, in parts of a track's whole
NOTHING: Count = (0, 0)
VISIT = "(visits the scene) "
RATING = "(a trainer's rating) "


@dataclass(frozen=True, slots=True, eq=False)
class Piece:
    """What happens together: acts and marks in order, the scene that it makes visited, and a trainer's own ratings."""

    acts: tuple[str, ...]
    visits: str | None = None
    marks: tuple[tuple[str, float], ...] = ()

    def signs(self) -> Iterable[str]:
        """What a track may heed in it: acts and marks, the visit, the ratings."""
        yield from self.acts
        if self.visits is not None:
            yield VISIT + self.visits
        yield from (RATING + name for name, _ in self.marks)


class _Ruled(NamedTuple):
    """Where one rule stands: its automaton, whether anything was offered to it, and what is counted once it was."""

    state: State
    offered: bool
    kept: int = 0
    broken: int = 0


class Track:
    """One principle, as far as its score goes. `strict` takes every limit in seconds that a person may miss for missed."""

    def __init__(self, name: str, principle: Principle, script: Script, *, strict: bool = False, untimed: bool = False) -> None:
        self.name, self.weight, self.critical = name, principle.weight, principle.critical
        self.enough = exactly(principle.enough)
        self.owed = owed(principle, name, script, untimed=untimed)
        self.whole = lcm(*(exactly(mark).denominator for mark in _marks(name, script)))
        self._script, self._untimed = script, untimed
        told = ((rule, always_offered(rule, script, untimed=untimed)) for rule in automata(principle, script))
        rules = [(rule, always) for rule, always in told if always is not None]
        self.exact = untimed or all(in_time(rule) for rule, _ in rules)
        self._rules = [rule if in_time(rule) or not strict else _missed(rule) for rule, _ in rules]
        self._always = [always for _, always in rules]
        self._states: list[tuple[_Ruled, ...]] = []
        self._numbers: dict[tuple[_Ruled, ...], int] = {}
        self._steps: list[dict[Piece, tuple[int, Count]]] = []
        self._scores: dict[Count, Fraction | None] = {}
        self._heeded: set[str] = {act for rule in self._rules for act in heeded(rule)}
        self._offered_by: dict[str, tuple[bool, ...]] = {}
        self.start = self._number(tuple(_Ruled(rule.start, always) for rule, always in zip(self._rules, self._always, strict=True)))

    def signs(self) -> Iterable[str]:
        """What can mean anything to it, as `Piece.signs` tells it."""
        yield from self._heeded
        yield RATING + self.name
        yield from (VISIT + scene for scene in self._script.scenario.scenes if any(self._offers(scene)))

    def heeds(self, piece: Piece) -> bool:
        """Whether a piece can mean anything to it."""
        if any(act in self._heeded for act in piece.acts) or any(name == self.name for name, _ in piece.marks):
            return True
        return piece.visits is not None and any(self._offers(piece.visits))

    def heeds_any(self, acts: Iterable[str]) -> bool:
        """Whether any of these acts can mean anything to it."""
        return not self._heeded.isdisjoint(acts)

    def means(self, act: str) -> tuple[int, ...]:
        """What an act is to each of its rules: two acts that are the same to all can stand for each other."""
        return tuple(rule.meaning.get(act, 0) for rule in self._rules)

    def step(self, state: int, piece: Piece) -> tuple[int, Count]:
        """Where it stands after a piece, and what was counted."""
        known = self._steps[state].get(piece)
        if known is None:
            known = self._steps[state][piece] = self._worked_out(state, piece)
        return known

    def finish(self, state: int) -> Count:
        """What the end of the play counts."""
        kept = broken = 0
        for rule, ruled in zip(self._rules, self._states[state], strict=True):
            if ruled.offered:
                kept, broken = _counted(rule.finish(ruled.state, True), kept, broken)
        return kept * self.whole, broken * self.whole

    def score(self, count: Count) -> Fraction | None:
        """The score of what was counted in a whole play, 0-1; None where it was not exercised."""
        if count not in self._scores:
            kept, broken = count
            share = min(Fraction(1), Fraction(kept, kept + broken) / self.enough) if kept + broken else None
            self._scores[count] = Fraction(0) if share is None and self.owed else share
        return self._scores[count]

    def _worked_out(self, state: int, piece: Piece) -> tuple[int, Count]:
        after, kept, broken = list[_Ruled](), 0, 0
        offers = None if piece.visits is None else self._offers(piece.visits)
        for number, (rule, ruled) in enumerate(zip(self._rules, self._states[state], strict=True)):
            ruled = _stepped(rule, ruled, piece.acts)
            if ruled.offered or (offers is not None and offers[number]):
                kept, broken = kept + ruled.kept, broken + ruled.broken
                ruled = _Ruled(ruled.state, True)
            after.append(ruled)
        marked = [exactly(mark) for name, mark in piece.marks if name == self.name]
        kept = kept * self.whole + sum(int(mark * self.whole) for mark in marked)
        broken = broken * self.whole + sum(int((1 - mark) * self.whole) for mark in marked)
        return self._number(tuple(after)), (kept, broken)

    def _offers(self, scene: str) -> tuple[bool, ...]:
        """Which of its rules, not offered in every play, a scene offers something to."""
        if scene not in self._offered_by:
            visited = frozenset((scene,))
            told = zip(self._rules, self._always, strict=True)
            self._offered_by[scene] = tuple(
                not always and offered(rule.rule, self._script, visited, untimed=self._untimed) for rule, always in told
            )
        return self._offered_by[scene]

    def _number(self, state: tuple[_Ruled, ...]) -> int:
        if state not in self._numbers:
            self._numbers[state] = len(self._states)
            self._states.append(state)
            self._steps.append({})
        return self._numbers[state]


def tracks(script: Script, *, strict: bool = False, untimed: bool = False) -> list[Track]:
    """A track for each principle that applies to the scenario."""
    taught = script.principles.principles.items()
    return [Track(name, one, script, strict=strict, untimed=untimed) for name, one in taught if one.applies(name, script.scenario)]


def _stepped(rule: Automaton, ruled: _Ruled, acts: Sequence[str]) -> _Ruled:
    state, _, kept, broken = ruled
    for act in acts:
        what = rule.meaning.get(act, 0)
        if what:
            state, rulings = rule.step(state, what, 0, True)
            kept, broken = _counted(rulings, kept, broken)
    return _Ruled(state, ruled.offered, kept, broken)


def _counted(rulings: Rulings, kept: int, broken: int) -> Count:
    good = sum(ruling.kept for ruling in rulings)
    return kept + good, broken + len(rulings) - good


def always_offered(rule: Automaton, script: Script, *, untimed: bool = False) -> bool | None:
    """Whether every play offers it something, or only where a scene that does was visited; None: no play does."""
    if offered(rule.rule, script, frozenset(), untimed=untimed):
        return True
    return False if offered(rule.rule, script, frozenset(script.scenario.scenes), untimed=untimed) else None


def _marks(name: str, script: Script) -> Iterable[float]:
    for stage in script.stages:
        for option in stage.options:
            if name in option.reply.marks:
                yield option.reply.marks[name]


def in_time(rule: Automaton) -> bool:
    """Whether no limit in seconds is ever missed by who acts at all: a station closes by itself after a pause."""
    stations = all(act == "station" for act, what in rule.meaning.items() if what & A)
    return rule.seconds is None or (stations and rule.seconds >= PAUSE)


def _missed(rule: Automaton) -> Automaton:
    """The rule when every answer comes too late."""
    meaning = {act: what & ~B for act, what in rule.meaning.items()}
    return Automaton(rule.rule, rule.template, meaning, rule.scoped)


def heeded(rule: Automaton) -> Iterable[str]:
    """The acts and marks that can change where a rule stands."""
    template = rule.template
    deaf = 0
    if not isinstance(template, FirstReply | LastReply) and not (isinstance(template, Answered) and template.next_reply):
        deaf |= BEGINS | ENDS
    if isinstance(template, Exists | Absent):
        deaf |= B
    if not isinstance(template, Answered):
        deaf |= ON
    return [act for act, what in rule.meaning.items() if what & ~deaf]
