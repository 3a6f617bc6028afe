"""Where the organisation is measured: a PostgreSQL that waits for its disk, and servers in processes of their own.

PostgreSQL runs with the settings it comes with, and `fsync` on: what is acknowledged is on the disk.
"""

from __future__ import annotations

import os
import shutil
import signal
import socket
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from urllib.error import URLError
from urllib.request import urlopen

PATIENCE = 60  # seconds that something may take to start
_MORE = {"max_connections": "200", "listen_addresses": "", "shared_buffers": "512MB", "max_wal_size": "4GB"}


class Missing(Exception):
    """PostgreSQL is not installed."""


@dataclass
class Database:
    """A PostgreSQL of our own; `folder` holds its files and its socket."""

    folder: Path
    settings: dict[str, str]
    _running: subprocess.Popen[bytes] | None = None

    def start(self) -> None:
        """Start it, and wait until it answers."""
        settings = _MORE | self.settings | {"unix_socket_directories": str(self.folder)}
        options = [part for name, value in settings.items() for part in ("-c", f"{name}={value}")]
        with (self.folder / "log").open("ab") as log:
            command = [_programs() / "postgres", "-D", self.folder / "data", *options]
            self._running = subprocess.Popen(command, stdout=log, stderr=log, **_as_postgres())
        _wait(lambda: subprocess.run([_programs() / "pg_isready", "-q", "-h", self.folder], check=False).returncode == 0)

    def stop(self, how: signal.Signals = signal.SIGINT) -> None:
        """Stop it orderly, or by SIGQUIT as if it had crashed."""
        if self._running is not None:
            self._running.send_signal(how)
            self._running.wait(PATIENCE)
            self._running = None


@contextmanager
def database(**settings: str) -> Iterator[Database]:
    """A new PostgreSQL on this computer, on a folder that is removed afterwards."""
    programs = _programs()
    folder = Path(tempfile.mkdtemp(prefix="organisation-"))
    made = Database(folder, settings)
    try:
        if _is_root():
            shutil.chown(folder, "postgres", "postgres")
        _run([programs / "initdb", "-D", folder / "data", "-U", "postgres", "--auth=trust", "-E", "UTF8", "--locale=C"])
        made.start()
        yield made
    finally:
        made.stop()
        shutil.rmtree(folder, ignore_errors=True)


def prepared(folder: Path, name: str = "kestrel") -> str:
    """A database with everything made in it, and a server's role let in; the address for the role."""
    from servicesim.records.postgres_upgrade import grant, upgrade

    for statement in ("CREATE ROLE owner LOGIN", "CREATE ROLE server LOGIN", "CREATE DATABASE organisation OWNER owner"):
        say(folder, statement, "postgres")
    owner = address(folder, "owner", name)
    upgrade(owner, at=time.time_ns() // 1_000_000)
    grant(owner, "server")
    return address(folder, "server", name)


def address(folder: Path, role: str, name: str = "kestrel") -> str:
    """As `--store` takes it."""
    return f"postgresql://{role}@/organisation?host={folder}&organisation={name}"


def say(folder: Path, statement: str, database: str = "organisation") -> list[Any]:
    """What the superuser is told, and answers."""
    import psycopg

    with psycopg.connect(f"host={folder} user=postgres dbname={database}", autocommit=True) as connection:
        answer = connection.execute(statement)  # type: ignore[call-overload]
        return list(answer) if answer.description else []


@contextmanager
def serving(command: list[str], url: str, environment: dict[str, str] | None = None) -> Iterator[None]:
    """A server in processes of its own, from the moment when it answers."""
    running = subprocess.Popen(command, env=os.environ | (environment or {}), stdout=subprocess.DEVNULL)
    try:
        _wait(lambda: _answers(url), running)
        yield
    finally:
        running.terminate()
        running.wait(PATIENCE)


def servicesim(*arguments: str) -> list[str]:
    """The command, of this very checkout."""
    return [sys.executable, "-m", "servicesim", *arguments]


def free_port() -> int:
    """A port of this computer that nobody listens on."""
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        return int(taken.getsockname()[1])


def _answers(url: str) -> bool:
    try:
        with urlopen(url, timeout=1) as answer:
            return int(answer.status) == 200
    except (URLError, OSError):
        return False


def _wait(done: Any, running: subprocess.Popen[bytes] | None = None) -> None:
    last = time.monotonic() + PATIENCE
    while not done():
        if time.monotonic() > last or (running is not None and running.poll() is not None):
            raise RuntimeError("what was started does not answer")
        time.sleep(0.05)


def _programs() -> Path:
    for found in sorted(Path("/usr/lib/postgresql").glob("*/bin"), reverse=True):
        if (found / "postgres").exists():
            return found
    raise Missing("PostgreSQL is not installed here (Debian: postgresql)")


def _run(command: list[Any]) -> None:
    subprocess.run(command, check=True, capture_output=True, **_as_postgres())


def _is_root() -> bool:
    return hasattr(os, "geteuid") and os.geteuid() == 0


def _as_postgres() -> dict[str, Any]:
    return {"user": "postgres", "group": "postgres", "extra_groups": []} if _is_root() else {}
