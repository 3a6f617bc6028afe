"""A database of ours, opened so that what it has acknowledged stays: a file of SQLite's, made and brought up to date here.

The other kind, a schema of PostgreSQL's, is in postgres.py. Both are read and written through the same `Store`.
"""

from __future__ import annotations

import os
import sqlite3
from abc import ABC, abstractmethod
from collections.abc import Callable, Iterator, Mapping
from contextlib import AbstractContextManager, ExitStack, closing, contextmanager
from dataclasses import dataclass, field
from functools import partial
from pathlib import Path
from types import MappingProxyType
from typing import Literal
from urllib.parse import quote

from sqlalchemy import Connection, Engine, MetaData, QueuePool, create_engine, event

from servicesim import platform
from servicesim.records import failures
from servicesim.records.place import Place, is_address

PATIENCE = 10.0
"""Seconds to wait for another program to let go of the file."""

# TRUNCATE with EXTRA lost nothing in simulated power cuts, where WAL with NORMAL did; fullfsync matters on macOS only.
_EVERY_CONNECTION = (
    "PRAGMA foreign_keys = ON",
    "PRAGMA trusted_schema = OFF",
)
DURABLE = (
    "PRAGMA journal_mode = TRUNCATE",
    "PRAGMA synchronous = EXTRA",
    "PRAGMA fullfsync = ON",
    # What is purged or erased is overwritten, not only let go.
    "PRAGMA secure_delete = ON",
)


@dataclass(frozen=True, slots=True)
class Refusal:
    """A rule of PostgreSQL's: this deed is refused where the condition holds, which may name NEW and OLD."""

    table: str
    name: str
    deed: Literal["INSERT", "UPDATE", "DELETE"]
    why: str
    when: str


@dataclass(frozen=True, slots=True)
class Shortcut:
    """An index of this name over these columns of a table."""

    name: str
    table: str
    columns: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Watch:
    """A trigger of PostgreSQL's at a table of another schema, with the body of its function."""

    schema: str
    table: str
    name: str
    body: str


@dataclass(frozen=True, slots=True, eq=False)
class Schema:
    """What a database of ours is made of; `steps[0]` brings version 1 to version 2, and so on.

    What follows the steps is for PostgreSQL, which is told the rules of the tables, and makes its own triggers of them.
    """

    application_id: int
    create: Callable[[Connection], None]
    steps: tuple[Callable[[Connection], None], ...] = ()
    name: str = ""
    """Of the file, with .db after it, and of PostgreSQL's schema."""
    metadata: MetaData | None = None
    mutable: frozenset[str] = frozenset()
    """The tables whose rows may be changed and removed; in all others they are only added."""
    purgeable: Mapping[str, str] = field(default_factory=lambda: MappingProxyType({}))
    """By table, the question that finds something if the row OLD may be removed all the same."""
    refusals: tuple[Refusal, ...] = ()
    monthly: frozenset[str] = frozenset()
    """The tables that have a partition for each month in which attempts began."""
    beside: tuple[str, ...] = ()
    """Statements that PostgreSQL is given when the tables are made."""
    watches: tuple[Watch, ...] = ()
    """The triggers at other schemas' tables that are made by these statements."""
    shortcuts: tuple[Shortcut, ...] = ()
    """Indexes that only PostgreSQL has, where so much is kept that it needs them; an upgrade makes those that are missing."""

    @property
    def version(self) -> int:
        """The newest version, which `create` makes and the steps lead to."""
        return 1 + len(self.steps)

    def at(self, place: Place) -> Place:
        """The file in this folder; the address if it is one."""
        return place if is_address(place) else place / f"{self.name}.db"

    def is_at(self, place: Place) -> bool:
        """Whether there is something: a database that has an address has everything."""
        return is_address(place) or (place / f"{self.name}.db").exists()


class Held(Exception):
    """Somebody else does alone what was to be done alone."""


class Store(ABC):
    """An open database, to be read and written in transactions of its own."""

    name: str
    """What messages call it; never with a password in it."""
    create: Callable[[Connection], None]

    @property
    @abstractmethod
    def path(self) -> Path:
        """The file; raises FileNotFoundError for what lies in none."""

    @abstractmethod
    def close(self) -> None:
        """Let go of the database."""

    @abstractmethod
    def reading(self) -> AbstractContextManager[Connection]:
        """A transaction that sees one state of the database; keep it short: it holds up those who write a file."""

    @abstractmethod
    def inspecting(self) -> AbstractContextManager[Connection]:
        """As `reading`, where damage is expected: the database's errors come as they are."""

    @abstractmethod
    def writing(self, on: str | None = None) -> AbstractContextManager[Connection]:
        """A transaction that is on the disk, whole, when the block is left without an error; else nothing of it is.

        What is read in it stays so until it ends. With a key such as an attempt's id in `on`, that holds only against
        those who name the same key, or none: others write at the same time, where the database can do that.
        """

    @abstractmethod
    def alone(self, name: str) -> AbstractContextManager[None]:
        """Be the only one who has this name, until the block is left or the process ends; raises Held if somebody has it."""

    @abstractmethod
    def number_for(self, id: str, started: int) -> int | None:
        """The number that a new attempt should have; None where the database numbers by itself."""

    def forget_backups(self) -> list[Path]:
        """Remove the copies of earlier versions that lie beside the database; which they were."""
        return []


class FileStore(Store):
    """A file of SQLite's."""

    def __init__(self, path: Path, schema: Schema, *, read_only: bool) -> None:
        self.name = str(path)
        self._path = path
        self._version = schema.version
        self.create = schema.create
        self._engine = _read_only_engine(path) if read_only else _engine(path, DURABLE)
        self._inspecting = _read_only_engine(path)
        event.listen(self._inspecting, "connect", _take_any_bytes)

    @property
    def path(self) -> Path:
        """The file."""
        return self._path

    def close(self) -> None:
        """Let go of the file."""
        self._engine.dispose()
        self._inspecting.dispose()

    @contextmanager
    def reading(self) -> Iterator[Connection]:
        """A transaction that sees one state of the file; keep it short, since it holds up those who write."""
        with failures.told(self.path), _transaction(self._engine, "BEGIN") as connection:
            yield connection

    @contextmanager
    def inspecting(self) -> Iterator[Connection]:
        """As `reading`, where damage is expected: bytes that are no characters come as surrogates, and SQLite's errors as they are."""
        with _transaction(self._inspecting, "BEGIN") as connection:
            yield connection

    @contextmanager
    def writing(self, on: str | None = None) -> Iterator[Connection]:
        """A transaction that is on the disk, whole, when the block is left without an error. There is one at a time, whatever it is on."""
        with failures.told(self.path), _transaction(self._engine, "BEGIN IMMEDIATE") as connection:
            self._demand_same_version(connection)
            yield connection
            # A retry may find its rows there although the commit before failed in its last flush, so that a power cut
            # could still undo it. Writing the version dirties a page, and the commit goes all the way to the disk.
            connection.exec_driver_sql(f"PRAGMA user_version = {self._version}")

    @contextmanager
    def alone(self, name: str) -> Iterator[None]:
        """Have the lock file of this name, until the block is left or the process ends."""
        lock = self.path.with_name(name)
        with ExitStack() as held:
            with failures.told(lock):
                try:
                    held.enter_context(platform.locked(lock))
                except BlockingIOError as elsewhere:
                    raise Held from elsewhere
            yield

    def number_for(self, id: str, started: int) -> int | None:
        """None: SQLite numbers by itself."""
        return None

    def forget_backups(self) -> list[Path]:
        """Remove the copies of earlier versions that lie beside the file; which they were."""
        backups = sorted(self.path.parent.glob(f"{self.path.stem}-version-*{self.path.suffix}"))
        with failures.told(self.path):
            for backup in backups:
                backup.unlink()
        return backups

    def _demand_same_version(self, connection: Connection) -> None:
        # A newer ServiceSim may have brought the file up to date since we opened it; the version written below would undo that.
        (version,) = connection.connection.cursor().execute("PRAGMA user_version").fetchone()
        if version > self._version:
            raise failures.newer(self.path, version, self._version)


def open_store(place: Place, schema: Schema, *, read_only: bool = False) -> Store:
    """Open this file or address. A file is made or brought up to date first, unless it is only to be read; `upgrade` does so for PostgreSQL."""
    if is_address(place):
        from servicesim.records.postgres import open_postgres  # only here: it takes time, and a desk has none

        return open_postgres(place, schema, read_only=read_only)
    with failures.told(place):
        (_require_ready if read_only else _make_ready)(place, schema)
    return FileStore(place, schema, read_only=read_only)


def _require_ready(path: Path, schema: Schema) -> None:
    if not path.exists():
        raise failures.missing(path)
    if _version(path, schema, mode="ro") < schema.version:
        raise failures.older(path)


def _make_ready(path: Path, schema: Schema) -> None:
    platform.make_folder(path.parent)
    if path.exists() and _version(path, schema) == schema.version:
        return
    with _alone(path):
        if not path.exists():
            _create(path, schema)
        while (version := _version(path, schema)) < schema.version:
            _migrate(path, schema, version)


@contextmanager
def _alone(path: Path) -> Iterator[None]:
    """Only one process at a time makes or migrates a database."""
    try:
        with platform.locked(path.with_name(f"{path.name}.lock"), wait=PATIENCE):
            yield
    except BlockingIOError as held:
        raise failures.busy(path) from held


def _create(path: Path, schema: Schema) -> None:
    """Make the database under another name, so that no one ever sees half of one."""
    unfinished = path.with_name(f"{path.name}.new")
    unfinished.unlink(missing_ok=True)
    with (
        _engine_of(unfinished, ("PRAGMA journal_mode = MEMORY",), mode="rwc") as engine,
        _transaction(engine, "BEGIN EXCLUSIVE") as connection,
    ):
        connection.exec_driver_sql(f"PRAGMA application_id = {schema.application_id}")
        schema.create(connection)
        connection.exec_driver_sql(f"PRAGMA user_version = {schema.version}")
    platform.sync_file(unfinished)
    platform.rename(unfinished, path)


def _migrate(path: Path, schema: Schema, version: int) -> None:
    """One step, in one transaction that carries the new version number, after a backup."""
    _back_up(path, path.with_name(f"{path.stem}-version-{version}{path.suffix}"))
    with _engine_of(path, DURABLE) as engine, _transaction(engine, "BEGIN EXCLUSIVE") as connection:
        schema.steps[version - 1](connection)
        connection.exec_driver_sql(f"PRAGMA user_version = {version + 1}")


def _back_up(path: Path, backup: Path) -> None:
    unfinished = backup.with_name(f"{backup.name}.new")
    unfinished.unlink(missing_ok=True)
    # Copied through SQLite: opening and closing the file ourselves would drop the locks that this process has on it.
    with closing(_connect(path, (), mode="ro")) as source, closing(_connect(unfinished, (), mode="rwc")) as copy:
        source.backup(copy)
    platform.sync_file(unfinished)
    platform.rename(unfinished, backup)


def _version(path: Path, schema: Schema, *, mode: str = "rw") -> int:
    """The version of the database in this file, if it is one of ours and we know the version."""
    if not path.is_file():
        raise failures.in_the_way(path)
    # What a crash left half written is undone here, at the first reading, if we may write.
    with closing(_connect(path, ("PRAGMA synchronous = EXTRA",), mode=mode)) as connection:
        (application_id,) = connection.execute("PRAGMA application_id").fetchone()
        (version,) = connection.execute("PRAGMA user_version").fetchone()
    if application_id != schema.application_id or version < 1:
        raise failures.foreign(path)
    if version > schema.version:
        raise failures.newer(path, version, schema.version)
    return int(version)


@contextmanager
def _transaction(engine: Engine, begin: str) -> Iterator[Connection]:
    with engine.connect().execution_options(begin=begin) as connection:
        try:
            connection.begin()
            yield connection
            connection.commit()
        except BaseException:
            # Closing the connection rolls back, whatever state it is in, and a retry starts with a fresh one.
            connection.invalidate()
            raise


@contextmanager
def empty(create: Callable[[Connection], None]) -> Iterator[Connection]:
    """A database in memory as it is made, with nothing in it: what others are compared with."""
    engine = create_engine("sqlite+pysqlite://")
    try:
        with engine.connect() as connection:
            create(connection)
            yield connection
    finally:
        engine.dispose()


@contextmanager
def _engine_of(path: Path, pragmas: tuple[str, ...], *, mode: str = "rw") -> Iterator[Engine]:
    engine = _engine(path, pragmas, mode=mode)
    try:
        yield engine
    finally:
        engine.dispose()


def _read_only_engine(path: Path) -> Engine:
    return _engine(path, ("PRAGMA query_only = ON",), mode="ro")


def _engine(path: Path, pragmas: tuple[str, ...], *, mode: str = "rw") -> Engine:
    engine = create_engine(
        "sqlite+pysqlite://", creator=partial(_connect, path, pragmas, mode=mode), poolclass=QueuePool
    )
    event.listen(engine, "begin", _begin)
    return engine


def _take_any_bytes(connection: sqlite3.Connection, _: object) -> None:
    connection.text_factory = lambda text: text.decode("utf-8", "surrogateescape")


def _begin(connection: Connection) -> None:
    connection.exec_driver_sql(connection.get_execution_options()["begin"])


def _connect(path: Path, pragmas: tuple[str, ...], *, mode: str) -> sqlite3.Connection:
    """`mode` is rw, ro or rwc: never rwc for a database in use, or a deleted one would come back empty."""
    # isolation_level=None: the driver begins nothing by itself, so that every BEGIN is one of ours.
    connection = sqlite3.connect(
        _address(path, mode), uri=True, timeout=PATIENCE, isolation_level=None, check_same_thread=False
    )
    try:
        for pragma in (*_EVERY_CONNECTION, *pragmas):
            connection.execute(pragma).fetchall()
    except BaseException:
        connection.close()
        raise
    return connection


def _address(path: Path, mode: str) -> str:
    name = quote(os.fsencode(path.absolute().as_posix()))
    return f"file://{name if name.startswith('/') else f'/{name}'}?mode={mode}"
