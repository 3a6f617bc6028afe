"""What the walkthroughs of a scenario have seen of it, and what none of them has."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field

from servicesim.assessment.assess import Assessment, assess, automata
from servicesim.assessment.opportunity import offered
from servicesim.authoring.walkthrough import Walkthrough
from servicesim.encounter.events import Ended, Event, ReplyChosen, SpeechBegan
from servicesim.encounter.rehearsal import rehearse
from servicesim.encounter.script import Script
from servicesim.scenario.principles import (
    ACTS_OF_PLAY,
    Absence,
    AlternateResponse,
    Existence,
    NotResponse,
    Precedence,
    Response,
    Rule,
)


@dataclass(frozen=True, slots=True)
class Share:
    """How many of the scenes, or replies, or what else a scenario has were seen, and those that were not, as written."""

    of: str
    seen: int
    unseen: tuple[str, ...]

    def __str__(self) -> str:
        told = f"{self.of} {self.seen} of {self.seen + len(self.unseen)}"
        return f"{told}; not seen: {', '.join(self.unseen)}" if self.unseen else told


@dataclass(slots=True)
class Coverage:
    """What was seen of one scenario, by any of the walkthroughs that were added."""

    script: Script
    walks: int = 0
    _scenes: set[str] = field(default_factory=set)
    _lines: set[str] = field(default_factory=set)
    _replies: set[str] = field(default_factory=set)
    _endings: set[str] = field(default_factory=set)
    _kept: set[str] = field(default_factory=set)
    _broken: set[str] = field(default_factory=set)

    def add(self, walk: Walkthrough) -> None:
        """Play a walkthrough, and note what it sees; raises NotOffered if it cannot be played."""
        events = rehearse(walk.begun(self.script), walk.moves).events
        self.walks += 1
        for event in events:
            self._note(event)
        self._judge(assess(self.script, events))

    def shares(self) -> list[Share]:
        """What was seen of each kind of thing that the scenario has."""
        scenario = self.script.scenario
        principles = tuple(_at_stake(self.script))
        replies = (f"{name}/{reply.id}" for name, scene in scenario.scenes.items() for reply in scene.replies)
        shares = [
            _share("scenes", scenario.scenes, self._scenes),
            _share("lines", _written_lines(self.script), self._lines),
            _share("replies", replies, self._replies),
            _share("endings", scenario.endings, self._endings),
            _share("principles kept", principles, self._kept),
            _share("principles broken", principles, self._broken),
        ]
        return [share for share in shares if share.seen or share.unseen]

    def _note(self, event: Event) -> None:
        match event:
            case SpeechBegan(_, scene, line):
                self._scenes.add(scene)
                self._lines.add(_line(scene, line))
            case ReplyChosen(_, scene, reply):
                self._replies.add(f"{scene}/{reply}")
            case Ended(_, str() as ending):
                self._endings.add(ending)
            case _:
                pass

    def _judge(self, assessment: Assessment) -> None:
        self._kept |= {name for name, score in assessment.principles.items() if score.kept}
        self._broken |= {name for name, score in assessment.principles.items() if score.broken}


def _share(of: str, written: Iterable[str], seen: set[str]) -> Share:
    all_of_them = tuple(written)
    unseen = tuple(name for name in all_of_them if name not in seen)
    return Share(of, len(all_of_them) - len(unseen), unseen)


def _written_lines(script: Script) -> Iterator[str]:
    """The lines of those scenes that have more than one."""
    for stage in script.stages:
        if len(stage.lines) > 1:
            yield from (_line(stage.name, line) for line in range(len(stage.lines)))


def _line(scene: str, line: int) -> str:
    return f"{scene} line {line + 1}"


# --- principles ------------------------------------------------------------------------------------------------------


def _at_stake(script: Script) -> Iterator[str]:
    """The principles for which the scenario has an occasion at all; of the others no walkthrough could see anything."""
    scenario, happening = script.scenario, _happening(script)
    if scenario.unscored:
        return
    marked = {name for scene in scenario.scenes.values() for reply in scene.replies for name in reply.marks}
    for name, principle in script.principles.principles.items():
        arises = any(_may_arise(rule.rule, script, happening) for rule in automata(principle, script))
        if principle.applies(name, scenario) and (arises or name in marked):
            yield name


def _happening(script: Script) -> frozenset[str]:
    """The acts that the scenario's lines and replies do, and those that come about by playing it."""
    written = {act for stage in script.stages for spoken in stage.lines for act in spoken.acts}
    written |= {act for stage in script.stages for option in stage.options for act in option.reply.acts}
    played = {act for act in ACTS_OF_PLAY if offered(Existence(existence=(act,)), script, frozenset())}
    return frozenset(written | played)


def _may_arise(rule: Rule, script: Script, happening: frozenset[str]) -> bool:
    if rule.opened_by is not None and happening.isdisjoint(rule.opened_by):
        return False
    match rule:
        case Response():
            return not happening.isdisjoint(rule.response.after)
        case AlternateResponse():
            return not happening.isdisjoint(rule.alternate_response.after)
        case NotResponse():
            return not happening.isdisjoint(rule.not_response.after)
        case Precedence():
            return not happening.isdisjoint(rule.precedence.then)
        case Absence(per=tuple() as each):
            return not happening.isdisjoint(each)
        case _:
            return offered(rule, script, frozenset(script.scenario.scenes))


def told(coverage: Coverage) -> Sequence[str]:
    """What was seen of a scenario, as lines for a person."""
    walks = "1 walkthrough" if coverage.walks == 1 else f"{coverage.walks} walkthroughs"
    return [f"{coverage.script.scenario.id}: {walks}", *(f"  {share}" for share in coverage.shares())]
