"""All that the server works with, in one object: stores, signing key, clock and settings are passed in, and nothing is global."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

from fastapi import Request

if TYPE_CHECKING:
    from servicesim.records.organisation import Organisation
    from servicesim.records.people import People
    from servicesim.records.records import Records
    from servicesim.records.signed import Signer


@dataclass(frozen=True, slots=True)
class Rates:
    """Requests a second that one process answers, on the long run; four seconds' worth may come at once."""

    desk: float = 20
    """To one desk."""
    address: float = 500
    """To all desks of one address: a whole office may share it."""
    browser: float = 50
    """To all browsers of one address, and to whoever shows no key."""


@dataclass(frozen=True, slots=True)
class ServerSettings:
    """What those who run the server settled."""

    name: str
    """The organisation's, as people read it."""
    url: str | None = None
    """Where the server is reached from outside, such as `https://train.example.org`; None on this computer only."""
    behind: frozenset[str] = frozenset()
    """The addresses (or networks, such as `10.0.0.0/24`) of proxies whose word about who asks is believed."""
    exposed: bool = False
    """Others than this computer can reach the port: only the proxies are answered."""
    files: Path | None = None
    """A folder whose `programmes` and `scenarios` trainers can choose from, beside those that come with ServiceSim."""
    ticket_days: int = 30
    """How long a ticket for an attempt stays open."""

    rates: Rates = Rates()

    @property
    def secure(self) -> bool:
        """Whether browsers reach the server by https, so that its cookies go nowhere else."""
        return self.url is not None and urlsplit(self.url).scheme == "https"


@dataclass(frozen=True, slots=True)
class House:
    """What every handler gets, by `house_of(request)`."""

    organisation: Organisation
    records: Records
    people: People
    signer: Signer
    now: Callable[[], int]
    """UTC, in milliseconds since 1970."""
    settings: ServerSettings


def house_of(request: Request) -> House:
    """The house that this request came to; also to be had as `Depends(house_of)`."""
    house: House = request.app.state.house
    return house
