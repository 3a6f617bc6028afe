"""What results would be under other principles: the transcripts stay, and are judged anew."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from fractions import Fraction
from functools import lru_cache
from itertools import islice

from servicesim.assessment.tally import Counted
from servicesim.encounter import rules
from servicesim.encounter.events import Event
from servicesim.encounter.script import Script
from servicesim.encounter.transcript import from_lines
from servicesim.errors import VerificationFailed
from servicesim.records.attempt import Attempt, Result
from servicesim.records.inspecting import Kept
from servicesim.records.notes import Rescored
from servicesim.records.records import Records
from servicesim.records.results import Judge
from servicesim.records.rot import Rot, surviving
from servicesim.records.skimming import Skimmer
from servicesim.scenario.model import fingerprint, scenario_from_canonical
from servicesim.scenario.principles import Principles, canonical_principles

AT_ONCE = 4_000  # attempts that are counted together


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


@dataclass(frozen=True, slots=True)
class _Read:
    """One attempt, ready to be judged."""

    attempt: Attempt
    before: Result
    judge: Judge
    events: Sequence[Event]


class Rescoring:
    """Judges the attempts of a folder by other principles; `wants_scores` asks for each principle's score too."""

    def __init__(self, records: Records, principles: Principles, *, wants_scores: bool = False) -> None:
        self._records, self._principles, self._wants_scores = records, principles, wants_scores
        self.text = canonical_principles(principles)
        self.principles_hash = fingerprint(self.text)
        self._judge = lru_cache(maxsize=64)(self._judge_of)
        self._skimmer = Skimmer()

    def __iter__(self) -> Iterator[JudgedAnew | NotJudged | Rot]:
        """Every attempt that has ended, practice aside."""
        # What was read is judged, even if the file can be read no further.
        read = surviving("attempts", self._ended)
        while batch := list(islice(read, AT_ONCE)):
            yield from self._judged(batch)

    def _ended(self) -> Iterator[_Read | NotJudged]:
        return (self._read(kept) for kept in self._records.kept() if kept.result is not None and not kept.attempt.practice)

    def _read(self, kept: Kept) -> _Read | NotJudged:
        """What an attempt is judged by."""
        try:
            if kept.rot is not None:
                raise VerificationFailed(kept.rot)
            if kept.attempt.rules_version != rules.VERSION:
                raise VerificationFailed(f"it was played by version {kept.attempt.rules_version} of the rules of play, which are not known here")
            judge = self._judge(kept.attempt.scenario_hash)
            needs_times = judge.tally.folds(untimed=False).needs_times
            events = list(from_lines(kept.lines)) if needs_times else self._skimmer.events(kept.lines)
        except VerificationFailed as wrong:
            return NotJudged(kept.attempt, str(wrong))
        assert kept.result is not None
        return _Read(kept.attempt, kept.result, judge, events)

    def _judged(self, batch: Sequence[_Read | NotJudged | Rot]) -> Iterator[JudgedAnew | NotJudged | Rot]:
        """The same attempts in the same order, those of one scenario counted together."""
        of_each = defaultdict[Judge, list[_Read]](list)
        for one in batch:
            if isinstance(one, _Read):
                of_each[one.judge].append(one)
        judged = {judge: self._judged_by(judge, some) for judge, some in of_each.items()}
        return (next(judged[one.judge]) if isinstance(one, _Read) else one for one in batch)

    def _judged_by(self, judge: Judge, some: Sequence[_Read]) -> Iterator[JudgedAnew | NotJudged]:
        try:
            counted: Sequence[Counted | None] = judge.tally.counted_all([one.events for one in some])
        except LookupError:
            counted = [_counted(judge, one.events) for one in some]
        for one, counts in zip(some, counted, strict=True):
            if counts is None:
                yield NotJudged(one.attempt, "its transcript does not belong to its scenario")
            else:
                yield self._told(one, counts)

    def _told(self, one: _Read, counted: Counted) -> JudgedAnew:
        conduct = one.judge.tally.conduct_of(counted)
        scores = one.judge.principles(counted) if self._wants_scores else ""
        return JudgedAnew(one.attempt, one.before, conduct, one.judge.passes(conduct, one.before.ending), scores)

    def _judge_of(self, scenario_hash: str) -> Judge:
        text = self._records.text(scenario_hash)
        try:
            scenario = scenario_from_canonical(text)
        except (ValueError, RecursionError) as unknown:
            raise VerificationFailed("its scenario is whole, but this ServiceSim cannot read it; a newer one may") from unknown
        if scenario.sealed is not None:
            raise VerificationFailed("it was played by a sealed edition: the organisation that published it can judge it anew")
        try:
            return Judge(Script(scenario, self._principles))
        except LookupError as missing:
            raise VerificationFailed(f"the new principles do not declare {missing}, which its scenario uses") from missing


def _counted(judge: Judge, events: Sequence[Event]) -> Counted | None:
    """What a transcript comes to; None if it does not belong to the scenario."""
    try:
        return judge.tally.counted(events)
    except LookupError:
        return None
