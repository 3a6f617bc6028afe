"""`servicesim preview`: an encounter in the window while it is being written."""

from __future__ import annotations

import re
import shlex

import click

from servicesim.commands import chosen
from servicesim.commands.telling import named, say
from servicesim.languages import LANGUAGES


@click.command()
@click.argument("scenario")
@click.option("--principles", "principles_file", metavar="FILE", help="Judge by these principles instead of those beside it.")
@click.option("--language", type=click.Choice(list(LANGUAGES)), help="The language of the window, and of the encounter where it is translated; its own if not said.")
def command(scenario: str, principles_file: str | None, language: str | None) -> None:
    """Show SCENARIO (a file or an id) in a window, and again whenever it is saved.

    The play goes on from the same moves. Every scene is one press away, each reply says what it does and why it is not
    offered, and moves can be taken back. Nothing is recorded. A file with errors is told about in the window.

    With --language you see its translation, and again whenever that is saved, with what is missing in it or does not fit.

    \b
    Example: servicesim preview my-encounter.yaml
             servicesim preview late-parcel --language fa
    """
    path = chosen.scenario_path(scenario)
    principles = None if principles_file is None else chosen.principles_path(principles_file)
    from servicesim.desktop.screens.preview import open_preview

    last = open_preview(path, principles, language=language)
    if last.moves and last.start is None:
        moves = ",".join(move.name for move in last.moves)
        say(f"played last: servicesim simulate {_typed(named(scenario))} --play {_typed(moves)}")


def _typed(text: str) -> str:
    """A text as it is typed: in the quotes that every system's command window understands, if it needs any.

    Without them PowerShell would take a text with commas for several.
    """
    if re.fullmatch(r"[\w./:\\-]+", text):
        return text
    return shlex.quote(text) if re.search(r'["$`!%]', text) else f'"{text}"'
