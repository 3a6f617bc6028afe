"""The numbers of attempts on PostgreSQL: they grow with the time at which an attempt began, so that its month can be told from them.

    bits 63-32: seconds from 2020 to the beginning of the attempt
    bits 31-0:  the first of SHA-256 of its id

What lies in one month lies in one range of numbers, which is a partition of its own. SQLite numbers in the order of arrival.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterator
from datetime import UTC, datetime
from typing import NamedTuple

EPOCH = int(datetime(2020, 1, 1, tzinfo=UTC).timestamp())
_FURTHEST = (1 << 31) - 1  # seconds; what claims to be further away is kept as if it were not


class Month(NamedTuple):
    """A month in UTC, and the numbers of the attempts that began in it: from `first` on, and before `end`."""

    name: str
    first: int
    end: int


def numbered(id: str, started: int) -> int:
    """The number of the attempt of this id that began then (UTC milliseconds)."""
    seconds = max(-_FURTHEST, min(_FURTHEST, started // 1000 - EPOCH))
    return (seconds << 32) | int.from_bytes(hashlib.sha256(id.encode()).digest()[:4])


def months(at: int, count: int) -> Iterator[Month]:
    """The month in which this moment lies, and those after it."""
    moment = datetime.fromtimestamp(at / 1000, UTC)
    for number in range(moment.year * 12 + moment.month - 1, moment.year * 12 + moment.month - 1 + count):
        yield Month(f"{number // 12}_{number % 12 + 1:02d}", _began(number), _began(number + 1))


def _began(number: int) -> int:
    began = datetime(number // 12, number % 12 + 1, 1, tzinfo=UTC)
    return (int(began.timestamp()) - EPOCH) << 32
