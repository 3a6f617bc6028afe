"""The attempts that have ended, put together from records, people and the texts that were played."""

from __future__ import annotations

from collections.abc import Iterator
from functools import lru_cache

from servicesim.exports.rows import Ended
from servicesim.records.people import People, Person
from servicesim.records.records import Records
from servicesim.scenario.model import Scenario, scenario_from_canonical


def ended(records: Records, people: People, *, with_practice: bool = False) -> Iterator[Ended]:
    """Every attempt that has ended, oldest first; streamed, however many there are."""

    @lru_cache(maxsize=256)
    def scenario(name: str) -> Scenario:
        return scenario_from_canonical(records.text(name))

    @lru_cache(maxsize=10_000)
    def person(learner: str) -> Person | None:
        return people.person(learner)

    for attempt, result in records.attempts(with_practice=with_practice, ended_only=True):
        if result is not None:
            yield Ended(attempt, result, person(attempt.learner), scenario(attempt.scenario_hash))
