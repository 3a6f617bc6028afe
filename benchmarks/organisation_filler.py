"""Attempts of years, put into PostgreSQL directly: drawn plays of a shipped encounter, with their events if wanted."""

from __future__ import annotations

import random
import time
import uuid
from collections.abc import Iterator
from dataclasses import asdict, replace
from pathlib import Path
from typing import Any

import psycopg
from psycopg import sql

from benchmarks.exports_filler import TEAMS, Play
from servicesim.encounter import rules
from servicesim.encounter.encounter import Encounter
from servicesim.encounter.script import Script
from servicesim.encounter.transcript import to_lines
from servicesim.records import Attempt
from servicesim.records.chain import head, links, row_seal, seal
from servicesim.records.numbered import numbered
from servicesim.records.results import result_of

EACH = 20  # attempts of each person
_SPAN = 200 * 86_400_000  # milliseconds over which they are spread, up to now
_WITH_ORGANISATION = "kestrel"


def drawn(script: Script, draw: random.Random, slowest: float = 0.8) -> Play:
    """One untimed play of less than a minute, with replies drawn at random."""
    encounter = Encounter(script, seed=0, untimed=True)
    while not encounter.ended:
        at = encounter.at + draw.uniform(0.2, slowest)
        if rules.may_move_on(encounter.situation):
            encounter.move_on(at)
        else:
            encounter.reply(draw.choice(encounter.offered).reply.id, at)
    return Play(result_of(script, encounter.events, ended=round(encounter.at * 1000)), to_lines(encounter.events))


class Filler:
    """Fills one database, from where it stopped the last time."""

    def __init__(self, socket: Path, script: Script, plays: list[Play], texts: tuple[str, str], seed: int = 0) -> None:
        self._conninfo = f"host={socket} user=postgres dbname=organisation"
        self._script, self._plays, self._texts, self._draw = script, plays, texts, random.Random(seed)
        self._learners = list[str]()
        self.attempts = 0

    def fill(self, attempts: int, *, with_events: bool) -> float:
        """Go on until there are so many; the seconds that it took."""
        began, new = time.perf_counter(), attempts - self.attempts
        with psycopg.connect(self._conninfo) as connection:
            # The triggers would look at each row: what is put in here is right.
            connection.execute("SET session_replication_role = replica")
            self._enrol(connection, max(5, attempts // EACH))
            rows = list(self._rows(new, with_events=with_events))
            for table in ("attempts", "events", "results"):
                _copy(connection, f"records.{table}", (row for made in rows for row in made[table]))
            # Nor have they noted whom to sum up.
            _copy(connection, "rollups.waiting", ({"learner": learner} for learner in {made["attempts"][0]["learner"] for made in rows}))
        with psycopg.connect(self._conninfo, autocommit=True) as connection:
            connection.execute("ANALYZE")
        self.attempts = attempts
        return time.perf_counter() - began

    def _enrol(self, connection: psycopg.Connection[Any], people: int) -> None:
        first = len(self._learners)
        rows = [
            {"id": f"f{number:07}", "name": f"Person {number}", "team": self._draw.choice(TEAMS), "language": "en", "learner": f"{self._draw.getrandbits(128):032x}"}
            for number in range(first, people)
        ]
        _copy(connection, "people.people", [row | {"seal": row_seal("people", row)} for row in rows])
        self._learners += [row["learner"] for row in rows]

    def _rows(self, count: int, *, with_events: bool) -> Iterator[dict[str, list[dict[str, Any]]]]:
        now = time.time_ns() // 1_000_000
        for _ in range(count):
            play, learner = self._draw.choice(self._plays), self._draw.choice(self._learners)
            id = str(uuid.UUID(int=self._draw.getrandbits(128), version=4))
            started = now - self._draw.randrange(_SPAN)
            attempt = Attempt(id, learner, self._script.scenario.id, *self._texts, rules.VERSION, 0, True, False, "en", started)
            number, link = numbered(id, started), head(attempt)
            made: dict[str, list[dict[str, Any]]] = {"attempts": [{"number": number, **_flags(asdict(attempt)), "chain": link}], "events": []}
            for seq, line in enumerate(play.lines if with_events else ()):
                (link,) = links(link, seq, [line])
                made["events"].append({"attempt": number, "seq": seq, "line": line, "chain": link})
            result = replace(play.result, ended=started + play.result.ended)
            made["results"] = [{"attempt": number, **_flags(asdict(result)), "seal": seal(link, result)}]
            yield made


def _flags(row: dict[str, Any]) -> dict[str, Any]:
    return {name: int(value) if isinstance(value, bool) else value for name, value in row.items()}


def _copy(connection: psycopg.Connection[Any], table: str, rows: Any) -> None:
    rows = iter(rows)
    first = next(rows, None)
    if first is None:
        return
    columns = ["organisation", *first]
    statement = sql.SQL("COPY {} ({}) FROM STDIN").format(
        sql.Identifier(*table.split(".")), sql.SQL(", ").join(map(sql.Identifier, columns))
    )
    with connection.cursor() as cursor, cursor.copy(statement) as copy:
        copy.write_row((_WITH_ORGANISATION, *first.values()))
        for row in rows:
            copy.write_row((_WITH_ORGANISATION, *row.values()))
