"""Which attempt counts for each person and encounter: the first, the best or the last."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from fractions import Fraction
from typing import Self

from servicesim.errors import StoreFull
from servicesim.exports.filters import Which
from servicesim.records.attempt import Attempt, Result

_CONFLICTS: dict[Which, str] = {
    "first": "DO NOTHING",
    "last": "DO UPDATE SET attempt = excluded.attempt",
    "best": "DO UPDATE SET attempt = excluded.attempt, passed = excluded.passed, conduct = excluded.conduct"
    " WHERE better(excluded.passed, excluded.conduct, passed, conduct)",
}


class Counted:
    """The attempts that count, told apart on the disk: there may be more people and encounters than fit in memory."""

    def __init__(self, which: Which) -> None:
        # An empty name is SQLite's own temporary file: it is kept in memory while it is small, and gone when it is closed.
        self._file = sqlite3.connect("", isolation_level=None)
        self._file.execute("PRAGMA cache_size = -8192")
        self._file.create_function("better", 4, _better, deterministic=True)
        self._file.execute("CREATE TABLE counted (learner, scenario, attempt, passed, conduct, PRIMARY KEY (learner, scenario)) WITHOUT ROWID")
        self._insert = f"INSERT INTO counted VALUES (?, ?, ?, ?, ?) ON CONFLICT {_CONFLICTS[which]}"

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self._file.close()

    def choose(self, found: Iterable[tuple[Attempt, Result]]) -> None:
        """Choose among these, which come in the order in which they began."""
        with _told():
            self._file.execute("BEGIN")
            self._file.executemany(
                self._insert, ((one.learner, one.scenario, one.id, result.passed, result.conduct) for one, result in found)
            )
            self._file.execute("COMMIT")

    def among(self, found: Iterable[tuple[Attempt, Result]]) -> Iterator[tuple[Attempt, Result]]:
        """Those that count. One that came to be after the choice does not."""
        asked = "SELECT 1 FROM counted WHERE learner = ? AND scenario = ? AND attempt = ?"
        for attempt, result in found:
            with _told():
                counts = self._file.execute(asked, (attempt.learner, attempt.scenario, attempt.id)).fetchone()
            if counts:
                yield attempt, result


@contextmanager
def _told() -> Iterator[None]:
    try:
        yield
    except sqlite3.Error as failure:
        raise StoreFull(f"the attempts that count cannot be told apart in the folder for temporary files ({failure}): make room there") from failure


def _better(passed: int, conduct: str, than_passed: int, than_conduct: str) -> bool:
    return (passed, Fraction(conduct)) > (than_passed, Fraction(than_conduct))
