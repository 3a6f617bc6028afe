"""`servicesim check`: what is wrong in a trainer's files."""

from __future__ import annotations

import os
from collections.abc import Iterable, Iterator
from dataclasses import asdict, dataclass, replace
from pathlib import Path
from typing import Any

import click

from servicesim import shipped
from servicesim.commands.telling import named, on_one_line, say, say_json
from servicesim.errors import UsageError
from servicesim.scenario import loading, source
from servicesim.scenario.findings import Finding, errors
from servicesim.scenario.principles import Principles

MOST_LINES = 20  # of findings that are printed for one file; `--json` has them all


@dataclass(frozen=True, slots=True)
class Checked:
    """One file and what was found in it; `by` is the principles file without which it could not be checked."""

    file: str
    findings: list[Finding]
    by: Path | None = None


@click.command()
@click.argument("paths", metavar="PATH...", nargs=-1, required=True)
@click.option("--principles", "principles_file", metavar="FILE", help="Check against this principles file.")
@click.option("--json", "wants_json", is_flag=True, help="Print all findings as JSON.")
def command(paths: tuple[str, ...], principles_file: str | None, wants_json: bool) -> int:
    """Find what is wrong in scenario and principles files, or in all of a folder.

    Exit code 0: no errors; 1: at least one finding of severity error.

    \b
    Example: servicesim check scenarios/late-parcel.yaml
    """
    inside = [path for name in paths for path in files(name)]
    checked = check(inside, None if principles_file is None else Path(principles_file))
    if wants_json:
        say_json({"files": [_as_json(one) for one in checked]})
    else:
        _tell(checked)
    return 1 if any(errors(one.findings) for one in checked) else 0


def files(name: str) -> Iterator[Path]:
    """The file that is named, or the scenario and principles files of the folder that is named."""
    if not name:
        raise UsageError("a file is missing: name a scenario file, or a folder that holds some")
    path = Path(name)
    if not os.path.isdir(path):
        yield path
        return
    inside = sorted(one for one in path.rglob("*") if one.suffix in (".yaml", ".yml"))
    if not inside:
        raise UsageError(f"there is no scenario file in {named(name)}")
    yield from inside


def check(paths: Iterable[Path], principles_file: Path | None = None) -> list[Checked]:
    """What is wrong in these files, each file once, and in the principles that they cannot be checked without."""
    bench = _Bench()
    if principles_file is not None:
        bench.check_principles(principles_file)
    for path in paths:
        if str(path) not in bench.checked:
            bench.check(path, principles_file)
    return list(bench.checked.values())


class _Bench:
    """The files that were looked at, by name, in the order in which they came up."""

    def __init__(self) -> None:
        self.checked: dict[str, Checked] = {}
        self._principles: dict[Path, tuple[Principles | None, list[Finding]]] = {}

    def check(self, path: Path, principles_file: Path | None) -> None:
        """Check one file, a scenario by these principles or by those beside it."""
        if holds_principles(path):
            self.check_principles(path)
            return
        judge = principles_file or _principles_beside(path)
        principles = self._read(judge)[0]
        if principles is not None:
            self.checked[str(path)] = Checked(str(path), loading.load(path, principles)[1])
            return
        # What does not depend on the principles can be told all the same.
        self.checked[str(path)] = Checked(str(path), source.read(path).findings, by=judge)
        self.check_principles(judge)

    def check_principles(self, path: Path) -> None:
        """Check one principles file; whoever else needs it, it is listed once."""
        findings = [_named_for_principles(finding) for finding in self._read(path)[1]]
        self.checked.setdefault(str(path), Checked(str(path), findings))

    def _read(self, path: Path) -> tuple[Principles | None, list[Finding]]:
        if path not in self._principles:
            self._principles[path] = loading.load_principles(path)
        return self._principles[path]


def _principles_beside(path: Path) -> Path:
    try:
        return loading.principles_beside(path)
    except OSError:  # Nobody may look into the folder, or its name is too long: reading the file itself says so.
        return shipped.scenarios() / loading.PRINCIPLES_FILE


def holds_principles(path: Path) -> bool:
    """Whether this is a principles file, by its name or by what is written in it."""
    if loading.is_principles_file(path):
        return True
    root = source.read(path).root
    return root is not None and "principles" in root and "scenes" not in root


def _named_for_principles(finding: Finding) -> Finding:
    """The finding with the example of a principles file, where one of a scenario was given."""
    if finding.hint.startswith("name a scenario file"):
        return replace(finding, hint="name a principles file, such as principles.yaml")
    return finding


def _tell(checked: list[Checked]) -> None:
    for one in checked:
        for finding in one.findings[:MOST_LINES]:
            say(_line(finding))
        if len(one.findings) > MOST_LINES:
            say(f"and {len(one.findings) - MOST_LINES} more in {named(one.file)}")
        if one.by is not None:
            say(f"{named(one.file)}: not checked further, because its principles in {named(one.by)} have errors")
        elif not one.findings:
            say(f"{named(one.file)}: nothing wrong")
    findings = [finding for one in checked for finding in one.findings]
    if findings:
        wrong = len(errors(findings))
        say(", ".join(_counted(wrong, "error") + _counted(len(findings) - wrong, "warning")))


def _line(finding: Finding) -> str:
    """A finding as a line for a person."""
    message = finding.message if finding.severity == "error" else f"{finding.severity}: {finding.message}"
    return on_one_line(str(replace(finding, file=named(finding.file), message=message)))


def _counted(number: int, what: str) -> list[str]:
    return [f"{number} {what}{'' if number == 1 else 's'}"] if number else []


def _as_json(one: Checked) -> dict[str, Any]:
    told: dict[str, Any] = {"file": one.file, "findings": [_finding(finding) for finding in one.findings]}
    if one.by is not None:
        told["checked"] = False
    return told


def _finding(finding: Finding) -> dict[str, Any]:
    told = asdict(finding)
    del told["file"]
    return told
