"""The connections of this computer: one file for each learner, which nobody else can read, for it holds the desk's key."""

from __future__ import annotations

import json
import secrets
from collections.abc import Iterator, Mapping
from contextlib import suppress
from dataclasses import asdict, dataclass, field, replace
from pathlib import Path
from typing import Annotated

from pydantic import BaseModel, ConfigDict, StringConstraints, ValidationError

from servicesim import platform
from servicesim.errors import UsageError
from servicesim.private import read_private, write_private

FOLDER = "connections"
_MOST = 100_000  # bytes of a file


@dataclass(frozen=True, slots=True)
class Connection:
    """Somebody's desk at an organisation; `since` is UTC, in milliseconds, and `keys` are public ones (base64), by their ids."""

    url: str
    organisation: str
    desk: str
    key: str = field(repr=False)
    keys: Mapping[str, str]
    learner: str
    since: int

    def knowing(self, keys: Mapping[str, str]) -> Connection:
        """With keys that the server signs with now; one that is known stays as it is."""
        return replace(self, keys={**keys, **self.keys})


class _Written(BaseModel):
    model_config = ConfigDict(strict=True, extra="forbid")

    url: str
    organisation: str
    desk: str
    key: Annotated[str, StringConstraints(pattern=r"^[!-~]+$")]
    keys: dict[str, str]
    learner: str
    since: int


def connections(home: Path) -> dict[str, Connection]:
    """Those of this computer that can be read, by learner."""
    return {one.learner: one for one in _found(home)}


def _found(home: Path) -> Iterator[Connection]:
    for path in sorted((home / FOLDER).glob("*.json")):
        # A file that cannot be read is told where somebody asks for it: `servicesim connect --status`.
        with suppress(UsageError):
            yield read(path)


def unreadable(home: Path) -> list[str]:
    """Why files cannot be read, a sentence each."""
    told = []
    for path in sorted((home / FOLDER).glob("*.json")):
        try:
            read(path)
        except UsageError as why:
            told.append(str(why))
    return told


def read(path: Path) -> Connection:
    """The connection in a file; raises UsageError that quotes nothing of it."""
    try:
        written = _Written.model_validate_json(read_private(path, _MOST, exposed=": say chmod 600, and ask your organisation whether you need a new code"))
    except (ValidationError, ValueError):
        raise UsageError(f"{path} cannot be read: ask your organisation for a new code, and connect again") from None
    if path.stem != written.learner:
        raise UsageError(f"{path} is of somebody else: give it its own name back")
    return Connection(**written.model_dump())


def keep(home: Path, connection: Connection) -> None:
    """Keep a connection, on the disk when this returns; one of the same learner is replaced."""
    path = _path(home, connection.learner)
    platform.make_folder(path.parent)
    unfinished = path.with_name(f".{path.name}.{secrets.token_hex(4)}.tmp")
    told = json.dumps({**asdict(connection), "keys": dict(connection.keys)}, ensure_ascii=False, indent=1)
    try:
        write_private(unfinished, told.encode())
        platform.rename(unfinished, path)
    except BaseException:
        unfinished.unlink(missing_ok=True)
        raise


def forget(home: Path, learner: str) -> None:
    """Remove a connection; its key is useless here from now on."""
    path = _path(home, learner)
    path.unlink(missing_ok=True)
    if path.parent.is_dir():
        platform.sync_folder(path.parent)


def _path(home: Path, learner: str) -> Path:
    return home / FOLDER / f"{learner}.json"
