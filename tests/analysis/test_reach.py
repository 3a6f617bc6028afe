"""What `reach` claims is what all the plays of a scenario come to: exactly where it says so, within its bounds otherwise.

`SERVICESIM_DRAWN=2000 pytest tests/analysis/test_reach.py` draws more scenarios, `SERVICESIM_SITUATIONS=5000` larger ones.
"""

from __future__ import annotations

import os
from dataclasses import replace
from fractions import Fraction
from functools import cache

import pytest

from analysis.brute import Found, Truth, truth
from analysis.cases import NAMES, written
from analysis.judged import differences
from analysis.random_scenarios import MOST_SITUATIONS, case
from analysis.small import ticking
from servicesim.analysis.reach import reach

DRAWN = int(os.environ.get("SERVICESIM_DRAWN", "240"))
SITUATIONS = int(os.environ.get("SERVICESIM_SITUATIONS", str(MOST_SITUATIONS)))
TOGETHER = 20


@cache
def counted(name: str) -> Truth:
    """What the plays of a written scenario come to."""
    return truth(written(name))


@pytest.mark.parametrize("name", NAMES)
def test_what_is_claimed_of_a_written_scenario_is_so(name: str) -> None:
    told = reach(written(name))
    assert differences(written(name), told, counted(name)) == []
    assert told.exact


@pytest.mark.parametrize("first", range(0, DRAWN, TOGETHER))
def test_what_is_claimed_of_random_scenarios_is_so(first: int) -> None:
    wrong = [said for seed in range(first, min(first + TOGETHER, DRAWN)) if (said := _wrong(seed))]
    assert not wrong, f"{len(wrong)} of {TOGETHER} are wrong; the first:\n{wrong[0]}"


def _wrong(seed: int) -> str:
    drawn = case(seed, most=SITUATIONS)
    told = reach(drawn.script)
    found = differences(drawn.script, told, drawn.truth)
    if not told.exact and not any(ends.timed for ends in drawn.truth.principles.values()):
        found.append("exact: False, though no rule asks for seconds")
    return "\n".join([*found, str(drawn)]) if found else ""


@pytest.mark.parametrize("looks", [0, 30, 300, 3_000])
def test_in_too_little_time_nothing_untrue_is_claimed(looks: int) -> None:
    for name in NAMES[:2]:
        told = reach(written(name), seconds=looks, clock=ticking())
        assert differences(written(name), told, counted(name)) == []
    for drawn in map(case, range(12)):
        told = reach(drawn.script, seconds=looks, clock=ticking())
        assert differences(drawn.script, told, drawn.truth) == []


def test_a_claim_that_is_wrong_is_noticed() -> None:
    script = written("long-story")
    told, true = reach(script), counted("long-story")
    wrong = replace(true, best=Found(true.best.value - Fraction(1, 10**6), true.best.path), failable=False, scenes=frozenset())
    assert [said.split(":")[0] for said in differences(script, told, wrong)] == ["best", "scenes", "failable"]
