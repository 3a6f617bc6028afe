"""Every opportunity of a play and what became of it, as `assess` has them, but without a sentence for each: in bulk that
would take ten times as long.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import NamedTuple

from servicesim.assessment.assess import automata, is_untimed
from servicesim.assessment.opportunity import offered
from servicesim.assessment.rules import Automaton, Ruling, State, too_late
from servicesim.assessment.trace import Moment, moments
from servicesim.assessment.wording import moment_shown
from servicesim.encounter.events import Event, ReplyChosen, SpeechBegan
from servicesim.encounter.script import Script


class Opportunity(NamedTuple):
    """One opportunity to keep a principle: where it was decided, and how far it was kept (0-1)."""

    principle: str
    scene: str | None
    reply: str | None
    kept: float


class Opportunities:
    """The rules of one script, ready to go over many transcripts."""

    def __init__(self, script: Script) -> None:
        self._script = script
        taught = script.principles.principles.items()
        applying = [(name, one) for name, one in taught if one.applies(name, script.scenario)]
        self._applying = frozenset(name for name, _ in applying)
        self._rules = [(name, rule) for name, principle in applying for rule in automata(principle, script)]
        self._meant: dict[str, list[tuple[int, int]]] = {}
        for number, (_, rule) in enumerate(self._rules):
            for act, what in rule.meaning.items():
                self._meant.setdefault(act, []).append((number, what))
        self._possible: dict[tuple[frozenset[str], bool], list[bool]] = {}

    def of(self, events: Sequence[Event]) -> Iterator[Opportunity]:
        """All that a transcript has, rule by rule, and the trainer's own ratings after them."""
        trace, untimed = tuple(moments(self._script, events)), is_untimed(events)
        for number, rulings in enumerate(self._ruled(trace, self._offers(events, untimed), untimed)):
            name, rule = self._rules[number]
            for ruling in rulings:
                yield _placed(name, rule, ruling, trace)
        for event in events:
            if isinstance(event, ReplyChosen):
                for name, mark in self._script.options[event.scene][event.reply].reply.marks.items():
                    if name in self._applying:
                        yield Opportunity(name, event.scene, event.reply, mark)

    def _offers(self, events: Sequence[Event], untimed: bool) -> list[bool]:
        """Of each rule, whether the scenes that were visited offered what it asks for."""
        visited = frozenset(event.scene for event in events if isinstance(event, SpeechBegan))
        known = self._possible.get((visited, untimed))
        if known is None:
            known = [offered(rule.rule, self._script, visited, untimed=untimed) for _, rule in self._rules]
            self._possible[visited, untimed] = known
        return known

    def _ruled(self, trace: Sequence[Moment], possible: Sequence[bool], untimed: bool) -> list[list[Ruling]]:
        """The rulings of each rule. A rule is asked only about acts that mean something to it."""
        states: list[State] = [rule.start for _, rule in self._rules]
        decided: list[list[Ruling]] = [[] for _ in self._rules]
        for mark, moment in enumerate(trace):
            for number, what in self._meant.get(moment.act, ()):
                rule, state = self._rules[number][1], states[number]
                if rule.seconds is not None and not untimed and state:
                    state, late = too_late(state, rule.seconds, moment.at, lambda mark: trace[mark].at)
                    decided[number] += late
                states[number], rulings = rule.step(state, what, mark, possible[number])
                decided[number] += rulings
        for number, (_, rule) in enumerate(self._rules):
            decided[number] += rule.finish(states[number], possible[number])
        return decided


def _placed(name: str, rule: Automaton, ruling: Ruling, trace: Sequence[Moment]) -> Opportunity:
    arose, decided = (None if mark is None else trace[mark] for mark in (ruling.arose, ruling.decided))
    shown = moment_shown(rule.rule, ruling.kept, arose, decided)
    if shown is None:
        return Opportunity(name, None, None, float(ruling.kept))
    return Opportunity(name, shown.scene, shown.reply, float(ruling.kept))
