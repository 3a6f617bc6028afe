"""Where a scenario offers an opportunity at all: nobody earns points for not insulting where no insult was on offer."""

from __future__ import annotations

from collections.abc import Iterable

from servicesim.encounter.script import Script
from servicesim.scenario.model import Scene
from servicesim.scenario.principles import (
    ACTS_OF_PLAY,
    OBLIGING,
    Absence,
    AlternateResponse,
    Existence,
    First,
    Last,
    NotResponse,
    Precedence,
    Principle,
    Response,
    Rule,
)


def offered(rule: Rule, script: Script, visited: frozenset[str], *, untimed: bool = False) -> bool:
    """Whether the scenes that were visited offered what the rule asks for, or forbids."""
    scenario = script.scenario
    match rule:
        case First():
            return _scene_offers(scenario.scenes[scenario.start], rule.first)
        case Last():
            endings = (reply for scene in scenario.scenes.values() for reply in scene.replies if reply.end is not None)
            return any(not set(rule.last).isdisjoint(reply.acts) for reply in endings)
        case Existence(existence=acts) | Absence(absence=acts, per=None):
            scenes = (scenario.scenes[name] for name in visited)
            return any(_is_playable(act, script, untimed=untimed) for act in acts) or _any_offers(scenes, acts)
        case _:
            return True


def owed(principle: Principle, name: str, script: Script, *, untimed: bool = False) -> bool:
    """Whether the principle is asked of every play: it is what the encounter is about, it obliges, and it can be done."""
    scenario = script.scenario
    if name not in scenario.learn or not principle.when.fits(scenario):
        return False
    rules = [rule for rule in principle.rules if isinstance(rule, OBLIGING) and rule.when.fits(scenario)]
    return any(_can_arise(rule, script, untimed=untimed) for rule in rules)


def brings(principle: Principle, name: str, script: Script) -> bool:
    """Whether the principle can come up at all in some play of the encounter, conditions left aside."""
    scenario = script.scenario
    if not principle.applies(name, scenario):
        return False
    marked = any(name in reply.marks for scene in scenario.scenes.values() for reply in scene.replies)
    rules = (rule for rule in principle.rules if rule.when.fits(scenario))
    return marked or any(_can_arise(rule, script, untimed=False) for rule in rules)


def _can_arise(rule: Rule, script: Script, *, untimed: bool) -> bool:
    if rule.opened_by is not None and not _can_happen(rule.opened_by, script, untimed=untimed):
        return False
    match rule:
        case Response():
            return _can_happen(rule.response.after, script, untimed=untimed)
        case AlternateResponse():
            return _can_happen(rule.alternate_response.after, script, untimed=untimed)
        case Precedence():
            return _can_happen(rule.precedence.then, script, untimed=untimed)
        case NotResponse():
            return _can_happen(rule.not_response.after, script, untimed=untimed)
        case Absence(per=per) if per is not None:
            return _can_happen(per, script, untimed=untimed)
        case _:
            return offered(rule, script, frozenset(script.scenario.scenes), untimed=untimed)


_SLIPS = frozenset(("interrupt", "silence", "agree", "deny"))  # nobody owes what only a slip of their own calls for


def _can_happen(acts: tuple[str, ...], script: Script, *, untimed: bool) -> bool:
    written = {act for scene in script.scenario.scenes.values() for reply in scene.replies for act in reply.acts}
    written |= {act for stage in script.stages for spoken in stage.lines for act in spoken.acts}
    return any(act in written or (act not in _SLIPS and _is_playable(act, script, untimed=untimed)) for act in acts)


def _any_offers(scenes: Iterable[Scene], acts: tuple[str, ...]) -> bool:
    return any(_scene_offers(scene, acts) for scene in scenes)


def _scene_offers(scene: Scene, acts: tuple[str, ...]) -> bool:
    return any(not set(acts).isdisjoint(reply.acts) for reply in scene.replies)


_SPOKEN = frozenset(("customer-speaks", "interrupt", "silence"))
_HEARD = frozenset(("station-word", "agree", "deny"))
_PLAYABLE: dict[str, frozenset[str]] = {
    "email": frozenset(("customer-writes",)),
    "chat": _SPOKEN,
    "phone": _SPOKEN | _HEARD,
    "in-person": _SPOKEN | _HEARD | {"nod"},
}


def _is_playable(act: str, script: Script, *, untimed: bool) -> bool:
    """Whether playing brings the act about in this channel: stations only where speeches have some, and so on."""
    if act == "golden-moment":
        return any(scene.golden for scene in script.scenario.scenes.values())
    if act == "station":
        return script.stations and any(len(spoken.segments) > 1 for stage in script.stages for spoken in stage.lines)
    if act == "silence" and untimed:
        return False
    return act in ACTS_OF_PLAY and act in _PLAYABLE[script.scenario.channel]
