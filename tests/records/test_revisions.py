"""A step is written once, as a revision of Alembic: it brings files and PostgreSQL to the same version, whole or not at all."""

from __future__ import annotations

import shutil
import sqlite3
from contextlib import closing
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import Column, Connection, Integer, MetaData, Table, Text, insert, select
from sqlalchemy.exc import IntegrityError

from postgres import NOVEMBER, Postgres
from servicesim.errors import StoreUnusable
from servicesim.records import migration, open_records, postgres_upgrade
from servicesim.records.migration import revised
from servicesim.records.store import Schema, open_store
from servicesim.records.tables import SCHEMA

FIRST_REVISION = """
revision = "1"
down_revision = None
def upgrade(): pass
"""
SECOND_REVISION = """
import sqlalchemy
from alembic import op
revision = "2"
down_revision = "1"
def upgrade():
    op.add_column("moods", sqlalchemy.Column("why", sqlalchemy.Text, nullable=True))
    op.execute("UPDATE moods SET why = 'unknown'")
"""


def moods(*more: Column[Any]) -> MetaData:
    made = MetaData()
    Table("moods", made, Column("id", Integer, primary_key=True), Column("mood", Text, nullable=False), *more, sqlite_strict=True)
    return made


def schema(metadata: MetaData, *steps: Any) -> Schema:
    return Schema(77, metadata.create_all, steps, name="moods", metadata=metadata, mutable=frozenset({"moods"}))


FIRST = schema(moods())
SECOND = schema(moods(Column("why", Text)), revised("moods", 2, lambda: ()))
ORGANISATIONS = ("kestrel", "heron")
CALM = {"id": 1, "mood": "calm"}


@pytest.fixture
def migrations(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The folder in which the revisions of `moods` are."""
    folder = tmp_path / "migrations"
    (folder / "moods").mkdir(parents=True)
    shutil.copy(migration.MIGRATIONS / "env.py", folder)
    for number, text in enumerate((FIRST_REVISION, SECOND_REVISION), 1):
        (folder / "moods" / f"version_{number}.py").write_text(text)
    for module in (migration, postgres_upgrade):
        monkeypatch.setattr(module, "MIGRATIONS", folder)
    return folder


def everything(connection: Connection) -> list[tuple[Any, ...]]:
    return [tuple(row) for row in connection.execute(select(*SECOND.metadata.tables["moods"].columns))]  # type: ignore[union-attr]


@pytest.mark.usefixtures("migrations")
def test_a_file_is_brought_up_to_date_by_a_revision(tmp_path: Path) -> None:
    path = tmp_path / "moods.db"
    with closing(open_store(path, FIRST)) as store, store.writing() as connection:
        connection.execute(insert(FIRST.metadata.tables["moods"]), [CALM])  # type: ignore[union-attr]
    with closing(open_store(path, SECOND)) as store, store.reading() as connection:
        assert everything(connection) == [(1, "calm", "unknown")]


@pytest.mark.usefixtures("migrations")
def test_a_database_is_brought_up_to_date_by_the_same_revision(empty_postgres: Postgres) -> None:
    made(empty_postgres)
    with pytest.raises(StoreUnusable, match="servicesim organisation upgrade"):
        open_store(empty_postgres.owner, SECOND)
    done = postgres_upgrade.upgrade(empty_postgres.owner, at=NOVEMBER, wanted=[SECOND])
    assert done == ["moods: brought from version 1 to version 2"]
    for organisation in ORGANISATIONS:
        with closing(open_store(empty_postgres.at("owner", organisation), SECOND)) as store, store.reading() as connection:
            assert everything(connection) == [(1, "calm", "unknown")]
    forced = empty_postgres.say("SELECT relforcerowsecurity FROM pg_class WHERE relname = 'moods'")
    assert forced == [(True,)]


def made(database: Postgres) -> None:
    """The first version, with a row of each organisation."""
    postgres_upgrade.upgrade(database.owner, at=NOVEMBER, wanted=[FIRST])
    for organisation in ORGANISATIONS:
        with closing(open_store(database.at("owner", organisation), FIRST)) as store, store.writing() as connection:
            connection.execute(insert(FIRST.metadata.tables["moods"]), [CALM])  # type: ignore[union-attr]


def test_a_revision_that_fails_changes_nothing(migrations: Path, tmp_path: Path, empty_postgres: Postgres) -> None:
    (migrations / "moods" / "version_2.py").write_text(f"{SECOND_REVISION}    op.execute('nonsense')")
    path = tmp_path / "moods.db"
    open_store(path, FIRST).close()
    made(empty_postgres)
    for deed in (lambda: open_store(path, SECOND), lambda: postgres_upgrade.upgrade(empty_postgres.owner, at=NOVEMBER, wanted=[SECOND])):
        with pytest.raises(StoreUnusable):
            deed()
    open_store(path, FIRST).close()
    with closing(sqlite3.connect(path)) as look:
        assert look.execute("PRAGMA user_version").fetchone() == (1,)
    open_store(empty_postgres.owner, FIRST).close()


def test_a_step_reaches_what_is_kept_in_partitions_and_the_rules_hold_again_after_it(postgres: Postgres, attempt: Any) -> None:
    for organisation in ORGANISATIONS:
        with open_records(postgres.at("server", organisation)) as records:
            texts = {f"{kind}_hash": records.keep_text(kind, "{}") for kind in ("scenario", "principles")}
            records.begin(attempt(started=NOVEMBER, **texts), ["began"])
    with postgres_upgrade._owned(postgres.owner, SCHEMA) as connection:
        with postgres_upgrade._loosened(connection, SCHEMA):
            connection.exec_driver_sql("UPDATE events SET line = 'changed'")
        with pytest.raises(IntegrityError, match="what is kept is never changed"), connection.begin_nested():
            connection.exec_driver_sql("UPDATE events SET line = 'again'")
    assert postgres.say("SELECT line FROM records.events") == [("changed",)] * 2
    with open_records(postgres.owner) as records:
        assert [one.why for one in records.verify_rot()] == ["event 1 has changed since it was written"]


def test_every_schema_has_revisions_that_lead_to_its_version() -> None:
    for one in postgres_upgrade.schemas():
        folder = Path(str(migration.__file__)).parent / "migrations" / one.name
        assert (folder / f"version_{one.version}.py").exists()
