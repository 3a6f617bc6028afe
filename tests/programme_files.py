"""A small programme for tests: somebody left an umbrella, and whoever passes there may promise a letter."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from servicesim.encounter.encounter import Encounter
from servicesim.encounter.rehearsal import rehearse
from servicesim.encounter.script import Script
from servicesim.encounter.transcript import to_lines
from servicesim.records import Attempt, Records
from servicesim.records.results import result_of
from servicesim.scenario.loading import load_text, shipped_principles
from servicesim.scenario.model import fingerprint

MONDAY = 1_793_000_000_000  # 2026-10-26 UTC, at half past seven
DAY = 24 * 60 * 60 * 1000

HEAD = """\
servicesim-programme: 1
id: week
title: A week
summary: A first week at the desk.
locale: en
steps:
"""

UMBRELLA = """\
servicesim: 1
id: umbrella
title: The umbrella
summary: Somebody left an umbrella.
channel: email
locale: en
company: Nova Stores
learn: [greet-warmly]
customer: {name: Tomas Lind, type: fan, expects: 50, received: 50}
start: opening
scenes:
  opening:
    customer: I left my umbrella.
    replies:
      - {id: promise, say: Good morning. We will look and write to you., acts: [greet], promise: {call-back: the-letter, within: 2}, end: found}
      - {id: welcome, say: Good morning. Here it is., acts: [greet], end: found}
      - {id: gone, say: It is gone., acts: [bounce], end: lost}
      - {id: blunt, say: "It is gone, and we will write.", acts: [bounce], promise: {call-back: the-letter, within: 2}, end: lost}
endings:
  found: {title: Found}
  lost: {title: Lost, failed: true}
"""

LETTER = """\
servicesim: 1
id: the-letter
title: The letter
summary: You write to somebody about an umbrella.
channel: email
locale: en
company: Nova Stores
learn: [greet-warmly]
customer: {name: Tomas Lind, type: fan, expects: 50, received: 50}
facts: {late: false, unhappy: false, unasked: false}
remembers: [late, unhappy, unasked]
start: opening
scenes:
  opening:
    customer:
      - {if: late, say: You were to write on Monday.}
      - {if: unhappy or unasked, say: You again.}
      - {say: Is it there?}
    replies:
      - {id: there, say: Good morning. It is here., acts: [greet, inform], end: told}
      - {id: gone, say: It is gone., acts: [bounce], end: lost}
endings:
  told: {title: Told}
  lost: {title: Lost, failed: true}
"""

WARM_UP = UMBRELLA.replace("id: umbrella", "id: warm-up").replace("learn: [greet-warmly]", "unscored: true").replace("promise: {call-back: the-letter, within: 2}, ", "")
STEPS = ("encounter: warm-up, due: 0", "encounter: umbrella, due: 1, after: [warm-up], attempts: 2", "encounter: the-letter, remembers: {late: overdue, unhappy: not-passed}")


def programme(*steps: str) -> str:
    return HEAD + "".join(f"  - {{{step}}}\n" for step in steps)


def laid_out(folder: Path, week: str, **others: str) -> Path:
    """The programme with its encounters in a folder; its file."""
    (folder / "programmes").mkdir(exist_ok=True)
    (folder / "scenarios").mkdir(exist_ok=True)
    for name, text in {"umbrella": UMBRELLA, "the-letter": LETTER, "warm-up": WARM_UP, **others}.items():
        (folder / "scenarios" / f"{name}.yaml").write_text(text, encoding="utf-8")
    (folder / "programmes" / "week.yaml").write_text(week, encoding="utf-8")
    return folder / "programmes" / "week.yaml"


def script(text: str, remembered: Sequence[str] = ()) -> Script:
    scenario, found = load_text(text)
    assert scenario is not None, found
    return Script(scenario, shipped_principles()).started(remembered)


def keep(records: Records, text: str, *moves: str, learner: str = "leyla", day: int = 0, practice: bool = False, remembered: Sequence[str] = ()) -> str:
    """Keep one attempt, with its result if the moves end it; its id."""
    return keep_of(records, script(text, remembered), moves, learner=learner, day=day, practice=practice)


def keep_of(records: Records, played: Script, moves: Sequence[str], *, learner: str = "leyla", day: int = 0, practice: bool = False) -> str:
    """The same, of a script that is ready."""
    encounter = rehearse(Encounter(played), moves)
    records.keep_text("scenario", played.text)
    records.keep_text("principles", played.principles_text)
    name = f"{played.scenario.id}-{learner}-{day}-{'-'.join(moves)}"
    by = fingerprint(played.text), fingerprint(played.principles_text)  # what is kept, also of a sealed edition
    attempt = Attempt(name, learner, played.scenario.id, *by, 1, 0, False, practice, "en", MONDAY + day * DAY)
    records.begin(attempt, to_lines(encounter.events[:1]))
    result = result_of(played, encounter.events, ended=attempt.started + 60_000) if encounter.ended else None
    records.append(name, 1, to_lines(encounter.events[1:]), result)
    return name
