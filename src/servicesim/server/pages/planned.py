"""Programmes at the server: those that are there, their plans, and where somebody stands in one, told for a page."""

from __future__ import annotations

from collections.abc import Collection, Iterable
from dataclasses import dataclass, replace
from datetime import date, datetime
from functools import lru_cache
from pathlib import Path

from markupsafe import Markup

from servicesim.assessment.standing import Standing, StepStanding, standing
from servicesim.assessment.told import number
from servicesim.errors import FilesHaveFindings
from servicesim.exports.report.words import Words, bdi
from servicesim.records.assigned import Assignment
from servicesim.records.people import Person
from servicesim.records.progress import taken
from servicesim.scenario.programme import Plan, Step
from servicesim.scenario.programmes import demand_plan, programme_files
from servicesim.server.house import House


def programme_paths(house: House) -> dict[str, Path]:
    """The files of all programmes, by id: those that come with ServiceSim, and those in the organisation's own folder."""
    own = house.settings.files
    files = [*programme_files(), *(sorted((own / "programmes").glob("*.yaml")) if own else ())]
    return {path.stem: path for path in files}


def programme_of(house: House, name: str, language: str | None = None) -> Plan | None:
    """The plan of a programme in a language, or in its own; None if there is none of this name, or it cannot be used."""
    path = programme_paths(house).get(name)
    if path is None:
        return None
    try:
        return _plan(path, path.stat().st_mtime_ns, language)
    except (FilesHaveFindings, OSError):
        return None


@lru_cache(maxsize=64)
def _plan(path: Path, _: int, language: str | None) -> Plan:
    return demand_plan(path, language)


def not_on_offer(house: House, plan: Plan) -> dict[str, str]:
    """The titles of the steps that no desk can play, by encounter; a warm-up lies at every desk."""
    offered = {version.scenario for version in house.organisation.on_offer()}
    return {name: one.title for name, one in plan.scenarios.items() if name not in offered and not one.unscored}


def today(house: House) -> date:
    """The day by the server's clock."""
    return datetime.fromtimestamp(house.now() / 1000).date()


# --- told ------------------------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class StepTold:
    """A step as a table tells it."""

    title: Markup
    state: str
    due: str
    late: bool
    best: str
    mark: str
    used: str


@dataclass(frozen=True, slots=True)
class StandingTold:
    """Where somebody stands in a programme, as a page tells it."""

    id: str
    title: Markup
    begins: str
    done: int
    needed: int
    percent: int
    late: bool
    """Something is overdue, or cannot be done any more."""
    next: Markup
    steps: list[StepTold]


def stands(house: House, plan: Plan, learner: str, begins: date | None) -> Standing:
    """Where this learner stands today. Raises VerificationFailed where what is kept of an attempt cannot be read."""
    attempts = taken(house.records, plan.programme.encounters, learner=learner).get(learner, [])
    return standing(_sent_here(plan), attempts, today(house), start=begins)


def _sent_here(plan: Plan) -> Plan:
    """The plan without its warm-ups: they are played at desks and never sent, so nobody waits for them here."""
    scored = {name for name in plan.programme.encounters if not plan.scenarios[name].unscored}
    steps = tuple(_after(step, scored) for step in plan.programme.steps if step.encounter in scored)
    return replace(plan, programme=replace(plan.programme, steps=steps)) if steps else plan


def _after(step: Step, others: Collection[str]) -> Step:
    return replace(step, after=tuple(name for name in step.after if name in others))


def standings_of(house: House, words: Words, person: Person) -> list[StandingTold]:
    """Where a person stands in every programme that is assigned to them."""
    found = ((one, programme_of(house, one.programme, words.language)) for one in house.organisation.assigned_to(person.learner, person.team))
    return [told(words, stands(house, plan, person.learner, one.begins)) for one, plan in found if plan is not None]


def told(words: Words, now: Standing) -> StandingTold:
    """The same in words."""
    return StandingTold(
        id=now.programme.id,
        title=bdi(now.programme.title, words.language),
        begins="" if now.start is None else words.day(now.start),
        done=now.done,
        needed=len(now.needed),
        percent=now.percent,
        late=any(step.state in ("overdue", "used-up") for step in now.steps),
        next=_next(words, now),
        steps=[_step(words, step) for step in now.steps],
    )


def _step(words: Words, step: StepStanding) -> StepTold:
    return StepTold(
        title=bdi(step.title),
        state=step.state,
        due="" if step.due is None else words.day(step.due),
        late=step.done_late,
        best="" if step.best is None else words.number(number(step.best), 2),
        mark="" if step.pass_mark is None else words.number(step.pass_mark),
        used=words.number(step.used),
    )


def _next(words: Words, now: Standing) -> Markup:
    if now.next.encounter is None:
        return words(f"next-{now.next.do}")
    title = bdi(now.step(now.next.encounter).title)
    if now.next.by is None:
        return words(f"next-{now.next.do}", title=title)
    return Markup(" ").join([words(f"next-{now.next.do}", title=title), words("next-by", day=words.day(now.next.by))])


def everybody_assigned(house: House, assignments: Iterable[Assignment]) -> list[tuple[Person, Assignment]]:
    """Everybody to whom a programme is assigned, by team and name; one's own word comes before the team's."""
    every = list(assignments)
    own = {one.whose: one for one in every if one.to == "person"}
    teams = {one.whose: one for one in every if one.to == "team"}
    found = {person.learner: (person, one) for team, one in teams.items() for person in house.people.some(team=team)}
    found |= {learner: (person, one) for learner, one in own.items() if (person := house.people.person(learner)) is not None}
    return sorted(found.values(), key=lambda both: (both[0].team, both[0].name, both[0].id))


