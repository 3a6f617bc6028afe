"""What is told of an attempt is kept with its result, sent in order, and keeps what became of it."""

from __future__ import annotations

import sqlite3
from collections.abc import Callable, Iterator
from contextlib import closing
from pathlib import Path
from typing import Any

import pytest

from servicesim.errors import StoreUnusable, UsageError, VerificationFailed
from servicesim.records import Records, Result, open_records
from servicesim.records.attempt import Handed
from servicesim.records.outbox import Counts, Delivery, Statement

LRS = "https://lrs.example.com/xapi"


def tell(handed: Handed, text: Callable[[str], str]) -> Iterator[Statement]:
    """Two statements of each attempt, which know all that there is to know."""
    assert handed.result is not None
    assert text(handed.attempt.scenario_hash) == '{"id":"late-parcel"}'
    for verb in ("passed", "terminated"):
        yield Statement(f"{handed.attempt.id}-{verb}", f"{verb} after {len(handed.lines)} lines at {handed.result.ended}")


@pytest.fixture
def telling(records: Records, folder: Path) -> Iterator[Records]:
    with open_records(folder, tell=tell) as telling:
        yield telling


def ids(records: Records, **how: int) -> list[str]:
    return [one.id for one in records.waiting(**how)]


def end(records: Records, attempt: Any, result: Result, *ids: str) -> None:
    for id in ids:
        records.begin(attempt(id), ["began"])
        records.append(id, 1, ["ended"], result)


def test_what_is_told_waits_once_the_result_is_kept(telling: Records, attempt: Any, result: Result) -> None:
    telling.begin(attempt(), ["began"])
    assert telling.waiting() == []
    for _ in range(2):
        telling.append("leyla-1", 1, ["spoke", "ended"], result)
    assert [one.body for one in telling.waiting()] == [
        "passed after 3 lines at 1760000090000", "terminated after 3 lines at 1760000090000",
    ]  # fmt: skip


def test_result_and_statements_are_kept_together_or_not_at_all(records: Records, folder: Path, attempt: Any, result: Result) -> None:
    def fail(handed: Handed, _: object) -> Iterator[Statement]:
        yield Statement("first", "{}")
        raise RuntimeError("the power fails")

    records.begin(attempt(), ["began"])
    with open_records(folder, tell=fail) as failing, pytest.raises(RuntimeError):
        failing.append("leyla-1", 1, ["ended"], result)
    assert records.attempt("leyla-1") == (attempt(), None)
    assert records.lines("leyla-1") == ["began"]
    assert records.waiting() == []


def test_attempts_of_other_desks_are_told_too(telling: Records, attempt: Any, result: Result) -> None:
    handed = [Handed(attempt(id), ("began", "ended"), result) for id in ("leyla-1", "omid-1")]
    for _ in range(2):
        telling.take_in_all([*handed, Handed(attempt("sam-1"), ("began",), None)], "monday", at=5)
    assert ids(telling) == ["leyla-1-passed", "leyla-1-terminated", "omid-1-passed", "omid-1-terminated"]


def test_practice_is_never_told(telling: Records, attempt: Any, result: Result) -> None:
    telling.begin(attempt(practice=True), ["began"])
    telling.append("leyla-1", 1, ["ended"], result)
    assert telling.tell_untold(tell) == 0
    assert telling.waiting() == []


def test_attempts_that_ended_before_are_told_once(records: Records, attempt: Any, result: Result, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("servicesim.records.records._TOLD_AT_ONCE", 2)
    end(records, attempt, result, *(f"leyla-{number}" for number in range(5)))
    records.begin(attempt("omid-1"), ["began"])
    assert records.tell_untold(tell) == 5
    assert records.tell_untold(tell) == 0
    assert ids(records) == [f"leyla-{number}-{verb}" for number in range(5) for verb in ("passed", "terminated")]


def test_of_what_nothing_is_told_it_is_asked_again(records: Records, attempt: Any, result: Result) -> None:
    end(records, attempt, result, "leyla-1")
    assert records.tell_untold(lambda *_: ()) == 0
    assert records.tell_untold(tell) == 1


def test_the_queue_goes_in_order_and_forgets_nothing(telling: Records, attempt: Any, result: Result) -> None:
    end(telling, attempt, result, "leyla-1", "leyla-2", "leyla-3")
    first, second = telling.waiting(most=2)
    assert [first.id, second.id] == ["leyla-1-passed", "leyla-1-terminated"]
    assert ids(telling, after=second.number, most=1) == ["leyla-2-passed"]
    telling.keep_deliveries([Delivery(first.id, "sent"), Delivery(second.id, "refused", "400: no")], at=9, place=LRS)
    assert ids(telling, most=1) == ["leyla-2-passed"]
    assert telling.statement_counts() == Counts(waiting=4, aside=0, sent=1, known=0, refused=1)


def test_a_refused_statement_waits_again_in_its_old_place(telling: Records, attempt: Any, result: Result) -> None:
    end(telling, attempt, result, "leyla-1", "leyla-2")
    before = telling.waiting()
    telling.keep_deliveries([Delivery(one.id, "refused", "400: no") for one in before], at=9, place=LRS)
    one = telling.refused()[0]
    assert (one.id, one.attempt, one.at, one.place, one.words) == ("leyla-1-passed", "leyla-1", 9, LRS, "400: no")
    assert telling.send_again("leyla-2-passed", at=10) == 1
    assert ids(telling) == ["leyla-2-passed"]
    assert telling.send_again(at=11) == 3
    assert telling.send_again(at=12) == 0
    assert telling.waiting() == before
    telling.keep_deliveries([Delivery(before[0].id, "known")], at=13, place=LRS)
    assert telling.statement_counts() == Counts(waiting=3, aside=0, sent=0, known=1, refused=0)
    assert list(telling.verify_rot()) == []


def test_what_was_not_refused_is_not_sent_again(telling: Records, attempt: Any, result: Result) -> None:
    end(telling, attempt, result, "leyla-1")
    for id in ("leyla-1-passed", "nothing"):
        with pytest.raises(UsageError, match=f"no statement '{id}' was refused; which were, says: servicesim push --status"):
            telling.send_again(id, at=5)


def test_what_a_review_has_set_aside_is_not_sent_while_it_is_so(telling: Records, attempt: Any, result: Result) -> None:
    end(telling, attempt, result, "leyla-1", "leyla-2")
    first = telling.waiting()[0]
    telling.keep_deliveries([Delivery(first.id, "sent")], at=5, place=LRS)
    telling.review("leyla-1", at=6, by="Sara", note="a fire drill", verdict="set-aside")
    assert ids(telling) == ["leyla-2-passed", "leyla-2-terminated"]
    assert telling.statement_counts() == Counts(waiting=2, aside=1, sent=1, known=0, refused=0)
    telling.review("leyla-1", at=7, by="Sara", note="", verdict="stands")
    assert ids(telling) == ["leyla-1-terminated", "leyla-2-passed", "leyla-2-terminated"]
    assert telling.statement_counts().aside == 0


def test_a_purged_attempt_takes_its_statements_along(telling: Records, attempt: Any, result: Result) -> None:
    end(telling, attempt, result, "leyla-1", "leyla-2")
    (one, two, *_) = telling.waiting()
    telling.keep_deliveries([Delivery(one.id, "sent")], at=9, place=LRS)
    telling.purge(["leyla-1"], at=10)
    assert ids(telling) == ["leyla-2-passed", "leyla-2-terminated"]
    assert telling.statement_counts() == Counts(waiting=2, aside=0, sent=0, known=0, refused=0)
    telling.keep_deliveries([Delivery(two.id, "sent")], at=11, place=LRS)
    assert telling.statement_counts().sent == 0
    assert list(telling.verify_rot()) == []


@pytest.mark.parametrize("damage", ["x'00'", "substr(body, 2)", "zeroblob(length(body))"])
def test_what_is_damaged_is_not_sent(telling: Records, folder: Path, attempt: Any, result: Result, damage: str) -> None:
    end(telling, attempt, result, "leyla-1")
    with closing(sqlite3.connect(folder / "records.db", isolation_level=None)) as editor:
        editor.execute("DROP TRIGGER told_no_update")
        editor.execute(f"UPDATE told SET body = {damage}")
    with pytest.raises(VerificationFailed, match="what is told of an attempt damaged or changed"):
        telling.waiting()


def test_where_statements_about_somebody_went_is_known(telling: Records, attempt: Any, result: Result) -> None:
    for id, learner in (("leyla-1", "leyla"), ("leyla-2", "leyla"), ("omid-1", "omid")):
        telling.begin(attempt(id, learner=learner), ["began"])
        telling.append(id, 1, ["ended"], result)
    one, two, three, four, five, _ = (waiting.id for waiting in telling.waiting())
    telling.keep_deliveries([Delivery(one, "sent"), Delivery(two, "known"), Delivery(three, "refused", "no"), Delivery(five, "sent")], at=9, place=LRS)
    telling.keep_deliveries([Delivery(four, "sent")], at=9, place="https://other.example.com")
    assert telling.sent_of("leyla") == {LRS: 2, "https://other.example.com": 1}
    assert telling.sent_of("nobody") == {}


def test_two_do_not_send_at_once(records: Records, folder: Path) -> None:
    busy = pytest.raises(StoreUnusable, match="is being sent by another program: wait until it has finished")
    with open_records(folder) as other, records.sending(), busy, other.sending():
        pass
    with records.sending():
        pass
