"""`servicesim walk`: play walkthroughs, and compare what comes of them with what is written."""

from __future__ import annotations

import os
from collections.abc import Iterator
from difflib import unified_diff
from pathlib import Path

import click

from servicesim import platform
from servicesim.authoring import walkthrough
from servicesim.commands import chosen
from servicesim.commands.telling import complain, named, on_one_line, say
from servicesim.encounter.script import Script
from servicesim.errors import FilesHaveFindings, ServicesimError, UsageError


@click.command()
@click.argument("files", metavar="FILE...", nargs=-1, required=True)
@click.option("--update", is_flag=True, help="Write down what comes of them now.")
def command(files: tuple[str, ...], update: bool) -> int:
    """Play each walkthrough FILE and compare what comes of it with what is written there.

    Exit code 0: as written; 1: something else came of one; 2: one cannot be read or played. The others are played all
    the same.

    \b
    Example: servicesim walk tests/walkthroughs/expert-rider.walk
    """
    if "" in files:
        raise UsageError("a file is missing: name a walkthrough, such as expert.walk")
    return max([_walk(name, update=update) for name in files])


def _walk(name: str, *, update: bool) -> int:
    try:
        written, now = _played(Path(name))
    except FilesHaveFindings as error:
        complain(f"{named(name)}: its scenario cannot be played:\n{error}")
        return error.exit_code
    except ServicesimError as error:
        complain(on_one_line(f"{named(name)}: {error}"))
        return error.exit_code
    if now == written:
        say(f"{named(name)}: as written")
        return 0
    if update:
        platform.write_atomically(Path(name), now.encode())
        say(f"{named(name)}: written anew")
        return 0
    say("\n".join(_difference(name, written, now)))
    return 1


def _played(path: Path) -> tuple[str, str]:
    """What is written in a walkthrough file, and what would be now."""
    written = walkthrough.written_in(path)
    walk = walkthrough.read(written)
    return written, walkthrough.refreshed(walk, _script(walk.scenario, path.parent))


def _script(scenario: str, folder: Path) -> Script:
    """The scenario that a walkthrough names: a file beside it before one in the folder where the command is used."""
    for name in (scenario, f"{scenario}.yaml"):
        if name.endswith((".yaml", ".yml")) and os.path.isfile(folder / name):
            return chosen.script(str(folder / name))
    return chosen.script(scenario)


def _difference(name: str, written: str, now: str) -> Iterator[str]:
    heads = f"{named(name)} (written)", f"{named(name)} (now)"
    return unified_diff(written.splitlines(), now.splitlines(), *heads, lineterm="")
