"""What a play of a small scenario counts, stepped along with it: the automata are those of `assess`, the rest is not."""

from __future__ import annotations

from dataclasses import dataclass
from fractions import Fraction
from typing import Any

from servicesim.assessment.assess import CRITICAL_CAP, automata, exactly
from servicesim.assessment.opportunity import offered, owed
from servicesim.assessment.rules import A, Automaton, Ruling, too_late
from servicesim.assessment.trace import acts_of
from servicesim.encounter.encounter import Encounter
from servicesim.encounter.events import Event, ReplyChosen
from servicesim.encounter.script import PAUSE, Script
from servicesim.encounter.situation import Situation
from servicesim.scenario import conditions

Counts = tuple[tuple[tuple[Any, int, int], ...], tuple[tuple[str, float], ...]]  # of each rule its state, kept and broken; the trainer's marks
Scores = tuple[tuple[Fraction, Fraction], ...]  # kept and broken of each principle


@dataclass(frozen=True, slots=True)
class Outcome:
    """What one play comes to."""

    ending: str | None
    conduct: Fraction
    passed: bool
    scores: tuple[Fraction | None, ...]
    counts: Scores


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
        self.timed = any(asks_when(rule) for _, rule in self.rules)
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
        timed = asks_when(rule)
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
    written = [line.condition for scene in scenes for line in scene.customer] + [reply.condition for scene in scenes for reply in scene.replies]
    atoms = [atom for text in written if text for atom in conditions.atoms(conditions.parsed(text))]
    names = {atom.name for atom in atoms if isinstance(atom, conditions.Name)}
    said = {atom.act for atom in atoms if isinstance(atom, conditions.Said)}
    pleased = "satisfaction" in names
    return (pleased or "expects" in names, pleased or "received" in names, "trust" in names, True), sum(script.bit[act] for act in said)


def asks_when(rule: Automaton) -> bool:
    """Whether seconds decide anything: a station is answered after half a second, or closes when its 1.2 s are over."""
    of_stations = all(act == "station" for act, what in rule.meaning.items() if what & A)
    return rule.seconds is not None and not (of_stations and rule.seconds >= PAUSE)


def _ago(rule: Automaton, one: tuple[Any, int, int], at: float) -> tuple[Any, int, int]:
    """A rule's state and counts, with times counted back from now."""
    state, kept, broken = one
    if asks_when(rule) and state:
        state = tuple(waiting._replace(mark=round(at - waiting.mark, 3)) for waiting in state)
    return state, kept, broken
