"""The programmes that an organisation has assigned to whoever sits here: their steps are its sealed editions, and the warm-up that lies here."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import replace
from datetime import date
from typing import TYPE_CHECKING

from servicesim.assessment.standing import standing
from servicesim.desktop.library import Offer
from servicesim.desktop.programmes import Attempts, Course, Courses
from servicesim.errors import ServicesimError
from servicesim.scenario.model import Scenario
from servicesim.scenario.programme import Plan, Programme, Step

if TYPE_CHECKING:
    from servicesim.assessment.taken import Taken
    from servicesim.desktop.link import Assigned, Programmes


def assigned_courses(assigned: Programmes, offers: Iterable[Offer], own: Attempts, today: date) -> Courses:
    """What is assigned, and where whoever made these attempts stands in it by what is known here and at the server."""
    known = {offer.script.scenario.id: offer for offer in offers if offer.script is not None}
    asked = dict.fromkeys(name for one in assigned.each for name in one.programme.encounters if name in known)
    try:
        made = together(own(tuple(asked)) if asked else (), assigned.taken)
    except ServicesimError as failure:
        return Courses(trouble=failure)
    return Courses(tuple(_courses(assigned.each, known, made, today)))


def together(own: Iterable[Taken], judged: Sequence[Taken]) -> list[Taken]:
    """The attempts that are known here, and those of other computers; what the server says of one counts."""
    there = {one.id for one in judged}
    return [*judged, *(one for one in own if one.id not in there)]


def _courses(each: Iterable[Assigned], known: Mapping[str, Offer], made: Sequence[Taken], today: date) -> Iterator[Course]:
    for one in each:
        offers = {name: known[name] for name in one.programme.encounters if name in known}
        scenarios = {name: offer.script.scenario for name, offer in offers.items() if offer.script is not None}
        if scenarios:
            plan = Plan(programme=_with_these(one.programme, scenarios), scenarios=scenarios)
            missing = {name: one.missing.get(name, name) for name in one.programme.encounters if name not in known}
            yield Course(None, standing(plan, made, today, start=one.begins), offers, missing, dict(one.told))


def _with_these(programme: Programme, scenarios: Mapping[str, Scenario]) -> Programme:
    """The programme without the steps that cannot be played: nobody waits for them."""
    return replace(programme, steps=tuple(_step(step, scenarios) for step in programme.steps if step.encounter in scenarios))


def _step(step: Step, scenarios: Mapping[str, Scenario]) -> Step:
    """A step that waits only for what is there, and whose customer remembers only what they can."""
    possible = scenarios[step.encounter].remembers
    remembers = {fact: happened for fact, happened in step.remembers.items() if fact in possible}
    return replace(step, after=tuple(name for name in step.after if name in scenarios), remembers=remembers)
