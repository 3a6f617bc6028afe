"""What the disk and the database say when they fail, told as one sentence that names the file and what to do."""

from __future__ import annotations

import errno
import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from sqlalchemy.exc import DBAPIError, IntegrityError

from servicesim.errors import NewerStore, ServicesimError, StoreFull, StoreUnusable
from servicesim.records.place import Place, is_address, shown

_NO_ROOM = {errno.ENOSPC, errno.EDQUOT, errno.EFBIG}
_NO_RIGHT = {errno.EACCES, errno.EPERM, errno.EROFS}
_NOT_A_FOLDER = {errno.ENOTDIR, errno.EEXIST}


@contextmanager
def told(place: Place) -> Iterator[None]:
    """Whatever the disk or the database does wrong with this file or address inside the block is raised as a ServicesimError.

    A row that breaks a rule of its table is a programmer's slip, and is raised as it is.
    """
    if is_address(place):
        from servicesim.records import postgres_failures

        with postgres_failures.told(shown(place)):
            yield
        return
    path = place
    try:
        yield
    except IntegrityError:
        raise
    except DBAPIError as failure:
        raise _told_by_database(path, failure.orig) from failure
    except sqlite3.Error as failure:
        raise _told_by_database(path, failure) from failure
    except UnicodeDecodeError as failure:
        # SQLite quotes a damaged rule of the file in its complaint, and Python cannot read that either.
        raise foreign(path) from failure
    except OSError as failure:
        raise _told_by_system(path, failure) from failure


def full(path: Path) -> StoreFull:
    """The disk is full."""
    return StoreFull(f"no room is left on the disk that holds {path}: make room there and try again")


def read_only(path: Path) -> StoreUnusable:
    """The rights are missing."""
    return StoreUnusable(f"{path} cannot be written: allow writing to it and to its folder, or choose another folder")


def foreign(path: Path) -> StoreUnusable:
    """The file is something else, or damaged."""
    return StoreUnusable(
        f"{path} is no ServiceSim database, or is damaged: put a backup in its place, or move it away to begin anew"
    )


def in_the_way(path: Path) -> StoreUnusable:
    """A folder or a device has the file's name."""
    return StoreUnusable(f"{path} is not a file: move it away, ServiceSim keeps a database under this name")


def missing(path: Path) -> StoreUnusable:
    """Nothing is there to be read."""
    return StoreUnusable(
        f"{path} does not exist: nothing has been played in this folder yet, or it is another folder that you mean"
    )


def older(path: Path) -> StoreUnusable:
    """It would have to be brought up to date, and may not be written."""
    return StoreUnusable(f"{path} was written by an older version: start ServiceSim once with the right to write there")


def newer(path: Path, version: int, known: int) -> NewerStore:
    """Another version of ServiceSim has it, whose format we do not know."""
    return NewerStore(
        f"{path} was written by a newer version of ServiceSim (format {version}, this one knows {known}): install the newer version"
    )


def busy(path: Path) -> StoreUnusable:
    """Another program does not let go."""
    return StoreUnusable(
        f"{path} is in use by another program that does not let go of it: wait until it has finished, then try again"
    )


def replaced(path: Path) -> StoreUnusable:
    """The file is not the one that was opened."""
    return StoreUnusable(
        f"{path} was moved, deleted or replaced while it was in use: put it back, then start ServiceSim again"
    )


def _told_by_database(path: Path, failure: BaseException | None) -> ServicesimError:
    code = getattr(failure, "sqlite_errorcode", sqlite3.SQLITE_ERROR)
    if code == sqlite3.SQLITE_READONLY_DBMOVED:
        return replaced(path)
    # The lower byte is the kind of failure, the rest its variety.
    match code & 0xFF:
        case sqlite3.SQLITE_FULL:
            return full(path)
        case sqlite3.SQLITE_READONLY | sqlite3.SQLITE_PERM | sqlite3.SQLITE_AUTH:
            return read_only(path)
        case sqlite3.SQLITE_CANTOPEN:
            return _cannot_open(path)
        case sqlite3.SQLITE_NOTADB | sqlite3.SQLITE_CORRUPT | sqlite3.SQLITE_ERROR:
            return foreign(path)
        case sqlite3.SQLITE_BUSY | sqlite3.SQLITE_LOCKED:
            return busy(path)
        case _:
            return StoreUnusable(
                f"the disk that holds {path} reports an error ({failure}): check the disk, then try again"
            )


def _cannot_open(path: Path) -> ServicesimError:
    if path.is_file():
        return read_only(path)
    return in_the_way(path) if path.exists() else replaced(path)


def _told_by_system(path: Path, failure: OSError) -> ServicesimError:
    if failure.errno in _NO_ROOM:
        return full(path)
    if failure.errno in _NO_RIGHT:
        return read_only(path)
    if failure.errno in _NOT_A_FOLDER:
        return StoreUnusable(
            f"{path.parent} cannot be used as a folder: a file has that name or stands above it; choose another folder"
        )
    reason = failure.strerror or str(failure)
    return StoreUnusable(f"{path} cannot be used ({reason}): check the folder and the disk, or choose another folder")
