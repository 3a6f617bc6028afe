"""What the plays of a small scenario come to, found by playing all of them through the real engine.

`every_play` plays each from the first move to the last, and cannot be wrong. `truth` goes the same ways, but goes on
only once from where two ways meet: the same phase, speech, feelings, facts, acts said, visits, and for each rule the
same state and counts. What can still happen, and what it will count, is then the same, whatever came before. (Feelings
and acts that no condition asks for may differ, since they decide nothing.)
"""

from __future__ import annotations

import sys
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from fractions import Fraction
from typing import Any

from analysis.judge import Judge, Outcome, asks_when
from servicesim.encounter import rules
from servicesim.encounter.encounter import Encounter, keep_nothing
from servicesim.encounter.events import Event, ReplyChosen, SpeechBegan
from servicesim.encounter.rehearsal import HEAR_ON, INTO_STATION, play, rehearse
from servicesim.encounter.script import Script
from servicesim.encounter.situation import Phase, Situation
from servicesim.errors import NotOffered

Moves = tuple[str, ...]

DEEPEST = 10_000  # a play is as long as it is deep


class TooMany(Exception):
    """There are more situations than anybody wants to look at."""


@dataclass(frozen=True, slots=True)
class Found:
    """A value and one play that comes to it."""

    value: Fraction
    path: Moves


@dataclass(frozen=True, slots=True)
class Ends:
    """What becomes of one principle; best and worst among the plays in which it has a score."""

    best: Found | None = None
    worst: Found | None = None
    exercised: bool = False
    kept: bool = False
    broken: bool = False
    owed: bool = False
    timed: bool = False  # it asks for more haste than named moves can show


@dataclass(slots=True)
class Truth:
    """Everything that `reach` claims, counted out."""

    best: Found
    worst: Found
    passing: Found | None
    principles: dict[str, Ends]
    scenes: frozenset[str]
    lines: frozenset[tuple[str, int]]
    replies: frozenset[tuple[str, str]]
    endings: dict[str, bool]
    passable: bool
    failable: bool
    random_conduct: Fraction
    random_passing: Fraction
    plays: int
    situations: int
    outcomes: frozenset[Outcome]


class Branch(Encounter):
    """An encounter that keeps only its last event and what a move adds, so that many can go on from one."""

    def __init__(self, script: Script, last: Event, situation: Situation) -> None:
        self.script, self._keep = script, keep_nothing
        self.events, self.situation = [last], situation


def possible(encounter: Encounter) -> list[str]:
    """The moves to try; those that are not offered fall away when they are played."""
    if encounter.situation.phase in (Phase.WAITING, Phase.LEFT_WAITING):
        return [*encounter.script.listening, "silence", *encounter.situation.stage.by_id]
    # A reply or silence first lets the customer speak to the end, which here is a move, or several, of its own.
    return [*encounter.script.listening, "interrupt", HEAR_ON]


def every_play(script: Script) -> Iterator[tuple[Moves, list[Event]]]:
    """Every complete play, each played from the beginning."""
    waiting: list[Moves] = [()]
    while waiting:
        path = waiting.pop()
        encounter = rehearse(Encounter(script), path)
        if encounter.ended:
            yield path, encounter.events
            continue
        for move in possible(encounter):
            try:
                rehearse(Encounter(script), (*path, move))
            except NotOffered:
                continue
            waiting.append((*path, move))


def truth(script: Script, *, most: int = 100_000, clock: bool = False) -> Truth:
    """What the plays come to; raises TooMany beyond so many situations.

    With `clock`, plays by any move at any moment, which named moves cannot all tell: a station passed over in silence
    and the next one answered, a word between the stations.
    """
    usual = sys.getrecursionlimit()
    sys.setrecursionlimit(DEEPEST)
    try:
        return _Search(script, most, clock=clock).truth()
    finally:
        sys.setrecursionlimit(usual)


@dataclass(slots=True)
class _Search:
    script: Script
    most: int
    clock: bool = False
    judge: Judge = field(init=False)
    plays: dict[Any, int] = field(default_factory=dict)
    branches: dict[Any, list[tuple[str, Branch]]] = field(default_factory=dict)
    outcomes: dict[Outcome, Moves] = field(default_factory=dict)
    scenes: set[str] = field(default_factory=set)
    lines: set[tuple[str, int]] = field(default_factory=set)
    replies: set[tuple[str, str]] = field(default_factory=set)

    def __post_init__(self) -> None:
        self.judge = Judge(self.script)

    def truth(self) -> Truth:
        start = Encounter(self.script)
        counts = self._heard(self.judge.start, start.events, start.situation)
        plays = self._count(start, counts, ())
        conduct, passing = self._random(start, counts, {})
        ways = [(outcome.conduct, outcome) for outcome in self.outcomes]
        well = [(value, outcome) for value, outcome in ways if outcome.ending is not None and not self.script.ending(outcome.ending).failed]
        return Truth(
            best=self._found(ways, best=True),
            worst=self._found(ways, best=False),
            passing=self._found(well, best=True) if well else None,
            principles={name: self._ends(place, name) for place, name in enumerate(self.judge.names)},
            scenes=frozenset(self.scenes),
            lines=frozenset(self.lines),
            replies=frozenset(self.replies),
            endings={name: any(one.ending == name for one in self.outcomes) for name in self.script.scenario.endings},
            passable=any(one.passed for one in self.outcomes),
            failable=not all(one.passed for one in self.outcomes),
            random_conduct=conduct,
            random_passing=passing,
            plays=plays,
            situations=len(self.plays),
            outcomes=frozenset(self.outcomes),
        )

    def _found(self, ways: list[tuple[Fraction, Outcome]], *, best: bool) -> Found:
        value, outcome = (max if best else min)(ways, key=lambda way: way[0])
        return Found(value, self.outcomes[outcome])

    def _ends(self, place: int, name: str) -> Ends:
        ways = [(score, one) for one in self.outcomes if (score := one.scores[place]) is not None]
        return Ends(
            best=self._found(ways, best=True) if ways else None,
            worst=self._found(ways, best=False) if ways else None,
            exercised=any(sum(one.counts[place]) > 0 for one in self.outcomes),
            kept=any(one.counts[place][0] > 0 for one in self.outcomes),
            broken=any(one.counts[place][1] > 0 for one in self.outcomes),
            owed=self.judge.owed[place],
            timed=any(asks_when(rule) for number, rule in self.judge.rules if number == place),
        )

    def _count(self, encounter: Encounter, counts: int, path: Moves) -> int:
        """How many complete plays go on from here; what they come to is noted where it is new."""
        if encounter.ended:
            self.outcomes.setdefault(self.judge.outcome(counts, encounter.situation), path)
            return 1
        key = self.judge.key(encounter, counts)
        known = self.plays.get(key)
        if known is None:
            if len(self.plays) >= self.most:
                raise TooMany
            self.plays[key] = 0
            known = self.plays[key] = sum(self._count(*way) for way in self._ways(encounter, counts, path))
        return known

    def _ways(self, encounter: Encounter, counts: int, path: Moves) -> Iterator[tuple[Encounter, int, Moves]]:
        for move, branch in self._branches(encounter):
            yield branch, self._heard(counts, branch.events[1:], encounter.situation), (*path, move)

    def _branches(self, encounter: Encounter) -> list[tuple[str, Branch]]:
        """What each move leads to; the same wherever the situation is the same, unless a rule asks when."""
        if self.judge.timed:
            return list(self._played(encounter))
        where = self.judge.where(encounter)
        if where not in self.branches:
            self.branches[where] = list(self._played(encounter))
        return self.branches[where]

    def _played(self, encounter: Encounter) -> Iterator[tuple[str, Branch]]:
        for move in self._moves(encounter):
            branch = Branch(self.script, encounter.events[-1], encounter.situation)
            try:
                (_play_by_the_clock if self.clock else play)(branch, move)
            except NotOffered:
                continue
            yield move, branch

    def _moves(self, encounter: Encounter) -> list[str]:
        return [*possible(encounter), "wait"] if self.clock else possible(encounter)

    def _heard(self, counts: int, events: Sequence[Event], before: Situation) -> int:
        """The counts after events; what was come to is noted."""
        speech = before.speech
        scene, line = ("", 0) if speech is None else (before.stage.name, speech.line)
        for event in events:
            if isinstance(event, SpeechBegan):
                scene, line = event.scene, event.line
                self.scenes.add(scene)
                self.lines.add((scene, line))
            elif isinstance(event, ReplyChosen):
                self.replies.add((event.scene, event.reply))
            counts = self.judge.after(counts, event, scene, line)
        return counts

    def _random(self, encounter: Encounter, counts: int, known: dict[Any, tuple[Fraction, Fraction]]) -> tuple[Fraction, Fraction]:
        """Expected conduct and probability of passing, if every station is answered and replies are drawn."""
        branch = Branch(self.script, encounter.events[-1], encounter.situation)
        _listen_well(branch)
        counts = self._heard(counts, branch.events[1:], encounter.situation)
        if branch.ended:
            outcome = self.judge.outcome(counts, branch.situation)
            return outcome.conduct, Fraction(outcome.passed)
        key = self.judge.key(branch, counts)
        if key not in known:
            ways = [self._reply(branch, counts, option.reply.id) for option in branch.offered]
            drawn = [self._random(*way, known) for way in ways]
            known[key] = sum((one for one, _ in drawn), Fraction(0)) / len(drawn), sum((one for _, one in drawn), Fraction(0)) / len(drawn)
        return known[key]

    def _reply(self, encounter: Encounter, counts: int, reply: str) -> tuple[Encounter, int]:
        branch = Branch(self.script, encounter.events[-1], encounter.situation)
        play(branch, reply)
        return branch, self._heard(counts, branch.events[1:], encounter.situation)


def _listen_well(encounter: Encounter) -> None:
    """A neutral word at every station, and nothing else."""
    while encounter.situation.phase in (Phase.SPEAKING, Phase.PAUSING, Phase.PROTESTING):
        situation = encounter.situation
        if situation.phase is Phase.PAUSING and "go-on" in rules.listening_offered(situation):
            encounter.listen("go-on", situation.since + INTO_STATION)
        else:
            encounter.advance(rules.due_at(situation) or 0.0)


def _play_by_the_clock(encounter: Encounter, move: str) -> None:
    """One move at this moment, or the next thing that comes by itself."""
    situation = encounter.situation
    over = rules.due_at(situation)
    if move in encounter.script.listening:
        at = situation.since + INTO_STATION if situation.phase is Phase.PAUSING else encounter.at
        encounter.listen(move, at)  # type: ignore[arg-type]
    elif move == "interrupt":
        encounter.interrupt(encounter.at if over is None else (max(encounter.at, situation.since) + over) / 2)
    elif move == "wait" and situation.phase in (Phase.SPEAKING, Phase.PAUSING, Phase.PROTESTING) and over is not None:
        encounter.advance(over)
    elif move in (HEAR_ON, "wait"):
        raise NotOffered(move)
    else:
        play(encounter, move)
