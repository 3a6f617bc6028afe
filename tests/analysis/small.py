"""Small encounters that stand in a text: lines of the head that differ, principles on a line each, and scenes."""

from __future__ import annotations

from collections.abc import Callable
from itertools import count

from servicesim.analysis.board import Board
from servicesim.analysis.budget import Budget
from servicesim.analysis.explorer import explored
from servicesim.analysis.fronts import Fronts
from servicesim.analysis.tracks import tracks
from servicesim.analysis.world import World
from servicesim.encounter.script import Script
from servicesim.scenario import source
from servicesim.scenario.findings import Finding
from servicesim.scenario.loading import load_principles_text, load_text
from servicesim.scenario.model import Scenario, scenario_adapter
from servicesim.scenario.shape import shaped

AT_LEISURE = Budget(lambda: 0.0, 1.0)  # a clock that stands still
IN_NO_TIME = Budget(lambda: 1.0, 0.0)

ACTS = """\
servicesim: 1
acts:
  greet: {title: Greets}
  ask: {title: Asks}
  help: {title: Helps}
  scold: {title: Scolds}
  look: {title: Looks}
  wait: {title: Waits}
  vents: {title: Vents, by: customer}
  rages: {title: Rages, by: customer, feel: {anger: 5}}
  calms: {title: Calms down, by: customer, feel: {anger: -5}}
  case-opened: {title: A case is opened, by: world}
principles:
"""
HEAD = """\
servicesim: 1
id: desk
title: Desk
summary: A desk.
channel: phone
locale: en
company: Nova Stores
pass: 75
customer: {name: Leyla Karimova, type: hostile, expects: 60, received: 40, trust: 2, anger: 1}
start: one
"""
ENDINGS = """\
endings:
  done: {title: Done}
  over: {title: Over, failed: true}
scenes:
"""


def script(text: str, *, checked: bool = True) -> Script:
    """The script of `[head lines] [principles: ...] scenes: ...`; what a principle is called is filled in.

    Unchecked, it may be one that no file could hold: a script knows no findings.
    """
    before, scenes = text.split("scenes:\n")
    lines, _, taught = before.partition("principles:\n")
    principles, found = load_principles_text(ACTS + "".join(map(_told, (taught or "  fit: {}\n").splitlines(keepends=True))))
    assert principles is not None, found
    scenario, found = load_text(_head(lines) + scenes, principles=principles) if checked else _unchecked(_head(lines) + scenes)
    assert scenario is not None, found
    return Script(scenario, principles)


def _unchecked(text: str) -> tuple[Scenario | None, list[Finding]]:
    shape = shaped(source.parse(text, "<text>"), scenario_adapter())
    return shape.model, shape.findings


def _told(principle: str) -> str:
    return principle.replace("{", "{title: T, says: S, why: W, source: [B6], ", 1)


def _head(lines: str) -> str:
    """The head with other lines, or more of them."""
    head = dict(line.split(": ", 1) for line in HEAD.splitlines())
    head |= dict(line.split(": ", 1) for line in lines.splitlines())
    return "".join(f"{field}: {value}\n" for field, value in head.items()) + ENDINGS


STAGED = """\
  fit: {weight: 2}
  kind: {weight: 2}
  asks: {rules: [{alternate-response: {after: [greet, help], then: ask}}]}
  helps: {rules: [{precedence: {needs: greet, then: help}}, {response: {after: ask, then: help, within: next-reply}}]}
  mild: {rules: [{absence: scold, per: vents}, {not-response: {after: ask, never: scold}}]}
"""
STAGE = """\
  sHERE:
    customer: {say: Well., acts: [vents]}
    replies:
      - {id: a, say: A., acts: [greet], marks: {fit: 0.9}, NEXT}
      - {id: b, say: B., acts: [ask], marks: {kind: 1, fit: 0.2}, NEXT}
      - {id: c, say: C., acts: [help], marks: {fit: 0.4, kind: 0.2}, NEXT}
      - {id: d, say: D., acts: [scold], marks: {fit: 1, kind: 0.5}, NEXT}
"""


def staged(stages: int = 9) -> Script:
    """Scenes, one after the other, in which no reply is right for all principles; with nine there are 262,144 plays."""
    leads = [*(f"go: s{number}" for number in range(1, stages)), "end: done"]
    scenes = (STAGE.replace("HERE", str(number)).replace("NEXT", after) for number, after in enumerate(leads))
    return script(f"start: s0\nchannel: email\nprinciples:\n{STAGED}scenes:\n{''.join(scenes)}")


def fronts(script: Script, world: World, *, perfect: bool = False) -> list[Fronts]:
    """What each principle of a script can still count in its world."""
    told = [Fronts(track, world, perfect=perfect) for track in tracks(script)]
    for one in told:
        one.work_out(AT_LEISURE)
    return told


def board(script: Script, *, best: bool = True, perfect: bool = False) -> Board:
    """All principles of a script, side by side."""
    world = explored(script, AT_LEISURE, perfect=perfect)
    return Board(world, fronts(script, world, perfect=perfect), best=best, perfect=perfect)


def ticking() -> Callable[[], float]:
    """A clock that goes on by a second whenever somebody looks at it."""
    ticks = count()
    return lambda: float(next(ticks))
