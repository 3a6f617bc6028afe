"""Other engines, each run in an interpreter of its own: optional installs of the benchmark, never of the project."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
import tempfile
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

FOLDER = Path(__file__).parent / "peers"
PYTHONS = "SERVICESIM_PEERS_PYTHON"
NODE_MODULES = "SERVICESIM_PEERS_NODE"
PATIENCE = 300  # seconds that a peer may take


@dataclass(frozen=True, slots=True)
class Peer:
    """Another engine: the package to import, the program in `peers/` that runs it, and how to install it."""

    name: str
    package: str
    program: str
    install: str


@dataclass(frozen=True, slots=True)
class Missing:
    """Why a peer was not measured."""

    why: str


def ask(peer: Peer, work: dict[str, Any]) -> dict[str, Any] | Missing:
    """Hand the work to a peer; what it measured."""
    command = _command(peer)
    if command is None:
        return Missing(f"not installed: {peer.install}")
    with tempfile.TemporaryDirectory() as folder:
        handed = Path(folder) / "work.json"
        handed.write_text(json.dumps(work), "utf-8")
        return _asked([*command, str(FOLDER / peer.program), str(handed)])


def _asked(command: list[str]) -> dict[str, Any] | Missing:
    environment = {**os.environ, "NODE_PATH": os.environ.get(NODE_MODULES, "")}
    try:
        done = subprocess.run(command, capture_output=True, text=True, timeout=PATIENCE, env=environment, check=False)
    except subprocess.TimeoutExpired:
        return Missing(f"took more than {PATIENCE} seconds")
    if done.returncode:
        last = done.stderr.strip().splitlines()[-1:] or ["no message"]
        return Missing(f"failed: {last[0][:120]}")
    told: dict[str, Any] = json.loads(done.stdout.splitlines()[-1])
    return told


def _command(peer: Peer) -> list[str] | None:
    if peer.program.endswith(".mjs"):
        node = shutil.which("node")
        there = (Path(os.environ.get(NODE_MODULES) or "node_modules") / peer.package).is_dir()
        return [node] if node and there else None
    return next(([python] for python in _pythons() if _has(python, peer.package)), None)


def _pythons() -> list[str]:
    return [*filter(None, os.environ.get(PYTHONS, "").split(os.pathsep)), sys.executable]


@cache
def _has(python: str, package: str) -> bool:
    look = f"import importlib.util as u, sys; sys.exit(u.find_spec({package.partition('.')[0]!r}) is None or u.find_spec({package!r}) is None)"
    return subprocess.run([python, "-c", look], capture_output=True, check=False).returncode == 0
