"""Where a connection writes down what somebody may want to know later: the log file of this computer."""

from __future__ import annotations

from collections.abc import Callable
from contextlib import suppress
from datetime import UTC, datetime
from pathlib import Path

from servicesim import __version__, settings

MOST = 4_000  # characters of one entry


def logbook(home: Path) -> Callable[[str], None]:
    """Writes an entry into the log of this home; where that cannot be done, playing goes on all the same."""
    path = home / settings.log_file().name

    def log(entry: str) -> None:
        time = datetime.now(UTC).isoformat(timespec="seconds")
        with suppress(OSError), path.open("a", encoding="utf-8", errors="backslashreplace") as file:
            file.write(f"{time} ServiceSim {__version__}\n{entry[:MOST]}\n")

    return log
