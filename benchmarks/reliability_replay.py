"""The same play gives the same bytes everywhere: transcript, score and what HR is handed.

1,000 random plays of every shipped scenario, each in processes that differ in hash seed, time zone and locale: 3 x 2 x 2 of
them, or, for less than a tenth of the plays, as few as have each of these in them. A process also reads its transcripts back.
The negative controls are a score in the order of a set, times of the local clock and bytes in the locale's encoding.
"""

from __future__ import annotations

import hashlib
import json
import locale
import os
import random
import secrets
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterable, Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from datetime import datetime
from itertools import product
from pathlib import Path
from typing import Any
from unittest import mock

from benchmarks.reliability_report import Failing, Report
from servicesim.assessment.assess import Assessment, assess
from servicesim.assessment.told import as_json
from servicesim.commands import chosen
from servicesim.commands.export import export
from servicesim.encounter import rules
from servicesim.encounter.encounter import Encounter, replayed
from servicesim.encounter.script import Script
from servicesim.encounter.transcript import from_lines, to_lines
from servicesim.exports.clock import Clock
from servicesim.records import Attempt, open_people, open_records, store
from servicesim.records.results import result_of

PLAYS = 1_000
HASH_SEEDS = ("0", "1", "4242")
ZONES = ("UTC0", "EST5EDT,M3.2.0,M11.1.0")
MOST_MOVES = 400
_STARTED = 1_793_000_000_000  # 2026-10-26 UTC, with summer time in one of the zones
_NAMES = ("Aylin Duman", "شهلا کریمی", "Əli Məmmədov", "Иван Ё", "ß", "=1+1", "O'Hara, \"Bob\"")
CONTROLS = ("a set's order", "local times", "the locale's encoding")
_PROJECT = Path(__file__).parent.parent


@dataclass(frozen=True, slots=True)
class _Place:
    """The surroundings of one process."""

    hash_seed: str
    zone: str
    locale: str

    def variables(self) -> dict[str, str]:
        """The environment that makes them; without coercion, C means ASCII."""
        told = {"PYTHONHASHSEED": self.hash_seed, "TZ": self.zone, "LC_ALL": self.locale, "LANG": self.locale}
        inherited = {name: value for name, value in os.environ.items() if not name.startswith(("LC_", "PYTHON"))}
        return inherited | told | {"PYTHONUTF8": "0", "PYTHONCOERCECLOCALE": "0"}


def run(scale: float, seed: int) -> Report:
    """Play everywhere and compare; the controls are told by the same processes."""
    began = time.perf_counter()
    failing = Failing("replay")
    plays = list(failing.first(f"{seed}/{number}" for number in range(max(5, round(PLAYS * scale)))))
    places = _places(few=scale < 0.1)
    told = _everywhere(places, plays)
    faults = list(_faults(places, told))
    for play in sorted({fault.split(" ")[1] for fault in faults if fault.startswith("play ")}):
        failing.keep(play, "differs between processes")
    caught = [control for control in CONTROLS if _survives(control, told) is False]
    return Report(
        "replay",
        f"{len(plays):,} plays of {len(chosen.shipped_ids())} scenario(s) in {len(places)} processes ({', '.join(_locales())})",
        f"{len(faults)} differ" + "".join(f"; {fault}" for fault in faults[:3]),
        "; ".join(f"{control}: {'caught' if control in caught else 'SURVIVED'}" for control in CONTROLS),
        time.perf_counter() - began,
        not faults and len(caught) == len(CONTROLS),
    )


def _places(*, few: bool) -> list[_Place]:
    zones, locales = ZONES, _locales()
    if few:
        return [_Place(seed, zones[number % 2], locales[number % 2]) for number, seed in enumerate(HASH_SEEDS)]
    return [_Place(*place) for place in product(HASH_SEEDS, zones, locales)]


def _locales() -> tuple[str, str]:
    """One that knows ASCII only, and one as unlike it as this computer has."""
    before = locale.setlocale(locale.LC_ALL)
    try:
        for name in ("tr_TR.UTF-8", "de_DE.UTF-8", "fa_IR.UTF-8", "C.UTF-8", "en_US.UTF-8"):
            try:
                locale.setlocale(locale.LC_ALL, name)
            except locale.Error:
                continue
            return "C", name
    finally:
        locale.setlocale(locale.LC_ALL, before)
    return "C", ""


def _everywhere(places: list[_Place], plays: list[str]) -> list[list[str]]:
    """What each process tells, line by line."""
    with ThreadPoolExecutor(max_workers=2) as pool:
        return list(pool.map(lambda place: _in_child(place, plays), places))


def _in_child(place: _Place, plays: list[str]) -> list[str]:
    command = [sys.executable, "-m", __name__]
    child = subprocess.run(command, input="\n".join(plays), capture_output=True, encoding="utf-8", env=place.variables(), cwd=_PROJECT, check=False)
    if child.returncode:
        return [f"WRONG: the process ends with {child.returncode}: {child.stderr[-300:]}"]
    return child.stdout.splitlines()


def _faults(places: list[_Place], told: list[list[str]]) -> Iterator[str]:
    """What is not the same in all places, and what a process complains of."""
    first, *others = [[line for line in lines if not line.startswith("control ")] for lines in told]
    yield from (line for lines in (first, *others) for line in lines if line.startswith("WRONG"))
    for place, lines in zip(places[1:], others, strict=True):
        if len(lines) != len(first):
            yield f"{place} tells {len(lines)} lines, not {len(first)}"
        yield from (f"{one} differs in {place}" for one, other in zip(first, lines, strict=False) if one != other)


def _survives(control: str, told: list[list[str]]) -> bool | None:
    """Whether a careless way of telling is the same in all places; None if no place tells it."""
    first, *others = [[line for line in lines if line.startswith(f"control {control}:")] for lines in told]
    return all(lines == first for lines in others) if first else None


# What follows runs in the processes


def tell(plays: list[str]) -> Iterator[str]:
    """A line for each play, with what its transcript and score amount to, one for what HR is handed, one for each control."""
    with tempfile.TemporaryDirectory() as base:
        folder = Path(base)
        yield from _played(folder, plays)
        handed = _handed(folder)
        yield f"export {_hash(handed)} of {handed.count(b'attempt-')} attempts"
        yield f"control {CONTROLS[2]}: {_hash(handed.decode().encode(locale.getpreferredencoding(False), 'replace'))}"
        with mock.patch.object(Clock, "texts", _local_times):
            yield f"control {CONTROLS[1]}: {_hash(_handed(folder))}"


def _handed(folder: Path) -> bytes:
    export(folder / "scores.csv", folder, with_practice=True)
    return (folder / "scores.csv").read_bytes()


def _played(folder: Path, plays: list[str]) -> Iterator[str]:
    # What is kept is the subject here, not how safely: that is for the experiments with kills and power cuts.
    quick = mock.patch.object(store, "DURABLE", ("PRAGMA journal_mode = MEMORY", "PRAGMA synchronous = OFF"))
    with quick, open_people(folder) as people, open_records(folder) as records:
        for script in map(chosen.script, chosen.shipped_ids()):
            records.keep_text("scenario", script.text)
            records.keep_text("principles", script.principles_text)
            for number, play in enumerate(plays):
                encounter = played_at_random(script, random.Random(f"{script.scenario.id}/{play}"))
                lines = to_lines(encounter.events)
                assessment = assess(script, encounter.events)
                score = as_json(script, encounter.events, assessment)
                yield f"play {play} of {script.scenario.id}: {_hash(''.join(lines).encode())} {_hash(_as_bytes(score))}"
                yield from _read_back(script, lines, encounter, assessment)
                with mock.patch.object(secrets, "token_hex", return_value=f"{number % 20:032x}"):
                    person = people.enrol(str(number % 20), _NAMES[number % len(_NAMES)], "Desk 3", "en")
                attempt = _attempt(f"attempt-{script.scenario.id}-{number}", person, script, number)
                records.begin(attempt, lines)
                records.append(attempt.id, len(lines), [], result_of(script, encounter.events, ended=attempt.started + 95_000))
            score["principles"] = {name: score["principles"][name] for name in set(score["principles"])}
            yield f"control {CONTROLS[0]}: {play} of {script.scenario.id}: {_hash(_as_bytes(score))}"


def _as_bytes(score: dict[str, Any]) -> bytes:
    return json.dumps(score, ensure_ascii=False).encode()


def _read_back(script: Script, lines: list[str], encounter: Encounter, assessment: Assessment) -> Iterator[str]:
    events = list(from_lines(lines))
    if events != encounter.events or to_lines(events) != lines:
        yield "WRONG: the transcript reads back as another"
    if replayed(script, events) != encounter.situation:
        yield "WRONG: the transcript leads to another situation"
    if assess(script, events) != assessment:
        yield "WRONG: the transcript is judged otherwise when it is read back"


def _attempt(id: str, learner: str, script: Script, number: int) -> Attempt:
    started = _STARTED + number * 7_777_777
    return Attempt(
        id, learner, script.scenario.id, script.fingerprint, script.principles_fingerprint, rules.VERSION, number, False,
        number % 3 == 0, "en", started,
    )  # fmt: skip


def played_at_random(script: Script, draw: random.Random) -> Encounter:
    """A play in which any legal move may come at any time."""
    encounter = Encounter(script, seed=draw.randrange(1000), untimed=draw.random() < 0.2, pace=draw.choice((0.5, 1.0, 2.0)))
    for _ in range(MOST_MOVES):
        if encounter.ended:
            break
        _move(encounter, draw, encounter.at + draw.choice((0.0, 0.3, 0.7, 1.0, 4.0, 1 / 3)))
    return encounter


def _move(encounter: Encounter, draw: random.Random, at: float) -> None:
    encounter.advance(at)
    situation = encounter.situation
    moves = rules.moves(situation)
    if rules.may_move_on(situation) and draw.random() < 0.7:
        encounter.move_on(at)
    elif moves and draw.random() < 0.5:
        move = draw.choice(moves)
        if move == "interrupt":
            encounter.interrupt(at)
        elif move in rules.listening_offered(situation):
            encounter.listen(move, at)  # type: ignore[arg-type]
        else:
            encounter.reply(move, at)
    elif draw.random() < 0.3 and (due := rules.due_at(situation)) is not None:
        encounter.advance(due)


def _local_times(_: Clock, moments: Iterable[int]) -> Iterator[str]:
    """What a careless export would write."""
    return (datetime.fromtimestamp(moment / 1000).strftime("%Y-%m-%dT%H:%M:%SZ") for moment in moments)


def _hash(data: bytes) -> str:
    return hashlib.sha256(data).hexdigest()[:16]


if __name__ == "__main__":
    # A program that speaks to people in their language does this; what is kept and handed over must not change with it.
    locale.setlocale(locale.LC_ALL, "")
    for line in tell(sys.stdin.read().splitlines()):
        print(line.encode("ascii", "backslashreplace").decode(), flush=True)
