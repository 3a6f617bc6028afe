"""What a scenario with misspelt names was meant to be: so that one slip is one finding, and not a train of them."""

from __future__ import annotations

from dataclasses import replace
from difflib import get_close_matches

from servicesim.scenario.model import OnSilence, Reply, Scenario, Scene
from servicesim.scenario.shape import alike

Meant = dict[str | None, str | None]  # for each unknown name the one that it is most like

MOST_SLIPS = 50  # whose meaning is looked for; whoever has more mends these first


def nearest(word: str, possible: list[str]) -> str | None:
    """The name that a word is most like; None if it is like none."""
    return next(iter(get_close_matches(word, alike(word, possible), n=1)), None)


def as_meant(scenario: Scenario) -> Scenario:
    """The scenario with each unknown scene and ending taken for the one it is most like, or else for some ending."""
    scenes = _meant({scenario.start, *_gone_to(scenario)} - {None, *scenario.scenes}, list(scenario.scenes))
    ends = {scenario.leaves, *(reply.end for reply in _replies(scenario))}
    endings = _meant(ends - {None, *scenario.endings}, list(scenario.endings))
    if not scenes and not endings:
        return scenario
    some = next(iter(scenario.endings))
    mended = {name: _scene(scene, scenes, endings, some) for name, scene in scenario.scenes.items()}
    start, leaves = scenario.start, scenario.leaves
    return replace(scenario, scenes=mended, start=scenes.get(start) or start, leaves=leaves and (endings.get(leaves) or leaves))


def _replies(scenario: Scenario) -> list[Reply]:
    return [reply for scene in scenario.scenes.values() for reply in scene.replies]


def _gone_to(scenario: Scenario) -> set[str | None]:
    silent = {scene.on_silence.go for scene in scenario.scenes.values() if scene.on_silence}
    return silent | {reply.go for reply in _replies(scenario)}


def _meant(unknown: set[str | None], possible: list[str]) -> Meant:
    slips = sorted(name for name in unknown if name is not None)
    return {name: nearest(name, possible) if number < MOST_SLIPS else None for number, name in enumerate(slips)}


def _scene(scene: Scene, scenes: Meant, endings: Meant, some: str) -> Scene:
    replies = tuple(_reply(reply, scenes, endings, some) for reply in scene.replies)
    silence = scene.on_silence
    if silence and silence.go in scenes:
        silence = OnSilence(customer=silence.customer, feel=silence.feel, go=scenes[silence.go])
    return replace(scene, replies=replies, on_silence=silence)


def _reply(reply: Reply, scenes: Meant, endings: Meant, some: str) -> Reply:
    if reply.go in scenes:
        meant = scenes[reply.go]
        return replace(reply, go=meant, end=reply.end if meant else some)
    return replace(reply, end=endings[reply.end] or some) if reply.end in endings else reply
