"""`servicesim handin`: this desk's attempts in one file, for HR."""

from __future__ import annotations

from pathlib import Path

import click

from servicesim import settings
from servicesim.commands.counting import counting
from servicesim.commands.places import RECORDS
from servicesim.commands.telling import complain, on_one_line, say
from servicesim.errors import UsageError
from servicesim.records.place import Place

MOST = 20  # that are told one by one


@click.command()
@click.argument("path", metavar="FILE", type=click.Path(path_type=Path))
@click.option("--since", metavar="DAY", help="Attempts that began on this day or later, as 2026-10-01.")
@click.option("--until", metavar="DAY", help="Attempts that began on this day or earlier.")
@click.option("--with-practice", is_flag=True, help="Practice attempts too.")
@RECORDS
def command(path: Path, since: str | None, until: str | None, with_practice: bool, folder: Place | None) -> int:
    """Pack the attempts that have ended into one file, for HR to collect. To hand in the same again does no harm.

    The file says who the people are: send it as you would send their names. Exit code 1: something damaged was left out.

    \b
    Example: servicesim handin desk-3.zip
    """
    from servicesim.exports.clock import Clock
    from servicesim.exports.filters import Filter
    from servicesim.exports.handin import pack

    clock = Clock(None)
    wanted = Filter(
        since=None if since is None else clock.day_began(since),
        until=None if until is None else clock.day_ended(until),
        with_practice=with_practice,
    )
    if wanted.since is not None and wanted.until is not None and wanted.since >= wanted.until:
        raise UsageError("--until comes before --since: no attempt can have begun then")
    with counting("looked through") as line:
        packed = pack(path, folder or settings.home(), wanted, line)
    people = f"{packed.people} {'person' if packed.people == 1 else 'people'}"
    say(on_one_line(f"{path}: {packed.attempts} attempt{'' if packed.attempts == 1 else 's'} of {people}"))
    for attempt, why in packed.left_out[:MOST]:
        complain(on_one_line(f"attempt {attempt} is left out: {why}"))
    if len(packed.left_out) > MOST:
        complain(f"and {len(packed.left_out) - MOST} more are left out; servicesim verify tells all")
    return 1 if packed.left_out else 0
