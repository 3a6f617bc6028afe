"""Where the records are that a command is about: the option `--records`, which takes a folder or the address of a database."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any

import click

from servicesim.errors import UsageError
from servicesim.records.place import Place, is_address, place_of

HELP = "The folder of the records, if not the usual one, or a database: postgresql://..."
_PASSWORD = re.compile(r"://[^/?#]*:[^/?#@]*@|[?&]password=")


class _Places(click.ParamType[Place]):
    name = "path"

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> Place:
        if isinstance(value, Path):
            return value
        demand_no_password(value, "put it into PGPASSWORD, or into ~/.pgpass")
        return place_of(value)


def demand_no_password(typed: str, instead: str) -> None:
    """What is typed after a command can be read by everybody on this computer, and stays in the history of the shell.

    Raises UsageError that says where a password goes `instead`.
    """
    if is_address(typed) and _PASSWORD.search(typed):
        raise UsageError(f"a password does not belong into a command: {instead}")


PLACE = _Places()
RECORDS = click.option("--records", "folder", type=PLACE, help=HELP)
"""Given to the command as `folder`."""
