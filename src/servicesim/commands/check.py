"""`servicesim check`: what is wrong in a trainer's files."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import asdict
from pathlib import Path
from typing import Any

import click

from servicesim.commands.telling import say, say_json
from servicesim.errors import UsageError
from servicesim.scenario import loading
from servicesim.scenario.findings import Finding, errors
from servicesim.scenario.principles import Principles


@click.command()
@click.argument("paths", nargs=-1, required=True, type=click.Path())
@click.option("--principles", "principles_file", type=click.Path(), help="Check against this principles file.")
@click.option("--json", "wants_json", is_flag=True, help="Print all findings as JSON.")
def command(paths: tuple[str, ...], principles_file: str | None, wants_json: bool) -> int:
    """Find what is wrong in scenario and principles files, or in all of a folder.

    Exit code 0: no errors; 1: at least one finding of severity error.

    \b
    Example: servicesim check scenarios/late-parcel.yaml
    """
    principles = loading.demand_principles(Path(principles_file)) if principles_file else None
    found = {path: findings_in(path, principles) for named in paths for path in files(named)}
    if wants_json:
        say_json({"files": [_as_json(path, findings) for path, findings in found.items()]})
    else:
        _tell(found)
    return 1 if any(errors(findings) for findings in found.values()) else 0


def files(named: str) -> Iterator[Path]:
    """The file that is named, or the scenario and principles files of the folder that is named."""
    path = Path(named)
    if not path.is_dir():
        yield path
        return
    inside = sorted(one for one in path.rglob("*") if one.suffix in (".yaml", ".yml"))
    if not inside:
        raise UsageError(f"there is no scenario file in {named}")
    yield from inside


def findings_in(path: Path, principles: Principles | None) -> list[Finding]:
    """What is wrong in one file."""
    if loading.is_principles_file(path):
        return loading.load_principles(path)[1]
    return loading.load(path, principles)[1]


def _tell(found: dict[Path, list[Finding]]) -> None:
    for path, findings in found.items():
        if findings:
            say(loading.said(findings))
        else:
            say(f"{path}: nothing wrong")


def _as_json(path: Path, findings: list[Finding]) -> dict[str, Any]:
    return {"file": str(path), "findings": [_finding(finding) for finding in findings]}


def _finding(finding: Finding) -> dict[str, Any]:
    told = asdict(finding)
    del told["file"]
    return told
