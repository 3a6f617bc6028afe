"""A file that is handed over is whole, can be checked, and is in the log; or else nothing has happened."""

from __future__ import annotations

import errno
import hashlib
import json
import os
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from benchmarks.exports_filler import fill
from exports.kept import EXPERT, SORRY, keep, rows
from servicesim import __version__, platform
from servicesim.cli import run
from servicesim.errors import ServicesimError, StoreFull, UsageError
from servicesim.exports import handover
from servicesim.exports.columns import EVERYTHING, PRINCIPLES
from servicesim.exports.filters import Filter
from servicesim.exports.handover import Kind, Order, hand_over, manifest_path
from servicesim.exports.rows import Ended
from servicesim.records import open_records, store

KINDS: tuple[Kind, ...] = ("csv", "xlsx", "jsonl", "xapi")


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """Records with two attempts."""
    folder = tmp_path / "records"
    keep(folder, *EXPERT, number=1)
    keep(folder, *SORRY, number=2)
    return folder


@pytest.fixture
def out(tmp_path: Path) -> Path:
    """A folder that holds an older export."""
    (tmp_path / "out").mkdir()
    (tmp_path / "out" / "scores").write_text("old", encoding="utf-8")
    return tmp_path / "out"


def left(out: Path) -> dict[str, str]:
    """The files there, and what is in them."""
    return {path.name: path.read_text(encoding="utf-8") if path.is_file() else "a folder" for path in out.iterdir()}


OLD = {"scores": "old"}


@pytest.mark.parametrize("kind", KINDS)
def test_a_manifest_stands_beside_each_file(kind: Kind, folder: Path, out: Path) -> None:
    done = hand_over(Order(out / "scores", kind, Filter(team="Desk 3")), folder)
    told = json.loads((out / "scores.manifest.json").read_text(encoding="utf-8"))
    rows = (out / "scores").read_bytes().count(b"\n") if kind in ("jsonl", "xapi") else 2
    assert told == {
        "file": "scores",
        "kind": kind,
        "rows": rows,
        "sha256": hashlib.sha256((out / "scores").read_bytes()).hexdigest(),
        "at": told["at"],
        "filter": "team Desk 3",
        "with_names": False,
        "servicesim": __version__,
        "columns": [] if kind == "xapi" else [field.heading for field in EVERYTHING.fields],
    }
    assert (done.attempts, done.cut, done.not_logged) == (2, 0, "")
    assert sorted(left_names(out)) == ["scores", "scores.manifest.json"]


def left_names(out: Path) -> list[str]:
    return [path.name for path in out.iterdir()]


def test_each_file_has_its_line_in_the_log(folder: Path, out: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(handover, "who", lambda: "leyla")
    hand_over(Order(out / "scores.csv", filter=Filter(learner="0a1b"), with_names=True, with_principles=True), folder)
    with open_records(folder) as records:
        log = records.export_log()
    manifests = [json.loads((out / f"{name}.manifest.json").read_text(encoding="utf-8")) for name in ("scores.csv", "principles.csv")]
    assert [(one.who, one.kind, one.filter, one.rows, one.sha256, one.with_names) for one in log] == [
        ("leyla", "csv", "learner 0a1b", one["rows"], one["sha256"], True) for one in manifests
    ]


def test_principles_stand_in_a_file_of_their_own(folder: Path, out: Path) -> None:
    done = hand_over(Order(out / "scores.csv", with_principles=True), folder)
    told = rows(out / "principles.csv")
    assert list(told[0]) == [field.heading for field in PRINCIPLES.fields]
    assert [one.rows for one in done.manifests] == [2, len(told)]
    assert {row["attempt"] for row in told} == {"attempt-1", "attempt-2"}
    assert {row["owed"] for row in told} <= {"true", "false"}
    assert {row["name"] for row in told} == {""}


def test_a_file_of_somebody_elses_is_not_overwritten(folder: Path, out: Path) -> None:
    (out / "principles.csv").write_text("mine", encoding="utf-8")
    with pytest.raises(UsageError, match="is there, and no export of ours"):
        hand_over(Order(out / "scores.csv", with_principles=True), folder)
    assert left(out) == OLD | {"principles.csv": "mine"}
    (out / "principles.csv").unlink()
    for _ in range(2):
        hand_over(Order(out / "scores.csv", with_principles=True), folder)


@pytest.mark.parametrize(("name", "told"), [("out", "is a folder; name a file"), ("gone/scores.csv", "there is no folder"), ("records/records.db", "holds the records themselves"), ("records/people.db", "holds the records themselves"), ("records/rollups.db", "holds the records themselves"), ("out/taken", "taken.manifest.json is a folder; name a file")])
def test_a_place_that_will_not_do_is_told_before_anything_is_written(name: str, told: str, folder: Path, out: Path) -> None:
    (out / "taken.manifest.json").mkdir()
    before = {path.name: path.read_bytes() for path in folder.iterdir()}
    with pytest.raises(UsageError, match=told):
        hand_over(Order(folder.parent / name), folder)
    assert {path.name: path.read_bytes() for path in folder.iterdir()} == before
    assert left(out) == OLD | {"taken.manifest.json": "a folder"}


def test_the_attempts_cannot_go_to_the_file_of_the_principles(folder: Path, out: Path) -> None:
    with pytest.raises(UsageError, match="give the file another name"):
        hand_over(Order(out / "principles.csv", with_principles=True), folder)


@pytest.mark.skipif(not hasattr(os, "geteuid") or os.geteuid() == 0, reason="the superuser may write anywhere")
@pytest.mark.parametrize("kind", KINDS)
def test_a_folder_without_rights_is_told(kind: Kind, folder: Path, out: Path) -> None:
    out.chmod(0o500)
    with pytest.raises(ServicesimError, match="cannot be written"):
        hand_over(Order(out / "scores", kind), folder)
    out.chmod(0o700)
    assert left(out) == OLD


@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize("failure", [PermissionError(errno.EACCES, "Permission denied"), OSError(errno.EROFS, "Read-only file system")])
def test_a_place_that_refuses_is_told_in_a_sentence(kind: Kind, failure: OSError, folder: Path, out: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def refuse(*_: object) -> None:
        raise failure

    # Also what Windows says when the file is open in another program.
    monkeypatch.setattr(platform, "rename", refuse)
    with pytest.raises(ServicesimError, match=r"scores cannot be written: allow writing to it"):
        hand_over(Order(out / "scores", kind), folder)
    assert left(out) == OLD


@pytest.mark.parametrize("kind", KINDS)
def test_the_same_file_may_be_open_elsewhere(kind: Kind, folder: Path, out: Path) -> None:
    with (out / "scores").open(encoding="utf-8") as reading:
        if os.name == "nt":
            with pytest.raises(ServicesimError):
                hand_over(Order(out / "scores", kind), folder)
        else:
            hand_over(Order(out / "scores", kind), folder)
        assert reading.read() == "old"


@pytest.mark.parametrize("kind", KINDS)
def test_who_stops_it_finds_what_was_there_before(kind: Kind, folder: Path, out: Path) -> None:
    def stopped(attempts: Iterator[int]) -> Iterator[int]:
        yield next(attempts)
        raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        hand_over(Order(out / "scores", kind, with_principles=True), folder, stopped)
    assert left(out) == OLD
    with open_records(folder) as records:
        assert records.export_log() == []


@pytest.fixture(scope="module")
def many(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("many")
    fill(folder, 60, plays=5, with_events=True)
    return folder


@pytest.mark.skipif(sys.platform == "win32", reason="no limit on the size of files can be set here")
@pytest.mark.parametrize(
    ("options", "room"),
    [
        (("--format", "csv"), 20_000),
        (("--format", "xlsx"), 20_000),
        (("--format", "jsonl"), 20_000),
        (("--format", "xapi"), 20_000),
        (("--principles",), 60_000),  # enough for the attempts
        (("--columns", "conduct.yaml", "--attempts", "first"), 150),  # enough for a number or two, and not for their manifest
    ],
)
def test_a_disk_that_is_full_leaves_what_was_there_before(
    options: tuple[str, ...], room: int, many: Path, out: Path, tmp_path: Path
) -> None:
    (tmp_path / "conduct.yaml").write_text("servicesim: 1\nrows: {passed: true}\ncolumns: [{from: conduct}]\n", encoding="utf-8")
    limited = (
        "import resource, sys; resource.setrlimit(resource.RLIMIT_FSIZE, (int(sys.argv[1]),) * 2);"
        "from servicesim.cli import main; main(sys.argv[2:])"
    )
    # -B: what Python compiles would be cut off as well, and kept for others.
    command = [str(room), "export", *options, "-o", str(out / "scores"), "--records", str(many)]
    (out / "scores.manifest.json").write_text("of the old", encoding="utf-8")
    done = subprocess.run([sys.executable, "-B", "-c", limited, *command], capture_output=True, text=True, timeout=60, check=False, cwd=tmp_path)
    assert (done.returncode, done.stdout) == (4, "")
    assert done.stderr == f"no room is left on the disk that holds {out / 'scores'}: make room there and try again\n"
    assert left(out) == OLD | {"scores.manifest.json": "of the old"}


def test_where_a_file_cannot_be_replaced_its_manifest_stays(folder: Path, out: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """As on Windows, where somebody has the old file open in a spreadsheet."""
    really = platform.rename

    def refuse(temporary: Path, path: Path) -> None:
        if path.name == "scores":
            raise PermissionError(errno.EACCES, "Permission denied")
        really(temporary, path)

    monkeypatch.setattr(platform, "rename", refuse)
    with pytest.raises(ServicesimError, match=r"scores cannot be written"):
        hand_over(Order(out / "scores"), folder)
    assert left(out) == OLD


def test_names_leave_only_where_the_log_can_be_kept(folder: Path, out: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def full(*_: Any, **__: Any) -> int:
        raise StoreFull("no room is left on the disk that holds records.db: make room there and try again")

    monkeypatch.setattr("servicesim.records.records.Records.log_export", full)
    with pytest.raises(ServicesimError, match=r"names are handed over only where the log of exports can be kept: no room is left"):
        hand_over(Order(out / "scores", with_names=True), folder)
    assert left(out) == OLD
    assert hand_over(Order(out / "scores"), folder).not_logged.startswith("no room is left")
    assert rows(out / "scores")[0]["name"] == ""


def test_an_export_never_waits_for_those_who_play(folder: Path, out: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(store, "PATIENCE", 0.1)
    seen: list[int] = []

    def while_playing(attempts: Iterator[Ended]) -> Iterator[Ended]:
        for number, one in enumerate(attempts):
            keep(folder, *EXPERT, number=100 + number, practice=True)
            seen.append(number)
            yield one

    hand_over(Order(out / "scores"), folder, while_playing)
    assert seen == [0, 1]


@pytest.mark.parametrize(
    ("column", "value"),
    [("conduct", "1x/1"), ("conduct", "1/10x"), ("principles", "[]"), ("principles", '{"a":1}'), ("principles", "{"), ("ended", -5), ("ended", 1 << 60)],
)
def test_a_damaged_result_is_told_and_not_handed_over(
    column: str, value: str | int, folder: Path, out: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    import sqlite3

    with sqlite3.connect(folder / "records.db", isolation_level=None) as database:
        database.execute("DROP TRIGGER results_no_update")
        database.execute(f"UPDATE results SET {column} = ? WHERE attempt = 2", (value,))
    database.close()
    code = run(["export", "--format", "jsonl", "-o", str(out / "scores"), "--records", str(folder)])
    assert (code, capsys.readouterr().err) == (
        1, "the result of attempt attempt-2 is damaged: put a backup of the records in their place\n",
    )  # fmt: skip
    assert left(out) == OLD


def test_the_manifest_goes_with_its_file() -> None:
    assert manifest_path(Path("a/scores.csv")) == Path("a/scores.csv.manifest.json")
