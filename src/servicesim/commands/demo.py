"""`servicesim demo`: the shipped encounter plays itself."""

from __future__ import annotations

from pathlib import Path

import click

from servicesim.commands.export import export
from servicesim.commands.telling import say


@click.command()
@click.option(
    "--out", type=click.Path(file_okay=False, path_type=Path), default=Path("servicesim-demo"), show_default=True,
    help="The folder for pictures, transcript, scores and the demo's own records.",
)  # fmt: skip
@click.option("--off-screen", is_flag=True, help="Without a window, though there is a display.")
def command(out: Path, off_screen: bool) -> None:
    """Play the shipped demo by itself: in a window if there is a display, off screen otherwise.

    Writes a picture of every screen, the transcript and scores.csv. Nothing of it mixes with real records.

    \b
    Example: servicesim demo --out servicesim-demo
    """
    from servicesim.desktop.demo import play_demo

    played = play_demo(out / "records", out, off_screen=off_screen or None)
    for path in played.written:
        say(str(path))
    if played.assessment is None:
        click.echo("the demo was stopped before its end")
        return
    scores = out / "scores.csv"
    export(scores, out / "records")
    say(str(scores))
    where = "off screen" if played.off_screen else "in a window"
    verdict = "passed" if played.assessment.passed else "not passed"
    click.echo(f"played {where}: conduct {played.assessment.shown} of 100, {verdict}, the customer is {played.assessment.outcome}")
