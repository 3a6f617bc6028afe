"""What lies at the desk to be played: what was left in the middle, all encounters there are, and what to play next."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import TYPE_CHECKING

from servicesim.desktop.library import Offer
from servicesim.desktop.programmes import NO_COURSES, Courses
from servicesim.desktop.progress import NOTHING, Progress
from servicesim.desktop.suggestion import Suggestion
from servicesim.encounter.script import Script
from servicesim.records.attempt import Attempt
from servicesim.scenario.principles import Principle, Principles

if TYPE_CHECKING:
    from servicesim.desktop.link import Standing
    from servicesim.desktop.wording import Words
    from servicesim.records.tickets import Ticket


@dataclass(frozen=True, slots=True)
class Opened:
    """An attempt that is open at this desk and nowhere else, with what has happened in it."""

    script: Script
    attempt: Attempt
    lines: tuple[str, ...] = ()
    ticket: Ticket | None = None
    """What the organisation gave for it, where it was begun just now."""
    lent: bool = False
    """By an encounter that is kept nowhere: neither is what is played of it."""


@dataclass(frozen=True, slots=True)
class Shelf:
    """What there is to play: encounters that were left in the middle, the latest first, and all there are; how somebody is getting
    on with them, and what they might play next."""

    stopped: tuple[Opened, ...]
    offers: tuple[Offer, ...]
    progress: Progress = NOTHING
    suggestion: Suggestion | None = None
    at: int = 0
    """When this was found out (UTC, milliseconds)."""
    courses: Courses = NO_COURSES
    """The programmes, and where somebody stands in them."""
    others: tuple[Offer, ...] = ()
    """What lies here beside what an organisation has published, for practice only."""
    standing: Standing | None = None
    """How the connection to an organisation stands, for somebody who has one."""

    @property
    def scripts(self) -> dict[str, Script]:
        """The encounters that can be played, by their ids."""
        return {offer.script.scenario.id: offer.script for offer in self.offers if offer.script is not None}

    @property
    def principles(self) -> dict[str, Principle]:
        """All principles that any of them is judged by."""
        return self._together(script.principles for script in self._one_for_each)

    def taught(self, words: Words) -> dict[str, Principle]:
        """The same in the reader's language."""
        return self._together(words.taught(script) for script in self._one_for_each)

    @property
    def _one_for_each(self) -> Iterable[Script]:
        """One encounter for each principles file that any is judged by."""
        practised = [offer.script for offer in self.others if offer.script is not None]
        return {id(script.principles): script for script in [*self.scripts.values(), *practised]}.values()

    @staticmethod
    def _together(each: Iterable[Principles]) -> dict[str, Principle]:
        found: dict[str, Principle] = {}
        for taught in each:
            found = {**taught.principles, **found}
        return found
