"""How fast is handing over, and how much memory does it take?

    python -m benchmarks.exports [--scale 1] [--records FOLDER]

Every figure is a ratio, measured in one run on the same attempts, in turn, and the best of three counts: ours from the records to
the file, against the bare csv module and bare XlsxWriter. `reading aside` gives them the same rows as ours; `from sqlite3` lets the
csv module take the columns from the database itself, with nothing between. Ours is the whole of `export`, with the checksum and the
line in the log. The figures of a report come from rollups.db, against a count of every attempt. Memory is the peak of a process of its own.

The attempts are drawn (`exports_filler`): 10,000 and 100,000 at --scale 1; a million at --scale 10, which takes some ten minutes
and 3 GB. With --records, a folder that is there is used instead.

    SERVICESIM_PEERS_PYTHON interpreters that have pm4py and Declare4Py, against which re-scoring is measured (see exports_rescoring)
    SERVICESIM_PEERS_NODE   the node_modules folder that has @learninglocker/xapi-validation, which judges 200 attempts' statements
"""

from __future__ import annotations

import argparse
import csv
import json
import os
import shutil
import sqlite3
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager
from itertools import islice
from operator import itemgetter
from pathlib import Path
from typing import TypeVar

from xlsxwriter import Workbook

from benchmarks import exports_rescoring
from benchmarks.engine_peers import FOLDER, NODE_MODULES
from benchmarks.engine_table import Line, a_second, table
from benchmarks.exports_filler import fill
from servicesim.exports import figured, rollups, xlsx
from servicesim.exports.clock import Clock
from servicesim.exports.columns import EVERYTHING
from servicesim.exports.ended import ended
from servicesim.exports.filters import Filter
from servicesim.exports.handover import Order, hand_over
from servicesim.exports.rows import COLUMNS, Ended, told
from servicesim.records import open_people, open_records

Told = TypeVar("Told")

TIMES = 3
MOST_IN_A_WORKBOOK = 20_000  # attempts; XlsxWriter takes its time
JUDGED = 200  # attempts whose statements are judged

_SAME_COLUMNS = """
    SELECT a.id, learner, '', '', 'Desk 3', scenario, 'The coat that stayed away', 'phone', 'hostile', started, ended, started, conduct,
           75, passed, 0, '', ending, outcome, satisfaction, untimed, practice, language, scenario_hash, principles_hash, rules_version
    FROM attempts AS a JOIN results AS r ON r.attempt = a.number WHERE practice = 0 ORDER BY started, a.id
"""


def main() -> int:
    """Measure, and print the table."""
    asked = _asked()
    lines = list[Line]()
    with tempfile.TemporaryDirectory() as base:
        if asked.records is not None:
            lines += _measured(asked.records, Path(base))
        else:
            for attempts in (round(10_000 * min(1.0, asked.scale)), round(100_000 * asked.scale)):
                folder = Path(base) / str(attempts)
                fill(folder, attempts)
                lines += _measured(folder, Path(base))
                shutil.rmtree(folder)
        lines += _judged(Path(base))
    lines += exports_rescoring.lines(asked.scale)
    print("\n".join(table(lines)))
    return 0


def _asked() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="python -m benchmarks.exports", description=__doc__.split("\n")[0])
    parser.add_argument("--scale", type=float, default=1.0, help="1 takes about three minutes; 10 hands over a million attempts")
    parser.add_argument("--records", type=Path, help="a folder with records, used instead of drawn ones")
    return parser.parse_args()


def _measured(folder: Path, out: Path) -> Iterator[Line]:
    count, size = _count(folder)
    yield from _csv(folder, out, count, size)
    yield _best_of_each(folder, out, count, size)
    yield from _report(folder, count, size)
    yield from _workbook(folder, out, count)
    for kind in ("csv", "jsonl"):
        yield _memory(folder, out, kind, size)


def _count(folder: Path) -> tuple[int, str]:
    with closing(sqlite3.connect(folder / "records.db")) as database:
        (count,) = database.execute("SELECT count(*) FROM results").fetchone()
    return count, f"{count:,} attempts"


def _csv(folder: Path, out: Path, count: int, size: str) -> Iterator[Line]:
    """Ours against the csv module, which is given the same rows, or takes the same columns from SQLite."""

    def ours() -> None:
        hand_over(Order(out / "ours.csv"), folder)

    def same_rows() -> None:
        with _rows(folder) as rows:
            _bare_csv(out / "theirs.csv", (told(row) for row in rows))

    def from_sqlite() -> None:
        with closing(sqlite3.connect(folder / "records.db")) as database:
            _bare_csv(out / "theirs.csv", database.execute(_SAME_COLUMNS))

    seconds = _in_turn(ours, same_rows, from_sqlite)
    for peer, theirs in (("csv, reading aside", seconds[1]), ("csv from sqlite3", seconds[2])):
        yield Line("CSV", size, a_second(count, seconds[0]), peer, a_second(count, theirs), seconds[0] / theirs, "at most 1.6x")


def _bare_csv(path: Path, rows: Iterator[tuple[object, ...]]) -> None:
    with path.open("w", encoding="utf-8-sig", newline="") as file:
        writer = csv.writer(file, quoting=csv.QUOTE_ALL)
        writer.writerow([column.name for column in COLUMNS])
        writer.writerows(rows)


def _best_of_each(folder: Path, out: Path, count: int, size: str) -> Line:
    def all_of_them() -> None:
        hand_over(Order(out / "all.csv"), folder)

    def best() -> None:
        hand_over(Order(out / "best.csv", filter=Filter(attempts="best")), folder)

    every, chosen = _in_turn(all_of_them, best)
    return Line("the best attempt of each", size, a_second(count, chosen), "all of them", a_second(count, every), chosen / every)


def _report(folder: Path, count: int, size: str) -> Iterator[Line]:
    """The figures of a report from the sums beside the records, against those from every attempt; and to make these sums."""
    (folder / rollups.FILE).unlink(missing_ok=True)
    wanted, clock = Filter(attempts="best"), Clock(None)
    with open_records(folder, read_only=True) as records, open_people(folder, read_only=True) as people:
        making, first = _timed(lambda: figured.tell(records, people, wanted, clock))
        kept, told = min((_timed(lambda: figured.tell(records, people, wanted, clock)) for _ in range(TIMES)), key=itemgetter(0))
        whole, full = _timed(lambda: figured.full_count(records, people, wanted, clock))
    same = "" if first == told == full else ", AND OTHER FIGURES"
    yield Line("report figures", size, f"{kept:.2f} s", f"full count{same}", f"{whole:.1f} s", kept / whole, "under 2 s")
    yield Line("making rollups.db", size, a_second(count, making), "full count", a_second(count, whole), making / whole)


def _timed(work: Callable[[], Told]) -> tuple[float, Told]:
    began = time.process_time()
    told = work()
    return time.process_time() - began, told


def _workbook(folder: Path, out: Path, count: int) -> Iterator[Line]:
    """A workbook of attempts alone: with the principles, the sheets are of another size."""
    count = min(count, MOST_IN_A_WORKBOOK)

    def ours() -> None:
        with _rows(folder) as rows, (out / "ours.xlsx").open("w+b") as file, tempfile.TemporaryDirectory() as aside:
            xlsx.write(file, Path(aside), islice(rows, count), EVERYTHING.fields, Clock(), [], with_principles=False)

    def theirs() -> None:
        with _rows(folder) as rows:
            _bare_workbook(out / "theirs.xlsx", (told(row) for row in islice(rows, count)))

    mine, bare = _in_turn(ours, theirs)
    yield Line("XLSX", f"{count:,} attempts", a_second(count, mine), "XlsxWriter, reading aside", a_second(count, bare), mine / bare)


def _bare_workbook(path: Path, rows: Iterator[tuple[object, ...]]) -> None:
    with Workbook(path, {"constant_memory": True}) as book:
        sheet = book.add_worksheet()
        for number, row in enumerate(rows):
            for column, cell in enumerate(row):
                if isinstance(cell, str):
                    sheet.write_string(number, column, cell)
                elif isinstance(cell, bool):
                    sheet.write_boolean(number, column, cell)
                else:
                    sheet.write_number(number, column, cell)


def _memory(folder: Path, out: Path, kind: str, size: str) -> Line:
    """The peak of a whole export in a process of its own; the limit is the same with no attempt to write."""
    return Line(
        f"memory, {kind}", size, _peak(folder, out, kind), "an export of nothing", _peak(folder, out, kind, "--until", "1971-01-01"),
        to_reach="under 60 MB above it" if kind == "csv" else "",
    )  # fmt: skip


def _peak(folder: Path, out: Path, kind: str, *more: str) -> str:
    command = ["export", "--format", kind, "-o", str(out / "peak"), "--records", str(folder), *more]
    peak = peak_of(command)
    return "not told here" if peak is None else f"{peak / 1024:.0f} MB"


def peak_of(command: list[str]) -> int | None:
    """The most memory that a command of ours takes, in kB; None where the system does not tell. (Not getrusage: it may tell the parent's.)"""
    if not Path("/proc/self/status").exists():
        return None
    program = "import sys; from servicesim.cli import run; code = run(sys.argv[1:]); print(open('/proc/self/status').read()); sys.exit(code)"
    done = subprocess.run([sys.executable, "-c", program, *command], capture_output=True, text=True, check=True)
    return int(done.stdout.split("VmHWM:")[1].split()[0])


def _judged(out: Path) -> Iterator[Line]:
    """The statements of some attempts, judged by a validator that no one here wrote."""
    work, size, peer = "xAPI statements, judged", f"{JUDGED} attempts", "@learninglocker/xapi-validation"
    modules = os.environ.get(NODE_MODULES, "")
    if not modules or not (Path(modules) / peer).is_dir() or shutil.which("node") is None:
        yield Line(work, size, "", peer, f"not installed: npm install {peer}, and set {NODE_MODULES}")
        return
    folder = out / "judged"
    fill(folder, JUDGED, plays=JUDGED, with_events=True)
    hand_over(Order(out / "statements.jsonl", "xapi", home="https://training.example.com"), folder)
    environment = {**os.environ, "NODE_PATH": modules}
    command = ["node", str(FOLDER / "xapi_validation.cjs"), str(out / "statements.jsonl")]
    done = subprocess.run(command, capture_output=True, text=True, check=False, env=environment)
    if done.returncode:
        yield Line(work, size, "", peer, f"failed: {(done.stderr.strip().splitlines() or ['no message'])[-1][:120]}")
        return
    verdict = json.loads(done.stdout)
    wrong = f"{verdict['warnings']} warnings; control: {verdict['control']} in {verdict['spoilt']} spoilt ones"
    yield Line(work, size, f"{verdict['statements']:,} statements", peer, wrong, to_reach="0 warnings")


@contextmanager
def _rows(folder: Path) -> Iterator[Iterator[Ended]]:
    """The attempts of a folder, as an export reads them."""
    with open_records(folder, read_only=True) as records, open_people(folder, read_only=True) as people:
        yield ended(records, people)


def _in_turn(*works: Callable[[], None]) -> list[float]:
    """The best time of each, in seconds of this process: others share the machine."""
    best = [float("inf")] * len(works)
    for _ in range(TIMES):
        for number, work in enumerate(works):
            began = time.process_time()
            work()
            best[number] = min(best[number], time.process_time() - began)
    return best


if __name__ == "__main__":
    raise SystemExit(main())
