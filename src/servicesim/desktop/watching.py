"""Watching the files of an encounter while somebody writes them."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator
from pathlib import Path

from servicesim.desktop.previewing import Loaded
from servicesim.encounter.edition import preferably_in
from servicesim.encounter.script import Script
from servicesim.scenario import loading
from servicesim.scenario.editions import FOLDER, edition_in
from servicesim.scenario.findings import Finding
from servicesim.scenario.translated import language_of

EVERY = 0.3  # seconds from one look to the next

Look = Callable[[], object]


class Watch:
    """Says when something looks different from before. It looks when it is made, so make it before you read."""

    def __init__(self, look: Look, every: float = EVERY) -> None:
        self._look, self._every = look, every
        self._seen = look()
        self._next = 0.0

    def changed(self, now: float) -> bool:
        """Whether it has changed since the last look; `now` in seconds of any clock that only grows."""
        if now < self._next:
            return False
        self._next = now + self._every
        before, self._seen = self._seen, self._look()
        return self._seen != before

    def next_look(self, now: float) -> float:
        """When to ask again."""
        return max(self._next, now)


def look_at(scenario: Path, principles: Path | None, language: str | None = None) -> Look:
    """How the files look from outside; another principles file that takes effect is a change too, and a translation into `language`."""

    def files() -> Iterator[Path]:
        yield from (scenario, principles or _beside(scenario))
        if language is not None:
            yield from sorted((scenario.parent / FOLDER / language).glob("*.po"))

    return lambda: tuple((path, _outside(path)) for path in files())


def _outside(path: Path) -> object:
    """When it was written, how long it is and which one it is, for editors save by renaming too; or why that cannot be seen."""
    try:
        there = os.stat(path)
    except (OSError, ValueError) as error:
        return str(error)
    return there.st_mtime_ns, there.st_size, there.st_ino, there.st_mode


def reader(scenario: Path, principles: Path | None, language: str | None = None) -> Callable[[], Loaded]:
    """Reads the files: whatever they hold gives a script or findings. In `language` where it is translated into it whole."""
    return lambda: _read(scenario, principles or _beside(scenario), language)


def _read(path: Path, judge: Path, language: str | None) -> Loaded:
    principles, found = loading.load_principles(judge)
    if principles is None:
        return Loaded(None, tuple(found))
    scenario, more = loading.load(path, principles)
    findings: tuple[Finding, ...] = (*found, *more)
    if scenario is None:
        return Loaded(None, findings)
    script = Script(scenario, principles, folder=path.parent)
    if language is None or language == language_of(scenario):
        return Loaded(script, findings)
    edition = edition_in(scenario, path.parent, language)
    return Loaded(preferably_in(script, language), (*findings, *(edition.findings if edition is not None else ())))


def _beside(scenario: Path) -> Path:
    """The principles file that judges; the one beside the scenario is named where the folder cannot be looked into."""
    try:
        return loading.principles_beside(scenario)
    except OSError:
        return scenario.parent / loading.PRINCIPLES_FILE
