"""A hundredth of what `python -m benchmarks.reliability` proves of conditions, replays and hostile texts, with its negative controls."""

from __future__ import annotations

from pathlib import Path

import pytest
from benchmarks import reliability_conditions, reliability_report
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
