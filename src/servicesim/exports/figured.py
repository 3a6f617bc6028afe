"""The figures of a folder: what a report asks for, wherever the numbers come from."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

from servicesim.exports import rollups
from servicesim.exports.clock import Clock
from servicesim.exports.ended import ended
from servicesim.exports.figures import Careers, Counted, counted, sittings
from servicesim.exports.filters import Filter
from servicesim.exports.rows import Ended
from servicesim.records.people import People
from servicesim.records.records import Records


def tell(records: Records, people: People, wanted: Filter, clock: Clock) -> Counted:
    """All cells of the attempts that the filter lets through; what a review has set aside is in none of them.

    Careers and cohorts come from all these attempts, everything else from the first, best or last, as the filter says.
    """
    kept = rollups.told(records, people, wanted) if rollups.answers(wanted, clock) else None
    return full_count(records, people, wanted, clock) if kept is None else kept


def full_count(records: Records, people: People, wanted: Filter, clock: Clock) -> Counted:
    """As `tell`, from every attempt."""
    every = sittings(_standing(records, people, replace(wanted, attempts="all")), clock)
    if wanted.attempts == "all":
        return counted(every)
    cohorts, careers = dict[str, str](), Careers()
    for one in every:
        cohorts[one.learner] = one.cohort
        careers.add(one)
    return counted(sittings(_standing(records, people, wanted), clock, cohorts), careers.done())


def _standing(records: Records, people: People, wanted: Filter) -> Iterator[Ended]:
    for row in ended(records, people, wanted):
        if row.review is None or row.review.verdict != "set-aside":
            yield row
