"""What commands print: nothing in it hides from the reader or steers the terminal, wherever it came from."""

from __future__ import annotations

import json
import os
import sys
from typing import TextIO

import click

from servicesim.scenario.authored import sayable
from servicesim.scenario.characters import visible

LONGEST = 2_000  # characters of one sentence: the longest that ServiceSim itself has to say is well below


def is_watched(stream: TextIO) -> bool:
    """Whether somebody looks at this on a terminal that can do more than write line after line."""
    return stream.isatty() and os.environ.get("TERM") != "dumb"


def say(text: str) -> None:
    """Print lines for a person; a control in a file's name or text is shown by its code."""
    click.echo(visible(text))


def complain(text: str) -> None:
    """Print what went wrong, on the output for errors."""
    click.echo(visible(text), err=True)


def on_one_line(text: str) -> str:
    """A sentence that quotes what somebody typed, line breaks and all, as one line with an end."""
    line = visible(text).replace("\n", "\\n")
    return line if len(line) <= LONGEST else f"{line[: LONGEST // 2]} … {line[-LONGEST // 2 :]}"


def named(path: object) -> str:
    """A file's name as a line may hold it: short, and nothing in it hidden."""
    return sayable(str(path))


def say_json(told: object) -> None:
    """Print JSON for a program: as it is read by people, or in ASCII where the output cannot hold all of it."""
    text = json.dumps(told, ensure_ascii=False, indent=1)
    try:
        text.encode(sys.stdout.encoding or "utf-8")
    except UnicodeEncodeError:
        text = json.dumps(told, indent=1)
    click.echo(text)
