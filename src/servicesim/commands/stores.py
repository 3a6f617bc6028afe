"""The store of an organisation, as commands name it and open it."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING

import click
from click.core import ParameterSource

from servicesim.commands.places import demand_no_password

if TYPE_CHECKING:
    from servicesim.records.organisation import Organisation
    from servicesim.records.place import Place

BY = "command line"


def _without_password(context: click.Context, option: click.Parameter, place: str) -> str:
    """As it was typed; in the environment, an address may hold a password."""
    if context.get_parameter_source(option.name or "") is ParameterSource.COMMANDLINE:
        demand_no_password(place, "put the address into SERVICESIM_STORE, or the password into ~/.pgpass")
    return place


STORE = click.option("--store", "place", metavar="PLACE", required=True, envvar="SERVICESIM_STORE", callback=_without_password, help="A folder, or the address of a database: postgresql://... (or set SERVICESIM_STORE).")  # fmt: skip
KEY = click.option("--key", metavar="FILE", envvar="SERVICESIM_KEY", type=click.Path(path_type=Path, dir_okay=False), help="The file of the key that signs verdicts; in a folder it lies there, as signing-key.pem.")  # fmt: skip


def place_told(place: str) -> Place:
    """The place that an option or the environment names."""
    from servicesim.records.place import place_of

    return place_of(place)


@contextmanager
def organisation_at(place: Place, *, read_only: bool = False) -> Iterator[Organisation]:
    """What is kept there; raises UsageError for a folder in which nothing is."""
    from servicesim.records.organisation import open_organisation
    from servicesim.server.opening import demand_made

    demand_made(place)
    with open_organisation(place, read_only=read_only) as organisation:
        yield organisation


def note(organisation: Organisation, deed: str, about: str) -> None:
    """Write down what was done by a command."""
    from servicesim.server.opening import now

    organisation.note(BY, deed, about, at=now())
