"""From a file to a scenario, or to everything that is wrong with it.

    scenario, findings = load(Path("scenarios/late-parcel.yaml"))

Loading is total: any bytes give a scenario or findings. A file with a finding of severity error gives no scenario.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache
from itertools import islice
from pathlib import Path

from servicesim import shipped
from servicesim.errors import FilesHaveFindings
from servicesim.scenario import source as source_files
from servicesim.scenario.characters import visible
from servicesim.scenario.checks import CHECKS, LOCAL_CHECKS
from servicesim.scenario.condition_checks import conditions_amiss
from servicesim.scenario.findings import Finding, errors, in_order
from servicesim.scenario.lesson_checks import LESSON_CHECKS
from servicesim.scenario.model import Scenario, scenario_adapter
from servicesim.scenario.principles import Principles, principles_adapter
from servicesim.scenario.principles_checks import LOCAL_PRINCIPLES_CHECKS, PRINCIPLES_CHECKS
from servicesim.scenario.remembered_checks import REMEMBERED_CHECKS
from servicesim.scenario.shape import shaped
from servicesim.scenario.source import Source
from servicesim.scenario.text_checks import TEXT_CHECKS
from servicesim.scenario.voices import lengths, unheard, voiced

PRINCIPLES_FILE = "principles.yaml"
MOST_OF_A_KIND = 100  # findings of one check; whoever has more mends these first


@dataclass(frozen=True, slots=True)
class Examined:
    """What became of a scenario file: the scenario if it can be used, the text that it stands in, and what was found."""

    scenario: Scenario | None
    source: Source
    findings: list[Finding]


def examined(path: Path, principles: Principles) -> Examined:
    """The scenario in a file with its text, so that whoever finds more can say where."""
    return examined_source(source_files.read(path), principles, path.parent)


def examined_source(source: Source, principles: Principles, folder: Path) -> Examined:
    """As `examined`, for a file in this folder that was read already."""
    scenario, found = _scenario(source, principles)
    if scenario is None:
        return Examined(None, source, found)
    known = lengths(scenario, folder)
    found += islice(unheard(scenario, source, known), MOST_OF_A_KIND)
    return Examined(voiced(scenario, known), source, in_order(found))


def load(path: Path, principles: Principles | None = None) -> tuple[Scenario | None, list[Finding]]:
    """The scenario in a file, and its findings; judged by the principles beside it, or by the shipped ones."""
    if principles is None:
        principles, found = load_principles(principles_beside(path))
        if principles is None:
            return None, found
    known = examined(path, principles)
    return known.scenario, known.findings


def load_text(data: bytes | str, name: str = "<text>", principles: Principles | None = None) -> tuple[Scenario | None, list[Finding]]:
    """As `load`, for a text that stands in no file."""
    return _scenario(source_files.parse(data, name), principles or shipped_principles())


def load_principles(path: Path) -> tuple[Principles | None, list[Finding]]:
    """The principles in a file, and its findings."""
    return principles_of(path)[1:]


def principles_of(path: Path) -> tuple[Source, Principles | None, list[Finding]]:
    """As `load_principles`, with the text."""
    data = source_files.written(path)
    if isinstance(data, Source):
        return data, *principles_in(data)
    source, principles, findings = _principles_written(data, visible(str(path)))
    return source, principles, list(findings)


@lru_cache(maxsize=4)
def _principles_written(data: bytes, name: str) -> tuple[Source, Principles | None, tuple[Finding, ...]]:
    # One file judges every encounter beside it, and is asked for with each of them.
    source = source_files.parse(data, name)
    principles, findings = principles_in(source)
    return source, principles, tuple(findings)


def load_principles_text(data: bytes | str, name: str = "<text>") -> tuple[Principles | None, list[Finding]]:
    """As `load_principles`, for a text that stands in no file."""
    return principles_in(source_files.parse(data, name))


def principles_in(source: Source) -> tuple[Principles | None, list[Finding]]:
    """As `load_principles`, for a file that was read already."""
    if source.root is None:
        return None, in_order(source.findings)
    shape = shaped(source, principles_adapter(), Principles)
    found = [*source.findings, *shape.findings]
    if shape.model is not None:
        checks = LOCAL_PRINCIPLES_CHECKS if shape.mended else PRINCIPLES_CHECKS
        found += [finding for check in checks for finding in islice(check(shape.model, source), MOST_OF_A_KIND)]
    return (None if errors(found) or shape.mended else shape.model), in_order(found)


def principles_beside(path: Path) -> Path:
    """The principles file in a scenario's own folder; the shipped one where there is none."""
    own = path.parent / PRINCIPLES_FILE
    return own if own.is_file() else shipped.scenarios() / PRINCIPLES_FILE


@lru_cache(maxsize=1)
def shipped_principles() -> Principles:
    """The principles that come with ServiceSim."""
    return demand_principles(shipped.scenarios() / PRINCIPLES_FILE)


def demand(path: Path, principles: Principles | None = None) -> Scenario:
    """The scenario in a file; raises FilesHaveFindings with what is wrong if it cannot be used."""
    scenario, found = load(path, principles)
    if scenario is None:
        raise FilesHaveFindings(said(found))
    return scenario


def demand_principles(path: Path) -> Principles:
    """The principles in a file; raises FilesHaveFindings with what is wrong if they cannot be used."""
    principles, found = load_principles(path)
    if principles is None:
        raise FilesHaveFindings(said(found))
    return principles


def is_principles_file(path: Path) -> bool:
    """Whether a path is by its name a principles file, not a scenario."""
    return path.name == PRINCIPLES_FILE


def said(findings: list[Finding], most: int = 20) -> str:
    """Findings as lines for a person: the first twenty, and how many more there are."""
    lines = [str(finding) for finding in findings[:most]]
    if len(findings) > most:
        lines.append(f"and {len(findings) - most} more")
    return "\n".join(lines)


def _scenario(source: Source, principles: Principles) -> tuple[Scenario | None, list[Finding]]:
    if source.root is None:
        return None, in_order(source.findings)
    with source_files.collector_off():
        shape = shaped(source, scenario_adapter())
        found = [*source.findings, *shape.findings]
        if shape.model is not None:
            checks = (*(LOCAL_CHECKS if shape.mended else (*CHECKS, *LESSON_CHECKS)), *REMEMBERED_CHECKS, *TEXT_CHECKS, conditions_amiss)
            found += [finding for check in checks for finding in islice(check(shape.model, source, principles), MOST_OF_A_KIND)]
    return (None if errors(found) or shape.mended else shape.model), in_order(found)
