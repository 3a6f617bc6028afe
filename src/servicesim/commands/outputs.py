"""The outputs that a command prints to: one may be closed, its reader may leave, and it may not hold every character."""

from __future__ import annotations

import io
import os
import sys
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from typing import TextIO, cast


class Output(io.TextIOBase):
    """An output whose failing does not decide how a command leaves: what nobody reads any more is lost.

    `lost` are the failures that are kept quiet; any other is raised once, and then nothing more is printed.
    """

    def __init__(self, stream: TextIO, lost: type[OSError]) -> None:
        if isinstance(stream, io.TextIOWrapper):
            # A character that the encoding cannot hold gets its code, not a failure in the middle of a report.
            stream.reconfigure(errors="backslashreplace")
        self._stream, self._lost = stream, lost

    @property
    def encoding(self) -> str:  # type: ignore[override]  # What is only read need not be written.
        return self._stream.encoding

    def fileno(self) -> int:
        return self._stream.fileno()

    def isatty(self) -> bool:
        return self._stream.isatty()

    def writable(self) -> bool:
        return True

    def write(self, text: str) -> int:
        if text != "":  # To write nothing is how click asks what kind of output this is.
            with self._lasting():
                self._stream.write(text)
        return len(text)

    def flush(self) -> None:
        with self._lasting():
            self._stream.flush()

    @contextmanager
    def _lasting(self) -> Iterator[None]:
        try:
            yield
        except OSError as failure:
            self._close_down()
            if not isinstance(failure, self._lost):
                raise

    def _close_down(self) -> None:
        """Let what is left over go nowhere: Python would try to print it once more when it ends."""
        with suppress(OSError), open(os.devnull, "wb") as nowhere:
            os.dup2(nowhere.fileno(), self.fileno())


def prepare() -> None:
    """Make the outputs ready for a command, those too that were closed before it began."""
    # In this order, and the first too: a file opened later must not get the number of an output.
    sys.stdin = sys.stdin or _nothing()
    sys.stdout = cast(TextIO, Output(sys.stdout or _nothing(), BrokenPipeError))
    sys.stderr = cast(TextIO, Output(sys.stderr or _nothing(), OSError))


def _nothing() -> TextIO:
    return open(os.devnull, "r+", encoding="utf-8")
