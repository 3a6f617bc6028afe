"""Rollups: after whatever happens to the records, they tell what a full count tells."""

from __future__ import annotations

import errno
import json
import random
import shutil
import sqlite3
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import closing, contextmanager
from dataclasses import replace
from pathlib import Path

import pytest

from exports.kept import EXPERT, OUT, STARTED, keep, late_parcel
from servicesim import platform
from servicesim.cli import run
from servicesim.exports import figured, rollups, rollups_file, shares
from servicesim.exports.clock import Clock
from servicesim.exports.figures import Counted
from servicesim.exports.filters import WHICH, Filter
from servicesim.exports.handin import pack
from servicesim.records import Attempt, People, Records, Result, open_people, open_records
from servicesim.records.attempt import Handed

HOUR = 3_600_000
LONG_AGO = 1_600_000_000_000  # 2020
ENCOUNTERS = ("late-parcel", "lost-umbrella", "cold-soup")
PRINCIPLES = ("be-clear", "follow-up", "greet-warmly", "own-it")
TEAMS = ("North", "South", "صبح")
FILTERS = (*(Filter(attempts=which) for which in WHICH), Filter(encounters=("cold-soup",), attempts="best"))


class Desk:
    """A folder with records to which things are done, drawn from a seed."""

    def __init__(self, folder: Path, seed: int) -> None:
        self.folder, self.draw = folder, random.Random(seed)
        self.records, self.people = open_records(folder), open_people(folder)
        script = late_parcel()
        self.by = self.records.keep_text("scenario", script.text), self.records.keep_text("principles", script.principles_text)
        self.known: dict[str, bool] = {}
        """Each attempt, and whether it has ended."""
        self.learners = [self.enrol(person) for person in range(6)]
        self.count = 0

    def close(self) -> None:
        self.records.close()
        self.people.close()

    def enrol(self, person: int) -> str:
        return self.people.enrol(f"p{person}", f"Person {person}", self.draw.choice(TEAMS), "en")

    def attempt(self, learner: str) -> Attempt:
        self.count += 1
        started = STARTED + self.draw.randrange(60 * 24) * HOUR
        id, encounter = f"{self.draw.getrandbits(64):016x}", self.draw.choice(ENCOUNTERS)
        return Attempt(id, learner, encounter, *self.by, 1, 0, False, self.draw.random() < 0.15, "en", started)

    def result(self, attempt: Attempt) -> Result:
        scores = {
            name: {"score": self.draw.choice((None, 0, 0.3333, 0.5, 1)), "kept": self.draw.choice((0, 1)), "broken": self.draw.choice((0, 0, 2))}
            for name in PRINCIPLES
            if self.draw.random() < 0.8
        }
        conduct = self.draw.choice(("100/1", "200/3", "0/1", "245/3", f"{self.draw.randrange(10_000)}/100", "163/2"))
        passed, ended = self.draw.random() < 0.4, attempt.started + self.draw.randrange(1, 30 * 24) * HOUR
        return Result(ended, "glad", conduct, passed, "satisfied", 3, 1, 2, 3, 4, json.dumps(scores))

    # Deeds

    def plays(self) -> None:
        attempt = self.attempt(self.draw.choice(self.learners))
        self.records.begin(attempt, ["{}"])
        if self.draw.random() < 0.7:
            self.records.append(attempt.id, 1, ["{}"], self.result(attempt))
            self.known[attempt.id] = True
        else:
            self.known[attempt.id] = False

    def ends_late(self) -> None:
        if open_ones := [id for id, has_ended in self.known.items() if not has_ended]:
            id = self.draw.choice(open_ones)
            found = self.records.attempt(id)
            assert found is not None
            self.records.append(id, 1, ["{}"], self.result(found[0]))
            self.known[id] = True

    def reviews(self) -> None:
        if self.known:
            verdict = self.draw.choice(("stands", "set-aside", "set-aside", "to-look-at"))
            self.records.review(self.draw.choice(list(self.known)), at=1, by="Mina", note="", verdict=verdict)

    def moves(self) -> None:
        self.enrol(self.draw.randrange(6))

    def purges(self) -> None:
        if self.known:
            # Often the newest ones: their numbers are given again.
            ids = list(self.known)[-2:] if self.draw.random() < 0.5 else [self.draw.choice(list(self.known))]
            for id in ids:
                del self.known[id]
            self.records.purge(ids, at=1)

    def erases(self) -> None:
        self.people.erase(self.draw.choice(self.learners))

    def collects(self) -> None:
        stranger = f"{self.draw.getrandbits(64):016x}"
        made = [self.attempt(self.draw.choice((stranger, *self.learners))) for _ in range(4)]
        self.records.take_in_all([Handed(one, ("{}",), self.result(one)) for one in made], "batch", at=1)
        self.known |= {one.id: True for one in made}

    def goes_back(self) -> None:
        """A copy of before is put in the place of the records; what had happened since is gone."""
        copy = self.folder / "copy.db"
        if copy.exists():
            self.records.close()
            shutil.copyfile(copy, self.folder / "records.db")
            self.records = open_records(self.folder)
            self.known = {one.id: result is not None for one, result in self.records.attempts(with_practice=True)}
            copy.unlink()
        else:
            shutil.copyfile(self.folder / "records.db", copy)

    DEEDS = (plays, plays, plays, ends_late, ends_late, reviews, reviews, moves, purges, erases, collects, goes_back)

    def difference(self, *filters: Filter) -> str:
        """In what the rollups differ from a full count: '' if in nothing."""
        return "; ".join(f"{wanted}: {name}" for wanted in filters for name, (ours, full) in self.both(wanted) if ours != full)

    def both(self, wanted: Filter) -> Iterator[tuple[str, tuple[object, object]]]:
        ours = rollups.told(self.records, self.people, wanted)
        assert ours is not None
        full = figured.full_count(self.records, self.people, wanted, Clock(None))
        yield from zip(Counted._fields, zip(ours, full, strict=True), strict=True)


@pytest.fixture
def desk(tmp_path: Path) -> Iterator[Desk]:
    desk = Desk(tmp_path, seed=20_261_122)
    yield desk
    desk.close()


def first_difference(folder: Path, *, seed: int, deeds: int) -> str:
    desk = Desk(folder, seed)
    try:
        for number in range(deeds):
            deed = desk.draw.choice(Desk.DEEDS)
            deed(desk)
            if difference := desk.difference(desk.draw.choice(FILTERS)):
                return f"seed {seed}, after {number + 1} deeds, {deed.__name__}: {difference}"
        return desk.difference(*FILTERS)
    finally:
        desk.close()


@pytest.fixture
def made_anew(monkeypatch: pytest.MonkeyPatch) -> list[Path]:
    """Each time that the file is made anew."""
    made: list[Path] = []
    make = rollups_file._make

    def watched(path: Path, records: Records, people: People) -> None:
        made.append(path)
        make(path, records, people)

    monkeypatch.setattr(rollups_file, "_make", watched)
    return made


@pytest.mark.parametrize("seed", range(2))
def test_after_each_deed_rollups_tell_what_a_full_count_tells(tmp_path: Path, made_anew: list[Path], seed: int) -> None:
    assert first_difference(tmp_path, seed=seed, deeds=40) == ""
    assert len(made_anew) < 10


def handed_over(desk: Desk) -> dict[str, object]:
    """What the file holds in rows, by table; nothing if it is torn."""
    with closing(sqlite3.connect(desk.folder / rollups.FILE)) as file:
        tables = ("learners", "seen", "cells", "about")
        return {name: file.execute(f"SELECT * FROM {name} ORDER BY 1, 2, 3, 4, 5" if name == "cells" else f"SELECT * FROM {name}").fetchall() for name in tables}


def played(desk: Desk, times: int = 12) -> None:
    for _ in range(times):
        desk.plays()
        desk.ends_late()


def spoilt(path: Path, how: str) -> None:
    """Make another file of it."""
    whole = path.read_bytes()
    match how:
        case "torn":
            path.write_bytes(whole[: len(whole) // 2])
        case "empty":
            path.write_bytes(b"")
        case "foreign":
            path.write_text("this is a shopping list\n" * 400)
        case "nulls":
            path.write_bytes(whole[:4096] + bytes(len(whole) - 4096))
        case "older":
            with closing(sqlite3.connect(path)) as file:
                file.execute("PRAGMA user_version = 0")
        case "of another program":
            with closing(sqlite3.connect(path)) as file:
                file.execute("PRAGMA application_id = 7")
        case "without cells":
            with closing(sqlite3.connect(path)) as file:
                file.execute("DROP TABLE cells")
        case "gone":
            path.unlink()


@pytest.mark.parametrize("how", ["torn", "empty", "foreign", "nulls", "older", "of another program", "without cells", "gone"])
def test_a_file_that_cannot_be_used_is_made_anew(desk: Desk, how: str) -> None:
    played(desk)
    assert desk.difference(Filter(attempts="best")) == ""
    spoilt(desk.folder / rollups.FILE, how)
    played(desk, 2)
    assert desk.difference(*FILTERS) == ""


def test_what_comes_is_taken_up_without_making_the_file_anew(desk: Desk, made_anew: list[Path]) -> None:
    played(desk)
    assert desk.difference(Filter()) == ""
    for deed in (desk.plays, desk.ends_late, desk.reviews, desk.moves, desk.purges, desk.erases, desk.collects):
        deed()
        assert desk.difference(Filter(attempts="best")) == "", deed.__name__
    assert len(made_anew) == 1


def test_a_better_attempt_takes_the_place_of_the_best(desk: Desk) -> None:
    leyla = desk.learners[0]
    for conduct, passed in (("50/1", False), ("60/1", True), ("90/1", False), ("181/3", True)):
        attempt = replace(desk.attempt(leyla), scenario="cold-soup", practice=False)
        desk.records.begin(attempt, ["{}"])
        desk.records.append(attempt.id, 1, ["{}"], replace(desk.result(attempt), conduct=conduct, passed=passed))
        (best,) = told(desk, Filter(attempts="best")).teams.values()
        assert best.values.total == {"50/1": 50, "60/1": 60, "90/1": 60, "181/3": 60.33}[conduct]


def told(desk: Desk, wanted: Filter) -> Counted:
    found = rollups.told(desk.records, desk.people, wanted)
    assert found is not None
    return found


def test_a_process_that_is_killed_in_between_leaves_the_file_as_it_was(desk: Desk) -> None:
    played(desk)
    told(desk, Filter())
    before = handed_over(desk)
    desk.collects()
    desk.ends_late()
    for moment in range(1, 3):
        killed_at_addition(desk.folder, moment)
        assert handed_over(desk) == before
    assert desk.difference(*FILTERS) == ""


def test_a_process_that_is_killed_while_it_makes_the_file_leaves_none(desk: Desk) -> None:
    played(desk)
    killed_at_addition(desk.folder, 1)
    assert not (desk.folder / rollups.FILE).exists()
    assert desk.difference(Filter(attempts="first")) == ""


def killed_at_addition(folder: Path, moment: int) -> None:
    """Another process brings the file up to date, and dies when it has added shares so often."""
    program = (
        "import os, sys; from pathlib import Path\n"
        "from servicesim.exports import rollups, rollups_file; from servicesim.exports.filters import Filter\n"
        "from servicesim.records import open_people, open_records\n"
        "add, count = rollups_file.Rollups._add, []\n"
        "def die(*told):\n"
        "    add(*told); count.append(1)\n"
        "    if len(count) == int(sys.argv[2]): os.kill(os.getpid(), 9)\n"
        "rollups_file.Rollups._add = die\n"
        "folder = Path(sys.argv[1])\n"
        "rollups.told(open_records(folder), open_people(folder), Filter())"
    )
    assert subprocess.run([sys.executable, "-c", program, str(folder), str(moment)], check=False).returncode == -9


def test_weeks_and_cohorts_are_those_of_this_computer(desk: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    played(desk, 30)
    weeks = told(desk, Filter()).weeks
    with zone(monkeypatch, "Pacific/Kiritimati"):  # 14 hours ahead
        assert desk.difference(*FILTERS) == ""
        assert told(desk, Filter()).weeks != weeks
    assert told(desk, Filter()).weeks == weeks


def test_for_another_clock_than_this_computers_all_is_counted(desk: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    assert rollups.answers(Filter(), Clock(None))
    with zone(monkeypatch, "Asia/Tehran"):
        assert rollups.answers(Filter(), Clock(None))
        assert not rollups.answers(Filter(), Clock())
    with zone(monkeypatch, "UTC"):
        assert rollups.answers(Filter(), Clock())


@contextmanager
def zone(monkeypatch: pytest.MonkeyPatch, name: str) -> Iterator[None]:
    if not hasattr(time, "tzset"):
        pytest.skip("this system does not let a process change its time zone")
    with monkeypatch.context() as patch:
        patch.setenv("TZ", name)
        time.tzset()
        yield
    time.tzset()


@pytest.mark.parametrize(
    "wanted",
    [Filter(team="North"), Filter(learner="a"), Filter(since=1), Filter(until=1), Filter(passed=True), Filter(with_practice=True), Filter(encounters=("a", "b"))],
)
def test_filters_that_ask_for_more_are_counted_in_full(wanted: Filter) -> None:
    assert not rollups.answers(wanted, Clock(None))
    assert rollups.answers(Filter(encounters=("a", "a"), attempts="last"), Clock(None))


def test_where_no_file_can_be_kept_all_is_counted(desk: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    played(desk)

    def refused(*_: object, **__: object) -> object:
        raise PermissionError(errno.EACCES, "read-only")

    monkeypatch.setattr(platform, "locked", refused)
    assert rollups.told(desk.records, desk.people, Filter()) is None
    assert figured.tell(desk.records, desk.people, Filter(), Clock(None)).people > 0
    rollups.keep_up(desk.records, desk.people)


def test_the_file_names_nobody_and_forgets_who_was_purged(desk: Desk) -> None:
    played(desk)
    told(desk, Filter())
    gone = [one for one, _ in desk.records.attempts(learner=desk.learners[0], with_practice=True)]
    ids = [desk.learners[0], *(one.id for one in gone)]
    before = (desk.folder / rollups.FILE).read_bytes()
    assert b"Person" not in before
    assert all(id.encode() in before for id in ids)
    desk.records.purge([one.id for one in gone], at=1)
    desk.people.erase(desk.learners[0])
    rollups.keep_up(desk.records, desk.people)
    after = (desk.folder / rollups.FILE).read_bytes()
    assert not any(id.encode() in after for id in ids)


def test_a_file_that_nobody_needs_is_not_made(desk: Desk) -> None:
    played(desk, 3)
    rollups.keep_up(desk.records, desk.people)
    assert not (desk.folder / rollups.FILE).exists()


def never_less(self: rollups_file.Rollups, found: object, sign: int) -> None:
    if sign > 0:
        ADD(self, found, sign)  # type: ignore[arg-type]


def counted_again(found: Iterator[tuple[shares.Scope, shares.Cells]]) -> dict[shares.Scope, shares.Cells]:
    whole = ADDED(found)
    return {scope: {place: [sums[1], *sums[1:]] for place, sums in cells.items()} for scope, cells in whole.items()}


ADDED = shares.added
ADD = rollups_file.Rollups._add
BROKEN: dict[str, tuple[object, str, object]] = {
    "the old share is not taken away": (rollups_file.Rollups, "_add", never_less),
    "people are counted as often as they play": (rollups_file, "added", counted_again),
    "a better attempt does not take the place of the best": (shares, "_merit", lambda _: 0),
    "what a review sets aside stays": (Records, "set_aside", lambda _: set()),
    "who changes the team stays in the old one": (People, "teams", lambda _: {}),
    "an attempt that ends late is not seen": (Records, "ended_among", lambda *_: iter(())),
    "a backup is not noticed": (rollups_file.Rollups, "_demand_same", lambda _: None),
}


@pytest.mark.parametrize("slip", BROKEN)
def test_each_slip_in_bringing_up_to_date_would_be_seen(tmp_path: Path, made_anew: list[Path], monkeypatch: pytest.MonkeyPatch, slip: str) -> None:
    """The negative control: were it broken so, the test above would fail."""
    monkeypatch.setattr(*BROKEN[slip])
    found = (first_difference(tmp_path / f"{seed}", seed=seed, deeds=40) for seed in range(8))  # until one shows it
    assert any(found)


def test_collecting_purging_and_erasing_bring_the_file_up_to_date(tmp_path: Path) -> None:
    here, desk = tmp_path / "here", tmp_path / "desk"
    for number, person in enumerate(("leyla", "omid", "dana")):
        keep(here, *OUT, person=person, name=person.title(), number=number, started=LONG_AGO)
    keep(desk, *EXPERT, person="sam", name="Sam", number=7, started=LONG_AGO)
    pack(tmp_path / "desk.zip", desk, Filter())
    with open_records(here) as records, open_people(here) as people:
        rollups.told(records, people, Filter())
    for command in (("collect", str(tmp_path / "desk.zip")), ("person", "erase", "omid", "--yes")):
        assert run([*command, "--records", str(here)]) == 0
    assert attempts_in(here) == ["attempt-0", "attempt-2", "attempt-7"]
    assert run(["purge", "--older-than", "1d", "--yes", "--records", str(here)]) == 0
    assert attempts_in(here) == []


def attempts_in(folder: Path) -> list[str]:
    with closing(sqlite3.connect(folder / rollups.FILE)) as file:
        return [id for (id,) in file.execute("SELECT id FROM seen ORDER BY id")]
