"""A hundredth of what `python -m benchmarks.reliability` proves of conditions, replays and hostile texts, with its negative controls."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from benchmarks import (
    reliability_conditions,
    reliability_game_kills,
    reliability_replay,
    reliability_report,
    reliability_text,
)
from benchmarks import reliability_text_sinks as sinks
from servicesim.scenario import conditions

SEED = 1


@pytest.fixture(autouse=True)
def failing(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Where inputs that fail in these tests are kept, so that a test leaves nothing in the checkout."""
    monkeypatch.setattr(reliability_report, "FAILING", tmp_path / "failing")
    return tmp_path / "failing"


# Conditions


def test_any_condition_is_read_or_refused_and_means_what_it_says() -> None:
    report = reliability_conditions.run(0.01, SEED)
    assert report.holds, report


def test_a_reader_that_breaks_down_on_many_brackets_is_caught(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(conditions, "DEEPEST", 1_000)
    assert reliability_conditions.answered("(" * 199) == (False, "RecursionError: maximum recursion depth exceeded")


# Replay


def test_plays_are_the_same_whatever_the_hash_seed_time_zone_and_locale() -> None:
    report = reliability_replay.run(0.005, SEED)
    assert report.holds, report


def test_one_play_that_differs_in_one_process_is_found() -> None:
    places = reliability_replay._places(few=True)
    told = [["play 1/0 of late-parcel: a b", "export c of 1 attempts"]] * 2
    assert list(reliability_replay._faults(places, [*told, told[0]])) == []
    assert list(reliability_replay._faults(places, [*told, ["play 1/0 of late-parcel: a B", told[0][1]]])) == [
        f"play 1/0 of late-parcel: a b differs in {places[2]}"
    ]
    assert len(list(reliability_replay._faults(places, [*told, ["WRONG: the process ends with 1: "]]))) == 3


# Hostile texts


def test_hostile_texts_run_and_steer_nothing() -> None:
    report = reliability_text.run(0.01, SEED)
    assert report.holds, report


@pytest.mark.parametrize("text", ["\x1b[31m", "a\u202eb", "\u2067", "\ud800", "\U0001fffe", "\u2028"])
def test_what_steers_a_terminal_is_seen(text: str) -> None:
    assert sinks.steering(f"a line\n{text}")
    assert not sinks.steering("می\u200cخواهم\n")


@pytest.mark.parametrize("cell", ["=1", "  +1", "\u2003=1", "\uff1d1", "\ufe661", "\u200b@x", "\tx"])
def test_what_a_spreadsheet_might_run_is_seen(cell: str) -> None:
    assert sinks.runs(cell)
    assert not sinks.runs(f"'{cell}")


# The game, killed


@pytest.mark.skipif(not hasattr(os, "fork"), reason="this system cannot fork lives")
def test_the_game_resumes_with_what_it_had_shown_and_plays_on_to_its_end() -> None:
    report = reliability_game_kills.run(0.01, SEED)
    assert report.holds, report
