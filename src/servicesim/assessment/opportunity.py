"""Where a scenario offers an opportunity at all: nobody earns points for not insulting where no insult was on offer."""

from __future__ import annotations

from servicesim.encounter.script import Script
from servicesim.scenario.model import Scenario, Scene
from servicesim.scenario.principles import (
    ACTS_OF_PLAY,
    OBLIGING,
    Absence,
    AlternateResponse,
    Existence,
    First,
    Last,
    Principle,
    Response,
    Rule,
)


def offered(rule: Rule, script: Script, visited: frozenset[str]) -> bool:
    """Whether the scenes that were visited offered what the rule asks for, or forbids."""
    scenario = script.scenario
    match rule:
        case First():
            return _scene_offers(scenario.scenes[scenario.start], rule.first)
        case Last():
            endings = (reply for scene in scenario.scenes.values() for reply in scene.replies if reply.end is not None)
            return any(not set(rule.last).isdisjoint(reply.acts) for reply in endings)
        case Existence(existence=acts):
            return _offers(scenario, visited, acts)
        case Absence(absence=acts, per=None):
            return _offers(scenario, visited, acts)
        case _:
            return True


def owed(principle: Principle, name: str, script: Script) -> bool:
    """Whether the principle is asked of every play: it is what the encounter is about, it obliges, and it can be done."""
    scenario = script.scenario
    if name not in scenario.learn or not principle.when.fits(scenario):
        return False
    rules = [rule for rule in principle.rules if isinstance(rule, OBLIGING) and rule.when.fits(scenario)]
    return any(_can_arise(rule, script) for rule in rules)


def _can_arise(rule: Rule, script: Script) -> bool:
    everywhere = frozenset(script.scenario.scenes)
    match rule:
        case Response():
            return _can_happen(rule.response.after, script)
        case AlternateResponse():
            return _can_happen(rule.alternate_response.after, script)
        case _:
            return offered(rule, script, everywhere)


def _can_happen(acts: tuple[str, ...], script: Script) -> bool:
    scenes = script.scenario.scenes.values()
    written = {act for scene in scenes for reply in scene.replies for act in reply.acts}
    written |= {act for stage in script.stages for spoken in stage.lines for act in spoken.acts}
    return any(act in written or _is_playable(act, script.scenario) for act in acts)


def _offers(scenario: Scenario, visited: frozenset[str], acts: tuple[str, ...]) -> bool:
    return any(_is_playable(act, scenario) for act in acts) or any(
        _scene_offers(scenario.scenes[name], acts) for name in visited
    )


def _scene_offers(scene: Scene, acts: tuple[str, ...]) -> bool:
    return any(not set(acts).isdisjoint(reply.acts) for reply in scene.replies)


_SPOKEN = frozenset(("customer-speaks", "interrupt", "silence"))
_HEARD = frozenset(("station", "station-word", "agree", "deny"))
_PLAYABLE: dict[str, frozenset[str]] = {
    "email": frozenset(("customer-writes",)),
    "chat": _SPOKEN,
    "phone": _SPOKEN | _HEARD,
    "in-person": _SPOKEN | _HEARD | {"nod"},
}


def _is_playable(act: str, scenario: Scenario) -> bool:
    """Whether playing brings the act about in this channel; golden moments only where a scene is golden."""
    if act == "golden-moment":
        return any(scene.golden for scene in scenario.scenes.values())
    return act in ACTS_OF_PLAY and act in _PLAYABLE[scenario.channel]
