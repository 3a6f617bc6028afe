"""`servicesim new`: a scenario to start from."""

from __future__ import annotations

import os
from pathlib import Path

import click

from servicesim.commands.telling import named, on_one_line, say
from servicesim.errors import UsageError
from servicesim.scenario.model import CHANNELS, Channel


@click.command()
@click.argument("id_", metavar="ID")
@click.option("--channel", type=click.Choice(CHANNELS), default="phone", show_default=True, help="How the customer comes.")
@click.option("-o", "--output", "folder", type=click.Path(path_type=Path), default=Path(), help="The folder to write it to, if not this one.")
def command(id_: str, channel: Channel, folder: Path) -> None:
    """Write ID.yaml: a small encounter that works, with notes that explain it. Change it until it is yours.

    A file that is already there is never changed.

    \b
    Example: servicesim new lost-umbrella --channel in-person
    """
    path = write(id_, channel, folder)
    say(on_one_line(f"{named(path)}: written; now open it in an editor, and see it with: servicesim preview {named(path)}"))


def write(id_: str, channel: Channel, folder: Path) -> Path:
    """Write a new scenario into a folder; raises UsageError where that cannot be."""
    from servicesim.authoring.starting import begun, refusal

    why_not = refusal(id_)
    if why_not:
        raise UsageError(on_one_line(why_not))
    if not os.path.isdir(folder):
        raise UsageError(f"{named(folder)} is not a folder" if os.path.exists(folder) else f"there is no folder {named(folder)}; make it first")
    path = folder / f"{id_}.yaml"
    try:
        with path.open("x", encoding="utf-8", newline="\n") as file:
            file.write(begun(id_, channel))
    except FileExistsError:
        raise UsageError(f"{named(path)} is already there, and was not changed; choose another id") from None
    return path
