"""A made-up encounter to be written, whose every line tells whether it is the right one and whole."""

from __future__ import annotations

import hashlib
import json
import random
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path

from servicesim.errors import ServicesimError
from servicesim.records import Attempt, Records, Result, open_records

SCENARIO = "the canonical text of a scenario " * 100
PRINCIPLES = "the canonical text of the principles " * 200


def line(attempt_id: str, seq: int) -> str:
    """What happened as number `seq`: from a few bytes to some pages of the database, the same every time."""
    chance = random.Random(f"{attempt_id}/{seq}")
    size = chance.choice((8, 60, 200, 900, 5000))
    return json.dumps({"attempt": attempt_id, "seq": seq, "filler": chance.randbytes(size).hex()})


def lines(attempt_id: str, first: int, end: int) -> list[str]:
    """What happened from number `first` up to, but without, `end`."""
    return [line(attempt_id, seq) for seq in range(first, end)]


def attempt(attempt_id: str, *, learner: str = "learner") -> Attempt:
    """An attempt with this id."""
    by, principles = _sha256(SCENARIO), _sha256(PRINCIPLES)
    return Attempt(attempt_id, learner, "late-parcel", by, principles, 1, 7, False, False, "en", 1_760_000_000_000)


RESULT = Result(1_760_000_300_000, "resolved", "1900/23", True, "satisfied", 5, 55, 60, 2, 1, "{}")


def keep_texts(records: Records) -> None:
    """Keep what the attempts are played by."""
    records.keep_text("scenario", SCENARIO)
    records.keep_text("principles", PRINCIPLES)


def steps(attempt_id: str, chance: random.Random) -> Iterator[tuple[int, int]]:
    """First and end numbers of the batches that an encounter of 6 to 14 writes consists of; the first one begins it."""
    end = 0
    for _ in range(chance.randint(6, 14)):
        first, end = end, end + chance.randint(1, 3)
        yield first, end


@dataclass(slots=True)
class Acknowledged:
    """What a writer was told to be safe: per attempt the number of its events, and which have ended."""

    events: dict[str, int] = field(default_factory=dict)
    ended: set[str] = field(default_factory=set)
    texts: set[str] = field(default_factory=set)

    def missing(self, folder: Path) -> Iterator[str]:
        """What of it is lost, doubled or torn, as it shows when the records in this folder are opened again."""
        if not (self.events or self.texts) and not folder.exists():
            return
        try:
            with open_records(folder) as records:
                yield from self._missing_from(records)
        except ServicesimError as failure:
            yield f"cannot be opened: {failure}"

    def _missing_from(self, records: Records) -> Iterator[str]:
        for body in self.texts:
            if records.text(_sha256(body)) != body:
                yield "a text differs"
        kept = {attempt.id: result for attempt, result in records.attempts()}
        for name in self.ended:
            if kept.get(name) != RESULT:
                yield f"{name}: the result is lost"
        for name in self.events.keys() | kept:
            yield from _wrong(name, records.lines(name), self.events.get(name, 0))


def _wrong(attempt_id: str, kept: list[str], acknowledged: int) -> Iterator[str]:
    if len(kept) < acknowledged:
        yield f"{attempt_id}: {acknowledged} events were acknowledged, {len(kept)} are kept"
    if kept != lines(attempt_id, 0, len(kept)):
        yield f"{attempt_id}: an event is torn, doubled or out of order"


def _sha256(text: str) -> str:
    return hashlib.sha256(text.encode()).hexdigest()
