"""What is kept of people's attempts, as a programme asks for it."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterator
from dataclasses import replace
from datetime import date, datetime
from fractions import Fraction
from functools import lru_cache

from servicesim.assessment.taken import Promised, Taken
from servicesim.encounter.events import ReplyChosen
from servicesim.encounter.transcript import from_lines
from servicesim.errors import VerificationFailed
from servicesim.records.attempt import Attempt, Result
from servicesim.records.records import Records
from servicesim.scenario.model import Promise, Scenario, scenario_from_canonical

DayOf = Callable[[int], date]  # of UTC milliseconds


def day_here(moment: int) -> date:
    """The day by this computer's own clock."""
    return datetime.fromtimestamp(moment / 1000).date()


def taken(records: Records, encounters: Collection[str], *, learner: str | None = None, day_of: DayOf = day_here) -> dict[str, list[Taken]]:
    """The attempts at these encounters, finished or not, by learner; of one learner if asked for.

    Raises VerificationFailed where what is kept of one cannot be read.
    """
    reading = _Reading(records, day_of)
    told: dict[str, list[Taken]] = {}
    for attempt, result in _attempts(records, encounters, learner):
        told.setdefault(attempt.learner, []).append(reading.taken(attempt, result))
    return told


def _attempts(records: Records, encounters: Collection[str], learner: str | None) -> Iterator[tuple[Attempt, Result | None]]:
    if learner is None:
        for encounter in encounters:
            yield from records.attempts(scenario=encounter, with_practice=True)
    elif encounters:  # one question for all that somebody made: a server is asked this by every desk, again and again
        wanted = frozenset(encounters)
        yield from (one for one in records.attempts(learner=learner, with_practice=True) if one[0].scenario in wanted)


class _Reading:
    """Attempts as they are read; each version of an encounter once, and transcripts only where something can be promised."""

    def __init__(self, records: Records, day_of: DayOf) -> None:
        self._records, self._day_of = records, day_of
        self._aside = {attempt for attempt, review in records.last_reviews().items() if review.verdict == "set-aside"}
        self._scenario = lru_cache(maxsize=256)(self._read)
        self._promises = lru_cache(maxsize=256)(lambda name: _promises(self._scenario(name)))

    def taken(self, attempt: Attempt, result: Result | None) -> Taken:
        scenario = self._scenario(attempt.scenario_hash)
        counts = (not attempt.practice or scenario.unscored) and attempt.id not in self._aside
        begun = Taken(
            id=attempt.id,
            encounter=attempt.scenario,
            moment=attempt.started,
            began=self._day_of(attempt.started),
            counts=counts,
            unscored=scenario.unscored,
        )
        return begun if result is None else self._ended(begun, attempt, result, scenario)

    def _ended(self, begun: Taken, attempt: Attempt, result: Result, scenario: Scenario) -> Taken:
        return replace(
            begun,
            ended=self._day_of(result.ended),
            conduct=Fraction(result.conduct),
            ended_well=_ended_well(result, scenario),
            promised=tuple(self._promised(attempt)) if begun.counts else (),
        )

    def _promised(self, attempt: Attempt) -> Iterator[Promised]:
        promises = self._promises(attempt.scenario_hash)
        if not promises:
            return
        for event in from_lines(self._records.lines(attempt.id)):
            if isinstance(event, ReplyChosen) and (event.scene, event.reply) in promises:
                promise = promises[event.scene, event.reply]
                yield Promised(encounter=promise.call_back, within=promise.within)

    def _read(self, name: str) -> Scenario:
        try:
            return scenario_from_canonical(self._records.text(name))
        except (ValueError, LookupError, RecursionError) as unknown:
            raise VerificationFailed(f"the encounter {name} that was played cannot be read: servicesim verify says more") from unknown


def _ended_well(result: Result, scenario: Scenario) -> bool:
    """A sealed edition does not tell which endings are failed; who passed came to another, and of others nothing better is known."""
    if scenario.sealed is not None:
        return result.passed
    return result.ending is not None and not scenario.endings[result.ending].failed


def _promises(scenario: Scenario) -> dict[tuple[str, str], Promise]:
    return {
        (name, reply.id): reply.promise for name, scene in scenario.scenes.items() for reply in scene.replies if reply.promise is not None
    }
