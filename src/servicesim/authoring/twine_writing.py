"""Writing an encounter as Twee 3, for people who know Twine; what Twine has no place for stands in marks (twine_marks).

Played in Twine it is a story to click through: nothing in it listens, counts or judges.
"""

from __future__ import annotations

import hashlib
import json
import re
import uuid
from collections.abc import Iterator

from servicesim.authoring import twine_marks as marks
from servicesim.authoring.layers import Card, Line, laid_out
from servicesim.scenario.model import Ending, Feel, Reply, Scenario, Scene, canonical_scenario
from servicesim.scenario.names import placeholders

FORMAT, FORMAT_VERSION = "Harlowe", "3.3.9"
_SIDE = 100  # of a passage on Twine's map
_EDGE = 50


def twee(scenario: Scenario) -> str:
    """The whole encounter as a Twee 3 file."""
    return "\n\n\n".join(_Story(scenario).passages()) + "\n"


def ifid(scenario: str) -> str:
    """The story's own number: always the same for one scenario id, in the form of a random UUID."""
    digest = hashlib.sha256(f"servicesim:{scenario}".encode()).digest()
    return str(uuid.UUID(bytes=digest[:16], version=4)).upper()


class _Story:
    def __init__(self, scenario: Scenario) -> None:
        self._scenario = scenario
        # In Twine scenes and endings are alike, and every passage needs a name of its own.
        self._ending_names = {id_: f"{id_} (ending)" if id_ in scenario.scenes else id_ for id_ in scenario.endings}
        self._places = _places(scenario)

    def passages(self) -> Iterator[str]:
        scenario = self._scenario
        data = {"ifid": ifid(scenario.id), "format": FORMAT, "format-version": FORMAT_VERSION, "start": scenario.start, "tag-colors": {marks.ENDING_TAG: "green", marks.FAILED_TAG: "red", marks.GOLDEN_TAG: "yellow"}, "zoom": 1}
        yield f":: StoryTitle\n{_line(scenario.title)}"
        yield f":: StoryData\n{json.dumps(data, indent=2)}"
        yield f"{_header(marks.HEAD_NAME, (marks.HEAD_TAG,), (_EDGE, _EDGE))}\n{marks.written_head(self._head())}"
        for name, scene in scenario.scenes.items():
            yield f"{_header(name, _tags(scene), self._places[name, False])}\n{chr(10).join(self._scene(scene))}"
        for name, ending in scenario.endings.items():
            tags = (marks.ENDING_TAG, marks.FAILED_TAG) if ending.failed else (marks.ENDING_TAG,)
            yield f"{_header(self._ending_names[name], tags, self._places[name, True])}\n{chr(10).join(self._ending(name, ending))}"

    def _head(self) -> marks.Head:
        written = json.loads(canonical_scenario(self._scenario))
        keys = ("id", "summary", "channel", "locale", "company", "pass", "learn", "customer", "facts", "leaves")
        return {key: " ".join(written[key].split()) if isinstance(written[key], str) else written[key] for key in keys if key in written}

    def _scene(self, scene: Scene) -> Iterator[str]:
        if scene.do:
            yield _mark(marks.STAGE, scene.do)
        if scene.happens:
            yield _mark(marks.HAPPENS, ", ".join(scene.happens))
        for number, line in enumerate(scene.customer):
            if line.condition:
                yield _mark(marks.IF, line.condition)
            elif number:
                yield _mark(marks.ELSE).rstrip()
            if line.acts:
                yield _mark(marks.ACTS, ", ".join(line.acts))
            yield _words(line.say)
        for reply in scene.replies:
            yield ""
            yield from self._reply(reply)

    def _reply(self, reply: Reply) -> Iterator[str]:
        target = reply.go or self._ending_names[reply.end or ""]
        yield f"{_mark(reply.id)}[[{_link_words(reply.words)}->{target}]]"
        if reply.do:
            yield _mark(marks.DEED).rstrip()
        if reply.condition:
            yield _mark(marks.IF, reply.condition)
        yield _mark(marks.ACTS, ", ".join(reply.acts) or "none")
        if reply.why:
            yield _mark(marks.WHY, reply.why)

    def _ending(self, name: str, ending: Ending) -> Iterator[str]:
        if self._ending_names[name] != name:
            yield _mark(marks.ID, name)
        yield _mark(marks.TITLE, ending.title)
        if ending.customer:
            yield _words(ending.customer)


def left_out(scenario: Scenario) -> list[str]:
    """What the Twee file does not hold, in words; empty if it holds all."""
    replies = [reply for scene in scenario.scenes.values() for reply in scene.replies]
    told = {
        "feelings ('feel')": any(reply.feel != Feel() for reply in replies),
        "facts that replies set": any(reply.set for reply in replies),
        "a trainer's own marks": any(reply.marks for reply in replies),
        "promises": any(reply.promise for reply in replies),
        "interruptions and silences": any(scene.on_interrupt or scene.on_silence for scene in scenario.scenes.values()),
        "voices": any(line.voice for scene in scenario.scenes.values() for line in scene.customer),
        "what is told to friends": any(ending.tells for ending in scenario.endings.values()),
    }
    return [what for what, there in told.items() if there]


def _tags(scene: Scene) -> tuple[str, ...]:
    return (marks.SCENE_TAG, marks.GOLDEN_TAG) if scene.golden else (marks.SCENE_TAG,)


def _places(scenario: Scenario) -> dict[tuple[str, bool], tuple[int, int]]:
    """Where each scene and ending lies on Twine's map: from the top down, as `servicesim graph` draws them."""
    names = [(name, False) for name in scenario.scenes] + [(name, True) for name in scenario.endings]
    key = {one: f"{one[0]}{' ' * one[1]}" for one in names}
    lines = {
        (key[name, False], key[reply.go or reply.end or "", reply.go is None])
        for name, scene in scenario.scenes.items() for reply in scene.replies
    }  # fmt: skip
    plan = laid_out([Card(key[one], _SIDE, _SIDE) for one in names], [Line(*line) for line in sorted(lines)], key[scenario.start, False])
    left = min(x for x, _ in plan.centres.values())
    top = min(y for _, y in plan.centres.values())
    beside = _EDGE + 2 * _SIDE  # the passage about the encounter stands in the corner
    return {one: (round(plan.centres[key[one]][0] - left) + beside, round(plan.centres[key[one]][1] - top) + _EDGE) for one in names}


def _header(name: str, tags: tuple[str, ...], place: tuple[int, int]) -> str:
    data = json.dumps({"position": f"{place[0]},{place[1]}", "size": f"{_SIDE},{_SIDE}"}, separators=(",", ":"))
    return f":: {_escaped_name(name)} [{' '.join(map(_escaped_name, tags))}] {data}"


def _escaped_name(name: str) -> str:
    return re.sub(r"([\[\]{}\\])", r"\\\1", name)


def _mark(word: str, more: str = "") -> str:
    return f"«{word}» {_line(more)}".rstrip() + ("" if more else " ")


# Whatever some format would take for markup, and would not show as it is written.
_MARKUP = re.compile(
    r"[<>\[\]{}`«»\\]|&(?=[#\w])|\$(?=[A-Za-z_])|(?<![\w_])_(?=[A-Za-z])|''+|//+|__+|~~+|==+|\^\^+|@@+|\*+|/%|\((?=[a-zA-Z0-9-]{1,30}:)"
    r"|^[ ]*[!#+>|:;-]+|^[ ]*[0-9]+(?=\.)",
    re.MULTILINE,
)
_KEPT = re.compile("|".join(map(re.escape, placeholders())))


def _words(text: str) -> str:
    """A text as a passage holds it, line by line."""
    pieces, at = list[str](), 0
    for kept in _KEPT.finditer(text):
        pieces += [text[at : kept.start()], kept[0]]
        at = kept.end()
    pieces.append(text[at:])
    return "".join(piece if piece in placeholders() else _MARKUP.sub(_as_numbers, piece) for piece in pieces)


def _line(text: str) -> str:
    """A text on one line."""
    return _words(text.rstrip()).replace("\n", "&#10;")


def _link_words(text: str) -> str:
    return _line(text).replace("|", "&#124;").replace("->", "&#45;>")


def _as_numbers(found: re.Match[str]) -> str:
    return "".join(f"&#{ord(one)};" for one in found[0])
