"""The house of a place: its stores opened, and the key that signs read from its file."""

from __future__ import annotations

import time
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import replace
from pathlib import Path

from servicesim import platform
from servicesim.errors import UsageError
from servicesim.private import read_private, write_private
from servicesim.records import open_people, open_records
from servicesim.records.organisation import FILE, Key, open_organisation
from servicesim.records.place import Place, shown
from servicesim.records.signed import Signer, new_key
from servicesim.server.house import House, ServerSettings

NAME = "name"
"""Under which the organisation's name is settled."""
KEY_FILE = "signing-key.pem"
_MOST = 16_384  # bytes of a key's file


def now() -> int:
    """By this computer's clock: UTC, in milliseconds since 1970."""
    return time.time_ns() // 1_000_000


@contextmanager
def opened(place: Place, key: Path | None, settings: ServerSettings | None = None) -> Iterator[House]:
    """The house of this place. Raises UsageError where no organisation is kept, StoreUnusable where it cannot be reached."""
    demand_made(place)
    with ExitStack() as stores:
        organisation = stores.enter_context(open_organisation(place))
        name = organisation.settled(NAME)
        if name is None:
            raise _nothing_there(place)
        signer = Signer(read_key(key_file(place, key)))
        organisation.keep_key(Key(signer.key_id, signer.public), since=now())
        records, people = stores.enter_context(open_records(place)), stores.enter_context(open_people(place))
        yield House(organisation, records, people, signer, now, replace(settings or ServerSettings(""), name=name))


def demand_made(place: Place) -> None:
    """Raises UsageError for a folder in which no organisation is kept: opening it would make one."""
    if isinstance(place, Path) and not (place / FILE).is_file():
        raise _nothing_there(place)


def key_file(place: Place, told: Path | None) -> Path:
    """The file that was named, else the one that lies in the folder; raises UsageError where there is no folder."""
    if told is not None:
        return told
    if isinstance(place, Path):
        return place / KEY_FILE
    raise UsageError("where is the key that signs verdicts? name its file with --key, or set SERVICESIM_KEY")


def make_key(path: Path) -> bool:
    """Make a new key in this file, which only its owner can read; False if a key is there already."""
    if path.exists():
        Signer(read_key(path))
        return False
    platform.make_folder(path.absolute().parent)
    try:
        write_private(path, new_key())
    except OSError as failure:
        raise UsageError(f"the key cannot be written to {path} ({failure.strerror or failure})") from failure
    platform.sync_folder(path.absolute().parent)
    return True


def read_key(path: Path) -> bytes:
    """The content of a key's file; raises UsageError if it is not there, or others can read it."""
    exposed = ", and so sign in the server's name: say chmod 600, and think about a new key"
    return read_private(path, _MOST, what="the key that signs verdicts", exposed=exposed)


def _nothing_there(place: Place) -> UsageError:
    return UsageError(f"no organisation is kept at {shown(place)}; make one: servicesim organisation init --store PLACE --name NAME --admin ID")
