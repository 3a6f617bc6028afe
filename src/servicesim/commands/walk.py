"""`servicesim walk`: play walkthroughs, and compare what comes of them with what is written."""

from __future__ import annotations

from difflib import unified_diff
from pathlib import Path

import click

from servicesim import platform
from servicesim.authoring import walkthrough
from servicesim.commands import chosen
from servicesim.commands.telling import say
from servicesim.errors import ServicesimError, UsageError


@click.command()
@click.argument("files", nargs=-1, required=True, type=click.Path(path_type=Path))
@click.option("--update", is_flag=True, help="Write down what comes of them now.")
def command(files: tuple[Path, ...], update: bool) -> int:
    """Play each walkthrough FILE and compare what comes of it with what is written there.

    Exit code 0: as written; 1: something else came of it.

    \b
    Example: servicesim walk tests/walkthroughs/expert.walk
    """
    return max([_walk(path, update=update) for path in files])


def _walk(path: Path, *, update: bool) -> int:
    try:
        written = path.read_text(encoding="utf-8")
    except (OSError, UnicodeDecodeError) as error:
        raise UsageError(f"{path} cannot be read as a walkthrough: {error}") from error
    try:
        walk = walkthrough.read(written)
        now = walkthrough.refreshed(walk, chosen.script(walk.scenario))
    except ServicesimError as error:
        raise type(error)(f"{path}: {error}") from error
    if now == written:
        say(f"{path}: as written")
        return 0
    if update:
        platform.write_atomically(path, now.encode())
        say(f"{path}: written anew")
        return 0
    say("".join(unified_diff(written.splitlines(True), now.splitlines(True), f"{path} (written)", f"{path} (now)")))
    return 1
