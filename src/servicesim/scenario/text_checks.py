"""Checks on the texts of a scenario: what is said in them, where the customer pauses, and which sounds go with them."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import fields, replace

from servicesim.scenario.checks import Check, Path
from servicesim.scenario.findings import Finding
from servicesim.scenario.model import Scenario, Scene, segments
from servicesim.scenario.names import asset_problem, placeholders, unknown_placeholder
from servicesim.scenario.principles import Principles
from servicesim.scenario.source import Source

CODES: dict[str, str] = {
    "S025": "a text with braces that mean nothing",
    "S027": "a speech with an empty part between its stations",
    "S031": "the name of a sound that cannot be used",
}


def braces(scenario: Scenario, source: Source, _: Principles) -> Iterator[Finding]:
    """S025: only {trainee}, {customer} and {company} may stand in braces."""
    for path, text in _texts(scenario):
        wrong = unknown_placeholder(text) if "{" in text or "}" in text else ""
        if wrong:
            finding = source.finding("S025", path, f"'{wrong}' means nothing", f"possible are: {', '.join(placeholders())}")
            yield inside(source, finding, text, _without_placeholders(text).find(wrong))


def _without_placeholders(text: str) -> str:
    """A text as long as before, in which no brace is right."""
    for right in placeholders():
        text = text.replace(right, " " * len(right))
    return text


def inside(source: Source, finding: Finding, text: str, offset: int) -> Finding:
    """The finding, moved to a place inside its text; a text that was written otherwise than it reads is shown as a whole."""
    start = source.line(finding.line).find(text, finding.column - 1)
    return finding if start < 0 else replace(finding, column=start + 1 + offset)


def _texts(scenario: Scenario) -> Iterator[tuple[Path, str]]:
    yield ("title",), scenario.title
    yield ("summary",), scenario.summary
    for name, ending in scenario.endings.items():
        yield ("endings", name, "title"), ending.title
        yield ("endings", name, "customer"), ending.customer or ""
        for field in fields(ending.tells) if ending.tells else ():
            yield ("endings", name, "tells", field.name), getattr(ending.tells, field.name) or ""
    for name, scene in scenario.scenes.items():
        for path, text in _texts_of(scene):
            yield ("scenes", name, *path), text


def _texts_of(scene: Scene) -> Iterator[tuple[Path, str]]:
    yield ("do",), scene.do or ""
    if scene.on_interrupt:
        yield ("on-interrupt", "customer"), scene.on_interrupt.customer
    if scene.on_silence:
        yield ("on-silence", "customer"), scene.on_silence.customer or ""
    for number, line in enumerate(scene.customer):
        yield ("customer", number, "say"), line.say
    for number, reply in enumerate(scene.replies):
        for field, text in (("say", reply.say), ("do", reply.do), ("why", reply.why)):
            if text:
                yield ("replies", number, field), text


def empty_parts(scenario: Scenario, source: Source, _: Principles) -> Iterator[Finding]:
    """S027: a station stands between two parts of a speech."""
    for name, scene in scenario.scenes.items():
        for number, line in enumerate(scene.customer):
            if ("|" in line.say or line.say.isspace()) and "" in segments(line.say):
                yield source.finding("S027", ("scenes", name, "customer", number, "say"), "a station '|' stands between two parts of a speech", "remove the bar that has nothing before or after it")


def sounds_amiss(scenario: Scenario, source: Source, _: Principles) -> Iterator[Finding]:
    """S031: names of voice files."""
    for name, scene in scenario.scenes.items():
        for number, line in enumerate(scene.customer):
            for place, voice in enumerate(line.voice):
                path = ("scenes", name, "customer", number, "voice", *((place,) if len(line.voice) > 1 else ()))
                if problem := asset_problem(voice):
                    yield source.finding("S031", path, f"'{voice}' cannot be used: {problem}", "write it like voices/leyla-1.ogg")


#: All of them look at one place at a time.
TEXT_CHECKS: tuple[Check, ...] = (braces, empty_parts, sounds_amiss)
