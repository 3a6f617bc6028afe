"""The pen writes in order, on a thread of its own, and loses nothing that it said was kept."""

from __future__ import annotations

import threading
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import pytest

from servicesim.errors import ServicesimError, StoreFull
from servicesim.records import Attempt, Pen, Records, Result, open_records


class FullAtTimes:
    """Keeps lines in memory; full while it is said to be, and slow until it may go on."""

    def __init__(self) -> None:
        self.kept: list[tuple[str, int]] = []
        self.full = False
        self.may_go_on = threading.Event()
        self.may_go_on.set()

    def begin(self, attempt: Attempt, lines: Sequence[str] = ()) -> None:
        self.append(attempt.id, 0, lines)

    def append(self, attempt_id: str, first_seq: int, lines: Sequence[str], result: Result | None = None) -> None:
        assert self.may_go_on.wait(10)
        if self.full:
            raise StoreFull("no room is left")
        self.kept.append((attempt_id, first_seq))


def test_what_is_written_is_on_the_disk_when_its_future_is_done(
    records: Records, folder: Path, attempt: Any, result: Result
) -> None:
    pen = Pen(records)
    pen.begin(attempt(), ["began"])
    for seq in range(1, 20):
        last = pen.write("leyla-1", seq, [f"event {seq}"])
    last.result(10)
    with open_records(folder) as again:
        assert again.lines("leyla-1") == ["began", *(f"event {seq}" for seq in range(1, 20))]
    pen.write("leyla-1", 20, ["ended"], result)
    pen.close()
    assert list(records.attempts()) == [(attempt(), result)]


def test_the_window_does_not_wait() -> None:
    kept = FullAtTimes()
    kept.may_go_on.clear()
    pen = Pen(kept)
    future = pen.write("leyla-1", 0, ["began"])
    assert not future.done()
    kept.may_go_on.set()
    pen.close()
    assert future.done()


def test_closing_writes_what_is_still_waiting_and_then_takes_nothing_more() -> None:
    kept = FullAtTimes()
    kept.may_go_on.clear()
    pen = Pen(kept)
    for seq in range(5):
        pen.write("leyla-1", seq, ["line"])
    threading.Timer(0.01, kept.may_go_on.set).start()
    pen.close()
    assert kept.kept == [("leyla-1", seq) for seq in range(5)]
    with pytest.raises(RuntimeError):
        pen.write("leyla-1", 5, ["line"])


def test_after_a_failed_write_the_later_ones_of_that_attempt_fail_until_it_is_written_again() -> None:
    kept = FullAtTimes()
    pen = Pen(kept)
    kept.full = True
    first = pen.write("leyla-1", 0, ["began"])
    assert isinstance(first.exception(10), StoreFull)
    kept.full = False
    assert isinstance(pen.write("leyla-1", 1, ["spoke"]).exception(10), StoreFull)
    assert pen.write("omid-1", 0, ["began"]).exception(10) is None
    assert pen.write("leyla-1", 0, ["began"]).exception(10) is None
    assert pen.write("leyla-1", 1, ["spoke"]).exception(10) is None
    pen.close()
    assert kept.kept == [("omid-1", 0), ("leyla-1", 0), ("leyla-1", 1)]


def test_writes_that_were_waiting_behind_a_failed_one_fail_with_it() -> None:
    kept = FullAtTimes()
    kept.may_go_on.clear()
    kept.full = True
    pen = Pen(kept)
    waiting = [pen.write("leyla-1", seq, ["line"]) for seq in range(3)]
    kept.may_go_on.set()
    assert [str(future.exception(10)) for future in waiting] == ["no room is left"] * 3
    pen.close()


def test_a_beginning_that_failed_is_made_again_before_anything_follows(attempt: Any) -> None:
    kept = FullAtTimes()
    pen = Pen(kept)
    kept.full = True
    assert isinstance(pen.begin(attempt(), ["began"]).exception(10), StoreFull)
    kept.full = False
    assert isinstance(pen.write("leyla-1", 1, ["spoke"]).exception(10), StoreFull)
    assert pen.begin(attempt(), ["began"]).exception(10) is None
    assert pen.write("leyla-1", 1, ["spoke"]).exception(10) is None
    pen.close()


def test_a_failure_that_is_our_own_fault_comes_out_too(records: Records, attempt: Any) -> None:
    pen = Pen(records)
    pen.begin(attempt()).result(10)
    slip = pen.write("leyla-1", 0, [None]).exception(10)  # type: ignore[list-item]
    assert "NOT NULL" in str(slip)
    assert not isinstance(slip, ServicesimError)
    assert pen.write("leyla-1", 0, ["began"]).exception(10) is None
    pen.close()
