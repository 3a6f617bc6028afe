"""Counting verdicts in bulk: all rules of a scenario folded over a transcript in one pass, without evidence.

The states of all rules together are numbered as they are met, and each step from a state by an event is remembered, so
that an event costs one look-up. What a step decides is added up in one large integer, a field for each count. Rules
with a limit in seconds depend on the clock and are stepped by themselves.
"""

from __future__ import annotations

from array import array
from collections.abc import Iterable, Sequence
from fractions import Fraction

from servicesim.assessment.assess import CRITICAL_CAP, automata, exactly, is_untimed
from servicesim.assessment.opportunity import offered, owed
from servicesim.assessment.rules import A, Automaton, Rulings, State, too_late
from servicesim.assessment.trace import acts_of
from servicesim.encounter.events import Event, ReplyChosen, SpeechBegan, SpeechEnded
from servicesim.encounter.script import PAUSE, Script
from servicesim.scenario.principles import Principle

BITS = 16  # of each count; a play has far fewer than 65,536 acts of a kind
MOST_STEPS = 400_000  # remembered before the memory is begun anew

Acts = tuple[str, ...]
Offer = tuple[bool, ...]
Placed = tuple[int, Automaton]  # a rule, and the number of its principle
Step = tuple[int, int]  # the next state's number, and what the step decides


class Tally:
    """Kept and broken of every principle, and conduct, for many transcripts of one script."""

    def __init__(self, script: Script) -> None:
        self.script = script
        taught = script.principles.principles
        self.names = [name for name, one in taught.items() if one.applies(name, script.scenario)]
        self._place = {name: number for number, name in enumerate(self.names)}
        self._rules = [(self._place[name], rule) for name in self.names for rule in automata(taught[name], script)]
        self._scores = [
            (taught[name].weight, exactly(taught[name].enough), taught[name].critical, _owed(taught[name], name, script))
            for name in self.names
        ]
        self._marks = {
            (stage.name, option.reply.id): [
                (self._place[name], exactly(mark)) for name, mark in option.reply.marks.items() if name in self._place
            ]
            for stage in script.stages
            for option in stage.options
            if option.reply.marks
        }
        self._acts: dict[object, Acts] = {}
        self._folds: dict[bool, _Fold] = {}

    def counts(self, events: Sequence[Event]) -> list[tuple[int, int]]:
        """Kept and broken of each principle by its rules, in the order of `names`; a trainer's marks are not in it."""
        fields = array("H", self._total(events).to_bytes(4 * len(self.names), "little"))
        return list(zip(fields[::2], fields[1::2], strict=True))

    def conduct(self, events: Sequence[Event]) -> Fraction:
        """The conduct, exactly as `assess` finds it."""
        marks = self._marked(events)
        weights, reached, capped = 0, Fraction(0), False
        for place, ((kept, broken), one) in enumerate(zip(self.counts(events), self._scores, strict=True)):
            weight, enough, critical, owes = one
            share = _share(kept, broken, marks.get(place))
            if share is not None:
                weights += weight
                reached += weight if share >= enough else weight * share / enough
                capped = capped or (critical and share < 1)
            elif owes[is_untimed(events)]:
                weights += weight
        conduct = 100 * reached / weights if weights else Fraction(0)
        return min(conduct, Fraction(CRITICAL_CAP)) if capped else conduct

    def _marked(self, events: Sequence[Event]) -> dict[int, list[Fraction]]:
        marked: dict[int, list[Fraction]] = {}
        for event in events:
            if type(event) is ReplyChosen:
                for place, mark in self._marks.get((event.scene, event.reply), ()):
                    marked.setdefault(place, []).append(mark)
        return marked

    def _total(self, events: Sequence[Event]) -> int:
        untimed = is_untimed(events)
        fold = self._folds.get(untimed)
        if fold is None:
            fold = self._folds[untimed] = _Fold(self.script, self._rules, untimed=untimed)
        brought, visited = self._brought(events)
        return fold.total(events, brought, visited)

    def _brought(self, events: Sequence[Event]) -> tuple[list[Acts], frozenset[str]]:
        """The acts and marks that each event brings, and the scenes that were visited."""
        known, brought, visited = self._acts, list[Acts](), set[str]()
        scene, line = "", 0
        for event in events:
            kind = type(event)
            key: object = kind
            if kind is ReplyChosen:
                key = (event.scene, event.reply)  # type: ignore[union-attr]
            elif kind is SpeechBegan:
                scene, line = event.scene, event.line  # type: ignore[union-attr]
                visited.add(scene)
            elif kind is SpeechEnded:
                key = (scene, line)
            else:
                key = getattr(event, "how", kind)
            acts = known.get(key)
            if acts is None:
                acts = known[key] = tuple(acts_of(self.script, event, scene, line))
            brought.append(acts)
        return brought, frozenset(visited)


class _Fold:
    """The rules folded together, for plays with or without clocks."""

    def __init__(self, script: Script, rules: Iterable[Placed], *, untimed: bool) -> None:
        self.script, self._untimed = script, untimed
        self._plain, self._timed = list[Placed](), list[Placed]()
        for place, rule in rules:
            in_time = untimed or rule.seconds is None or (_of_stations(rule) and rule.seconds >= PAUSE)
            (self._plain if in_time else self._timed).append((place, rule))
        self._forget()

    def _forget(self) -> None:
        start = tuple(rule.start for _, rule in self._plain)
        self._states: list[tuple[State, ...]] = [start]
        self._numbers: dict[tuple[State, ...], int] = {start: 0}
        self._steps: dict[Offer, dict[tuple[int, Acts], Step]] = {}
        self._ends: dict[tuple[int, Offer], int] = {}
        self._offers: dict[frozenset[str], Offer] = {}
        self._remembered = 0

    def total(self, events: Sequence[Event], brought: list[Acts], visited: frozenset[str]) -> int:
        """All counts of one transcript, in the fields of one integer."""
        if self._remembered > MOST_STEPS:
            self._forget()
        offer = self._offer(visited)
        steps, state, total = self._steps[offer], 0, 0
        for acts in brought:
            known = steps.get((state, acts))
            if known is None:
                known = self._step(state, acts, offer)
            state = known[0]
            total += known[1]
        total += self._end(state, offer)
        return total + sum(self._by_the_clock(*placed, events, brought, visited) for placed in self._timed)

    def _offer(self, visited: frozenset[str]) -> Offer:
        """What these scenes offered to each rule."""
        told = self._offers.get(visited)
        if told is None:
            told = tuple(offered(rule.rule, self.script, visited, untimed=self._untimed) for _, rule in self._plain)
            self._offers[visited] = told
            self._steps.setdefault(told, {})
            self._remembered += 1
        return told

    def _step(self, state: int, acts: Acts, offer: Offer) -> Step:
        after, decided = list[State](), 0
        for (place, rule), now, possible in zip(self._plain, self._states[state], offer, strict=True):
            for act in acts:
                what = rule.meaning.get(act, 0)
                if what:
                    now, rulings = rule.step(now, what, 0, possible)
                    decided += _packed(place, rulings)
            after.append(now)
        known = self._steps[offer][(state, acts)] = (self._number(tuple(after)), decided)
        self._remembered += 1
        return known

    def _number(self, states: tuple[State, ...]) -> int:
        number = self._numbers.get(states)
        if number is None:
            number = self._numbers[states] = len(self._states)
            self._states.append(states)
        return number

    def _end(self, state: int, offer: Offer) -> int:
        known = self._ends.get((state, offer))
        if known is None:
            pairs = zip(self._plain, self._states[state], offer, strict=True)
            known = sum(_packed(place, rule.finish(now, possible)) for (place, rule), now, possible in pairs)
            self._ends[(state, offer)] = known
        return known

    def _by_the_clock(self, place: int, rule: Automaton, events: Sequence[Event], brought: list[Acts], visited: frozenset[str]) -> int:
        possible = offered(rule.rule, self.script, visited, untimed=self._untimed)
        state, total, seconds = rule.start, 0, rule.seconds or 0.0
        for event, acts in zip(events, brought, strict=True):
            for act in acts:
                what = rule.meaning.get(act)
                if what is None:
                    continue
                if state:
                    state, late = too_late(state, seconds, event.at, float)
                    total += _packed(place, late)
                state, rulings = rule.step(state, what, event.at, possible)
                total += _packed(place, rulings)
        return total + _packed(place, rule.finish(state, possible))


def _owed(principle: Principle, name: str, script: Script) -> tuple[bool, bool]:
    """Whether a principle is owed: in timed play, and in untimed play."""
    return owed(principle, name, script, untimed=False), owed(principle, name, script, untimed=True)


def _of_stations(rule: Automaton) -> bool:
    """Whether only stations wait for an answer: these close by themselves after a pause."""
    return all(act == "station" for act, what in rule.meaning.items() if what & A)


def _share(kept: int, broken: int, marks: list[Fraction] | None) -> Fraction | int | None:
    """What share was kept; None where there was no opportunity. Whole numbers where they do, since they are far faster."""
    if marks:
        return (kept + sum(marks)) / Fraction(kept + broken + len(marks))
    if not broken:
        return 1 if kept else None
    return Fraction(kept, kept + broken) if kept else 0


def _packed(place: int, rulings: Rulings) -> int:
    """Rulings of one principle as counts in its two fields."""
    kept = sum(ruling.kept for ruling in rulings)
    return (kept | len(rulings) - kept << BITS) << 2 * BITS * place
