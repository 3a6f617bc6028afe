"""Handing over: the rows to a file that is complete or not there at all, a manifest beside it, and a line in the log of exports."""

from __future__ import annotations

import getpass
import hashlib
import json
import tempfile
import time
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import ExitStack, suppress
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import Any, BinaryIO, Literal, TypeVar

from servicesim import __version__, platform
from servicesim.encounter.events import Event, ReplyChosen
from servicesim.encounter.transcript import from_lines
from servicesim.errors import ServicesimError, StoreUnusable, UsageError, VerificationFailed
from servicesim.exports import rollups
from servicesim.exports.blocks import Block, blocks, fits
from servicesim.exports.clock import Clock
from servicesim.exports.columns import EVERYTHING, PRINCIPLES, Layout
from servicesim.exports.ended import ended
from servicesim.exports.filters import Filter
from servicesim.exports.rows import Ended
from servicesim.exports.xapi import HOME
from servicesim.records import People, Records, failures, open_people, open_records, people, records
from servicesim.records.place import Place, is_address

Kind = Literal["csv", "xlsx", "jsonl", "xapi"]
Some = TypeVar("Some")
Watch = Callable[[Iterator[int]], Iterator[int]]
"""What is told when each attempt began, as they go by, and hands it on."""
PRINCIPLES_FILE = "principles.csv"


@dataclass(frozen=True, slots=True)
class Order:
    """What is to be handed over, in which form, and where to."""

    path: Path
    kind: Kind = "csv"
    filter: Filter = field(default_factory=Filter)
    layout: Layout = EVERYTHING
    with_names: bool = False
    with_principles: bool = False
    clock: Clock = field(default_factory=Clock)
    home: str = HOME

    @property
    def paths(self) -> list[Path]:
        """The files that will be written, the manifests aside."""
        beside = self.kind == "csv" and self.with_principles
        return [self.path, self.path.with_name(PRINCIPLES_FILE)] if beside else [self.path]


@dataclass(frozen=True, slots=True)
class Manifest:
    """What stands beside a file that was handed over, so that its receiver can tell whether it is whole."""

    file: str
    kind: Kind
    rows: int
    sha256: str
    at: str
    filter: str
    with_names: bool
    servicesim: str
    columns: list[str]


@dataclass(frozen=True, slots=True)
class HandedOver:
    """What became of an order: the manifests, how many attempts, how many texts were cut, and why the log has no line, if so."""

    manifests: list[Manifest]
    attempts: int
    cut: int = 0
    not_logged: str = ""


@dataclass(frozen=True, slots=True)
class Written:
    """How many rows each file has, of how many attempts, and how many texts were cut."""

    rows: list[int]
    attempts: int
    cut: int


def manifest_path(path: Path) -> Path:
    """Where the manifest of a file stands."""
    return path.with_name(f"{path.name}.manifest.json")


def hand_over(order: Order, folder: Place, watch: Watch = iter) -> HandedOver:
    """Write what is ordered from the records in this folder. On any failure, files that were there before stay as they were.

    All of them are complete before the first takes its name, their manifests too, and the line in the log comes before that:
    what names people never leaves without it.
    """
    _demand_a_place(order, folder)
    with open_records(folder, read_only=True) as kept, open_people(folder, read_only=True) as known, ExitStack() as unfinished:
        unfinished.enter_context(failures.told(order.path))
        # What is entered last takes its name first: where a file cannot be replaced, its manifest stays as it was too.
        beside, files = (
            [unfinished.enter_context(platform.replacing(path)) for path in paths]
            for paths in (map(manifest_path, order.paths), order.paths)
        )
        written = write(order, files, kept, known, watch)
        manifests = [_manifest(order, *one) for one in zip(order.paths, files, written.rows, strict=True)]
        for file, manifest in zip(beside, manifests, strict=True):
            file.write(f"{json.dumps(asdict(manifest), ensure_ascii=False, indent=1)}\n".encode())
            file.flush()
        not_logged = _log(order, folder, manifests)
    return HandedOver(manifests, written.attempts, written.cut, not_logged)


def write(order: Order, files: list[BinaryIO], kept: Records, known: People, watch: Watch = iter) -> Written:
    """Write what is ordered to these files, one for each of `order.paths`; to log it is left to the caller."""
    attempts = _Attempts(order, kept, known, watch)
    rows, cut = _WRITERS[order.kind](order, files, attempts)
    return Written(rows, attempts.count, cut)


def who() -> str:
    """The name of the system's user, for the log."""
    try:
        return getpass.getuser()
    except (OSError, KeyError, ImportError):
        return "unknown"


class _Attempts:
    """What is handed over, row by row or by the block: counted, and watched, as it goes by."""

    def __init__(self, order: Order, kept: Records, known: People, watch: Watch) -> None:
        self.kept = kept
        self._known, self._wanted, self._with_names, self._watch = known, order.filter, order.with_names, watch
        self.count = 0

    def rows(self) -> Iterator[Ended]:
        """Each by itself."""
        rows = ended(self.kept, self._known, self._wanted, with_names=self._with_names)
        return self._passing(rows, lambda row: (row.attempt.started,))

    def blocks(self) -> Iterator[Block]:
        """Many at once, if `fits` says that they can be told so."""
        found = blocks(self.kept, self._known, self._wanted, with_names=self._with_names)
        return self._passing(found, lambda block: block["started"])

    def _passing(self, found: Iterable[Some], began: Callable[[Some], Iterable[Any]]) -> Iterator[Some]:
        waiting = list[Some]()

        def moments() -> Iterator[int]:
            for one in found:
                waiting.append(one)
                yield from began(one)

        for _ in self._watch(moments()):
            self.count += 1
            if waiting:
                yield waiting.pop()


def _demand_a_place(order: Order, folder: Place) -> None:
    """Raises UsageError where the files cannot or must not be written, before anything is read."""
    for path in (*order.paths, *map(manifest_path, order.paths)):
        demand_a_place(path, folder)
    beside = order.paths[1:]
    if order.path in beside:
        raise UsageError(f"{PRINCIPLES_FILE} is written beside the file; give the file another name")
    for path in beside:
        if path.exists() and not manifest_path(path).exists():
            raise UsageError(f"{path} is there, and no export of ours: move it away, or write to another folder")


def demand_a_place(path: Path, folder: Place) -> None:
    """Raises UsageError where a file cannot be written, or would be written over the records in this folder."""
    if path.is_dir():
        raise UsageError(f"{path} is a folder; name a file")
    if not path.parent.is_dir():
        raise UsageError(f"there is no folder {path.parent}; make it first, or name another")
    if not is_address(folder) and any(_same(path, folder / kept) for kept in (records.FILE, people.FILE, rollups.FILE)):
        raise UsageError(f"{path} holds the records themselves; name another file")


def _same(path: Path, other: Path) -> bool:
    with suppress(OSError):
        # The other one may come to be only later.
        return path.samefile(other) if other.exists() else path.name == other.name and path.parent.samefile(other.parent)
    return False


def _manifest(order: Order, path: Path, file: BinaryIO, count: int) -> Manifest:
    fields = order.layout.fields if path == order.path else PRINCIPLES.fields
    return Manifest(
        file=path.name,
        kind=order.kind,
        rows=count,
        sha256=digest_of(file),
        at=Clock().text(_now()),
        filter=order.filter.as_text(),
        with_names=order.with_names,
        servicesim=__version__,
        columns=[] if order.kind == "xapi" else [field.heading for field in fields],
    )


def digest_of(file: BinaryIO) -> str:
    """The SHA-256 of all that was written to a file so far."""
    file.flush()
    with open(file.name, "rb") as written:
        return hashlib.file_digest(written, "sha256").hexdigest()


def _log(order: Order, folder: Place, manifests: Sequence[Manifest]) -> str:
    written = [(one.rows, one.sha256) for one in manifests]
    return logged(folder, order.kind, order.filter, written, with_names=order.with_names)


def logged(folder: Place, kind: str, wanted: Filter, written: Iterable[tuple[int, str]], *, with_names: bool) -> str:
    """Note what is handed over, of each file its rows and its digest; why that cannot be, if it cannot and no names are handed over."""
    try:
        with open_records(folder) as kept:
            for rows, sha256 in written:
                kept.log_export(
                    at=_now(), who=who(), kind=kind, filter=wanted.as_text(), rows=rows, sha256=sha256, with_names=with_names
                )
    except StoreUnusable as failure:
        if with_names:
            raise ServicesimError(f"names are handed over only where the log of exports can be kept: {failure}") from failure
        return str(failure)
    return ""


def _now() -> int:
    return time.time_ns() // 1_000_000


# One writer for each kind; what each of them imports is not needed for the others.
Writer = Callable[[Order, list[BinaryIO], _Attempts], tuple[list[int], int]]


def _csv(order: Order, files: list[BinaryIO], attempts: _Attempts) -> tuple[list[int], int]:
    from servicesim.exports import csv

    fields, clock = order.layout.fields, order.clock
    if len(files) > 1:
        return list(csv.write_with_principles(files[0], files[1], attempts.rows(), fields, clock)), 0
    if fits(order.filter):
        return [csv.write_blocks(files[0], attempts.blocks(), fields, clock)], 0
    return [csv.write(files[0], attempts.rows(), fields, clock)], 0


def _xlsx(order: Order, files: list[BinaryIO], attempts: _Attempts) -> tuple[list[int], int]:
    from servicesim.exports import xlsx

    about = (
        ("attempts", order.filter.as_text()),
        ("times", "UTC" if order.clock.zone is not None else f"local, {order.clock.offset(_now())} ahead of UTC when this was written"),
        ("written", order.clock.text(_now())),
        ("names", "with names" if order.with_names else "without names: a learner id stands for each person"),
        ("by", f"ServiceSim {__version__}"),
    )
    # Beside the file, so that there is one disk that must have room for it.
    with tempfile.TemporaryDirectory(prefix=f".{order.path.name}.", dir=order.path.parent) as folder:
        written = xlsx.write(files[0], Path(folder), attempts.rows(), order.layout.fields, order.clock, about, with_principles=order.with_principles)
    return [written.rows], written.cut


def _jsonl(order: Order, files: list[BinaryIO], attempts: _Attempts) -> tuple[list[int], int]:
    from servicesim.exports import jsonl

    return [jsonl.write(files[0], attempts.rows(), order.clock)], 0


def _xapi(order: Order, files: list[BinaryIO], attempts: _Attempts) -> tuple[list[int], int]:
    from servicesim.exports import xapi

    return [xapi.write(files[0], ((row, _events(attempts.kept, row)) for row in attempts.rows()), order.home)], 0


def _events(kept: Records, row: Ended) -> list[Event]:
    """What happened in an attempt; raises VerificationFailed if it cannot be read, or speaks of what the scenario does not hold."""
    events = list(from_lines(kept.lines(row.attempt.id)))
    scenes = row.scenario.scenes
    if any(isinstance(event, ReplyChosen) and event.scene not in scenes for event in events):
        raise VerificationFailed(f"the transcript of attempt {row.attempt.id} is damaged: put a backup of the records in their place")
    return events


_WRITERS: dict[Kind, Writer] = {"csv": _csv, "xlsx": _xlsx, "jsonl": _jsonl, "xapi": _xapi}
