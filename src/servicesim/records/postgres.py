"""A schema of a PostgreSQL database, opened for one organisation.

Locks are advisory ones of the transaction. Who writes on a key takes the store's lock together with others, and the key's alone;
who writes without a key takes the store's alone. So what was looked up before a row is added stays true until it is there.
"""

from __future__ import annotations

import hashlib
import re
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from sqlalchemy import URL, Connection, Engine, QueuePool, create_engine, make_url, select, text
from sqlalchemy.exc import ArgumentError, DBAPIError

from servicesim.errors import UsageError
from servicesim.records import postgres_failures as failures
from servicesim.records.numbered import numbered
from servicesim.records.place import shown
from servicesim.records.postgres_tables import SETTING
from servicesim.records.store import PATIENCE, Held, Schema, Store

UNLESS_SAID = "default"
"""The organisation of an address that names none."""
_ORGANISATION = re.compile(r"[^\W_][\w.@-]{0,63}")
_READING = "BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY"
_VERSION = "SELECT version_num FROM alembic_version"
_MOST_AT_ONCE = 10  # connections of one process to one schema

Look = Callable[[Any], None]


class PostgresStore(Store):
    """One organisation's part of a schema of PostgreSQL's."""

    def __init__(self, address: str, schema: Schema, *, read_only: bool) -> None:
        self.schema = schema
        self.create = schema.create
        self.organisation = organisation_of(address)
        self.name = f"{schema.name} of {self.organisation} at {shown(address)}"
        self._engine = engine_of(address, schema, read_only=read_only)
        self._everything = lock_key(schema.name, self.organisation)
        self._holding = threading.Lock()
        self._keeper: Any = None  # the driver's own connection, on which nothing else is done
        self._held: set[str] = set()

    @property
    def path(self) -> Path:
        """There is none."""
        raise FileNotFoundError(f"{self.name} lies in no file")

    def close(self) -> None:
        """Let go of the database, and of all that is held alone."""
        with self._holding:
            self._let_go()
        self._engine.dispose()

    @contextmanager
    def reading(self) -> Iterator[Connection]:
        """A transaction that sees one state of the database."""
        with failures.told(self.name), transaction(self._engine, _READING) as connection:
            yield connection

    @contextmanager
    def inspecting(self) -> Iterator[Connection]:
        """As `reading`, with PostgreSQL's errors as they are."""
        with transaction(self._engine, _READING) as connection:
            yield connection

    @contextmanager
    def writing(self, on: str | None = None) -> Iterator[Connection]:
        """A transaction that is on the disk, whole, when the block is left without an error; else nothing of it is."""
        with failures.told(self.name), transaction(self._engine, self._begin(on), self._demand_same_version) as connection:
            yield connection

    def _demand_same_version(self, told: Any) -> None:
        # A newer ServiceSim may have brought the tables up to date since we opened them.
        while told.nextset():
            pass
        (version,) = told.fetchone()
        demand_version(int(version), self.schema, self.name)

    def _begin(self, on: str | None) -> str:
        """What begins, locks, and looks which version the tables have, in one round trip."""
        lock = f"pg_advisory_xact_lock({self._everything})"
        if on is not None:
            lock = f"pg_advisory_xact_lock_shared({self._everything}), pg_advisory_xact_lock({lock_key(self.schema.name, self.organisation, on)})"
        return f"BEGIN; SELECT {lock}; {_VERSION}"

    def number_for(self, id: str, started: int) -> int | None:
        """The number that tells when the attempt began."""
        return numbered(id, started)

    @contextmanager
    def alone(self, name: str) -> Iterator[None]:
        """Have this name, on a connection that does nothing else."""
        with failures.told(self.name), self._holding:
            self._take(name)
        try:
            yield
        finally:
            with self._holding:
                self._held.discard(name)
                if self._keeper is not None and not self._said("pg_advisory_unlock", name):
                    self._let_go()  # Without the connection nothing is held any more.

    def _take(self, name: str) -> None:
        if name in self._held:
            raise Held
        if self._keeper is None or not self._said("pg_backend_pid", None):
            self._let_go()
            self._keeper = self._own_connection()
        if not self._said("pg_try_advisory_lock", name):
            raise Held
        self._held.add(name)

    def _own_connection(self) -> Any:
        pooled = self._engine.raw_connection()
        own = pooled.driver_connection
        pooled.detach()
        return own

    def _said(self, function: str, name: str | None) -> bool:
        """What a function answers that is given this lock; False where the connection is gone."""
        key = "" if name is None else lock_key(self.schema.name, self.organisation, "alone", name)
        try:
            (answer,) = self._keeper.execute(f"SELECT {function}({key})").fetchone()
        except self._keeper.Error:
            if not self._keeper.closed:
                raise
            return False
        return answer is not False

    def _let_go(self) -> None:
        if self._keeper is not None:
            self._keeper.close()
            self._keeper = None
        self._held.clear()


def open_postgres(address: str, schema: Schema, *, read_only: bool) -> PostgresStore:
    """Open a schema that is made and up to date; raises StoreUnusable and its kinds where it is not, or cannot be reached."""
    store = PostgresStore(address, schema, read_only=read_only)
    try:
        with failures.told(store.name), transaction(store._engine, _READING) as connection:
            demand_bound(connection, store.name)
            demand_version(version_of(connection, schema), schema, store.name)
    except BaseException:
        store.close()
        raise
    return store


def organisation_of(address: str) -> str:
    """The organisation that an address names; raises UsageError if that cannot be one."""
    unless_said = "" if "organisation=" in address else UNLESS_SAID
    named = _url(address).query.get("organisation", unless_said)
    if not isinstance(named, str) or not _ORGANISATION.fullmatch(named):
        raise UsageError(
            f"{shown(address)}: ?organisation= names one, by letters, digits and . _ @ -, beginning with a letter or digit, at most 64"
        )
    return named


def engine_of(address: str, schema: Schema, *, read_only: bool = False) -> Engine:
    """Opens connections that are of the address's organisation, and look for tables in this schema."""
    url = _url(address)
    options = {
        "search_path": schema.name,
        SETTING: organisation_of(address),
        "lock_timeout": f"{PATIENCE * 1000:.0f}ms",
        "synchronous_commit": "on",  # whatever the database is set to: what is acknowledged stays
        "default_transaction_read_only": "on" if read_only else "off",
    }
    told = [str(url.query.get("options", "")), *(f"-c {name}={value}" for name, value in options.items())]
    engine = create_engine(
        url.difference_update_query(["organisation", "options"]).set(drivername="postgresql+psycopg"),
        # autocommit: the driver begins nothing by itself, so that every BEGIN is one of ours.
        connect_args={"options": " ".join(told).strip(), "autocommit": True, "application_name": "servicesim", **_waiting(url)},
        poolclass=QueuePool,
        pool_size=_MOST_AT_ONCE,
        max_overflow=0,
        pool_timeout=PATIENCE,
        use_native_hstore=False,
    )
    engine.dialect.use_insertmanyvalues_wo_returning = True  # many rows are one statement
    return engine


def _waiting(url: URL) -> dict[str, int]:
    return {} if "connect_timeout" in url.query else {"connect_timeout": max(2, int(PATIENCE))}


def _url(address: str) -> URL:
    try:
        return make_url(address)
    except (ArgumentError, ValueError):
        # Not `from`: the cause would quote the address, and the password in it.
        raise UsageError(f"{shown(address)} is no address: write postgresql://USER@HOST/DATABASE?organisation=NAME") from None


def lock_key(*names: str) -> int:
    """The number of a lock; 64 bits of a hash, so that others who use the database are not met by chance."""
    digest = hashlib.sha256("\0".join(("servicesim", *names)).encode()).digest()
    return int.from_bytes(digest[:8], signed=True)


def demand_bound(connection: Connection, name: str) -> None:
    """Raises UsageError for a role that no rule about rows binds."""
    asked = "SELECT rolname FROM pg_roles WHERE rolname = current_user AND (rolsuper OR rolbypassrls)"
    role = connection.execute(text(asked)).scalar()
    if role is not None:
        raise failures.sees_all(name, role)


def version_of(connection: Connection, schema: Schema) -> int | None:
    """The version of the tables; None if there are none."""
    if connection.execute(select(text("to_regclass(:name)")), {"name": f"{schema.name}.alembic_version"}).scalar() is None:
        return None
    version = connection.execute(text(f"SELECT version_num FROM {schema.name}.alembic_version")).scalar()
    return None if version is None else int(version)


def demand_version(version: int | None, schema: Schema, name: str) -> None:
    """Raises StoreUnusable or NewerStore if this is not the version that we know."""
    if version is None:
        raise failures.not_made(name)
    if version > schema.version:
        raise failures.newer(name, version, schema.version)
    if version < schema.version:
        raise failures.older(name)


@contextmanager
def transaction(engine: Engine, begin: str, look: Look | None = None) -> Iterator[Connection]:
    """A transaction that begins with these statements, and is committed when the block is left without an error.

    `look` is given the driver's cursor, with what the statements found.
    """
    connection = _begun(engine, begin, look)
    try:
        yield connection
        _commit(connection)
    except BaseException:
        _undo(connection)
        raise
    finally:
        connection.close()


def _begun(engine: Engine, begin: str, look: Look | None) -> Connection:
    """A connection on which this has been said. One that died while it waited in the pool is replaced, once."""
    try:
        return _said(engine, begin, look)
    except _Died:
        engine.dispose()  # When one has died, so have all that were opened before PostgreSQL went down.
        try:
            return _said(engine, begin, look)
        except _Died as again:
            raise again.failure from None


class _Died(Exception):
    """The connection is gone, before anything was done on it."""

    def __init__(self, failure: Exception) -> None:
        self.failure = failure


def _said(engine: Engine, begin: str, look: Look | None) -> Connection:
    connection = engine.connect()
    driver = _driver(connection)
    try:
        connection.begin()
        # Several statements at once; they cannot be prepared.
        found = driver.execute(begin, prepare=False)
        if look is not None:
            look(found)
    except BaseException as failure:
        died = bool(driver.closed)
        _undo(connection)
        connection.close()
        if died and isinstance(failure, Exception):
            raise _Died(failure) from failure
        raise
    return connection


def _commit(connection: Connection) -> None:
    """Commit, and believe only a COMMIT: PostgreSQL answers ROLLBACK, and no error, where a statement before had failed."""
    driver = _driver(connection)
    if driver.info.transaction_status.name != "INTRANS":
        raise RuntimeError("a failed statement was passed over: the transaction cannot be committed")
    connection.commit()


def _undo(connection: Connection) -> None:
    try:
        connection.rollback()
    except DBAPIError:
        connection.invalidate()


def _driver(connection: Connection) -> Any:
    return connection.connection.driver_connection
