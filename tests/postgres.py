"""A real PostgreSQL for tests: one server for each worker, on a folder of its own, and a fresh database, or a fresh
organisation in one that is shared, for each test that asks.

    def test_that(postgres: Postgres) -> None:
        with open_records(postgres.server) as records: ...

    def test_on_both(either_place: Place) -> None:
        with open_records(either_place) as records: ...

Where PostgreSQL is not installed the test is skipped with the reason, unless `SERVICESIM_TOOLS=all` says that nothing may be missing.
"""

from __future__ import annotations

import os
import shutil
import signal
import socket
import subprocess
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from itertools import count
from pathlib import Path
from typing import Any

import pytest

import tools

NOVEMBER = 1_762_000_000_000
"""When the partitions of a test's database are made ahead from: the first of them is of November 2025."""
PASSWORD = "open-sesame"
_SETTINGS = {
    # Nothing here has to survive a power cut. A test that kills PostgreSQL kills its processes, not the computer.
    "fsync": "off", "full_page_writes": "off", "synchronous_commit": "off",
    "max_connections": "80", "shared_buffers": "32MB", "autovacuum": "off", "jit": "off",
    "listen_addresses": "127.0.0.1", "max_wal_size": "256MB", "max_worker_processes": "0", "max_parallel_workers": "0",
}  # fmt: skip


@dataclass
class Cluster:
    """A PostgreSQL server that was made for these tests; `settings` go before those that all tests have."""

    programs: Path
    folder: Path
    settings: dict[str, str] = field(default_factory=dict)
    port: int = 0
    _process: subprocess.Popen[bytes] | None = None
    _numbers: Iterator[int] = field(default_factory=count)
    _template: str | None = None
    _shared: str | None = None

    def make(self) -> None:
        """Make the files, with three roles beside the superuser."""
        self._run("initdb", "-D", str(self.data), "-U", "postgres", "--auth-local=trust", "--auth-host=scram-sha-256", "-E", "UTF8", "--no-sync", "--locale=C")

    @property
    def data(self) -> Path:
        """Where the server keeps its files."""
        return self.folder / "data"

    def start(self) -> None:
        """Start the server, and wait until it answers."""
        self.port = self.port or free_port()
        settings = _SETTINGS | self.settings | {"port": str(self.port), "unix_socket_directories": str(self.folder)}
        options = [part for name, value in settings.items() for part in ("-c", f"{name}={value}")]
        log = (self.folder / "log").open("ab")
        self._process = subprocess.Popen([self.programs / "postgres", "-D", self.data, *options], stdout=log, stderr=log, **_as_postgres())
        log.close()
        self._wait()

    def stop(self, how: signal.Signals = signal.SIGQUIT) -> None:
        """Stop the server: at once by SIGQUIT, as if it had crashed, or by SIGINT, orderly."""
        if self._process is not None:
            self._process.send_signal(how)
            self._process.wait(30)
            self._process = None

    def restart(self) -> None:
        """As after a crash: whoever is connected is cut off."""
        self.stop()
        self.start()

    def say(self, statement: str, database: str = "postgres") -> list[tuple[Any, ...]]:
        """What the superuser is told."""
        import psycopg

        with psycopg.connect(self.conninfo("postgres", database), autocommit=True) as connection:
            cursor = connection.execute(statement)  # type: ignore[arg-type]
            return cursor.fetchall() if cursor.description is not None else []

    def conninfo(self, role: str, database: str) -> str:
        """As libpq wants it."""
        return f"host={self.folder} port={self.port} user={role} dbname={database}"

    def address(self, role: str, database: str, organisation: str = "kestrel") -> str:
        """As `--records` takes it; over the socket, where no password is asked for."""
        return f"postgresql://{role}@/{database}?host={self.folder}&port={self.port}&organisation={organisation}"

    def fresh(self) -> str:
        """A new database, in which everything is made and both roles are let in."""
        if self._template is None:
            self._template = self._made()
        name = f"test_{next(self._numbers)}"
        self.say(f"CREATE DATABASE {name} TEMPLATE {self._template} OWNER owner")
        return name

    def empty(self) -> str:
        """A new database with nothing in it."""
        self._roles()
        name = f"test_{next(self._numbers)}"
        self.say(f"CREATE DATABASE {name} OWNER owner")
        return name

    def organisation(self, role: str) -> str:
        """The address of an organisation that keeps nothing yet, in the one database that all tests share: that takes no time."""
        if self._shared is None:
            self._shared = self.fresh()
        return self.address(role, self._shared, f"test-{next(self._numbers)}")

    def drop(self, database: str) -> None:
        """Remove a database, whoever is connected."""
        self.say(f"DROP DATABASE IF EXISTS {database} WITH (FORCE)")

    def _made(self) -> str:
        from servicesim.records.postgres_upgrade import grant, upgrade

        template = self.empty()
        owner = self.address("owner", template)
        upgrade(owner, at=NOVEMBER)
        grant(owner, "server")
        grant(owner, "ingest", only_records=True)
        return template

    def _roles(self) -> None:
        if not self.say("SELECT 1 FROM pg_roles WHERE rolname = 'owner'"):
            for role in ("owner", "server", "ingest"):
                self.say(f"CREATE ROLE {role} LOGIN PASSWORD '{PASSWORD}'")

    def _wait(self) -> None:
        import psycopg

        assert self._process is not None
        last = time.monotonic() + 30
        while True:
            try:
                self.say("SELECT 1")
                return
            except psycopg.OperationalError:
                if self._process.poll() is not None or time.monotonic() > last:
                    pytest.fail(f"PostgreSQL does not start: {(self.folder / 'log').read_text()[-2000:]}")
                time.sleep(0.02)

    def _run(self, program: str, *arguments: str) -> None:
        subprocess.run([self.programs / program, *arguments], check=True, capture_output=True, **_as_postgres())


@dataclass(frozen=True)
class Postgres:
    """One fresh database, as different roles see it."""

    cluster: Cluster
    database: str

    @property
    def owner(self) -> str:
        """The address of the role that owns everything."""
        return self.at("owner")

    @property
    def server(self) -> str:
        """The address of the server's everyday role."""
        return self.at("server")

    @property
    def ingest(self) -> str:
        """The address of the role that may add records, and nothing else."""
        return self.at("ingest")

    def at(self, role: str, organisation: str = "kestrel") -> str:
        """The address of a role, in an organisation."""
        return self.cluster.address(role, self.database, organisation)

    def say(self, statement: str) -> list[tuple[Any, ...]]:
        """What the superuser is told, whom no rule about rows binds."""
        return self.cluster.say(statement, self.database)


@contextmanager
def cluster(**settings: str) -> Iterator[Cluster]:
    """A server of one's own, made and started."""
    programs = tools.postgres()
    memory = Path("/dev/shm")
    base = Path(tempfile.mkdtemp(prefix="pg-", dir=memory if memory.is_dir() and os.access(memory, os.W_OK) else None))
    made = Cluster(programs, base, settings)
    try:
        _hand_to_postgres(base)
        made.make()
        made.start()
        yield made
    finally:
        made.stop()
        shutil.rmtree(base, ignore_errors=True)


@pytest.fixture(scope="session")
def postgres_cluster() -> Iterator[Cluster]:
    """The one of this worker; started when the first test asks for it."""
    with cluster() as made:
        yield made


@pytest.fixture
def postgres(postgres_cluster: Cluster) -> Iterator[Postgres]:
    """A fresh database, in which everything is made."""
    database = postgres_cluster.fresh()
    yield Postgres(postgres_cluster, database)
    postgres_cluster.drop(database)


@pytest.fixture(params=["folder", "postgresql"])
def either_place(request: pytest.FixtureRequest, tmp_path: Path) -> Path | str:
    """A place to keep things in, of each kind: what a test does there holds for both."""
    if request.param == "folder":
        return tmp_path / "records"
    made: Cluster = request.getfixturevalue("postgres_cluster")
    return made.organisation("server")


@pytest.fixture
def either_owned(either_place: Path | str) -> Path | str:
    """As `either_place`, for the owner, who may purge."""
    return str(either_place).replace("//server@", "//owner@") if isinstance(either_place, str) else either_place


@pytest.fixture
def empty_postgres(postgres_cluster: Cluster) -> Iterator[Postgres]:
    """A fresh database with nothing in it."""
    database = postgres_cluster.empty()
    yield Postgres(postgres_cluster, database)
    postgres_cluster.drop(database)


def free_port() -> int:
    """A port of this computer that nobody listens on."""
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        return int(taken.getsockname()[1])


def _is_root() -> bool:
    return hasattr(os, "geteuid") and os.geteuid() == 0


def _as_postgres() -> dict[str, Any]:
    """PostgreSQL does not run as root."""
    return {"user": "postgres", "group": "postgres", "extra_groups": []} if _is_root() else {}


def _hand_to_postgres(folder: Path) -> None:
    if _is_root():
        shutil.chown(folder, "postgres", "postgres")
