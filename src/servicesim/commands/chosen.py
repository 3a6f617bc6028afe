"""Finding the files that a command is asked to use."""

from __future__ import annotations

import os
from difflib import get_close_matches
from pathlib import Path

from servicesim import shipped
from servicesim.commands.telling import named
from servicesim.encounter.edition import in_language, offered_in
from servicesim.encounter.script import Script
from servicesim.errors import UsageError
from servicesim.scenario import loading, programmes


def shipped_ids() -> list[str]:
    """The shipped encounters, by id."""
    return sorted(path.stem for path in shipped.scenarios().glob("*.yaml") if not loading.is_principles_file(path))


def scenario_path(name: str) -> Path:
    """The file of a scenario that is named by its path, or by the id of a shipped one."""
    if os.path.isfile(name):
        return Path(name)
    if name in shipped_ids():
        return shipped.scenarios() / f"{name}.yaml"
    if name.endswith((".yaml", ".yml")) or os.path.exists(name):
        raise UsageError(f"{_missing('scenario', name)}; name a scenario file, such as late-parcel.yaml")
    near = get_close_matches(name, shipped_ids(), n=1)
    hint = f"did you mean '{near[0]}'?" if near else f"there are: {some(shipped_ids())}; or name a file"
    raise UsageError(f"no scenario is called '{named(name)}'; {hint}")


def some(names: list[str], most: int = 8) -> str:
    """Names in a sentence: the first ones, and how many more there are."""
    more = len(names) - most
    return ", ".join(names[:most]) + (f" and {more} more" if more > 0 else "")


def programme_path(name: str) -> Path:
    """The file of a programme that is named by its path, or by the id of a shipped one."""
    if os.path.isfile(name):
        return Path(name)
    known = {path.stem: path for path in programmes.programme_files()}
    if name in known:
        return known[name]
    if name.endswith((".yaml", ".yml")) or os.path.exists(name):
        raise UsageError(f"{_missing('programme', name)}; name a programme file, such as first-week.yaml")
    near = get_close_matches(name, known, n=1)
    hint = f"did you mean '{near[0]}'?" if near else f"there are: {', '.join(known)}; or name a file"
    raise UsageError(f"no programme is called '{named(name)}'; {hint}")


def principles_path(name: str) -> Path:
    """The file of principles that is named by its path."""
    if not os.path.isfile(name):
        raise UsageError(f"{_missing('principles', name)}; name a principles file, such as principles.yaml")
    return Path(name)


def _missing(kind: str, name: str) -> str:
    if not os.path.exists(name):
        return f"there is no {kind} file {named(name) or 'without a name'}"
    return f"{named(name)} is {'a folder' if os.path.isdir(name) else 'not a file that can be read'}"


def script(name: str, principles_file: str | None = None) -> Script:
    """The scenario that is named, ready to play; raises FilesHaveFindings if it cannot be used."""
    path = scenario_path(name)
    judge = loading.principles_beside(path) if principles_file is None else principles_path(principles_file)
    principles = loading.demand_principles(judge)
    return Script(loading.demand(path, principles), principles, folder=path.parent)


def script_in(name: str, language: str, principles_file: str | None = None) -> Script:
    """As `script`, in a language that is asked for; raises UsageError where the encounter is not offered in it."""
    own = script(name, principles_file)
    found = in_language(own, language)
    if found is None:
        offered = ", ".join(offered_in(own))
        raise UsageError(f"'{own.scenario.id}' is not offered in '{language}', only in: {offered}; why: servicesim translate status {named(scenario_path(name))}")
    return found
