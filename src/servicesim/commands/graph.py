"""`servicesim graph`: a scenario as a picture."""

from __future__ import annotations

import os
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING

import click

from servicesim import platform
from servicesim.commands import chosen
from servicesim.commands.telling import named, on_one_line, say
from servicesim.encounter.script import Script
from servicesim.errors import UsageError

if TYPE_CHECKING:
    from servicesim.analysis.proof import Reach
    from servicesim.authoring.graph import Drawing

KINDS = (".svg", ".mmd", ".dot")


@click.command()
@click.argument("scenario")
@click.option("-o", "--output", "path", type=click.Path(path_type=Path), help="The file to write: .svg, .mmd (Mermaid) or .dot (Graphviz).")
@click.option("--principles", "principles_file", metavar="FILE", help="Show what is at stake by this principles file.")
@click.option("--seconds", type=click.FloatRange(min=0.1, max=600), default=10.0, show_default=True, help="Time to prove what can be reached.")
@click.option("--no-reach", is_flag=True, help="Leave out the best path and what is never reached.")
def command(scenario: str, path: Path | None, principles_file: str | None, seconds: float, no_reach: bool) -> None:
    """Draw SCENARIO (an id or a file): scenes, replies, endings, and what is at stake in each reply.

    The best path is thick; what no play comes to is dashed. Without a file, Mermaid is printed.

    \b
    Example: servicesim graph late-parcel -o late-parcel.svg
    """
    write = writer(path)
    script = chosen.script(scenario, principles_file)
    text = write(_drawing(script, None if no_reach else seconds))
    if path is None:
        say(text.rstrip("\n"))
        return
    platform.write_atomically(path, text.encode())
    say(on_one_line(f"{named(path)}: {len(script.scenario.scenes)} scenes, {len(script.scenario.endings)} endings"))


def _drawing(script: Script, seconds: float | None) -> Drawing:
    from servicesim.authoring.graph import drawing

    return drawing(script, None if seconds is None else _reach(script, seconds))


def _reach(script: Script, seconds: float) -> Reach:
    from servicesim.analysis.reach import reach
    from servicesim.analysis.starts import starts, together

    return together({remembered: reach(begun, seconds=seconds) for remembered, begun in starts(script)})


def writer(path: Path | None) -> Callable[[Drawing], str]:
    """Who writes this kind of file; raises UsageError where it cannot be written."""
    from servicesim.authoring.graph_dot import dot
    from servicesim.authoring.graph_mermaid import mermaid
    from servicesim.authoring.graph_svg import svg

    if path is None:
        return mermaid
    writers = dict(zip(KINDS, (svg, mermaid, dot), strict=True))
    if path.suffix.lower() not in writers:
        raise UsageError(f"{named(path)}: what kind of picture? name a file that ends in {', '.join(KINDS[:-1])} or {KINDS[-1]}")
    if not os.path.isdir(path.parent):
        raise UsageError(f"there is no folder {named(path.parent)}; make it first, or name another")
    if os.path.isdir(path):
        raise UsageError(f"{named(path)} is a folder; name a file")
    return writers[path.suffix.lower()]
