"""The shortest play that leads to a scene, found by trying plays, the most promising ones first."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from copy import copy
from heapq import heappop, heappush
from typing import get_args

from servicesim.desktop.course import Move
from servicesim.encounter import rules
from servicesim.encounter.encounter import Encounter
from servicesim.encounter.events import Listening, SpeechBegan
from servicesim.encounter.rehearsal import HEAR_ON, finish_speech, play
from servicesim.encounter.script import Script
from servicesim.errors import NotOffered
from servicesim.scenario import conditions
from servicesim.scenario.conditions import Said
from servicesim.scenario.graph import leads_to
from servicesim.scenario.principles import LISTENING

SMALL_SIGNS = (*get_args(Listening), HEAR_ON, "interrupt")  # what falls into a speech
MOST_TRIES = 4_000  # moves tried with replies alone, and as many with all there is

Moves = tuple[Move, ...]
Following = Callable[[Encounter], Iterator[str]]


def twin(encounter: Encounter) -> Encounter:
    """Another encounter that stands at the same place."""
    other = copy(encounter)
    other.events = list(encounter.events)
    return other


def finished(encounter: Encounter) -> Encounter:
    """Where it stands once the customer has finished."""
    ahead = twin(encounter)
    finish_speech(ahead)
    return ahead


def tried(encounter: Encounter, move: str) -> Encounter | None:
    """Where a move would lead; None if it is not offered. The encounter itself stays as it is."""
    trial = twin(encounter)
    try:
        play(trial, move)
    except NotOffered:
        return None
    return trial


def way_to(script: Script, scene: str, most: int = MOST_TRIES) -> tuple[Moves | None, bool]:
    """The shortest play that leads to a scene, of replies alone if there is one; else whether every play was tried."""
    search = _Search(script, scene, most)
    if script.scenario.start not in search.towards:
        return None, True
    moves, sure = search.by(_replies)
    return (moves, sure) if moves is not None or script.written else search.by(search.everything)


class _Search:
    """What is looked for, and what may be left aside meanwhile."""

    def __init__(self, script: Script, scene: str, most: int) -> None:
        self.script, self.scene, self.most = script, scene, most
        self.towards = _towards(script, scene)
        self.read = _acts_read(script)
        self._mask = sum(script.bit[act] for act in self.read)

    def by(self, following: Following) -> tuple[Moves | None, bool]:
        """Search with these moves: first where the fewest are needed at the least (A*), so the first way is a shortest one."""
        first = Encounter(self.script)
        if first.situation.stage.name == self.scene:
            return (), True
        tries, seen = 0, set[object]()
        waiting: list[tuple[int, int, Encounter, Moves]] = [(0, 0, first, ())]
        while waiting:
            _, _, here, way = heappop(waiting)
            if self._state(here) in seen:
                continue
            seen.add(self._state(here))
            ahead = finished(here)  # once for all replies
            for name in following(ahead):
                tries += 1
                if tries > self.most:
                    return None, False
                after = tried(here if name in SMALL_SIGNS else ahead, name)
                if after is None:
                    continue
                further = (*way, Move(here.situation.stage.name, name))
                if self._is_reached(after, len(here.events)):
                    return further, True
                far = self.towards.get(after.situation.stage.name)
                if far is not None and not after.ended and self._state(after) not in seen:
                    heappush(waiting, (len(further) + far, tries, after, further))
        return None, True

    def everything(self, encounter: Encounter) -> Iterator[str]:
        """All moves that can make a difference: a yes does only where a condition asks for it."""
        yield from _replies(encounter)
        signs = [sign for sign in self.script.listening if LISTENING[sign] in self.read]
        yield from signs or self.script.listening[:1]
        yield from ("interrupt", "silence", *((HEAR_ON,) if self.script.stations else ()))

    def _is_reached(self, after: Encounter, known: int) -> bool:
        return any(isinstance(event, SpeechBegan) and event.scene == self.scene for event in after.events[known:])

    def _state(self, encounter: Encounter) -> tuple[object, ...]:
        """All of a situation that what can follow depends on."""
        now = encounter.situation
        return now.phase, now.speech, now.feelings, now.facts, now.said & self._mask, now.visits


def _replies(encounter: Encounter) -> Iterator[str]:
    """The replies that are offered, in the order in which they are written, and silence where it leads somewhere."""
    for option in encounter.situation.stage.options:
        if not rules.why_closed(encounter.situation, option):
            yield option.reply.id
    if encounter.situation.stage.on_silence is not None:
        yield "silence"


def _acts_read(script: Script) -> frozenset[str]:
    """The acts that any condition asks for."""
    scenes = script.scenario.scenes.values()
    lines = [line.condition for scene in scenes for line in scene.customer]
    replies = [reply.condition for scene in scenes for reply in scene.replies]
    written = [condition for condition in (*lines, *replies) if condition is not None]
    atoms = (atom for condition in written for atom in conditions.atoms(conditions.parsed(condition)))
    return frozenset(atom.act for atom in atoms if isinstance(atom, Said))


def _towards(script: Script, scene: str) -> dict[str, int]:
    """The scenes from which a scene may be reached, all conditions taken for possible, and the least moves it takes."""
    ways, towards, moves = leads_to(script.scenario), {scene: 0}, 0
    latest = {scene}
    while latest:
        moves += 1
        latest = {name for name, targets in ways.items() if name not in towards and not latest.isdisjoint(targets)}
        towards |= dict.fromkeys(latest, moves)
    return towards
