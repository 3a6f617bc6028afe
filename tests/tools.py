"""Programs of others that judge what we do. A test whose judge is missing is skipped with a reason, unless none may be.

`SERVICESIM_TOOLS=all`, as `.ci/run` has it, says that none may be missing. `SERVICESIM_PEERS_NODE` names the `node_modules` folder
of what npm installs.
"""

from __future__ import annotations

import os
import shutil
from pathlib import Path

import pytest

ACCESSIBILITY_BUS = "/usr/libexec/at-spi-bus-launcher"
DEBIAN = {
    "Xvfb": "xvfb",
    "openbox": "openbox",
    "xdotool": "xdotool",
    "chromium": "chromium",
    "soffice": "libreoffice-calc-nogui",
    "node": "nodejs",
    "dot": "graphviz",
    "openssl": "openssl",
    "dbus-daemon": "dbus-daemon",
    "gdbus": "libglib2.0-bin",
    ACCESSIBILITY_BUS: "at-spi2-core",
}


def program(name: str) -> str:
    """The path of a program of Debian's."""
    found = shutil.which(name)
    return found if found is not None else _missing(f"{name} is not installed here (Debian: {DEBIAN[name]})")


def postgres() -> Path:
    """The folder with the programs of the newest PostgreSQL that is installed here."""
    found = sorted(Path("/usr/lib/postgresql").glob("*/bin/initdb"), key=lambda program: float(program.parts[-3]))
    elsewhere = shutil.which("initdb")
    if found or elsewhere is not None:
        return (found[-1] if found else Path(str(elsewhere))).parent
    return Path(_missing("PostgreSQL is not installed here (Debian: postgresql)"))


def node_modules(*packages: str) -> Path:
    """The folder that has these packages of npm's; node is there too."""
    program("node")
    folder = Path(os.environ.get("SERVICESIM_PEERS_NODE", "node_modules"))
    missing = [package for package in packages if not (folder / package).is_dir()]
    if missing:
        _missing(f"npm install {' '.join(missing)}, and name the node_modules folder in SERVICESIM_PEERS_NODE")
    return folder


def _missing(why: str) -> str:
    if os.environ.get("SERVICESIM_TOOLS") == "all":
        pytest.fail(why)
    pytest.skip(why)
