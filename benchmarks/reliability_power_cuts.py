"""Power cuts: from a note of what the writer asked of the disk, states that the disk may be left in, each opened again.

The power fails at any moment; `reliability_disk` says what may then be there. In one state of ten it fails again while the records
are being opened. The negative control is SQLite's usual fast setting, WAL with synchronous=NORMAL.
"""

from __future__ import annotations

import random
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, nullcontext
from dataclasses import dataclass, field
from pathlib import Path
from unittest import mock

from benchmarks import reliability_play as play
from benchmarks.reliability_disk import MOODS, Deed, Told, after_power_cut
from benchmarks.reliability_report import Failing, Report
from benchmarks.reliability_shim import Disk, NoShim, noted
from servicesim.errors import ServicesimError
from servicesim.records import open_records, store

STATES = 5_000
CONTROL_STATES = 1_500
STATES_OF_A_PLAY = 50
_FAST = ("PRAGMA journal_mode = WAL", "PRAGMA synchronous = NORMAL")


def run(scale: float, seed: int) -> Report:
    """5,000 disk states, and 1,500 of the control."""
    began = time.perf_counter()
    try:
        real = _cut(_cases(round(STATES * scale), seed), nullcontext, kept=True)
        control = _cut(_cases(round(CONTROL_STATES * scale), seed), _fast, kept=False)
    except NoShim as reason:
        return Report("simulated power cuts", "none", str(reason), "", 0.0, False)
    return Report(
        "simulated power cuts",
        f"{real.states} disk states, {real.acknowledged} acknowledged",
        f"{len(real.faults)} lost or torn" + "".join(f"; {fault}" for fault in real.faults[:3]),
        f"WAL+NORMAL: loses in {len(control.faults)} of {control.states}",
        time.perf_counter() - began,
        not real.faults and bool(control.faults),
    )


def _cases(states: int, seed: int) -> Iterator[tuple[str, str]]:
    """A play and a cut for each state, both named by what their chance is drawn from."""
    for number in range(max(states, 1)):
        yield f"{seed}:{number // STATES_OF_A_PLAY}", f"{seed}:{number}"


def _fast() -> AbstractContextManager[object]:
    return mock.patch.object(store, "DURABLE", _FAST)


@dataclass(slots=True)
class _Tally:
    states: int = 0
    acknowledged: int = 0
    faults: list[str] = field(default_factory=list)


def _cut(
    cases: Iterator[tuple[str, str]], setting: Callable[[], AbstractContextManager[object]], *, kept: bool
) -> _Tally:
    tally, failing = _Tally(), Failing("power-cuts")
    deeds: list[Deed] = []
    last = ""
    for play_name, cut_name in failing.first(cases) if kept else cases:
        if play_name != last:
            with setting():
                deeds, last = played(play_name), play_name
        acknowledged, faults = _state(deeds, random.Random(cut_name))
        tally.states += 1
        tally.acknowledged += acknowledged
        if faults:
            tally.faults.append(f"play {play_name}, cut {cut_name}: {faults[0]}")
        if faults and kept:
            failing.keep((play_name, cut_name), faults[0])
    return tally


def played(name: str) -> list[Deed]:
    """What a writer asks of the disk in one encounter, from the making of the database to the result."""
    chance = random.Random(name)
    with tempfile.TemporaryDirectory() as base:
        with noted(Path(base)) as disk:
            _play(Path(base), disk, chance)
        return disk.deeds


def _play(folder: Path, disk: Disk, chance: random.Random) -> None:
    with open_records(folder) as records:
        play.keep_texts(records)
        batches = list(play.steps("attempt", chance))
        for first, end in batches:
            result = play.RESULT if end == batches[-1][1] else None
            if first == 0:
                records.begin(play.attempt("attempt"), play.lines("attempt", first, end))
            else:
                records.append("attempt", first, play.lines("attempt", first, end), result)
            disk.deeds.append(Told("attempt", end, result is not None))


def _state(deeds: list[Deed], chance: random.Random) -> tuple[int, list[str]]:
    """Cut the power at one moment; how many events had been acknowledged, and which of them are wrong now."""
    done = deeds[: chance.randint(0, len(deeds))]
    known = told(done)
    with tempfile.TemporaryDirectory() as base:
        folder = Path(base)
        put(folder, after_power_cut({}, done, chance.choice(MOODS), chance))
        if chance.random() < 0.1:
            _cut_again(folder, chance)
        return sum(known.events.values()), list(known.missing(folder))


def _cut_again(folder: Path, chance: random.Random) -> None:
    """The power fails a second time, while the records are opened and what was half done is undone."""
    with noted(folder) as disk:
        try:
            open_records(folder).close()
        except ServicesimError:
            return  # It will be found again when the state is looked at.
    done = disk.deeds[: chance.randint(0, len(disk.deeds))]
    put(folder, after_power_cut(disk.before, done, chance.choice(MOODS), chance))


def told(deeds: list[Deed]) -> play.Acknowledged:
    """What the writer had been told after these deeds."""
    known = play.Acknowledged()
    for deed in deeds:
        if isinstance(deed, Told):
            known.events[deed.attempt] = deed.events
            known.ended |= {deed.attempt} if deed.ended else set()
    return known


def put(folder: Path, files: dict[str, bytes]) -> None:
    """Make the folder hold these files and no others."""
    for file in folder.iterdir():
        file.unlink()
    for name, content in files.items():
        (folder / name).write_bytes(content)
