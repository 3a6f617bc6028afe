"""One server for all tests of a module, and for each test a desk of its own."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from connection.served import Linked, Served, offer, served
from servicesim.connection.enrolling import enrol
from servicesim.connection.line import Pace
from servicesim.connection.link import Link


@pytest.fixture(scope="module")
def _server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Served]:
    with served(tmp_path_factory.mktemp("server")) as server:
        yield server


@pytest.fixture
def server(_server: Served) -> Served:
    """Open, and with the late parcel on offer, whatever the test before did."""
    _server.start()
    offer(_server.house)
    return _server


@pytest.fixture
def desk(server: Served, tmp_path: Path) -> Iterator[Linked]:
    """Enrolled, with everything fetched; its link has no thread, and does one turn when it is asked to."""
    home = tmp_path / "desk"
    connection = enrol(home, server.url, server.code()).connection
    with Link(home, pace=Pace(gather=0.0, first=0.0, most=0.0), start=False) as link:
        link.turn()
        yield Linked(home, link, connection)
