"""`servicesim play`: one encounter in a window."""

from __future__ import annotations

from functools import partial

import click

from servicesim import settings
from servicesim.commands import chosen
from servicesim.commands.certificate import certifier
from servicesim.commands.linking import linking
from servicesim.languages import LANGUAGES


@click.command()
@click.argument("scenario")
@click.option("--as", "person", metavar="ID", help="Who plays, by the id that the company uses; otherwise the window asks.")
@click.option("--language", type=click.Choice(list(LANGUAGES)), help="The language of the window, and of the encounter where it is translated.  [default: the one that the person chose]")
@click.option("--untimed", is_flag=True, help="With every clock turned off; it costs no points.")
@click.option("--practice", is_flag=True, help="Not counted: scores of practice are not handed to HR.")
def command(scenario: str, person: str | None, language: str | None, untimed: bool, practice: bool) -> None:
    """Play SCENARIO (an id or a file). One that was left in the middle goes on where it stopped.

    \b
    Example: servicesim play late-parcel --as 1042
    """
    script = chosen.script(scenario)
    from servicesim.desktop.app import open_encounter
    from servicesim.exports.outgoing import Outgoing

    home = settings.home()
    open_encounter(
        home, script, person=person, language=language, untimed=untimed, practice=practice, tell=Outgoing(home), certify=certifier(home),
        linked=partial(linking, home),
    )  # fmt: skip
