"""The n-th thing asked of the disk fails, for every n until the encounter's end, with "no space" or with "I/O error".

Once, or from then on until three complaints were heard; the writer tries the same again each time. What was acknowledged must be
there, also when the power fails right after the first acknowledgement that follows the failure; the only exception is a ServicesimError. Two negative controls: a
build that takes a failed write for done, and one whose retry believes what it finds without bringing it to the disk.
"""

from __future__ import annotations

import errno
import random
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager, nullcontext, suppress
from dataclasses import dataclass, field
from pathlib import Path
from typing import TypeVar
from unittest import mock

from sqlalchemy import Connection

from benchmarks import reliability_play as play
from benchmarks.reliability_disk import MOODS, NOTHING, Complained, Deed, Told, after_power_cut
from benchmarks.reliability_power_cuts import put, told
from benchmarks.reliability_report import Failing, Report
from benchmarks.reliability_shim import Disk, NoShim, noted
from servicesim.errors import ServicesimError
from servicesim.records import Records, failures, open_records, store

COMPLAINTS = 3
TRIES = 6
_ERRORS = (errno.ENOSPC, errno.EIO)

T = TypeVar("T")
Deal = Callable[[], AbstractContextManager[object]]


def run(scale: float, seed: int) -> Report:
    """Every n, each in four ways; the scale takes a share of them."""
    began = time.perf_counter()
    try:
        asked = _asked(str(seed))
        last_syncs = _last_syncs(asked, scale, seed)
        real = _fail([*_cases(asked, scale, seed), *last_syncs], nullcontext, kept=True)
        gullible = _fail(_cases(asked, scale / 4, seed), _takes_failure_for_done, kept=False)
        hasty = _fail(last_syncs, _believes_what_it_finds, kept=False)
    except NoShim as reason:
        return Report("n-th I/O error", "none", str(reason), "", 0.0, False)
    return Report(
        "n-th I/O error",
        f"{real.runs} failures of {asked.total} calls, {real.complaints} complaints",
        f"{len(real.faults)} lost or with another exception" + "".join(f"; {fault}" for fault in real.faults[:3]),
        f"failed taken for done: caught in {len(gullible.faults)} of {gullible.runs}; "
        f"retry without commit: in {len(hasty.faults)} of {hasty.runs}",
        time.perf_counter() - began,
        not real.faults and bool(gullible.faults) and bool(hasty.faults),
    )


@dataclass(slots=True)
class _Fault:
    """Lets the n-th call fail, with or without all that follow until the disk is said to be mended."""

    nth: int
    error: int
    stays: bool
    calls: list[str] = field(default_factory=list)
    mended: bool = False

    def __call__(self, deed: str) -> int | None:
        self.calls.append(deed)
        at = len(self.calls)
        return self.error if at == self.nth or (self.stays and at > self.nth and not self.mended) else None


@dataclass(slots=True)
class _Tally:
    runs: int = 0
    complaints: int = 0
    faults: list[str] = field(default_factory=list)


@dataclass(frozen=True, slots=True)
class _Asked:
    """What an encounter asks of the disk when nothing fails."""

    calls: list[str]

    @property
    def total(self) -> int:
        return len(self.calls)


def _asked(name: str) -> _Asked:
    never = _Fault(0, 0, stays=False)
    with tempfile.TemporaryDirectory() as base, noted(Path(base), never) as disk:
        _play(Path(base), disk, random.Random(name), never)
    return _Asked(never.calls)


Case = tuple[str, int, int, bool]


def _cases(asked: _Asked, scale: float, seed: int) -> list[Case]:
    """Every n, and some beyond, since a retry asks for more; at a smaller scale an even choice of them."""
    every = [
        (str(seed), nth, error, stays)
        for nth in range(1, asked.total + 1)
        for error in _ERRORS
        for stays in (False, True)
    ]
    wanted = min(len(every), max(12, round(len(every) * scale)))
    return random.Random(seed).sample(every, wanted) if wanted < len(every) else every


def _last_syncs(asked: _Asked, scale: float, seed: int) -> list[Case]:
    """The last flush of each commit, after the journal was cut: its failure leaves behind what a retry may find."""
    syncs = [nth for nth in range(2, asked.total + 1) if asked.calls[nth - 2 : nth] == ["truncate", "sync"]]
    # Backwards, since the first commits keep texts, which nobody was told about yet.
    return [(str(seed), nth, errno.EIO, False) for nth in syncs[::-1][: max(4, round(len(syncs) * scale))]]


def _fail(cases: list[Case], deal: Deal, *, kept: bool) -> _Tally:
    tally, failing = _Tally(), Failing("io-errors")
    for case in failing.first(cases) if kept else cases:
        complaints, faults = _one(*case, deal=deal)
        tally.runs += 1
        tally.complaints += complaints
        if faults:
            tally.faults.append(f"{case}: {faults[0]}")
        if faults and kept:
            failing.keep(case, faults[0])
    return tally


def _one(name: str, nth: int, error: int, stays: bool, *, deal: Deal) -> tuple[int, list[str]]:
    """One encounter with one failure; how often it complained, and what is wrong afterwards."""
    fault = _Fault(nth, error, stays)
    with tempfile.TemporaryDirectory() as base:
        folder = Path(base)
        try:
            with noted(folder, fault) as disk, deal():
                complaints = _play(folder, disk, random.Random(name), fault)
        except ServicesimError as failure:
            return 0, [f"still refused when the disk was mended: {failure}"]
        except Exception as failure:  # noqa: BLE001 - any other exception is what we look for
            return 0, [f"{type(failure).__name__}: {failure}"]
        return complaints, [*told(disk.deeds).missing(folder), *_after_power_cuts(_until_told(disk.deeds), folder)]


def _until_told(deeds: list[Deed]) -> list[Deed]:
    """Until the first acknowledgement after the last complaint: what comes later would bring to the disk what is not there yet."""
    complained = max((number for number, deed in enumerate(deeds) if isinstance(deed, Complained)), default=0)
    after = (number for number, deed in enumerate(deeds) if isinstance(deed, Told) and number > complained)
    return deeds[: next(after, len(deeds)) + 1]


def _after_power_cuts(deeds: list[Deed], folder: Path) -> Iterator[str]:
    chance = random.Random(len(deeds))
    for mood in (NOTHING, chance.choice(MOODS)):
        put(folder, after_power_cut({}, deeds, mood, chance))
        for wrong in told(deeds).missing(folder):
            yield f"after a power cut: {wrong}"


def _play(folder: Path, disk: Disk, chance: random.Random, fault: _Fault) -> int:
    """Play one encounter to its end, trying again what fails; the number of complaints."""
    insist = _Insistent(fault, disk)
    records = insist(lambda: open_records(folder))
    try:
        insist(lambda: play.keep_texts(records))
        for first, end, last in _batches(chance):
            insist(lambda first=first, end=end, last=last: _write(records, first, end, last=last))  # type: ignore[misc]
            disk.deeds.append(Told("attempt", end, last))
    finally:
        records.close()
    return insist.complaints


def _batches(chance: random.Random) -> Iterator[tuple[int, int, bool]]:
    batches = list(play.steps("attempt", chance))
    for first, end in batches:
        yield first, end, (first, end) == batches[-1]


def _write(records: Records, first: int, end: int, *, last: bool) -> None:
    lines = play.lines("attempt", first, end)
    if first == 0:
        records.begin(play.attempt("attempt"), lines)
    else:
        records.append("attempt", first, lines, play.RESULT if last else None)


@dataclass(slots=True)
class _Insistent:
    """Does what a person does who is told that saving failed: tries again; mends the disk after some complaints."""

    fault: _Fault
    disk: Disk
    complaints: int = 0

    def __call__(self, deed: Callable[[], T]) -> T:
        for _ in range(TRIES):
            try:
                return deed()
            except ServicesimError:
                self.complaints += 1
                self.disk.deeds.append(Complained())
                self.fault.mended = self.complaints >= COMPLAINTS
        return deed()


# The negative controls


def _takes_failure_for_done() -> AbstractContextManager[object]:
    true_append = Records.append

    def append(self: Records, *given: object) -> None:
        with suppress(ServicesimError):
            true_append(self, *given)  # type: ignore[arg-type]

    return mock.patch.object(Records, "append", append)


def _believes_what_it_finds() -> AbstractContextManager[object]:
    @contextmanager
    def writing(self: store.FileStore, on: str | None = None) -> Iterator[Connection]:
        with failures.told(self.path), store._transaction(self._engine, "BEGIN IMMEDIATE") as connection:
            yield connection

    return mock.patch.object(store.FileStore, "writing", writing)
