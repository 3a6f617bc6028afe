"""`servicesim certificate`: one page for an attempt that passed, and the way to check one."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import click

from servicesim import settings
from servicesim.commands.telling import complain, named, on_one_line, say
from servicesim.commands.wanted import asks_where
from servicesim.languages import LANGUAGES
from servicesim.records.place import Place


@click.command()
@click.argument("attempt")
@click.option("-o", "--output", "path", type=click.Path(path_type=Path), required=True, help="The HTML file to write.")
@click.option("--language", type=click.Choice(list(LANGUAGES)), default="en", show_default=True, help="The language of the certificate.")
@asks_where
def command(attempt: str, path: Path, language: str, records: Place | None, times: str) -> None:
    """Write the certificate of ATTEMPT (an id, as it stands on a certificate, in an export or in `verify --json`) as one HTML file.

    The attempt is played again first: where that does not give the result that is kept, nothing is written. So this is also how a
    certificate is checked: the page that it writes must say the same. There is none for practice, for what was not passed, and
    for what was set aside.

    \b
    Example: servicesim certificate 3f1c0a52-8d7e-4b7e-9a55-0c2f6f1d2b10 -o certificate.html
    """
    from servicesim.exports.certificate import Order, hand_over
    from servicesim.exports.clock import clock_of

    not_logged = hand_over(Order(attempt, path, language, clock_of(times)), records or settings.home())
    say(on_one_line(f"{named(path)}: the certificate of attempt {attempt}"))
    if not_logged:
        complain(on_one_line(f"the log of exports has no line for this: {not_logged}"))


def certifier(folder: Path) -> Callable[[str, str], Path]:
    """Writes certificates for the window; what that takes is only imported when the first is wanted."""

    def certify(attempt: str, language: str) -> Path:
        from servicesim.exports.certificate import Certifier

        return Certifier(folder)(attempt, language)

    return certify
