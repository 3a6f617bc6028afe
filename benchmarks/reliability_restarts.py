"""PostgreSQL crashes again and again under an organisation's server with two processes, while four desks play.

A desk believes what it was answered with 200, and sends again what it was not. In the end the store must hold everything that was
acknowledged, word for word and once, with the very verdicts that were told. The negative control are desks that believe what they
have sent before there is an answer, and go on: there, something must be missing.
"""

from __future__ import annotations

import json
import random
import signal
import tempfile
import threading
import time
from collections.abc import Iterator
from dataclasses import dataclass, field
from itertools import chain
from pathlib import Path
from typing import Any

import httpx

from benchmarks.organisation import Ground, prepare, served
from benchmarks.organisation_driver import batches_of
from benchmarks.organisation_place import Database, Missing, database
from benchmarks.reliability_report import Report
from servicesim.records import open_records
from servicesim.records.organisation import open_organisation

RESTARTS, WRITERS, DESKS = 15, 4, 40
_SOON = 0.05  # seconds until a desk asks again
_PATIENCE = 60.0  # seconds for an answer that is no fault, after the last restart


@dataclass
class Acknowledged:
    """What one desk was told to be kept: the lines of each attempt, and its verdict."""

    hasty: bool
    lines: dict[str, list[str]] = field(default_factory=dict)
    verdicts: dict[str, dict[str, str]] = field(default_factory=dict)
    faults: int = 0
    wrong: list[str] = field(default_factory=list)


def run(scale: float, seed: int) -> Report:
    """15 crashes, and as many with a database that answers too early."""
    began, restarts = time.perf_counter(), max(2, round(RESTARTS * scale))
    try:
        kept, lost = _played(restarts, seed)
        _, lost_by_haste = _played(2, seed, hasty=True)
    except Missing as missing:
        return Report("restarts of PostgreSQL", "", str(missing), "", 0.0, True)
    events = sum(map(len, chain.from_iterable(one.lines.values() for one in kept)))
    verdicts, faults = sum(len(one.verdicts) for one in kept), sum(one.faults for one in kept)
    return Report(
        "restarts of PostgreSQL",
        f"{restarts} crashes, {WRITERS} desks, {events:,} acknowledged events, {verdicts} verdicts",
        f"{len(lost)} lost, doubled or changed{': ' + lost[0] if lost else ''}; {faults} times told to come again",
        f"believed before there was an answer: {len(lost_by_haste)} lost",
        time.perf_counter() - began,
        not lost and bool(lost_by_haste) and events > 0,
    )


def _played(restarts: int, seed: int, *, hasty: bool = False) -> tuple[list[Acknowledged], list[str]]:
    with database() as made, tempfile.TemporaryDirectory() as base:
        ground = prepare(made.folder, Path(base), DESKS)
        with served(ground, 2) as url:
            kept = _under_crashes(made, ground, url, restarts, random.Random(seed), hasty=hasty)
        return kept, list(_amiss(ground, kept))


def _under_crashes(made: Database, ground: Ground, url: str, restarts: int, draw: random.Random, *, hasty: bool) -> list[Acknowledged]:
    stop, kept = threading.Event(), [Acknowledged(hasty) for _ in range(WRITERS)]
    desks = [threading.Thread(target=_desk, args=(ground, url, number, one, stop)) for number, one in enumerate(kept)]
    for desk in desks:
        desk.start()
    try:
        for _ in range(restarts):
            time.sleep(draw.uniform(0.3, 1.2))
            made.stop(signal.SIGQUIT)
            made.start()
    finally:
        stop.set()
        for desk in desks:
            desk.join(_PATIENCE)
    return kept


def _desk(ground: Ground, url: str, writer: int, kept: Acknowledged, stop: threading.Event) -> None:
    with httpx.Client(base_url=url, timeout=10, trust_env=False) as client:
        for number in range(writer, 10_000, WRITERS):
            if stop.is_set():
                return
            _attempt(_Line(client, ground.desks[number % len(ground.desks)], kept, stop), ground, number, kept)


def _attempt(line: _Line, ground: Ground, number: int, kept: Acknowledged) -> None:
    given = line.ask("/api/1/tickets", {"editions": [ground.edition]})
    if given is None or not given["tickets"]:
        return
    (ticket,) = given["tickets"]
    sent = kept.lines[ticket["attempt"]] = []
    for batch in batches_of(ground.plays[number % len(ground.plays)].lines, ticket["seed"]):
        first = len(sent)
        if kept.hasty:
            sent += batch
        told = line.ask(f"/api/1/attempts/{ticket['attempt']}/events", {"first": first, "lines": batch, "untimed": True, "clock": 0})
        if told is None:
            return
        if not kept.hasty:
            sent += batch
        if told["verdict"] is not None:
            kept.verdicts[ticket["attempt"]] = told["verdict"]


@dataclass
class _Line:
    """A desk's line to the server: what is not answered with 200 is asked again."""

    client: httpx.Client
    key: str
    kept: Acknowledged
    stop: threading.Event

    def ask(self, path: str, body: dict[str, Any]) -> Any:
        """The answer; None when the time is over, or the server says what cannot be."""
        while not self.stop.is_set():
            try:
                answer = self.client.post(path, json=body, headers={"Authorization": f"Bearer {self.key}"})
            except httpx.HTTPError:
                answer = None
            if answer is not None and answer.status_code == 200:
                return answer.json()
            if answer is not None and answer.status_code not in (429, 503):
                self.kept.wrong.append(f"{answer.status_code} {answer.text[:200]}")
                return None
            self.kept.faults += 1
            if self.kept.hasty:
                return None
            time.sleep(_SOON)
        return None


def _amiss(ground: Ground, kept: list[Acknowledged]) -> Iterator[str]:
    """What the store does not hold as it was acknowledged."""
    with open_records(ground.store, read_only=True) as records, open_organisation(ground.store, read_only=True) as organisation:
        for one in kept:
            yield from one.wrong
            for attempt, lines in one.lines.items():
                there = records.lines(attempt)
                if there[: len(lines)] != lines or (lines and not records.chain(attempt).whole):
                    yield f"attempt {attempt}: {len(there)} of {len(lines)} events"
            for attempt, told in one.verdicts.items():
                verdict = organisation.verdict(attempt)
                if verdict is None or (verdict.body, verdict.signature) != (told["body"], told["signature"]):
                    yield f"the verdict of {attempt}"
                elif json.loads(told["body"])["attempt"] != attempt:
                    yield f"attempt {attempt} was told another's verdict"
