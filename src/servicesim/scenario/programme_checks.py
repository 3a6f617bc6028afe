"""Checks on a programme by itself, before its encounters are looked at. Each is a function named for what it finds."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from graphlib import CycleError, TopologicalSorter

from servicesim.scenario.findings import Finding
from servicesim.scenario.programme import Programme
from servicesim.scenario.shape import meant
from servicesim.scenario.source import Source

Check = Callable[[Programme, Source], Iterator[Finding]]

CODES: dict[str, str] = {
    "G001": "an encounter that stands in two steps",
    "G002": "a step that waits for no step of the programme",
    "G003": "steps that wait for one another",
}


def doubled_steps(programme: Programme, source: Source) -> Iterator[Finding]:
    """G001: an encounter is one step of a programme, however often it is played."""
    for number, step in enumerate(programme.steps):
        if step.encounter in programme.encounters[:number]:
            hint = "keep one of the two; 'attempts' says how often it may be played"
            yield source.finding("G001", ("steps", number, "encounter"), f"'{step.encounter}' is a step already", hint)


def unknown_steps(programme: Programme, source: Source) -> Iterator[Finding]:
    """G002: `after` names encounters of the programme."""
    for number, step in enumerate(programme.steps):
        for place, name in enumerate(step.after):
            if name not in programme.encounters:
                hint = meant(name, [one for one in programme.encounters if one != step.encounter]) or "add it as a step"
                yield source.finding("G002", ("steps", number, "after", place), f"no step has the encounter '{name}'", hint)


def steps_in_circles(programme: Programme, source: Source) -> Iterator[Finding]:
    """G003: nobody could begin any of them."""
    yield from circles(programme, source, {step.encounter: set(step.after) for step in programme.steps})


def circles(programme: Programme, source: Source, before: Mapping[str, set[str]]) -> Iterator[Finding]:
    """G003: steps of which each has to wait for another, by what has to be done before each."""
    try:
        TopologicalSorter(before).prepare()
    except CycleError as error:
        names: list[str] = error.args[1][::-1]
        number = programme.encounters.index(names[0])
        path = ("steps", number, "after") if programme.steps[number].after else ("steps", number)
        told = f"'{names[0]}' waits for itself" if len(names) == 2 else f"these steps wait for one another: {', '.join(names)}"
        yield source.finding("G003", path, told, "let one of them wait for less")


PROGRAMME_CHECKS: tuple[Check, ...] = (doubled_steps, unknown_steps, steps_in_circles)
