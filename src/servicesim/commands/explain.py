"""`servicesim explain`: what a finding means, an example that has it, and the same mended."""

from __future__ import annotations

import click

from servicesim.authoring.catalogue.page import codes, page
from servicesim.commands.paper import Paper


@click.command()
@click.argument("code", required=False)
def command(code: str | None) -> None:
    """Say what a finding of `servicesim check` means, why it matters and what to do, with an example.

    CODE is the letter and number that a finding carries. Without it, all codes are listed.

    \b
    Example: servicesim explain S012
    """
    paper = Paper()
    if code is not None:
        paper.markdown(page(code).text)
        return
    for known in codes():
        paper.line((known, "bold"), f"  {page(known).title}")
