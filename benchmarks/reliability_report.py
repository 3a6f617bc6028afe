"""What an experiment says when it has run, and where the inputs that failed are kept."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Protocol

FAILING = Path(__file__).parent / "failing"


@dataclass(frozen=True, slots=True)
class Report:
    """One row of the table; `holds` only if nothing was lost and the negative control was caught."""

    experiment: str
    amount: str
    result: str
    control: str
    seconds: float
    holds: bool


class Experiment(Protocol):
    """A module that proves one thing: `scale` 1 is the full amount, and the same `seed` gives the same inputs."""

    def run(self, scale: float, seed: int) -> Report: ...


@dataclass(frozen=True, slots=True)
class Failing:
    """The inputs on which an experiment failed, each a file of JSON, played before any new ones."""

    experiment: str

    @property
    def _folder(self) -> Path:
        return FAILING / self.experiment

    def first(self, new: Iterable[Any]) -> Iterator[Any]:
        """The kept inputs, then the new ones."""
        for file in sorted(self._folder.glob("*.json")):
            yield json.loads(file.read_text("utf-8"))["input"]
        yield from new

    def keep(self, given: Any, why: str) -> None:
        """Keep an input that failed."""
        text = json.dumps({"input": given, "why": why}, indent=1)
        self._folder.mkdir(parents=True, exist_ok=True)
        name = hashlib.sha256(json.dumps(given).encode()).hexdigest()[:12]
        (self._folder / f"{name}.json").write_text(text, "utf-8")
