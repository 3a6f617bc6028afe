"""What all tests share: the same examples in every run, and no home but a temporary one."""

from __future__ import annotations

import gc
from pathlib import Path

import pytest
from hypothesis import settings

from postgres import either_owned, either_place, empty_postgres, postgres, postgres_cluster  # noqa: F401
from proved import proved  # noqa: F401

# Random examples are for benchmarks/reliability.py, which prints its seed; a suite that others must trust repeats itself.
settings.register_profile("suite", deadline=None, derandomize=True, database=None)
settings.load_profile("suite")

# Thousands of collected tests are no garbage: looking through them again and again would be a tenth of the time.
gc.set_threshold(50_000, 20, 50)


def pytest_collection_finish() -> None:
    gc.collect()
    gc.freeze()


@pytest.fixture(autouse=True)
def _home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("SERVICESIM_HOME", str(tmp_path / "home"))
