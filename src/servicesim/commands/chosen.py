"""Finding the files that a command is asked to use."""

from __future__ import annotations

from difflib import get_close_matches
from pathlib import Path

from servicesim import shipped
from servicesim.encounter.script import Script
from servicesim.errors import UsageError
from servicesim.scenario import loading


def shipped_ids() -> list[str]:
    """The shipped encounters, by id."""
    return sorted(path.stem for path in shipped.scenarios().glob("*.yaml") if not loading.is_principles_file(path))


def scenario_path(named: str) -> Path:
    """The file of a scenario that is named by its path, or by the id of a shipped one."""
    path = Path(named)
    if path.suffix in (".yaml", ".yml") or path.exists():
        if not path.is_file():
            raise UsageError(f"there is no scenario file {named}")
        return path
    if named in shipped_ids():
        return shipped.scenarios() / f"{named}.yaml"
    near = get_close_matches(named, shipped_ids(), n=1)
    hint = f"did you mean '{near[0]}'?" if near else f"there are: {', '.join(shipped_ids())}; or name a file"
    raise UsageError(f"no scenario is called '{named}'; {hint}")


def script(named: str, principles_file: str | None = None) -> Script:
    """The scenario that is named, ready to play; raises FilesHaveFindings if it cannot be used."""
    path = scenario_path(named)
    principles = loading.demand_principles(Path(principles_file) if principles_file else loading.principles_beside(path))
    return Script(loading.demand(path, principles), principles)
