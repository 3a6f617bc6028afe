"""Attempts: as rows of a table, and one word by word with how it was judged."""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from functools import lru_cache
from typing import Annotated, Any

from fastapi import APIRouter, Depends, Request, Response
from markupsafe import Markup

from servicesim.errors import VerificationFailed
from servicesim.exports.filters import Filter
from servicesim.exports.report.person import PersonPage
from servicesim.exports.report.words import Words, bdi
from servicesim.exports.rows import conduct_of
from servicesim.records.attempt import Attempt, Result
from servicesim.records.desks import Sent
from servicesim.records.inspecting import Kept
from servicesim.records.notes import Review
from servicesim.records.people import Person
from servicesim.records.verifying import State, Verifier
from servicesim.scenario.model import scenario_from_canonical
from servicesim.server.house import House, house_of
from servicesim.server.pages.asked import CLOCK
from servicesim.server.pages.sheet import shown, words_for
from servicesim.server.problems import Problem
from servicesim.server.roles import Deed
from servicesim.server.sessions import Visitor, visiting

router = APIRouter()
Found = tuple[Attempt, Result | None]


@dataclass(frozen=True, slots=True)
class AttemptRow:
    """An attempt in a table; `score` is that of the principle that the table is about."""

    id: str
    learner: str
    person: Person | None
    day: str
    title: Markup
    kind: str
    result: str
    conduct: str
    review: str
    checked: str
    """How far it is verified: by the server's own verdict, or not yet here."""
    late: bool
    score: str = ""


class Telling:
    """Makes rows of attempts; what several of them need is read once."""

    def __init__(self, house: House, words: Words, people: Mapping[str, Person | None] | None = None) -> None:
        self._house, self._words, self._people = house, words, people or {}
        self._title = lru_cache(maxsize=256)(self._titled)

    def rows(self, found: Iterable[Found], principle: str = "") -> list[AttemptRow]:
        """A row for each; what was said and sent of them all is asked for at once."""
        every = list(found)
        ids = [attempt.id for attempt, _ in every]
        said, sent = self._house.records.last_reviews_of(ids), self._house.organisation.sent_all(ids)
        return [self._row(attempt, result, principle, said.get(attempt.id), sent.get(attempt.id)) for attempt, result in every]

    def _row(self, attempt: Attempt, result: Result | None, principle: str, review: Review | None, sent: Sent | None) -> AttemptRow:
        checked, late = checked_of(sent)
        return AttemptRow(
            id=attempt.id,
            learner=attempt.learner,
            person=self._people.get(attempt.learner),
            day=self._words.moment(attempt.started, CLOCK),
            title=self._title(attempt.scenario_hash, attempt.scenario),
            kind="open" if result is None else "passed" if result.passed else "failed",
            result="no-result" if result is None else "passed" if result.passed else "not-passed",
            conduct=conduct_told(self._words, attempt, result),
            review=review_key(review) if result else "none-yet",
            checked=checked if result else "none-yet",
            late=late,
            score=score_told(self._words, result, principle) if principle else "",
        )

    def _titled(self, text: str, name: str) -> Markup:
        try:
            scenario = scenario_from_canonical(self._house.records.text(text))
        except (VerificationFailed, ValueError, LookupError, RecursionError):
            return bdi(name)
        return bdi(scenario.title, scenario.locale)


def checked_of(sent: Sent | None) -> tuple[str, bool]:
    """How far the server stands behind an attempt without playing it again, and whether it came late."""
    if sent is None:
        return "CLIENT_ATTESTED", False
    return "SERVER_VERIFIED" if sent.verdict is not None else "CLIENT_ATTESTED", sent.late


def conduct_told(words: Words, attempt: Attempt, result: Result | None) -> str:
    """Conduct as it is shown; a dash where what is kept is damaged."""
    try:
        return "" if result is None else words.number(conduct_of(attempt.id, result.conduct), 2)
    except VerificationFailed:
        return "–"


def score_told(words: Words, result: Result | None, principle: str) -> str:
    """How far one principle was kept in an attempt."""
    score = score_of(result, principle)
    return "" if score is None else words.percent(score)


def score_of(result: Result | None, principle: str) -> float | None:
    """The same as a number, 0-1; None where it never came up."""
    try:
        kept: Any = json.loads(result.principles) if result else {}
        score = kept[principle]["score"]
        return None if score is None else float(score)
    except (ValueError, KeyError, TypeError, RecursionError):
        return None


def review_key(review: Review | None) -> str:
    """What the last review says, as a key of the words."""
    return f"review-{review.verdict}" if review else "review-none"


# --- one attempt -----------------------------------------------------------------------------------------------------


@router.get("/attempts/{attempt}", response_class=Response)
def attempt_page(request: Request, attempt: str, visitor: Annotated[Visitor, Depends(visiting(Deed.OWN_RESULTS, Deed.RESULTS))]) -> Response:
    """One attempt: what was said, how it was judged, how far it is verified."""
    return page_of_attempt(request, visitor, attempt, {})


def page_of_attempt(request: Request, visitor: Visitor, attempt: str, errors: dict[str, Markup], note: str = "", verdict: str = "stands") -> Response:
    """The same, with what is wrong in the form of the decision."""
    house, words = house_of(request), words_for(request)
    kept = demand_attempt(request, visitor, attempt)
    person = house.people.person(kept.attempt.learner)
    is_own = person is not None and person.id == visitor.person
    if kept.result is None and is_own:
        # With its verdicts it would tell, in the middle of an encounter, what the next reply should be.
        raise Problem(409, "this attempt is not over: its page comes when it is")
    verifier, wanted = Verifier(house.records.text, house.organisation.judged), Filter(learner=kept.attempt.learner)
    page = PersonPage(words, house.records, person, wanted, CLOCK, house.now(), with_names=True, verifier=verifier)
    page.tell(kept)
    (one,) = page.attempts
    return shown(
        request, "attempt_page.html.j2", visitor, status=422 if errors else 200, one=one, id=attempt, learner=kept.attempt.learner,
        name=person.name if person else kept.attempt.learner, sees_all=visitor.may(Deed.RESULTS), may_decide=visitor.may(Deed.REVIEW) and not is_own,
        seals=list(_seals(house, kept, verifier.verified(kept).state)), errors=errors, decided={"note": note, "verdict": verdict},
    )  # fmt: skip


def demand_attempt(request: Request, visitor: Visitor, attempt: str) -> Kept:
    """The attempt, if there is one that this visitor may see; else a Problem, and who asks for another's is noted."""
    house = house_of(request)
    found = house.records.attempt(attempt)
    if found is None:
        raise Problem(404, "there is no such attempt")
    learner = found[0].learner
    demand_theirs(request, visitor, learner, attempt)
    kept = house.records.kept_one(attempt)
    if kept is None:  # purged in this moment
        raise Problem(404, "there is no such attempt")
    return kept


def demand_theirs(request: Request, visitor: Visitor, learner: str, about: str) -> None:
    """Raise Problem unless these are the visitor's own results, or they may see everybody's. What is another's looks as if it were not."""
    house = house_of(request)
    if visitor.may(Deed.RESULTS):
        return
    person = house.people.named(visitor.person)
    if person is None or person.learner != learner:
        house.organisation.note(visitor.person, "results", about, "refused", at=house.now())
        raise Problem(404, "there is no such attempt")


def _seals(house: House, kept: Kept, state: State) -> Iterator[str]:
    """How far it is verified, played again now; and whether it came late."""
    yield state
    sent = house.organisation.sent(kept.attempt.id)
    if sent is not None and sent.late:
        yield "late"
