"""A records folder with many attempts, made in seconds: drawn plays of a shipped encounter, put into the tables directly."""

from __future__ import annotations

import random
import uuid
from collections.abc import Iterator
from dataclasses import asdict, dataclass, replace
from itertools import islice
from pathlib import Path

from sqlalchemy import insert

from servicesim.commands import chosen
from servicesim.encounter import rules
from servicesim.encounter.encounter import Encounter
from servicesim.encounter.script import Script
from servicesim.encounter.transcript import to_lines
from servicesim.records import Attempt, Result, open_people, open_records, people, tables
from servicesim.records.chain import head, links, row_seal, seal
from servicesim.records.results import result_of

STARTED = 1_760_000_000_000  # 2025-10-09 UTC
TEAMS = ("North", "South", "Desk 3", "Back office", "صبح")
_BATCH = 10_000


@dataclass(frozen=True, slots=True)
class Play:
    """One play that was drawn: what happened, and its result if it had begun in 1970."""

    result: Result
    lines: list[str]


def fill(folder: Path, attempts: int, *, seed: int = 0, plays: int = 200, with_events: bool = False) -> None:
    """Keep this many attempts that have ended, one a minute, about twenty of each person."""
    draw = random.Random(seed)
    script = chosen.script("late-parcel")
    played = [drawn(script, draw) for _ in range(plays)]
    learners = _enrol(folder, max(5, attempts // 20), draw)
    with open_records(folder) as records:
        by = records.keep_text("scenario", script.text), records.keep_text("principles", script.principles_text)
        made = _attempts(script, played, learners, by, attempts, draw)
        first = 1
        while batch := list(islice(made, _BATCH)):
            with records._store.writing() as connection:
                for table, rows in _rows(batch, first, with_events=with_events).items():
                    if rows:
                        connection.execute(insert(tables.METADATA.tables[table]), rows)
            first += len(batch)


def drawn(script: Script, draw: random.Random) -> Play:
    """One untimed play with replies drawn at random."""
    encounter = Encounter(script, seed=draw.randrange(1 << 30), untimed=True)
    while not encounter.ended:
        at = encounter.at + draw.uniform(1, 9)
        if rules.may_move_on(encounter.situation):
            encounter.move_on(at)
        else:
            encounter.reply(draw.choice(encounter.offered).reply.id, at)
    return Play(result_of(script, encounter.events, ended=round(encounter.at * 1000)), to_lines(encounter.events))


def _enrol(folder: Path, count: int, draw: random.Random) -> list[str]:
    rows = [
        {"id": f"p{number:06}", "name": f"Person {number}", "team": draw.choice(TEAMS), "language": "en", "learner": f"{draw.getrandbits(128):032x}"}
        for number in range(count)
    ]
    with open_people(folder) as known, known._store.writing() as connection:
        connection.execute(insert(people._people), [row | {"seal": row_seal("people", row)} for row in rows])
    return [row["learner"] for row in rows]


def _attempts(
    script: Script, plays: list[Play], learners: list[str], by: tuple[str, str], count: int, draw: random.Random
) -> Iterator[tuple[Attempt, Play]]:
    for number in range(count):
        id = str(uuid.UUID(int=draw.getrandbits(128), version=4))
        started = STARTED + number * 60_000 + draw.randrange(60_000)
        yield Attempt(id, draw.choice(learners), script.scenario.id, *by, rules.VERSION, 0, True, False, "en", started), draw.choice(plays)


def _rows(batch: list[tuple[Attempt, Play]], first: int, *, with_events: bool) -> dict[str, list[dict[str, object]]]:
    rows: dict[str, list[dict[str, object]]] = {"attempts": [], "events": [], "results": []}
    for number, (attempt, play) in enumerate(batch, first):
        link = head(attempt)
        rows["attempts"].append({"number": number, **asdict(attempt), "chain": link})
        for seq, line in enumerate(play.lines if with_events else ()):
            (link,) = links(link, seq, [line])
            rows["events"].append({"attempt": number, "seq": seq, "line": line, "chain": link})
        result = replace(play.result, ended=attempt.started + play.result.ended)
        rows["results"].append({"attempt": number, **asdict(result), "seal": seal(link, result)})
    return rows
