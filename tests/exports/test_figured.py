"""What a report asks for, from the records of a folder."""

from __future__ import annotations

from pathlib import Path

import pytest

from exports.kept import EXPERT, OUT, SORRY, STARTED, keep
from servicesim.exports.clock import Clock
from servicesim.exports.figured import tell
from servicesim.exports.figures import Counted
from servicesim.exports.filters import Filter, Which
from servicesim.records import open_people, open_records

DAY = 86_400_000


def told(folder: Path, wanted: Filter | None = None) -> Counted:
    with open_records(folder, read_only=True) as records, open_people(folder, read_only=True) as people:
        return tell(records, people, wanted or Filter(), Clock())


@pytest.fixture
def month(tmp_path: Path) -> Path:
    """Leyla fails, passes, and gets worse; Omid, of another team, fails in the month after; a practice attempt on top."""
    for number, (person, team, moves) in enumerate(
        [("leyla", "North", SORRY), ("leyla", "North", EXPERT), ("leyla", "North", OUT), ("omid", "South", OUT)]
    ):
        keep(tmp_path, *moves, person=person, name=person.title(), team=team, number=number, started=STARTED + number * 3 * DAY)
    keep(tmp_path, *EXPERT, person="omid", name="Omid", team="South", practice=True, number=9)
    return tmp_path


@pytest.mark.parametrize(("which", "passed"), [("all", (1, 3)), ("first", (0, 1)), ("best", (1, 1)), ("last", (0, 1))])
def test_one_attempt_of_each_counts_but_careers_and_cohorts_know_all(month: Path, which: Which, passed: tuple[int, int]) -> None:
    found = told(month, Filter(attempts=which))
    assert (found.teams["North"].passed, found.teams["North"].values.n) == passed
    assert found.careers == {(2, True): 1, (1, False): 1}
    assert {cohort: cell.people for cohort, cell in found.cohorts.items()} == {"2026-10": 1, "2026-11": 1}
    assert sum(found.distribution.values()) == passed[1] + 1


@pytest.mark.parametrize("which", ["all", "first", "best", "last"])
def test_what_was_set_aside_is_in_no_figure(month: Path, which: Which) -> None:
    with open_records(month) as records:
        records.review("attempt-1", at=1, by="Mina", note="the customer was the trainer", verdict="set-aside")
        records.review("attempt-0", at=1, by="Mina", note="", verdict="stands")
    found = told(month, Filter(attempts=which))
    assert found.teams["North"].values.n == (2 if which == "all" else 1)
    assert (found.teams["North"].passed, found.careers) == (0, {(2, False): 1, (1, False): 1})


def test_figures_are_asked_for_with_the_filter_of_every_file(month: Path) -> None:
    assert set(told(month, Filter(team="South")).teams) == {"South"}
    assert told(month, Filter(since=STARTED + 2 * DAY, attempts="first")).careers == {(1, True): 1, (1, False): 1}
    assert told(month, Filter(encounters=("other",))) == ({},) * 9
