"""What servers said of the attempts at this computer, for whoever verifies them: believed only with a signature that is known."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from functools import partial
from pathlib import Path

from servicesim.connection.connections import Connection, connections
from servicesim.records.attempt import Attempt, Result
from servicesim.records.connected import FILE, Connected, open_connected
from servicesim.records.signed import Verdict, verified_by_server
from servicesim.records.verifying import Judged, judged_by_nobody


@contextmanager
def judged_by_servers(home: Path) -> Iterator[Judged]:
    """Finds the result of a verdict that is kept in this folder; nobody's where it was never connected."""
    if not (home / FILE).is_file():
        yield judged_by_nobody
        return
    with open_connected(home, read_only=True) as connected:
        yield partial(_judged, connected, connections(home))


def _judged(connected: Connected, known: Mapping[str, Connection], attempt: Attempt, lines: tuple[str, ...]) -> Result | None:
    said, connection = connected.verdict(attempt.id), known.get(attempt.learner)
    if said is None or connection is None:
        return None
    verdict = Verdict(said.body, said.signature)
    verified_by_server(verdict, connection.keys, attempt, lines)
    return verdict.result
