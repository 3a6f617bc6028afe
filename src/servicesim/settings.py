"""Where this computer keeps its records and its log: `SERVICESIM_HOME` if that is set, else the user's own data folder."""

from __future__ import annotations

import os
from pathlib import Path


def home() -> Path:
    """The folder of records, people and log."""
    chosen = os.environ.get("SERVICESIM_HOME")
    if chosen:
        return Path(chosen).expanduser()
    import platformdirs  # only here: most commands never ask

    return Path(platformdirs.user_data_dir("servicesim", appauthor=False))


def log_file() -> Path:
    """Where our own faults are written down."""
    return home() / "servicesim.log"
