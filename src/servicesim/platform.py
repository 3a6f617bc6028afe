"""What differs between operating systems, each difference behind one name.

Windows has no O_NONBLOCK, no SIGHUP and no way to flush a folder, and locks files its own way; this module works there too.
"""

from __future__ import annotations

import errno
import importlib
import os
import secrets
import signal
import stat
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import Any, BinaryIO

_fcntl: Any
try:
    _fcntl = importlib.import_module("fcntl")
except ImportError:
    _fcntl = None

_MOMENT = 3.0  # seconds in which an opener says that it found nothing to open a file with
HANG_UP: signal.Signals | None = getattr(signal, "SIGHUP", None)
"""What a terminal sends when it goes away; None where there is no such signal."""


def open_without_waiting(path: Path) -> int:
    """A descriptor for reading that never blocks: a plain open of a FIFO would hang until somebody writes to it."""
    return os.open(path, os.O_RDONLY | getattr(os, "O_NONBLOCK", 0) | getattr(os, "O_BINARY", 0))


def read_beginning(path: Path, most: int) -> bytes | None:
    """At most so many bytes of a file, without ever waiting for it; None where it is no regular file."""
    descriptor = open_without_waiting(path)
    try:
        if not stat.S_ISREG(os.fstat(descriptor).st_mode):
            return None
        with open(descriptor, "rb", closefd=False) as file:
            return file.read(most)
    finally:
        os.close(descriptor)


def is_private(descriptor: int) -> bool:
    """Whether nobody but the owner of this open file, and the system's own user, can read it, as far as its mode tells; Windows has no such modes."""
    return sys.platform == "win32" or not os.fstat(descriptor).st_mode & 0o077


# What must survive a power cut


def flush(descriptor: int) -> None:
    """Return when the disk holds what was written to this descriptor."""
    full = getattr(_fcntl, "F_FULLFSYNC", None)
    if full is not None:
        # On macOS fsync leaves the data in the drive's own cache; some file systems there refuse the stronger call.
        with suppress(OSError):
            _fcntl.fcntl(descriptor, full)
            return
    os.fsync(descriptor)


def sync_file(path: Path) -> None:
    """Return when the disk holds this file's content."""
    descriptor = os.open(path, os.O_RDWR | getattr(os, "O_BINARY", 0))
    try:
        flush(descriptor)
    finally:
        os.close(descriptor)


def sync_folder(path: Path) -> None:
    """Return when the disk holds the names in this folder; Windows keeps them by itself and offers no such call."""
    if not hasattr(os, "O_DIRECTORY"):
        return
    descriptor = os.open(path, os.O_RDONLY | os.O_DIRECTORY)
    try:
        os.fsync(descriptor)
    except OSError as failure:
        # Some network file systems cannot flush a folder and say so with EINVAL.
        if failure.errno != errno.EINVAL:
            raise
    finally:
        os.close(descriptor)


def rename(old: Path, new: Path) -> None:
    """Give a file another name in the same folder; a file that had this name is replaced."""
    os.replace(old, new)
    sync_folder(new.parent)


def make_folder(path: Path) -> None:
    """Make a folder and those above it, each on the disk when this returns."""
    if path.is_dir():
        return
    make_folder(path.parent)
    path.mkdir(exist_ok=True)
    sync_folder(path.parent)


@contextmanager
def replacing(path: Path) -> Iterator[BinaryIO]:
    """Write a file under a temporary name beside it; it takes its name, complete and on the disk, when the block ends well."""
    temporary = path.with_name(f".{path.name}.{secrets.token_hex(4)}.tmp")
    try:
        with open(temporary, "xb") as file:
            yield file
            file.flush()
            flush(file.fileno())
        rename(temporary, path)
    except BaseException:
        with suppress(OSError):
            temporary.unlink()
        raise


def write_atomically(path: Path, content: bytes) -> None:
    """Put this content in the file: after a crash it holds either the old content or the new, never a part."""
    with replacing(path) as file:
        file.write(content)


# What only one may hold


@contextmanager
def locked(path: Path, *, wait: float = 0.0) -> Iterator[None]:
    """Hold the lock that this file stands for, even against this same process; it ends with the process at the latest.

    Raises BlockingIOError if another still holds it after `wait` seconds.
    """
    descriptor = _patiently(lambda: _take(path), wait)
    try:
        yield
    finally:
        _release(path, descriptor)


def _patiently(take: Callable[[], int], wait: float) -> int:
    give_up = time.monotonic() + wait
    while True:
        try:
            return take()
        except BlockingIOError:
            if time.monotonic() >= give_up:
                raise
        time.sleep(0.02)


def _take(path: Path) -> int:
    while True:
        descriptor = os.open(path, os.O_RDWR | os.O_CREAT, 0o666)
        try:
            _lock(descriptor)
            if _names(path, descriptor):
                return descriptor
        except BaseException:
            os.close(descriptor)
            raise
        # Its last holder removed the file after we had opened it: the lock is the file that bears the name now.
        os.close(descriptor)


def _lock(descriptor: int) -> None:
    if _fcntl is not None:
        _fcntl.flock(descriptor, _fcntl.LOCK_EX | _fcntl.LOCK_NB)
        return
    windows: Any = importlib.import_module("msvcrt")
    try:
        windows.locking(descriptor, windows.LK_NBLCK, 1)
    except PermissionError as held:
        raise BlockingIOError(held.errno, held.strerror) from held


def _names(path: Path, descriptor: int) -> bool:
    try:
        return os.path.samestat(os.stat(path), os.fstat(descriptor))
    except FileNotFoundError:
        return False


def _release(path: Path, descriptor: int) -> None:
    # An open file cannot be removed on Windows; elsewhere it must go while we hold it, or we might remove another's lock.
    if sys.platform != "win32":
        with suppress(OSError):
            path.unlink()
    os.close(descriptor)
    if sys.platform == "win32":
        with suppress(OSError):
            path.unlink()


# What the system says of its user


def documents() -> Path:
    """Where this person keeps documents; it may not be there."""
    import platformdirs  # only here: most of what runs never asks

    return platformdirs.user_documents_path()


def open_file(path: Path) -> bool:
    """Show a file to the person by the program that the system opens its kind with; False where that is not possible."""
    import shutil

    try:
        if sys.platform == "win32":
            os.startfile(path)
            return True
        opener = shutil.which("open" if sys.platform == "darwin" else "xdg-open")
        return opener is not None and _begins([opener, str(path)])
    except OSError:
        return False


def _begins(command: list[str]) -> bool:
    """Start a program that outlives this one; False if it gives up in its first moment."""
    import subprocess

    quiet = subprocess.DEVNULL
    program = subprocess.Popen(command, stdin=quiet, stdout=quiet, stderr=quiet, start_new_session=True)
    try:
        return program.wait(timeout=_MOMENT) == 0
    except subprocess.TimeoutExpired:
        return True


def language() -> str:
    """The language that the system speaks with its user, such as `fa_IR`; empty if it does not say."""
    if sys.platform == "win32":
        import ctypes
        import locale

        return locale.windows_locale.get(ctypes.windll.kernel32.GetUserDefaultUILanguage(), "")
    names = ("LC_ALL", "LC_MESSAGES", "LANG")
    return next((told for name in names if (told := os.environ.get(name, ""))), "")


def give_memory_back() -> None:
    """Let the system have the memory that was freed, where it does not get it by itself."""
    # As pictures of many sizes come and go, glibc keeps pieces between them that nothing fits into again.
    if sys.platform.startswith("linux"):
        with suppress(ImportError, OSError, AttributeError):
            ctypes: Any = importlib.import_module("ctypes")
            ctypes.CDLL(None).malloc_trim(0)
