"""Records in a folder of their own, and attempts at `late-parcel` to put into them."""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from servicesim.records import Attempt, Records, Result, open_records
from servicesim.records.place import Place

MONDAY = 1_760_000_000_000
SCENARIO = '{"id":"late-parcel"}'
PRINCIPLES = '{"principles":{}}'

Attempts = Callable[..., Attempt]


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    return tmp_path / "records"


@pytest.fixture
def place(folder: Path) -> Place:
    """Where the records are; a module that overrides it by `either_place` runs on both kinds of stores."""
    return folder


@pytest.fixture
def records(place: Place) -> Iterator[Records]:
    with open_records(place) as records:
        records.keep_text("scenario", SCENARIO)
        records.keep_text("principles", PRINCIPLES)
        yield records


@pytest.fixture
def attempt() -> Attempts:
    """Makes an attempt at `late-parcel`, with the changes asked for."""
    by, principles = (hashlib.sha256(text.encode()).hexdigest() for text in (SCENARIO, PRINCIPLES))
    usual = Attempt("leyla-1", "leyla", "late-parcel", by, principles, 1, 7, False, False, "fa", MONDAY)

    def make(id: str = "leyla-1", **changes: Any) -> Attempt:
        return replace(usual, id=id, **changes)

    return make


@pytest.fixture
def result() -> Result:
    return Result(MONDAY + 90_000, "resolved", "1900/23", True, "satisfied", 5, 55, 60, 2, 1, '{"listen":"1"}')
