"""Reviews, results under other principles, and the log of exports stand beside attempts and are only ever added."""

from __future__ import annotations

from typing import Any

import pytest

from servicesim.errors import UsageError
from servicesim.records import Records, Result, open_records
from servicesim.records.notes import Export, Rescored, Review
from servicesim.records.place import Place

SHA = "0" * 64


@pytest.fixture
def place(either_place: Place) -> Place:
    return either_place


def test_the_last_word_of_a_review_counts_and_the_others_stay(
    records: Records, place: Place, attempt: Any, result: Result
) -> None:
    for id in ("leyla-1", "omid-1", "sam-1"):
        records.begin(attempt(id))
        records.append(id, 0, ["ended"], result)
    records.review("leyla-1", at=5, by="Sara", note="The sound failed.", verdict="to-look-at")
    records.review("omid-1", at=6, by="Sara", note="", verdict="stands")
    records.review("leyla-1", at=7, by="Omid ✓", note="It did. Played again.", verdict="set-aside")
    with open_records(place, read_only=True) as again:
        first, last = again.reviews("leyla-1")
        assert first == Review(5, "Sara", "The sound failed.", "to-look-at")
        assert last == Review(7, "Omid ✓", "It did. Played again.", "set-aside")
        assert again.reviews("sam-1") == []
        assert again.last_reviews() == {"leyla-1": last, "omid-1": Review(6, "Sara", "", "stands")}


def test_only_an_attempt_that_is_kept_is_reviewed(records: Records, attempt: Any) -> None:
    records.begin(attempt())
    with pytest.raises(UsageError, match="no attempt 'nobody-1' is kept here"):
        records.review("nobody-1", at=5, by="Sara", note="", verdict="stands")
    with pytest.raises(UsageError, match="half a character"):
        records.review("leyla-1", at=5, by="Sara", note="cut \ud83d", verdict="stands")


def test_results_under_other_principles_stand_beside_the_one_that_was_given(
    records: Records, attempt: Any, result: Result
) -> None:
    records.begin(attempt())
    records.append("leyla-1", 0, ["ended"], result)
    stricter = records.keep_text("principles", '{"principles":{"stricter":1}}')
    judged = Rescored(stricter, 9, "61/2", False, '{"listen":{"score":0.5}}')
    assert records.keep_rescored([("leyla-1", judged)]) == 1
    assert records.keep_rescored([("leyla-1", judged)]) == 0
    assert records.rescored("leyla-1") == [judged]
    assert [kept for _, kept in records.attempts()] == [result]


def test_every_export_stands_in_the_log_with_a_number(records: Records, place: Place) -> None:
    told: dict[str, Any] = {"at": 5, "who": "sara", "kind": "csv", "filter": "team Desk 3", "rows": 20, "sha256": SHA}
    assert records.log_export(**told, with_names=False) == 1
    assert records.log_export(**told, with_names=True) == 2
    with open_records(place) as again:
        assert again.export_log() == [
            Export(1, 5, "sara", "csv", "team Desk 3", 20, SHA, False),
            Export(2, 5, "sara", "csv", "team Desk 3", 20, SHA, True),
        ]
