"""Keeping: whether another play, which begins as one that lost something, keeps it; judged by the rules themselves."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from servicesim.analysis.losses import Loss
from servicesim.assessment.assess import assess, exactly, is_untimed, run
from servicesim.assessment.opportunity import offered
from servicesim.assessment.rules import Automaton, Ruling
from servicesim.assessment.trace import moments
from servicesim.encounter.events import Event, ReplyChosen, SpeechBegan
from servicesim.encounter.script import Script


def is_kept(loss: Loss, script: Script, events: Sequence[Event], since: int) -> bool:
    """Whether what was lost is kept in this play, which went on by itself after `since` events."""
    match loss.kind:
        case "owed":
            return assess(script, events).principles[loss.principle].kept > 0
        case "rating":
            ratings = list(_ratings(loss.principle, script, events, since))
            return bool(ratings) and not ratings[0]
        case "rule":
            assert loss.rule is not None
            return _is_ruled_kept(loss, loss.rule, script, events, since)


def lost(loss: Loss, script: Script, events: Sequence[Event], since: int) -> int:
    """How often this play lost the like of it after so many events."""
    if loss.rule is None:
        return sum(_ratings(loss.principle, script, events, since))
    told = _rulings(loss.rule, script, events)
    return sum(by >= since and not ruling.kept for ruling, by in told)


def _ratings(principle: str, script: Script, events: Sequence[Event], since: int) -> Iterator[bool]:
    """Whether each rating is below a half."""
    for event in events[since:]:
        if isinstance(event, ReplyChosen):
            mark = script.stage(event.scene).by_id[event.reply].reply.marks.get(principle)
            if mark is not None:
                yield exactly(mark) < exactly(0.5)


def _is_ruled_kept(loss: Loss, rule: Automaton, script: Script, events: Sequence[Event], since: int) -> bool:
    told = _rulings(rule, script, events)
    if loss.arose is None:
        return next((ruling.kept for ruling, by in told if by >= since), False)
    place = sum(moment.event < since for moment in moments(script, events))  # of the trace, at which the play goes on by itself
    if loss.arose < place:
        return any(ruling.kept and ruling.arose == loss.arose for ruling, _ in told)
    arisen = [ruling for ruling, _ in told if ruling.arose is not None and ruling.arose >= place]
    return bool(arisen) and min(arisen, key=lambda ruling: ruling.arose).kept


def _rulings(rule: Automaton, script: Script, events: Sequence[Event]) -> list[tuple[Ruling, int]]:
    """What a rule decides, each with the number of the event by which it was; one more than the last for the end."""
    trace, untimed = tuple(moments(script, events)), is_untimed(events)
    visited = frozenset(event.scene for event in events if isinstance(event, SpeechBegan))
    possible = offered(rule.rule, script, visited, untimed=untimed)
    state, told = run(rule, trace, possible, untimed)
    return [*((ruling, trace[by].event) for ruling, by in told), *((ruling, len(events)) for ruling in rule.finish(state, possible))]
