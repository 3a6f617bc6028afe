"""`servicesim serve`: the organisation's server, for its desks and for the browsers of trainers and HR."""

from __future__ import annotations

from pathlib import Path

import click

from servicesim.commands.stores import KEY, STORE, place_told
from servicesim.commands.telling import on_one_line, say


@click.command()
@STORE
@KEY
@click.option("--host", default="127.0.0.1", show_default=True, help="The address of this computer to listen on.")
@click.option("--port", type=click.IntRange(0, 65535), default=8000, show_default=True, help="0: any that is free.")
@click.option("--workers", type=int, default=1, show_default=True, help="How many processes answer.")
@click.option("--url", metavar="URL", envvar="SERVICESIM_URL", help="Where people reach the server, such as https://train.example.org.")
@click.option("--behind", metavar="ADDRESS", multiple=True, help="The address or network of a proxy in front, whose word about who asks is believed; several are possible.")
@click.option("--files", metavar="FOLDER", envvar="SERVICESIM_FILES", type=click.Path(path_type=Path), help="A folder with your own scenarios/ and programmes/, which trainers can choose from on the pages.")
def command(
    place: str, key: Path | None, host: str, port: int, workers: int, url: str | None, behind: tuple[str, ...], files: Path | None
) -> None:
    """Serve an organisation's desks and pages from its store, until the process is told to stop.

    It speaks plain http. People reach it by https through a proxy: listening on another address than 127.0.0.1 needs --behind.

    \b
    Example: servicesim serve --store organisation
             servicesim serve --store organisation --workers 4 --url https://train.example.org --behind 127.0.0.1
    """
    from servicesim.server.process import Listening, serve

    wanted = Listening(place_told(place), key, host, port, workers, url or None, behind, files)
    serve(wanted, lambda sentence: say(on_one_line(sentence)))
