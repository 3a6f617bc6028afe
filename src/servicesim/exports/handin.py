"""A hand-in: the attempts of one desk in one file, for HR to collect. Here is what is in it, and how it is packed.

A hand-in is a ZIP archive with four files in it, and nothing else. All but the first are JSON Lines in UTF-8.

    manifest.json    {"servicesim-handin": 1, "servicesim", "at", "filter", "files": {NAME: {"rows", "bytes", "sha256"}}}
    attempts.jsonl   {"attempt": {...}, "lines": [...], "chain": LAST LINK, "result": {...}, "seal": SEAL}
    texts.jsonl      {"hash", "kind": "scenario" | "principles", "body"}
    people.jsonl     {"id", "name", "team", "language", "learner"}
"""

from __future__ import annotations

import hashlib
import json
import time
import zipfile
from collections.abc import Callable, Iterable, Iterator
from contextlib import ExitStack, suppress
from dataclasses import asdict, dataclass, field
from functools import partial
from pathlib import Path
from typing import Any, BinaryIO, Self

from servicesim import __version__, platform
from servicesim.errors import ServicesimError, StoreUnusable, UsageError, VerificationFailed
from servicesim.exports.clock import Clock
from servicesim.exports.filters import Filter
from servicesim.exports.handover import who
from servicesim.records import Records, failures, open_people, open_records, people, tables
from servicesim.records.chain import head, last_link, seal
from servicesim.records.inspecting import Kept
from servicesim.records.place import Place

FORMAT = 1
FORMAT_KEY = "servicesim-handin"
MANIFEST, ATTEMPTS, TEXTS, PEOPLE = "manifest.json", "attempts.jsonl", "texts.jsonl", "people.jsonl"
LARGEST = {MANIFEST: 1 << 16, ATTEMPTS: 1 << 30, TEXTS: 1 << 26, PEOPLE: 1 << 24}
"""How many bytes each file may have, unpacked."""
LONGEST_LINE = 1 << 23
"""Bytes; what is read is kept in memory one line at a time."""

Watch = Callable[[Iterator[Kept]], Iterator[Kept]]


@dataclass(frozen=True, slots=True)
class Content:
    """What the manifest says of one file in the archive."""

    rows: int
    bytes: int
    sha256: str


@dataclass(frozen=True, slots=True)
class Packed:
    """What became of a hand-in: how much is in it, and which attempts are not, each with the reason."""

    attempts: int
    people: int
    left_out: list[tuple[str, str]]


def pack(path: Path, folder: Place, wanted: Filter, watch: Watch = iter) -> Packed:
    """Write the attempts that have ended into one file, and note it in the log of exports. On any failure nothing is written.

    What has rotted is left out: HR would refuse it.
    """
    _demand_a_place(path, folder)
    with open_records(folder, read_only=True) as kept, ExitStack() as unfinished:
        unfinished.enter_context(failures.told(path))
        file = unfinished.enter_context(platform.replacing(path))
        packing = _Packing(kept, folder, file)
        with zipfile.ZipFile(file, "w") as archive:
            packed = packing.write(archive, wanted, watch)
        file.flush()
        with open(file.name, "rb") as written:
            digest = hashlib.file_digest(written, "sha256").hexdigest()
        _log(folder, wanted, packed.attempts, digest)
    return packed


def _demand_a_place(path: Path, folder: Place) -> None:
    """Raises UsageError where the file cannot or must not be written, before anything is read."""
    if path.is_dir():
        raise UsageError(f"{path} is a folder; name a file")
    if not path.parent.is_dir():
        raise UsageError(f"there is no folder {path.parent}; make it first, or name another")
    for schema in (tables.SCHEMA, people.SCHEMA):
        with suppress(OSError):
            if path.samefile(schema.at(folder)):
                raise UsageError(f"{path} holds the records themselves; name another file")


def _log(folder: Place, wanted: Filter, rows: int, digest: str) -> None:
    now = time.time_ns() // 1_000_000
    try:
        with open_records(folder) as kept:
            kept.log_export(at=now, who=who(), kind="handin", filter=wanted.as_text(), rows=rows, sha256=digest, with_names=True)
    except StoreUnusable as failure:
        raise ServicesimError(f"a hand-in says who people are, and leaves only where the log of exports can be kept: {failure}") from failure


class _Packing:
    """One hand-in under way."""

    def __init__(self, kept: Records, folder: Place, file: BinaryIO) -> None:
        self._records, self._folder, self._file = kept, folder, file
        self._texts: dict[str, str] = {}  # the kind of each, by hash
        self._learners: set[str] = set()
        self._left_out: list[tuple[str, str]] = []

    def write(self, archive: zipfile.ZipFile, wanted: Filter, watch: Watch) -> Packed:
        contents = {
            ATTEMPTS: _write_lines(archive, ATTEMPTS, self._attempts(wanted, watch)),
            TEXTS: _write_lines(archive, TEXTS, self._all_texts()),
            PEOPLE: _write_lines(archive, PEOPLE, self._people()),
        }
        manifest = {
            FORMAT_KEY: FORMAT,
            "servicesim": __version__,
            "at": Clock().text(time.time_ns() // 1_000_000),
            "filter": wanted.as_text(),
            "files": {name: asdict(content) for name, content in contents.items()},
        }
        with archive.open(_entry(MANIFEST), "w") as member:
            member.write(f"{json.dumps(manifest, ensure_ascii=False, indent=1)}\n".encode())
        return Packed(contents[ATTEMPTS].rows, contents[PEOPLE].rows, self._left_out)

    def _attempts(self, wanted: Filter, watch: Watch) -> Iterator[dict[str, Any]]:
        with failures.told(tables.SCHEMA.at(self._folder)):
            for kept in watch(self._records.kept()):
                if kept.result is None or not _is_wanted(kept, wanted):
                    continue
                try:
                    yield self._packed(kept)
                except VerificationFailed as rotten:
                    self._left_out.append((kept.attempt.id, str(rotten)))

    def _packed(self, kept: Kept) -> dict[str, Any]:
        """Raises VerificationFailed for what has rotted."""
        assert kept.result is not None
        if kept.rot is not None:
            raise VerificationFailed(kept.rot)
        for name, kind in ((kept.attempt.scenario_hash, "scenario"), (kept.attempt.principles_hash, "principles")):
            if name not in self._texts:
                self._records.text(name)
                self._texts[name] = kind
        self._learners.add(kept.attempt.learner)
        link = last_link(head(kept.attempt), 0, kept.lines)
        return {
            "attempt": asdict(kept.attempt), "lines": kept.lines, "chain": link, "result": asdict(kept.result),
            "seal": seal(link, kept.result),
        }  # fmt: skip

    def _all_texts(self) -> Iterator[dict[str, Any]]:
        for name, kind in sorted(self._texts.items()):
            yield {"hash": name, "kind": kind, "body": self._records.text(name)}

    def _people(self) -> Iterator[dict[str, Any]]:
        """Those whose attempts are in the file; who was erased stays unnamed."""
        if not people.SCHEMA.is_at(self._folder):
            return
        with open_people(self._folder, read_only=True) as known:
            for person in known.known():
                if person.learner in self._learners:
                    yield asdict(person)


def _is_wanted(kept: Kept, wanted: Filter) -> bool:
    began = kept.attempt.started
    in_time = (wanted.since is None or began >= wanted.since) and (wanted.until is None or began < wanted.until)
    return in_time and (wanted.with_practice or not kept.attempt.practice)


def _entry(name: str) -> zipfile.ZipInfo:
    # No time and no rights of this computer: the same attempts give the same archive, but for the manifest's time.
    entry = zipfile.ZipInfo(name)
    entry.compress_type = zipfile.ZIP_DEFLATED
    entry.external_attr = 0o600 << 16
    return entry


def _write_lines(archive: zipfile.ZipFile, name: str, rows: Iterable[dict[str, Any]]) -> Content:
    tally = Tally(name)
    with archive.open(_entry(name), "w") as member:
        for row in rows:
            line = f"{json.dumps(row, ensure_ascii=False, separators=(',', ':'), allow_nan=False)}\n".encode()
            tally.add(line)
            if tally.size > LARGEST[name] or len(line) > LONGEST_LINE:
                raise UsageError("this is more than one hand-in may hold: hand in a part at a time, with --since and --until")
            member.write(line)
    return tally.content()


@dataclass(slots=True)
class Tally:
    """Counts the lines of one file."""

    name: str
    rows: int = 0
    size: int = 0
    _digest: Any = field(default_factory=partial(hashlib.sha256, b""))

    def add(self, line: bytes) -> Self:
        """One more."""
        self.rows, self.size = self.rows + 1, self.size + len(line)
        self._digest.update(line)
        return self

    def content(self) -> Content:
        """What was counted."""
        return Content(self.rows, self.size, self._digest.hexdigest())
