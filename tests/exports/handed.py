"""Hand-ins taken apart and put together again, for tests: with lines changed, and a manifest that fits them or does not."""

from __future__ import annotations

import hashlib
import json
import zipfile
from collections.abc import Callable
from pathlib import Path
from typing import Any

from servicesim.exports.filters import Filter
from servicesim.exports.handin import ATTEMPTS, MANIFEST, PEOPLE, TEXTS, pack
from servicesim.records.attempt import Attempt, Result
from servicesim.records.chain import head, last_link, seal

Rows = list[dict[str, Any]]


def handed_in(folder: Path, path: Path) -> Path:
    """All that has ended in this folder, packed."""
    pack(path, folder, Filter())
    return path


def parts(path: Path) -> dict[str, bytes]:
    """What is in the archive, by name."""
    with zipfile.ZipFile(path) as archive:
        return {name: archive.read(name) for name in archive.namelist()}


def rows_of(path: Path, name: str) -> Rows:
    """The lines of one of the files in it."""
    return [json.loads(line) for line in parts(path)[name].splitlines()]


def lines_of(rows: Rows) -> bytes:
    """Rows as JSON Lines; half characters stay escaped."""
    return b"".join(json.dumps(row).encode() + b"\n" for row in rows)


def put_together(path: Path, content: dict[str, bytes], *, manifest: Callable[[dict[str, Any]], Any] = lambda told: told) -> Path:
    """An archive of this content, with a manifest that fits it, unless that is changed too."""
    told = json.loads(content[MANIFEST])
    for name in (ATTEMPTS, TEXTS, PEOPLE):
        data = content[name]
        told["files"][name] = {"rows": data.count(b"\n"), "bytes": len(data), "sha256": hashlib.sha256(data).hexdigest()}
    told = manifest(told) or told
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, data in {**content, MANIFEST: json.dumps(told).encode()}.items():
            archive.writestr(name, data)
    return path


def changed(source: Path, path: Path, name: str, change: Callable[[Rows], Any]) -> Path:
    """The hand-in with the lines of one of its files changed, and a manifest that fits."""
    rows = rows_of(source, name)
    found = change(rows)
    rows = found if type(found) is list else rows
    return put_together(path, {**parts(source), name: lines_of(rows)})


def sealed(row: dict[str, Any]) -> dict[str, Any]:
    """An attempt with chain and seal made to fit, as a forger would."""
    link = last_link(head(Attempt(**row["attempt"])), 0, row["lines"])
    return {**row, "chain": link, "seal": seal(link, Result(**row["result"]))}
