"""Drawn scenarios made harder: moods at their limits, conditions on listening, ways back, and scopes that open in a speech."""

from __future__ import annotations

from random import Random
from typing import Any

from analysis.random_scenarios import DEEDS, HAPPENINGS, PLAYED, SAYINGS, Case, Spec, case

CHANGES = {"anger": (-5, -3, -1, 1, 2, 5), "trust": (-5, -1, 1, 5), "expects": (-100, 10, 30), "received": (-50, 20, 100)}


def hard_case(seed: int) -> Case:
    """The hard case of a seed."""
    return case(f"hard {seed}", harder=harder)


def harder(draw: Random, spec: Spec) -> None:
    """Make a specification harder to see through."""
    scenario = spec["scenario"]
    customer = scenario["customer"]
    customer["anger"], customer["trust"] = draw.choice((0, 3, 4)), draw.choice((0, 0, 2, 5))
    spec["feel"] = {act: _feel(draw) for act in (*DEEDS, *SAYINGS, *HAPPENINGS) if draw.random() < 0.5}
    for scene in scenario["scenes"].values():
        _scene(draw, scene, scenario)
    for principle in spec["principles"].values():
        _principle(draw, principle, scenario["channel"])


def _feel(draw: Random) -> Spec:
    moved = draw.choice(list(CHANGES))
    return {moved: draw.choice(CHANGES[moved])}


def _scene(draw: Random, scene: Spec, scenario: Spec) -> None:
    names = list(scenario["scenes"])
    if scenario["channel"] != "email" and draw.random() < 0.6:
        silent = scene.setdefault("on-silence", {"customer": "Hello?"})
        silent |= {"go": draw.choice(names)} if draw.random() < 0.6 else {}
        silent |= {"feel": {draw.choice(("anger", "trust")): draw.choice((-5, -2, 1, 3, 5))}} if draw.random() < 0.6 else {}
    for line in scene["customer"][:-1]:
        line["if"] = _condition(draw, scenario)
    for reply in scene["replies"][:-1]:
        _reply(draw, reply, scenario)


def _reply(draw: Random, reply: Spec, scenario: Spec) -> None:
    if draw.random() < 0.4:
        reply["if"] = _condition(draw, scenario)
    if draw.random() < 0.3:
        reply["feel"] = _feel(draw)
    if draw.random() < 0.2 and "end" in reply:
        del reply["end"]
        reply["go"] = draw.choice(list(scenario["scenes"]))


def _condition(draw: Random, scenario: Spec) -> str:
    played = [f"said({act})" for act in PLAYED[scenario["channel"]] if act != "golden-moment"]
    moods = [f"{mood} {sign} {limit}" for mood in ("anger", "trust") for sign in ("==", "<") for limit in (1, 4, 5)]
    parts = [*played, *played, *(f"seen({name})" for name in scenario["scenes"]), *moods, "satisfaction < 0", "trust < anger"]
    chosen = [f"not {part}" if " " not in part and draw.random() < 0.3 else part for part in draw.sample(parts, draw.choice((1, 1, 2, 3)))]
    return draw.choice((" and ", " or ")).join(chosen)


def _principle(draw: Random, principle: dict[str, Any], channel: str) -> None:
    principle |= {"critical": True} if draw.random() < 0.3 else {}
    principle |= {"enough": draw.choice((0.1, 0.3, 0.8))} if draw.random() < 0.4 else {}
    happening = (*PLAYED[channel], *DEEDS, *SAYINGS)
    for rule in principle["rules"]:
        rule |= {"from": [draw.choice(happening)]} if draw.random() < 0.3 else {}
        rule |= {"until": [draw.choice(happening)]} if draw.random() < 0.3 else {}
