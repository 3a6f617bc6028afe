"""Attempts, their lines and results are kept once, in order, and found again."""

from __future__ import annotations

import hashlib
import signal
import sqlite3
import subprocess
import sys
import time
from contextlib import closing
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from servicesim.errors import PlayedElsewhere, StoreUnusable, VerificationFailed
from servicesim.records import Records, Result, open_records
from servicesim.records import records as records_module
from servicesim.records.place import Place, is_address

MONDAY = 1_760_000_000_000


@pytest.fixture
def place(either_place: Place) -> Place:
    return either_place


def test_an_attempt_is_found_again_with_its_lines_and_its_result(
    records: Records, place: Place, attempt: Any, result: Result
) -> None:
    records.begin(attempt(), ["began"])
    records.append("leyla-1", 1, ["spoke", "listened"])
    records.append("leyla-1", 3, ["ended"], result)
    with open_records(place) as again:
        assert list(again.attempts()) == [(attempt(), result)]
        assert again.lines("leyla-1") == ["began", "spoke", "listened", "ended"]


def test_flags_seeds_and_missing_endings_come_back_as_they_were(records: Records, attempt: Any, result: Result) -> None:
    unusual = attempt(untimed=True, practice=True, seed=2**63 - 1)
    records.begin(unusual)
    walked_off = replace(result, ending=None, passed=False, satisfaction=-40)
    records.append("leyla-1", 0, ["ended"], walked_off)
    ((found, judged),) = records.attempts(with_practice=True)
    assert found == unusual
    assert found.untimed is True
    assert judged == walked_off
    assert judged is not None
    assert judged.passed is False


@pytest.mark.parametrize(
    "line", ['{"say":"ببخشید \u2068۴۸-۲۲۹۱\u2069"}', "😀" * 5000, "", "null \0 inside", "two\nlines"]
)
def test_a_line_comes_back_as_it_was(records: Records, place: Place, attempt: Any, line: str) -> None:
    if "\0" in line and is_address(place):
        with pytest.raises(StoreUnusable, match="NUL"):
            records.begin(attempt(), [line])
        return
    records.begin(attempt(), [line])
    assert records.lines("leyla-1") == [line]


def test_writing_the_same_again_is_harmless(records: Records, attempt: Any, result: Result) -> None:
    for _ in range(2):
        records.begin(attempt(), ["began"])
    for _ in range(2):
        records.append("leyla-1", 1, ["spoke", "ended"], result)
    records.begin(attempt(), ["began"])
    assert records.lines("leyla-1") == ["began", "spoke", "ended"]
    assert list(records.attempts()) == [(attempt(), result)]


def test_a_batch_of_which_a_part_is_there_is_completed(records: Records, attempt: Any) -> None:
    records.begin(attempt(), ["began", "spoke"])
    records.append("leyla-1", 1, ["spoke", "listened"])
    assert records.lines("leyla-1") == ["began", "spoke", "listened"]


def test_the_second_window_is_told_when_it_writes_something_else(records: Records, place: Place, attempt: Any) -> None:
    records.begin(attempt(), ["began"])
    records.append("leyla-1", 1, ["apologised"])
    with open_records(place) as second, pytest.raises(PlayedElsewhere, match="continued in another window"):
        second.append("leyla-1", 1, ["argued"])
    assert records.lines("leyla-1") == ["began", "apologised"]


def test_of_a_refused_batch_nothing_is_kept(records: Records, attempt: Any, result: Result) -> None:
    records.begin(attempt(), ["began"])
    records.append("leyla-1", 1, ["ended"], result)
    with pytest.raises(PlayedElsewhere):
        records.append("leyla-1", 2, ["spoke"])
    with pytest.raises(PlayedElsewhere):
        records.append("leyla-1", 1, ["ended"], replace(result, passed=False))
    assert records.lines("leyla-1") == ["began", "ended"]
    assert list(records.attempts()) == [(attempt(), result)]


def test_another_attempt_under_the_same_id_is_refused(records: Records, attempt: Any) -> None:
    records.begin(attempt())
    with pytest.raises(PlayedElsewhere, match="leyla-1"):
        records.begin(attempt(seed=8))


@pytest.mark.parametrize(("name", "first"), [("leyla-1", 2), ("nobody-1", 0), ("nobody-1", 1)])
def test_events_with_a_gap_before_them_are_refused(records: Records, attempt: Any, name: str, first: int) -> None:
    records.begin(attempt(), ["began"])
    with pytest.raises(StoreUnusable, match="lacks what came before"):
        records.append(name, first, ["spoke"])


def test_an_attempt_whose_scenario_was_not_kept_cannot_begin(records: Records, attempt: Any) -> None:
    with pytest.raises(StoreUnusable, match="lacks the text"):
        records.begin(attempt(scenario_hash="0" * 64))


# Texts


def test_a_text_is_kept_once_under_its_hash(records: Records) -> None:
    body = '{"title":"بسته‌ی دیررسیده"}'
    name = records.keep_text("scenario", body)
    assert name == hashlib.sha256(body.encode()).hexdigest()
    assert records.keep_text("scenario", body) == name
    assert records.text(name) == body


def test_a_text_that_is_not_kept_or_was_changed_is_told(tmp_path: Path) -> None:
    with open_records(tmp_path) as records:
        name = records.keep_text("scenario", "true")
    with closing(sqlite3.connect(tmp_path / "records.db", isolation_level=None)) as editor:
        editor.execute("DROP TRIGGER texts_no_update")
        editor.execute("UPDATE texts SET body = 'false' WHERE hash = ?", [name])
    with open_records(tmp_path) as records:
        _is_told(records, name)


def _is_told(records: Records, name: str) -> None:
    with pytest.raises(VerificationFailed, match="damaged or changed"):
        records.text(name)
    with pytest.raises(VerificationFailed, match="does not hold"):
        records.text("0" * 64)


# Finding attempts


@pytest.fixture
def many(records: Records, attempt: Any, result: Result, monkeypatch: pytest.MonkeyPatch) -> Records:
    """Seven attempts on four days, on pages of two."""
    monkeypatch.setattr(records_module, "_PAGE", 2)
    for id, day, changes in (
        ("d", 3, {}),
        ("a", 1, {}),
        ("c", 1, {}),
        ("b", 1, {"learner": "omid"}),
        ("e", 2, {"scenario": "broken-cup", "learner": "omid"}),
        ("f", 2, {"practice": True}),
        ("g", 4, {}),
    ):
        records.begin(attempt(id, started=MONDAY + day, **changes))
        if id not in "dg":
            records.append(id, 0, ["ended"], result)
    return records


@pytest.mark.parametrize(
    ("asked", "found"),
    [
        ({}, "abcedg"),
        ({"with_practice": True}, "abcefdg"),
        ({"ended_only": True}, "abce"),
        ({"learner": "omid"}, "be"),
        ({"scenario": "late-parcel"}, "abcdg"),
        ({"since": MONDAY + 2}, "edg"),
        ({"until": MONDAY + 2}, "abc"),
        ({"since": MONDAY + 2, "until": MONDAY + 3, "with_practice": True, "learner": "leyla"}, "f"),
        ({"learner": "nobody"}, ""),
    ],
)
def test_attempts_come_in_the_order_in_which_they_began(many: Records, asked: dict[str, Any], found: str) -> None:
    assert "".join(attempt.id for attempt, _ in many.attempts(**asked)) == found


def test_unfinished_attempts_come_latest_first(many: Records) -> None:
    assert [attempt.id for attempt in many.unfinished("leyla")] == ["g", "d"]
    assert [attempt.id for attempt in many.unfinished("leyla", "broken-cup")] == []
    assert many.unfinished("omid") == []


def test_play_goes_on_while_an_export_is_being_read(
    many: Records, place: Place, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("servicesim.records.store.PATIENCE", 0.0)
    export = many.attempts()
    next(export)
    with open_records(place) as playing:
        playing.append("g", 0, ["spoke"])
    assert len(list(export)) == 5


# Holding


def test_the_second_window_on_an_attempt_is_told(records: Records, place: Place, attempt: Any) -> None:
    with records.hold("leyla-1"):
        with (
            open_records(place) as second,
            pytest.raises(PlayedElsewhere, match=r"open in another window: .*go on there"),
            second.hold("leyla-1"),
        ):
            pass
        with records.hold("leyla-2"):
            pass
    with records.hold("leyla-1"):
        pass
    assert is_address(place) or not list(Path(place).glob("*.playing"))


def test_what_fails_while_playing_is_not_taken_for_a_failure_to_hold(records: Records) -> None:
    with pytest.raises(BlockingIOError, match="sound"), records.hold("leyla-1"):
        raise BlockingIOError("sound")


def test_a_window_that_was_killed_holds_nothing(records: Records, place: Place) -> None:
    play = (
        "import sys, servicesim.records as r\nfrom servicesim.records.place import place_of\n"
        "with r.open_records(place_of(sys.argv[1])) as records, records.hold('leyla-1'):\n"
        "    print('held', flush=True); sys.stdin.read()"
    )
    with subprocess.Popen(
        [sys.executable, "-c", play, str(place)], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
    ) as window:
        assert window.stdout is not None
        assert window.stdout.readline() == "held\n"
        with pytest.raises(PlayedElsewhere), records.hold("leyla-1"):
            pass
        window.kill()
    assert window.returncode == -signal.SIGKILL
    # A server may take a moment to see that nobody is there any more.
    last = time.monotonic() + 10
    while not _is_free(records):
        assert time.monotonic() < last


def _is_free(records: Records) -> bool:
    try:
        with records.hold("leyla-1"):
            return True
    except PlayedElsewhere:
        return False


@pytest.mark.parametrize("id", ["", "../people", "a/b", "a" * 65, "a.b"])
def test_only_a_harmless_id_names_a_lock(records: Records, id: str) -> None:
    with pytest.raises(ValueError, match="letters, digits and hyphens"), records.hold(id):
        pass
