"""`servicesim export`: hand the scores to HR."""

from __future__ import annotations

from pathlib import Path

import click

from servicesim import settings
from servicesim.commands.telling import on_one_line, say


@click.command()
@click.option("--format", "kind", type=click.Choice(["csv"]), default="csv", show_default=True, help="Which kind of file.")
@click.option("-o", "--output", "path", type=click.Path(path_type=Path), required=True, help="The file to write.")
@click.option("--records", type=click.Path(path_type=Path), help="The folder of the records, if not the usual one.")
@click.option("--with-practice", is_flag=True, help="Practice attempts too.")
def command(kind: str, path: Path, records: Path | None, with_practice: bool) -> None:
    """Write one row for each attempt that has ended. An existing file is replaced once the new one is complete.

    \b
    Example: servicesim export --format csv -o scores.csv
    """
    count = export(path, records or settings.home(), with_practice=with_practice)
    say(on_one_line(f"{path}: {count} {'attempt' if count == 1 else 'attempts'}"))


def export(path: Path, folder: Path, *, with_practice: bool = False) -> int:
    """Write the attempts of a records folder to a CSV file; how many there were."""
    from servicesim.exports import csv
    from servicesim.exports.ended import ended
    from servicesim.records import open_people, open_records

    with open_records(folder, read_only=True) as records, open_people(folder, read_only=True) as people:
        return csv.write(path, ended(records, people, with_practice=with_practice))
