"""`servicesim explain`: what a finding means, an example that has it, and the same mended."""

from __future__ import annotations

import click

from servicesim.authoring.catalogue.page import codes, page
from servicesim.commands.paper import Paper

SHORT = "These examples are as short as can be: 'servicesim check --no-reach' finds only this in the first, and nothing in the second."


@click.command()
@click.argument("code", required=False)
def command(code: str | None) -> None:
    """Say what a finding of `servicesim check`, `import` or `export --columns` means, why it matters and what to do, with an example.

    CODE is the letter and number that a finding carries. Without it, all codes are listed.

    \b
    Example: servicesim explain S012
    """
    paper = Paper()
    if code is None:
        for known in codes():
            paper.line((known, "bold"), f"  {page(known).title}")
        return
    found = page(code)
    paper.markdown(found.text)
    if not (found.proven or found.of_mapping or found.of_programme or found.of_story):
        paper.line()
        paper.line((SHORT, "dim"))
