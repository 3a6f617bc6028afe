"""A certificate: one page to print, for an attempt that passed. It is only made of an attempt that plays again with the same result."""

from __future__ import annotations

import os
import time
import unicodedata
from collections.abc import Iterator
from dataclasses import dataclass, field
from fractions import Fraction
from pathlib import Path

from markupsafe import Markup

from servicesim import platform
from servicesim.errors import ServicesimError, UsageError, VerificationFailed
from servicesim.exports.clock import Clock
from servicesim.exports.filters import Filter
from servicesim.exports.handover import demand_a_place, digest_of, logged
from servicesim.exports.report.filling import filled
from servicesim.exports.report.head import made
from servicesim.exports.report.words import Words, bdi, words_in
from servicesim.exports.rows import scores_of
from servicesim.exports.text import clean
from servicesim.records import People, Records, failures, open_people, open_records
from servicesim.records.people import Person
from servicesim.records.place import Place
from servicesim.records.verifying import Again, CannotReplay, Verifier

KIND = "certificate"
_LONGEST = 60  # characters of a name inside of a file's name
_MOST = 99  # certificates of one name in a folder
_FORBIDDEN = frozenset('/\\:*?"<>|')


@dataclass(frozen=True, slots=True)
class Order:
    """Which certificate is wanted, and where; a file that is there is replaced."""

    attempt: str
    path: Path
    language: str = "en"
    clock: Clock = field(default_factory=lambda: Clock(None))


@dataclass(frozen=True, slots=True)
class Certificate:
    """What stands on the page."""

    name: Markup
    encounter: Markup
    customer: Markup
    company: Markup
    day: str
    points: str
    pass_mark: str
    kept: tuple[Markup, ...]
    attempt: str
    scenario: str
    principles: str
    rules: str
    command: Markup
    made: Markup


def hand_over(order: Order, folder: Place) -> str:
    """Write the certificate that is ordered from the records in this folder; why the log of exports has no line for it, if so."""
    demand_a_place(order.path, folder)
    page, learner = _page(folder, order.attempt, words_in(order.language), order.clock)
    with failures.told(order.path), platform.replacing(order.path) as file:
        file.write(page.encode())
        return logged(folder, KIND, Filter(learner=learner), [(1, digest_of(file))], with_names=True)


class Certifier:
    """Writes certificates for those who play, into their documents or else beside the records; no file is ever replaced."""

    def __init__(self, folder: Path, documents: Path | None = None) -> None:
        self._folder, self._documents = folder, documents

    def __call__(self, attempt_id: str, language: str) -> Path:
        """Where the certificate of an attempt now lies. Raises UsageError where there can be none, VerificationFailed, StoreUnusable."""
        words, clock = words_in(language), Clock(None)
        again, person = _earned(self._folder, attempt_id)
        page = certificate_page(again, person, words, clock, at=time.time_ns() // 1_000_000)
        name = file_name(words, again, person, clock)
        for folder in self._folders():
            try:
                return _keep_new(folder, name, page.encode())
            except OSError as failure:
                trouble = failure
        raise ServicesimError(f"the certificate cannot be written to {self._folder}: {trouble.strerror or trouble}") from trouble

    def _folders(self) -> Iterator[Path]:
        documents = self._documents or platform.documents()
        if documents.is_dir():
            yield documents
        yield self._folder


def _page(folder: Place, attempt_id: str, words: Words, clock: Clock) -> tuple[str, str]:
    again, person = _earned(folder, attempt_id)
    return certificate_page(again, person, words, clock, at=time.time_ns() // 1_000_000), person.learner


def _earned(folder: Place, attempt_id: str) -> tuple[Again, Person]:
    """The attempt, played again, and whose it is; raises UsageError if it is none that a certificate is given for."""
    with open_records(folder, read_only=True) as records, open_people(folder, read_only=True) as people:
        again = passed(records, attempt_id)
        return again, _whose(people, again.attempt.learner)


def passed(records: Records, attempt_id: str) -> Again:
    """An attempt that passed and counts, played again; raises UsageError where it did not, VerificationFailed where it is not as it was."""
    found = records.attempt(attempt_id)
    if found is None:
        raise UsageError(f"no attempt {attempt_id!r} is kept here")
    attempt, result = found
    if attempt.practice:
        raise UsageError("there is no certificate for practice: it counts for nothing")
    if result is None or not result.passed:
        raise UsageError("there is no certificate for an attempt that has not passed")
    said = records.reviews(attempt_id)
    if said and said[-1].verdict == "set-aside":
        raise UsageError("there is no certificate for an attempt that was set aside")
    try:
        return Verifier(records.text).again(records, attempt_id)
    except CannotReplay as unknown:
        raise VerificationFailed(f"there is no certificate for what cannot be checked here: {unknown}") from unknown


def _whose(people: People, learner: str) -> Person:
    person = people.person(learner)
    if person is None:
        raise UsageError("who played this attempt is no longer kept, so that no certificate can bear a name")
    return person


def certificate_page(again: Again, person: Person, words: Words, clock: Clock, *, at: int) -> str:
    """The page, made at `at` (UTC milliseconds)."""
    scenario = again.script.scenario
    told = Certificate(
        name=bdi(person.name or person.id),
        encounter=bdi(scenario.title, scenario.locale),
        customer=bdi(scenario.customer.name, scenario.locale),
        company=bdi(scenario.company, scenario.locale),
        day=words.day_of(_ended(again), clock),
        points=words.number(int(Fraction(_result(again)))),
        pass_mark=words.number(scenario.pass_mark),
        kept=tuple(words.principle(again.script, name) for name in kept_throughout(again)),
        attempt=again.attempt.id,
        scenario=again.attempt.scenario_hash,
        principles=again.attempt.principles_hash,
        rules=words.number(again.attempt.rules_version),
        command=Markup('<code dir="ltr">servicesim certificate {} -o again.html</code>').format(again.attempt.id),
        made=made(words, clock, at),
    )
    return filled("certificate.html.j2", words, sheet="certificate.css", page=told)


def kept_throughout(again: Again) -> Iterator[str]:
    """The principles that came up and were kept each time, the weightiest first."""
    assert again.result is not None
    scores, taught = scores_of(again.attempt.id, again.result.principles), again.script.principles.principles
    kept = [name for name, score in scores.items() if name in taught and score["score"] == 1 and not score["broken"]]
    yield from sorted(kept, key=lambda name: -taught[name].weight)


def file_name(words: Words, again: Again, person: Person, clock: Clock) -> str:
    """What a certificate is called as a file, so that one sees what it is; without its ending."""
    day = clock.text(_ended(again))[:10]
    parts = (words.text("certificate-heading"), again.script.scenario.title, person.name or person.id, day)
    return " - ".join(_in_file_name(part) for part in parts)


def _in_file_name(text: str) -> str:
    """Without what some system refuses in a file's name, or what would hide a part of it."""
    seen = "".join(" " if char in _FORBIDDEN or unicodedata.category(char)[0] in "CZ" else char for char in clean(text))
    return " ".join(seen.split())[:_LONGEST].strip(" .") or "-"


def _keep_new(folder: Path, name: str, content: bytes) -> Path:
    """Keep a file under this name, or with a number behind it where there is one already."""
    for number in range(1, _MOST + 1):
        path = folder / f"{name}{f' ({number})' if number > 1 else ''}.html"
        try:
            descriptor = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL | getattr(os, "O_BINARY", 0), 0o600)
        except FileExistsError:
            continue
        with open(descriptor, "wb") as file:
            file.write(content)
            file.flush()
            platform.flush(file.fileno())
        return path
    raise FileExistsError(f"{folder} holds {_MOST} certificates of this name")


def _ended(again: Again) -> int:
    assert again.result is not None
    return again.result.ended


def _result(again: Again) -> str:
    assert again.result is not None
    return again.result.conduct
