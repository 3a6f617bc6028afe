"""A house in a folder of its own with a clock that stands still, and a browser in front of it without any network."""

from __future__ import annotations

import warnings
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from pathlib import Path

import pytest

from servicesim.records import open_people, open_records
from servicesim.records.organisation import open_organisation
from servicesim.records.place import Place
from servicesim.records.signed import Signer, new_key
from servicesim.server.app import application
from servicesim.server.house import House, ServerSettings

with warnings.catch_warnings():
    # Starlette would rather have the successor of httpx, which nothing else here needs.
    warnings.simplefilter("ignore")
    from starlette.testclient import TestClient

MONDAY = 1_760_000_000_000


@dataclass(slots=True)
class Clock:
    """Says what it is told to say."""

    at: int = MONDAY

    def __call__(self) -> int:
        return self.at

    def pass_by(self, *, seconds: float = 0, hours: float = 0, days: float = 0) -> None:
        self.at += round(((days * 24 + hours) * 3600 + seconds) * 1000)


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture
def settings() -> ServerSettings:
    return ServerSettings("Kestrel Parcels")


@pytest.fixture
def house(tmp_path: Path, clock: Clock, settings: ServerSettings) -> Iterator[House]:
    with opened(tmp_path / "server", clock, settings) as house:
        yield house


@pytest.fixture
def either_house(either_place: Place, clock: Clock, settings: ServerSettings) -> Iterator[House]:
    """On a folder, and on PostgreSQL."""
    with opened(either_place, clock, settings) as house:
        yield house


@contextmanager
def opened(place: Place, clock: Clock, settings: ServerSettings) -> Iterator[House]:
    """A house at a place."""
    with ExitStack() as stores:
        organisation = stores.enter_context(open_organisation(place))
        records = stores.enter_context(open_records(place))
        people = stores.enter_context(open_people(place))
        yield House(organisation, records, people, Signer(new_key()), clock, settings)


@pytest.fixture
def browser(house: House) -> Iterator[TestClient]:
    with TestClient(application(house), base_url="http://127.0.0.1") as browser:
        yield browser
