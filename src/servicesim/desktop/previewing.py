"""Trying out an encounter that is still being written: the play goes on from the same moves whenever the text changes.

Nothing here knows a window, a file or a clock; `load` is passed in, and time is what the moves take by themselves, as in
`simulate`. What is shown is the moment when the customer has finished; a listening act still falls into the speech
before it, and a reply comes after it. Nothing is recorded.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field, replace
from typing import Literal, NamedTuple

from servicesim.assessment.assess import Assessment, Standing, assess, standing
from servicesim.desktop.course import Course, Move
from servicesim.desktop.wayfinding import SMALL_SIGNS, finished, tried, way_to
from servicesim.encounter import rules
from servicesim.encounter.encounter import Encounter
from servicesim.encounter.events import Event
from servicesim.encounter.rules import SpokenOut, Unmet
from servicesim.encounter.script import PAUSE, Option, Script, Spoken
from servicesim.encounter.situation import Feelings, Situation
from servicesim.scenario.findings import Finding, errors

Reason = SpokenOut | Unmet
WhyStopped = Literal["over", "elsewhere", "gone", "closed", "no-scene"]


class Loaded(NamedTuple):
    """What reading the files gave: a script if they can be played, and all findings."""

    script: Script | None
    findings: tuple[Finding, ...] = ()


class Stop(NamedTuple):
    """Where a remembered play could not go on upon a changed text, and why."""

    move: Move
    done: int
    of: int
    here: str
    why: WhyStopped
    reasons: tuple[Reason, ...] = ()


class Answer(NamedTuple):
    """One reply of the scene, by its place in the file (from 1), and all that keeps it from being offered."""

    number: int
    option: Option
    reasons: tuple[Reason, ...]


@dataclass(frozen=True, slots=True)
class Rehearsed:
    """A course played: `at` is where its last move led, `ahead` the moment when the customer has finished."""

    at: Encounter
    ahead: Encounter
    done: tuple[Move, ...]
    before: Feelings | None = None  # as they were before the last move
    left_out: tuple[Move, ...] = ()
    stop: Stop | None = None

    @property
    def situation(self) -> Situation:
        """Where the play stands when the customer has finished."""
        return self.ahead.situation

    @property
    def events(self) -> Sequence[Event]:
        """All that has happened until then."""
        return self.ahead.events


class Rehearsing:
    """A scenario that is being tried out while it is being written."""

    def __init__(self, load: Callable[[], Loaded]) -> None:
        self._load = load
        self.script: Script | None = None
        self.findings: tuple[Finding, ...] = ()
        self.course = Course()
        self.played: Rehearsed | None = None
        self._past: list[Course] = []
        self.reload()

    # -- the text ---------------------------------------------------------------------------------------------------

    def reload(self) -> None:
        """Read the text again, and play the same moves upon it; one with errors leaves everything as it was."""
        loaded = self._load()
        self.findings = loaded.findings
        if loaded.script is not None:
            self.script = loaded.script
            self._take(self.course)

    @property
    def errors(self) -> list[Finding]:
        """Why the text cannot be played as it is now."""
        return errors(list(self.findings))

    @property
    def warnings(self) -> list[Finding]:
        """What should be mended, and does not keep it from being played."""
        return [finding for finding in self.findings if finding.severity != "error"]

    # -- moves ------------------------------------------------------------------------------------------------------

    def can(self, move: str) -> bool:
        """Whether a move fits now."""
        return self.played is not None and tried(self.played.at, move) is not None

    def do(self, move: str) -> bool:
        """Make a move; False if it does not fit."""
        played = self.played
        if played is None or not self.can(move):
            return False
        self._remember()
        here = played.at.situation.stage.name
        self._take(self.course._replace(moves=(*played.done, Move(here, move))))
        return True

    @property
    def can_undo(self) -> bool:
        """Whether there is a move to take back."""
        return bool(self._past)

    def undo(self) -> bool:
        """Take the last move back; False if there is none."""
        if not self._past:
            return False
        self._take(self._past.pop())
        return True

    def restart(self) -> None:
        """From the beginning; this can be taken back too."""
        if self.course != Course():
            self._remember()
            self._take(Course())

    def jump(self, scene: str) -> None:
        """To a scene: by the shortest play that leads there, or to the bare scene where none does."""
        if self.script is None or scene not in self.script.number:
            return
        moves, sure = way_to(self.script, scene)
        self._remember()
        if moves is None:
            self._take(Course(start=scene, sure=sure))
            return
        self._past += [Course(moves[:length]) for length in range(len(moves))]  # taken back one by one
        self._take(Course(moves))

    def _remember(self) -> None:
        self._past.append(self.course)

    def _take(self, course: Course) -> None:
        self.course = course
        if self.script is not None:
            self.played = rehearsed(self.script, course)

    @property
    def made(self) -> Course:
        """The course as far as it could be played."""
        return self.course._replace(moves=self.played.done) if self.played else Course()

    # -- what is shown ----------------------------------------------------------------------------------------------

    @property
    def scene(self) -> str | None:
        """The scene in which the play stands."""
        return None if self.played is None else self.played.situation.stage.name

    @property
    def ended(self) -> bool:
        """Whether the play is over."""
        return self.played is not None and self.played.situation.ended

    @property
    def start_is_bare(self) -> bool:
        """Whether the play begins at a scene to which no play leads."""
        return self.played is not None and self.script is not None and self.played.at.script.start != self.script.start

    def answers(self) -> list[Answer]:
        """All replies of the scene, in the order in which they are written."""
        if self.played is None or self.ended:
            return []
        situation = self.played.situation
        options = situation.stage.options
        return [Answer(number, option, rules.why_closed(situation, option)) for number, option in enumerate(options, 1)]

    def standings(self) -> dict[str, Standing]:
        """How each principle stands."""
        return {} if self.played is None else standing(self.played.at.script, self.played.events)

    def assessment(self) -> Assessment | None:
        """How the play is judged, as far as it has gone."""
        return None if self.played is None else assess(self.played.at.script, self.played.events)

    def facts(self) -> dict[str, bool | int]:
        """Each fact as it is now."""
        if self.played is None:
            return {}
        script = self.played.at.script
        now = zip(script.scenario.facts.items(), self.played.situation.facts, strict=True)
        return {name: bool(value) if isinstance(first, bool) else value for (name, first), value in now}

    def visits(self) -> dict[str, int]:
        """How often each scene has spoken."""
        if self.played is None:
            return {}
        return dict(zip(self.played.at.script.number, self.played.situation.visits, strict=True))


# --- playing a course ------------------------------------------------------------------------------------------------


def rehearsed(script: Script, course: Course) -> Rehearsed:
    """A course played on a text, which may be another than the one that it was made on.

    A listening act that no longer has its place is left out; at a reply that cannot be given the play stops.
    """
    if course.start is not None and course.start not in script.number:
        lost = Stop(Move(course.start, ""), 0, len(course.moves), script.scenario.start, "no-scene")
        return _standing_at(_Going(Encounter(script), stop=lost))
    going = _Going(Encounter(_begun_at(script, course.start)))
    for number, move in enumerate(course.moves):
        if not going.take(move):
            going.stop = _stopped(script, going.at, move, number, len(course.moves))
            break
    return _standing_at(going)


@dataclass(slots=True)
class _Going:
    """A course while it is being played."""

    at: Encounter
    before: Encounter | None = None
    done: list[Move] = field(default_factory=list)
    left_out: list[Move] = field(default_factory=list)
    stop: Stop | None = None

    def take(self, move: Move) -> bool:
        """Play one move, or leave it out where that changes little; False where the play cannot go on."""
        after = tried(self.at, move.name) if _still_there(self.at, move) else None
        if after is not None:
            self.before, self.at = self.at, after
            self.done.append(move)
        elif move.name in SMALL_SIGNS:
            self.left_out.append(move)
        return after is not None or move.name in SMALL_SIGNS


def _standing_at(going: _Going) -> Rehearsed:
    before = None if going.before is None else finished(going.before).situation.feelings
    return Rehearsed(going.at, finished(going.at), tuple(going.done), before, tuple(going.left_out), going.stop)


def _still_there(encounter: Encounter, move: Move) -> bool:
    """Whether the play is in the scene of the move; a scene that has vanished may have got another name."""
    return encounter.situation.stage.name == move.scene or move.scene not in encounter.script.number


def _stopped(script: Script, at: Encounter, move: Move, done: int, of: int) -> Stop:
    ahead = finished(at)
    stage = ahead.situation.stage
    option = stage.by_id.get(move.name)
    reasons = rules.why_closed(ahead.situation, option) if option else ()
    why: WhyStopped = "closed"
    if ahead.ended:
        why = "over"
    elif stage.name != move.scene and move.scene in script.number:
        why = "elsewhere"
    elif option is None and move.name != "silence":
        why = "gone"
    return Stop(move, done, of, stage.name, why, reasons if why == "closed" else ())


def _begun_at(script: Script, start: str | None) -> Script:
    """The script with another beginning, which makes a bare scene playable by the same rules."""
    return script if start in (None, script.scenario.start) else Script(replace(script.scenario, start=start), script.principles)


# --- hearing a speech at its speed -----------------------------------------------------------------------------------


class Heard(NamedTuple):
    """How much of a speech has been heard: the segment, which part of it (0-1), and for how long there has been a pause."""

    segment: int
    share: float
    pausing: float | None = None


def heard(spoken: Spoken, first: int, passed: float, *, stations: bool) -> Heard | None:
    """What is heard of a speech so many seconds after its segment `first` began; None when it is over."""
    last = len(spoken.seconds) - 1
    for segment in range(first, last + 1):
        lasts = spoken.seconds[segment]
        if passed < lasts:
            return Heard(segment, passed / lasts)
        passed -= lasts
        pause = PAUSE if stations and segment < last else 0.0
        if passed < pause:
            return Heard(segment, 1.0, passed)
        passed -= pause
    return None
