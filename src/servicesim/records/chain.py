"""The chain that holds an attempt together, and the seals of single rows: what rots in the file no longer fits them.

    head = SHA-256 of the attempt's own row
    link = SHA-256 of (the link before, number of the event, its line)
    seal = SHA-256 of (the last link, the result)

They show rot and slips. Whoever can write the file can also compute them anew: they are no proof against people.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, fields
from typing import Any

from servicesim.records.attempt import Attempt, Result


@dataclass(frozen=True, slots=True)
class Chain:
    """How the chain of an attempt ends: as it stands in the file, and as it comes out of what is kept."""

    stored: str
    recomputed: str

    @property
    def whole(self) -> bool:
        """Whether nothing of the attempt and its events has changed since it was written."""
        return self.stored == self.recomputed


def canonical(row: Mapping[str, Any]) -> str:
    """The one form in which a row is hashed: JSON with sorted names."""
    # What a flipped bit made of a text, such as bytes, is hashed by its look: it only has to differ.
    return json.dumps(row, ensure_ascii=False, sort_keys=True, separators=(",", ":"), default=repr)


def _row(record: Attempt | Result) -> dict[str, Any]:
    """As `asdict`, which looks into every field for more of its kind and takes five times as long."""
    return {name: getattr(record, name) for name in _NAMES[type(record)]}


_NAMES = {kind: tuple(field.name for field in fields(kind)) for kind in (Attempt, Result)}


def sha256(text: str) -> str:
    """In hexadecimal. Bytes of a damaged file that are no characters are hashed as the bytes that they are."""
    return hashlib.sha256(text.encode(errors="surrogateescape")).hexdigest()


def head(attempt: Attempt) -> str:
    """What stands before the first link."""
    return sha256(canonical(_row(attempt)))


def links(before: str, first_seq: int, lines: Iterable[str]) -> Iterator[str]:
    """The link of each line, from the link before them on."""
    for seq, line in enumerate(lines, first_seq):
        before = sha256(f"{before}\n{seq}\n{line}")
        yield before


def last_link(before: str, first_seq: int, lines: Iterable[str]) -> str:
    """The link of the last line; the one before if there is none."""
    for link in links(before, first_seq, lines):
        before = link
    return before


def seal(last: str, result: Result) -> str:
    """The seal of a result on the chain of its attempt."""
    return sha256(f"{last}\n{canonical(_row(result))}")


def row_seal(table: str, row: Mapping[str, Any]) -> str:
    """The seal of a row that stands by itself; `row` holds all of its columns but the seal."""
    return sha256(f"{table}\n{canonical(row)}")
