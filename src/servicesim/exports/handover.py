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
from typing import BinaryIO, Literal

from servicesim import __version__, platform
from servicesim.encounter.events import Event, ReplyChosen
from servicesim.encounter.transcript import from_lines
from servicesim.errors import ServicesimError, StoreUnusable, UsageError, VerificationFailed
from servicesim.exports.clock import Clock
from servicesim.exports.columns import EVERYTHING, PRINCIPLES, Layout
from servicesim.exports.ended import ended
from servicesim.exports.filters import Filter
from servicesim.exports.rows import Ended
from servicesim.exports.xapi import HOME
from servicesim.records import Records, failures, open_people, open_records, people, records

Kind = Literal["csv", "xlsx", "jsonl", "xapi"]
Watch = Callable[[Iterator[Ended]], Iterator[Ended]]
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


def manifest_path(path: Path) -> Path:
    """Where the manifest of a file stands."""
    return path.with_name(f"{path.name}.manifest.json")


def hand_over(order: Order, folder: Path, watch: Watch = iter) -> HandedOver:
    """Write what is ordered from the records in this folder. On any failure, files that were there before stay as they were.

    The line in the log comes before the files take their names: what names people never leaves without it.
    """
    _demand_a_place(order, folder)
    with open_records(folder, read_only=True) as kept, open_people(folder, read_only=True) as known, ExitStack() as unfinished:
        unfinished.enter_context(failures.told(order.path))
        files = [unfinished.enter_context(platform.replacing(path)) for path in order.paths]
        rows = _Counted(watch(ended(kept, known, order.filter, with_names=order.with_names)))
        counts, cut = _WRITERS[order.kind](order, files, rows, kept)
        manifests = [_manifest(order, *one) for one in zip(order.paths, files, counts, strict=True)]
        not_logged = _log(order, folder, manifests)
    for path, manifest in zip(order.paths, manifests, strict=True):
        with failures.told(manifest_path(path)):
            platform.write_atomically(manifest_path(path), f"{json.dumps(asdict(manifest), ensure_ascii=False, indent=1)}\n".encode())
    return HandedOver(manifests, rows.count, cut, not_logged)


def who() -> str:
    """The name of the system's user, for the log."""
    try:
        return getpass.getuser()
    except (OSError, KeyError, ImportError):
        return "unknown"


class _Counted:
    """Rows that are counted as they go by."""

    def __init__(self, rows: Iterable[Ended]) -> None:
        self._rows, self.count = rows, 0

    def __iter__(self) -> Iterator[Ended]:
        for row in self._rows:
            self.count += 1
            yield row


def _demand_a_place(order: Order, folder: Path) -> None:
    """Raises UsageError where the files cannot or must not be written, before anything is read."""
    for path in order.paths:
        demand_a_place(path, folder)
    beside = order.paths[1:]
    if order.path in beside:
        raise UsageError(f"{PRINCIPLES_FILE} is written beside the file; give the file another name")
    for path in beside:
        if path.exists() and not manifest_path(path).exists():
            raise UsageError(f"{path} is there, and no export of ours: move it away, or write to another folder")


def demand_a_place(path: Path, folder: Path) -> None:
    """Raises UsageError where a file cannot be written, or would be written over the records in this folder."""
    if path.is_dir():
        raise UsageError(f"{path} is a folder; name a file")
    if not path.parent.is_dir():
        raise UsageError(f"there is no folder {path.parent}; make it first, or name another")
    if any(_same(path, folder / kept) for kept in (records.FILE, people.FILE)):
        raise UsageError(f"{path} holds the records themselves; name another file")


def _same(path: Path, other: Path) -> bool:
    with suppress(OSError):
        return path.samefile(other)
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


def _log(order: Order, folder: Path, manifests: Sequence[Manifest]) -> str:
    written = [(one.rows, one.sha256) for one in manifests]
    return logged(folder, order.kind, order.filter, written, with_names=order.with_names)


def logged(folder: Path, kind: str, wanted: Filter, written: Iterable[tuple[int, str]], *, with_names: bool) -> str:
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
Writer = Callable[[Order, list[BinaryIO], Iterable[Ended], Records], tuple[list[int], int]]


def _csv(order: Order, files: list[BinaryIO], rows: Iterable[Ended], _: Records) -> tuple[list[int], int]:
    from servicesim.exports import csv

    if len(files) == 1:
        return [csv.write(files[0], rows, order.layout.fields, order.clock)], 0
    return list(csv.write_with_principles(files[0], files[1], rows, order.layout.fields, order.clock)), 0


def _xlsx(order: Order, files: list[BinaryIO], rows: Iterable[Ended], _: Records) -> tuple[list[int], int]:
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
        written = xlsx.write(files[0], Path(folder), rows, order.layout.fields, order.clock, about, with_principles=order.with_principles)
    return [written.rows], written.cut


def _jsonl(order: Order, files: list[BinaryIO], rows: Iterable[Ended], _: Records) -> tuple[list[int], int]:
    from servicesim.exports import jsonl

    return [jsonl.write(files[0], rows, order.clock)], 0


def _xapi(order: Order, files: list[BinaryIO], rows: Iterable[Ended], kept: Records) -> tuple[list[int], int]:
    from servicesim.exports import xapi

    return [xapi.write(files[0], ((row, _events(kept, row)) for row in rows), order.home)], 0


def _events(kept: Records, row: Ended) -> list[Event]:
    """What happened in an attempt; raises VerificationFailed if it cannot be read, or speaks of what the scenario does not hold."""
    events = list(from_lines(kept.lines(row.attempt.id)))
    scenes = row.scenario.scenes
    if any(isinstance(event, ReplyChosen) and event.scene not in scenes for event in events):
        raise VerificationFailed(f"the transcript of attempt {row.attempt.id} is damaged: put a backup of the records in their place")
    return events


_WRITERS: dict[Kind, Writer] = {"csv": _csv, "xlsx": _xlsx, "jsonl": _jsonl, "xapi": _xapi}
