"""How fast are playing, loading and scoring, against others who do the same work?

    python -m benchmarks.engine [--scale 0.1] [--only replies|loading|scoring] [--peers-python PATH]...

Every figure is a ratio, measured in one run on the same work; the absolute times of one machine say little. The peers
are optional installs of this benchmark; where one is missing, its line says so. They run in interpreters of their own:

    SERVICESIM_PEERS_PYTHON   interpreters that have peers (bink, transitions, python-statemachine, ruamel.yaml, pm4py,
                              declare4py), separated as in PATH; --peers-python adds one. This interpreter is the last.
    SERVICESIM_PEERS_NODE     the node_modules folder that has inkjs and xstate

pm4py is AGPL, and Declare4Py builds on it, so they belong into environments of their own.

Others share the machine: the sides are measured in turn, in slices of some milliseconds, and the best slice counts.
Even so a ratio moves by a third from run to run on a busy machine; look at several.
"""

from __future__ import annotations

import argparse
import os
from collections.abc import Callable, Iterator

from benchmarks import engine_loading, engine_replies, engine_scoring
from benchmarks.engine_peers import PYTHONS
from benchmarks.engine_table import Line, table

NOTES = """
A reply's cost grows a little with the number of scenes: the visits of scenes are kept in a byte each, copied at each speech.
A transcript's score costs more among the first ones: each step of a few rules is worked out when it is first met.
Loading is linear; the bare loader is not, since the garbage collector looks again and again at what it has made."""
ROWS: dict[str, Callable[[float], Iterator[Line]]] = {
    "replies": engine_replies.lines,
    "loading": engine_loading.lines,
    "scoring": engine_scoring.lines,
}


def main() -> int:
    """Measure what was asked for and print the table."""
    asked = _asked()
    os.environ[PYTHONS] = os.pathsep.join([*asked.peers_python, os.environ.get(PYTHONS, "")])
    lines = list[Line]()
    for name in asked.only or ROWS:
        lines += ROWS[name](asked.scale)
        print(f"  {name}: {len(lines)} lines so far", flush=True)
    print("\n".join(table(lines)))
    print(NOTES)
    return 0


def _asked() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="python -m benchmarks.engine", description=__doc__.split("\n")[0])
    parser.add_argument("--scale", type=float, default=1.0, help="1 takes about two minutes and scores 10,000 transcripts, 10 scores 100,000")
    parser.add_argument("--only", choices=ROWS, action="append", help="this row only; may be repeated")
    parser.add_argument("--peers-python", action="append", default=[], metavar="PATH", help="an interpreter that has peers; may be repeated")
    return parser.parse_args()


if __name__ == "__main__":
    raise SystemExit(main())
