"""The pen: writes to the records on a thread of its own, so that the window never waits for the disk."""

from __future__ import annotations

from collections.abc import Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from typing import Protocol

from servicesim.records.attempt import Attempt, Result


class _Records(Protocol):
    def begin(self, attempt: Attempt, lines: Sequence[str] = ()) -> None: ...

    def append(self, attempt_id: str, first_seq: int, lines: Sequence[str], result: Result | None = None) -> None: ...


class Pen:
    """Writes one thing after the other, in the order given; a future is done when the disk holds its lines.

    When a write fails, later ones of that attempt fail too, until the failed one is written again: nothing is kept out of
    order. To write the same again is always harmless, also when the first try reached the disk after all.
    """

    def __init__(self, records: _Records) -> None:
        self._records = records
        self._failed: dict[str, tuple[int, Exception]] = {}
        self._thread = ThreadPoolExecutor(max_workers=1, thread_name_prefix="pen")

    def begin(self, attempt: Attempt, lines: Sequence[str] = ()) -> Future[None]:
        """Keep a new attempt and its first lines, as `Records.begin`."""
        return self._thread.submit(self._begin, attempt, tuple(lines))

    def write(
        self, attempt_id: str, first_seq: int, lines: Sequence[str], result: Result | None = None
    ) -> Future[None]:
        """Keep what happened next, as `Records.append`."""
        return self._thread.submit(self._write, attempt_id, first_seq, tuple(lines), result)

    def close(self) -> None:
        """Return when everything given so far is written or has failed; after that, nothing more is taken."""
        self._thread.shutdown(wait=True)

    def _begin(self, attempt: Attempt, lines: Sequence[str]) -> None:
        try:
            self._records.begin(attempt, lines)
        except Exception as failure:
            self._failed[attempt.id] = 0, failure
            raise
        self._failed.pop(attempt.id, None)

    def _write(self, attempt_id: str, first_seq: int, lines: Sequence[str], result: Result | None) -> None:
        if attempt_id in self._failed:
            failed_seq, failure = self._failed[attempt_id]
            if first_seq > failed_seq:
                raise type(failure)(*failure.args) from failure
        try:
            self._records.append(attempt_id, first_seq, lines, result)
        except Exception as failure:
            self._failed[attempt_id] = first_seq, failure
            raise
        self._failed.pop(attempt_id, None)
