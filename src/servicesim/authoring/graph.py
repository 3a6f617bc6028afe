"""A scenario as a drawing has it: places (scenes and endings), the ways between them, and what was proved of both."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Literal

from servicesim.analysis.proof import Reach
from servicesim.authoring.graph_stakes import Stake, stakes
from servicesim.encounter.encounter import Encounter
from servicesim.encounter.events import Ended, Event, ReplyChosen, SpeechBegan
from servicesim.encounter.rehearsal import rehearse
from servicesim.encounter.script import Script
from servicesim.scenario.model import Reply, Scenario, Scene, segments
from servicesim.scenario.names import inserted

#: How sure it is that a play comes here: on the best one, on some (or not known), on none.
Standing = Literal["best", "usual", "dead"]


@dataclass(frozen=True, slots=True)
class SceneDrawn:
    """A scene: its name, and what the customer says there when nothing special holds."""

    name: str
    words: str
    start: bool
    golden: bool
    standing: Standing


@dataclass(frozen=True, slots=True)
class EndingDrawn:
    """An ending; `leaves` is the one for a customer who walks off."""

    name: str
    title: str
    failed: bool
    leaves: bool
    standing: Standing


@dataclass(frozen=True, slots=True)
class Way:
    """What leads from a scene to a scene or an ending: a reply, or the second silence (`reply` is None)."""

    scene: str
    reply: str | None
    words: str
    condition: str | None
    target: str
    ends: bool
    angers: bool
    stakes: tuple[Stake, ...]
    standing: Standing

    @property
    def name(self) -> str:
        """The reply's id, or what stands for a silence."""
        return self.reply or "silence"

    @property
    def goes_round(self) -> bool:
        """Whether it leads back to its own scene."""
        return self.target == self.scene and not self.ends


@dataclass(frozen=True, slots=True)
class Drawing:
    """All that the writers of pictures need to know."""

    id: str
    title: str
    scenes: tuple[SceneDrawn, ...]
    endings: tuple[EndingDrawn, ...]
    ways: tuple[Way, ...]
    reach: Reach | None

    def ways_from(self, scene: str) -> list[Way]:
        """The ways out of a scene, as written."""
        return [way for way in self.ways if way.scene == scene]

    def ending(self, name: str) -> EndingDrawn:
        """The ending of that name."""
        return next(ending for ending in self.endings if ending.name == name)


def drawing(script: Script, reach: Reach | None = None) -> Drawing:
    """The scenario of a script, with its best path and its dead parts where `reach` was proved."""
    sight = _Sight(script, reach)
    scenario = script.scenario
    return Drawing(
        id=scenario.id,
        title=scenario.title,
        scenes=tuple(
            SceneDrawn(name, _words(scenario, scene), name == scenario.start, scene.golden, sight.scene(name))
            for name, scene in scenario.scenes.items()
        ),
        endings=tuple(
            EndingDrawn(name, ending.title, ending.failed, name == scenario.leaves, sight.ending(name))
            for name, ending in scenario.endings.items()
        ),
        ways=tuple(_ways(script, sight)),
        reach=reach,
    )


def _words(scenario: Scenario, scene: Scene) -> str:
    """What is said when no condition holds: the last line."""
    words = " ".join(segments(scene.customer[-1].say))
    return inserted(words, trainee="…", customer=scenario.customer.name, company=scenario.company)


def _ways(script: Script, sight: _Sight) -> Iterator[Way]:
    at_stake = stakes(script)
    for name, scene in script.scenario.scenes.items():
        for reply in scene.replies:
            yield Way(
                scene=name,
                reply=reply.id,
                words=reply.words,
                condition=reply.condition,
                target=reply.go or reply.end or "",
                ends=reply.end is not None,
                angers=_angers(script, name, reply),
                stakes=at_stake(name, reply),
                standing=sight.way(name, reply.id),
            )
        if scene.on_silence is not None and scene.on_silence.go is not None:
            words = scene.on_silence.customer or ""
            yield Way(name, None, words, None, scene.on_silence.go, False, True, (), sight.way(name, None))


def _angers(script: Script, scene: str, reply: Reply) -> bool:
    return any(effect[3] > 0 for effect in script.options[scene][reply.id].effects)


class _Sight:
    """Who stands where: on the best path, on another, or on none."""

    def __init__(self, script: Script, reach: Reach | None) -> None:
        self._reach = reach if reach is not None and reach.complete else None
        self._best_scenes: set[str] = set()
        self._best_ways: set[tuple[str, str | None]] = set()
        self._best_ending: str | None = None
        if reach is not None and reach.best.exact:
            self._follow(rehearse(Encounter(script.started(reach.best.remembered)), reach.best.path).events)

    def _follow(self, events: list[Event]) -> None:
        here, by = None, None
        for event in events:
            match event:
                case SpeechBegan():
                    if here is not None and event.scene != here:
                        self._best_ways.add((here, by))
                    here, by = event.scene, None
                    self._best_scenes.add(here)
                case ReplyChosen():
                    by = event.reply
                    self._best_ways.add((event.scene, by))
                case Ended():
                    self._best_ending = event.ending
                case _:
                    pass

    def scene(self, name: str) -> Standing:
        if name in self._best_scenes:
            return "best"
        return "dead" if self._reach is not None and name not in self._reach.scenes else "usual"

    def ending(self, name: str) -> Standing:
        if name == self._best_ending:
            return "best"
        return "dead" if self._reach is not None and not self._reach.endings.get(name, False) else "usual"

    def way(self, scene: str, reply: str | None) -> Standing:
        if (scene, reply) in self._best_ways:
            return "best"
        if self._reach is None:
            return "usual"
        reached = scene in self._reach.scenes if reply is None else (scene, reply) in self._reach.replies
        return "usual" if reached else "dead"
