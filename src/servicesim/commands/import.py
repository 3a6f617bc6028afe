"""`servicesim import`: a Twine story as the beginning of an encounter."""

from __future__ import annotations

import os
from collections.abc import Sequence
from dataclasses import asdict, replace
from pathlib import Path
from typing import TYPE_CHECKING

import click

from servicesim import platform
from servicesim.authoring.excerpt import excerpt
from servicesim.commands.paper import Paper
from servicesim.commands.telling import named, on_one_line, say_json
from servicesim.errors import UsageError
from servicesim.scenario.findings import Finding, errors, in_order

if TYPE_CHECKING:
    from servicesim.authoring.twine import StoryFile
    from servicesim.authoring.twine_skeleton import Skeleton

MOST_FINDINGS = 20  # that are printed; `--json` has them all
GUTTER = 8
STYLES = {"error": "bold red", "warning": "bold yellow"}


@click.command()
@click.argument("story", type=click.Path(path_type=Path))
@click.option("-o", "--output", "target", type=click.Path(path_type=Path), help="The scenario file to write, or a folder; without it, ID.yaml in this folder.")
@click.option("--story", "title", metavar="TITLE", help="Only the story of this title, where a file holds several.")
@click.option("--json", "wants_json", is_flag=True, help="Print what was found as JSON.")
def command(story: Path, target: Path | None, title: str | None, wants_json: bool) -> int:
    """Make an encounter to fill in out of STORY: a Twee file, or what Twine published as HTML.

    Passages become scenes, links become replies, passages without links become endings. What a story does not say
    (who the customer is, what each reply does and why) is told, and stands as TODO in the file. A file that is
    already there is never changed.

    \b
    Example: servicesim import umbrella.twee -o umbrella.yaml
    """
    from servicesim.authoring import twine
    from servicesim.authoring.twine_skeleton import skeletons

    file = twine.read(story)
    made = _chosen([one for one in skeletons(file, story.stem) if title is None or one.title == title], title, file)
    findings = in_order([*file.findings, *(finding for one in made for finding in one.findings)])
    written = _write(made, target)
    if wants_json:
        say_json({"file": str(story), "written": [str(path) for path in written], "findings": [_as_json(finding) for finding in findings]})
    else:
        _tell(findings, file, Paper())
        _tell_written(made, written, Paper())
    return 1 if errors(findings) else 0


def _chosen(made: list[Skeleton], title: str | None, file: StoryFile) -> list[Skeleton]:
    if title is not None and not made and file.stories:
        raise UsageError(on_one_line(f"no story in {named(file.name)} is called '{title}'; there are: {', '.join(story.title for story in file.stories)}"))
    return made


def _write(made: Sequence[Skeleton], target: Path | None) -> list[Path]:
    """Write each skeleton; raises UsageError, before anything is written, where that cannot be."""
    usable = [one for one in made if one.text]
    folder = Path() if target is None else target
    into = target is None or os.path.isdir(folder)
    if not into and len(usable) > 1:
        raise UsageError(on_one_line(f"there are {len(usable)} stories in the file: name a folder with -o, or one of them with --story: {', '.join(one.title for one in usable)}"))
    paths = [folder / f"{one.id}.yaml" if into else folder for one in usable]
    for path in paths:
        if os.path.lexists(path):
            raise UsageError(f"{named(path)} is already there, and was not changed; name another with -o")
        if not os.path.isdir(path.parent):
            raise UsageError(f"there is no folder {named(path.parent)}; make it first, or name another")
    for path, one in zip(paths, usable, strict=True):
        platform.write_atomically(path, one.text.encode())
    return paths


def _tell(findings: Sequence[Finding], file: StoryFile, paper: Paper) -> None:
    for finding in findings[:MOST_FINDINGS]:
        message = finding.message if finding.severity == "error" else f"{finding.severity}: {finding.message}"
        place, code, rest = on_one_line(str(replace(finding, file=named(finding.file), message=message))).partition(f" {finding.code} ")
        paper.line(place, (code, STYLES[finding.severity]), rest)
        line = file.line(finding.line)
        if line.strip() and finding.code != "T020":
            shown = excerpt(line, finding.column, paper.width - GUTTER, paper.encoding)
            paper.line((f"{finding.line:>5} | ", "dim"), shown.before, (shown.at, f"{STYLES[finding.severity]} underline"), shown.after)
            paper.line(("      | ", "dim"), " " * shown.caret, ("^", STYLES[finding.severity]))
    if len(findings) > MOST_FINDINGS:
        paper.line(f"and {len(findings) - MOST_FINDINGS} more; --json has them all")
    if findings:
        paper.line(f"what a code means, and an example mended: servicesim explain {findings[0].code}")


def _tell_written(made: Sequence[Skeleton], written: Sequence[Path], paper: Paper) -> None:
    if not made:
        paper.line("nothing was written")
    for one, path in zip([one for one in made if one.text], written, strict=True):
        paper.line(on_one_line(f"{named(path)}: {_counted(one.scenes, 'scene')}, {_counted(one.replies, 'reply', 'replies')}, {_counted(one.endings, 'ending')}; {'now fill in what says TODO, and ' if 'TODO' in one.text else ''}see what is missing with: servicesim check {named(path)}"))


def _counted(number: int, one: str, many: str = "") -> str:
    return f"{number} {one if number == 1 else many or one + 's'}"


def _as_json(finding: Finding) -> dict[str, object]:
    told: dict[str, object] = asdict(finding)
    del told["file"]
    return told
