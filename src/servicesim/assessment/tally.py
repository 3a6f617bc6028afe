"""Counting verdicts in bulk: all rules of a scenario folded over a transcript in one pass, without evidence.

The states of all rules together are numbered as they are met, and each step from a state by an event is remembered, so
that an event costs one look-up. What a step decides is added up in one large integer, a field for each count. Rules
with a limit in seconds depend on the clock and are stepped by themselves.
"""

from __future__ import annotations

from collections.abc import Sequence
from fractions import Fraction

from servicesim.assessment.assess import CRITICAL_CAP, automata, exactly
from servicesim.assessment.opportunity import offered, owed
from servicesim.assessment.rules import Automaton, Rulings, State, too_late
from servicesim.assessment.trace import acts_of
from servicesim.encounter.events import Began, Event, ReplyChosen, SpeechBegan, SpeechEnded
from servicesim.encounter.script import Script

BITS = 12  # of each count; a play has far fewer than 4,096 acts of a kind
MASK = (1 << BITS) - 1
MOST_STEPS = 400_000  # remembered before the memory is begun anew

Acts = tuple[str, ...]
Step = tuple[int, int]  # the next state's number, and what the step decides


class Tally:
    """Kept and broken of every principle, and conduct, for many transcripts of one script."""

    def __init__(self, script: Script) -> None:
        self.script = script
        taught = script.principles.principles
        self.names = [name for name, one in taught.items() if one.applies(name, script.scenario)]
        self._place = {name: number for number, name in enumerate(self.names)}
        rules = [(self._place[name], rule) for name in self.names for rule in automata(taught[name], script)]
        self._plain = [(place, rule) for place, rule in rules if rule.seconds is None]
        self._timed = [(place, rule) for place, rule in rules if rule.seconds is not None]
        self._scores = [
            (taught[name].weight, exactly(taught[name].enough), taught[name].critical, owed(taught[name], name, script))
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
        self._forget()

    def _forget(self) -> None:
        start = tuple(rule.start for _, rule in self._plain)
        self._acts: dict[object, Acts] = {}
        self._states: list[tuple[State, ...]] = [start]
        self._numbers: dict[tuple[State, ...], int] = {start: 0}
        self._steps: dict[tuple[bool, ...], dict[tuple[int, Acts], Step]] = {}
        self._ends: dict[tuple[int, tuple[bool, ...]], int] = {}
        self._offers: dict[frozenset[str], tuple[bool, ...]] = {}
        self._remembered = 0

    # -- what one transcript gives ------------------------------------------------------------------------------------

    def counts(self, events: Sequence[Event]) -> list[tuple[int, int]]:
        """Kept and broken of each principle by its rules, in the order of `names`; a trainer's marks are not in it."""
        total = self._total(events)
        return [(total >> at & MASK, total >> at + BITS & MASK) for at in range(0, 2 * BITS * len(self.names), 2 * BITS)]

    def conduct(self, events: Sequence[Event]) -> Fraction:
        """The conduct, exactly as `assess` finds it."""
        marks = self._marked(events)
        weights, reached, capped = 0, Fraction(0), False
        for place, (counted, one) in enumerate(zip(self.counts(events), self._scores, strict=True)):
            weight, enough, critical, is_owed = one
            kept, broken = counted[0] + marks.get(place, _NOTHING)[0], counted[1] + marks.get(place, _NOTHING)[1]
            if kept + broken:
                weights += weight
                reached += weight * min(Fraction(1), Fraction(kept, 1) / (kept + broken) / enough)
                capped = capped or (critical and broken > 0)
            elif is_owed:
                weights += weight
        conduct = 100 * reached / weights if weights else Fraction(0)
        return min(conduct, Fraction(CRITICAL_CAP)) if capped else conduct

    def _marked(self, events: Sequence[Event]) -> dict[int, tuple[Fraction, Fraction]]:
        marked: dict[int, tuple[Fraction, Fraction]] = {}
        for event in events:
            if type(event) is ReplyChosen:
                for place, mark in self._marks.get((event.scene, event.reply), ()):
                    kept, broken = marked.get(place, _NOTHING)
                    marked[place] = (kept + mark, broken + 1 - mark)
        return marked

    # -- one pass -----------------------------------------------------------------------------------------------------

    def _total(self, events: Sequence[Event]) -> int:
        if self._remembered > MOST_STEPS:
            self._forget()
        visited = frozenset([event.scene for event in events if type(event) is SpeechBegan])
        offer = self._offer(visited)
        steps, state, total = self._steps[offer], 0, 0
        brought = self._brought(events)
        for acts in brought:
            known = steps.get((state, acts))
            if known is None:
                known = self._step(state, acts, offer)
            state = known[0]
            total += known[1]
        total += self._end(state, offer)
        if self._timed:
            total += self._timed_total(events, brought, visited)
        return total

    def _brought(self, events: Sequence[Event]) -> list[Acts]:
        """The acts and marks that each event brings."""
        known, brought = self._acts, list[Acts]()
        scene, line = "", 0
        for event in events:
            kind = type(event)
            key: object = kind
            if kind is ReplyChosen:
                key = (event.scene, event.reply)  # type: ignore[union-attr]
            elif kind is SpeechBegan:
                scene, line = event.scene, event.line  # type: ignore[union-attr]
            elif kind is SpeechEnded:
                key = (scene, line)
            else:
                key = getattr(event, "how", kind)
            acts = known.get(key)
            if acts is None:
                acts = known[key] = tuple(acts_of(self.script, event, scene, line))
            brought.append(acts)
        return brought

    def _offer(self, visited: frozenset[str]) -> tuple[bool, ...]:
        """What these scenes offered to each rule."""
        told = self._offers.get(visited)
        if told is None:
            told = tuple(offered(rule.rule, self.script, visited) for _, rule in self._plain)
            self._offers[visited] = told
            self._steps.setdefault(told, {})
            self._remembered += 1
        return told

    def _step(self, state: int, acts: Acts, offer: tuple[bool, ...]) -> Step:
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

    def _end(self, state: int, offer: tuple[bool, ...]) -> int:
        known = self._ends.get((state, offer))
        if known is None:
            pairs = zip(self._plain, self._states[state], offer, strict=True)
            known = sum(_packed(place, rule.finish(now, possible)) for (place, rule), now, possible in pairs)
            self._ends[(state, offer)] = known
        return known

    def _timed_total(self, events: Sequence[Event], brought: list[Acts], visited: frozenset[str]) -> int:
        first = events[0] if events else None
        untimed = isinstance(first, Began) and first.untimed
        return sum(self._timed_rule(place, rule, events, brought, visited, untimed) for place, rule in self._timed)

    def _timed_rule(
        self, place: int, rule: Automaton, events: Sequence[Event], brought: list[Acts], visited: frozenset[str], untimed: bool
    ) -> int:
        possible = offered(rule.rule, self.script, visited)
        state, total, meaning = rule.start, 0, rule.meaning
        seconds = float("inf") if untimed or rule.seconds is None else rule.seconds
        for event, acts in zip(events, brought, strict=True):
            for act in acts:
                what = meaning.get(act)
                if what is None:
                    continue
                if state:
                    oldest = event.at - seconds
                    state, late = too_late(state, lambda mark: mark < oldest)  # noqa: B023
                    total += _packed(place, late)
                state, rulings = rule.step(state, what, event.at, possible)
                total += _packed(place, rulings)
        return total + _packed(place, rule.finish(state, possible))


_NOTHING = (Fraction(0), Fraction(0))


def _packed(place: int, rulings: Rulings) -> int:
    """Rulings of one principle as counts in its two fields."""
    kept = sum(ruling.kept for ruling in rulings)
    return (kept | len(rulings) - kept << BITS) << 2 * BITS * place
