"""Scripts and random plays for tests."""

from __future__ import annotations

import random
from functools import cache
from pathlib import Path

from scenario.small import SMALL
from servicesim import shipped
from servicesim.encounter import rules
from servicesim.encounter.encounter import Encounter
from servicesim.encounter.script import Script
from servicesim.scenario import loading

SAMPLES = Path(__file__).parent.parent / "desktop" / "samples"


def script_of(text: str) -> Script:
    """The script of a scenario that stands in a text."""
    scenario, findings = loading.load_text(text)
    assert scenario is not None, findings
    return Script(scenario, loading.shipped_principles())


@cache
def small() -> Script:
    return script_of(SMALL)


def in_channel(channel: str) -> Script:
    return script_of(SMALL.replace("channel: phone", f"channel: {channel}"))


@cache
def every_script() -> tuple[Script, ...]:
    """Every shipped scenario, and the small one in each channel."""
    files = sorted(path for path in shipped.scenarios().glob("*.yaml") if not loading.is_principles_file(path))
    scripts = [Script(loading.demand(path), loading.shipped_principles()) for path in files]
    return (*scripts, *(in_channel(channel) for channel in ("phone", "in-person", "chat", "email")))


def play_at_random(script: Script, seed: int, *, untimed: bool = False, most: int = 400) -> Encounter:
    """A play in which any legal move may come at any time, the clock's own included."""
    draw = random.Random(seed)
    encounter = Encounter(script, seed=seed, untimed=untimed, pace=draw.choice((0.5, 1.0, 2.0)))
    for _ in range(most):
        if encounter.ended:
            break
        one_move(encounter, draw)
    return encounter


def one_move(encounter: Encounter, draw: random.Random) -> None:
    """One legal move, or a while without one."""
    at = encounter.at + draw.choice((0.0, 0.3, 0.3, 1.0, 4.0))
    encounter.advance(at)
    situation = encounter.situation
    moves = rules.moves(situation)
    if rules.may_move_on(situation) and draw.random() < 0.7:
        encounter.move_on(at)
    elif moves and draw.random() < 0.5:
        move = draw.choice(moves)
        if move == "interrupt":
            encounter.interrupt(at)
        elif move in rules.listening_offered(situation):
            encounter.listen(move, at)  # type: ignore[arg-type]
        else:
            encounter.reply(move, at)
    elif draw.random() < 0.3:
        due = rules.due_at(situation)
        encounter.advance(at if due is None else due)
