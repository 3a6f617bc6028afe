"""Golden moments (A6): the chances to do more than anyone expects that came up in a play, and what was made of them."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from servicesim.assessment.assess import Judged, judged
from servicesim.assessment.trace import Moment, moments
from servicesim.encounter import rules
from servicesim.encounter.events import Event, ReplyChosen
from servicesim.encounter.script import Script
from servicesim.encounter.situation import opening
from servicesim.scenario.principles import AlternateResponse, Response, Rule

GOLDEN = "golden-moment"


@dataclass(frozen=True, slots=True)
class Golden:
    """One chance: in which scene it came up, whether it was taken, and the event that answered it, from 0; None where nothing did."""

    principle: str
    scene: str
    taken: bool
    came: int
    answer: int | None
    would: str | None = None  # where it was missed: a reply that was offered then and would have taken it


def golden_moments(script: Script, events: Sequence[Event]) -> list[Golden]:
    """The chances of a play in their order, each scene once; whether the encounter is about them or not."""
    trace = tuple(moments(script, events))
    if not any(moment.act == GOLDEN for moment in trace):
        return []
    found = (one for name in script.principles.principles for one in _of_principle(name, script, events, trace))
    by_scene = {one.scene: one for one in sorted(found, key=lambda one: one.came)}
    return list(by_scene.values())


def _of_principle(name: str, script: Script, events: Sequence[Event], trace: tuple[Moment, ...]) -> Iterator[Golden]:
    principle = script.principles.principles[name]
    if not any(_wanted(rule) for rule in principle.rules):
        return
    for one in judged(principle, script, events, trace):
        arose = None if one.ruling.arose is None else trace[one.ruling.arose]
        if arose is not None and arose.act == GOLDEN:
            yield _golden(name, one, arose, script, events, trace)


def _golden(name: str, one: Judged, arose: Moment, script: Script, events: Sequence[Event], trace: tuple[Moment, ...]) -> Golden:
    if one.ruling.kept and one.ruling.decided is not None:
        return Golden(name, arose.scene, True, arose.event, trace[one.ruling.decided].event)
    answers = (number for number, event in enumerate(events) if number > arose.event and isinstance(event, ReplyChosen))
    answer = next(answers, None)
    return Golden(name, arose.scene, False, arose.event, answer, _taking(one.rule.rule, script, events, arose.event if answer is None else answer - 1))


def _taking(rule: Rule, script: Script, events: Sequence[Event], upto: int) -> str | None:
    """The first reply that is offered after this event and does what the rule asks for."""
    situation = opening(script)
    for event in events[: upto + 1]:
        situation = situation.after(event)
    wanted = set(_wanted(rule))
    return next((option.reply.id for option in rules.offered(situation) if not wanted.isdisjoint(option.reply.acts)), None)


def _wanted(rule: Rule) -> tuple[str, ...]:
    """What a rule asks for after a golden moment; nothing where it speaks of something else."""
    match rule:
        case Response():
            asked = rule.response
        case AlternateResponse():
            asked = rule.alternate_response
        case _:
            return ()
    return asked.then if GOLDEN in asked.after else ()
