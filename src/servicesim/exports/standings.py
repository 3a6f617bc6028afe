"""Who stands where in a programme: everybody who has begun it, and the same as a CSV file for HR."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from pathlib import Path

from servicesim import platform
from servicesim.assessment.standing import Standing, StepStanding, standing
from servicesim.assessment.told import number
from servicesim.exports import csv
from servicesim.exports.filters import Filter
from servicesim.exports.handover import demand_a_place, digest_of, logged
from servicesim.records import People, Person, Records
from servicesim.records.place import Place
from servicesim.records.progress import taken
from servicesim.scenario.programme import Plan

KIND = "programme"
COLUMNS = (
    "learner", "person", "name", "team", "programme", "started", "percent", "encounter", "title", "state", "due", "done", "late", "conduct",
    "pass_mark", "attempts", "appointment",
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Stands:
    """One person, if they are still known, and where they stand."""

    learner: str
    person: Person | None
    standing: Standing


def everyone(records: Records, people: People, plan: Plan, today: date) -> list[Stands]:
    """Everybody who has begun the programme, by team and name; those who are not known by name come last."""
    known = {person.learner: person for person in people.known()}
    played = taken(records, plan.programme.encounters)
    told = (Stands(learner, known.get(learner), standing(plan, attempts, today)) for learner, attempts in played.items())
    return sorted((one for one in told if one.standing.start is not None), key=_place)


def _place(one: Stands) -> tuple[bool, str, str, str]:
    return (True, "", "", one.learner) if one.person is None else (False, one.person.team, one.person.name, one.learner)


def hand_over(path: Path, folder: Place, plan: Plan, stands: list[Stands], *, with_names: bool) -> str:
    """Write a line for each person and step; why the log of exports has no line for it, if so."""
    demand_a_place(path, folder)
    lines = [COLUMNS, *(line for one in stands for line in _lines(one, with_names=with_names))]
    with platform.replacing(path) as file:
        file.write((csv.MARK + "".join(map(csv.line, lines))).encode())
        wanted = Filter(encounters=plan.programme.encounters)
        return logged(folder, KIND, wanted, [(len(lines) - 1, digest_of(file))], with_names=with_names)


def _lines(one: Stands, *, with_names: bool) -> Iterator[tuple[str, ...]]:
    person, now = one.person, one.standing
    named = (person.id, person.name) if person is not None and with_names else ("", "")
    whose = (one.learner, *named, "" if person is None else person.team, now.programme.id, str(now.start), str(now.percent))
    yield from ((*whose, *_step(step)) for step in now.steps)


def _step(step: StepStanding) -> tuple[str, ...]:
    return (
        step.encounter,
        step.title,
        step.state,
        "" if step.due is None else str(step.due),
        "" if step.done_on is None else str(step.done_on),
        "true" if step.done_late else "false",
        "" if step.best is None else str(number(step.best)),
        "" if step.pass_mark is None else str(step.pass_mark),
        str(step.used),
        "" if step.appointment is None else step.appointment.kept,
    )
