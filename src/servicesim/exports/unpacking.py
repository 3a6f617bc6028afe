"""Reading a hand-in that a stranger may have made: nothing of it is written to the disk, and nothing is believed unseen."""

from __future__ import annotations

import hashlib
import io
import json
import os
import re
import stat
import struct
import zipfile
import zlib
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any, BinaryIO, TypeVar, get_args, get_type_hints

from servicesim import platform
from servicesim.errors import UsageError, VerificationFailed
from servicesim.exports.handin import (
    ATTEMPTS,
    FORMAT,
    FORMAT_KEY,
    LARGEST,
    LONGEST_LINE,
    MANIFEST,
    PEOPLE,
    TEXTS,
    Content,
    Tally,
)
from servicesim.records import Attempt, Person, Result
from servicesim.records.chain import head, last_link, seal, sha256
from servicesim.records.inspecting import KINDS, Kept

LARGEST_FILE = 1 << 30
LONGEST_TEXT = 1 << 22  # characters of a scenario or of principles
LONGEST_NAME = 1_000  # characters
_END = struct.Struct("<4s4H2LH")  # the end of a ZIP archive
_MOST_ENTRIES, _LARGEST_DIRECTORY = 64, 1 << 16
_HALF_CHARACTER = re.compile(rb"\\u[dD][89a-fA-F]")
_IDS = {
    "id": re.compile(r"[A-Za-z0-9-]{1,64}"),
    "learner": re.compile(r"[A-Za-z0-9-]{1,64}"),
    "scenario": re.compile(r"[a-z][a-z0-9-]{0,199}"),
    "scenario_hash": re.compile(r"[0-9a-f]{64}"),
    "principles_hash": re.compile(r"[0-9a-f]{64}"),
    "language": re.compile(r"[A-Za-z]{2,8}(-[A-Za-z0-9]{1,8}){0,3}"),
}
_LAST_TIME = 253_000_000_000_000  # in the year 9987: every clock can tell it
_FIELDS: dict[type, dict[str, tuple[type, ...]]] = {
    kind: {name: get_args(wanted) or (wanted,) for name, wanted in get_type_hints(kind).items()}
    for kind in (Attempt, Result, Person, Content)
}
Record = TypeVar("Record", Attempt, Result, Person, Content)


class NoHandin(VerificationFailed):
    """A file that cannot be collected at all; the message says why."""


class _Wrong(Exception):
    """A line that does not say what it should."""


@dataclass(frozen=True, slots=True)
class Row:
    """One line of the attempts: an attempt, or why it is none. `where` names it, by its id as far as that can be read."""

    where: str
    kept: Kept | None
    why: str = ""


@contextmanager
def opened(path: Path) -> Iterator[Handin]:
    """The hand-in in this file, held against its own manifest; raises NoHandin if it is none or is damaged."""
    if not os.path.lexists(path):
        raise UsageError(f"there is no file {path}; name a hand-in, such as desk-3.zip")
    descriptor = platform.open_without_waiting(path)
    with os.fdopen(descriptor, "rb") as file:
        if not stat.S_ISREG(os.fstat(descriptor).st_mode):
            raise NoHandin("it is no file that can be read")
        with _untrusted():
            _demand_plain_archive(file)
            archive = zipfile.ZipFile(file)
        with archive:
            yield Handin(archive)


class Handin:
    """A hand-in whose manifest was read, and whose files are those that the manifest names."""

    def __init__(self, archive: zipfile.ZipFile) -> None:
        self._archive = archive
        manifest = self._manifest()
        self.at: str = manifest["at"]
        self.batch = hashlib.sha256(self._read_manifest()).hexdigest()
        """The SHA-256 of the manifest, which holds those of all else: the name of what is in it."""
        self.contents = _contents(manifest["files"])
        self._demand_whole()

    def attempts(self) -> Iterator[Row]:
        """Each attempt, held against its chain and its seal, but not played again."""
        for number, line in enumerate(self._lines(ATTEMPTS), 1):
            where = f"line {number}"
            try:
                told = _object(line)
                where = _id_in(told) or where
                yield Row(where, _kept(told))
            except _Wrong as wrong:
                yield Row(where, None, str(wrong))

    def texts(self) -> dict[str, tuple[str, str]]:
        """The kind and the body of each text, by its hash."""
        return dict(self._all(TEXTS, _text))

    def people(self) -> dict[str, Person]:
        """Who it is whose attempts these are, by the learner id of that desk."""
        found = [person for _, person in self._all(PEOPLE, _person)]
        by_learner = {person.learner: person for person in found}
        if len(by_learner) < len(found) or len({person.id for person in found}) < len(found):
            raise NoHandin(f"{PEOPLE} in it names somebody twice")
        return by_learner

    def _all(self, name: str, read: Any) -> Iterator[Any]:
        for number, line in enumerate(self._lines(name), 1):
            try:
                yield read(_object(line))
            except _Wrong as wrong:
                raise NoHandin(f"line {number} of {name} in it cannot be used: {wrong}") from None

    def _read_manifest(self) -> bytes:
        self._demand_entry(MANIFEST)
        with _untrusted(), self._archive.open(MANIFEST) as member:
            return member.read(LARGEST[MANIFEST])

    def _manifest(self) -> dict[str, Any]:
        names = self._archive.namelist()
        if MANIFEST not in names:
            raise NoHandin(f"it is no hand-in of ServiceSim: there is no {MANIFEST} in it")
        try:
            manifest = _object(self._read_manifest())
        except _Wrong as wrong:
            raise NoHandin(f"its {MANIFEST} cannot be read: {wrong}") from None
        version = manifest.get(FORMAT_KEY)
        if type(version) is not int or version < 1:
            raise NoHandin(f"it is no hand-in of ServiceSim: its {MANIFEST} does not say so")
        if version > FORMAT:
            raise NoHandin(
                f"it was written by a newer version of ServiceSim (format {version}, this one knows {FORMAT}): install the newer "
                "version here, then collect it again"
            )
        if sorted(names) != sorted(LARGEST):
            raise NoHandin(f"it holds other files than a hand-in does, which are {', '.join(LARGEST)}")
        if type(manifest.get("at")) is not str or len(manifest["at"]) > LONGEST_NAME:
            raise NoHandin(f"its {MANIFEST} does not say when it was written")
        return manifest

    def _demand_entry(self, name: str) -> None:
        entry = self._archive.getinfo(name)
        if entry.flag_bits & 1:
            raise NoHandin(f"{name} in it is encrypted: hand in the file as ServiceSim has written it")
        if stat.S_IFMT(entry.external_attr >> 16) not in (0, stat.S_IFREG) or entry.compress_type not in (zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED):
            raise NoHandin(f"{name} in it is no plain file")
        if entry.file_size > LARGEST[name]:
            raise NoHandin(f"{name} in it is too large ({entry.file_size:,} bytes unpacked; at most {LARGEST[name]:,})")

    def _demand_whole(self) -> None:
        """Raises NoHandin unless every file is what the manifest says."""
        for name, content in self.contents.items():
            self._demand_entry(name)
            tally = Tally(name)
            for line in self._lines(name):
                tally.add(line)
            if tally.content() != content:
                raise NoHandin(f"{name} in it is not what its {MANIFEST} says: it was damaged or changed on the way; hand it in again")

    def _lines(self, name: str) -> Iterator[bytes]:
        """Line by line, at most one of them in memory."""
        with _untrusted():
            member = io.BufferedReader(self._archive.open(name), 1 << 16)  # type: ignore[type-var]
        with member:
            while True:
                with _untrusted():
                    line = member.readline(LONGEST_LINE + 1)
                if not line:
                    return
                if len(line) > LONGEST_LINE:
                    raise NoHandin(f"{name} in it has a line that is too long")
                yield line


@contextmanager
def _untrusted() -> Iterator[None]:
    """Whatever the ZIP reader says of bytes that are no sound archive is raised as NoHandin."""
    try:
        yield
    except (zipfile.BadZipFile, zlib.error, EOFError, ValueError, struct.error, RuntimeError) as failure:
        raise NoHandin("it is no hand-in of ServiceSim, or it was damaged on the way: hand it in again") from failure


def _demand_plain_archive(file: BinaryIO) -> None:
    """Raises NoHandin unless it ends as we end an archive: a large directory is not even looked at."""
    size = file.seek(0, os.SEEK_END)
    if size > LARGEST_FILE:
        raise NoHandin(f"it is too large ({size:,} bytes; at most {LARGEST_FILE:,})")
    if size < _END.size:
        raise zipfile.BadZipFile
    file.seek(max(0, size - _END.size - 20))
    tail = file.read()
    sign, disk, first_disk, here, entries, directory, offset, comment = _END.unpack(tail[-_END.size :])
    plain = sign == b"PK\5\6" and (disk, first_disk, comment) == (0, 0, 0) and here == entries
    if not plain or tail.startswith(b"PK\6\7") or offset + directory + _END.size != size:
        raise zipfile.BadZipFile
    if entries > _MOST_ENTRIES or directory > _LARGEST_DIRECTORY:
        raise NoHandin("it is no hand-in of ServiceSim: there are too many files in it")


# Line by line


def _object(line: bytes) -> dict[str, Any]:
    try:
        told = json.loads(line.decode())
        if _HALF_CHARACTER.search(line):
            json.dumps(told, ensure_ascii=False).encode()
    except UnicodeError:
        raise _Wrong("it holds half a character, or is no UTF-8") from None
    except (ValueError, RecursionError):
        raise _Wrong("it is no JSON") from None
    if type(told) is not dict:
        raise _Wrong("it is no JSON object")
    return told


def _id_in(told: dict[str, Any]) -> str:
    row = told.get("attempt")
    id = row.get("id") if type(row) is dict else None
    return id if type(id) is str and _IDS["id"].fullmatch(id) else ""


def _kept(told: dict[str, Any]) -> Kept:
    if set(told) != {"attempt", "lines", "chain", "result", "seal"}:
        raise _Wrong("it has other fields than an attempt has")
    attempt, result, lines = _record(Attempt, told["attempt"]), _record(Result, told["result"]), told["lines"]
    if type(lines) is not list or any(type(line) is not str for line in lines):
        raise _Wrong("its transcript is no list of lines")
    for name, pattern in _IDS.items():
        if not pattern.fullmatch(getattr(attempt, name)):
            raise _Wrong(f"its {name} cannot be one: {getattr(attempt, name)!a:.80}")
    if not (0 <= attempt.started <= _LAST_TIME and 0 <= result.ended <= _LAST_TIME):
        raise _Wrong("no clock can have told its time")
    link = last_link(head(attempt), 0, lines)
    rot = None
    if told["chain"] != link:
        rot = "its row or its transcript has changed since it was written"
    elif told["seal"] != seal(link, result):
        rot = "its result has changed since it was written"
    return Kept(attempt, tuple(lines), result, rot)


def _text(told: dict[str, Any]) -> tuple[str, tuple[str, str]]:
    if set(told) != {"hash", "kind", "body"} or any(type(value) is not str for value in told.values()):
        raise _Wrong("it has other fields than a text has")
    if told["kind"] not in KINDS or len(told["body"]) > LONGEST_TEXT:
        raise _Wrong("it is neither a scenario nor principles, or far too long")
    if sha256(told["body"]) != told["hash"]:
        raise _Wrong("its body is not the text of its hash")
    return told["hash"], (told["kind"], told["body"])


def _person(told: dict[str, Any]) -> tuple[str, Person]:
    person = _record(Person, told)
    if max(map(len, told.values())) > LONGEST_NAME:
        raise _Wrong(f"somebody's name is longer than {LONGEST_NAME} characters")
    return person.id, person


def _contents(told: Any) -> dict[str, Content]:
    names = {ATTEMPTS, TEXTS, PEOPLE}
    try:
        if type(told) is not dict or set(told) != names:
            raise _Wrong("it names other files")
        return {name: _record(Content, told[name]) for name in sorted(names)}
    except _Wrong as wrong:
        raise NoHandin(f"its {MANIFEST} cannot be used: {wrong}") from None


def _record(kind: type[Record], told: Any) -> Record:
    """What a JSON object says, if it says just that; no value is taken for one of another type."""
    wanted = _FIELDS[kind]
    if type(told) is not dict or set(told) != set(wanted):
        raise _Wrong(f"it has other fields than {kind.__name__.lower()} has")
    for name, value in told.items():
        if type(value) not in wanted[name]:
            raise _Wrong(f"its {name} is of the wrong type")
        if type(value) is int and not -(2**63) <= value < 2**63:
            raise _Wrong(f"its {name} is too large a number")
    return kind(**told)
