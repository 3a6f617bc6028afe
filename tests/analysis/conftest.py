"""Encounters that stand in the docstring of the test that is about them."""

from __future__ import annotations

import inspect

import pytest

from analysis.small import script
from servicesim.encounter.script import Script


@pytest.fixture
def written(request: pytest.FixtureRequest) -> Script:
    """The script that stands in a test's docstring."""
    return script(f"{inspect.getdoc(request.function)}\n")
