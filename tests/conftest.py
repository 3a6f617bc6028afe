"""What all tests share: the same examples in every run, and no home but a temporary one."""

from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import settings

# Random examples are for benchmarks/reliability.py, which prints its seed; a suite that others must trust repeats itself.
settings.register_profile("suite", deadline=None, derandomize=True, database=None)
settings.load_profile("suite")


@pytest.fixture(autouse=True)
def _home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("SERVICESIM_HOME", str(tmp_path / "home"))
