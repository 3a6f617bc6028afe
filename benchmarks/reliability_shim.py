"""A shim between SQLite and the disk that notes what is asked of the disk, and can let it fail.

It is a VFS, registered through ctypes in the very SQLite library that Python's sqlite3 module uses, so that the records run
unchanged through it. This needs a Python whose _sqlite3 shows the library's functions: those of Linux distributions, pyenv and
conda, and python.org's for Windows; where they are hidden, `NoShim` is raised and the experiments say so. It was tried on Linux.
What ServiceSim does with the folder itself goes through servicesim.platform, and is noted there.
"""

from __future__ import annotations

import ctypes
import errno
import importlib
import os
import sqlite3
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from ctypes import CFUNCTYPE, POINTER, Structure, byref, c_char_p, c_int, c_int64, c_void_p
from pathlib import Path
from typing import Any
from unittest import mock

from benchmarks.reliability_disk import (
    Deed,
    FolderSynced,
    Made,
    Removed,
    Renamed,
    Synced,
    Truncated,
    Wrote,
)
from servicesim import platform

_NAME = b"noting"
_OPEN_CREATE = 0x4
_OPEN_JOURNAL = 0x800 | 0x4000 | 0x80000
_OK = 0
_SQLITE_CODES = {
    ("write", errno.ENOSPC): sqlite3.SQLITE_FULL,
    ("write", errno.EIO): sqlite3.SQLITE_IOERR_WRITE,
    ("truncate", errno.ENOSPC): sqlite3.SQLITE_IOERR_TRUNCATE,
    ("truncate", errno.EIO): sqlite3.SQLITE_IOERR_TRUNCATE,
    ("sync", errno.ENOSPC): sqlite3.SQLITE_IOERR_FSYNC,
    ("sync", errno.EIO): sqlite3.SQLITE_IOERR_FSYNC,
    ("make", errno.ENOSPC): sqlite3.SQLITE_CANTOPEN,
    ("make", errno.EIO): sqlite3.SQLITE_CANTOPEN,
    ("remove", errno.ENOSPC): sqlite3.SQLITE_IOERR_DELETE,
    ("remove", errno.EIO): sqlite3.SQLITE_IOERR_DELETE,
}


class NoShim(Exception):
    """This Python hides the functions of its SQLite library."""


class _Vfs(Structure):
    pass


class _Methods(Structure):
    pass


class _File(Structure):
    _fields_ = (("methods", POINTER(_Methods)),)


_Open = CFUNCTYPE(c_int, POINTER(_Vfs), c_void_p, POINTER(_File), c_int, POINTER(c_int))
_Delete = CFUNCTYPE(c_int, POINTER(_Vfs), c_void_p, c_int)
_Close = CFUNCTYPE(c_int, POINTER(_File))
_Write = CFUNCTYPE(c_int, POINTER(_File), c_void_p, c_int, c_int64)
_Truncate = CFUNCTYPE(c_int, POINTER(_File), c_int64)
_Sync = CFUNCTYPE(c_int, POINTER(_File), c_int)

_Vfs._fields_ = (
    ("version", c_int),
    ("file_size", c_int),
    ("longest_path", c_int),
    ("next", c_void_p),
    ("name", c_char_p),
    ("data", c_void_p),
    ("open", _Open),
    ("delete", _Delete),
    # xAccess .. xGetLastError (10), xCurrentTimeInt64, xSetSystemCall .. xNextSystemCall (3)
    ("others", c_void_p * 14),
)
_Methods._fields_ = (
    ("version", c_int),
    ("close", _Close),
    ("read", c_void_p),
    ("write", _Write),
    ("truncate", _Truncate),
    ("sync", _Sync),
    # xFileSize .. xDeviceCharacteristics (7), xShmMap .. xShmUnmap (4), xFetch, xUnfetch
    ("others", c_void_p * 13),
)

Fault = Callable[[str], int | None]
"""Asked before each write, truncate, sync, make, remove and rename; an errno means that it fails."""


class Disk:
    """What was asked of the disk for one folder, in order; `deeds` may be added to by whoever knows of more."""

    def __init__(self, folder: Path, fault: Fault = lambda _: None) -> None:
        self.folder = folder.resolve()
        self.fault = fault
        self.before = {file.name: file.read_bytes() for file in sorted(folder.glob("*")) if file.is_file()}
        self.deeds: list[Deed] = []
        self._numbers = {name: number for number, name in enumerate(self.before)}
        self._next = len(self._numbers)

    def holds(self, path: str | os.PathLike[str]) -> bool:
        """Whether this path is directly in the folder."""
        return Path(path).parent.resolve() == self.folder

    def number(self, name: str) -> int:
        """The number of the file that has this name now."""
        return self._numbers[name]

    def make(self, name: str) -> int:
        """Note that a file came to be."""
        self._numbers[name] = self._next
        self._next += 1
        self.deeds.append(Made(name, self._numbers[name]))
        return self._numbers[name]

    def remove(self, name: str) -> None:
        """Note that a name is gone."""
        self._numbers.pop(name, None)
        self.deeds.append(Removed(name))

    def rename(self, old: str, new: str) -> None:
        """Note that a file has another name."""
        self._numbers[new] = self._numbers.pop(old)
        self.deeds.append(Renamed(old, new))


@contextmanager
def noted(folder: Path, fault: Fault = lambda _: None) -> Iterator[Disk]:
    """Note what is asked of the disk for this folder inside the block, and let fail what `fault` says."""
    disk = Disk(folder, fault)
    with _Shim(disk).registered(), _noted_platform(disk):
        yield disk


class _Shim:
    """The VFS: the system's own, with the calls that change something replaced by ours, which pass them on."""

    def __init__(self, disk: Disk) -> None:
        self._disk = disk
        self._library = _library()
        self._system = self._library.sqlite3_vfs_find(None)
        self._vfs = _Vfs.from_buffer_copy(self._system.contents)
        self._vfs.name = _NAME
        self._vfs.open = _Open(self._open)
        self._vfs.delete = _Delete(self._delete)
        self._files: dict[int, tuple[int, _Methods]] = {}
        self._unsynced_names: set[int] = set()
        self._ours: dict[int, _Methods] = {}

    @contextmanager
    def registered(self) -> Iterator[None]:
        _ALIVE.append(self)
        self._library.sqlite3_vfs_register(byref(self._vfs), 1)
        try:
            yield
        finally:
            self._library.sqlite3_vfs_register(self._system, 1)
            self._library.sqlite3_vfs_unregister(byref(self._vfs))

    def _open(self, vfs: Any, name: int | None, file: Any, flags: int, out: Any) -> int:
        path = Path(os.fsdecode(ctypes.string_at(name))) if name else None
        ours = path is not None and self._disk.holds(path)
        new = ours and path is not None and bool(flags & _OPEN_CREATE) and not path.exists()
        if new and (failure := self._fails("make")):
            file.contents.methods = None
            return failure
        code = int(self._system.contents.open(self._system, name, file, flags, out))
        if code == _OK and ours and path is not None:
            number = self._disk.make(path.name) if new else self._disk.number(path.name)
            self._replace_methods(file, number)
            # As SQLite's own VFS does: the first sync of a journal that was asked for with "create" syncs its folder too.
            if flags & _OPEN_CREATE and flags & _OPEN_JOURNAL:
                self._unsynced_names.add(ctypes.addressof(file.contents))
        return code

    def _replace_methods(self, file: Any, number: int) -> None:
        system = file.contents.methods.contents
        address = ctypes.addressof(system)
        if address not in self._ours:
            ours = _Methods.from_buffer_copy(system)
            ours.close, ours.write = _Close(self._close), _Write(self._write)
            ours.truncate, ours.sync = _Truncate(self._truncate), _Sync(self._sync)
            self._ours[address] = ours
        self._files[ctypes.addressof(file.contents)] = number, system
        file.contents.methods = ctypes.pointer(self._ours[address])

    def _fails(self, deed: str) -> int:
        failure = self._disk.fault(deed)
        return _SQLITE_CODES[deed, failure] if failure else _OK

    def _of(self, file: Any) -> tuple[int, _Methods]:
        return self._files[ctypes.addressof(file.contents)]

    def _close(self, file: Any) -> int:
        address = ctypes.addressof(file.contents)
        _, system = self._files.pop(address)
        self._unsynced_names.discard(address)
        return int(system.close(file))

    def _write(self, file: Any, data: int, amount: int, offset: int) -> int:
        number, system = self._of(file)
        failure = self._fails("write")
        # A disk that is full still takes the first part.
        taken = amount // 2 if failure else amount
        self._disk.deeds.append(Wrote(number, offset, ctypes.string_at(data, taken)))
        return int(system.write(file, data, taken, offset)) or failure

    def _truncate(self, file: Any, size: int) -> int:
        number, system = self._of(file)
        if failure := self._fails("truncate"):
            return failure
        self._disk.deeds.append(Truncated(number, size))
        return int(system.truncate(file, size))

    def _sync(self, file: Any, flags: int) -> int:
        number, system = self._of(file)
        failure = self._fails("sync")
        self._disk.deeds.append(Synced(number, failed=bool(failure)))
        if failure:
            return failure
        address = ctypes.addressof(file.contents)
        if address in self._unsynced_names:
            self._unsynced_names.remove(address)
            self._disk.deeds.append(FolderSynced())
        return int(system.sync(file, flags))

    def _delete(self, vfs: Any, name: int, sync_folder: int) -> int:
        path = Path(os.fsdecode(ctypes.string_at(name)))
        ours = self._disk.holds(path)
        if ours and (failure := self._fails("remove")):
            return failure
        code = int(self._system.contents.delete(self._system, name, sync_folder))
        if ours and code == _OK:
            self._disk.remove(path.name)
            if sync_folder:
                self._disk.deeds.append(FolderSynced())
        return code


_ALIVE: list[_Shim] = []
"""SQLite may call a shim as long as a connection made through it is open, so none is ever given back."""


@contextmanager
def _noted_platform(disk: Disk) -> Iterator[None]:
    true_rename, true_sync_file, true_sync_folder = platform.rename, platform.sync_file, platform.sync_folder

    def rename(old: Path, new: Path) -> None:
        if disk.holds(new):
            _fail(disk, "make")
            disk.rename(old.name, new.name)
        true_rename(old, new)

    def sync_file(path: Path) -> None:
        if disk.holds(path):
            failure = disk.fault("sync")
            disk.deeds.append(Synced(disk.number(path.name), failed=bool(failure)))
            if failure:
                raise OSError(failure, os.strerror(failure))
        true_sync_file(path)

    def sync_folder(path: Path) -> None:
        if path.resolve() == disk.folder:
            _fail(disk, "sync")
            disk.deeds.append(FolderSynced())
        true_sync_folder(path)

    with mock.patch.multiple(platform, rename=rename, sync_file=sync_file, sync_folder=sync_folder):
        yield


def _fail(disk: Disk, deed: str) -> None:
    if failure := disk.fault(deed):
        raise OSError(failure, os.strerror(failure))


def _library() -> Any:
    """The SQLite library that the sqlite3 module uses; raises NoShim if it cannot be reached."""
    ours = sqlite3.connect(":memory:")
    (version,) = ours.execute("SELECT sqlite_source_id()").fetchone()
    ours.close()
    for place in (getattr(importlib.import_module("_sqlite3"), "__file__", None), None, "sqlite3.dll"):
        try:
            library = ctypes.CDLL(place)
            library.sqlite3_sourceid.restype = c_char_p
            if library.sqlite3_sourceid().decode() == version:
                library.sqlite3_vfs_find.restype = POINTER(_Vfs)
                return library
        except (OSError, AttributeError, TypeError):
            continue
    raise NoShim(
        "this Python hides the functions of its SQLite library, so that nothing can be put between it and the disk"
    )
