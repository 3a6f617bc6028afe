"""What results would be under other principles: the transcripts stay, and are judged anew."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from fractions import Fraction
from functools import lru_cache

from servicesim.encounter import rules
from servicesim.encounter.script import Script
from servicesim.encounter.transcript import from_lines
from servicesim.errors import VerificationFailed
from servicesim.records.attempt import Attempt, Result
from servicesim.records.inspecting import Kept
from servicesim.records.notes import Rescored
from servicesim.records.records import Records
from servicesim.records.results import Judge
from servicesim.records.rot import Rot, surviving
from servicesim.scenario.model import fingerprint, scenario_from_canonical
from servicesim.scenario.principles import Principles, canonical_principles


@dataclass(frozen=True, slots=True)
class JudgedAnew:
    """One attempt under other principles; `before` is the result that was given."""

    attempt: Attempt
    before: Result
    conduct: Fraction
    passed: bool
    principles: str
    """JSON text: the score of each principle; empty if it was not asked for."""

    @property
    def by(self) -> Fraction:
        """How much conduct changes."""
        return self.conduct - Fraction(self.before.conduct)

    @property
    def changed(self) -> bool:
        """Whether anything changes."""
        return self.by != 0 or self.passed != self.before.passed

    def as_kept(self, principles_hash: str, at: int) -> tuple[str, Rescored]:
        """As `Records.keep_rescored` takes it."""
        conduct = f"{self.conduct.numerator}/{self.conduct.denominator}"
        return self.attempt.id, Rescored(principles_hash, at, conduct, self.passed, self.principles)


@dataclass(frozen=True, slots=True)
class NotJudged:
    """An attempt that cannot be judged anew, and why, in a sentence."""

    attempt: Attempt
    why: str


class Rescoring:
    """Judges the attempts of a folder by other principles; `wants_scores` asks for each principle's score too."""

    def __init__(self, records: Records, principles: Principles, *, wants_scores: bool = False) -> None:
        self._records, self._principles, self._wants_scores = records, principles, wants_scores
        self.text = canonical_principles(principles)
        self.principles_hash = fingerprint(self.text)
        self._judge = lru_cache(maxsize=64)(self._judge_of)

    def __iter__(self) -> Iterator[JudgedAnew | NotJudged | Rot]:
        """Every attempt that has ended, practice aside."""
        yield from surviving("attempts", self._all)

    def _all(self) -> Iterator[JudgedAnew | NotJudged]:
        for kept in self._records.kept():
            if kept.result is not None and not kept.attempt.practice:
                try:
                    yield self._judged(kept, kept.result)
                except VerificationFailed as wrong:
                    yield NotJudged(kept.attempt, str(wrong))

    def _judged(self, kept: Kept, before: Result) -> JudgedAnew:
        if kept.rot is not None:
            raise VerificationFailed(kept.rot)
        if kept.attempt.rules_version != rules.VERSION:
            raise VerificationFailed(f"it was played by version {kept.attempt.rules_version} of the rules of play, which are not known here")
        judge = self._judge(kept.attempt.scenario_hash)
        events = list(from_lines(kept.lines))
        try:
            conduct = judge.conduct(events)
            passed = judge.passes(conduct, before.ending)
            scores = judge.principles(events) if self._wants_scores else ""
        except LookupError as unknown:
            raise VerificationFailed("its transcript does not belong to its scenario") from unknown
        return JudgedAnew(kept.attempt, before, conduct, passed, scores)

    def _judge_of(self, scenario_hash: str) -> Judge:
        text = self._records.text(scenario_hash)
        try:
            scenario = scenario_from_canonical(text)
        except (ValueError, RecursionError) as unknown:
            raise VerificationFailed("its scenario is whole, but this ServiceSim cannot read it; a newer one may") from unknown
        try:
            return Judge(Script(scenario, self._principles))
        except LookupError as missing:
            raise VerificationFailed(f"the new principles do not declare {missing}, which its scenario uses") from missing
