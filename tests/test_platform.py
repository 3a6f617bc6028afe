"""What differs between operating systems works on each of them, and where the POSIX names are missing."""

from __future__ import annotations

import errno
import fcntl
import importlib.util
import os
import signal
import sys
from pathlib import Path
from types import ModuleType, SimpleNamespace

import pytest

from servicesim import platform as own_platform


def like_windows(monkeypatch: pytest.MonkeyPatch) -> ModuleType:
    """The module as it loads where there is no fcntl, no O_NONBLOCK, no SIGHUP, no flushing of folders, but msvcrt."""

    def locking(descriptor: int, mode: int, amount: int) -> None:
        try:
            fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError as held:
            raise PermissionError(errno.EACCES, "Permission denied") from held

    monkeypatch.setitem(sys.modules, "fcntl", None)
    monkeypatch.setitem(sys.modules, "msvcrt", SimpleNamespace(locking=locking, LK_NBLCK=2))
    for name in ("O_NONBLOCK", "O_DIRECTORY"):
        monkeypatch.delattr(os, name, raising=False)
    monkeypatch.delattr(signal, "SIGHUP", raising=False)
    assert own_platform.__file__
    spec = importlib.util.spec_from_file_location("platform_like_windows", own_platform.__file__)
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


@pytest.fixture(params=["here", "like windows"])
def platform(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> ModuleType:
    return own_platform if request.param == "here" else like_windows(monkeypatch)


def test_a_file_is_replaced_whole(platform: ModuleType, tmp_path: Path) -> None:
    path = tmp_path / "scores.csv"
    platform.write_atomically(path, b"old")
    platform.write_atomically(path, b"new\r\n")
    assert path.read_bytes() == b"new\r\n"
    assert list(tmp_path.iterdir()) == [path]


def test_a_file_that_could_not_be_written_to_its_end_stays_as_it_was(platform: ModuleType, tmp_path: Path) -> None:
    path = tmp_path / "scores.csv"
    path.write_bytes(b"old")

    def write_until_full() -> None:
        with platform.replacing(path) as file:
            file.write(b"half of the n")
            raise OSError(errno.ENOSPC, "full")

    with pytest.raises(OSError, match="full"):
        write_until_full()
    assert path.read_bytes() == b"old"
    assert list(tmp_path.iterdir()) == [path]


def test_the_content_is_on_the_disk_before_it_has_the_name(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    deeds: list[str] = []
    true_fsync, true_replace = os.fsync, os.replace
    monkeypatch.setattr(os, "fsync", lambda descriptor: (deeds.append("sync"), true_fsync(descriptor)))
    monkeypatch.setattr(os, "replace", lambda old, new: (deeds.append("rename"), true_replace(old, new)))
    monkeypatch.setattr(own_platform, "sync_folder", lambda folder: deeds.append(f"sync {folder.name}"))
    own_platform.write_atomically(tmp_path / "scores.csv", b"new")
    assert deeds == ["sync", "rename", f"sync {tmp_path.name}"]


@pytest.mark.skipif(os.name != "posix", reason="this system has no such rights")
def test_a_replaced_file_has_the_rights_that_any_new_file_has(platform: ModuleType, tmp_path: Path) -> None:
    (tmp_path / "plain").write_bytes(b"")
    platform.write_atomically(tmp_path / "scores.csv", b"")
    assert (tmp_path / "scores.csv").stat().st_mode == (tmp_path / "plain").stat().st_mode


def test_folders_are_made_down_to_the_last(platform: ModuleType, tmp_path: Path) -> None:
    for _ in range(2):
        platform.make_folder(tmp_path / "a" / "b" / "c")
    assert (tmp_path / "a" / "b" / "c").is_dir()


def test_only_one_holds_a_lock(platform: ModuleType, tmp_path: Path) -> None:
    path = tmp_path / "leyla-1.playing"
    with platform.locked(path):
        with pytest.raises(BlockingIOError), platform.locked(path):
            pass
        with platform.locked(tmp_path / "omid-1.playing"):
            pass
    with platform.locked(path):
        pass
    assert list(tmp_path.iterdir()) == []


def test_a_lock_is_not_taken_on_a_file_that_its_last_holder_removed(
    platform: ModuleType, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = tmp_path / "leyla-1.playing"
    true_open = os.open
    opened: list[str] = []

    def open_then_lose(name: Path, flags: int, mode: int = 0o777) -> int:
        descriptor = true_open(name, flags, mode)
        if not opened:
            path.unlink()
        opened.append(str(name))
        return descriptor

    monkeypatch.setattr(os, "open", open_then_lose)
    with platform.locked(path):
        assert path.exists()
    assert len(opened) == 2


def test_a_lock_that_is_let_go_in_time_is_waited_for(
    platform: ModuleType, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = tmp_path / "making"
    other = platform.locked(path)
    other.__enter__()
    monkeypatch.setattr(platform.time, "sleep", lambda seconds: other.__exit__(None, None, None))
    with platform.locked(path, wait=60):
        assert path.exists()


@pytest.mark.skipif(not hasattr(os, "mkfifo"), reason="this system has no FIFOs")
def test_opening_a_fifo_does_not_wait_for_a_writer(tmp_path: Path) -> None:
    os.mkfifo(tmp_path / "late-parcel.yaml")
    os.close(own_platform.open_without_waiting(tmp_path / "late-parcel.yaml"))


def test_files_are_opened_and_read_everywhere(platform: ModuleType, tmp_path: Path) -> None:
    path = tmp_path / "late-parcel.yaml"
    path.write_bytes(b"a\r\nb")
    with open(platform.open_without_waiting(path), "rb") as file:
        assert file.read() == b"a\r\nb"


def test_a_missing_signal_is_none(monkeypatch: pytest.MonkeyPatch) -> None:
    assert getattr(signal, "SIGHUP", None) == own_platform.HANG_UP
    assert like_windows(monkeypatch).HANG_UP is None


@pytest.mark.parametrize(("leaves", "opened"), [(0, True), (3, False)])
def test_a_file_is_opened_by_what_the_system_opens_it_with(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, leaves: int, opened: bool) -> None:
    opener, seen = tmp_path / ("open" if sys.platform == "darwin" else "xdg-open"), tmp_path / "seen"
    opener.write_text(f'#!/bin/sh\necho "$1" > "{seen}"\nexit {leaves}\n', encoding="utf-8")
    opener.chmod(0o755)
    monkeypatch.setenv("PATH", f"{tmp_path}{os.pathsep}{os.environ['PATH']}")
    assert own_platform.open_file(tmp_path / "a page.html") is opened
    assert seen.read_text(encoding="utf-8").strip() == str(tmp_path / "a page.html")


def test_without_anything_to_open_it_with_that_is_said(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PATH", str(tmp_path))
    assert own_platform.open_file(tmp_path / "a page.html") is False


@pytest.mark.parametrize("system", ["linux", "darwin", "win32"])
def test_memory_is_given_back_where_the_c_library_can_do_that(monkeypatch: pytest.MonkeyPatch, system: str) -> None:
    own_platform.give_memory_back()
    trimmed: list[int] = []
    for library, times in ((SimpleNamespace(malloc_trim=trimmed.append), 1), (SimpleNamespace(), 0)):
        monkeypatch.setattr(own_platform.sys, "platform", system)
        monkeypatch.setattr(own_platform.importlib, "import_module", lambda _, library=library: SimpleNamespace(CDLL=lambda _: library))
        trimmed.clear()
        own_platform.give_memory_back()
        assert len(trimmed) == (times if system == "linux" else 0)
