"""Where records are kept: a folder with SQLite's files in it, or a database of PostgreSQL.

    ~/.local/share/servicesim
    postgresql://server@db.example.org/servicesim?organisation=kestrel
"""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

if TYPE_CHECKING:
    from typing_extensions import TypeIs

Place = Path | str
"""A folder, or the address of a database."""

_SCHEMES = ("postgresql", "postgres", "postgresql+psycopg")


def is_address(place: Place) -> TypeIs[str]:
    """Whether this is the address of a database, and no folder."""
    return isinstance(place, str) and place.partition("://")[0] in _SCHEMES and "://" in place


def place_of(text: str) -> Place:
    """The place that somebody wrote: whatever does not begin as an address is a folder."""
    return text if is_address(text) else Path(text)


def shown(place: Place) -> str:
    """The place as messages tell it: of an address only the user, the computer and the database, and never a password."""
    if not is_address(place):
        return str(place)
    try:
        parts = urlsplit(place)
        host, port = parts.hostname or "", f":{parts.port}" if parts.port else ""
    except ValueError:
        return "postgresql://..."
    user = f"{parts.username}@" if parts.username else ""
    return f"postgresql://{user}{host}{port}{parts.path}"
