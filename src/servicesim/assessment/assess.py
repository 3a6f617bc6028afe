"""From a transcript to a score: a pure function of scenario, principles and transcript, with evidence for each verdict.

    assessment = assess(script, transcript)
    assessment.conduct            # an exact fraction, 0-100
    assessment.principles["hold-the-apology"].evidence
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from fractions import Fraction
from typing import Literal, NamedTuple

from servicesim.assessment import wording
from servicesim.assessment.opportunity import offered, owed
from servicesim.assessment.reasons import Reason, reasons_in
from servicesim.assessment.rules import Automaton, Ruling, State, automaton, too_late
from servicesim.assessment.trace import Moment, moments
from servicesim.encounter.events import Began, Event, ReplyChosen, SpeechBegan
from servicesim.encounter.script import Script
from servicesim.encounter.situation import Feelings, Situation, opening
from servicesim.scenario.principles import Principle

Verdict = Literal["kept", "broken"]
Outcome = Literal["dissatisfied", "satisfied", "delighted"]
Standing = Literal["broken", "open", "kept", "not-yet"]

CRITICAL_CAP = 49
DISSATISFIED_BELOW = -10
DELIGHTED_FROM = 15


@dataclass(frozen=True, slots=True)
class Evidence:
    """One opportunity, and what was made of it: when (seconds), in which scene, by which reply, and why it is judged so."""

    at: float
    scene: str | None
    reply: str | None
    verdict: Verdict
    reason: Reason
    event: int | None = None  # which event of the transcript, from 0; None when it is the encounter as a whole

    @property
    def because(self) -> str:
        """The reason in English."""
        return reasons_in("en").sentence(self.reason)


@dataclass(frozen=True, slots=True)
class PrincipleScore:
    """How far one principle was kept: `score` 0-1, None when it was not exercised."""

    score: Fraction | None
    kept: Fraction
    broken: Fraction
    owed: bool
    evidence: tuple[Evidence, ...]


@dataclass(frozen=True, slots=True)
class Assessment:
    """How an encounter was judged: conduct (B1: the cause) and, apart from it, the customer's outcome (the effect)."""

    conduct: Fraction
    passed: bool
    ending: str | None
    feelings: Feelings
    outcome: Outcome
    principles: dict[str, PrincipleScore]
    capped_by: tuple[str, ...]

    @property
    def shown(self) -> int:
        """Conduct as people see it: whole points, rounded down, so that what shows as the pass mark is one."""
        return int(self.conduct)


def assess(script: Script, events: Sequence[Event]) -> Assessment:
    """The assessment of a transcript, ended or not; what is still pending counts as broken."""
    situation = _situation(script, events)
    trace = tuple(moments(script, events))
    scores = {name: _score(name, principle, script, events, trace) for name, principle in _applying(script)}
    capped_by = tuple(name for name, score in scores.items() if script.principles.principles[name].critical and score.broken)
    conduct = _conduct(script, scores)
    if capped_by:
        conduct = min(conduct, Fraction(CRITICAL_CAP))
    reached = conduct >= script.scenario.pass_mark
    ending = situation.ending
    return Assessment(
        conduct=conduct,
        passed=reached and ending is not None and not script.ending(ending).failed,
        ending=ending,
        feelings=situation.feelings,
        outcome=_outcome(situation.feelings.satisfaction, reached),
        principles=scores,
        capped_by=capped_by,
    )


def standing(script: Script, events: Sequence[Event]) -> dict[str, Standing]:
    """How each principle stands while playing; practice may show it, scored play does not."""
    trace = tuple(moments(script, events))
    return {name: _standing(principle, script, events, trace) for name, principle in _applying(script)}


def _situation(script: Script, events: Sequence[Event]) -> Situation:
    situation = opening(script)
    for event in events:
        situation = situation.after(event)
    return situation


def _applying(script: Script) -> Iterator[tuple[str, Principle]]:
    for name, principle in script.principles.principles.items():
        if principle.applies(name, script.scenario):
            yield name, principle


def _outcome(satisfaction: int, reached: bool) -> Outcome:
    if satisfaction < DISSATISFIED_BELOW:
        return "dissatisfied"
    return "delighted" if satisfaction >= DELIGHTED_FROM and reached else "satisfied"


def _conduct(script: Script, scores: dict[str, PrincipleScore]) -> Fraction:
    weights = {name: script.principles.principles[name].weight for name, score in scores.items() if score.score is not None}
    if not weights:
        return Fraction(0)
    reached = sum((weight * (scores[name].score or Fraction(0)) for name, weight in weights.items()), Fraction(0))
    return 100 * reached / sum(weights.values())


def _score(name: str, principle: Principle, script: Script, events: Sequence[Event], trace: tuple[Moment, ...]) -> PrincipleScore:
    evidence = [*_ruled(principle, script, events, trace), *_marked(name, script, events)]
    kept = sum((share for share, _ in evidence), Fraction(0))
    broken = sum((1 - share for share, _ in evidence), Fraction(0))
    told = tuple(sorted((one for _, one in evidence), key=lambda one: (one.event is None, one.event, one.at)))
    if kept + broken:
        score = min(Fraction(1), kept / (kept + broken) / exactly(principle.enough))
        return PrincipleScore(score, kept, broken, False, told)
    if owed(principle, name, script, untimed=is_untimed(events)):
        missed = Evidence(events[-1].at if events else 0.0, None, None, "broken", wording.OWED)
        return PrincipleScore(Fraction(0), kept, broken, True, (missed,))
    return PrincipleScore(None, kept, broken, False, ())


def exactly(number: float) -> Fraction:
    """The fraction that was written as a decimal."""
    return Fraction(repr(number))


# --- rules -----------------------------------------------------------------------------------------------------------


def automata(principle: Principle, script: Script) -> tuple[Automaton, ...]:
    """The principle's rules that hold in this channel and with this customer."""
    return tuple(automaton(rule) for rule in principle.rules if rule.when.fits(script.scenario))


def _ruled(principle: Principle, script: Script, events: Sequence[Event], trace: tuple[Moment, ...]) -> Iterator[tuple[Fraction, Evidence]]:
    for one in judged(principle, script, events, trace):
        yield Fraction(one.ruling.kept), one.evidence


class Judged(NamedTuple):
    """One opportunity of a rule; the marks of the ruling are places in the trace, and so is `by`: what decided it, None: the end."""

    rule: Automaton
    ruling: Ruling
    by: int | None
    evidence: Evidence


def judged(principle: Principle, script: Script, events: Sequence[Event], trace: tuple[Moment, ...]) -> Iterator[Judged]:
    """What each rule of a principle makes of a transcript; `trace` holds its moments."""
    untimed = is_untimed(events)
    visited = frozenset(event.scene for event in events if isinstance(event, SpeechBegan))
    end = events[-1].at if events else 0.0
    for rule in automata(principle, script):
        possible = offered(rule.rule, script, visited, untimed=untimed)
        state, rulings = run(rule, trace, possible, untimed)
        for ruling, by in (*rulings, *((ruling, None) for ruling in rule.finish(state, possible))):
            yield Judged(rule, ruling, by, _evidence(rule, ruling, trace, end, script))


def run(rule: Automaton, trace: tuple[Moment, ...], possible: bool, untimed: bool) -> tuple[State, list[tuple[Ruling, int]]]:
    """The state after a trace, and each ruling with the place in the trace at which it was made."""
    state, rulings, seconds = rule.start, list[tuple[Ruling, int]](), None if untimed else rule.seconds
    for mark, moment in enumerate(trace):
        if seconds is not None and state:
            state, late = too_late(state, seconds, moment.at, lambda mark: trace[mark].at)
            rulings += [(ruling, mark) for ruling in late]
        what = rule.meaning.get(moment.act, 0)
        if what:
            state, decided = rule.step(state, what, mark, possible)
            rulings += [(ruling, mark) for ruling in decided]
    return state, rulings


def is_untimed(events: Sequence[Event]) -> bool:
    """Whether the clocks were turned off."""
    return bool(events) and isinstance(events[0], Began) and events[0].untimed


def _evidence(rule: Automaton, ruling: Ruling, trace: tuple[Moment, ...], end: float, script: Script) -> Evidence:
    verdict: Verdict = "kept" if ruling.kept else "broken"
    arose, decided = (None if mark is None else trace[mark] for mark in (ruling.arose, ruling.decided))
    shown = wording.moment_shown(rule.rule, ruling.kept, arose, decided)
    reason = wording.reason(rule.rule, ruling.kept, arose, decided, script)
    if shown is None:
        return Evidence(end, None, None, verdict, reason)
    return Evidence(shown.at, shown.scene, shown.reply, verdict, reason, shown.event)


def _marked(name: str, script: Script, events: Sequence[Event]) -> Iterator[tuple[Fraction, Evidence]]:
    """A trainer's own ratings: one opportunity each, kept by its share."""
    for number, event in enumerate(events):
        if isinstance(event, ReplyChosen):
            mark = script.stage(event.scene).by_id[event.reply].reply.marks.get(name)
            if mark is not None:
                share = exactly(mark)
                verdict: Verdict = "kept" if share >= Fraction(1, 2) else "broken"
                yield share, Evidence(event.at, event.scene, event.reply, verdict, wording.marked(mark), number)


def _standing(principle: Principle, script: Script, events: Sequence[Event], trace: tuple[Moment, ...]) -> Standing:
    untimed, kept, waiting = is_untimed(events), False, False
    visited = frozenset(event.scene for event in events if isinstance(event, SpeechBegan))
    for rule in automata(principle, script):
        possible = offered(rule.rule, script, visited, untimed=untimed)
        state, rulings = run(rule, trace, possible, untimed)
        if not all(ruling.kept for ruling, _ in rulings):
            return "broken"
        kept = kept or bool(rulings)
        waiting = waiting or (possible and rule.pending(state))
    return "open" if waiting else "kept" if kept else "not-yet"
