"""What no play comes to, although it is written: scenes, replies, lines, endings; and conditions that keep nothing back.

A reply that is never offered may be why nobody comes to a scene, and that scene why another reply is never offered: of
what follows from one another only the root is told.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import replace
from functools import cache
from typing import Literal, NamedTuple

from servicesim.authoring.proved import Check, Proved
from servicesim.scenario import conditions
from servicesim.scenario.checks import anger_without_leaving, replies
from servicesim.scenario.conditions import Name, Number, Said, Seen
from servicesim.scenario.findings import Finding
from servicesim.scenario.model import Reply, Scenario
from servicesim.scenario.principles import ACTS_OF_PLAY

CODES: dict[str, str] = {
    "R001": "a scene that no play comes to",
    "R002": "a reply that is never offered",
    "R003": "a line that is never spoken",
    "R004": "an ending that is never reached",
    "R011": "a condition that keeps nothing back",
}


class Part(NamedTuple):
    """A part of a scenario that a play may come to; `which` is the id of a reply, or the number of a line."""

    kind: Literal["scene", "reply", "line", "ending"]
    name: str  # of the scene, or of the ending
    which: str | int = ""


def scenes_not_reached(proved: Proved) -> Iterator[Finding]:
    """R001: a scene to which replies lead that are offered, and yet no play comes there."""
    for part in _roots(proved, "scene"):
        why = _walked_off(proved, part.name)
        hint = "let a reply that angers less lead there" if why else "let another reply lead there, or remove it"
        yield proved.finding("R001", ("scenes", part.name), f"no play comes to '{part.name}'{why}", hint, "warning", key=True)


def replies_not_offered(proved: Proved) -> Iterator[Finding]:
    """R002: a reply that its condition, or the limit of four speeches, always keeps back."""
    for part in _roots(proved, "reply"):
        path = proved.reply(part.name, str(part.which))
        reply = proved.script.scenario.scenes[part.name].replies[int(path[-1])]
        if reply.condition is None:
            why, at, hint = f"'{reply.go}' has always spoken four times by then", "go", "let it lead elsewhere, or remove it"
        else:
            why, at, hint = "its condition never holds where it could be given", "if", "change the condition, or remove the reply"
        yield proved.finding("R002", (*path, at), f"no play offers '{reply.id}': {why}{_and_so(proved, reply)}", hint, "warning")


def lines_not_spoken(proved: Proved) -> Iterator[Finding]:
    """R003: a line of the customer that is never its turn."""
    for part in _roots(proved, "line"):
        path = ("scenes", part.name, "customer", part.which)
        last = proved.script.scenario.scenes[part.name].customer[int(part.which)].condition is None
        why = "one of the lines before it always applies" if last else "its condition never holds here, or a line before it always applies"
        yield proved.finding("R003", path, f"the customer never says this: {why}", "change the conditions, or remove the line", "warning")


def endings_not_reached(proved: Proved) -> Iterator[Finding]:
    """R004: an ending that no play comes to."""
    for part in _roots(proved, "ending"):
        path, hint = ("endings", part.name), "let a reply lead there, or remove it"
        if part.name != proved.script.scenario.leaves:
            why = _walked_off(proved, part.name)
            yield proved.finding("R004", path, f"no play ends with '{part.name}'{why}", hint, "warning", key=True)
        elif not _asks_for_leaves(proved):
            message = f"no play ends with '{part.name}': after no reply does anger come to 5"
            yield proved.finding("R004", path, message, "let a bad reply anger the customer more, or remove it and 'leaves'", "warning", key=True)


def conditions_that_always_hold(proved: Proved) -> Iterator[Finding]:
    """R011: a reply's condition that keeps it back in no play."""
    if not proved.reach.complete:
        return
    written = _Written(proved)
    for path, scene, reply in replies(proved.script.scenario):
        key = (scene, reply.id)
        if reply.condition is None or key not in proved.reach.replies or key in proved.reach.withheld:
            continue
        if not written.is_constant(reply.condition) and not written.waits_for(reply.condition):
            message = f"whenever '{reply.id}' can be given, this condition holds"
            yield proved.finding("R011", (*path, "if"), message, "remove the 'if', or let it ask for what you meant", "warning")


# --- roots -----------------------------------------------------------------------------------------------------------


def _roots(proved: Proved, kind: str) -> Iterator[Part]:
    """Those parts of a kind that no play comes to, that follow from nothing else, and that are not told of already."""
    if not proved.reach.complete:
        return
    written = _Written(proved)
    for part in roots({part: written.causes(part) for part in written.unreached}):
        if part.kind == kind and not written.is_told(part):
            yield part


def roots(causes: Mapping[Part, Iterable[Part]]) -> list[Part]:
    """What follows from nothing else; of those that follow from one another in a circle, the first."""

    @cache
    def before(part: Part) -> frozenset[Part]:
        found, waiting = set[Part](), list(causes[part])
        while waiting:
            cause = waiting.pop()
            if cause not in found:
                found.add(cause)
                waiting += causes[cause]
        return frozenset(found)

    order = {part: number for number, part in enumerate(causes)}
    return [
        part for part in causes
        if all(part in before(cause) and order[part] <= order[cause] for cause in before(part))
    ]  # fmt: skip


class _Written:
    """A scenario as it is written, with what of it no play comes to."""

    def __init__(self, proved: Proved) -> None:
        self.scenario = proved.script.scenario
        self.unreached = dict.fromkeys(part for part in _parts(self.scenario) if not _is_reached(part, proved))
        self._facts = self.scenario.facts
        self._named = {reply.end for _, _, reply in replies(self.scenario)} | {self.scenario.leaves}

    def causes(self, part: Part) -> set[Part]:
        """What else no play comes to, and why this is not reached either."""
        match part:
            case Part("scene", name):
                return self._of_scene(name)
            case Part("ending", name):
                return self._missing(Part("reply", scene, reply.id) for _, scene, reply in replies(self.scenario) if reply.end == name)
            case Part("reply", scene, which):
                reply = next(one for one in self.scenario.scenes[scene].replies if one.id == which)
                return self._missing([Part("scene", scene)]) or self.waits_for(reply.condition)
            case _:
                line = self.scenario.scenes[part.name].customer[int(part.which)]
                return self._missing([Part("scene", part.name)]) or self.waits_for(line.condition)

    def _of_scene(self, name: str) -> set[Part]:
        silent = [Part("scene", one) for one, scene in self.scenario.scenes.items() if scene.on_silence and scene.on_silence.go == name]
        return self._missing([*silent, *(Part("reply", scene, reply.id) for _, scene, reply in replies(self.scenario) if reply.go == name)])

    def waits_for(self, condition: str | None) -> set[Part]:
        """What a condition asks for, as far as no play comes to it."""
        told = set[Part]()
        for atom in () if condition is None else conditions.atoms(conditions.parsed(condition)):
            bringing = list(self._bringing(atom))
            missing = self._missing(bringing)
            if len(missing) == len(bringing):
                told |= missing
        return told

    def _bringing(self, atom: conditions.Atom) -> Iterator[Part]:
        """What brings about what a condition asks for."""
        match atom:
            case Seen(scene):
                yield Part("scene", scene)
            case Said(act) if act not in ACTS_OF_PLAY:
                yield from self._doing(act)
            case Name(name) if name in self.scenario.remembers:
                return  # It may be so from the start.
            case Name(name) if name in self._facts:
                yield from (Part("reply", scene, reply.id) for _, scene, reply in replies(self.scenario) if name in reply.set)
            case Name() | Number() | Said():
                return

    def _doing(self, act: str) -> Iterator[Part]:
        for name, scene in self.scenario.scenes.items():
            if act in scene.happens:
                yield Part("scene", name)
            yield from (Part("line", name, number) for number, line in enumerate(scene.customer) if act in line.acts)
            yield from (Part("reply", name, reply.id) for reply in scene.replies if act in reply.acts)

    def _missing(self, parts: Iterable[Part]) -> set[Part]:
        return {part for part in parts if part in self.unreached}

    def is_told(self, part: Part) -> bool:
        """Whether a look at the text alone has told it: a condition that is always or never true, an ending that none names."""
        if part.kind == "ending":
            return part.name not in self._named
        if part.kind == "reply":
            return self.is_constant(next(one.condition for one in self.scenario.scenes[part.name].replies if one.id == part.which))
        lines = self.scenario.scenes[part.name].customer[: int(part.which) + 1] if part.kind == "line" else ()
        return any(self.is_constant(line.condition) for line in lines)

    def is_constant(self, condition: str | None) -> bool:
        """Whether a condition is always or never true by itself (C004, C005)."""
        return condition is not None and conditions.constant(conditions.parsed(condition), self._facts) is not None


def _parts(scenario: Scenario) -> Iterator[Part]:
    """Everything that a play may come to; first that of which it can best be told why no play does."""
    yield from (Part("reply", name, reply.id) for _, name, reply in replies(scenario))
    for name, scene in scenario.scenes.items():
        yield from (Part("line", name, number) for number in range(len(scene.customer)))
    yield from (Part("scene", name) for name in scenario.scenes)
    yield from (Part("ending", name) for name in scenario.endings)


def _is_reached(part: Part, proved: Proved) -> bool:
    match part:
        case Part("scene", name):
            return name in proved.reach.scenes
        case Part("ending", name):
            return proved.reach.endings[name]
        case Part("reply", scene, which):
            return (scene, which) in proved.reach.replies
        case _:
            return (part.name, part.which) in proved.reach.lines


# --- words -----------------------------------------------------------------------------------------------------------


def _walked_off(proved: Proved, target: str) -> str:
    """That after a reply which leads to a scene or an ending the customer always walks off, if it is so."""
    for _, scene, reply in replies(proved.script.scenario):
        if target in (reply.go, reply.end) and (scene, reply.id) in proved.reach.replies:
            return f": after '{reply.id}' in '{scene}' anger is always 5, and the customer leaves"
    return ""


def _and_so(proved: Proved, reply: Reply) -> str:
    """What nobody comes to because a reply is never offered."""
    if reply.go is not None and reply.go not in proved.reach.scenes:
        return f", so nobody comes to '{reply.go}'"
    if reply.end is not None and not proved.reach.endings[reply.end]:
        return f", so nothing ends with '{reply.end}'"
    return ""


def _asks_for_leaves(proved: Proved) -> bool:
    """Whether 'leaves' has to be there all the same, because anger might come to 5 for all that the text says."""
    alone = replace(proved.script.scenario, leaves=None)
    return any(anger_without_leaving(alone, proved.source, proved.script.principles))


UNREACHED: tuple[Check, ...] = (
    scenes_not_reached,
    replies_not_offered,
    lines_not_spoken,
    endings_not_reached,
    conditions_that_always_hold,
)
