"""Checks on what a principles file says, beyond its shape."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import fields

from servicesim.scenario.findings import Finding
from servicesim.scenario.meaning import MOST_SLIPS, nearest
from servicesim.scenario.principles import ACTS_OF_PLAY, AfterNever, AfterThen, NeedsThen, Principles, Scoped
from servicesim.scenario.shape import meant
from servicesim.scenario.source import Source

Path = tuple[str | int, ...]

CODES: dict[str, str] = {
    "P001": "a rule about an act that is not declared",
    "P002": "an act with the name of an act of play",
    "P004": "an act that no rule speaks of",
}


def undeclared_acts(principles: Principles, source: Source) -> Iterator[Finding]:
    """P001: every act of every rule is declared."""
    known = [*principles.acts, *ACTS_OF_PLAY]
    for path, act in _acts_of_rules(principles):
        if act not in known:
            yield source.finding("P001", path, f"no act is called '{act}'", meant(act, known) or "declare it under 'acts'")


def acts_of_play_declared(principles: Principles, source: Source) -> Iterator[Finding]:
    """P002: acts of play are built in."""
    for act in principles.acts:
        if act in ACTS_OF_PLAY:
            yield source.finding("P002", ("acts", act), f"'{act}' is an act of play", "remove it; it is built in", key=True)


def idle_acts(principles: Principles, source: Source) -> Iterator[Finding]:
    """P004: an act that no rule speaks of teaches nothing; a warning, since conditions may speak of it."""
    known = list(principles.acts)
    spoken_of = {act for _, act in _acts_of_rules(principles)}
    strange = sorted(spoken_of - {*known, *ACTS_OF_PLAY})[:MOST_SLIPS]
    spoken_of |= {nearest(act, known) or act for act in strange}  # P001 says the rest
    for act in principles.acts:
        if act not in spoken_of:
            yield source.finding("P004", ("acts", act), f"no rule speaks of '{act}'", "use it in a rule, or remove it", "warning", key=True)


def _acts_of_rules(principles: Principles) -> Iterator[tuple[Path, str]]:
    for name, principle in principles.principles.items():
        for number, rule in enumerate(principle.rules):
            for path, act in acts_of_rule(rule):
                yield ("principles", name, "rules", number, *path), act


def acts_of_rule(rule: Scoped) -> Iterator[tuple[Path, str]]:
    """Every act that a rule names, with where in the rule it stands."""
    for field in fields(rule):
        written = type(rule).__pydantic_fields__[field.name].alias or field.name  # type: ignore[attr-defined]
        value = getattr(rule, field.name)
        if isinstance(value, NeedsThen | AfterThen | AfterNever):
            for inner in fields(value):
                yield from ((((written, inner.name, *step)), act) for step, act in _acts(getattr(value, inner.name)))
        else:
            yield from (((written, *step), act) for step, act in _acts(value))


def _acts(value: object) -> Iterator[tuple[Path, str]]:
    if isinstance(value, tuple):
        yield from (((number,), act) for number, act in enumerate(value))


PRINCIPLES_CHECKS: tuple[Callable[[Principles, Source], Iterator[Finding]], ...] = (
    undeclared_acts,
    acts_of_play_declared,
    idle_acts,
)

#: Those that look at one place at a time: they hold for a file with a wrong shape too.
LOCAL_PRINCIPLES_CHECKS = (undeclared_acts, acts_of_play_declared)
