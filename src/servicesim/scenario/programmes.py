"""From a file to a programme, and from a programme to the encounters that it is made of."""

from __future__ import annotations

from dataclasses import replace
from itertools import islice
from pathlib import Path

from servicesim import shipped
from servicesim.errors import FilesHaveFindings
from servicesim.scenario import loading, po
from servicesim.scenario import source as source_files
from servicesim.scenario.editions import Edition, edition, edition_in, file_of, played_in
from servicesim.scenario.findings import Finding, errors, in_order
from servicesim.scenario.model import Scenario
from servicesim.scenario.programme import MARK, Plan, Programme, encounter_file, programme_adapter
from servicesim.scenario.programme_checks import PROGRAMME_CHECKS
from servicesim.scenario.shape import shaped
from servicesim.scenario.source import Source
from servicesim.scenario.translated import language_of


def holds_programme(written: Source) -> bool:
    """Whether what is written in a file is a programme, and no scenario."""
    return written.root is not None and (MARK in written.root or ("steps" in written.root and "scenes" not in written.root))


def programme_in(source: Source) -> tuple[Programme | None, list[Finding]]:
    """The programme in a file that was read, as far as the file alone can tell, and its findings."""
    if source.root is None:
        return None, in_order(source.findings)
    shape = shaped(source, programme_adapter(), Programme)
    found = [*source.findings, *shape.findings]
    if shape.model is not None:
        found += [finding for check in PROGRAMME_CHECKS for finding in islice(check(shape.model, source), loading.MOST_OF_A_KIND)]
    return (None if errors(found) or shape.mended else shape.model), in_order(found)


def demand_programme(path: Path) -> Programme:
    """The programme in a file; raises FilesHaveFindings with what is wrong if it cannot be used."""
    programme, found = programme_in(source_files.read(path))
    if programme is None:
        raise FilesHaveFindings(loading.said(found))
    return programme


def programme_from_canonical(text: str) -> Programme:
    """The programme of a canonical text that may hold anything; raises FilesHaveFindings if it cannot be used."""
    programme, found = programme_in(source_files.parse(text, "a programme of the organisation"))
    if programme is None:
        raise FilesHaveFindings(loading.said(found))
    return programme


def demand_plan(path: Path, language: str | None = None) -> Plan:
    """The programme in a file with its encounters; raises FilesHaveFindings with what is wrong if one cannot be used.

    It is told in this language, or in its own; so are its encounters, as far as they are translated into it.
    """
    programme = demand_programme(path)
    files = {encounter: encounter_file(encounter, path) for encounter in programme.encounters}
    missing = [encounter for encounter, file in files.items() if file is None]
    if missing:
        raise FilesHaveFindings(f"{path}: there is no encounter {', '.join(missing)}; servicesim check {path} says more")
    language = language or programme.locale.partition("-")[0]
    scenarios = {encounter: _told_in(language, file) for encounter, file in files.items() if file is not None}
    return Plan(programme=translated(programme, path, language), scenarios=scenarios)


def texts_of_programme(programme: Programme) -> dict[str, str]:
    """What is translated of a programme, by key."""
    return {"title": programme.title, "summary": programme.summary}


def edition_of_programme(programme: Programme, path: Path, language: str) -> Edition | None:
    """The translation of the programme in this file into a language; None where there is none."""
    file = file_of(path.parent, programme.id, language)
    return edition(po.read(file), texts_of_programme(programme), language) if file.is_file() else None


def translated(programme: Programme, path: Path, language: str) -> Programme:
    """The programme in this file with its title and summary in a language; as it was written where they are not translated into it."""
    told = edition_of_programme(programme, path, language)
    return programme if told is None or not told.is_offered else replace(programme, title=told.said["title"], summary=told.said["summary"])


def _told_in(language: str, file: Path) -> Scenario:
    scenario = loading.demand(file)
    other = None if language == language_of(scenario) else edition_in(scenario, file.parent, language)
    return played_in(scenario, other) if other is not None and other.is_offered else scenario


def programme_files() -> list[Path]:
    """The programmes that come with ServiceSim."""
    return sorted(shipped.programmes().glob("*.yaml")) if shipped.programmes().is_dir() else []
