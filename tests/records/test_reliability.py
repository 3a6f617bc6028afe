"""A hundredth of what `python -m benchmarks.reliability` proves, each with its negative control."""

from __future__ import annotations

import os
import random
from collections.abc import Sequence
from importlib import import_module
from pathlib import Path

import pytest

from benchmarks import (
    reliability,
    reliability_bit_flips,
    reliability_io_errors,
    reliability_kills,
    reliability_migrations,
    reliability_power_cuts,
    reliability_report,
)
from benchmarks.reliability_disk import (
    MOODS,
    NOTHING,
    Deed,
    FolderSynced,
    Made,
    Mood,
    Renamed,
    Synced,
    Truncated,
    Wrote,
    after_power_cut,
)
from benchmarks.reliability_report import Experiment, Failing, Report

SEED = 1
ALL = Mood(there=1.0, torn=0.0)


@pytest.fixture(autouse=True)
def failing(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Where inputs that fail in these tests are kept, so that a test leaves nothing in the checkout."""
    monkeypatch.setattr(reliability_report, "FAILING", tmp_path / "failing")
    return tmp_path / "failing"


def proved(experiment: Experiment) -> Report:
    report = experiment.run(0.01, SEED)
    if report.amount == "none":
        pytest.skip(report.result)
    return report


@pytest.mark.skipif(not hasattr(os, "fork"), reason="this system cannot fork writers")
def test_what_a_killed_writer_had_acknowledged_is_there() -> None:
    report = proved(reliability_kills)
    assert report.holds, report


def test_what_was_acknowledged_survives_power_cuts() -> None:
    report = proved(reliability_power_cuts)
    assert report.holds, report


def test_what_was_acknowledged_survives_errors_of_the_disk() -> None:
    report = proved(reliability_io_errors)
    assert report.holds, report


@pytest.mark.skipif(not hasattr(os, "fork"), reason="this system cannot fork lives")
def test_an_update_that_is_killed_leaves_the_old_or_the_new_and_nothing_between() -> None:
    report = proved(reliability_migrations)
    assert report.holds, report


def test_a_flipped_bit_is_reported_or_changed_nothing_that_is_kept() -> None:
    report = proved(reliability_bit_flips)
    assert report.holds, report
    print(report.result)


def test_every_experiment_can_be_run() -> None:
    for module in reliability.EXPERIMENTS.values():
        assert callable(import_module(module).run)


# The disk that is simulated


def state(deeds: Sequence[Deed], mood: Mood, before: dict[str, bytes] | None = None, seed: int = 0) -> dict[str, bytes]:
    return after_power_cut(before or {}, deeds, mood, random.Random(seed))


NEW = [Made("new", 0), Wrote(0, 0, b"content"), Synced(0), Renamed("new", "records"), FolderSynced()]


def test_what_was_synced_is_there_in_every_mood() -> None:
    assert all(state(NEW, mood) == {"records": b"content"} for mood in MOODS)


def test_names_need_a_sync_of_the_folder_and_content_one_of_the_file() -> None:
    assert state(NEW[:-1], NOTHING) == {}
    assert state(NEW[:-1], ALL) == {"records": b"content"}
    assert state([NEW[0], NEW[1], FolderSynced()], NOTHING) == {"new": b""}


def test_what_came_after_the_last_sync_may_be_missing() -> None:
    later = [*NEW, Truncated(0, 3), Wrote(0, 3, b"FUSED")]
    assert state(later, NOTHING) == {"records": b"content"}
    assert state(later, ALL) == {"records": b"conFUSED"}


def test_what_a_failed_sync_left_behind_is_not_saved_by_a_later_one() -> None:
    failed = [*NEW, Wrote(0, 0, b"CON"), Synced(0, failed=True), Wrote(0, 3, b"TENT"), Synced(0)]
    assert state(failed, NOTHING) == {"records": b"conTENT"}


def test_a_torn_write_is_torn_at_sectors() -> None:
    old, new = b"a" * 2048, b"b" * 1500
    torn = {state([Wrote(0, 100, new)], Mood(1.0, 1.0), {"records": old}, seed)["records"] for seed in range(40)}
    assert len(torn) > 8
    for content in torn:
        assert len(content) == 2048
        sectors = [content[at : at + 512] for at in range(0, 2048, 512)]
        assert sectors[0] in (b"a" * 512, b"a" * 100 + b"b" * 412)
        assert all(sector in (b"a" * 512, b"b" * 512) for sector in sectors[1:3])


# The table


def test_inputs_that_failed_are_played_first() -> None:
    Failing("kills").keep(["1", 7], "an event is lost")
    assert list(Failing("kills").first([["1", 0]])) == [["1", 7], ["1", 0]]
    assert list(Failing("power-cuts").first([["1", 0]])) == [["1", 0]]


@pytest.mark.parametrize(("holds", "code"), [(True, 0), (False, 1)])
def test_a_proof_that_does_not_hold_ends_with_1(
    holds: bool, code: int, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    report = Report("kill -9 of the writer", "20 kills", "0 lost", "caught", 1.0, holds)
    monkeypatch.setattr(reliability_kills, "run", lambda scale, seed: report)
    monkeypatch.setattr("sys.argv", ["reliability", "--only", "kills", "--seed", "5"])
    assert reliability.main() == code
    assert "seed 5" in capsys.readouterr().out
