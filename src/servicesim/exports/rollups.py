"""Sums that are kept with the records, so that a report of a million attempts opens at once.

They lie in a file beside records that lie in a file, and in the database of those that PostgreSQL keeps, for all servers.
"""

from __future__ import annotations

from servicesim.exports import rollups_file, rollups_shared
from servicesim.exports.clock import Clock
from servicesim.exports.figures import Counted
from servicesim.exports.filters import Filter
from servicesim.exports.rollups_file import FILE as FILE
from servicesim.exports.summed import zone_of
from servicesim.records.people import People
from servicesim.records.records import Records
from servicesim.records.sums import sums_of


def answers(wanted: Filter, clock: Clock) -> bool:
    """Whether rollups can tell the figures of this filter: those of everybody, at all encounters or at one."""
    whole = (wanted.learner, wanted.team, wanted.since, wanted.until, wanted.passed) == (None,) * 5
    return whole and not wanted.with_practice and len(set(wanted.encounters)) <= 1 and _is_local(clock)


def _is_local(clock: Clock) -> bool:
    return clock.zone is None or zone_of(clock.zone) == zone_of(None)


def told(records: Records, people: People, wanted: Filter) -> Counted | None:
    """The figures, if `answers` says that they can be told; None where no sums can be kept."""
    which, encounter = wanted.attempts, next(iter(wanted.encounters), "")
    sums = sums_of(records)
    return rollups_file.told(records, people, which, encounter) if sums is None else rollups_shared.told(sums, which, encounter)


def keep_up(records: Records, people: People) -> None:
    """Bring the sums up to date where there are any; a file is made by who needs it."""
    sums = sums_of(records)
    if sums is None:
        rollups_file.keep_up(records, people)
    else:
        rollups_shared.keep_up(sums)
