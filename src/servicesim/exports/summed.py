"""Figures out of cells that are sums, and what tells apart the time zones in which they were made."""

from __future__ import annotations

import hashlib
import os
import time
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime, timedelta, tzinfo
from functools import lru_cache
from typing import Any

from servicesim.exports.figures import Cell, Counted, cell
from servicesim.exports.shares import ONE, POINT, Sums


def counted_in(cells: Iterable[Sequence[Any]]) -> Counted:
    """The figures of these cells: of each its kind, what it is of (one thing or two), and its sums, the people first."""
    kinds: dict[str, dict[tuple[str, str], Sums]] = defaultdict(dict)
    for kind, of, by, *whole in cells:
        kinds[kind][of, by] = whole
    return Counted(
        teams=_by_one(kinds["teams"]),
        cohorts=_by_one(kinds["cohorts"]),
        encounters=_by_one(kinds["encounters"]),
        weeks=_by_one(kinds["weeks"]),
        heat=_by_two(kinds["heat"], ONE),
        heat_by_cohort=_by_two(kinds["heat_by_cohort"], ONE),
        broken=_by_two(kinds["broken"], 1),
        distribution={int(of): whole[1] for (of, _), whole in kinds["distribution"].items()},
        careers={(int(of), by == "1"): whole[1] for (of, by), whole in kinds["careers"].items()},
    )


def _by_one(cells: Mapping[tuple[str, str], Sums]) -> dict[str, Cell]:
    return {of: cell(*whole, one=POINT) for (of, _), whole in cells.items()}


def _by_two(cells: Mapping[tuple[str, str], Sums], one: int) -> dict[tuple[str, str], Cell]:
    return {key: cell(*whole, one=one) for key, whole in cells.items()}


def zone_of(zone: tzinfo | None) -> str:
    """What tells two time zones apart, None being this computer's: how far they are ahead of UTC on each day from 2020 to 2044."""
    here = (os.environ.get("TZ"), time.tzname, time.timezone, time.altzone) if zone is None else None
    return _zone_of(zone, here)


@lru_cache(maxsize=8)
def _zone_of(zone: tzinfo | None, here: object) -> str:
    days = (day * 86_400 for day in range(18_262, 27_394))
    return hashlib.sha256(repr([round(_ahead(seconds, zone)) for seconds in days]).encode()).hexdigest()


def _ahead(seconds: int, zone: tzinfo | None) -> float:
    if zone is None:
        return time.localtime(seconds).tm_gmtoff
    return (datetime.fromtimestamp(seconds, zone).utcoffset() or timedelta()).total_seconds()
