"""`servicesim storyboard`: an encounter for people who will never open its file, on paper or in Twine."""

from __future__ import annotations

import os
from pathlib import Path
from typing import TYPE_CHECKING

import click

from servicesim import platform
from servicesim.commands import chosen
from servicesim.commands.telling import named, on_one_line, say
from servicesim.encounter.script import Script
from servicesim.errors import UsageError
from servicesim.languages import LANGUAGES

if TYPE_CHECKING:
    from servicesim.analysis.proof import Reach

KINDS = (".html", ".twee", ".tw")


@click.command()
@click.argument("scenario")
@click.option("-o", "--output", "path", type=click.Path(path_type=Path), required=True, help="The file to write: .html to read and print, .twee for Twine.")
@click.option("--language", type=click.Choice(list(LANGUAGES)), help="Write it in this language.  [default: the one that it is written in]")
@click.option("--principles", "principles_file", metavar="FILE", help="Take what acts are called from this principles file.")
@click.option("--seconds", type=click.FloatRange(min=0.1, max=600), default=10.0, show_default=True, help="Time to find the expert's way.")
@click.option("--no-reach", is_flag=True, help="Do not mark the expert's way.")
def command(scenario: str, path: Path, language: str | None, principles_file: str | None, seconds: float, no_reach: bool) -> None:
    """Write SCENARIO (an id or a file) for people to read: who says what, what each reply does, where it leads, and why.

    As HTML it is a storyboard to print, with room for remarks; as Twee it can be opened in Twine, and `servicesim import`
    reads it back.

    \b
    Example: servicesim storyboard late-parcel -o late-parcel.html
    """
    kind = _kind(path)
    script = chosen.script_in(scenario, language, principles_file) if language else chosen.script(scenario, principles_file)
    text, told = _twee(script) if kind != ".html" else _html(script, None if no_reach else seconds)
    platform.write_atomically(path, text.encode())
    say(on_one_line(f"{named(path)}: {_counted(len(script.scenario.scenes), 'scene')}, {_counted(len(script.scenario.endings), 'ending')}{told}"))


def _kind(path: Path) -> str:
    """Which kind of file is wanted; raises UsageError where it cannot be written."""
    kind = path.suffix.lower()
    if kind not in KINDS:
        raise UsageError(f"{named(path)}: what kind of file? name one that ends in .html or .twee")
    if not os.path.isdir(path.parent):
        raise UsageError(f"there is no folder {named(path.parent)}; make it first, or name another")
    if os.path.isdir(path):
        raise UsageError(f"{named(path)} is a folder; name a file")
    return kind


def _twee(script: Script) -> tuple[str, str]:
    from servicesim.authoring.twine_writing import left_out, twee

    missing = left_out(script.scenario)
    return twee(script.scenario), f"; not in it, since Twine has no place for them: {', '.join(missing)}" if missing else ""


def _html(script: Script, seconds: float | None) -> tuple[str, str]:
    from servicesim.authoring.storyboard import storyboard

    return storyboard(script, None if seconds is None else _reach(script, seconds)), ""


def _counted(number: int, what: str) -> str:
    return f"{number} {what}{'' if number == 1 else 's'}"


def _reach(script: Script, seconds: float) -> Reach:
    from servicesim.analysis.reach import reach

    return reach(script, seconds=seconds)
