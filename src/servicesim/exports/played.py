"""The attempts at one encounter, read back from the records one by one, as insight needs them."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction
from functools import lru_cache

from servicesim.encounter import rules
from servicesim.encounter.encounter import replayed
from servicesim.encounter.events import Event, ReplyChosen, SpeechEnded
from servicesim.encounter.script import Script
from servicesim.encounter.situation import opening
from servicesim.encounter.transcript import from_lines
from servicesim.errors import VerificationFailed
from servicesim.records.attempt import Attempt, Result
from servicesim.records.records import Records
from servicesim.scenario.model import scenario_from_canonical
from servicesim.scenario.principles import principles_from_canonical
from servicesim.scenario.sealed_text import is_sealed_text
from servicesim.scenario.translated import language_of, wordless


@dataclass(frozen=True, slots=True)
class Sat:
    """One attempt that counts: whose it is, what happened, and how it was judged (0-100, and 0-1 for each principle)."""

    learner: str
    started: int
    """UTC, in milliseconds since 1970."""
    script: Script
    events: Sequence[Event]
    conduct: float
    scores: Mapping[str, float | None]


@dataclass(frozen=True, slots=True)
class Decision:
    """A reply that was given, what was offered with it, and how long it took (None without clocks)."""

    scene: str
    reply: str
    offered: tuple[str, ...]
    seconds: float | None


class Played:
    """The attempts at the encounter of a script that ended and were no practice, oldest first; practice never counts.

    After they were gone through, it is known how many were left out: those of other versions of encounter, principles or
    rules; those that a human set aside; those that were not somebody's first; those that are damaged or cannot be replayed; and
    those that were played by a sealed edition, which does not say what its replies do.
    """

    def __init__(self, records: Records, script: Script, *, every_attempt: bool = False, all_versions: bool = False) -> None:
        self._records, self._script = records, script
        self._every_attempt, self._all_versions = every_attempt, all_versions
        # Whatever its customer remembers, it is this version of the encounter.
        self._starts = {script.started(remembered).fingerprint for remembered in script.scenario.starts}
        self._wordless = {wordless(script.scenario.started(remembered)) for remembered in script.scenario.starts}
        self._scripts = lru_cache(maxsize=64)(self._kept_script)
        self._translates = lru_cache(maxsize=None)(self._is_translation)
        self._is_sealed = lru_cache(maxsize=None)(self._was_sealed)
        self.sealed = self.other_versions = self.set_aside = self.again = self.broken = 0

    def __iter__(self) -> Iterator[Sat]:
        self.sealed = self.other_versions = self.set_aside = self.again = self.broken = 0
        met: set[str] = set()
        aside = {attempt for attempt, review in self._records.last_reviews().items() if review.verdict == "set-aside"}
        for attempt, result in self._records.attempts(scenario=self._script.scenario.id, ended_only=True):
            if attempt.scenario_hash not in self._starts and self._is_sealed(attempt.scenario_hash):
                self.sealed += 1
            elif not self._fits(attempt):
                self.other_versions += 1
            elif attempt.id in aside:
                self.set_aside += 1
            elif attempt.learner in met and not self._every_attempt:
                self.again += 1
            elif (sat := self._sat(attempt, result)) is None:
                self.broken += 1
            else:
                met.add(attempt.learner)
                yield sat

    def _fits(self, attempt: Attempt) -> bool:
        if attempt.rules_version != rules.VERSION:
            return False
        if self._all_versions:
            return True
        mine = attempt.principles_hash == self._script.principles_fingerprint
        return mine and (attempt.scenario_hash in self._starts or self._translates(attempt.scenario_hash))

    def _was_sealed(self, scenario_hash: str) -> bool:
        try:
            return is_sealed_text(self._records.text(scenario_hash))
        except VerificationFailed:
            return False

    def _is_translation(self, scenario_hash: str) -> bool:
        """Whether it is the same encounter in another language: scenes, replies and acts are the same, and their names."""
        try:
            scenario = scenario_from_canonical(self._records.text(scenario_hash))
        except (VerificationFailed, ValueError):
            return False
        return language_of(scenario) != language_of(self._script.scenario) and wordless(scenario) in self._wordless

    def _sat(self, attempt: Attempt, result: Result | None) -> Sat | None:
        """The attempt with its events; None where these are not what the rules of play give, or the result is damaged."""
        assert result is not None
        try:
            script = self._scripts(attempt.scenario_hash, attempt.principles_hash)
            events = tuple(from_lines(self._records.lines(attempt.id)))
            replayed(script, events)
            scores = {name: told["score"] for name, told in json.loads(result.principles).items()}
            conduct = float(Fraction(result.conduct))
        except (VerificationFailed, ValueError, ZeroDivisionError, KeyError, TypeError, AttributeError):
            return None
        return Sat(attempt.learner, attempt.started, script, events, conduct, scores)

    def _kept_script(self, scenario: str, principles: str) -> Script:
        if (scenario, principles) == (self._script.fingerprint, self._script.principles_fingerprint):
            return self._script
        texts = self._records.text(scenario), self._records.text(principles)
        return Script(scenario_from_canonical(texts[0]), principles_from_canonical(texts[1]))


def decisions(script: Script, events: Sequence[Event]) -> Iterator[Decision]:
    """Each reply that was given."""
    situation, ended = opening(script), 0.0
    for event in events:
        if isinstance(event, ReplyChosen):
            offered = tuple(option.reply.id for option in rules.offered(situation))
            yield Decision(event.scene, event.reply, offered, None if situation.untimed else event.at - ended)
        elif isinstance(event, SpeechEnded):
            ended = event.at
        situation = situation.after(event)
