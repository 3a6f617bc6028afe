"""Sums that are kept in a file beside the records.

The file rollups.db is made of the records and holds nothing of its own: it may be removed at any time. Where it is missing,
torn, older, of another time zone, or knows attempts that the records do not have, it is made anew.

    brought up to date by: attempts that are new or have ended, reviews that set aside, teams that have changed, purges

What is kept of each attempt is what `shares` needs: when an attempt comes, the learner's old share is taken away from the
cells, and the new one added.
"""

from __future__ import annotations

import json
import sqlite3
from array import array
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import closing, contextmanager
from functools import lru_cache, partial
from heapq import heappush, heappushpop
from itertools import chain, groupby, islice
from operator import itemgetter
from pathlib import Path
from typing import Any

from servicesim import platform
from servicesim.errors import VerificationFailed
from servicesim.exports.clock import Clock
from servicesim.exports.figures import Counted, month_of, week_of
from servicesim.exports.filters import Which
from servicesim.exports.rows import conduct_of, damaged
from servicesim.exports.shares import Cells, Fact, Scope, added, scored, share
from servicesim.exports.summed import counted_in, zone_of
from servicesim.records.changes import Seen
from servicesim.records.people import People
from servicesim.records.records import Records

FILE = "rollups.db"
PATIENCE = 10.0
"""Seconds to wait for another program that is bringing the file up to date."""
AT_ONCE = 10_000  # attempts that are taken up in one transaction
MANY = 10_000  # from so many new ones on, and if they are more than those known, to begin anew is faster
_LATEST = 200  # results that are looked at again each time, to tell whether a backup was put back
_NOWHERE = -(2**63)

_APPLICATION, _VERSION = 0x53535255, 1  # "SSRU"
_TABLES = """
CREATE TABLE about (name TEXT PRIMARY KEY, value TEXT NOT NULL) STRICT, WITHOUT ROWID;
CREATE TABLE learners (ref INTEGER PRIMARY KEY, id TEXT NOT NULL UNIQUE, team TEXT NOT NULL) STRICT;
CREATE TABLE words (ref INTEGER PRIMARY KEY, word TEXT NOT NULL UNIQUE) STRICT;
CREATE TABLE seen (
    number INTEGER PRIMARY KEY, id TEXT NOT NULL, learner INTEGER NOT NULL, encounter INTEGER NOT NULL,
    practice INTEGER NOT NULL, aside INTEGER NOT NULL, started INTEGER NOT NULL,
    ended INTEGER, conduct TEXT, passed INTEGER, principles INTEGER, scores BLOB
) STRICT;
CREATE INDEX seen_of_learner ON seen (learner);
CREATE INDEX seen_open ON seen (number) WHERE ended IS NULL;
CREATE INDEX seen_aside ON seen (number) WHERE aside;
CREATE TABLE cells (
    which TEXT NOT NULL, encounter TEXT NOT NULL, kind TEXT NOT NULL, of TEXT NOT NULL, by TEXT NOT NULL,
    people INTEGER NOT NULL, n INTEGER NOT NULL, total INTEGER NOT NULL, squares INTEGER NOT NULL, passed INTEGER NOT NULL,
    PRIMARY KEY (which, encounter, kind, of, by)
) STRICT, WITHOUT ROWID;
"""
_FACTS = (
    "SELECT learner, encounter, ended, conduct, passed, principles, scores FROM seen"
    " WHERE ended IS NOT NULL AND NOT practice AND NOT aside"
)
_ADD = (
    "INSERT INTO cells VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?) ON CONFLICT DO UPDATE SET people = people + excluded.people,"
    " n = n + excluded.n, total = total + excluded.total, squares = squares + excluded.squares, passed = passed + excluded.passed"
)


def told(records: Records, people: People, which: Which, encounter: str) -> Counted | None:
    """The figures of these attempts at one encounter ('' for all); None where no file can be kept beside the records."""
    try:
        with _alone(records) as path, _up_to_date(path, records, people) as file:
            return counted_in(_cells(file, which, encounter))
    except (sqlite3.Error, OSError):
        return None


def keep_up(records: Records, people: People) -> None:
    """Bring the file up to date if there is one; to make it is left to who needs it."""
    try:
        if records.path.with_name(FILE).exists():
            with _alone(records) as path, _up_to_date(path, records, people):
                pass
    except (sqlite3.Error, OSError):
        return  # It will be brought up to date, or made anew, when it is next needed.


class _Stale(Exception):
    """The file was not made of these records as they are."""


@contextmanager
def _alone(records: Records) -> Iterator[Path]:
    path = records.path.with_name(FILE)
    with platform.locked(path.with_name(f"{FILE}.lock"), wait=PATIENCE):
        yield path


@contextmanager
def _up_to_date(path: Path, records: Records, people: People) -> Iterator[sqlite3.Connection]:
    try:
        with closing(_opened(path)) as file:
            Rollups(file, records, people).catch_up()
    except (_Stale, sqlite3.Error, OverflowError, ValueError, TypeError):
        _make(path, records, people)
    with closing(_opened(path)) as file:
        yield file


def _opened(path: Path) -> sqlite3.Connection:
    """The file, if it is one of ours; raises _Stale or sqlite3.Error."""
    if not path.is_file():
        raise _Stale
    file = sqlite3.connect(path, isolation_level=None, timeout=PATIENCE)
    try:
        for pragma in ("trusted_schema = OFF", "synchronous = FULL", "secure_delete = ON", "cache_size = -65536"):
            file.execute(f"PRAGMA {pragma}")
        if (_one(file, "PRAGMA application_id"), _one(file, "PRAGMA user_version")) != (_APPLICATION, _VERSION):
            raise _Stale
    except BaseException:
        file.close()
        raise
    return file


def _make(path: Path, records: Records, people: People) -> None:
    """Make the file anew under another name, so that no one ever sees half of one."""
    unfinished = path.with_name(f"{FILE}.new")
    unfinished.unlink(missing_ok=True)
    with closing(sqlite3.connect(unfinished, isolation_level=None)) as file:
        for pragma in ("journal_mode = OFF", "synchronous = OFF", "cache_size = -65536"):
            file.execute(f"PRAGMA {pragma}").fetchall()
        file.executescript(f"{_TABLES}; PRAGMA application_id = {_APPLICATION}; PRAGMA user_version = {_VERSION}")
        Rollups(file, records, people).begin()
    platform.sync_file(unfinished)
    # The journal of a file that was left half written would be played into the new one.
    path.unlink(missing_ok=True)
    path.with_name(f"{FILE}-journal").unlink(missing_ok=True)
    platform.rename(unfinished, path)


def _one(file: sqlite3.Connection, wanted: str, *values: object) -> Any:
    row = file.execute(wanted, values).fetchone()
    return None if row is None else row[0]


def _cells(file: sqlite3.Connection, which: Which, encounter: str) -> Iterator[Sequence[Any]]:
    wanted = "SELECT kind, of, by, people, n, total, squares, passed FROM cells WHERE encounter = ? AND which IN ('', ?) AND n"
    return file.execute(wanted, (encounter, which))


# --- what is in it ---------------------------------------------------------------------------------------------------


class Rollups:
    """An open file, and the records that it is made of."""

    def __init__(self, file: sqlite3.Connection, records: Records, people: People) -> None:
        self._file, self._records, self._people = file, records, people
        clock = Clock(None)
        self._zone = zone_of(clock.zone)
        self._week, self._month = partial(week_of, clock=clock), partial(month_of, clock=clock)
        self._word = lru_cache(maxsize=4096)(self._ref_of_word)
        self._said = lru_cache(maxsize=4096)(self._word_of_ref)

    def begin(self) -> None:
        """Fill the file, which has nothing in it yet."""
        self._file.execute("BEGIN")
        purged, teams, aside = self._records.standing(_NOWHERE).purged, self._people.teams(), self._records.set_aside()
        latest = _Latest()
        self._insert(latest.watched(self._records.seen_after(_NOWHERE)), teams, aside)
        self._add(self._shares(f"{_FACTS} ORDER BY learner, started, id"), +1)
        self._note(purged=purged, latest=latest.told())
        self._file.execute("COMMIT")

    def catch_up(self) -> None:
        """Take up what has come since. Killed at any moment, all of a step is in the file or nothing."""
        if (self._about("zone"), self._about("size") <= self._size()) != (self._zone, True):
            raise _Stale
        self._let_go()
        self._demand_same()
        waiting = self._records.seen_after(self._last())
        ended = list(self._records.ended_among(self._numbers("ended IS NULL")))
        while True:
            new = list(islice(waiting, AT_ONCE))
            self._take_up(new, ended)
            if len(new) < AT_ONCE:
                return
            ended = []

    def _let_go(self) -> None:
        """Forget what was purged since."""
        purged = self._records.standing(_NOWHERE).purged
        if purged < self._about("purged"):
            raise _Stale
        if purged > self._about("purged"):
            ids = self._records.purged_ids()
            gone = {number: learner for number, id, learner in self._file.execute("SELECT number, id, learner FROM seen") if id in ids}
            latest = _Latest(one for one in self._about("latest") if one[1] not in gone)
            with self._changing(set(gone.values())):
                self._file.executemany("DELETE FROM seen WHERE number = ?", ((number,) for number in gone))
                self._file.execute("DELETE FROM learners WHERE ref NOT IN (SELECT learner FROM seen)")
                self._note(purged=purged, latest=latest.told())

    def _demand_same(self) -> None:
        """Raises _Stale unless all that is known is in the records, and was before what is new there."""
        last = self._last()
        standing = self._records.standing(last)
        known = _one(self._file, "SELECT count(*) FROM seen")
        same = (standing.upto, standing.last) == (known, _one(self._file, "SELECT id FROM seen WHERE number = ?", last))
        latest = {number: seal for _, number, seal in self._about("latest")}
        if not same or self._records.seals(list(latest)) != latest:
            raise _Stale
        if standing.later > max(MANY, known):
            raise _Stale

    def _take_up(self, new: list[Seen], ended: list[Seen]) -> None:
        """Everything that has changed, of attempts that are known and of some new ones."""
        aside, teams = self._records.set_aside(), self._people.teams()
        marked = set(self._numbers("aside"))
        turned = sorted((aside ^ marked) & {*marked, *self._known(aside - marked)})
        moved = {
            ref: teams.get(id, "") for ref, id, team in self._file.execute("SELECT ref, id, team FROM learners") if team != teams.get(id, "")
        }
        if not (new or ended or turned or moved):
            return
        latest = _Latest(self._about("latest"))
        touched = {*moved, *self._learners_of(turned), *self._learners_known(one.learner for one in chain(new, ended))}
        with self._changing(touched) as added:
            self._file.executemany("UPDATE learners SET team = ? WHERE ref = ?", ((team, ref) for ref, team in moved.items()))
            self._file.executemany("UPDATE seen SET aside = NOT aside WHERE number = ?", ((number,) for number in turned))
            self._file.executemany("DELETE FROM seen WHERE number = ?", ((one.number,) for one in ended))
            self._insert(latest.watched(chain(ended, new)), teams, aside)
            added.update(self._learners_known(one.learner for one in new))
            self._note(latest=latest.told())

    @contextmanager
    def _changing(self, touched: set[int]) -> Iterator[set[int]]:
        """Shares of these learners, and of those who are added to the set, are made anew around what is done inside the block."""
        self._file.execute("BEGIN IMMEDIATE")
        try:
            self._add(self._shares_of(touched), -1)
            yield touched
            self._add(self._shares_of(touched), +1)
            self._file.execute("DELETE FROM cells WHERE n = 0")
            self._file.execute("COMMIT")
        except BaseException:
            if self._file.in_transaction:
                self._file.execute("ROLLBACK")
            raise

    # Attempts

    def _insert(self, seen: Iterable[Seen], teams: Mapping[str, str], aside: set[int]) -> None:
        learners: dict[str, int] = dict(self._file.execute("SELECT id, ref FROM learners"))

        def row(one: Seen) -> tuple[object, ...]:
            if one.learner not in learners:
                learners[one.learner] = self._enrol(one.learner, teams.get(one.learner, ""))
            encounter = self._word(json.dumps(one.scenario))
            who = one.number, one.id, learners[one.learner], encounter, one.practice, one.number in aside, one.started
            return *who, *(self._judged(one) if one.ended is not None else (None,) * 5)

        self._file.executemany("INSERT INTO seen VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)", map(row, seen))

    def _judged(self, one: Seen) -> tuple[object, ...]:
        conduct_of(one.id, one.conduct)
        try:
            principles, scores = _packed(one.principles)
        except VerificationFailed:
            raise damaged(one.id) from None
        return one.ended, one.conduct, one.passed, self._word(principles), scores

    def _enrol(self, learner: str, team: str) -> int:
        self._file.execute("INSERT INTO learners (id, team) VALUES (?, ?)", (learner, team))
        return int(_one(self._file, "SELECT last_insert_rowid()"))

    def _ref_of_word(self, word: str) -> int:
        self._file.execute("INSERT INTO words (word) VALUES (?) ON CONFLICT DO NOTHING", (word,))
        return int(_one(self._file, "SELECT ref FROM words WHERE word = ?", word))

    def _word_of_ref(self, ref: int) -> Any:
        return json.loads(_one(self._file, "SELECT word FROM words WHERE ref = ?", ref))

    def _last(self) -> int:
        number = _one(self._file, "SELECT max(number) FROM seen")
        return _NOWHERE if number is None else int(number)

    def _numbers(self, which: str) -> list[int]:
        return [number for (number,) in self._file.execute(f"SELECT number FROM seen WHERE {which}")]

    def _known(self, numbers: Iterable[int]) -> set[int]:
        return {number for number in numbers if _one(self._file, "SELECT 1 FROM seen WHERE number = ?", number)}

    def _learners_of(self, numbers: Iterable[int]) -> set[int]:
        return {_one(self._file, "SELECT learner FROM seen WHERE number = ?", number) for number in numbers}

    def _learners_known(self, ids: Iterable[str]) -> set[int]:
        found = (_one(self._file, "SELECT ref FROM learners WHERE id = ?", id) for id in set(ids))
        return {ref for ref in found if ref is not None}

    # Shares

    def _shares_of(self, learners: Iterable[int]) -> Iterator[tuple[Scope, Cells]]:
        for ref in learners:
            yield from self._shares(f"{_FACTS} AND learner = ? ORDER BY started, id", ref)

    def _shares(self, wanted: str, *values: object) -> Iterator[tuple[Scope, Cells]]:
        for ref, rows in groupby(self._file.execute(wanted, values), key=itemgetter(0)):
            team = _one(self._file, "SELECT team FROM learners WHERE ref = ?", ref)
            yield from share(team, list(map(self._fact, rows)), self._week, self._month)

    def _fact(self, row: tuple[Any, ...]) -> Fact:
        _, encounter, ended, conduct, passed, principles, scores = row
        return Fact(self._said(encounter), ended, conduct, passed, self._said(principles), array("H", scores))

    def _add(self, shares: Iterable[tuple[Scope, Cells]], sign: int) -> None:
        for scope, cells in added(shares).items():
            self._file.executemany(_ADD, ((*scope, *place, *(sign * number for number in sums)) for place, sums in cells.items()))

    # What is known of the whole

    def _about(self, name: str) -> Any:
        value = _one(self._file, "SELECT value FROM about WHERE name = ?", name)
        if value is None:
            raise _Stale
        return json.loads(value)

    def _note(self, **about: object) -> None:
        about |= {"zone": self._zone, "size": self._size()}
        rows = [(name, json.dumps(value)) for name, value in about.items()]
        self._file.executemany("INSERT INTO about VALUES (?, ?) ON CONFLICT DO UPDATE SET value = excluded.value", rows)

    def _size(self) -> int:
        return self._records.path.stat().st_size


class _Latest:
    """The results that ended last, with their seals: in an older copy of the records, one of them is missing or another."""

    def __init__(self, known: Iterable[Sequence[Any]] = ()) -> None:
        self._heap: list[tuple[int, int, str]] = []
        for ended, number, seal in known:
            self._look(ended, number, seal)

    def watched(self, seen: Iterable[Seen]) -> Iterator[Seen]:
        """The same, looked at as they go by."""
        for one in seen:
            if one.ended is not None:
                self._look(one.ended, one.number, one.seal)
            yield one

    def told(self) -> list[tuple[int, int, str]]:
        """When each ended, its number, its seal."""
        return self._heap

    def _look(self, *one: Any) -> None:
        (heappush if len(self._heap) < _LATEST else heappushpop)(self._heap, one)


@lru_cache(maxsize=4096)
def _packed(principles: str) -> tuple[str, bytes]:
    names, scores = scored("", principles)
    return json.dumps(names), array("H", scores).tobytes()
