"""The attempts that have ended, put together from records, people and the texts that were played."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import replace
from functools import lru_cache
from sys import intern
from typing import cast

from servicesim.exports.counted import Counted
from servicesim.exports.filters import Filter
from servicesim.exports.rows import Ended
from servicesim.records.attempt import Attempt, Result
from servicesim.records.notes import Review
from servicesim.records.people import People, Person
from servicesim.records.records import Records
from servicesim.scenario.model import Scenario, scenario_from_canonical
from servicesim.scenario.principles import Principles, principles_from_canonical


def ended(records: Records, people: People, wanted: Filter | None = None, *, with_names: bool = False) -> Iterator[Ended]:
    """The attempts that the filter lets through, oldest first; streamed, however many there are.

    Without names, a person is a learner of a team and nothing else.
    """
    wanted = wanted or Filter()
    known = {person.learner: person if with_names else _nameless(person) for person in people.known()}
    reviews = records.last_reviews()

    @lru_cache(maxsize=256)
    def scenario(name: str) -> Scenario:
        return scenario_from_canonical(records.text(name))

    @lru_cache(maxsize=256)
    def principles(name: str) -> Principles:
        return principles_from_canonical(records.text(name))

    for attempt, result in _counted(records, wanted, known, reviews):
        by = scenario(attempt.scenario_hash), principles(attempt.principles_hash)
        yield Ended(attempt, result, known.get(attempt.learner), *by, reviews.get(attempt.id))


Found = Iterator[tuple[Attempt, Result]]


def _counted(records: Records, wanted: Filter, known: Mapping[str, Person], reviews: Mapping[str, Review]) -> Found:
    """Those that count, if only the first, best or last does: found once to choose, and once more to be told."""
    if wanted.attempts == "all":
        yield from _found(records, wanted, known)
        return
    aside = {attempt for attempt, review in reviews.items() if review.verdict == "set-aside"}
    with Counted(wanted.attempts) as counted:
        counted.choose(one for one in _found(records, wanted, known) if one[0].id not in aside)
        yield from counted.among(_found(records, wanted, known))


def _found(records: Records, wanted: Filter, known: Mapping[str, Person]) -> Found:
    # Each has a result: it has ended.
    kept = records.attempts(
        scenario=wanted.encounters[0] if len(wanted.encounters) == 1 else None, learner=wanted.learner, since=wanted.since,
        until=wanted.until, with_practice=wanted.with_practice, ended_only=True,
    )  # fmt: skip
    if not wanted.asks_more:
        return cast(Found, kept)
    return _fitting(cast(Found, kept), wanted, known)


def _fitting(kept: Found, wanted: Filter, known: Mapping[str, Person]) -> Found:
    for attempt, result in kept:
        person = known.get(attempt.learner)
        if wanted.lets(attempt, result, person.team if person else None):
            yield attempt, result


def _nameless(person: Person) -> Person:
    return replace(person, id="", name="", language="", team=intern(person.team))
