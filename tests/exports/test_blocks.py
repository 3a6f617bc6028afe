"""Rows by the block are the rows one by one."""

from __future__ import annotations

import random
from datetime import UTC, timedelta, timezone
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest

from exports.kept import EXPERT, OUT, SORRY, STARTED, keep
from servicesim.exports import csv
from servicesim.exports.blocks import blocks, fits
from servicesim.exports.clock import Clock
from servicesim.exports.ended import ended
from servicesim.exports.filters import Filter
from servicesim.exports.rows import told
from servicesim.records import open_people, open_records, records

HOUR = 3_600_000


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Many pages of attempts of four people, one of whom is no longer known; some are reviewed, one is practice, one goes on."""
    folder = tmp_path_factory.mktemp("records")
    draw = random.Random(7)
    for number in range(12):
        person, name = draw.choice([("leyla", "=Leyla"), ("omid", "Omid"), ("dana", "דנה"), ("sam", 'Sam "the desk" Fox')])
        moves = draw.choice((EXPERT, SORRY, OUT, EXPERT[:2]))
        keep(folder, *moves, person=person, name=name, team=draw.choice(("North", "צפון, ב")), number=number, started=STARTED + number * HOUR)
    keep(folder, *OUT, person="omid", name="Omid", practice=True, number=99)
    with open_records(folder) as kept, open_people(folder) as people:
        for number, verdict in enumerate(("stands", "set-aside", "to-look-at")):
            kept.review(f"attempt-{number}", at=1, by="Mina", note="", verdict=verdict)  # type: ignore[arg-type]
        (omid,) = (person for person in people.known() if person.id == "omid")
        people.erase(omid.learner)
    return folder


@pytest.mark.parametrize("with_names", [False, True])
@pytest.mark.parametrize(
    "wanted",
    [Filter(), Filter(with_practice=True), Filter(since=STARTED + 3 * HOUR, until=STARTED + 9 * HOUR), Filter(encounters=("late-parcel",)), Filter(encounters=("other",))],
)
@pytest.mark.parametrize("page", [1, 3, 1000])
def test_blocks_hold_the_rows(folder: Path, with_names: bool, wanted: Filter, page: int, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(records, "_PAGE", page)
    assert fits(wanted)
    with open_records(folder, read_only=True) as kept, open_people(folder, read_only=True) as people:
        one_by_one = [told(row) for row in ended(kept, people, wanted, with_names=with_names)]
        together = [row for block in blocks(kept, people, wanted, with_names=with_names) for row in zip(*block.values(), strict=True)]
    assert together == one_by_one
    assert (len(together) > 0) == (wanted.encounters != ("other",))


@pytest.mark.parametrize("wanted", [Filter(attempts="best"), Filter(team="North"), Filter(passed=True), Filter(encounters=("a", "b"))])
def test_what_the_records_cannot_choose_is_told_row_by_row(wanted: Filter) -> None:
    assert not fits(wanted)


@pytest.mark.parametrize("zone", [UTC, ZoneInfo("Asia/Tehran"), ZoneInfo("America/New_York"), timezone(timedelta(hours=5, minutes=45))])
def test_many_times_are_told_as_each_by_itself(zone: ZoneInfo) -> None:
    draw, clock = random.Random(3), Clock(zone)
    near = [STARTED + draw.randrange(-HOUR, HOUR) for _ in range(300)]
    moments = [0, *near, *sorted(near), *(draw.randrange(253_000_000_000_000) for _ in range(200))]
    assert list(clock.texts(moments)) == [clock.text(moment) for moment in moments]
    assert list(clock.offsets(moments)) == [clock.offset(moment) for moment in moments]


@pytest.mark.parametrize(
    "cells", [["a1", "b-2"], ["a1", "=b"], ["a\nb", "c"], ["a", ""], ["-a", "b"], ["a", "b\n"], [""], ["a" * 60 + "="], ["é", "b"], ["a,b", 'c"d']]
)
def test_a_column_is_written_as_each_of_its_cells(cells: list[str]) -> None:
    assert list(csv._texts(cells)) == [csv._text(cell) for cell in cells]
