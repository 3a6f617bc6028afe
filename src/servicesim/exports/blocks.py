"""The rows of attempts by the thousand, column by column: what `rows.told` tells of each, in a third of the time.

A column of a block is rendered at once, and most of them hold the same few cells again and again.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from itertools import compress
from operator import gt
from typing import Any, TypeVar

from servicesim.errors import VerificationFailed
from servicesim.exports.ended import Around, kept_by
from servicesim.exports.filters import Filter
from servicesim.exports.rows import COLUMNS, YEAR_9999, Cell, conduct_of, damaged
from servicesim.records.attempt import EndedRow
from servicesim.records.people import People
from servicesim.records.records import Records

Known = TypeVar("Known")
Block = dict[str, Sequence[Cell]]
"""The cells of some rows, by the names of `COLUMNS` and in their order."""


def fits(wanted: Filter) -> bool:
    """Whether rows can be told by the block: where the records can choose them."""
    return wanted.attempts == "all" and not wanted.asks_more


def blocks(records: Records, people: People, wanted: Filter, *, with_names: bool = False) -> Iterator[Block]:
    """The attempts that the filter lets through, oldest first, as `ended` has them."""
    columns = _Columns(Around(records, people, with_names=with_names))
    for page in records.ended_rows(**kept_by(wanted)):
        yield columns.block(page)


class _Columns:
    def __init__(self, around: Around) -> None:
        self._around = around
        self._conduct = Looked(lambda exact: conduct_of("", exact))
        self._scenario = {
            name: Looked(look)
            for name, look in {
                "title": lambda hash: around.scenario(hash).title,
                "channel": lambda hash: around.scenario(hash).channel,
                "customer_type": lambda hash: around.scenario(hash).customer.type,
                "pass_mark": lambda hash: around.scenario(hash).pass_mark,
            }.items()
        }

    def block(self, page: Sequence[EndedRow]) -> Block:
        """A page of the records, as it is told; raises VerificationFailed if something of it is damaged."""
        kept: dict[str, Sequence[Any]] = dict(zip(EndedRow._fields, zip(*page, strict=True), strict=True))
        _demand_sound(kept)
        told = {
            **kept,
            **{name: list(map(look.__getitem__, kept["scenario_hash"])) for name, look in self._scenario.items()},
            **self._persons(kept["learner"]),
            **self._reviews(kept["id"]),
            "attempt": kept["id"],
            "encounter": kept["scenario"],
            "ahead_of_utc": kept["started"],
            "conduct": self._conducts(kept),
            "ending": [ending or "" for ending in kept["ending"]],
            "scenario_sha256": kept["scenario_hash"],
            "principles_sha256": kept["principles_hash"],
            "rules": kept["rules_version"],
        }
        return {column.name: told[column.name] for column in COLUMNS}

    def _persons(self, learners: Sequence[str]) -> Block:
        known = list(map(self._around.people.get, learners))
        if not self._around.with_names:
            nobody = [""] * len(known)
            return {"person": nobody, "name": nobody, "team": [person.team if person else "" for person in known]}
        return {
            "person": [person.id if person else "" for person in known],
            "name": [person.name if person else "" for person in known],
            "team": [person.team if person else "" for person in known],
        }

    def _reviews(self, ids: Sequence[str]) -> Block:
        verdicts = [review.verdict if review else "" for review in map(self._around.reviews.get, ids)]
        return {"review": verdicts, "reviewed": [verdict not in ("", "to-look-at") for verdict in verdicts]}

    def _conducts(self, kept: dict[str, Sequence[Any]]) -> list[Cell]:
        try:
            return list(map(self._conduct.__getitem__, kept["conduct"]))
        except VerificationFailed:
            return [conduct_of(id, exact) for id, exact in zip(kept["id"], kept["conduct"], strict=True)]  # It says which one.


class Looked(dict[str, Known]):
    """What was looked up stays known; `most` at a time."""

    def __init__(self, look: Callable[[str], Known], most: int = 4096) -> None:
        self._look, self._most = look, most

    def __missing__(self, asked: str) -> Known:
        if len(self) >= self._most:
            self.clear()
        self[asked] = found = self._look(asked)
        return found


def _demand_sound(kept: dict[str, Sequence[Any]]) -> None:
    """Raises VerificationFailed where a time cannot be."""
    started, ended = kept["started"], kept["ended"]
    if min(started) < 0 or max(ended) > YEAR_9999 or any(map(gt, started, ended)):
        wrong = (not 0 <= began <= end <= YEAR_9999 for began, end in zip(started, ended, strict=True))
        raise damaged(next(compress(kept["id"], wrong)))
