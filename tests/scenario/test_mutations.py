"""A two-hundredth of the mutated scenario files of `python -m benchmarks.reliability`."""

from __future__ import annotations

import base64
import subprocess

import pytest

from benchmarks import reliability_mutations as mutations


def test_five_hundred_broken_files_are_all_answered_in_time() -> None:
    report = mutations.run(scale=0.005, seed=1)
    assert report.holds, report


def test_the_same_seed_gives_the_same_files() -> None:
    files = [mutations.mutated(3, number) for number in range(50)]
    assert files == [mutations.mutated(3, number) for number in range(50)]
    assert len(set(files)) > 45


def test_an_answer_that_raises_is_caught_and_kept(monkeypatch: pytest.MonkeyPatch) -> None:
    def fails(data: bytes) -> None:
        raise RecursionError("too deep")

    monkeypatch.setattr(mutations, "load_text", fails)
    assert mutations.answered(b"a: b")[1] == "RecursionError: too deep"


def test_a_file_that_kills_the_process_is_noted_and_the_rest_still_played(monkeypatch: pytest.MonkeyPatch) -> None:
    asked = []

    def in_child(*arguments: str, given: str = "") -> object:
        asked.append(arguments)
        first, count = int(arguments[1]), int(arguments[2])
        died = first == 0
        lines = [f"{number} 0.01 " for number in range(first, 2 if died else first + count)]
        return subprocess.CompletedProcess([], -11 if died else 0, "\n".join(lines), "")

    monkeypatch.setattr(mutations, "_in_child", in_child)
    batch = mutations._played(1, 0, 5)
    assert batch.failures == [(2, "the process ends with -11: ")]
    assert asked == [("1", "0", "5"), ("1", "3", "2")]


def test_a_kept_file_is_played_first(monkeypatch: pytest.MonkeyPatch) -> None:
    given = base64.b64encode(b"a: b").decode()
    assert mutations._why_kept_fails(given) == ""
