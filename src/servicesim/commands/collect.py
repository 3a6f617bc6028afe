"""`servicesim collect`: what desks have handed in, in one table."""

from __future__ import annotations

import os
import time
from collections.abc import Iterator
from dataclasses import asdict
from pathlib import Path
from typing import TYPE_CHECKING

import click

from servicesim import settings
from servicesim.commands.counting import Counting, counting
from servicesim.commands.places import RECORDS
from servicesim.commands.telling import named, on_one_line, say, say_json
from servicesim.errors import UsageError
from servicesim.records.place import Place

if TYPE_CHECKING:
    from servicesim.exports.collecting import Collected

MOST = 20  # of a file that are told one by one; `--json` has them all


@click.command()
@click.argument("paths", metavar="FILE...", nargs=-1, required=True, type=click.Path(path_type=Path))
@RECORDS
@click.option("--json", "wants_json", is_flag=True, help="Print what became of each file as JSON.")
def command(paths: tuple[Path, ...], folder: Place | None, wants_json: bool) -> int:
    """Take in what desks have handed in: each attempt is played again, and kept once. To collect the same again does no harm.

    Exit code 0: everything was taken in or is known; 1: something was refused.

    \b
    Example: servicesim collect desk-1.zip desk-2.zip
    """
    _demand_files(paths)
    with counting("looked at") as line:
        found = []
        for one in _collected(paths, folder or settings.home(), line):
            line.clear()
            found.append(one)
            if not wants_json:
                _tell(one)
    if wants_json:
        counts: dict[str, int] = {name: sum(getattr(one, name) for one in found) for name in ("taken", "known", "removed")}
        counts["refused"] = sum(len(one.refused) for one in found)
        say_json({"files": [asdict(one) for one in found], "counts": counts})
    return 0 if all(one.is_whole for one in found) else 1


def _demand_files(paths: tuple[Path, ...]) -> None:
    """Raises UsageError before anything is taken in, so that a slip of the finger leaves nothing half done."""
    for path in paths:
        if not os.path.lexists(path):
            raise UsageError(f"there is no file {named(path)}; name what was handed in, such as desk-3.zip")
        if path.is_dir():
            raise UsageError(f"{named(path)} is a folder; name the files in it")


def _collected(paths: tuple[Path, ...], folder: Place, line: Counting) -> Iterator[Collected]:
    from servicesim.exports import rollups
    from servicesim.exports.collecting import collect
    from servicesim.exports.outgoing import Outgoing
    from servicesim.records import open_people, open_records

    with open_records(folder, tell=Outgoing(folder)) as records, open_people(folder) as people:
        for path in paths:
            yield collect(path, records, people, at=time.time_ns() // 1_000_000, watch=line)
        rollups.keep_up(records, people)


def _tell(one: Collected) -> None:
    name = named(one.file)
    for note in one.notes[:MOST]:
        say(on_one_line(f"{name}: {note}"))
    for refused in one.refused[:MOST]:
        say(on_one_line(f"{name}: REFUSED {refused.attempt}: {refused.why}"))
    if len(one.refused) > MOST:
        say(f"{name}: and {len(one.refused) - MOST} more refused, all of which --json tells")
    if one.problem:
        say(on_one_line(f"{name}: REFUSED as a whole: {one.problem}"))
        return
    if one.new_texts:
        say(on_one_line(f"{name}: in versions that were not kept here before: {', '.join(one.new_texts)}"))
    removed = f", {one.removed} removed here before and left out" if one.removed else ""
    say(f"{name}: {one.taken} taken in, {one.known} known already{removed}, {len(one.refused)} refused")
