"""Single bits flipped anywhere in records.db and people.db: each must be reported, or have changed nothing that is kept.

Reported is what `verify` tells (SQLite's own check, the rules of the file, seals, chains, replays), and a file that is refused
with a sentence when it is opened. What changed nothing is found by comparing everything that is kept, read again through
SQLite, with what it was: bits in unused space, in counters of SQLite's, in the names of its own statements.
The negative control looks with SQLite's own check alone, which must miss many.
"""

from __future__ import annotations

import random
import sqlite3
import tempfile
import time
from collections import Counter
from collections.abc import Iterator
from contextlib import ExitStack, closing
from pathlib import Path

from benchmarks.reliability_report import Failing, Report
from servicesim import shipped
from servicesim.encounter import rules
from servicesim.encounter.encounter import Encounter
from servicesim.encounter.script import Script
from servicesim.encounter.transcript import to_lines
from servicesim.errors import ServicesimError
from servicesim.records import Attempt, Records, open_people, open_records
from servicesim.records.attempt import Handed
from servicesim.records.notes import Rescored
from servicesim.records.outbox import Delivery, Statement
from servicesim.records.results import Judge
from servicesim.records.rot import Rot
from servicesim.records.verifying import verified
from servicesim.scenario import loading

FLIPS = 500
ATTEMPTS = 12
FILES = ("records.db", "people.db")
MONDAY = 1_760_000_000_000


def run(scale: float, seed: int) -> Report:
    """500 flips, and the same looked at with SQLite's own check only."""
    began = time.perf_counter()
    flips = max(30, round(FLIPS * scale))
    failing = Failing("bit-flips")
    counts, missed, unseen = Counter[str](), list[str](), 0
    with tempfile.TemporaryDirectory() as base:
        flipped = _Flipped(Path(base))
        for case in failing.first(flipped.drawn(flips, random.Random(seed))):
            file, bit = str(case[0]), int(case[1])
            found, sound = flipped.look(file, bit)
            counts[found] += 1
            unseen += sound and found == "reported"
            if found == "missed":
                missed.append(f"bit {bit} of {file}")
                failing.keep([file, bit], "nobody noticed")
    return Report(
        "single bits flipped in the files",
        f"{counts.total()} flips",
        f"{counts['reported']} reported, {counts['refused']} refused at opening, {counts['unchanged']} changed nothing that is kept, "
        f"{counts['missed']} missed" + "".join(f"; {one}" for one in missed[:3]),
        f"SQLite's own check alone: missed {unseen} of {counts['reported']}",
        time.perf_counter() - began,
        not missed and unseen > 0 and counts["reported"] > 0,
    )


class _Flipped:
    """A folder in which one bit at a time is another."""

    def __init__(self, base: Path) -> None:
        self._folder = base / "kept"
        fill(self._folder)
        self._content = {file: (self._folder / file).read_bytes() for file in FILES}
        self._dump = dump(self._folder)

    def drawn(self, count: int, chance: random.Random) -> Iterator[tuple[str, int]]:
        """Bits anywhere; one in five in the small file, and one in ten in the pages that rule over the others."""
        for _ in range(count):
            file = FILES[chance.random() < 0.2]
            size = 8 * len(self._content[file])
            yield file, chance.randrange(8 * 4096 if chance.random() < 0.1 else size)

    def look(self, file: str, bit: int) -> tuple[str, bool]:
        """What became of a flip, and whether SQLite's own check found the file sound."""
        content = bytearray(self._content[file])
        content[bit // 8] ^= 1 << bit % 8
        (self._folder / file).write_bytes(content)
        try:
            return self._found(), _sound(self._folder / file)
        finally:
            (self._folder / file).write_bytes(self._content[file])

    def _found(self) -> str:
        try:
            with (
                open_records(self._folder, read_only=True) as records,
                open_people(self._folder, read_only=True) as people,
            ):
                if any(isinstance(one, Rot) or one.state == "BROKEN" for one in verified(records, people)):
                    return "reported"
        except ServicesimError:
            return "refused"
        return "unchanged" if dump(self._folder) == self._dump else "missed"


def _sound(path: Path) -> bool:
    try:
        with closing(sqlite3.connect(path)) as connection:
            return connection.execute("PRAGMA integrity_check").fetchall() == [("ok",)]
    except (sqlite3.Error, UnicodeDecodeError):
        return False


def dump(folder: Path) -> list[object]:
    """All that is kept, row by row."""
    told: list[object] = []
    for file in FILES:
        with closing(sqlite3.connect(f"file:{folder / file}?mode=ro", uri=True)) as connection:
            connection.text_factory = bytes
            tables = connection.execute("SELECT name FROM sqlite_master WHERE type = 'table' ORDER BY 1").fetchall()
            for (table,) in tables:
                name = table.decode()
                rows = connection.execute(f'SELECT * FROM "{name}"').fetchall()
                told.append((file, name, sorted(rows, key=repr)))
    return told


def fill(folder: Path) -> None:
    """A folder in which every table has rows, of a few whole plays."""
    script = Script(loading.demand(shipped.scenarios() / "late-parcel.yaml"), loading.shipped_principles())
    with ExitStack() as stores:
        records, people = stores.enter_context(open_records(folder)), stores.enter_context(open_people(folder))
        by = records.keep_text("scenario", script.text), records.keep_text("principles", script.principles_text)
        judge = Judge(script)
        for number in range(ATTEMPTS):
            learner = people.enrol(f"e-{number}", f"Leyla Karimi {number}", "Desk 3", "fa")
            _play(records, judge, Attempt(f"attempt-{number}", learner, script.scenario.id, *by, rules.VERSION, number, False, False, "en", MONDAY + number))
        records.review("attempt-0", at=5, by="Sara", note="The sound failed.", verdict="to-look-at")
        records.keep_rescored([("attempt-1", Rescored(by[1], 6, "125/2", False, "{}"))])
        records.log_export(at=7, who="sara", kind="csv", filter="team Desk 3", rows=5, sha256="0" * 64, with_names=False)
        records.tell_untold(_told)
        waiting = records.waiting()
        records.keep_deliveries([Delivery(one.id, "sent") for one in waiting[:3]], at=8, place="https://lrs.example.com/xapi")
        records.keep_deliveries([Delivery(waiting[4].id, "refused", "400: not so")], at=8, place="https://lrs.example.com/xapi")
        records.purge(["attempt-2"], at=8)
        people.keep("for", "24m")


def _told(handed: Handed, _: object) -> list[Statement]:
    return [Statement(f"{handed.attempt.id}-{verb}", f'{{"verb":"{verb}"}}') for verb in ("passed", "terminated")]


def _play(records: Records, judge: Judge, attempt: Attempt) -> None:
    """A play of random replies, the last of them left in the middle."""
    draw, encounter = random.Random(attempt.seed), Encounter(judge.script, seed=attempt.seed)
    while not encounter.ended and (attempt.seed < ATTEMPTS - 1 or len(encounter.events) < 20):
        if encounter.offered and encounter.situation.phase.value == "waiting":
            encounter.reply(draw.choice(encounter.offered).reply.id, encounter.at + 2)
        else:
            due = rules.due_at(encounter.situation)
            encounter.advance(encounter.at + 1 if due is None else due)
    result = judge.result(encounter.events, encounter.situation, ended=attempt.started + 9) if encounter.ended else None
    records.take_in(attempt, to_lines(encounter.events), result, "monday", at=4)
