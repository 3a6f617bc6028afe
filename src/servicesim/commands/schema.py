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
def command(path: Path | None, for_principles: bool) -> None:
    """Write the JSON Schema of encounters, with which an editor completes and explains while you write.

    It suggests the acts and principles of the principles.yaml in the same folder, or else those that come with ServiceSim.

    \b
    Example: servicesim schema -o servicesim.schema.json
    """
    if path is not None and not os.path.isdir(path.parent):
        raise UsageError(f"there is no folder {named(path.parent)}; make it first, or name another")
    if path is not None and os.path.isdir(path):
        raise UsageError(f"{named(path)} is a folder; name a file, such as servicesim.schema.json")
    schema = _schema(path or Path("servicesim.schema.json"), for_principles=for_principles)
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
