"""Does ServiceSim keep what it has acknowledged, and stand what it is given?

    python -m benchmarks.reliability [--scale 0.01] [--seed N] [--only NAME]

Prints a row for each experiment; exit 1 if one does not hold, or its negative control was not caught.
An input that fails is kept as a file in benchmarks/failing/ and played first the next time.
To add an experiment: a module with `run(scale: float, seed: int) -> Report`, and its name in EXPERIMENTS.
"""

from __future__ import annotations

import argparse
import secrets
from collections.abc import Iterator
from importlib import import_module
from typing import cast

from benchmarks.reliability_report import Experiment, Report

EXPERIMENTS = {
    "kills": "benchmarks.reliability_kills",
    "power-cuts": "benchmarks.reliability_power_cuts",
    "bit-flips": "benchmarks.reliability_bit_flips",
    "restarts": "benchmarks.reliability_restarts",
    "migrations": "benchmarks.reliability_migrations",
    "io-errors": "benchmarks.reliability_io_errors",
    "mutations": "benchmarks.reliability_mutations",
    "conditions": "benchmarks.reliability_conditions",
    "replay": "benchmarks.reliability_replay",
    "text": "benchmarks.reliability_text",
    "game-kills": "benchmarks.reliability_game_kills",
    "monkey": "benchmarks.reliability_monkey",
}
_HEADINGS = ("experiment", "amount", "result", "negative control", "seconds", "")


def main() -> int:
    """Run what was asked for and print the table."""
    asked = _asked()
    print(f"seed {asked.seed}, scale {asked.scale}", flush=True)
    modules = [cast(Experiment, import_module(EXPERIMENTS[name])) for name in asked.only or EXPERIMENTS]
    reports = []
    for module in modules:
        reports.append(module.run(asked.scale, asked.seed))
        print(f"  {reports[-1].experiment}: {reports[-1].result} ({reports[-1].seconds:.0f} s)", flush=True)
    print("\n".join(_table(reports)))
    return 0 if all(report.holds for report in reports) else 1


def _asked() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="python -m benchmarks.reliability", description=__doc__.split("\n")[0])
    parser.add_argument("--scale", type=float, default=1.0, help="share of the full amount, such as 0.01")
    parser.add_argument("--seed", type=int, default=secrets.randbelow(1_000_000), help="the same inputs again")
    parser.add_argument("--only", choices=EXPERIMENTS, action="append", help="this experiment only; may be repeated")
    return parser.parse_args()


def _table(reports: list[Report]) -> Iterator[str]:
    rows = [_HEADINGS, *(_row(report) for report in reports)]
    widths = [max(len(row[column]) for row in rows) for column in range(len(_HEADINGS))]
    for row in rows:
        yield "  ".join(cell.ljust(width) for cell, width in zip(row, widths, strict=True)).rstrip()


def _row(report: Report) -> tuple[str, ...]:
    verdict = "holds" if report.holds else "DOES NOT HOLD"
    return report.experiment, report.amount, report.result, report.control, f"{report.seconds:.1f}", verdict


if __name__ == "__main__":
    raise SystemExit(main())
