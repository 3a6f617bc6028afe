"""Files that only their owner may read: keys, secrets, connections."""

from __future__ import annotations

import os
from pathlib import Path
from stat import S_ISREG

from servicesim import platform
from servicesim.errors import UsageError


def read_private(path: Path, most: int, *, exposed: str, what: str = "") -> bytes:
    """The content of a file, at most so many bytes of it. Raises UsageError that quotes nothing of it: where it cannot be read (`what`
    says what cannot be read from it), is no file, or others can read it too (`exposed` says what follows from that)."""
    cannot = f"{what} cannot be read from {path}" if what else f"{path} cannot be read"
    try:
        descriptor = platform.open_without_waiting(path)
    except OSError as failure:
        raise UsageError(f"{cannot} ({failure.strerror or failure})") from failure
    try:
        if not S_ISREG(os.fstat(descriptor).st_mode):
            raise UsageError(f"{path} is not a file")
        if not platform.is_private(descriptor):
            raise UsageError(f"others can read {path}{exposed}")
        return os.read(descriptor, most)
    except OSError as failure:
        raise UsageError(f"{cannot} ({failure.strerror or failure})") from failure
    finally:
        os.close(descriptor)


def write_private(path: Path, content: bytes) -> None:
    """Make a file with this content, on the disk when this returns; private from its first byte on. Raises FileExistsError, OSError."""
    descriptor = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL | getattr(os, "O_BINARY", 0), 0o600)
    with open(descriptor, "wb") as file:
        file.write(content)
        file.flush()
        platform.flush(file.fileno())
