"""Checks on what a customer remembers from an earlier encounter: facts that a programme may make true at the start."""

from __future__ import annotations

from collections.abc import Iterator

from servicesim.scenario import conditions
from servicesim.scenario.checks import Check
from servicesim.scenario.conditions import ConditionError, Name
from servicesim.scenario.findings import Finding
from servicesim.scenario.model import Scenario
from servicesim.scenario.principles import Principles
from servicesim.scenario.shape import meant
from servicesim.scenario.source import Source

MOST_REMEMBERED = 3  # every start is looked at, and three facts make eight

CODES: dict[str, str] = {
    "S038": "a fact that is remembered in vain",
    "S039": "too many facts to remember",
}


def unknown_facts_remembered(scenario: Scenario, source: Source, _: Principles) -> Iterator[Finding]:
    """S023: `remembers` names facts that are true or false."""
    possible = [name for name, value in scenario.facts.items() if isinstance(value, bool)]
    for number, name in enumerate(scenario.remembers):
        path = ("remembers", number)
        if name not in scenario.facts:
            yield source.finding("S023", path, f"no fact is called '{name}'", meant(name, possible) or "declare it under 'facts'")
        elif name not in possible:
            yield source.finding("S023", path, f"'{name}' is a number, and only what is true or false can be remembered", "declare it as false")


def facts_remembered_in_vain(scenario: Scenario, source: Source, _: Principles) -> Iterator[Finding]:
    """S038: a fact that is true anyway, that nothing asks for, or that is named twice."""
    asked = _asked(scenario)
    for number, name in enumerate(scenario.remembers):
        path = ("remembers", number)
        if name in scenario.remembers[:number]:
            yield source.finding("S038", path, f"'remembers' names '{name}' twice", "once is enough: remove it", "warning")
        elif scenario.facts.get(name) is True:
            yield source.finding("S038", path, f"'{name}' is true at the start anyway", "declare it as false", "warning")
        elif scenario.facts.get(name) is False and name not in asked:
            hint = f"ask for it, as in 'if: {name}', or remove it"
            yield source.finding("S038", path, f"no condition asks for '{name}'", hint, "warning")


def _asked(scenario: Scenario) -> frozenset[str]:
    """The facts that conditions ask for."""
    scenes = scenario.scenes.values()
    written = [*(line.condition for scene in scenes for line in scene.customer), *(reply.condition for scene in scenes for reply in scene.replies)]
    found = set[str]()
    for text in filter(None, written):
        try:
            found |= {atom.name for atom in conditions.atoms(conditions.parsed(text)) if isinstance(atom, Name)}
        except ConditionError:
            return frozenset(scenario.facts)  # Who knows what it was to ask for: the condition itself is reported.
    return frozenset(found)


def too_many_facts_remembered(scenario: Scenario, source: Source, _: Principles) -> Iterator[Finding]:
    """S039: each start is looked at by itself, and each further fact doubles them."""
    many = len(set(scenario.remembers))
    if many > MOST_REMEMBERED:
        hint = f"keep {MOST_REMEMBERED} at most: each fact more doubles the ways in which it can begin"
        yield source.finding("S039", ("remembers",), f"the customer may remember {many} facts", hint, key=True)


REMEMBERED_CHECKS: tuple[Check, ...] = (unknown_facts_remembered, facts_remembered_in_vain, too_many_facts_remembered)
