"""The attempts that have ended, put together from records, people and the texts that were played."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import replace
from functools import lru_cache
from sys import intern
from typing import TypedDict, cast

from servicesim.exports.counted import Counted
from servicesim.exports.filters import Filter
from servicesim.exports.rows import Ended
from servicesim.records.attempt import Attempt, Result
from servicesim.records.notes import Review
from servicesim.records.people import People, Person
from servicesim.records.records import Records
from servicesim.scenario.model import scenario_from_canonical
from servicesim.scenario.principles import principles_from_canonical


class Around:
    """What stands around the attempts: who played them, what was said of them, and the texts that they were played by.

    Without names, a person is a learner of a team and nothing else.
    """

    def __init__(self, records: Records, people: People, *, with_names: bool) -> None:
        self.with_names = with_names
        self.people = {person.learner: person if with_names else _nameless(person) for person in people.known()}
        self.reviews = records.last_reviews()
        self.scenario = lru_cache(maxsize=256)(lambda name: scenario_from_canonical(records.text(name)))
        self.principles = lru_cache(maxsize=256)(lambda name: principles_from_canonical(records.text(name)))


def ended(records: Records, people: People, wanted: Filter | None = None, *, with_names: bool = False) -> Iterator[Ended]:
    """The attempts that the filter lets through, oldest first; streamed, however many there are."""
    around = Around(records, people, with_names=with_names)
    for attempt, result in _counted(records, wanted or Filter(), around.people, around.reviews):
        by = around.scenario(attempt.scenario_hash), around.principles(attempt.principles_hash)
        yield Ended(attempt, result, around.people.get(attempt.learner), *by, around.reviews.get(attempt.id))


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
    kept = records.attempts(**kept_by(wanted), ended_only=True)
    if not wanted.asks_more:
        return cast(Found, kept)
    return _fitting(cast(Found, kept), wanted, known)


class KeptBy(TypedDict):
    """What the records can be asked for."""

    scenario: str | None
    learner: str | None
    since: int | None
    until: int | None
    with_practice: bool


def kept_by(wanted: Filter) -> KeptBy:
    """A filter, as far as the records can be asked for it."""
    return {
        "scenario": wanted.encounters[0] if len(wanted.encounters) == 1 else None,
        "learner": wanted.learner,
        "since": wanted.since,
        "until": wanted.until,
        "with_practice": wanted.with_practice,
    }


def _fitting(kept: Found, wanted: Filter, known: Mapping[str, Person]) -> Found:
    for attempt, result in kept:
        person = known.get(attempt.learner)
        if wanted.lets(attempt, result, person.team if person else None):
            yield attempt, result


def _nameless(person: Person) -> Person:
    return replace(person, id="", name="", language="", team=intern(person.team))
