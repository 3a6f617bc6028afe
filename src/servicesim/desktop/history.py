"""What somebody has played: each attempt as a line of the past, and one of them opened again, exactly as it was.

Lines are told from what the records hold beside the transcript; a script is only made of the attempt that is opened.
Everything here reads the disk.
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from fractions import Fraction
from functools import cached_property, lru_cache
from typing import TYPE_CHECKING, Literal

from servicesim.desktop.desk import Desk
from servicesim.desktop.looking_back import Run
from servicesim.desktop.organised import is_over
from servicesim.encounter import rules
from servicesim.encounter.encounter import replayed
from servicesim.encounter.transcript import from_lines
from servicesim.errors import VerificationFailed

if TYPE_CHECKING:
    from servicesim.records.attempt import Attempt
    from servicesim.records.past import PastRow
    from servicesim.records.verifying import Verifier

PORTION = 20  # attempts on one page
Which = Literal["all", "scored", "practice"]
State = Literal["passed", "not-passed", "practice", "unscored", "unfinished", "waiting", "refused", "set-aside"]
Trouble = Literal["damaged", "other-version", "not-reached"]
"""Why an attempt cannot be shown again: it is not as it was written, was played by rules of play that are not known here, or the
organisation, which alone can tell how it went, does not answer."""


@dataclass(frozen=True, slots=True)
class About:
    """What a list tells of an encounter, read from its text without making it playable."""

    title: str
    customer: str = ""
    locale: str = "en"
    pass_mark: int = 0
    unscored: bool = False
    sealed: bool = False
    endings: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Entry:
    """One attempt: when it began by the clock of this computer, and what it came to."""

    id: str
    about: About
    state: State
    started: datetime | None
    points: int | None
    ending: str
    untimed: bool
    trouble: Trouble | None = None

    @property
    def judged(self) -> bool:
        """Whether it ended, so that there is a debrief."""
        return self.points is not None


@dataclass(frozen=True, slots=True)
class Chapter:
    """One encounter in the past: how often it was begun, and how often of these for practice."""

    scenario: str
    about: About
    attempts: int
    practice: int

    def of(self, which: Which) -> int:
        """How many attempts there are of a kind."""
        return {"all": self.attempts, "scored": self.attempts - self.practice, "practice": self.practice}[which]


@dataclass(frozen=True, slots=True)
class Portion:
    """One page of attempts, the first of them the how manieth (from 0); and how conduct went at the encounter that was asked for."""

    entries: tuple[Entry, ...]
    skipped: int
    conducts: tuple[tuple[int, bool], ...] = ()


class PastPlays:
    """The past of whoever sits at a desk."""

    def __init__(self, desk: Desk) -> None:
        self._desk = desk
        self._about = lru_cache(maxsize=None)(self._read_about)

    def chapters(self) -> tuple[Chapter, ...]:
        """The encounters that were played, the latest first."""
        found = self._desk.records.times_played(self._desk.learner)
        return tuple(
            Chapter(one.scenario, self._told_about(one.scenario, one.scenario_hash), one.attempts, one.practice) for one in found
        )

    def portion(self, scenario: str | None = None, which: Which = "all", skip: int = 0) -> Portion:
        """A page of attempts, the latest first."""
        records, learner = self._desk.records, self._desk.learner
        practice = None if which == "all" else which == "practice"
        rows = records.past(learner, scenario=scenario, practice=practice, skip=skip, most=PORTION)
        conducts = tuple(self._conducts(scenario)) if scenario is not None and which != "practice" else ()
        return Portion(tuple(self._entry(row) for row in rows), skip, conducts)

    def opened(self, attempt_id: str) -> Run | Trouble:
        """An attempt as it was, by the texts that it was played by; or why it cannot be shown.

        By a sealed edition it can be looked at, but not judged.
        """
        from servicesim.records.verifying import CannotReplay

        found = self._desk.records.attempt(attempt_id)
        about = self._about(found[0].scenario_hash) if found is not None else None
        if found is not None and about is not None and about.sealed:
            return self._opened_sealed(found[0])
        try:
            again = self._verifier.again(self._desk.records, attempt_id)
        except VerificationFailed:
            return "damaged"
        except CannotReplay:
            return "other-version"
        return Run.of(self._desk.placed(again.script), again.attempt, again.events) if again.events else "damaged"

    def _opened_sealed(self, attempt: Attempt) -> Run | Trouble:
        if attempt.rules_version != rules.VERSION:
            return "other-version"
        try:
            opened = self._desk.opened(attempt)
            events = tuple(from_lines(opened.lines))
            replayed(opened.script, events)
        except VerificationFailed:
            return "damaged"
        return Run.of(opened.script, attempt, events) if events and self._desk.records.chain(attempt.id).whole else "damaged"

    @cached_property
    def _verifier(self) -> Verifier:
        from servicesim.records.verifying import Verifier

        return Verifier(self._desk.records.text)

    def _conducts(self, scenario: str) -> Iterator[tuple[int, bool]]:
        for conduct, passed in self._desk.records.conducts(self._desk.learner, scenario):
            points = points_of(conduct)
            if points is not None:
                yield points, bool(passed)

    def _entry(self, row: PastRow) -> Entry:
        about = self._about(row.scenario_hash)
        started, points = _moment(row.started), points_of(row.conduct)
        whole = about is not None and started is not None and (points is not None or row.ended is None)
        told = about or About(row.scenario)
        ending = told.endings.get(row.ending or "", "")
        return Entry(row.id, told, self._state(row, told), started, points, ending, bool(row.untimed), None if whole else "damaged")

    def _state(self, row: PastRow, about: About) -> State:
        if row.ended is not None or not about.sealed or about.unscored:
            return _state(row, about)
        if self._desk.organised.refuses(row.id):
            return "refused"
        return "waiting" if self._is_over(row.id) else _state(row, about)

    def _is_over(self, attempt_id: str) -> bool:
        try:
            return is_over(self._desk.records.lines(attempt_id))
        except VerificationFailed:
            return False

    def _told_about(self, scenario: str, scenario_hash: str) -> About:
        return self._about(scenario_hash) or About(scenario)

    def _read_about(self, scenario_hash: str) -> About | None:
        """What the text of this hash says; None where it is missing or damaged."""
        try:
            told = json.loads(self._desk.records.text(scenario_hash))
            endings = {name: str(ending["title"]) for name, ending in told["endings"].items()}
            customer, locale = str(told["customer"]["name"]), str(told.get("locale", "en"))
            sealed = told.get("sealed") is not None
            return About(str(told["title"]), customer, locale, int(told.get("pass", 75)), bool(told.get("unscored")), sealed, endings)
        except (VerificationFailed, ValueError, KeyError, TypeError, AttributeError, RecursionError):
            return None


def points_of(conduct: str | None) -> int | None:
    """Whole points, rounded down, as they are shown everywhere; None where there are none or they cannot be read."""
    try:
        return None if conduct is None else int(Fraction(conduct))
    except (ValueError, ZeroDivisionError):
        return None


def _moment(milliseconds: int) -> datetime | None:
    try:
        return datetime.fromtimestamp(milliseconds / 1000)
    except (ValueError, OverflowError, OSError):
        return None


def _state(row: PastRow, about: About) -> State:
    if row.ended is None:
        return "unfinished"
    if about.unscored:
        return "unscored"
    if row.practice:
        return "practice"
    if row.verdict == "set-aside":
        return "set-aside"
    return "passed" if row.passed else "not-passed"
