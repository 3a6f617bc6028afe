"""Watching the files of an encounter while somebody writes them."""

from __future__ import annotations

import os
from collections.abc import Callable
from pathlib import Path

from servicesim.desktop.previewing import Loaded
from servicesim.encounter.script import Script
from servicesim.scenario import loading
from servicesim.scenario.findings import Finding

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


def look_at(scenario: Path, principles: Path | None) -> Look:
    """How the files look from outside; another principles file that takes effect is a change too."""
    return lambda: tuple((path, _outside(path)) for path in (scenario, principles or _beside(scenario)))


def _outside(path: Path) -> object:
    """When it was written, how long it is and which one it is, for editors save by renaming too; or why that cannot be seen."""
    try:
        there = os.stat(path)
    except (OSError, ValueError) as error:
        return str(error)
    return there.st_mtime_ns, there.st_size, there.st_ino, there.st_mode


def reader(scenario: Path, principles: Path | None) -> Callable[[], Loaded]:
    """Reads the files: whatever they hold gives a script or findings."""
    return lambda: _read(scenario, principles or _beside(scenario))


def _read(path: Path, judge: Path) -> Loaded:
    principles, found = loading.load_principles(judge)
    if principles is None:
        return Loaded(None, tuple(found))
    scenario, more = loading.load(path, principles)
    findings: tuple[Finding, ...] = (*found, *more)
    return Loaded(None if scenario is None else Script(scenario, principles, folder=path.parent), findings)


def _beside(scenario: Path) -> Path:
    """The principles file that judges; the one beside the scenario is named where the folder cannot be looked into."""
    try:
        return loading.principles_beside(scenario)
    except OSError:
        return scenario.parent / loading.PRINCIPLES_FILE
