"""How every peer is timed: the same work again and again for a while, and the best time counts."""

from __future__ import annotations

import gc
import json
import sys
import time
from collections.abc import Callable
from importlib.metadata import version
from typing import Any


def best(work: Callable[[], object], seconds: float, clock: Callable[[], float] = time.perf_counter) -> float:
    """The shortest time that the work took, in seconds; it is done at least three times, and for so many seconds."""
    gc.collect()
    end, times = time.perf_counter() + seconds, list[float]()
    while len(times) < 3 or time.perf_counter() < end:
        begun = clock()
        work()
        times.append(clock() - begun)
    return min(times)


def given() -> dict[str, Any]:
    """The work that was handed over."""
    with open(sys.argv[1], encoding="utf-8") as file:
        told: dict[str, Any] = json.load(file)
    return told


def tell(package: str, **measured: Any) -> None:
    """Report to whoever asked."""
    print(json.dumps({"version": version(package), **measured}))
