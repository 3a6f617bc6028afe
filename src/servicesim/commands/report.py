"""`servicesim report`: what training leads and HR read and print."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from servicesim import settings
from servicesim.commands.telling import complain, named, on_one_line, say
from servicesim.commands.wanted import asks_where, asks_which, filter_of
from servicesim.errors import UsageError
from servicesim.languages import LANGUAGES
from servicesim.records.place import Place

if TYPE_CHECKING:
    from servicesim.exports.report.handing import Order


@click.command()
@click.option("-o", "--output", "path", type=click.Path(path_type=Path), required=True, help="The HTML file to write.")
@click.option("--language", type=click.Choice(list(LANGUAGES)), default="en", show_default=True, help="The language of the report.")
@click.option("--by", type=click.Choice(["team", "cohort"]), help="Which groups are told apart: teams, or people who began in the same month.  [default: team]")
@asks_which("first, or all with --person,")
@click.option("--with-names", is_flag=True, help="With --person: say who it is, and who reviewed what.")
@asks_where
def command(path: Path, records: Place | None, **asked: Any) -> None:
    """Write a report as one HTML file that needs nothing else and prints well. An existing file is replaced once the new one is complete.

    It shows principles by team, what is broken most, weeks, the spread of conduct, attempts until a pass, and how teams compare;
    of groups with fewer than 5 people nothing. With --person, it is the page of that person: every attempt word by word, and
    how it was judged.

    \b
    Example: servicesim report -o report.html
             servicesim report --language fa --by cohort --since 2026-10-01 -o report.html
             servicesim report --person 1042 --with-names -o 1042.html
    """
    from servicesim.exports.report.handing import hand_over

    folder = records or settings.home()
    order = _order(path, folder, asked)
    done = hand_over(order, folder)
    say(on_one_line(f"{named(path)}: {done.attempts} {'attempt' if done.attempts == 1 else 'attempts'}"))
    if done.not_logged:
        complain(on_one_line(f"the log of exports has no line for this: {done.not_logged}"))


def _order(path: Path, folder: Place, asked: dict[str, Any]) -> Order:
    from servicesim.exports.clock import clock_of
    from servicesim.exports.report.handing import Order

    of_person = asked["person"] is not None
    if asked["with_names"] and not of_person:
        raise UsageError("--with-names goes with --person: the report of groups names nobody")
    if asked["by"] and of_person:
        raise UsageError("--by is for groups, and goes without --person")
    clock = clock_of(asked["times"])
    return Order(
        path=path,
        filter=filter_of(folder, asked, clock, attempts="all" if of_person else "first"),
        language=asked["language"],
        by=asked["by"] or "team",
        with_names=asked["with_names"],
        clock=clock,
    )
