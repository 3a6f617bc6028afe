"""Three written cases, and what is asked of every case: that `reach` claims what its plays come to."""

from __future__ import annotations

from functools import cache
from pathlib import Path

from servicesim.encounter.script import Script
from servicesim.scenario import loading

WRITTEN = Path(__file__).parent / "written"
NAMES = ("kept-waiting", "long-story", "round-and-round")


@cache
def written(name: str) -> Script:
    """The script of a written case."""
    file = WRITTEN / f"{name}.yaml"
    return Script(loading.demand(file), loading.demand_principles(loading.principles_beside(file)))
