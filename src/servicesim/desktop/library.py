"""The encounters there are, each read and made ready once for as long as its files stay as they are."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field, replace
from pathlib import Path

from servicesim.assessment.opportunity import brings
from servicesim.desktop.duration import minutes
from servicesim.desktop.suggestion import Playable
from servicesim.encounter.edition import preferably_in
from servicesim.encounter.script import Script
from servicesim.languages import LANGUAGES
from servicesim.scenario import loading
from servicesim.scenario.editions import file_of
from servicesim.scenario.principles import Principles
from servicesim.scenario.translated import language_of

State = tuple[int, int] | None  # of a file: when it was changed (nanoseconds), and its size; None if it is not there


@dataclass(frozen=True, slots=True)
class Offer:
    """One encounter that can be chosen; without a script its file has errors."""

    path: Path
    script: Script | None
    minutes: int = 0
    """About how long it takes."""
    brings: frozenset[str] = field(default_factory=frozenset)
    """The principles that can come up in it."""
    _editions: dict[str, Script] = field(default_factory=dict, compare=False, repr=False)

    def script_in(self, language: str) -> Script | None:
        """It in this language, or as it was written where it is not offered in it; made once, and when it is asked for."""
        if self.script is not None and language not in self._editions:
            self._editions[language] = preferably_in(self.script, language)
        return self._editions.get(language)

    def speaks(self, language: str) -> bool:
        """Whether it can be played in this language."""
        script = self.script_in(language)
        return script is not None and language_of(script.scenario) == language

    @property
    def playable(self) -> Iterator[Playable]:
        """What a suggestion goes by, if it can be played."""
        if self.script is not None:
            scenario = self.script.scenario
            yield Playable(scenario.id, scenario.learn, self.brings, scenario.unscored)


class Library:
    """Reads encounters; used by one thread at a time."""

    def __init__(self) -> None:
        self._principles: dict[Path, tuple[State, Principles | None]] = {}
        self._offers: dict[Path, tuple[tuple[State, ...], Offer]] = {}

    def offers(self, paths: Iterable[Path]) -> list[Offer]:
        """These files as encounters."""
        return [self._offer(path) for path in paths]

    def _offer(self, path: Path) -> Offer:
        beside = loading.principles_beside(path)
        states, known = (state_of(path), state_of(beside)), self._offers.get(path)
        if known is None or known[0][:2] != states:
            offer = _offer(path, self._principles_in(beside, states[1]))
        else:
            offer = known[1]
        translations = tuple(map(state_of, _translations(offer)))
        if known is not None and known[1] is offer and known[0][2:] != translations:
            offer = replace(offer, _editions={})
        self._offers[path] = (*states, *translations), offer
        return offer

    def _principles_in(self, path: Path, state: State) -> Principles | None:
        known = self._principles.get(path)
        if known is None or known[0] != state:
            known = self._principles[path] = state, loading.load_principles(path)[0]
        return known[1]


def _offer(path: Path, principles: Principles | None) -> Offer:
    scenario = None if principles is None else loading.load(path, principles)[0]
    if principles is None or scenario is None:
        return Offer(path, None)
    script = Script(scenario, principles, folder=path.parent)
    arising = frozenset(name for name, principle in principles.principles.items() if brings(principle, name, script))
    return Offer(path, script, minutes(script), arising)


def _translations(offer: Offer) -> list[Path]:
    """The files in which an encounter may be translated."""
    if offer.script is None:
        return []
    return [file_of(offer.path.parent, offer.script.scenario.id, language) for language in LANGUAGES]


def state_of(path: Path) -> State:
    """How a file is now, to know later whether it has changed."""
    try:
        found = path.stat()
    except OSError:
        return None
    return found.st_mtime_ns, found.st_size
