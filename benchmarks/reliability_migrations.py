"""kill -9 while databases of versions 1 and 2 are brought up to date: they are of one version or another, never between two.

A server imports the records once and forks a life for each kill. What is there afterwards is compared, rule by rule and row by
row, with a folder that was never touched or one that was brought up to date in peace; then it is opened once more, which
must end well. The negative control takes the same steps without a transaction around them.
"""

from __future__ import annotations

import os
import random
import shutil
import signal
import sqlite3
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import closing, contextmanager, suppress
from pathlib import Path

from benchmarks import reliability_version_1 as version_1
from benchmarks import reliability_version_2 as version_2
from benchmarks.reliability_report import Failing, Report
from servicesim.errors import ServicesimError
from servicesim.records import open_people, open_records, store

KILLS = 300
CONTROL_KILLS = 40
MOST_BATCHES = 6
ATTEMPTS = 40
FILES = ("records.db", "people.db")
FROM = {1: version_1.make, 2: version_2.make}

Rules = list[tuple[object, ...]]


def run(scale: float, seed: int) -> Report:
    """300 kills, and 40 of steps without a transaction."""
    began = time.perf_counter()
    if not hasattr(os, "fork"):
        return Report("kill -9 of an update", "none", "this system cannot fork lives", "", 0.0, False)
    real, reached = _kill(max(8, round(KILLS * scale)), seed, control=False)
    control = list[str]()
    for batch in range(MOST_BATCHES):  # on a computer that does much else, a few kills may all come before a step
        control += _kill(max(4, round(CONTROL_KILLS * scale)), seed + batch, control=True)[0]
        if any(control):
            break
    return Report(
        "kill -9 of an update",
        f"{len(real)} kills",
        f"{reached[1]} left at version 1, {reached[2]} at 2, {reached[3]} at 3, {sum(map(bool, real))} between" + "".join(f"; {one}" for one in list(filter(None, real))[:3]),
        f"without a transaction: caught in {sum(map(bool, control))} of {len(control)}",
        time.perf_counter() - began,
        # A few kills may all come before the update is through.
        not any(real) and any(control) and (len(real) < 100 or all(reached.values())),
    )


def _kill(kills: int, seed: int, *, control: bool) -> tuple[list[str], dict[int, int]]:
    """What was wrong after each kill ("" for nothing), and how many records were found of which version."""
    failing, faults, reached = Failing("migrations"), list[str](), {1: 0, 2: 0, 3: 0}
    cases = (f"{seed}:{number}" for number in range(kills))
    with tempfile.TemporaryDirectory() as base, _server() as server:
        peace = _Peace(Path(base), server, control=control)
        for case in cases if control else failing.first(cases):
            folder = peace.killed(server, random.Random(case))
            fault, version = peace.fault(folder)
            faults.append(fault and f"{case}: {fault}")
            reached[version] = reached.get(version, 0) + 1
            if fault and not control:
                failing.keep(case, fault)
            shutil.rmtree(folder)
    return faults, reached


class _Peace:
    """What the files are before and after an update that nobody disturbs."""

    def __init__(self, base: Path, server: subprocess.Popen[str], *, control: bool) -> None:
        self._base, self._how = base, "careless" if control else "true"
        self._takes = dict[int, float]()
        for version, make in FROM.items():
            make(base / f"old-{version}", ATTEMPTS, random.Random(1))
            shutil.copytree(base / f"old-{version}", base / f"new-{version}")
            _ask(server, self._how, base / f"new-{version}")
            began = time.perf_counter()
            _hear(server, "died")
            self._takes[version] = time.perf_counter() - began
        self._kept = version_1.kept(base / "old-1")
        self._rules = {file: {int(str(rules[0][0])): rules for rules in self._known(file)} for file in FILES}

    def _known(self, file: str) -> Iterator[Rules]:
        for version in FROM:
            yield from (_rules(self._base / f"{state}-{version}" / file) for state in ("old", "new"))

    def killed(self, server: subprocess.Popen[str], chance: random.Random) -> Path:
        """A folder whose update was killed at some moment."""
        folder, version = self._base / "killed", chance.choice(list(FROM))
        shutil.copytree(self._base / f"old-{version}", folder)
        pid = _ask(server, self._how, folder)
        time.sleep(chance.uniform(0, 1.1 * self._takes[version]))
        # It may have finished in peace.
        with suppress(ProcessLookupError):
            os.kill(pid, signal.SIGKILL)
        _hear(server, "died")
        return folder

    def fault(self, folder: Path) -> tuple[str, int]:
        """What is wrong with what was left, and which version its records had."""
        found, version = "", 1
        for file in FILES:
            version_of_file, rules = _rules(folder / file)[:1], _rules(folder / file)
            here = int(str(version_of_file[0][0]))
            if file == "records.db":
                version = here
            if rules != self._rules[file].get(here):
                found = f"{file} is of version {here}, and its rules are not"
        if version_1.kept(folder) != self._kept:
            found = found or "something that was kept is gone"
        return found or self._opened(folder), version

    def _opened(self, folder: Path) -> str:
        try:
            with open_records(folder) as records, open_people(folder) as people:
                rot = [*records.verify_rot(), *people.verify_rot()]
        except ServicesimError as failure:
            return f"cannot be opened: {failure}"
        if version_1.kept(folder) != self._kept:
            return "the second try lost something"
        return str(rot[0]) if rot else ""


def _rules(path: Path) -> Rules:
    """The version, and every rule of the file."""
    # May write: what the kill left half written is undone here, as it is when ServiceSim opens the file.
    with closing(sqlite3.connect(path)) as database:
        version = database.execute("PRAGMA user_version").fetchall()
        return [*version, *database.execute("SELECT type, name, sql FROM sqlite_master ORDER BY 1, 2")]


@contextmanager
def _server() -> Iterator[subprocess.Popen[str]]:
    command = [sys.executable, "-m", __name__]
    root = str(Path(__file__).parent.parent)
    with subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True, cwd=root) as server:
        try:
            yield server
        finally:
            assert server.stdin is not None
            server.stdin.close()


def _ask(server: subprocess.Popen[str], how: str, folder: Path) -> int:
    assert server.stdin is not None
    server.stdin.write(f"{how} {folder}\n")
    server.stdin.flush()
    return int(_hear(server, "born").split()[1])


def _hear(server: subprocess.Popen[str], what: str) -> str:
    assert server.stdout is not None
    said = server.stdout.readline()
    assert said.startswith(what), said
    return said


# What follows runs in the server and in the lives


def serve() -> None:
    """Fork a life for every line on standard input; say its birth and its death on standard output."""
    for request in sys.stdin:
        how, _, folder = request.rstrip("\n").partition(" ")
        born = os.fork()
        if born == 0:
            _update(Path(folder), careless=how == "careless")
        os.write(1, f"born {born}\n".encode())
        os.waitpid(born, 0)
        os.write(1, b"died\n")


def _update(folder: Path, *, careless: bool) -> None:
    if careless:
        store._migrate = _without_transaction
    try:
        open_records(folder).close()
        open_people(folder).close()
    finally:
        os._exit(0)


def _without_transaction(path: Path, schema: store.Schema, version: int) -> None:
    # The driver begins nothing by itself: each statement is its own transaction.
    with store._engine_of(path, store.DURABLE) as engine, store._transaction(engine, "SELECT 1") as connection:
        schema.steps[version - 1](connection)
        connection.exec_driver_sql(f"PRAGMA user_version = {version + 1}")


if __name__ == "__main__":
    serve()
