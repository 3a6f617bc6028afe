"""Checks on the conditions (`if`) of a scenario."""

from __future__ import annotations

from collections.abc import Iterator

from servicesim.scenario import conditions
from servicesim.scenario.checks import Path, near, replies
from servicesim.scenario.conditions import ConditionError, Node
from servicesim.scenario.findings import Finding
from servicesim.scenario.model import FEELINGS, Scenario
from servicesim.scenario.principles import ACTS_OF_PLAY, Principles
from servicesim.scenario.shape import meant
from servicesim.scenario.source import Source
from servicesim.scenario.text_checks import inside

CODES: dict[str, str] = {
    "C001": "a condition that cannot be read",
    "C002": "a condition with a name that does not exist",
    "C003": "a condition that mixes numbers with yes and no",
    "C004": "a condition that is always true",
    "C005": "a condition that is never true",
}


def conditions_amiss(scenario: Scenario, source: Source, principles: Principles) -> Iterator[Finding]:
    """C001-C005: every condition can be read, names what exists, and depends on something."""
    effort, sound = conditions.Effort(), set[str]()  # The same condition stands in many places.
    for path, text in _conditions(scenario):
        if text in sound:
            continue
        try:
            node = conditions.parsed(text)
            found = list(_unknown_in(node, path, text, scenario, source, principles))
            found = found or list(_mixed_or_constant(node, path, text, scenario, source, effort))
            yield from found
            if not found:
                sound.add(text)
        except ConditionError as error:
            yield inside(source, source.finding("C001", path, error.message, error.hint), text, error.at)


def _conditions(scenario: Scenario) -> Iterator[tuple[Path, str]]:
    for path, _name, reply in replies(scenario):
        if reply.condition is not None:
            yield (*path, "if"), reply.condition
    for name, scene in scenario.scenes.items():
        for number, line in enumerate(scene.customer):
            if line.condition is not None:
                yield ("scenes", name, "customer", number, "if"), line.condition


def _unknown_in(node: Node, path: Path, text: str, scenario: Scenario, source: Source, principles: Principles) -> Iterator[Finding]:
    acts = [*principles.acts, *ACTS_OF_PLAY]
    for atom in conditions.atoms(node):
        match atom:
            case conditions.Name(name, at) if name not in scenario.facts and name not in FEELINGS:
                hint = meant(name, [*scenario.facts, *FEELINGS])
                yield inside(source, source.finding("C002", path, f"no fact is called '{name}'", hint), text, at)
            case conditions.Said(act, at) if act not in acts:
                yield inside(source, source.finding("C002", path, f"no act is called '{act}'", near(act, acts)), text, at)
            case conditions.Seen(scene, at) if scene not in scenario.scenes:
                hint = meant(scene, list(scenario.scenes))
                yield inside(source, source.finding("C002", path, f"no scene is called '{scene}'", hint), text, at)
            case _:
                pass


def _mixed_or_constant(
    node: Node, path: Path, text: str, scenario: Scenario, source: Source, effort: conditions.Effort
) -> Iterator[Finding]:
    try:
        if conditions.kind(node, scenario.facts) == "number":
            raise ConditionError("this is a number, not a condition", 0, "compare it, as in 'trust > 2'")
    except ConditionError as error:
        yield inside(source, source.finding("C003", path, error.message, error.hint), text, error.at)
        return
    always = conditions.constant(node, scenario.facts, effort)
    if always is not None:
        code, word = ("C004", "always") if always else ("C005", "never")
        yield source.finding(code, path, f"this condition is {word} true", "check its numbers and its 'and', 'or', 'not'", "warning")
