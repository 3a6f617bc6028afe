"""Checks on encounters without a score: what the guide teaches there, and what means nothing."""

from __future__ import annotations

from collections.abc import Iterator

from servicesim.scenario.checks import Check, Path
from servicesim.scenario.findings import Finding
from servicesim.scenario.model import Channel, Line, Scenario, segments
from servicesim.scenario.principles import Principles
from servicesim.scenario.source import Source

CODES: dict[str, str] = {
    "S036": "a lesson where nobody can learn it",
    "S037": "a pass mark where nothing is scored",
}

AT_STOPS = ("go-on", "again", "nod", "no-side")
ON_REPLIES = ("choose", "summarise", "patience")
TAUGHT: dict[Channel, list[str]] = {
    "in-person": ["listen", "interrupt", *AT_STOPS, *ON_REPLIES],
    "phone": ["listen", "interrupt", *(lesson for lesson in AT_STOPS if lesson != "nod"), *ON_REPLIES],
    "chat": ["listen", "interrupt", *ON_REPLIES],
    "email": ["listen", "choose", "summarise"],
}


def lessons_out_of_place(scenario: Scenario, source: Source, _: Principles) -> Iterator[Finding]:
    """S036: a guide where everything is scored, or a lesson that does not fit its part of the speech or the channel."""
    for name, scene in scenario.scenes.items():
        for number, line in enumerate(scene.customer):
            path = ("scenes", name, "customer", number, "guide")
            if not line.guide or scenario.unscored:
                yield from _amiss(scenario.channel, line, path, source)
            else:
                hint = "add 'unscored: true' at the top, or remove it"
                yield source.finding("S036", path, "a guide speaks only where nothing is scored", hint, "warning", key=True)


def _amiss(channel: Channel, line: Line, path: Path, source: Source) -> Iterator[Finding]:
    last = len(segments(line.say)) - 1
    for number, lesson in enumerate(line.guide):
        message, hint = _trouble(channel, lesson, number, last)
        if message:
            yield source.finding("S036", (*path, number), message, hint, "warning")


def _trouble(channel: Channel, lesson: str, number: int, last: int) -> tuple[str, str]:
    """What keeps a lesson from being learnt at this part, and the way out; nothing if it can be."""
    if number > last:
        return f"there is no part {number + 1} for '{lesson}': the speech has {last + 1}", "write one lesson for each part"
    if lesson not in TAUGHT[channel]:
        return f"'{lesson}' cannot be learnt in this channel", "write 'listen' for a part without a lesson"
    if lesson in ON_REPLIES and number < last:
        return f"'{lesson}' is about the replies, which come after the last part", "write it for the last part"
    if lesson in AT_STOPS and number == last:
        return f"'{lesson}' is learnt at a stop, and after the last part there is none", "write it for an earlier part"
    return "", ""


def pass_marks_in_vain(scenario: Scenario, source: Source, _: Principles) -> Iterator[Finding]:
    """S037: nobody passes where nothing is scored."""
    if scenario.unscored and source.root is not None and "pass" in source.root:
        yield source.finding("S037", ("pass",), "'pass' means nothing where nothing is scored", "remove it, or 'unscored'", "warning", key=True)


#: They hold for a file whose shape is right: of one that was mended a lesson may be missing.
LESSON_CHECKS: tuple[Check, ...] = (lessons_out_of_place, pass_marks_in_vain)
