"""How long does the trainer's bench take: checking a file, and proving what its plays can come to?

    python -m benchmarks.authoring [--seconds 10] [--only check|loading|reach]

Nobody else proves reachable scores, so there is no peer to hold `reach` against; the same question is put to a search
through all combinations of places and rule states, without bounds and without leaving anything out. Each proof runs in
a process of its own, which tells how much memory it took. Stories are made from a seed; late-parcel is the shipped one.
"""

from __future__ import annotations

import argparse
import json
import resource
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

from benchmarks import engine_loading
from benchmarks.authoring_stories import broad, staged
from benchmarks.engine_table import Line, table
from servicesim import shipped
from servicesim.analysis.board import Board
from servicesim.analysis.budget import Budget
from servicesim.analysis.explorer import explored
from servicesim.analysis.fronts import Fronts
from servicesim.analysis.reach import reach
from servicesim.analysis.tracks import tracks
from servicesim.analysis.world import Place
from servicesim.encounter.script import Script
from servicesim.scenario import loading

NOTES = """
Exact means proved and reached by a play; otherwise the two figures are what a play reaches and what none goes beyond.
The staged stories are hard on purpose: no reply is right for all principles, so the best play is a compromise of thirty turns."""


def main() -> int:
    """Measure what was asked for and print the table."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks.authoring", description=__doc__.split("\n")[0])
    parser.add_argument("--seconds", type=float, default=10.0, help="the budget of one proof")
    parser.add_argument("--only", choices=("check", "loading", "reach"), action="append")
    parser.add_argument("--one", help=argparse.SUPPRESS)
    asked = parser.parse_args()
    if asked.one:
        print(json.dumps(WORKS[asked.one](asked.seconds)))
        return 0
    rows: dict[str, Callable[[], Iterator[Line]]] = {
        "check": _check,
        "loading": lambda: engine_loading.lines(0.5),
        "reach": lambda: _reach(asked.seconds),
    }
    lines = list[Line]()
    for name in asked.only or rows:
        lines += rows[name]()
        print(f"  {name}: {len(lines)} lines so far", flush=True)
    print("\n".join(table(lines)))
    print(NOTES)
    return 0


# --- check, from the command line ---------------------------------------------------------------------------------------


def _check() -> Iterator[Line]:
    principles = loading.shipped_principles()
    bare = min(_run("-c", "pass") for _ in range(5))
    late_parcel = shipped.scenarios() / "late-parcel.yaml"
    with tempfile.TemporaryDirectory() as folder:
        for scenes in (20, 200, 1_000):
            file = Path(folder) / f"story-{scenes}.yaml"
            file.write_text(broad(principles, scenes), "utf-8")
            yield _checked(f"{scenes:,} scenes, no proof", bare, str(file), "--no-reach")
            yield _checked(f"{scenes:,} scenes, proved", bare, str(file))
    yield _checked("late-parcel, no proof", bare, str(late_parcel), "--no-reach")
    yield _checked("late-parcel, proved", bare, str(late_parcel))


def _checked(size: str, bare: float, *arguments: str) -> Line:
    ours = min(_run("-m", "servicesim", "check", *arguments) for _ in range(2))
    goal = "200 scenes under 1 s" if size.startswith("200 ") else ""
    return Line("check, with start-up", size, f"{ours:.2f} s", "python -c pass", f"{bare * 1000:.0f} ms", ours / bare, goal)


def _run(*arguments: str) -> float:
    began = time.perf_counter()
    subprocess.run([sys.executable, *arguments], capture_output=True, check=False)
    return time.perf_counter() - began


# --- proofs -------------------------------------------------------------------------------------------------------------


def _reach(seconds: float) -> Iterator[Line]:
    for name in WORKS:
        if not name.startswith("all "):
            yield _proof(name, seconds)


def _proof(name: str, seconds: float) -> Line:
    told = _apart(name, seconds)
    theirs = _apart(f"all {name}", seconds) if f"all {name}" in WORKS else None
    ours = f"{told['seconds']:.1f} s, {told['memory']} MB"
    if theirs is None:
        return Line("reach", name, ours, "none", limit=told["told"])
    ended = theirs["seconds"] if theirs["ended"] else None
    search = f"{theirs['seconds']:.1f} s{'' if ended else ', not finished'}"
    return Line("reach", name, ours, "all combinations", search, ended and told["seconds"] / ended, limit=told["told"])


def _apart(name: str, seconds: float) -> dict[str, Any]:
    command = [sys.executable, "-m", "benchmarks.authoring", "--one", name, "--seconds", str(seconds)]
    told: dict[str, Any] = json.loads(subprocess.run(command, capture_output=True, text=True, check=True).stdout)
    return told


def _proved(script: Script, seconds: float) -> dict[str, Any]:
    began = time.perf_counter()
    told = reach(script, seconds=seconds)
    took = time.perf_counter() - began
    ends = [f"{float(end.value):.1f}" if end.exact else f"{float(end.value):.1f}..{float(end.bound):.1f}" for end in (told.worst, told.best)]
    chance = " to ".join(dict.fromkeys(f"{float(share):.2%}" for share in told.random.passing))
    spans = sum(end is None or end.exact for span in told.principles.values() for end in (span.best, span.worst))
    words = f"{'exact' if told.exact else 'bounds'}: worst {ends[0]}, best {ends[1]}, random passes {chance}; principles {spans}/{2 * len(told.principles)}"
    return {"seconds": took, "memory": resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // 1024, "told": words}


def _searched_through(script: Script, seconds: float) -> dict[str, Any]:
    """The best conduct by looking at every combination, until time is up."""
    began = time.perf_counter()
    budget = Budget(time.perf_counter, began + 6 * seconds)
    world = explored(script, budget)
    fronts = [Fronts(track, world) for track in tracks(script)]
    for one in fronts:
        one.work_out(budget)
    board = Board(world, fronts, best=True)
    waiting = [(world.start, board.start())]
    seen = set(waiting)
    while waiting and not budget.spent and len(seen) < 2_000_000:
        place, entries = waiting.pop()
        for _, onto, before in board.onward(place, entries):
            come = (onto.leads, board.entered(onto, before))
            if isinstance(onto.leads, Place) and come not in seen:
                seen.add(come)  # type: ignore[arg-type]
                waiting.append(come)  # type: ignore[arg-type]
    return {"seconds": time.perf_counter() - began, "ended": not waiting}


def _story(text: str) -> Script:
    principles = loading.shipped_principles()
    scenario, found = loading.load_text(text, principles=principles)
    if scenario is None:
        raise AssertionError(loading.said(found))
    return Script(scenario, principles)


def _late_parcel() -> Script:
    return Script(loading.demand(shipped.scenarios() / "late-parcel.yaml"), loading.shipped_principles())


def _staged(stages: int) -> Script:
    return _story(staged(loading.shipped_principles(), stages))


def _broad(scenes: int) -> Script:
    return _story(broad(loading.shipped_principles(), scenes))


STORIES: dict[str, Callable[[], Script]] = {
    "late-parcel": _late_parcel,
    "staged, 13 scenes": lambda: _staged(5),
    "staged, 28 scenes": lambda: _staged(10),
    "staged, 91 scenes": lambda: _staged(31),
    "broad, 100 scenes": lambda: _broad(100),
    "broad, 1,000 scenes": lambda: _broad(1_000),
}
WORKS: dict[str, Callable[[float], dict[str, Any]]] = {
    **{name: lambda seconds, make=make: _proved(make(), seconds) for name, make in STORIES.items()},  # type: ignore[misc]
    **{f"all {name}": lambda seconds, make=STORIES[name]: _searched_through(make(), seconds) for name in ("staged, 13 scenes", "staged, 28 scenes")},  # type: ignore[misc]
}

if __name__ == "__main__":
    raise SystemExit(main())
