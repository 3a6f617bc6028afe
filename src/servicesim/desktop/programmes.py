"""Programmes at the desk: which there are, and where whoever sits there stands in each of them."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path

from servicesim import shipped
from servicesim.assessment.standing import Standing, StepStanding, standing
from servicesim.assessment.taken import Taken
from servicesim.desktop.library import Library, Offer, State, state_of
from servicesim.desktop.suggestion import Playable, Suggestion
from servicesim.encounter.script import Script
from servicesim.errors import FilesHaveFindings, ServicesimError
from servicesim.scenario.model import Scenario
from servicesim.scenario.programme import Plan, Programme, encounter_file
from servicesim.scenario.programmes import demand_programme, translated

Attempts = Callable[[Collection[str]], Sequence[Taken]]  # what somebody made of these encounters


@dataclass(frozen=True, slots=True)
class Course:
    """A programme as one person goes through it: where they stand today, and its encounters as they can be played."""

    file: Path | None
    """Where it lies; None if an organisation has assigned it."""
    standing: Standing
    offers: Mapping[str, Offer]
    """Its encounters, by id."""
    missing: Mapping[str, str] = field(default_factory=dict)
    """The titles of steps whose encounters the organisation does not offer now; its standing leaves them out."""
    _told: dict[str, Programme] = field(default_factory=dict, compare=False, repr=False)

    @property
    def id(self) -> str:
        """The programme's id."""
        return self.standing.programme.id

    @property
    def wants(self) -> StepStanding | None:
        """The step to do next, if one can be done."""
        next_ = self.standing.next
        return None if next_.encounter is None or next_.do == "stuck" else self.standing.step(next_.encounter)

    def told_in(self, language: str) -> Programme:
        """The programme with its title and summary in this language, as far as they are translated."""
        if self.file is None:
            return self._told.get(language, self.standing.programme)
        if language not in self._told:
            self._told[language] = translated(self.standing.programme, self.file, language)
        return self._told[language]

    def scenario(self, encounter: str, language: str) -> Scenario:
        """An encounter in this language, or as it was written where it is not offered in it."""
        return self._script(encounter, language).scenario

    def script(self, encounter: str, language: str) -> Script:
        """An encounter with a customer who remembers what has happened so far."""
        return self._script(encounter, language).started(self.standing.step(encounter).remembers)

    def _script(self, encounter: str, language: str) -> Script:
        script = self.offers[encounter].script_in(language)
        assert script is not None, "a programme is a course only if all its encounters can be played"
        return script


@dataclass(frozen=True, slots=True)
class Courses:
    """All programmes for one person, the shortest first, and the files of those that cannot be used."""

    each: tuple[Course, ...] = ()
    unusable: tuple[Path, ...] = ()
    trouble: ServicesimError | None = None
    """Why nothing can be said of where somebody stands."""

    @property
    def wanted(self) -> Course | None:
        """The programme that says what to do next: of those that were begun the one that is due first, else the first one."""
        open_ = [course for course in self.each if course.wants is not None]
        begun = [course for course in open_ if course.standing.start is not None]
        return min(begun, key=lambda course: course.standing.next.by or date.max) if begun else next(iter(open_), None)

    @property
    def shown(self) -> Course | None:
        """The programme to show first."""
        return self.wanted or next(iter(self.each), None)

    def named(self, name: str | None) -> Course | None:
        """The programme of that name, or else the one to show first."""
        return next((course for course in self.each if course.id == name), self.shown)

    def suggestion(self, playable: Iterable[Playable], readable: Iterable[Playable]) -> Suggestion | None:
        """What the programme wants next, if it can be played; one that was not begun yet wants only what somebody can read."""
        course = self.wanted
        if course is None or course.wants is None:
            return None
        encounter = course.wants.encounter
        possible = readable if course.standing.start is None else playable
        return Suggestion(encounter, "programme") if any(one.id == encounter for one in possible) else None

    def remembering(self, script: Script) -> Script:
        """An encounter with a customer who remembers what has happened so far, if a programme says so."""
        for course in self.each:
            step = next((step for step in course.standing.steps if step.encounter == script.scenario.id), None)
            if step is not None and step.remembers and set(step.remembers) <= set(script.scenario.remembers):
                return script.started(step.remembers)
        return script


NO_COURSES = Courses()


def beside(folders: Iterable[Path]) -> list[Path]:
    """The files of programmes: those that come with ServiceSim, and those beside these folders of encounters."""
    found = {shipped.programmes(), *(folder.absolute().parent / "programmes" for folder in folders)}
    return sorted({file.resolve() for folder in found for file in folder.glob("*.yaml")})


class Programmes:
    """Reads programmes, each once for as long as its file stays as it is; used by one thread at a time."""

    def __init__(self) -> None:
        self._known: dict[Path, tuple[State, Programme | None]] = {}

    def courses(self, library: Library, files: Iterable[Path], attempts: Attempts, today: date) -> Courses:
        """The programmes in these files for whoever made these attempts."""
        read = {file: self._planned(file, library) for file in files}
        usable = {file: planned for file, planned in read.items() if planned is not None}
        unusable = tuple(file for file, planned in read.items() if planned is None)
        asked = dict.fromkeys(encounter for plan, _ in usable.values() for encounter in plan.programme.encounters)
        try:
            made = attempts(tuple(asked)) if asked else ()
        except ServicesimError as failure:
            return Courses(unusable=unusable, trouble=failure)
        each = [Course(file, standing(plan, made, today), offers) for file, (plan, offers) in usable.items()]
        return Courses(tuple(sorted(each, key=_length)), unusable)

    def _planned(self, file: Path, library: Library) -> tuple[Plan, dict[str, Offer]] | None:
        """A programme with its encounters; None if one of them, or the programme itself, cannot be used."""
        programme = self._programme(file)
        if programme is None:
            return None
        found = {encounter: encounter_file(encounter, file) for encounter in programme.encounters}
        paths = [path for path in found.values() if path is not None]
        if len(paths) < len(found):
            return None
        offers = dict(zip(found, library.offers(paths), strict=True))
        scenarios = {encounter: offer.script.scenario for encounter, offer in offers.items() if offer.script is not None}
        plan = Plan(programme=programme, scenarios=scenarios)
        return (plan, offers) if len(scenarios) == len(offers) and _can_be_remembered(plan) else None

    def _programme(self, file: Path) -> Programme | None:
        state, known = state_of(file), self._known.get(file)
        if known is None or known[0] != state:
            known = self._known[file] = state, _read(file)
        return known[1]


def _read(file: Path) -> Programme | None:
    try:
        return demand_programme(file)
    except FilesHaveFindings:
        return None  # whoever looks at the file with `check` reads why


def _can_be_remembered(plan: Plan) -> bool:
    """Whether each customer can know what the programme says they remember."""
    return all(set(step.remembers) <= set(plan.scenarios[step.encounter].remembers) for step in plan.programme.steps)


def _length(course: Course) -> tuple[int, str]:
    return max((step.step.due or 0 for step in course.standing.steps), default=0), course.id
