"""The story that every engine plays: scenes with three or four replies, conditions and variables; and walks through it.

A `Story` is written once as a scenario file, once as ink, and once as plain data for the state machines.
"""

from __future__ import annotations

import random
from collections.abc import Iterator
from dataclasses import asdict, dataclass, field
from typing import Any

import yaml

from servicesim.encounter.encounter import Encounter
from servicesim.encounter.script import Script
from servicesim.scenario import loading, source
from servicesim.scenario.model import scenario_adapter

ACTS = ("thank", "summarise", "inform", "ask-remedy", "recommend", "ask-need", "value", "explain")  # none changes feelings
CONDITION = "trust > 2 or settled"
START = {"expects": 50, "received": 40, "trust": 2, "anger": 1}
MOST = {"expects": 100, "received": 100, "trust": 5, "anger": 5}
BETWEEN = 10.0  # seconds from reply to reply: the customer has spoken, and is still patient
SEED = 2
_WORDS = ["the", "parcel", "order", "that", "came", "late", "on", "Friday", "with", "no", "note", "from", "anybody", "and", "was", "left", "outside", "in", "rain", "for", "days"]


@dataclass(frozen=True, slots=True)
class Answer:
    """One reply; `condition` stands for CONDITION, `go` None for the end."""

    id: str
    say: str
    acts: tuple[str, ...]
    go: int | None
    condition: bool = False
    settled: bool | None = None
    feel: dict[str, int] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Part:
    """One scene."""

    say: str
    answers: tuple[Answer, ...]


@dataclass(frozen=True, slots=True)
class Story:
    """A story of so many scenes; it runs forward, so that every play ends."""

    parts: tuple[Part, ...]

    def as_data(self) -> dict[str, Any]:
        """For the state machines."""
        return {"start": START, "most": MOST, "parts": [asdict(part) for part in self.parts]}

    def as_yaml(self) -> str:
        """As a scenario file, written as a trainer would."""
        return "\n".join(_yaml(self))

    def as_ink(self) -> str:
        """As ink; a variable that a reply does not touch is not mentioned."""
        return "\n".join(_ink(self))


def story(scenes: int) -> Story:
    """A story of so many scenes; the same each time."""
    draw = random.Random(SEED)
    return Story(tuple(Part(_sentence(draw, 9), tuple(_answers(draw, number, scenes))) for number in range(scenes)))


def _sentence(draw: random.Random, words: int) -> str:
    return " ".join(draw.choices(_WORDS, k=words)).capitalize() + "."


def _answers(draw: random.Random, number: int, scenes: int) -> Iterator[Answer]:
    for place in range(draw.choice((3, 4))):
        target = number + 1 if place == 0 else number + draw.randint(1, 3)
        yield Answer(
            id=f"r{place}",
            say=_sentence(draw, 5),
            acts=tuple(draw.sample(ACTS, draw.choice((1, 1, 2)))),
            go=target if target < scenes else None,
            condition=place == 1,
            settled=draw.random() < 0.5 if place == 2 else None,
            feel={"trust": draw.choice((-1, 1)), "received": draw.choice((-5, 5))} if draw.random() < 0.5 else {},
        )


def _yaml(story: Story) -> Iterator[str]:
    yield "servicesim: 1\nid: engine\ntitle: A long story\nsummary: A story of many scenes.\nchannel: phone\nlocale: en"
    yield f"company: Nova Stores\ncustomer: {{name: Leyla, type: unfriendly, {_flow(START)}}}\nfacts: {{settled: false}}"
    yield "start: s0\nleaves: left\nendings:\n  over: {title: Over}\n  left: {title: Left}\nscenes:"
    for number, part in enumerate(story.parts):
        yield f"  s{number}:\n    customer: {part.say}\n    replies:"
        for answer in part.answers:
            yield f"      - id: {answer.id}\n        say: {answer.say}\n        acts: [{', '.join(answer.acts)}]"
            yield "        end: over" if answer.go is None else f"        go: s{answer.go}"
            if answer.condition:
                yield f"        if: {CONDITION}"
            if answer.settled is not None:
                yield f"        set: {{settled: {str(answer.settled).lower()}}}"
            if answer.feel:
                yield f"        feel: {{{_flow(answer.feel)}}}"


def _flow(fields: dict[str, int]) -> str:
    return ", ".join(f"{name}: {value}" for name, value in fields.items())


def _ink(story: Story) -> Iterator[str]:
    yield from (f"VAR {name} = {value}" for name, value in START.items())
    yield "VAR settled = false\n-> s0"
    for number, part in enumerate(story.parts):
        yield f"=== s{number} ===\n{part.say}"
        for answer in part.answers:
            yield f"+ {f'{{{CONDITION}}} ' if answer.condition else ''}[{answer.say}]"
            if answer.settled is not None:
                yield f"  ~ settled = {str(answer.settled).lower()}"
            yield from (f"  ~ {name} = MAX(0, MIN({MOST[name]}, {name} + {more}))" for name, more in answer.feel.items())
            yield "  -> END" if answer.go is None else f"  -> s{answer.go}"


@dataclass(frozen=True, slots=True)
class Walk:
    """One way through a story: which reply each time, by its number, and by its number among those that are open."""

    replies: tuple[int, ...]
    among_open: tuple[int, ...]
    trust: int  # at the end, so that an engine can show that it has played the same


def script_of(story: Story) -> Script:
    """The story, ready to be played."""
    fields = yaml.load(story.as_yaml(), yaml.CSafeLoader)  # not by our own reader: a story here may be larger than a file
    return Script(scenario_adapter().validate_python(fields), loading.shipped_principles())


def walks(script: Script, replies: int, longest: int) -> list[Walk]:
    """Random walks of so many replies in all, or a few more; each from the beginning, and no longer than `longest`."""
    draw, found = random.Random(SEED), list[Walk]()
    while sum(len(walk.replies) for walk in found) < replies:
        found.append(_walk(script, draw, longest))
    return found


def _walk(script: Script, draw: random.Random, longest: int) -> Walk:
    encounter, replies, among_open = Encounter(script), list[int](), list[int]()
    encounter.advance(BETWEEN)
    while not encounter.ended and len(replies) < longest:
        options = encounter.situation.stage.options
        open_ones = sorted(options.index(option) for option in encounter.offered)
        chosen = draw.choice(open_ones)
        replies.append(chosen)
        among_open.append(open_ones.index(chosen))
        encounter.reply(options[chosen].reply.id, BETWEEN * len(replies))
        encounter.advance(BETWEEN * (len(replies) + 1))
    return Walk(tuple(replies), tuple(among_open), encounter.situation.feelings.trust)


def largest() -> int:
    """How many scenes such a story can have: a file has at most so many bytes, and so many values."""
    sample = 1_000
    text = story(sample).as_yaml()
    values = len(source.parse(text).marks)
    return int(0.99 * min(source.MAX_BYTES * sample / len(text), source.MAX_NODES * sample / values))
