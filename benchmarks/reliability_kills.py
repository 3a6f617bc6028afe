"""kill -9 of a real writer at random moments: what it had acknowledged must be there.

A server imports the records once and forks a writer for each life, so that thousands of lives take minutes. A writer
opens the records, begins or goes on with an attempt, and says `ack ATTEMPT EVENTS` when the pen says that the events are kept.
The negative control says so before it writes.
"""

from __future__ import annotations

import os
import random
import signal
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from pathlib import Path
from typing import IO, NoReturn

from benchmarks import reliability_play as play
from benchmarks.reliability_report import Failing, Report
from servicesim.errors import ServicesimError
from servicesim.records import Pen, Records, open_records

KILLS = 2_000
CONTROL_KILLS = 200
LIVES_IN_A_FOLDER = 10
"""The first of them also makes the database."""
ENCOUNTER = 12
"""Events in an attempt; the last comes with the result."""


def run(scale: float, seed: int) -> Report:
    """2,000 kills, and 200 of a build that acknowledges too early."""
    began = time.perf_counter()
    if not hasattr(os, "fork"):
        return Report("kill -9 of the writer", "none", "this system cannot fork writers", "", 0.0, False)
    kills = max(20, round(KILLS * scale))
    real = _kill(kills, seed, control=False)
    control = _kill(max(10, round(CONTROL_KILLS * scale)), seed, control=True)
    return Report(
        "kill -9 of the writer",
        f"{real.lives} kills, {real.acknowledged} acknowledged",
        f"{len(real.faults)} lost, doubled or torn" + "".join(f"; {fault}" for fault in real.faults[:3]),
        f"acknowledged before the commit: caught in {len(control.faults)} of {control.lives}",
        time.perf_counter() - began,
        not real.faults and bool(control.faults) and real.acknowledged >= 1.5 * kills,
    )


@dataclass(slots=True)
class _Tally:
    lives: int = 0
    acknowledged: int = 0
    faults: list[str] = field(default_factory=list)


def _kill(kills: int, seed: int, *, control: bool) -> _Tally:
    tally = _Tally()
    failing = Failing("kills")
    cases = (f"{seed}:{number}" for number in range(kills))
    with tempfile.TemporaryDirectory() as base, _server() as server:
        folder, known = Path(base), play.Acknowledged()
        for case in cases if control else failing.first(cases):
            if tally.lives % LIVES_IN_A_FOLDER == 0:
                folder, known = Path(base, str(tally.lives)), play.Acknowledged()
            before = sum(known.events.values())
            faults = [*_life(server, folder, known, random.Random(case), control=control), *known.missing(folder)]
            tally.lives += 1
            tally.acknowledged += sum(known.events.values()) - before
            if faults:
                tally.faults.append(f"{case}: {faults[0]}")
                # One loss is to be counted once.
                folder, known = Path(base, f"{tally.lives}-afresh"), play.Acknowledged()
            if faults and not control:
                failing.keep(case, faults[0])
    return tally


def _life(
    server: subprocess.Popen[str], folder: Path, known: play.Acknowledged, chance: random.Random, *, control: bool
) -> Iterator[str]:
    """One writer, from its birth to its kill; yields what it complained of."""
    to_server, from_server = _pipes(server)
    to_server.write(f"{'early' if control else 'true'} {folder}\n")
    to_server.flush()
    pid = int(from_server.readline().split()[1])
    # A quarter are killed by the clock, mostly while opening or making the database; the others while they write.
    awaited = 0 if chance.random() < 0.25 else chance.randint(1, 4)
    heard = 0
    attempt = ""
    while heard < awaited and (said := from_server.readline().split())[0] == "ack":
        attempt, heard = _hear(said, known), heard + 1
    if heard == awaited:
        time.sleep(chance.uniform(0, 0.004 if awaited else 0.02))
        # It may have ended with a complaint of its own, which is read below.
        with suppress(ProcessLookupError):
            os.kill(pid, signal.SIGKILL)
        said = from_server.readline().split()
    while said[0] == "ack":
        attempt = _hear(said, known)
        said = from_server.readline().split()
    if said[0] != "died":
        yield " ".join(said)
        from_server.readline()
    if attempt:
        yield from _still_held(folder, attempt)


def _hear(said: list[str], known: play.Acknowledged) -> str:
    _, attempt, events = said
    known.events[attempt] = int(events)
    if int(events) == ENCOUNTER:
        known.ended.add(attempt)
    return attempt


def _still_held(folder: Path, attempt: str) -> Iterator[str]:
    try:
        with open_records(folder) as records, records.hold(attempt):
            return
    except ServicesimError as failure:
        yield f"cannot be continued: {failure}"


@contextmanager
def _server() -> Iterator[subprocess.Popen[str]]:
    command = [sys.executable, "-m", __name__]
    root = str(Path(__file__).parent.parent)
    with subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True, cwd=root) as server:
        try:
            yield server
        finally:
            _pipes(server)[0].close()


def _pipes(server: subprocess.Popen[str]) -> tuple[IO[str], IO[str]]:
    assert server.stdin is not None
    assert server.stdout is not None
    return server.stdin, server.stdout


# What follows runs in the server and in the writers


def serve() -> None:
    """Fork a writer for every line on standard input; say its birth and its death on standard output."""
    for request in sys.stdin:
        how, _, folder = request.rstrip("\n").partition(" ")
        _born = os.fork()
        if _born == 0:
            _write_until_killed(Path(folder), early=how == "early")
        os.waitpid(_born, 0)
        _say("died")


def _say(text: str) -> None:
    # One write of a few bytes into a pipe is never torn, and nothing stays in a buffer of ours.
    os.write(1, f"{text}\n".encode())


def _write_until_killed(folder: Path, *, early: bool) -> None:
    _say(f"born {os.getpid()}")
    try:
        with open_records(folder) as records:
            _play_on(records, early=early)
    except ServicesimError as failure:
        _say(f"failed {failure}")
    finally:
        os._exit(1)


def _play_on(records: Records, *, early: bool) -> NoReturn:
    play.keep_texts(records)
    pen = Pen(records)
    while True:
        attempt = next(iter(records.unfinished("learner")), None)
        if attempt is None:
            attempt = play.attempt(f"attempt-{len(list(records.attempts()))}")
            pen.begin(attempt).result()
        with records.hold(attempt.id):
            _encounter(records, pen, attempt.id, early=early)


def _encounter(records: Records, pen: Pen, attempt: str, *, early: bool) -> None:
    for end in range(len(records.lines(attempt)) + 1, ENCOUNTER + 1):
        if early:
            _say(f"ack {attempt} {end}")
        result = play.RESULT if end == ENCOUNTER else None
        pen.write(attempt, end - 1, play.lines(attempt, end - 1, end), result).result()
        if not early:
            _say(f"ack {attempt} {end}")


if __name__ == "__main__":
    serve()
