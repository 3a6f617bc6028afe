"""Where the shipped scenarios and assets lie: beside the sources in a checkout, inside the package in a wheel."""

from __future__ import annotations

from functools import cache
from pathlib import Path

_PACKAGE = Path(__file__).resolve().parent
_PLACES = (_PACKAGE / "_shipped", _PACKAGE.parent.parent)


@cache
def _root() -> Path:
    for place in _PLACES:
        if (place / "scenarios").is_dir() and (place / "assets").is_dir():
            return place
    raise FileNotFoundError(f"ServiceSim is not installed completely: no scenarios and assets in {_PLACES[0]}")


def scenarios() -> Path:
    """The folder of the shipped scenario files."""
    return _root() / "scenarios"


def programmes() -> Path:
    """The folder of the shipped programmes."""
    return _root() / "programmes"


def assets() -> Path:
    """The folder of the shipped fonts and pictures."""
    return _root() / "assets"
