"""What one learner's attempts came to, read without looking at anyone else's."""

from __future__ import annotations

from typing import Any

from sqlalchemy import text

from servicesim.records import Records, Result
from servicesim.records.tried import _TRIED, TriedRow

MONDAY = 1_760_000_000_000


def keep(records: Records, attempt: Any, result: Result | None) -> None:
    """Keep an attempt, ended if there is a result."""
    records.begin(attempt, ["began"])
    if result is not None:
        records.append(attempt.id, 1, ["ended"], result)


def test_only_what_one_learner_ended_and_what_counts_is_told_in_its_order(records: Records, attempt: Any, result: Result) -> None:
    keep(records, attempt("later", started=MONDAY + 5, scenario="red-letter"), result)
    keep(records, attempt("first", started=MONDAY), result)
    keep(records, attempt("unfinished"), None)
    keep(records, attempt("practice", practice=True), result)
    keep(records, attempt("another", learner="omid"), result)
    rows = records.tried("leyla")
    assert [row.scenario for row in rows] == ["late-parcel", "red-letter"]
    assert rows[0] == TriedRow("late-parcel", result.ended, result.conduct, 1, result.principles)


def test_what_was_set_aside_by_the_last_word_is_not_told(records: Records, attempt: Any, result: Result) -> None:
    keep(records, attempt(), result)
    records.review("leyla-1", at=1, by="Trainer", note="The phone rang.", verdict="set-aside")
    assert records.tried("leyla") == []
    records.review("leyla-1", at=2, by="Trainer", note="It did not.", verdict="stands")
    assert len(records.tried("leyla")) == 1


def test_nobody_else_is_scanned(records: Records) -> None:
    with records._store.reading() as connection:
        asked = _TRIED.params(learner="leyla").compile(connection, compile_kwargs={"literal_binds": True})
        plan = connection.execute(text(f"EXPLAIN QUERY PLAN {asked}")).all()
    assert not [step for *_, step in plan if step.startswith("SCAN")]
    assert any("attempts_of_learner" in step for *_, step in plan)
