"""What of a situation anything still reads: facts, feelings, acts and visits that no condition ahead asks for drop out."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from servicesim.encounter.rules import ANGER_TO_LEAVE
from servicesim.encounter.script import Effect, Script, Stage
from servicesim.encounter.situation import Feelings, felt
from servicesim.scenario import conditions
from servicesim.scenario.conditions import Name, Said, Seen
from servicesim.scenario.graph import circled

_MEANT = {"expects": (0,), "received": (1,), "satisfaction": (0, 1), "trust": (2,), "anger": (3,)}


@dataclass(frozen=True, slots=True)
class Relevant:
    """What is read from a scene on: which feelings and facts, which acts as bits, how often and whether scenes spoke."""

    feelings: tuple[bool, bool, bool, bool]
    facts: tuple[bool, ...]
    acts: int
    counted: frozenset[int]  # scenes of which it matters how often they have spoken
    seen: frozenset[int]  # scenes of which it matters whether they have

    def reads(self, effects: Iterable[Effect]) -> bool:
        """Whether any of these effects moves a feeling that matters."""
        return any(more and matters for effect in effects for more, matters in zip(effect, self.feelings, strict=True))

    def of_feelings(self, feelings: Feelings) -> Feelings:
        """The feelings that matter; the others count as 0."""
        return Feelings(*(value if matters else 0 for value, matters in zip(feelings, self.feelings, strict=True)))

    def of_facts(self, facts: tuple[int, ...]) -> tuple[int, ...]:
        """The facts that matter; the others count as 0."""
        return tuple(value if matters else 0 for value, matters in zip(facts, self.facts, strict=True))

    def of_visits(self, visits: bytes) -> bytes:
        """The visits that matter; the others count as none."""
        told = bytearray(len(visits))
        for scene in self.counted:
            told[scene] = visits[scene]
        for scene in self.seen - self.counted:
            told[scene] = min(visits[scene], 1)
        return bytes(told)


def relevant(script: Script) -> list[Relevant]:
    """What is relevant from each scene on."""
    circles = circled(script.scenario)
    angry = _may_leave(script)
    own = [_own(stage, script, angry, stage.name in circles) for stage in script.stages]
    masks, changed = list(own), True
    while changed:  # Backwards along the ways, until nothing is added any more.
        changed = False
        for stage in reversed(script.stages):
            mask = masks[stage.number]
            for target in targets(stage):
                mask |= masks[target]
            changed = changed or mask != masks[stage.number]
            masks[stage.number] = mask
    told = {mask: _told(mask, script) for mask in set(masks)}
    return [told[mask] for mask in masks]


def targets(stage: Stage) -> set[int]:
    """The scenes that a scene can lead to."""
    found = {option.target for option in stage.options if option.target is not None}
    return found | ({stage.on_silence} if stage.on_silence is not None else set())


def _own(stage: Stage, script: Script, angry: frozenset[int], in_circle: bool) -> int:
    """What a scene itself reads, in the bits of one number: feelings, facts, scenes seen, scenes counted, acts."""
    facts, scenes = len(script.facts), len(script.stages)
    mask = 1 << 3 if stage.number in angry else 0
    for atom in _atoms(stage):
        match atom:
            case Name(name) if name in script.facts:
                mask |= 1 << 4 + script.facts.index(name)
            case Name(name):
                mask |= sum(1 << place for place in _MEANT[name])
            case Seen(scene):
                mask |= 1 << 4 + facts + script.number[scene]
            case Said(act):
                mask |= script.bit[act] << 4 + facts + 2 * scenes
    return mask | (1 << 4 + facts + scenes + stage.number if in_circle else 0)


def _told(mask: int, script: Script) -> Relevant:
    facts, scenes = len(script.facts), len(script.stages)
    bits = [mask >> place & 1 == 1 for place in range(4 + facts + 2 * scenes)]
    seen, counted = bits[4 + facts :][:scenes], bits[4 + facts + scenes :]
    return Relevant(
        feelings=(bits[0], bits[1], bits[2], bits[3]),
        facts=tuple(bits[4 : 4 + facts]),
        acts=mask >> 4 + facts + 2 * scenes,
        counted=frozenset(scene for scene, matters in enumerate(counted) if matters),
        seen=frozenset(scene for scene, matters in enumerate(seen) if matters),
    )


def _atoms(stage: Stage) -> set[Name | Said | Seen]:
    """What the conditions of a scene read: those of its replies, and those of its lines."""
    written = [option.reply.condition for option in stage.options] + [spoken.line.condition for spoken in stage.lines]
    found = (atom for text in written if text is not None for atom in conditions.atoms(conditions.parsed(text)))
    return {atom for atom in found if isinstance(atom, Name | Said | Seen)}


def _may_leave(script: Script) -> frozenset[int]:
    """The scenes in which a reply may make the customer leave."""
    if script.scenario.leaves is None:
        return frozenset()
    top: dict[int, int] = {}
    waiting: list[tuple[int, int]] = [(script.start, script.scenario.customer.anger)]
    while waiting:
        scene, anger = waiting.pop()
        stage = script.stages[scene]
        anger = _heard_out(anger, stage, script)
        if top.get(scene, -1) < anger:
            top[scene] = anger
            # Whom a reply makes angry enough to leave comes to no other scene.
            waiting += [(option.target, min(_anger(anger, option.effects), ANGER_TO_LEAVE - 1)) for option in stage.options if option.target is not None]
            waiting += [(stage.on_silence, anger)] if stage.on_silence is not None else []
    return frozenset(scene for scene, anger in top.items() if any(_anger(anger, one.effects) >= ANGER_TO_LEAVE for one in script.stages[scene].options))


def _heard_out(anger: int, stage: Stage, script: Script) -> int:
    """The most anger with which a reply can be given: listening comes before the speech ends, silence after it."""
    annoyed = 0 if script.written else ANGER_TO_LEAVE - 1
    return max(annoyed, *(_anger(max(anger, annoyed), spoken.effects) for spoken in stage.lines))


def _anger(anger: int, effects: Iterable[Effect]) -> int:
    return felt(Feelings(0, 0, 0, anger), tuple(effects)).anger
