"""Handing over a report: one file that is complete or not there at all, and a line in the log of exports."""

from __future__ import annotations

import time
from dataclasses import dataclass, field
from pathlib import Path

from servicesim import platform
from servicesim.exports.clock import Clock
from servicesim.exports.filters import Filter
from servicesim.exports.handover import demand_a_place, digest_of, logged
from servicesim.exports.report.contents import By, contents
from servicesim.exports.report.page import report
from servicesim.exports.report.person import person_page
from servicesim.exports.report.words import words_in
from servicesim.records import People, Records, failures, open_people, open_records
from servicesim.records.place import Place

KIND = "report"


@dataclass(frozen=True, slots=True)
class Order:
    """Which report is wanted: of groups, or of the one learner that the filter names."""

    path: Path
    filter: Filter = field(default_factory=Filter)
    language: str = "en"
    by: By = "team"
    with_names: bool = False
    clock: Clock = field(default_factory=Clock)


@dataclass(frozen=True, slots=True)
class Reported:
    """How many attempts are in the report, and why the log has no line for it, if so."""

    attempts: int
    not_logged: str = ""


def hand_over(order: Order, folder: Place) -> Reported:
    """Write the report that is ordered from the records in this folder. On any failure, a file that was there stays as it was."""
    demand_a_place(order.path, folder)
    with (
        open_records(folder, read_only=True) as kept,
        open_people(folder, read_only=True) as known,
        failures.told(order.path),
        platform.replacing(order.path) as file,
    ):
        page, attempts = _page(order, kept, known)
        file.write(page.encode())
        not_logged = logged(folder, KIND, order.filter, [(attempts, digest_of(file))], with_names=order.with_names)
    return Reported(attempts, not_logged)


def _page(order: Order, kept: Records, known: People) -> tuple[str, int]:
    words, at = words_in(order.language), time.time_ns() // 1_000_000
    learner = order.filter.learner
    if learner is not None:
        return person_page(kept, known, learner, order.filter, words, clock=order.clock, at=at, with_names=order.with_names)
    held = contents(kept, known, order.filter, by=order.by, clock=order.clock, language=order.language)
    return report(held, words, at=at), held.whole.values.n
