"""What was settled for this computer, at a glance: read before SQLAlchemy, which takes half a second to load, is there.

The people's database stays the one place where it is kept; here it is only looked at. Where that does not succeed at
once nothing is told, and whoever asked learns it from `People`, or why it cannot be read.
"""

from __future__ import annotations

import sqlite3
from contextlib import closing
from pathlib import Path

FILE = "people.db"
_PATIENCE = 0.05  # seconds that a window may open later because another program is writing


def settled_at_a_glance(folder: Path, *names: str) -> dict[str, str]:
    """What was settled under each of these names, as far as it can be told without waiting; nothing is changed or made."""
    file = (folder / FILE).absolute().as_uri()
    try:
        with closing(sqlite3.connect(f"{file}?mode=ro", uri=True, timeout=_PATIENCE)) as connection:
            rows = connection.execute(f"SELECT name, value FROM keeping WHERE name IN ({','.join('?' * len(names))})", names).fetchall()
    except sqlite3.Error:
        return {}
    return {str(name): str(value) for name, value in rows}
