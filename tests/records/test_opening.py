"""Bad surroundings: each is told as one sentence that names the path and the way out, and nothing that was kept is lost."""

from __future__ import annotations

import errno
import os
import sqlite3
import subprocess
import sys
import tempfile
import threading
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing, contextmanager
from pathlib import Path
from typing import Any

import pytest

from benchmarks.reliability_shim import NoShim, noted
from servicesim import platform
from servicesim.errors import ServicesimError, StoreFull, StoreUnusable
from servicesim.records import Records, open_people, open_records, store

NOBODY = 65534


def sentence(deed: Callable[[], object]) -> str:
    """What a person reads when this is refused."""
    with pytest.raises(ServicesimError) as refused:
        deed()
    text = str(refused.value)
    assert "\n" not in text
    assert refused.value.exit_code == 4
    return text


@contextmanager
def without_rights() -> Iterator[None]:
    """Root may write anywhere: inside this block the process is nobody."""
    if not hasattr(os, "seteuid"):
        pytest.skip("this system has no users to become")
    if os.geteuid() != 0:
        yield
        return
    os.seteuid(NOBODY)
    try:
        yield
    finally:
        os.seteuid(0)


@pytest.fixture
def read_only(attempt: Any) -> Iterator[Path]:
    """A folder with an attempt in it, readable to all and writable to nobody; not below tmp_path, which is private."""
    with tempfile.TemporaryDirectory() as base:
        folder = Path(base) / "records"
        with open_records(folder) as records:
            records.keep_text("scenario", '{"id":"late-parcel"}')
            records.keep_text("principles", '{"principles":{}}')
            records.begin(attempt(), ["began"])
        os.chmod(base, 0o755)
        for path in (folder, *folder.iterdir()):
            path.chmod(0o555 if path.is_dir() else 0o444)
        yield folder
        folder.chmod(0o755)


# Making


def test_the_folder_and_the_database_are_made_and_nothing_else_is_left(tmp_path: Path) -> None:
    folder = tmp_path / "a" / "b"
    open_records(folder).close()
    open_people(folder).close()
    assert sorted(path.name for path in folder.iterdir()) == ["people.db", "records.db"]


def test_a_folder_asks_for_nothing_of_postgresql(tmp_path: Path) -> None:
    look = (
        "import sys, pathlib, servicesim.records as r\n"
        "with r.open_records(pathlib.Path(sys.argv[1])) as records: records.keep_text('scenario', '{}')\n"
        "print(sorted({'psycopg', 'alembic'} & set(sys.modules)))"
    )
    told = subprocess.run([sys.executable, "-c", look, str(tmp_path)], capture_output=True, text=True, check=True)
    assert told.stdout == "[]\n"


def test_a_folder_name_may_hold_anything(tmp_path: Path, attempt: Any) -> None:
    folder = tmp_path / "پوشه ?mode=memory #1 100%41"
    open_records(folder).close()
    assert (folder / "records.db").is_file()


def test_many_that_make_the_same_database_at_once_all_get_the_one(folder: Path) -> None:
    together = threading.Barrier(8)

    def keep(number: int) -> str:
        together.wait()
        with open_records(folder) as records:
            return records.keep_text("scenario", f"text {number}")

    with ThreadPoolExecutor(8) as windows:
        names = list(windows.map(keep, range(8)))
    with open_records(folder) as records:
        assert [records.text(name) for name in names] == [f"text {number}" for number in range(8)]


def test_what_an_interrupted_making_left_behind_is_no_hindrance(folder: Path) -> None:
    folder.mkdir()
    (folder / "records.db.new").write_bytes(b"half a database")
    open_records(folder).close()
    assert [path.name for path in folder.iterdir()] == ["records.db"]


def test_a_database_appears_under_its_name_only_when_it_is_whole(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    deeds: list[str] = []
    sync_file, rename, sync_folder = platform.sync_file, platform.rename, platform.sync_folder
    monkeypatch.setattr(platform, "sync_file", lambda path: (deeds.append(f"sync {path.name}"), sync_file(path)))
    monkeypatch.setattr(platform, "rename", lambda old, new: (deeds.append(f"rename {old.name}"), rename(old, new)))
    monkeypatch.setattr(platform, "sync_folder", lambda path: (deeds.append(f"sync {path.name}/"), sync_folder(path)))
    folder.mkdir()
    open_records(folder).close()
    assert deeds == ["sync records.db.new", "rename records.db.new", "sync records/"]


def test_every_connection_is_set_to_lose_nothing(records: Records) -> None:
    with records._store.reading() as connection:
        said = {
            name: connection.exec_driver_sql(f"PRAGMA {name}").scalar()
            for name in ("journal_mode", "synchronous", "foreign_keys", "trusted_schema", "busy_timeout")
        }
    assert said == {
        "journal_mode": "truncate",
        "synchronous": 3,
        "foreign_keys": 1,
        "trusted_schema": 0,
        "busy_timeout": 10_000,
    }


def test_two_transactions_at_once_are_two_connections(records: Records) -> None:
    with records._store.reading(), records._store.writing() as connection:
        assert connection.exec_driver_sql("SELECT count(*) FROM texts").scalar() == 2


def test_a_database_that_somebody_put_into_wal_is_put_back(records: Records, folder: Path) -> None:
    records.close()
    with closing(sqlite3.connect(folder / "records.db")) as tool:
        tool.execute("PRAGMA journal_mode = WAL")
    with open_records(folder) as again, again._store.reading() as connection:
        assert connection.exec_driver_sql("PRAGMA journal_mode").scalar() == "truncate"


# Refusing


def test_a_folder_below_a_file_is_told(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("I am no folder")
    said = sentence(lambda: open_records(tmp_path / "file" / "records"))
    assert (
        said
        == f"{tmp_path / 'file' / 'records'} cannot be used as a folder: a file has that name or stands above it; choose another folder"
    )


def test_a_directory_in_the_way_is_told(folder: Path) -> None:
    (folder / "records.db").mkdir(parents=True)
    said = sentence(lambda: open_records(folder))
    assert said == f"{folder / 'records.db'} is not a file: move it away, ServiceSim keeps a database under this name"


@pytest.mark.parametrize("content", [b"", b"Dear diary, " * 1000, b"SQLite format 3\0" + bytes(4080)])
def test_something_else_in_the_way_is_told_and_left_alone(folder: Path, content: bytes) -> None:
    folder.mkdir()
    (folder / "records.db").write_bytes(content)
    said = sentence(lambda: open_records(folder))
    assert said.startswith(
        f"{folder / 'records.db'} is no ServiceSim database, or is damaged: put a backup in its place"
    )
    assert (folder / "records.db").read_bytes() == content


def test_the_database_of_another_program_is_told(folder: Path) -> None:
    folder.mkdir()
    with closing(sqlite3.connect(folder / "records.db")) as other:
        other.execute("CREATE TABLE attempts (id TEXT)")
    assert "is no ServiceSim database" in sentence(lambda: open_records(folder))


def test_people_are_not_taken_for_records(folder: Path) -> None:
    open_people(folder).close()
    (folder / "people.db").rename(folder / "records.db")
    assert "is no ServiceSim database" in sentence(lambda: open_records(folder))


def test_damage_inside_is_told(records: Records, folder: Path, attempt: Any) -> None:
    records.begin(attempt(), ["began"])
    records.close()
    content = (folder / "records.db").read_bytes()
    (folder / "records.db").write_bytes(content[:4096] + b"\xff" * (len(content) - 4096))
    assert "is damaged" in sentence(lambda: open_records(folder))


def test_a_program_that_does_not_let_go_is_told(
    records: Records, folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    records.close()
    monkeypatch.setattr(store, "PATIENCE", 0.0)
    with (
        closing(sqlite3.connect(folder / "records.db", isolation_level=None)) as other,
        open_records(folder) as waiting,
    ):
        other.execute("BEGIN IMMEDIATE")
        assert "in use by another program" in sentence(lambda: waiting.keep_text("scenario", "x"))
        other.execute("ROLLBACK")
        waiting.keep_text("scenario", "x")


def test_a_making_that_does_not_end_is_told(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(store, "PATIENCE", 0.0)
    folder.mkdir()
    with platform.locked(folder / "records.db.lock"):
        assert "in use by another program" in sentence(lambda: open_records(folder))


@pytest.mark.parametrize("fate", ["moved", "deleted", "replaced"])
def test_nothing_is_written_into_a_file_that_is_no_longer_there(
    records: Records, folder: Path, attempt: Any, fate: str
) -> None:
    records.begin(attempt(), ["began"])
    path = folder / "records.db"
    kept = path.read_bytes()
    path.rename(folder / "elsewhere.db")
    if fate == "deleted":
        (folder / "elsewhere.db").unlink()
    if fate == "replaced":
        path.write_bytes(kept)
    assert "was moved, deleted or replaced" in sentence(lambda: records.append("leyla-1", 1, ["spoke"]))
    if fate != "replaced":
        assert "was moved, deleted or replaced" in sentence(lambda: records.append("leyla-1", 1, ["spoke"]))
        assert not path.exists()
    path.write_bytes(kept)
    records.append("leyla-1", 1, ["spoke"])
    with open_records(folder) as again:
        assert again.lines("leyla-1") == ["began", "spoke"]


# Rights


def test_a_folder_that_may_not_be_written_is_told(read_only: Path) -> None:
    path = read_only / "records.db"
    with without_rights():
        said = sentence(lambda: open_records(read_only / "below"))
        assert said.endswith("cannot be written: allow writing to it and to its folder, or choose another folder")
        with open_records(read_only) as records:
            said = sentence(lambda: records.append("leyla-1", 1, ["spoke"]))
            assert said == f"{path} cannot be written: allow writing to it and to its folder, or choose another folder"
            assert "cannot be written" in sentence(lambda: records.hold("leyla-1").__enter__())


def test_a_writable_file_in_a_folder_that_is_not_is_told(read_only: Path) -> None:
    path = read_only / "records.db"
    path.chmod(0o666)
    (read_only / "records.db-journal").unlink()
    with without_rights(), open_records(read_only) as records:
        said = sentence(lambda: records.append("leyla-1", 1, ["spoke"]))
    assert said == f"{path} cannot be written: allow writing to it and to its folder, or choose another folder"


def test_what_may_not_be_read_is_told(read_only: Path) -> None:
    (read_only / "records.db").chmod(0)
    with without_rights():
        assert "records.db cannot be" in sentence(lambda: open_records(read_only))
    read_only.chmod(0)
    with without_rights():
        assert "records.db cannot be" in sentence(lambda: open_records(read_only))


def test_an_export_reads_where_nothing_may_be_written(read_only: Path, attempt: Any) -> None:
    with without_rights(), open_records(read_only, read_only=True) as records:
        assert list(records.attempts()) == [(attempt(), None)]
        assert records.lines("leyla-1") == ["began"]


def test_records_opened_to_be_read_cannot_be_written(records: Records, folder: Path) -> None:
    with open_records(folder, read_only=True) as reading:
        assert "cannot be written" in sentence(lambda: reading.keep_text("scenario", "x"))


def test_reading_makes_nothing_and_says_that_nothing_is_there(folder: Path) -> None:
    said = sentence(lambda: open_records(folder, read_only=True))
    assert said.startswith(f"{folder / 'records.db'} does not exist: nothing has been played in this folder yet")
    assert not folder.exists()


# A full disk


@pytest.fixture
def disk(folder: Path) -> Iterator[list[int | None]]:
    """What every write to the disk fails with from now on: put an errno in, take it out to mend it."""
    trouble: list[int | None] = [None]
    folder.mkdir(exist_ok=True)
    try:
        with noted(folder, lambda deed: trouble[0]):
            yield trouble
    except NoShim as reason:
        pytest.skip(str(reason))


def test_a_full_disk_is_told_and_the_same_can_be_written_when_there_is_room(
    disk: list[int | None], folder: Path, attempt: Any
) -> None:
    with open_records(folder) as records:
        records.keep_text("scenario", '{"id":"late-parcel"}')
        records.keep_text("principles", '{"principles":{}}')
        records.begin(attempt(), ["began"])
        disk[0] = errno.ENOSPC
        for _ in range(2):
            with pytest.raises(StoreFull) as full:
                records.append("leyla-1", 1, ["spoke"])
            assert (
                str(full.value)
                == f"no room is left on the disk that holds {folder / 'records.db'}: make room there and try again"
            )
        disk[0] = None
        records.append("leyla-1", 1, ["spoke"])
        assert records.lines("leyla-1") == ["began", "spoke"]


def test_a_disk_that_is_full_from_the_start_is_told_and_leaves_no_half_of_a_database(
    disk: list[int | None], folder: Path
) -> None:
    disk[0] = errno.ENOSPC
    with pytest.raises(StoreUnusable):
        open_records(folder)
    assert not (folder / "records.db").exists()
    disk[0] = None
    open_records(folder).close()


def test_a_disk_with_errors_is_told(disk: list[int | None], folder: Path) -> None:
    with open_records(folder) as records:
        records.keep_text("scenario", "x")
        disk[0] = errno.EIO
        said = sentence(lambda: records.keep_text("scenario", "y"))
    assert "check" in said
    assert str(folder / "records.db") in said


def test_sqlite_itself_says_full_in_the_same_words(records: Records, attempt: Any) -> None:
    def fill() -> None:
        with records._store.writing() as connection:
            connection.exec_driver_sql("PRAGMA max_page_count = 1")
            connection.exec_driver_sql("INSERT INTO texts VALUES ('0', 'scenario', ?)", ("x" * 100_000,))

    records.begin(attempt())
    assert sentence(fill).startswith("no room is left on the disk")
    records.append("leyla-1", 0, ["began"])
