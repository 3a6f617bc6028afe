"""What commands print: nothing in it hides from the reader or steers the terminal, wherever it came from."""

from __future__ import annotations

import json
import sys

import click

from servicesim.scenario.characters import visible


def say(text: str) -> None:
    """Print lines for a person; a control in a file's name or text is shown by its code."""
    click.echo(visible(text))


def say_json(told: object) -> None:
    """Print JSON for a program: as it is read by people, or in ASCII where the output cannot hold all of it."""
    text = json.dumps(told, ensure_ascii=False, indent=1)
    try:
        text.encode(sys.stdout.encoding or "utf-8")
    except UnicodeEncodeError:
        text = json.dumps(told, indent=1)
    click.echo(text)
