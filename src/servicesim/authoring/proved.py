"""What there is to judge a whole encounter by: what is written, what was proved about it, and which others there are."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path as File

from servicesim.analysis.proof import Played, Reach
from servicesim.encounter.script import Script
from servicesim.scenario import source as source_files
from servicesim.scenario.checks import Path
from servicesim.scenario.findings import Finding, Severity
from servicesim.scenario.model import Remembered
from servicesim.scenario.source import Source


class Shelf:
    """The scenarios that lie in some folders; they are read only when somebody asks."""

    def __init__(self, folders: Iterable[File]) -> None:
        self._folders = tuple(dict.fromkeys(folders))
        self._id = cache(_id)

    def holds(self, scenario: str) -> bool:
        """Whether there is a scenario with this id."""
        return any(self._id(file) == scenario for folder in self._folders for file in _files(folder, scenario))

    def ids(self) -> list[str]:
        """The ids of all of them."""
        found = (self._id(file) for folder in self._folders for file in _files(folder))
        return list(dict.fromkeys(id_ for id_ in found if id_ is not None))


def _id(file: File) -> str | None:
    """The id of the scenario in a file; None if there is no scenario in it."""
    root = source_files.read(file).root
    id_ = root.get("id") if root is not None and "scenes" in root else None
    return id_ if isinstance(id_, str) else None


def _files(folder: File, likely: str = "") -> Iterator[File]:
    """The files of a folder that may be scenarios, the most likely ones first."""
    try:
        names = sorted(entry.name for entry in os.scandir(folder) if entry.name.endswith((".yaml", ".yml")))
    except (OSError, ValueError):  # Nobody may look into the folder, or it cannot have such a name: then it holds nothing.
        return
    yield from (folder / name for name in sorted(names, key=lambda name: not name.startswith(likely)))


@dataclass(frozen=True, slots=True)
class Proved:
    """A scenario that can be played, with everything that was proved about it."""

    script: Script
    source: Source
    reach: Reach
    strategies: Mapping[str, Played]
    shelf: Shelf
    remembered: Remembered = ()  # the one start that this is about; nothing where it is about all of them

    def finding(self, code: str, path: Path, message: str, hint: str = "", severity: Severity = "error", key: bool = False) -> Finding:
        """A finding where it stands in the file."""
        start = f"where the customer remembers {listed(self.remembered)}: " if self.remembered else ""
        return self.source.finding(code, path, f"{start}{message}", hint, severity, key)

    def reply(self, scene: str, reply: str) -> Path:
        """Where a reply stands."""
        replies = self.script.scenario.scenes[scene].replies
        return "scenes", scene, "replies", next(number for number, one in enumerate(replies) if one.id == reply)


def listed(facts: Remembered) -> str:
    """Facts in a sentence."""
    return " and ".join(f"'{fact}'" for fact in facts)


Check = Callable[[Proved], Iterator[Finding]]
