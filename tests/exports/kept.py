"""A records folder with attempts in it, for tests, and how exports are read back."""

from __future__ import annotations

import csv
from functools import cache
from pathlib import Path

from servicesim.commands import chosen
from servicesim.encounter.encounter import Encounter
from servicesim.encounter.rehearsal import rehearse
from servicesim.encounter.script import Script
from servicesim.encounter.transcript import to_lines
from servicesim.exports.outgoing import Outgoing
from servicesim.records import Attempt, open_people, open_records
from servicesim.records.results import result_of
from servicesim.scenario.sealed import sealed

STARTED = 1_793_000_000_000  # 2026-10-26 UTC


EXPERT = ("welcome", "may-i-ask", "facts", "summarise", "own-it", "courier-today", "thank-her")
SORRY = ("sorry", "refund-now", "back-up", "summarise", "own-it", "refund", "bye")
OUT = ("welcome", "may-i-ask", "policy", "soothe")


@cache
def late_parcel() -> Script:
    return chosen.script("late-parcel")


def keep(
    folder: Path, *moves: str, name: str = "Aylin Duman", person: str = "1042", team: str = "Desk 3", practice: bool = False,
    number: int = 0, started: int = STARTED,
) -> Attempt:  # fmt: skip
    """Keep one attempt of late-parcel, with its result if the moves end it."""
    script = late_parcel()
    encounter = rehearse(Encounter(script), moves)
    with open_people(folder) as people, open_records(folder) as records:
        records.keep_text("scenario", script.text)
        records.keep_text("principles", script.principles_text)
        attempt = Attempt(
            f"attempt-{number}", people.enrol(person, name, team, "en"), "late-parcel", script.fingerprint,
            script.principles_fingerprint, 1, 0, False, practice, "en", started + number,
        )  # fmt: skip
        records.begin(attempt, to_lines(encounter.events[:1]))
        result = result_of(script, encounter.events, ended=attempt.started + 95_000) if encounter.ended else None
        records.append(attempt.id, 1, to_lines(encounter.events[1:]), result)
    return attempt


def keep_sealed(folder: Path, *moves: str, number: int = 0) -> Attempt:
    """Keep one attempt at the late parcel's sealed edition, with the result that its organisation's server gave."""
    full = late_parcel()
    desk = Script(*sealed(full.scenario, full.principles, b"a secret that only the server has"))
    encounter = rehearse(Encounter(desk), moves)
    with open_people(folder) as people, open_records(folder, tell=Outgoing(folder)) as records:
        by = records.keep_text("scenario", desk.text), records.keep_text("principles", desk.principles_text)
        attempt = Attempt(f"attempt-{number}", people.enrol("1042", "Aylin Duman", "Desk 3", "en"), "late-parcel", *by, 1, 0, False, False, "en", STARTED + number)
        records.begin(attempt, to_lines(encounter.events))
        records.append(attempt.id, len(encounter.events), [], result_of(full, encounter.events, ended=attempt.started + 95_000))
    return attempt


def rows(path: Path) -> list[dict[str, str]]:
    """A CSV file as a spreadsheet would read it."""
    with path.open(encoding="utf-8-sig", newline="") as file:
        return list(csv.DictReader(file, strict=True))
