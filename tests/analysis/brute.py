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

from servicesim.assessment.assess import CRITICAL_CAP, automata, exactly
from servicesim.assessment.opportunity import offered, owed
from servicesim.assessment.rules import A, Automaton, Ruling, too_late
from servicesim.assessment.trace import acts_of
from servicesim.encounter import rules
from servicesim.encounter.encounter import Encounter, keep_nothing
from servicesim.encounter.events import Event, ReplyChosen, SpeechBegan
from servicesim.encounter.rehearsal import HEAR_ON, INTO_STATION, play, rehearse
from servicesim.encounter.script import PAUSE, Script
from servicesim.encounter.situation import Phase, Situation
from servicesim.errors import NotOffered
from servicesim.scenario import conditions

Moves = tuple[str, ...]
Counts = tuple[tuple[tuple[Any, int, int], ...], tuple[tuple[str, float], ...]]  # of each rule its state, kept and broken; the trainer's marks
Scores = tuple[tuple[Fraction, Fraction], ...]  # kept and broken of each principle

sys.setrecursionlimit(10_000)


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


@dataclass(frozen=True, slots=True)
class Outcome:
    """What one play comes to."""

    ending: str | None
    conduct: Fraction
    passed: bool
    scores: tuple[Fraction | None, ...]
    counts: Scores


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
    return _Search(script, most, clock=clock).truth()


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


class Judge:
    """The rules that judge a scenario, stepped along with a play as `assess` steps them over a transcript.

    What they have counted is told by a number, the same for the same states and counts.
    """

    def __init__(self, script: Script) -> None:
        self.script = script
        taught = script.principles.principles
        self.names = [name for name, one in taught.items() if one.applies(name, script.scenario)]
        self.principles = [taught[name] for name in self.names]
        self.owed = [owed(taught[name], name, script) for name in self.names]
        self.rules = [(place, rule) for place, one in enumerate(self.principles) for rule in automata(one, script)]
        self.timed = any(_asks_when(rule) for _, rule in self.rules)
        self.felt, self.said = _asked_for(script)
        self._numbers: dict[Counts, int] = {}
        self._counts: list[Counts] = []
        self._after: dict[Any, int] = {}
        self._outcomes: dict[Any, Outcome] = {}
        self.start = self._number((tuple((rule.start, 0, 0) for _, rule in self.rules), ()))

    def _number(self, counts: Counts) -> int:
        number = self._numbers.setdefault(counts, len(self._counts))
        if number == len(self._counts):
            self._counts.append(counts)
        return number

    def after(self, counts: int, event: Event, scene: str, line: int) -> int:
        """The counts after one event."""
        acts = tuple(acts_of(self.script, event, scene, line))
        if not acts:
            return counts
        marks = self.script.stage(event.scene).by_id[event.reply].reply.marks if isinstance(event, ReplyChosen) else {}
        key = (counts, acts, tuple(marks.items()), event.at if self.timed else 0.0)
        if key not in self._after:
            ruled, marked = self._counts[counts]
            ruled = tuple(self._stepped(rule, *one, acts, event.at) for (_, rule), one in zip(self.rules, ruled, strict=True))
            self._after[key] = self._number((ruled, tuple(sorted((*marked, *marks.items())))))
        return self._after[key]

    def _stepped(self, rule: Automaton, state: Any, kept: int, broken: int, acts: tuple[str, ...], at: float) -> tuple[Any, int, int]:
        decided = list[Ruling]()
        timed = _asks_when(rule)
        at = at if timed else 0.0  # the mark of what is pending: without a limit, when it arose is nothing to the rule
        for act in acts:
            if timed and state:
                state, late = too_late(state, rule.seconds or 0.0, at, float)
                decided += late
            if what := rule.meaning.get(act, 0):
                state, rulings = rule.step(state, what, at, True)
                decided += rulings
        good = sum(ruling.kept for ruling in decided)
        return state, kept + good, broken + len(decided) - good

    def key(self, encounter: Encounter, counts: int) -> Any:
        """All that decides what can still happen, and what it will count."""
        where = self.where(encounter)
        if not self.timed:
            return where, counts
        ruled, marked = self._counts[counts]
        ago = tuple(_ago(rule, one, encounter.at) for (_, rule), one in zip(self.rules, ruled, strict=True))
        return where, round(encounter.at - encounter.situation.since, 3), ago, marked

    def where(self, encounter: Encounter) -> Any:
        """All of a situation but when it came about, and the feelings and acts said that no condition asks for."""
        now = encounter.situation
        felt = tuple(feeling for feeling, asked in zip(now.feelings, self.felt, strict=True) if asked)
        return now.phase, now.speech, felt, now.facts, now.said & self.said, now.visits

    def outcome(self, counts: int, situation: Situation) -> Outcome:
        """What a play comes to that ended in this situation."""
        visited = frozenset(stage.name for stage in self.script.stages if situation.visits[stage.number])
        key = (counts, visited, situation.ending)
        if key not in self._outcomes:
            self._outcomes[key] = self._judged(self._totals(counts, visited), situation.ending)
        return self._outcomes[key]

    def _totals(self, counts: int, visited: frozenset[str]) -> Scores:
        ruled, marked = self._counts[counts]
        totals = [[Fraction(0), Fraction(0)] for _ in self.names]
        for (place, rule), (state, kept, broken) in zip(self.rules, ruled, strict=True):
            if offered(rule.rule, self.script, visited):
                last = rule.finish(state, True)
                totals[place][0] += kept + sum(ruling.kept for ruling in last)
                totals[place][1] += broken + sum(not ruling.kept for ruling in last)
        for name, mark in marked:
            if name in self.names:
                totals[self.names.index(name)][0] += exactly(mark)
                totals[self.names.index(name)][1] += 1 - exactly(mark)
        return tuple((kept, broken) for kept, broken in totals)

    def _judged(self, totals: Scores, ending: str | None) -> Outcome:
        scores = tuple(self._score(place, *total) for place, total in enumerate(totals))
        told = [(one.weight, score) for one, score in zip(self.principles, scores, strict=True) if score is not None]
        conduct = 100 * sum((weight * score for weight, score in told), Fraction(0)) / (sum(weight for weight, _ in told) or 1)
        if any(one.critical and broken for one, (_, broken) in zip(self.principles, totals, strict=True)):
            conduct = min(conduct, Fraction(CRITICAL_CAP))
        well = ending is not None and not self.script.ending(ending).failed
        return Outcome(ending, conduct, well and conduct >= self.script.scenario.pass_mark, scores, totals)

    def _score(self, place: int, kept: Fraction, broken: Fraction) -> Fraction | None:
        if kept + broken:
            return min(Fraction(1), kept / (kept + broken) / exactly(self.principles[place].enough))
        return Fraction(0) if self.owed[place] else None


def _asked_for(script: Script) -> tuple[tuple[bool, ...], int]:
    """Which feelings, and which acts as bits, decide anything. Anger always does: the customer may leave."""
    scenes = script.scenario.scenes.values()
    written = [one.condition for scene in scenes for one in (*scene.customer, *scene.replies) if one.condition is not None]
    atoms = [atom for text in written for atom in conditions.atoms(conditions.parsed(text))]
    names = {atom.name for atom in atoms if isinstance(atom, conditions.Name)}
    said = {atom.act for atom in atoms if isinstance(atom, conditions.Said)}
    pleased = "satisfaction" in names
    return (pleased or "expects" in names, pleased or "received" in names, "trust" in names, True), sum(script.bit[act] for act in said)


def _asks_when(rule: Automaton) -> bool:
    """Whether seconds decide anything: a station is answered after half a second, or closes when its 1.2 s are over."""
    of_stations = all(act == "station" for act, what in rule.meaning.items() if what & A)
    return rule.seconds is not None and not (of_stations and rule.seconds >= PAUSE)


def _ago(rule: Automaton, one: tuple[Any, int, int], at: float) -> tuple[Any, int, int]:
    """A rule's state and counts, with times counted back from now."""
    state, kept, broken = one
    if _asks_when(rule) and state:
        state = tuple(waiting._replace(mark=round(at - waiting.mark, 3)) for waiting in state)
    return state, kept, broken
