"""From many desks to one table: what a hand-in holds is played again, and what comes out the same is kept, once.

The same person has another learner id at each desk. Here, whoever has the company's id that the hand-in names is one learner,
with a random id of this place; an attempt that is kept already stays with the learner that it has.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path

from servicesim.errors import PlayedElsewhere, UsageError, VerificationFailed
from servicesim.exports.unpacking import Handin, NoHandin, Row, opened
from servicesim.records import Attempt, People, Person, Records
from servicesim.records.attempt import Handed
from servicesim.records.inspecting import Kept
from servicesim.records.verifying import Verifier

AT_ONCE = 100  # attempts in one transaction: to wait for the disk at each of them takes much longer
LINES_AT_ONCE = 50_000

Watch = Callable[[Iterator[Row]], Iterator[Row]]


@dataclass(frozen=True, slots=True)
class Refused:
    """An attempt that was not taken in, and why, in a sentence."""

    attempt: str
    why: str


@dataclass(slots=True)
class Collected:
    """What became of one file: `problem` says why nothing of it was taken, if so."""

    file: str
    batch: str = ""
    at: str = ""
    taken: int = 0
    known: int = 0
    removed: int = 0
    """Attempts that were removed here before, and stay so."""
    refused: list[Refused] = field(default_factory=list)
    notes: list[str] = field(default_factory=list)
    new_texts: list[str] = field(default_factory=list)
    """The versions of scenarios and principles that were not kept here before: its scores are by these."""
    problem: str = ""

    @property
    def is_whole(self) -> bool:
        """Whether nothing was refused."""
        return not self.problem and not self.refused


def collect(path: Path, records: Records, people: People, *, at: int, watch: Watch = iter) -> Collected:
    """Take in what a hand-in holds. Killed at any moment, each attempt is in whole or not at all, and collecting again goes on.

    Raises UsageError if there is no such file, and what the records raise.
    """
    collected = Collected(str(path))
    try:
        with opened(path) as handin:
            collected.batch, collected.at = handin.batch, handin.at
            _Collecting(handin, records, people, at, collected).collect(watch)
    except NoHandin as problem:
        collected.problem = str(problem)
    return collected


class _Refusal(Exception):
    """Why an attempt is not taken in."""


class _Collecting:
    """One hand-in under way."""

    def __init__(self, handin: Handin, records: Records, people: People, at: int, collected: Collected) -> None:
        self._handin, self._records, self._at, self._collected = handin, records, at, collected
        self._texts, self._persons = handin.texts(), handin.people()
        self._verifier = Verifier(self._text)
        self._kept_texts: set[str] = set()
        self._here = _Here(people, collected.notes)
        self._waiting: list[Handed] = []

    def collect(self, watch: Watch) -> None:
        for row in watch(self._handin.attempts()):
            try:
                if row.kept is None:
                    raise _Refusal(row.why)
                self._consider(row.kept)
            except _Refusal as refusal:
                self._collected.refused.append(Refused(row.where, str(refusal)))
            if len(self._waiting) >= AT_ONCE or sum(len(one.lines) for one in self._waiting) >= LINES_AT_ONCE:
                self._take_in()
        self._take_in()

    def _consider(self, kept: Kept) -> None:
        if self._records.is_purged(kept.attempt.id):
            self._collected.removed += 1
            return
        person = self._persons.get(kept.attempt.learner)
        there = self._records.attempt(kept.attempt.id)
        if there is not None:
            self._demand_same(kept, there[0], person)
        if there is not None and self._is_there(kept, *there):
            self._collected.known += 1
            return
        self._demand_verified(kept)
        self._keep_text(kept.attempt.scenario_hash, kept.attempt.scenario)
        self._keep_text(kept.attempt.principles_hash, "principles")
        learner = there[0].learner if there else self._here.learner(kept.attempt.learner, person)
        self._waiting.append(Handed(replace(kept.attempt, learner=learner), kept.lines, kept.result))

    def _demand_same(self, kept: Kept, there: Attempt, person: Person | None) -> None:
        """Raises _Refusal if another attempt bears this id here, or another person has played it."""
        if replace(kept.attempt, learner=there.learner) != there:
            raise _Refusal("another attempt is kept here under its id")
        if person is not None and self._here.is_another(there.learner, person):
            raise _Refusal(f"it is kept here as an attempt of somebody else than {person.id}")

    def _is_there(self, kept: Kept, there: Attempt, result: object) -> bool:
        lines = tuple(self._records.lines(there.id))
        if result is not None and (lines, result) != (kept.lines, kept.result):
            raise _Refusal("the same attempt is kept here with another course or another result")
        return result is not None

    def _demand_verified(self, kept: Kept) -> None:
        """Raises _Refusal unless the attempt, played again, gives the result that it bears."""
        try:
            found = self._verifier.verified(kept)
        except Exception as failure:
            # The texts are a stranger's, and may hold what no check foresaw.
            raise _Refusal(f"it cannot be played again with the texts that came with it ({type(failure).__name__})") from failure
        if found.state == "CLIENT_ATTESTED":
            raise _Refusal(f"{found.why}; only what plays again here is taken in: use the same version of ServiceSim at both places")
        if found.state == "BROKEN":
            raise _Refusal(found.why)

    def _text(self, name: str) -> str:
        if name not in self._texts:
            raise VerificationFailed(f"the text {name} that it was played by is not in the hand-in")
        return self._texts[name][1]

    def _keep_text(self, name: str, what: str) -> None:
        if name in self._kept_texts:
            return
        try:
            self._records.text(name)
        except VerificationFailed:
            self._records.keep_text(*self._texts[name])
            self._collected.new_texts.append(f"{what} {name[:12]}")
        self._kept_texts.add(name)

    def _take_in(self) -> None:
        """Take in those that wait: together, or one by one if one of them contradicts what is kept."""
        waiting, self._waiting = self._waiting, []
        try:
            self._take(waiting)
        except PlayedElsewhere:
            for one in waiting:
                try:
                    self._take([one])
                except PlayedElsewhere:
                    refused = Refused(one.attempt.id, "another attempt, or another course of it, is kept here under its id")
                    self._collected.refused.append(refused)

    def _take(self, some: Sequence[Handed]) -> None:
        became = Counter(self._records.take_in_all(some, self._collected.batch, at=self._at)) if some else Counter[str]()
        self._collected.taken += became["new"] + became["grown"]
        self._collected.known += became["known"]
        self._collected.removed += became["purged"]


class _Here:
    """The learners of this place, asked for only when an attempt of theirs comes in: who was erased is not named again for old ones."""

    def __init__(self, people: People, notes: list[str]) -> None:
        self._people, self._notes = people, notes
        self._learners: dict[str, str] = {}

    def learner(self, handed: str, person: Person | None) -> str:
        """The learner id that stands here for somebody of the hand-in. Where it names nobody, its own id stays: it is random."""
        if person is None:
            return handed
        if handed not in self._learners:
            self._learners[handed] = self._enrolled(person)
        return self._learners[handed]

    def _enrolled(self, person: Person) -> str:
        known = self._people.named(person.id)
        if known is not None and known.name != person.name:
            self._notes.append(f"{person.id} was '{known.name}' here and is '{person.name}' in this hand-in: one person, by the id")
        try:
            return self._people.enrol(person.id, person.name, person.team, person.language)
        except UsageError as unusable:
            raise _Refusal(f"whose attempt it is cannot be kept: {unusable}") from unusable

    def is_another(self, learner: str, person: Person) -> bool:
        """Whether this learner is known here as somebody else."""
        known = self._people.person(learner)
        return known is not None and known.id != person.id
