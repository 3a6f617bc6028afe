"""Which attempts are handed over, and which of several counts."""

from __future__ import annotations

import random
from fractions import Fraction
from pathlib import Path

import pytest

from exports.kept import EXPERT, OUT, SORRY, STARTED, keep
from servicesim.exports.counted import Counted
from servicesim.exports.ended import ended
from servicesim.exports.filters import Filter, Which
from servicesim.records import Attempt, Result, open_people, open_records

DAY = 86_400_000


def handed(folder: Path, wanted: Filter, *, with_names: bool = False) -> list[str]:
    with open_records(folder, read_only=True) as records, open_people(folder, read_only=True) as people:
        return [row.attempt.id for row in ended(records, people, wanted, with_names=with_names)]


@pytest.fixture
def month(tmp_path: Path) -> Path:
    """Leyla fails, passes, and gets worse; Omid, of another team, fails once; a practice attempt on top."""
    for number, (person, team, moves) in enumerate(
        [("leyla", "North", SORRY), ("omid", "South", OUT), ("leyla", "North", EXPERT), ("leyla", "North", OUT)]
    ):
        keep(tmp_path, *moves, person=person, name=person.title(), team=team, number=number, started=STARTED + number * DAY)
    keep(tmp_path, *EXPERT, person="omid", name="Omid", team="South", practice=True, number=9)
    return tmp_path


@pytest.mark.parametrize(
    ("which", "ids"),
    [
        ("all", ["attempt-0", "attempt-1", "attempt-2", "attempt-3"]),
        ("first", ["attempt-0", "attempt-1"]),
        ("best", ["attempt-1", "attempt-2"]),
        ("last", ["attempt-1", "attempt-3"]),
    ],
)
def test_of_several_attempts_that_one_counts_which_is_asked_for(month: Path, which: Which, ids: list[str]) -> None:
    assert handed(month, Filter(attempts=which)) == ids


@pytest.mark.parametrize(
    ("wanted", "ids"),
    [
        (Filter(team="South"), ["attempt-1"]),
        (Filter(team="West"), []),
        (Filter(encounters=("late-parcel", "other")), ["attempt-0", "attempt-1", "attempt-2", "attempt-3"]),
        (Filter(encounters=("other",)), []),
        (Filter(since=STARTED + DAY, until=STARTED + 3 * DAY), ["attempt-1", "attempt-2"]),
        (Filter(passed=True), ["attempt-2"]),
        (Filter(passed=False, attempts="last"), ["attempt-1", "attempt-3"]),
        (Filter(team="South", with_practice=True, attempts="best"), ["attempt-9"]),
        (Filter(until=STARTED + DAY, attempts="best"), ["attempt-0"]),
    ],
)
def test_a_filter_lets_through_what_it_says(month: Path, wanted: Filter, ids: list[str]) -> None:
    assert handed(month, wanted) == ids


def test_one_learner_can_be_asked_for(month: Path) -> None:
    with open_people(month) as people:
        omid = people.named("omid")
    assert omid is not None
    assert handed(month, Filter(learner=omid.learner)) == ["attempt-1"]


def test_an_attempt_that_was_set_aside_never_counts(month: Path) -> None:
    with open_records(month) as records:
        records.review("attempt-2", at=STARTED, by="Hr", note="somebody else sat there", verdict="set-aside")
        records.review("attempt-3", at=STARTED, by="Hr", note="", verdict="to-look-at")
    assert handed(month, Filter(attempts="best")) == ["attempt-0", "attempt-1"]
    assert handed(month, Filter(attempts="last")) == ["attempt-1", "attempt-3"]
    with open_records(month) as records, open_people(month) as people:
        told = {row.attempt.id: (row.review.verdict if row.review else "", row.reviewed) for row in ended(records, people)}
    assert told == {"attempt-0": ("", False), "attempt-1": ("", False), "attempt-2": ("set-aside", True), "attempt-3": ("to-look-at", False)}


def test_without_names_only_the_team_is_told(month: Path) -> None:
    with open_records(month) as records, open_people(month) as people:
        nameless = {(row.person.id, row.person.name, row.person.team) for row in ended(records, people) if row.person}
        named = {(row.person.id, row.person.name, row.person.team) for row in ended(records, people, with_names=True) if row.person}
    assert nameless == {("", "", "North"), ("", "", "South")}
    assert named == {("leyla", "Leyla", "North"), ("omid", "Omid", "South")}


def test_what_counts_is_chosen_as_a_plain_reading_would(tmp_path: Path) -> None:
    draw = random.Random(4)
    made = [
        (
            Attempt(f"a{number}", f"l{draw.randrange(40)}", f"s{draw.randrange(3)}", "", "", 1, 0, False, False, "en", number),
            Result(number, None, f"{draw.randrange(6000)}/{draw.choice((59, 60, 61))}", draw.random() < 0.3, "", 0, 0, 0, 0, 0, "{}"),
        )
        for number in range(600)
    ]
    of: dict[tuple[str, str], list[tuple[Attempt, Result]]] = {}
    for attempt, result in made:
        of.setdefault((attempt.learner, attempt.scenario), []).append((attempt, result))
    chosen = {
        "first": {several[0][0].id for several in of.values()},
        "last": {several[-1][0].id for several in of.values()},
        # max gives the first of several that are equal.
        "best": {max(several, key=lambda one: (one[1].passed, Fraction(one[1].conduct)))[0].id for several in of.values()},
    }
    for which in ("first", "best", "last"):
        with Counted(which) as counted:
            counted.choose(made)
            assert [attempt.id for attempt, _ in counted.among(made)] == [attempt.id for attempt, _ in made if attempt.id in chosen[which]]


def test_a_filter_is_told_in_words() -> None:
    wanted = Filter(("late-parcel", "twins"), "0a1b", "North", STARTED, STARTED + DAY, "best", True, True)
    assert wanted.as_text() == (
        "encounter late-parcel or twins; learner 0a1b; team North; began at 2026-10-26T07:33:20Z or later; "
        "began before 2026-10-27T07:33:20Z; passed; the best attempt of each person at each encounter; with practice"
    )
    assert Filter().as_text() == "every attempt that has ended, without practice"
