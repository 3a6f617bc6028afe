"""Small scenarios and principles drawn at random, of every kind that the format has, for `reach` to be judged by.

A seed gives the same case in every run: the first draw that loads without an error, and whose plays can all be looked at.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from random import Random
from typing import Any

from analysis.brute import TooMany, Truth, truth
from analysis.too_large import TOO_LARGE
from servicesim.encounter.script import Script
from servicesim.scenario import loading
from servicesim.scenario.principles import TEMPLATES

Spec = dict[str, Any]

MOST_SITUATIONS = 700  # of one case, so that hundreds are played in a minute
MOST_PLAYS = 10**12  # of one case; ways that meet are gone on from once

DEEDS = ("greet", "ask", "sum-up", "apologise", "offer", "scold")
SAYINGS = ("vents", "asks", "confirms")
HAPPENINGS = ("case-opened", "loss-found")
SCENES = ("opening", "story", "matter", "remedy", "farewell")
TYPES = ("hostile", "unfriendly", "indifferent", "uninformed", "supporter", "fan", "wavering")
PLAYED = {
    "email": ("customer-writes", "golden-moment"),
    "chat": ("customer-speaks", "interrupt", "silence", "golden-moment"),
    "phone": ("customer-speaks", "station", "station-word", "agree", "deny", "interrupt", "silence", "golden-moment"),
    "in-person": ("customer-speaks", "station", "station-word", "nod", "agree", "deny", "interrupt", "silence", "golden-moment"),
}
MANY_SCENES = {"email": (2, 3, 4, 5), "chat": (1, 2, 3, 4), "phone": (1, 2, 2, 3), "in-person": (1, 2, 2, 3)}
MOST_PARTS = {"email": 1, "chat": 1, "phone": 3, "in-person": 2}


@dataclass(frozen=True, slots=True)
class Case:
    """A scenario with its principles, and what its plays come to."""

    name: str
    scenario: str
    principles: str
    script: Script
    truth: Truth

    def __str__(self) -> str:
        return f"--- {self.name}: principles\n{self.principles}--- scenario\n{self.scenario}"


def case(seed: int | str, *, most: int = MOST_SITUATIONS, harder: Callable[[Random, Spec], None] | None = None) -> Case:
    """The case of a seed; `harder` may change what was drawn."""
    for attempt in range(10_000):
        name = f"{seed}/{attempt}"
        if most == MOST_SITUATIONS and name in TOO_LARGE:
            continue
        draw = Random(name)
        spec = drawn(draw)
        if harder is not None:
            harder(draw, spec)
        made = case_of(spec, f"seed {seed}", most=most)
        if made is not None:
            return made
    raise AssertionError(f"no draw of seed {seed} can be used")


def case_of(spec: Spec, name: str, *, most: int = MOST_SITUATIONS) -> Case | None:
    """The case that a specification describes; None if it does not load, or has too many plays."""
    scenario_text, principles_text = scenario_yaml(spec["scenario"]), principles_yaml(spec["principles"], spec.get("feel", FEEL_OF_ACTS))
    principles, _ = loading.load_principles_text(principles_text)
    if principles is None:
        return None
    scenario, _ = loading.load_text(scenario_text, principles=principles)
    if scenario is None:
        return None
    script = Script(scenario, principles)
    try:
        counted = truth(script, most=most)
    except TooMany:
        return None
    return Case(name, scenario_text, principles_text, script, counted) if counted.plays <= MOST_PLAYS else None


def drawn(draw: Random) -> Spec:
    """One specification; not every one is a right scenario."""
    channel = draw.choice(("email", "chat", "phone", "phone", "in-person"))
    names = [f"principle-{letter}" for letter in "abcdef"[: draw.choice((1, 2, 2, 3, 3, 4, 5, 6))]]
    scenario = _scenario(draw, channel, names)
    _lead_everywhere(draw, scenario["scenes"])
    return {
        "scenario": scenario,
        "principles": {name: _principle(draw, channel) for name in names},
    }


# --- the scenario ----------------------------------------------------------------------------------------------------


def _scenario(draw: Random, channel: str, principles: Sequence[str]) -> Spec:
    scenes = SCENES[: draw.choice(MANY_SCENES[channel])]
    facts: Spec = {}
    if draw.random() < 0.5:
        facts["found"] = draw.random() < 0.3
    if draw.random() < 0.3:
        facts["calls"] = draw.choice((0, 0, 1, 3))
    endings: Spec = {"settled": {"title": "Settled"}}
    if draw.random() < 0.5:
        endings["lost"] = {"title": "Lost", "failed": True}
    if draw.random() < 0.3:
        endings["later"] = {"title": "Later"}
    conditions = _Conditions(draw, channel, facts, scenes)
    head = {
        "servicesim": 1, "id": "drawn", "title": "Drawn", "summary": "Drawn at random.", "channel": channel, "locale": "en",
        "company": "Nova Stores", "pass": draw.choice((50, 50, 60, 75, 90, 100)),
        "learn": draw.sample(principles, draw.randint(0, len(principles))),
        "customer": {
            "name": "Leyla Karimova", "type": draw.choice(TYPES), "expects": draw.choice((0, 40, 60, 90)),
            "received": draw.choice((0, 40, 50, 100)), "trust": draw.randint(0, 5), "anger": draw.choice((0, 1, 2, 3, 4)),
        },
        "facts": facts, "start": scenes[0],
    }  # fmt: skip
    if draw.random() < 0.8:
        head["leaves"] = draw.choice(list(endings))
    made = {name: _scene(draw, channel, number, scenes, list(endings), principles, conditions) for number, name in enumerate(scenes)}
    return {**head, "scenes": made, "endings": endings}


@dataclass(frozen=True, slots=True)
class _Conditions:
    draw: Random
    channel: str
    facts: Spec
    scenes: Sequence[str]

    def one(self) -> str:
        parts = [self._part() for _ in range(self.draw.choice((1, 1, 1, 2)))]
        return self.draw.choice((" and ", " or ")).join(parts)

    def _part(self) -> str:
        denied = "not " if self.draw.random() < 0.3 else ""
        return denied + self.draw.choice(list(self._possible()))

    def _possible(self) -> Iterator[str]:
        draw = self.draw
        if "found" in self.facts:
            yield from ("found",) * 3
        if "calls" in self.facts:
            yield from (f"calls {draw.choice(('>', '==', '<='))} {draw.randint(0, 3)}",) * 3
        yield f"anger {draw.choice(('>', '<'))} {draw.randint(1, 4)}"
        yield f"trust {draw.choice(('>', '<='))} {draw.randint(0, 4)}"
        yield f"received > {draw.choice((20, 45, 60))}"
        yield f"expects <= {draw.choice((30, 50, 70))}"
        yield f"satisfaction >= {draw.choice((0, 10, 20))}"
        yield from (f"said({act})" for act in draw.sample((*DEEDS, *SAYINGS, *PLAYED[self.channel]), 3))
        yield f"seen({draw.choice(self.scenes)})"


def _scene(
    draw: Random, channel: str, number: int, scenes: Sequence[str], endings: Sequence[str], principles: Sequence[str], conditions: _Conditions
) -> Spec:
    made: Spec = {"customer": _speech(draw, channel, conditions)}
    if draw.random() < 0.25:
        made["golden"] = True
    if draw.random() < 0.35:
        made["happens"] = draw.sample(HAPPENINGS, draw.randint(1, 2))
    if draw.random() < 0.2:
        made["patience"] = draw.choice((3, 8))
    if channel != "email" and draw.random() < 0.2:
        made["on-interrupt"] = {"customer": "Let me finish."}
    if channel != "email" and draw.random() < 0.4:
        made["on-silence"] = _on_silence(draw, number, scenes)
    count = draw.choice((1, 2, 2, 3) if channel in ("phone", "in-person") else (2, 2, 3, 3))
    made["replies"] = [_reply(draw, "abc"[place], number, scenes, endings, principles, conditions, last=place == count - 1) for place in range(count)]
    return made


def _on_silence(draw: Random, number: int, scenes: Sequence[str]) -> Spec:
    made: Spec = {}
    if draw.random() < 0.5:
        made["feel"] = _feel(draw)
    if draw.random() < 0.6 and scenes[number + 1 :]:
        made["go"] = draw.choice(scenes[number + 1 :])
    return made or {"customer": "Hello?"}


def _speech(draw: Random, channel: str, conditions: _Conditions) -> list[Spec]:
    count = draw.choice((1, 1, 1, 2, 3))
    return [_line(draw, channel, conditions, last=place == count - 1) for place in range(count)]


def _line(draw: Random, channel: str, conditions: _Conditions, *, last: bool) -> Spec:
    parts = draw.randint(1, MOST_PARTS[channel])
    made: Spec = {"say": " | ".join(draw.choice(("Well.", "I waited for two long weeks.", "It was red.")) for _ in range(parts))}
    if draw.random() < 0.5:
        made["acts"] = draw.sample(SAYINGS, draw.randint(1, 2))
    return made if last else {"if": conditions.one(), **made}


def _reply(
    draw: Random, id_: str, number: int, scenes: Sequence[str], endings: Sequence[str], principles: Sequence[str], conditions: _Conditions, *, last: bool
) -> Spec:
    made: Spec = {"id": id_, draw.choice(("say", "say", "do")): "So be it.", "acts": draw.sample(DEEDS, draw.choice((0, 1, 1, 2, 3)))}
    later = scenes[number + 1 :]
    # The last reply of a scene leads on and is always offered, so that a play can end.
    if later and draw.random() < 0.7:
        made["go"] = draw.choice(later)
    elif not last and draw.random() < 0.35:
        made["go"] = draw.choice(scenes[: number + 1])
    else:
        made["end"] = draw.choice(endings)
    if draw.random() < 0.35:
        made["feel"] = _feel(draw)
    if conditions.facts and draw.random() < 0.5:
        made["set"] = {name: draw.random() < 0.7 if name == "found" else draw.randint(0, 3) for name in conditions.facts}
    if not last and draw.random() < 0.4:
        made["if"] = conditions.one()
    if draw.random() < 0.25:
        made["marks"] = {name: draw.choice((0, 0.25, 0.5, 0.7, 1)) for name in draw.sample(principles, draw.randint(1, min(2, len(principles))))}
    return made


def _feel(draw: Random) -> Spec:
    by = {"expects": (-30, 20), "received": (-20, 25, 60), "trust": (-2, 1, 3), "anger": (-3, 1, 2, 5)}
    return {name: draw.choice(by[name]) for name in draw.sample(list(by), draw.choice((1, 1, 2)))}


def _lead_everywhere(draw: Random, scenes: Spec) -> None:
    """Let some reply of an earlier scene lead to each scene that none leads to."""
    names = list(scenes)
    for number, name in enumerate(names[1:], 1):
        earlier = [reply for before in names[:number] for reply in scenes[before]["replies"]]
        if name not in [reply.get("go") for reply in earlier]:
            reply = draw.choice(earlier)
            reply.pop("end", None)
            reply["go"] = name


# --- the principles --------------------------------------------------------------------------------------------------


def _principle(draw: Random, channel: str) -> Spec:
    made: Spec = {"rules": [_rule(draw, channel) for _ in range(draw.choice((0, 1, 1, 1, 1, 2, 2, 3)))]}
    if draw.random() < 0.6:
        made["weight"] = draw.choice((1, 2, 3, 5))
    if draw.random() < 0.15:
        made["critical"] = True
    if draw.random() < 0.3:
        made["enough"] = draw.choice((0.3, 0.5, 0.75))
    if draw.random() < 0.12:
        made["when"] = _when(draw, channel)
    if draw.random() < 0.15:
        made["elective"] = True
    return made


def _when(draw: Random, channel: str) -> Spec:
    if draw.random() < 0.5:
        return {"channel": [channel] if draw.random() < 0.7 else ["email", "chat"]}
    return {"type": draw.sample(TYPES, 4)}


def _rule(draw: Random, channel: str) -> Spec:
    if channel in ("phone", "in-person") and draw.random() < 0.2:
        made: Spec = {"response": {"after": ["station"], "then": _acts(draw, PLAYED[channel][2:-2]), **({"within": draw.choice((1.2, 2, 5))} if draw.random() < 0.6 else {})}}
    else:
        made = _template(draw, draw.choice(list(TEMPLATES)), channel)
    if draw.random() < 0.25:
        made["from"] = _acts(draw, _any_act(channel))
    if draw.random() < 0.2:
        made["until"] = _acts(draw, _any_act(channel))
    if draw.random() < 0.08:
        made["when"] = _when(draw, channel)
    return made


def _template(draw: Random, template: str, channel: str) -> Spec:
    one, other = _acts(draw, _any_act(channel)), _acts(draw, _any_act(channel))
    match template:
        case "first" | "last":
            return {template: _acts(draw, DEEDS)}
        case "existence":
            return {template: one}
        case "absence":
            return {template: one, "per": other} if draw.random() < 0.4 else {template: one}
        case "precedence":
            return {template: {"needs": one, "then": other}}
        case "not-response":
            return {template: {"after": one, "never": other}}
        case _:
            limit = {"within": "next-reply"} if draw.random() < 0.3 else {"within": draw.choice((1, 3, 20))} if draw.random() < 0.15 else {}
            return {template: {"after": one, "then": other, **limit}}


def _any_act(channel: str) -> tuple[str, ...]:
    return (*DEEDS, *DEEDS, *SAYINGS, *HAPPENINGS, *PLAYED[channel])


def _acts(draw: Random, possible: Sequence[str]) -> list[str]:
    return sorted(set(draw.choices(possible, k=draw.choice((1, 1, 1, 2)))))


# --- as a trainer writes them ----------------------------------------------------------------------------------------

TOLD = {"title": "Drawn", "says": "Do so.", "why": "So be it.", "source": "[B1]"}
FEEL_OF_ACTS = {"greet": {"trust": 1}, "scold": {"anger": 2}, "offer": {"received": 25}, "vents": {"anger": 1}}


def principles_yaml(principles: Spec, feel: Spec = FEEL_OF_ACTS) -> str:
    """The principles file of a specification; texts that decide nothing are filled in."""
    by = {**dict.fromkeys(DEEDS, "trainee"), **dict.fromkeys(SAYINGS, "customer"), **dict.fromkeys(HAPPENINGS, "world")}
    acts = {act: {"title": act, "by": who, **({"feel": feel[act]} if act in feel else {})} for act, who in by.items()}
    lines = ["servicesim: 1", "acts:", *_entries(acts), "principles:"]
    for name, one in principles.items():
        rest = {key: value for key, value in one.items() if key != "rules"}
        lines += [f"  {name}:", *(f"    {key}: {value}" for key, value in TOLD.items())]
        lines += [f"    {key}: {json.dumps(value)}" for key, value in rest.items()]
        if one["rules"]:
            lines += ["    rules:", *(f"      - {json.dumps(rule)}" for rule in one["rules"])]
    return "\n".join(lines) + "\n"


def scenario_yaml(scenario: Spec) -> str:
    """The scenario file of a specification: a reply on a line."""
    lines = [f"{key}: {json.dumps(value)}" for key, value in scenario.items() if key not in ("scenes", "endings")]
    lines.append("scenes:")
    for name, scene in scenario["scenes"].items():
        lines.append(f"  {name}:")
        for key, value in scene.items():
            if key in ("customer", "replies"):
                lines += [f"    {key}:", *(f"      - {json.dumps(one)}" for one in value)]
            else:
                lines.append(f"    {key}: {json.dumps(value)}")
    return "\n".join([*lines, "endings:", *_entries(scenario["endings"])]) + "\n"


def _entries(named: Spec) -> list[str]:
    return [f"  {name}: {json.dumps(value)}" for name, value in named.items()]
