"""A learner's attempts come in portions, the latest first, with what a list tells of them."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest

from servicesim.records import Records, Result
from servicesim.records.place import Place

MONDAY = 1_760_000_000_000


@pytest.fixture
def place(either_place: Place) -> Place:
    return either_place


@pytest.fixture
def five(records: Records, attempt: Any, result: Result) -> Records:
    """Five attempts of Leyla's: the second is practice, the third at another encounter, the last not finished; and one of somebody else's."""
    for number in range(5):
        more = {"practice": number == 1, "scenario": "red-letter" if number == 2 else "late-parcel"}
        records.begin(attempt(id=f"leyla-{number}", started=MONDAY + number, **more), ["began"])
        if number < 4:
            records.append(f"leyla-{number}", 1, ["ended"], replace(result, conduct=f"{number * 10}/1"))
    records.begin(attempt(id="tomas-1", learner="tomas", started=MONDAY + 9), ["began"])
    return records


def learner_of(records: Records) -> str:
    return next(one.learner for one, _ in records.attempts() if one.learner != "tomas")


def test_the_latest_come_first_and_portion_by_portion(five: Records) -> None:
    learner = learner_of(five)
    pages = [five.past(learner, skip=skip, most=2) for skip in (0, 2, 4, 6)]
    assert [[row.id for row in page] for page in pages] == [["leyla-4", "leyla-3"], ["leyla-2", "leyla-1"], ["leyla-0"], []]
    assert (pages[0][0].ended, pages[0][1].conduct) == (None, "30/1")


def test_an_encounter_and_practice_can_be_asked_for(five: Records) -> None:
    learner = learner_of(five)
    assert [row.id for row in five.past(learner, scenario="red-letter")] == ["leyla-2"]
    assert [row.id for row in five.past(learner, practice=True)] == ["leyla-1"]
    assert [row.id for row in five.past(learner, scenario="late-parcel", practice=False)] == ["leyla-4", "leyla-3", "leyla-0"]


def test_the_last_word_of_a_review_comes_with_it(five: Records) -> None:
    for at, verdict in enumerate(("set-aside", "stands")):
        five.review("leyla-0", at=at, by="Grace", note="", verdict=verdict)
    assert [row.verdict for row in five.past(learner_of(five))] == [None, None, None, None, "stands"]


def test_encounters_are_counted_the_latest_first(five: Records) -> None:
    told = five.times_played(learner_of(five))
    assert [(one.scenario, one.attempts, one.practice) for one in told] == [("late-parcel", 4, 1), ("red-letter", 1, 0)]
    assert five.times_played("nobody") == []


def test_conduct_is_told_of_what_counts_and_ended(five: Records) -> None:
    assert [conduct for conduct, _ in five.conducts(learner_of(five), "late-parcel")] == ["0/1", "30/1"]
    assert [conduct for conduct, _ in five.conducts(learner_of(five), "late-parcel", most=1)] == ["30/1"]


def test_attempts_come_in_portions_with_their_results_and_are_counted(five: Records) -> None:
    learner = learner_of(five)
    pages = [five.some_attempts(learner, skip=skip, most=2) for skip in (0, 2, 4)]
    assert [[one.id for one, _ in page] for page in pages] == [["leyla-4", "leyla-3"], ["leyla-2", "leyla-1"], ["leyla-0"]]
    assert (pages[0][0][1], pages[0][1]) == (None, five.attempt("leyla-3"))
    assert five.counts_of([learner, "tomas", "nobody"]) == {learner: 5, "tomas": 1, "nobody": 0}
    assert five.counts_of([]) == {}


def test_one_attempt_is_read_whole_as_among_all(five: Records) -> None:
    assert [five.kept_one(one.attempt.id) for one in five.kept()] == list(five.kept())
    assert five.kept_one("nobody's") is None


def test_the_last_word_is_told_of_several_attempts_at_once(five: Records) -> None:
    for at, (attempt, verdict) in enumerate((("leyla-0", "set-aside"), ("leyla-0", "stands"), ("leyla-1", "to-look-at"))):
        five.review(attempt, at=at, by="Grace", note="", verdict=verdict)
    assert {id: review.verdict for id, review in five.last_reviews_of(["leyla-0", "leyla-3"]).items()} == {"leyla-0": "stands"}
    assert five.last_reviews_of([]) == {}
