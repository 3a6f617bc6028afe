"""`servicesim check`: what is wrong in a trainer's files, and what an encounter can be scored."""

from __future__ import annotations

import os
from collections.abc import Iterable, Iterator
from dataclasses import asdict, replace
from math import isnan
from pathlib import Path
from typing import Any

import click

from servicesim.authoring import bench, told
from servicesim.authoring.bench import Checked
from servicesim.authoring.excerpt import excerpt
from servicesim.authoring.programmes import completion_as_json, completion_in_words
from servicesim.commands.paper import Paper, Part
from servicesim.commands.telling import named, on_one_line, say_json
from servicesim.commands.waiting import Sign
from servicesim.errors import UsageError
from servicesim.scenario.findings import Finding, errors
from servicesim.scenario.source import Source

MOST_FINDINGS = 20  # that are printed for one file; `--json` has them all
GUTTER = 8  # before an excerpt: the number of its line
STYLES = {"error": "bold red", "warning": "bold yellow"}


@click.command()
@click.argument("paths", metavar="PATH...", nargs=-1, required=True)
@click.option("--principles", "principles_file", metavar="FILE", help="Check against this principles file.")
@click.option("--json", "wants_json", is_flag=True, help="Print all findings as JSON.")
@click.option(
    "--seconds", type=click.FloatRange(0, 3600, min_open=True), default=bench.SECONDS, show_default=True,
    help="How long to look for the scores that each scenario can reach.",
)  # fmt: skip
@click.option("--no-reach", is_flag=True, help="Only look at what is written, not at what can be reached.")
def command(paths: tuple[str, ...], principles_file: str | None, wants_json: bool, seconds: float, no_reach: bool) -> int:
    """Find what is wrong in scenario and principles files, or in all of a folder, and which scores can be reached.

    Each finding begins with file:line:column and a code; `servicesim explain CODE` says more. Exit code 0: no errors;
    1: at least one finding of severity error.

    \b
    Example: servicesim check scenarios/late-parcel.yaml
    """
    if isnan(seconds):
        raise UsageError("the seconds are no number; write --seconds 10")
    inside = [path for name in paths for path in files(name)]
    principles = None if principles_file is None else Path(principles_file)
    sign = Sign(wanted=not no_reach)
    checked = sign.while_working(bench.check(inside, principles, None if no_reach else seconds, looking=sign.looking_at))
    return 1 if (_tell_json(checked) if wants_json else _tell(checked, Paper())) else 0


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


def _tell(checked: Iterable[Checked], paper: Paper) -> bool:
    """Tell of each file as soon as it was looked at; whether there are errors."""
    findings: list[Finding] = []
    for one in checked:
        for finding in one.findings[:MOST_FINDINGS]:
            _tell_finding(finding, one.source, paper)
        _tell_file(one, paper)
        findings += one.findings
    if findings:
        wrong = len(errors(findings))
        paper.line(", ".join(_counted(wrong, "error") + _counted(len(findings) - wrong, "warning")))
        first = next(iter(errors(findings)), findings[0])
        paper.line(f"what a code means, and an example mended: servicesim explain {first.code}")
    return bool(errors(findings))


def _tell_finding(finding: Finding, source: Source, paper: Paper) -> None:
    paper.line(*_headline(finding))
    line = source.line(finding.line)
    if line.strip():
        shown = excerpt(line, finding.column, paper.width - GUTTER, paper.encoding)
        paper.line((f"{finding.line:>5} | ", "dim"), shown.before, (shown.at, f"{STYLES[finding.severity]} underline"), shown.after)
        paper.line(("      | ", "dim"), " " * shown.caret, ("^", STYLES[finding.severity]))
    paper.line()


def _headline(finding: Finding) -> list[Part]:
    """A finding on one line, as programs read it too; the hint is what helps, so it stands out."""
    message = finding.message if finding.severity == "error" else f"{finding.severity}: {finding.message}"
    whole = on_one_line(str(replace(finding, file=named(finding.file), message=message)))
    place, code, rest = whole.partition(f" {finding.code} ")
    if not finding.hint or not rest.endswith(finding.hint):
        return [place, (code, STYLES[finding.severity]), rest]
    return [place, (code, STYLES[finding.severity]), rest.removesuffix(finding.hint), (finding.hint, "green")]


def _tell_file(one: Checked, paper: Paper) -> None:
    """What is to be said of a file after its findings."""
    name = named(one.file)
    if len(one.findings) > MOST_FINDINGS:
        paper.line(f"and {len(one.findings) - MOST_FINDINGS} more in {name}")
    if one.by is not None:
        paper.line(f"{name}: not checked further, because its principles in {named(one.by)} have errors")
    elif not one.findings:
        paper.line(f"{name}: ", ("nothing wrong", "green"))
    elif one.proven.reach is not None or one.completion is not None:
        paper.line(f"{name}:")
    if one.completion is not None:
        paper.line(f"  {completion_in_words(one.completion)}")
    if one.proven.reach is not None:
        for line in told.reach_in_words(one.proven.reach, one.proven.strategies):
            paper.line(f"  {line}")


def _counted(number: int, what: str) -> list[str]:
    return [f"{number} {what}{'' if number == 1 else 's'}"] if number else []


def _tell_json(checked: Iterable[Checked]) -> bool:
    """Print everything at once, for a program; whether there are errors."""
    files, wrong = list[dict[str, Any]](), False
    for one in checked:
        files.append(_as_json(one))
        wrong = wrong or bool(errors(one.findings))
    say_json({"files": files})
    return wrong


def _as_json(one: Checked) -> dict[str, Any]:
    said: dict[str, Any] = {"file": one.file, "findings": [_finding(finding) for finding in one.findings]}
    if one.by is not None:
        said["checked"] = False
    if one.completion is not None:
        said["programme"] = completion_as_json(one.completion)
    if one.proven.reach is not None:
        said["reach"] = told.reach_as_json(one.proven.reach, one.proven.strategies)
    return said


def _finding(finding: Finding) -> dict[str, Any]:
    said = asdict(finding)
    del said["file"]
    return said
