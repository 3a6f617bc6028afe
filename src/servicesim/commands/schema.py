"""`servicesim schema`: what an editor needs to help with writing."""

from __future__ import annotations

import json
import os
from pathlib import Path

import click

from servicesim import platform
from servicesim.commands.telling import named, on_one_line, say, say_json
from servicesim.errors import UsageError


@click.command()
@click.option("-o", "--output", "path", type=click.Path(path_type=Path), help="The file to write; without it, the schema is printed.")
@click.option("--principles", "for_principles", is_flag=True, help="The schema of principles files, not that of encounters.")
@click.option("--programmes", "for_programmes", is_flag=True, help="The schema of programme files.")
def command(path: Path | None, for_principles: bool, for_programmes: bool) -> None:
    """Write the JSON Schema of encounters, with which an editor completes and explains while you write.

    It suggests the acts and principles of the principles.yaml in the same folder, or else those that come with ServiceSim.

    \b
    Example: servicesim schema -o servicesim.schema.json
    """
    if path is not None and not os.path.isdir(path.parent):
        raise UsageError(f"there is no folder {named(path.parent)}; make it first, or name another")
    if path is not None and os.path.isdir(path):
        raise UsageError(f"{named(path)} is a folder; name a file, such as servicesim.schema.json")
    if for_principles and for_programmes:
        raise UsageError("--principles and --programmes are two schemas: write one after the other")
    schema = _of_programmes(path) if for_programmes else _schema(path or Path("servicesim.schema.json"), for_principles=for_principles)
    if path is None:
        say_json(schema)
        return
    platform.write_atomically(path, (json.dumps(schema, ensure_ascii=False, indent=1) + "\n").encode())
    say(on_one_line(f"{named(path)}: written; begin a file with this line: # yaml-language-server: $schema={named(path.name)}"))


def _schema(path: Path, *, for_principles: bool) -> dict[str, object]:
    from servicesim.authoring.schema import principles_schema, scenario_schema
    from servicesim.scenario import loading

    if for_principles:
        return principles_schema()
    return scenario_schema(loading.demand_principles(loading.principles_beside(path)))


def _of_programmes(path: Path | None) -> dict[str, object]:
    """It suggests the encounters of the folder beside that of the file, and those that come with ServiceSim."""
    from servicesim.authoring.schema import programme_schema
    from servicesim.authoring.weighing import encounters_for

    return programme_schema(encounters_for(path or Path("servicesim.schema.json")))
