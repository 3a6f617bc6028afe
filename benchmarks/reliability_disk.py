"""What a disk may hold after a power cut: a log of what was asked of it, and the states that this allows.

Everything up to a file's last successful sync is there. Of what came later, each write may be there, missing, or torn at sectors
of 512 bytes (with anything in sectors that the file did not have before), and each truncation may be missing. What a sync failed to
flush is not saved by a later one. Names that were made, removed or changed are certain once the folder was synced.
"""

from __future__ import annotations

import random
from collections.abc import Sequence
from dataclasses import dataclass
from typing import assert_never

SECTOR = 512


@dataclass(frozen=True, slots=True)
class Made:
    """A file came to be under this name; `file` is its number, which stays when its name changes."""

    name: str
    file: int


@dataclass(frozen=True, slots=True)
class Removed:
    """The name is gone."""

    name: str


@dataclass(frozen=True, slots=True)
class Renamed:
    """A file has another name."""

    old: str
    new: str


@dataclass(frozen=True, slots=True)
class FolderSynced:
    """The names are on the disk."""


@dataclass(frozen=True, slots=True)
class Wrote:
    """Bytes were written at this place."""

    file: int
    offset: int
    data: bytes


@dataclass(frozen=True, slots=True)
class Truncated:
    """The file was cut to this size."""

    file: int
    size: int


@dataclass(frozen=True, slots=True)
class Synced:
    """The file's content is on the disk; or the attempt to bring it there failed."""

    file: int
    failed: bool = False


@dataclass(frozen=True, slots=True)
class Told:
    """The writer was told that this much is safe."""

    attempt: str
    events: int
    ended: bool


@dataclass(frozen=True, slots=True)
class Complained:
    """The writer was told that something failed."""


Deed = Made | Removed | Renamed | FolderSynced | Wrote | Truncated | Synced | Told | Complained


@dataclass(frozen=True, slots=True)
class Mood:
    """How a disk treats what was not synced: the chances that it is there, and that a write which is there is torn."""

    there: float
    torn: float


NOTHING = Mood(0.0, 0.0)
MOODS = (NOTHING, Mood(1.0, 0.0), Mood(0.5, 0.0), Mood(0.5, 0.5), Mood(0.9, 0.3), Mood(0.1, 0.3))


def after_power_cut(
    before: dict[str, bytes], deeds: Sequence[Deed], mood: Mood, chance: random.Random
) -> dict[str, bytes]:
    """One state that the folder may be in when the power fails after these deeds; `before` was on the disk when they began."""
    certain = _certain(deeds)
    names = {name: number for number, name in enumerate(before)}
    contents = {number: bytearray(content) for number, content in enumerate(before.values())}
    for deed, safe in zip(deeds, certain, strict=True):
        if safe or chance.random() < mood.there:
            torn = not safe and chance.random() < mood.torn
            _apply(deed, names, contents, chance if torn else None)
    return {name: bytes(contents.get(number, b"")) for name, number in names.items()}


def _certain(deeds: Sequence[Deed]) -> list[bool]:
    """For each deed whether it is on the disk, found from the end: what happens next to its file or folder decides."""
    folder_synced = False
    synced: dict[int, bool] = {}
    certain = []
    for deed in reversed(deeds):
        match deed:
            case FolderSynced():
                folder_synced = True
            case Synced(file, failed):
                synced[file] = not failed
        match deed:
            case Wrote(file) | Truncated(file):
                certain.append(synced.get(file, False))
            case _:
                certain.append(folder_synced)
    return certain[::-1]


def _apply(deed: Deed, names: dict[str, int], contents: dict[int, bytearray], torn: random.Random | None) -> None:
    match deed:
        case Made(name, file):
            names[name] = file
        case Removed(name):
            names.pop(name, None)
        case Renamed(old, new):
            if old in names:
                names[new] = names.pop(old)
        case Wrote(file, offset, data):
            _write(contents.setdefault(file, bytearray()), offset, data, torn)
        case Truncated(file, size):
            content = contents.setdefault(file, bytearray())
            del content[size:]
            content.extend(bytes(size - len(content)))
        case FolderSynced() | Synced() | Told() | Complained():
            pass
        case _:
            assert_never(deed)


def _write(content: bytearray, offset: int, data: bytes, torn: random.Random | None) -> None:
    had = len(content)
    end = offset
    while end < offset + len(data):
        begin, end = end, min((end // SECTOR + 1) * SECTOR, offset + len(data))
        if torn is None or torn.random() < 0.5:
            _put(content, begin, data[begin - offset : end - offset])
        elif begin >= had and torn.random() < 0.5:
            _put(content, begin, torn.randbytes(end - begin))


def _put(content: bytearray, offset: int, data: bytes) -> None:
    content.extend(bytes(max(0, offset - len(content))))
    content[offset : offset + len(data)] = data
