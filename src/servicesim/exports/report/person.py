"""The page of one person: every attempt with what was said, how it was judged, and why."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from fractions import Fraction

from markupsafe import Markup

from servicesim.assessment.assess import Assessment, Evidence, PrincipleScore, assess
from servicesim.assessment.reasons import Reason
from servicesim.assessment.told import number
from servicesim.encounter.script import Script
from servicesim.encounter.transcript import from_lines
from servicesim.errors import VerificationFailed
from servicesim.exports.clock import Clock
from servicesim.exports.ended import ended
from servicesim.exports.filters import Filter
from servicesim.exports.report import head
from servicesim.exports.report.conversation import Conversation, Turn, anchors
from servicesim.exports.report.filling import filled
from servicesim.exports.report.words import Direction, Words, bdi, direction_of, english
from servicesim.records.attempt import Attempt, Result
from servicesim.records.inspecting import Kept
from servicesim.records.notes import Review
from servicesim.records.people import People, Person
from servicesim.records.records import Records
from servicesim.records.verifying import CannotReplay, State, Verifier
from servicesim.scenario.model import Scenario

Fact = tuple[Markup, list[Markup]]


@dataclass(frozen=True, slots=True)
class VerdictRow:
    """Opportunities of which the same is said: what became of them, why, and when, each with the event where that is seen."""

    verdict: str
    because: Markup
    moments: list[tuple[str, int | None]]


@dataclass(frozen=True, slots=True)
class PrincipleRows:
    """A principle that came up: how far it was kept, and each opportunity."""

    principle: Markup
    score: str
    is_broken: bool
    rows: list[VerdictRow]


@dataclass(frozen=True, slots=True)
class AttemptPart:
    """One attempt as the page tells it."""

    title: Markup
    day: str
    facts: list[Fact]
    conduct: str
    result: str
    kind: str
    review: str
    customer: Markup | None
    direction: Direction
    turns: list[Turn]
    principles: list[PrincipleRows]


class PersonPage:
    """What the template asks for."""

    def __init__(
        self, words: Words, records: Records, person: Person | None, wanted: Filter, clock: Clock, at: int, *, with_names: bool, verifier: Verifier | None = None,
    ) -> None:  # fmt: skip
        self.words, self.person, self.with_names = words, person, with_names
        self.made = head.made(words, clock, at)
        self.facts = _about(words, person, wanted, clock, at, with_names=with_names)
        self.attempts: list[AttemptPart] = []
        self._records, self._clock = records, clock
        self._verifier = verifier or Verifier(records.text)

    @property
    def trainee(self) -> Markup:
        """Who says what the trainee says."""
        return bdi(self.person.name) if self.person and self.with_names else self.words("trainee-inserted")

    def tell(self, kept: Kept) -> None:
        """One more attempt."""
        attempt, verified = kept.attempt, self._verifier.verified(kept)
        script = self._script(attempt)
        scenario = script.scenario if script else None
        turns, principles = list[Turn](), list[PrincipleRows]()
        if script is not None and verified.state in ("REPLAY_VERIFIED", "SERVER_VERIFIED"):
            events = list(from_lines(kept.lines))
            turns = Conversation(self.words, script, self.trainee).turns(events)
            principles = self._judged(script, assess(script, events), turns) if kept.result else []
        reviews = self._records.reviews(attempt.id)
        self.attempts.append(
            AttemptPart(
                title=bdi(scenario.title, scenario.locale) if scenario else bdi(attempt.scenario),
                day=self.words.moment(attempt.started, self._clock),
                facts=list(self._facts(kept, scenario, reviews, verified.state, verified.why)),
                conduct=self._conduct(kept.result),
                result=self.words.plain(_result(kept.result)),
                kind=_kind(kept.result),
                review=self._review(reviews) if kept.result else "",
                direction=direction_of(scenario.locale) if scenario else "auto",
                customer=bdi(scenario.customer.name) if scenario else None,
                turns=turns,
                principles=principles,
            )
        )

    def _script(self, attempt: Attempt) -> Script | None:
        try:
            return self._verifier.judge(attempt.scenario_hash, attempt.principles_hash).script
        except (VerificationFailed, CannotReplay):
            return None

    # What stands at the head of an attempt

    def _facts(self, kept: Kept, scenario: Scenario | None, reviews: Sequence[Review], state: State, why: str) -> Iterator[Fact]:
        words, attempt, result = self.words, kept.attempt, kept.result
        how = [words(key) for key, is_so in (("practice", attempt.practice), ("untimed", attempt.untimed)) if is_so]
        marked = [words("pass-mark-at", points=words.number(scenario.pass_mark))] if scenario else []
        yield words("result"), [words(_result(result)), *how]
        if result is not None:
            yield words("conduct"), [words("of-points", points=self._conduct(result)), *marked]
            yield words("ending"), [self._ending(result, scenario)]
            yield words("customer-after"), [words(f"outcome-{result.outcome}")]
            yield words("review"), list(self._reviews(reviews))
        if result is not None or why:
            yield words("replayed"), [words(f"state-{state}"), *([english(why)] if why else [])]

    def _conduct(self, result: Result | None) -> str:
        try:
            return "" if result is None else self.words.number(number(Fraction(result.conduct)), 2)
        except (ValueError, ZeroDivisionError):
            return "–"

    def _ending(self, result: Result, scenario: Scenario | None) -> Markup:
        if result.ending is None:
            return self.words("no-ending")
        known = scenario.endings.get(result.ending) if scenario else None
        return bdi(known.title, scenario.locale) if known and scenario else bdi(result.ending)

    def _review(self, reviews: Sequence[Review]) -> str:
        return self.words.plain(f"review-{reviews[-1].verdict}" if reviews else "review-none")

    def _reviews(self, reviews: Sequence[Review]) -> Iterator[Markup]:
        """Every review. Who wrote it, and what, is left out without names: a note may name anybody."""
        if not reviews:
            yield self.words("review-none")
        for one in reviews:
            verdict, day = self.words(f"review-{one.verdict}"), self.words.day_of(one.at, self._clock)
            if self.with_names:
                yield self.words("review-by", verdict=verdict, day=day, name=one.by)
                yield from [bdi(one.note)] if one.note else []
            else:
                yield self.words("review-on", verdict=verdict, day=day)
        if reviews and not self.with_names:
            yield self.words("review-notes-left-out")

    # How it was judged

    def _judged(self, script: Script, assessment: Assessment, turns: Sequence[Turn]) -> list[PrincipleRows]:
        """Principles that came up, those that were broken first."""
        known = set(anchors(turns))
        rows = [self._principle(script, name, score, known) for name, score in assessment.principles.items() if score.score is not None]
        return sorted(rows, key=lambda one: not one.is_broken)

    def _principle(self, script: Script, name: str, score: PrincipleScore, known: set[int]) -> PrincipleRows:
        told: dict[tuple[str, Reason], list[Evidence]] = {}
        for one in score.evidence:
            told.setdefault((one.verdict, one.reason), []).append(one)
        rows = [
            VerdictRow(verdict, self.words("owed") if score.owed else self.words.because(reason, script), [self._moment(one, known) for one in some])
            for (verdict, reason), some in told.items()
        ]
        share = self.words.percent(float(score.score or 0))
        return PrincipleRows(self.words.principle(script, name), share, bool(score.broken) or score.owed, rows)

    def _moment(self, one: Evidence, known: set[int]) -> tuple[str, int | None]:
        if one.event is None:
            return self.words.plain("as-a-whole"), None
        return self.words.seconds(one.at), one.event if one.event in known else None


def person_page(
    records: Records, people: People, learner: str, wanted: Filter, words: Words, *, clock: Clock, at: int, with_names: bool
) -> tuple[str, int]:
    """The page of a learner, and how many attempts are on it; `at` is when it is made, in UTC milliseconds."""
    page = PersonPage(words, records, people.person(learner), wanted, clock, at, with_names=with_names)
    chosen = {row.attempt.id for row in ended(records, people, wanted)}
    kept = [one for one in records.kept(learner) if one.attempt.id in chosen or _is_unfinished(one, wanted)]
    for one in sorted(kept, key=lambda kept: (kept.attempt.started, kept.attempt.id)):
        page.tell(one)
    return filled("person.html.j2", words, page=page), len(kept)


def _is_unfinished(kept: Kept, wanted: Filter) -> bool:
    """Whether it was begun and never ended, and what was asked for would have it."""
    attempt = kept.attempt
    if kept.result is not None or wanted.attempts != "all" or (attempt.practice and not wanted.with_practice):
        return False
    if wanted.encounters and attempt.scenario not in wanted.encounters:
        return False
    return (wanted.since is None or attempt.started >= wanted.since) and (wanted.until is None or attempt.started < wanted.until)


def _about(words: Words, person: Person | None, wanted: Filter, clock: Clock, at: int, *, with_names: bool) -> list[Fact]:
    told: list[Fact] = []
    if person is not None and with_names:
        told.append((words("company-id"), [bdi(person.id)]))
    told.append((words("learner"), [bdi(wanted.learner or "")]))
    if person is not None and person.team:
        told.append((words("team-of"), [bdi(person.team)]))
    without = [] if with_names else [(words("names"), [words("names-person")])]
    return [
        *told,
        (words("which"), [head.which(words, wanted)]),
        (words("filter"), head.selected(words, wanted, clock)),
        (words("clock"), [head.days(words, clock, at)]),
        *without,
    ]


def _kind(result: Result | None) -> str:
    return "open" if result is None else "passed" if result.passed else "failed"


def _result(result: Result | None) -> str:
    return "no-result" if result is None else "passed" if result.passed else "not-passed"
