"""Folders as version 1 of records.db and people.db left them: what a newer ServiceSim must be able to take over."""

from __future__ import annotations

import hashlib
import random
import sqlite3
from contextlib import closing
from pathlib import Path

from benchmarks import reliability_play as play

RECORDS = """
PRAGMA application_id = 1397968210;
PRAGMA user_version = 1;
CREATE TABLE texts (
    hash TEXT NOT NULL,
    kind TEXT NOT NULL,
    body TEXT NOT NULL,
    PRIMARY KEY (hash)
)
 WITHOUT ROWID,
 STRICT;
CREATE TABLE purged (
    attempt TEXT NOT NULL,
    at INTEGER NOT NULL,
    PRIMARY KEY (attempt)
)
 WITHOUT ROWID,
 STRICT;
CREATE TABLE attempts (
    number INTEGER NOT NULL,
    id TEXT NOT NULL,
    learner TEXT NOT NULL,
    scenario TEXT NOT NULL,
    scenario_hash TEXT NOT NULL,
    principles_hash TEXT NOT NULL,
    rules_version INTEGER NOT NULL,
    seed INTEGER NOT NULL,
    untimed INTEGER NOT NULL,
    practice INTEGER NOT NULL,
    language TEXT NOT NULL,
    started INTEGER NOT NULL,
    PRIMARY KEY (number),
    CHECK (untimed IN (0, 1)),
    CHECK (practice IN (0, 1)),
    UNIQUE (id),
    FOREIGN KEY(scenario_hash) REFERENCES texts (hash),
    FOREIGN KEY(principles_hash) REFERENCES texts (hash)
)
 STRICT;
CREATE INDEX attempts_in_order ON attempts (started, id);
CREATE INDEX attempts_of_learner ON attempts (learner, started, id);
CREATE TABLE events (
    attempt INTEGER NOT NULL,
    seq INTEGER NOT NULL CHECK (seq >= 0),
    line TEXT NOT NULL,
    PRIMARY KEY (attempt, seq),
    FOREIGN KEY(attempt) REFERENCES attempts (number)
)
 WITHOUT ROWID,
 STRICT;
CREATE TABLE results (
    attempt INTEGER NOT NULL,
    ended INTEGER NOT NULL,
    ending TEXT,
    conduct TEXT NOT NULL CHECK (conduct GLOB '[0-9]*/[1-9]*'),
    passed INTEGER NOT NULL,
    outcome TEXT NOT NULL,
    satisfaction INTEGER NOT NULL,
    expects INTEGER NOT NULL,
    received INTEGER NOT NULL,
    trust INTEGER NOT NULL,
    anger INTEGER NOT NULL,
    principles TEXT NOT NULL,
    PRIMARY KEY (attempt),
    CHECK (passed IN (0, 1)),
    FOREIGN KEY(attempt) REFERENCES attempts (number)
)
 STRICT;
CREATE TRIGGER attempts_no_delete BEFORE DELETE ON attempts WHEN NOT EXISTS (SELECT 1 FROM purged WHERE attempt = OLD.id) BEGIN SELECT RAISE(ABORT, 'attempts: only what belongs to a purged attempt is deleted'); END;
CREATE TRIGGER attempts_no_insert BEFORE INSERT ON attempts WHEN EXISTS (SELECT 1 FROM attempts WHERE number = NEW.number OR id = NEW.id) BEGIN SELECT RAISE(ABORT, 'attempts: this is already kept'); END;
CREATE TRIGGER attempts_no_update BEFORE UPDATE ON attempts  BEGIN SELECT RAISE(ABORT, 'attempts: what is kept is never changed'); END;
CREATE TRIGGER events_after_end BEFORE INSERT ON events WHEN EXISTS (SELECT 1 FROM results WHERE attempt = NEW.attempt) BEGIN SELECT RAISE(ABORT, 'events: the attempt has ended'); END;
CREATE TRIGGER events_no_delete BEFORE DELETE ON events WHEN NOT EXISTS (SELECT 1 FROM purged JOIN attempts ON id = purged.attempt WHERE number = OLD.attempt) BEGIN SELECT RAISE(ABORT, 'events: only what belongs to a purged attempt is deleted'); END;
CREATE TRIGGER events_no_insert BEFORE INSERT ON events WHEN EXISTS (SELECT 1 FROM events WHERE attempt = NEW.attempt AND seq = NEW.seq) BEGIN SELECT RAISE(ABORT, 'events: this is already kept'); END;
CREATE TRIGGER events_no_update BEFORE UPDATE ON events  BEGIN SELECT RAISE(ABORT, 'events: what is kept is never changed'); END;
CREATE TRIGGER purged_no_delete BEFORE DELETE ON purged  BEGIN SELECT RAISE(ABORT, 'purged: only what belongs to a purged attempt is deleted'); END;
CREATE TRIGGER purged_no_insert BEFORE INSERT ON purged WHEN EXISTS (SELECT 1 FROM purged WHERE attempt = NEW.attempt) BEGIN SELECT RAISE(ABORT, 'purged: this is already kept'); END;
CREATE TRIGGER purged_no_update BEFORE UPDATE ON purged  BEGIN SELECT RAISE(ABORT, 'purged: what is kept is never changed'); END;
CREATE TRIGGER results_no_delete BEFORE DELETE ON results WHEN NOT EXISTS (SELECT 1 FROM purged JOIN attempts ON id = purged.attempt WHERE number = OLD.attempt) BEGIN SELECT RAISE(ABORT, 'results: only what belongs to a purged attempt is deleted'); END;
CREATE TRIGGER results_no_insert BEFORE INSERT ON results WHEN EXISTS (SELECT 1 FROM results WHERE attempt = NEW.attempt) BEGIN SELECT RAISE(ABORT, 'results: this is already kept'); END;
CREATE TRIGGER results_no_update BEFORE UPDATE ON results  BEGIN SELECT RAISE(ABORT, 'results: what is kept is never changed'); END;
CREATE TRIGGER texts_no_delete BEFORE DELETE ON texts  BEGIN SELECT RAISE(ABORT, 'texts: only what belongs to a purged attempt is deleted'); END;
CREATE TRIGGER texts_no_insert BEFORE INSERT ON texts WHEN EXISTS (SELECT 1 FROM texts WHERE hash = NEW.hash) BEGIN SELECT RAISE(ABORT, 'texts: this is already kept'); END;
CREATE TRIGGER texts_no_update BEFORE UPDATE ON texts  BEGIN SELECT RAISE(ABORT, 'texts: what is kept is never changed'); END;
"""

PEOPLE = """
PRAGMA application_id = 1397968208;
PRAGMA user_version = 1;
CREATE TABLE people (
    id TEXT NOT NULL,
    name TEXT NOT NULL,
    team TEXT NOT NULL,
    language TEXT NOT NULL,
    learner TEXT NOT NULL,
    PRIMARY KEY (id),
    UNIQUE (learner)
)
 STRICT;
CREATE TRIGGER people_keep_their_learner BEFORE UPDATE OF id, learner ON people BEGIN SELECT RAISE(ABORT, 'people: a learner id never changes'); END;
"""


def make(folder: Path, attempts: int, chance: random.Random) -> None:
    """A folder with so many attempts, the last of them unfinished and one of them purged, and somebody who is known."""
    folder.mkdir(parents=True, exist_ok=True)
    with closing(sqlite3.connect(folder / "records.db", isolation_level=None)) as records:
        records.execute("PRAGMA synchronous = OFF")
        records.executescript(f"BEGIN; {RECORDS} COMMIT")
        records.execute("BEGIN")
        _fill(records, attempts, chance)
        records.execute("COMMIT")
    with closing(sqlite3.connect(folder / "people.db")) as people:
        people.executescript(PEOPLE)
        people.execute("INSERT INTO people VALUES ('1042', 'لیلا کریمی', 'Desk 3', 'fa', 'learner')")
        people.commit()


def _fill(records: sqlite3.Connection, attempts: int, chance: random.Random) -> None:
    texts = {"scenario": play.SCENARIO, "principles": play.PRINCIPLES}
    by = {kind: hashlib.sha256(body.encode()).hexdigest() for kind, body in texts.items()}
    records.executemany("INSERT INTO texts VALUES (?, ?, ?)", [(by[kind], kind, body) for kind, body in texts.items()])
    records.execute("INSERT INTO purged VALUES ('long-gone', 1760000000000)")
    for number in range(1, attempts + 1):
        name, events = f"attempt-{number}", chance.randint(1, 12)
        attempt = (number, name, "learner", "late-parcel", by["scenario"], by["principles"], 1, 7, 0, 1, "en", 1760000000000)
        records.execute(f"INSERT INTO attempts VALUES ({', '.join('?' * 12)})", attempt)
        lines = [(number, seq, line) for seq, line in enumerate(play.lines(name, 0, events))]
        records.executemany("INSERT INTO events VALUES (?, ?, ?)", lines)
        if number < attempts:
            result = (number, 1760000300000, "resolved", "1900/23", 1, "satisfied", 5, 55, 60, 2, 1, "{}")
            records.execute(f"INSERT INTO results VALUES ({', '.join('?' * 12)})", result)


def kept(folder: Path) -> dict[str, list[tuple[object, ...]]]:
    """What version 1 knows of a folder, whatever version it has now."""
    told: dict[str, list[tuple[object, ...]]] = {}
    for file, tables in _COLUMNS.items():
        with closing(sqlite3.connect(f"file:{folder / file}?mode=ro", uri=True)) as database:
            for table, columns in tables.items():
                told[table] = database.execute(f"SELECT {columns} FROM {table} ORDER BY {columns}").fetchall()
    return told


_COLUMNS = {
    "records.db": {
        "texts": "hash, kind, body",
        "attempts": "number, id, learner, scenario, scenario_hash, principles_hash, rules_version, seed, untimed, practice, language, started",
        "events": "attempt, seq, line",
        "results": "attempt, ended, ending, conduct, passed, outcome, satisfaction, expects, received, trust, anger, principles",
        "purged": "attempt, at",
    },
    "people.db": {"people": "id, name, team, language, learner"},
}
