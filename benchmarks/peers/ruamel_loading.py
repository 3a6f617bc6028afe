"""ruamel.yaml: reads a file so that each part knows its line."""

from __future__ import annotations

from pathlib import Path

from ruamel.yaml import YAML
from timing import best, given, tell


def main() -> None:
    """Read the text."""
    work = given()
    text = Path(work["text"]).read_text("utf-8")
    tell("ruamel.yaml", seconds=best(lambda: YAML().load(text), work["seconds"]))


if __name__ == "__main__":
    main()
