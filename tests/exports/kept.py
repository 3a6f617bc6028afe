"""A records folder with attempts in it, for tests."""

from __future__ import annotations

from pathlib import Path

from servicesim.commands import chosen
from servicesim.encounter.encounter import Encounter
from servicesim.encounter.rehearsal import rehearse
from servicesim.encounter.transcript import to_lines
from servicesim.records import Attempt, open_people, open_records
from servicesim.records.results import result_of

STARTED = 1_793_000_000_000  # 2026-10-26 UTC


def keep(folder: Path, *moves: str, name: str = "Aylin Duman", person: str = "1042", practice: bool = False, number: int = 0) -> Attempt:
    """Keep one attempt of late-parcel, with its result if the moves end it."""
    script = chosen.script("late-parcel")
    encounter = rehearse(Encounter(script), moves)
    with open_people(folder) as people, open_records(folder) as records:
        records.keep_text("scenario", script.text)
        records.keep_text("principles", script.principles_text)
        attempt = Attempt(
            f"attempt-{number}", people.enrol(person, name, "Desk 3", "en"), "late-parcel", script.fingerprint,
            script.principles_fingerprint, 1, 0, False, practice, "en", STARTED + number,
        )  # fmt: skip
        records.begin(attempt, to_lines(encounter.events[:1]))
        result = result_of(script, encounter.events, ended=STARTED + 95_000) if encounter.ended else None
        records.append(attempt.id, 1, to_lines(encounter.events[1:]), result)
    return attempt
