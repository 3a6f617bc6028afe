"""Attempts from another desk are kept once, go on where they stopped, and do not come back when they were purged."""

from __future__ import annotations

from typing import Any

import pytest

from servicesim.errors import PlayedElsewhere, StoreUnusable
from servicesim.records import Records, Result
from servicesim.records.attempt import Handed
from servicesim.records.place import Place


@pytest.fixture
def place(either_owned: Place) -> Place:
    return either_owned


def test_an_attempt_comes_in_once(records: Records, attempt: Any, result: Result) -> None:
    for taken in ("new", "known"):
        assert records.take_in(attempt(), ["began", "ended"], result, "desk-3.handin", at=5) == taken
    assert list(records.attempts()) == [(attempt(), result)]
    assert records.lines("leyla-1") == ["began", "ended"]
    assert records.chain("leyla-1").whole


def test_an_attempt_that_was_played_on_grows(records: Records, attempt: Any, result: Result) -> None:
    assert records.take_in(attempt(), ["began"], None, "monday", at=5) == "new"
    assert records.take_in(attempt(), ["began", "spoke"], None, "tuesday", at=6) == "grown"
    assert records.take_in(attempt(), ["began"], None, "monday again", at=7) == "known"
    assert records.take_in(attempt(), ["began", "spoke"], result, "wednesday", at=8) == "grown"
    assert records.chain("leyla-1").whole


def test_what_was_purged_does_not_come_back(records: Records, attempt: Any, result: Result) -> None:
    records.take_in(attempt(), ["began"], result, "monday", at=5)
    assert not records.is_purged("leyla-1")
    assert records.purge(["leyla-1"], at=6) == 1
    assert records.is_purged("leyla-1")
    assert records.take_in(attempt(), ["began"], result, "monday", at=7) == "purged"
    assert list(records.attempts()) == []


@pytest.mark.parametrize(
    ("changes", "lines", "why"),
    [
        ({"seed": 8}, ["began"], "another attempt is kept as leyla-1"),
        ({}, ["began", "shouted"], "continued in another window"),
        ({}, ["began", "ended", "more"], "ended in another window"),
    ],
)
def test_of_a_batch_that_contradicts_what_is_kept_nothing_comes_in(
    records: Records, attempt: Any, result: Result, changes: dict[str, Any], lines: list[str], why: str
) -> None:
    records.take_in(attempt(), ["began", "ended"], result, "monday", at=5)
    batch = [Handed(attempt("omid-1"), ("began",), None), Handed(attempt(**changes), tuple(lines), None)]
    with pytest.raises(PlayedElsewhere, match=why):
        records.take_in_all(batch, "tuesday", at=6)
    assert [kept.id for kept, _ in records.attempts()] == ["leyla-1"]


def test_texts_come_first_and_ids_name_no_path(records: Records, attempt: Any) -> None:
    with pytest.raises(StoreUnusable, match="lacks the text"):
        records.take_in(attempt(scenario_hash="0" * 64), [], None, "monday", at=5)
    with pytest.raises(ValueError, match="letters, digits and hyphens"):
        records.take_in(attempt("../leyla"), [], None, "monday", at=5)
