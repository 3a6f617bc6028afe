"""Rollups in PostgreSQL: whichever server asks, after whatever happens to the records, they tell what a full count tells."""

from __future__ import annotations

import json
import random
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack, closing

import pytest

from exports.kept import STARTED, late_parcel
from exports.test_rollups import ENCOUNTERS, FILTERS, PRINCIPLES, TEAMS, zone
from postgres import Postgres
from servicesim.exports import figured, rollups, rollups_shared
from servicesim.exports.clock import Clock
from servicesim.exports.figures import Counted
from servicesim.exports.filters import Filter
from servicesim.records import Attempt, Result, open_people, open_records, sums
from servicesim.records.sums import Summed, sums_of

HOUR = 3_600_000


class Server:
    """One of the servers in front of the database, to whose records things are done, drawn from a seed."""

    def __init__(self, postgres: Postgres, seed: int, *, organisation: str = "kestrel") -> None:
        self.draw = random.Random(seed)
        self.seed, self.count = seed, 0
        self.records, self.people = (opened(postgres.at("server", organisation)) for opened in (open_records, open_people))
        self.owned = open_records(postgres.at("owner", organisation))
        script = late_parcel()
        self.by = self.records.keep_text("scenario", script.text), self.records.keep_text("principles", script.principles_text)
        self.learners = [self.enrol(person) for person in range(6)]
        self.known: dict[str, bool] = {}
        """Each attempt of its own, and whether it has ended."""

    def close(self) -> None:
        for one in (self.records, self.people, self.owned):
            one.close()

    def enrol(self, person: int) -> str:
        return self.people.enrol(f"p{person}", f"Person {person}", self.draw.choice(TEAMS), "en")

    def attempt(self) -> Attempt:
        self.count += 1
        started, encounter = STARTED + self.draw.randrange(60 * 24) * HOUR, self.draw.choice(ENCOUNTERS)
        id = f"{self.seed}-{self.count}"
        return Attempt(id, self.draw.choice(self.learners), encounter, *self.by, 1, 0, False, self.draw.random() < 0.15, "en", started)

    def result(self, attempt: Attempt) -> Result:
        scores = {name: {"score": self.draw.choice((None, 0, 0.3333, 1)), "kept": 1, "broken": self.draw.choice((0, 2)), "owed": False} for name in PRINCIPLES}
        conduct, passed = self.draw.choice(("100/1", "200/3", "0/1", "163/2")), self.draw.random() < 0.4
        return Result(attempt.started + self.draw.randrange(1, 30 * 24) * HOUR, "glad", conduct, passed, "satisfied", 3, 1, 2, 3, 4, json.dumps(scores))

    # Deeds

    def plays(self) -> None:
        attempt = self.attempt()
        self.records.begin(attempt, ["{}"])
        self.known[attempt.id] = self.draw.random() < 0.7
        if self.known[attempt.id]:
            self.records.append(attempt.id, 1, ["{}"], self.result(attempt))

    def ends_late(self) -> None:
        if open_ones := [id for id, has_ended in self.known.items() if not has_ended]:
            found = self.records.attempt(self.draw.choice(open_ones))
            assert found is not None
            self.records.append(found[0].id, 1, ["{}"], self.result(found[0]))
            self.known[found[0].id] = True

    def reviews(self) -> None:
        if self.known:
            verdict = self.draw.choice(("stands", "set-aside", "set-aside", "to-look-at"))
            self.records.review(self.draw.choice(list(self.known)), at=1, by="Mina", note="", verdict=verdict)

    def moves(self) -> None:
        self.enrol(self.draw.randrange(6))

    def purges(self) -> None:
        if self.known:
            id = self.draw.choice(list(self.known))
            del self.known[id]
            self.owned.purge([id], at=1)

    def erases(self) -> None:
        self.people.erase(self.draw.choice(self.learners))

    def looks(self) -> None:
        rollups.keep_up(self.records, self.people)

    DEEDS: tuple[Callable[[Server], None], ...] = (plays, plays, plays, ends_late, ends_late, reviews, moves, purges, erases, looks)

    def does(self, deeds: int) -> None:
        for _ in range(deeds):
            self.draw.choice(self.DEEDS)(self)

    def difference(self, *filters: Filter) -> str:
        """In what the rollups differ from a full count: '' if in nothing."""
        return "; ".join(f"{wanted}: {name}" for wanted in filters for name, ours, full in self.all_of(wanted) if ours != full)

    def all_of(self, wanted: Filter) -> Iterator[tuple[str, object, object]]:
        ours = rollups.told(self.records, self.people, wanted)
        assert ours is not None
        yield from zip(Counted._fields, ours, figured.full_count(self.records, self.people, wanted, Clock(None)), strict=True)


@pytest.fixture
def server(postgres: Postgres) -> Iterator[Server]:
    with closing(Server(postgres, seed=7)) as made:
        yield made


def first_difference(server: Server, deeds: int, *, at_a_time: int = 3) -> str:
    for number in range(0, deeds, at_a_time):
        server.does(at_a_time)
        if found := server.difference(server.draw.choice(FILTERS)):
            return f"after {number + at_a_time} deeds: {found}"
    return server.difference(*FILTERS)


def test_after_each_deed_rollups_tell_what_a_full_count_tells(server: Server) -> None:
    assert first_difference(server, 20, at_a_time=1) == ""


def test_while_several_servers_write_and_look_nothing_is_missed_or_counted_twice(postgres: Postgres) -> None:
    with ExitStack() as running:
        servers = [running.enter_context(closing(Server(postgres, seed))) for seed in range(4)]
        at_once(*(lambda one=one: one.does(15) for one in servers))
        assert servers[0].difference(*FILTERS) == ""
        assert all(told(one, Filter()) == told(servers[0], Filter()) for one in servers)


def at_once(*deeds: Callable[[], None]) -> None:
    """Do these at the same time; raises what the first of them raises."""
    with ThreadPoolExecutor(len(deeds)) as threads:
        list(threads.map(lambda deed: deed(), deeds))


def told(server: Server, wanted: Filter) -> Counted:
    found = rollups.told(server.records, server.people, wanted)
    assert found is not None
    return found


def played(server: Server, times: int) -> None:
    for _ in range(times):
        server.plays()
        server.ends_late()


def test_what_is_written_and_not_yet_committed_is_taken_up_when_it_is(server: Server) -> None:
    """Numbers and moments are those of the beginning; whoever has looked in between must look again."""
    played(server, 3)
    attempt = server.attempt()
    server.records.begin(attempt, ["{}"])
    with server.records._store.writing(on=attempt.id) as connection:
        number = connection.exec_driver_sql("SELECT number FROM attempts WHERE id = %s", (attempt.id,)).scalar_one()
        values = (number, attempt.started + HOUR, "100/1", "{}", "0" * 64)
        connection.exec_driver_sql(
            "INSERT INTO results (attempt, ended, conduct, passed, outcome, satisfaction, expects, received, trust, anger, principles, seal)"
            " VALUES (%s, %s, %s, 1, 'satisfied', 3, 1, 2, 3, 4, %s, %s)", values,
        )  # fmt: skip
        before = told(server, Filter(attempts="all"))
        played(server, 2)
        assert server.difference(*FILTERS) == ""
    assert told(server, Filter(attempts="all")) != before
    assert server.difference(*FILTERS) == ""


def test_who_has_looked_finds_nothing_to_take_up(server: Server, monkeypatch: pytest.MonkeyPatch) -> None:
    played(server, 3)
    told(server, Filter())
    monkeypatch.setattr(Summed, "take_up", None)
    told(server, Filter(attempts="best"))


def test_whoever_was_noted_often_is_looked_at_once(server: Server, monkeypatch: pytest.MonkeyPatch) -> None:
    looked, waiting = list[str](), sums._waiting
    monkeypatch.setattr(sums, "AT_ONCE", 2)
    monkeypatch.setattr(sums, "_waiting", lambda connection, learners: looked.extend(learners) or waiting(connection, learners))
    played(server, 12)
    assert server.difference(Filter()) == ""
    assert sorted(looked) == sorted(set(looked))
    assert len(looked) > 2


def test_a_server_that_dies_while_it_adds_leaves_the_sums_as_they_were(server: Server, monkeypatch: pytest.MonkeyPatch) -> None:
    played(server, 4)
    before = told(server, Filter())
    played(server, 4)

    def dies(*_: object) -> None:
        raise KeyboardInterrupt

    with monkeypatch.context() as patch:
        patch.setattr(sums, "_add", dies)
        with pytest.raises(KeyboardInterrupt):
            rollups.keep_up(server.records, server.people)
    found = sums_of(server.records)
    assert found is not None
    assert found.cells("another", "first", "") is None
    assert server.difference(*FILTERS) == ""
    assert told(server, Filter()) != before


def test_in_another_time_zone_all_is_made_anew(postgres: Postgres, server: Server, monkeypatch: pytest.MonkeyPatch) -> None:
    played(server, 6)
    assert server.difference(FILTERS[0]) == ""
    here = postgres.say("SELECT value FROM rollups.about")
    with zone(monkeypatch, "Pacific/Kiritimati"):  # 14 hours ahead
        assert server.difference(FILTERS[0]) == ""
        assert postgres.say("SELECT value FROM rollups.about") != here
    assert server.difference(FILTERS[0]) == ""


def test_an_organisation_sees_its_own_sums(postgres: Postgres, server: Server) -> None:
    played(server, 6)
    with closing(Server(postgres, 8, organisation="heron")) as other:
        assert told(server, Filter()).encounters
        assert not told(other, Filter()).encounters
        played(other, 6)
        assert other.difference(*FILTERS) == server.difference(*FILTERS) == ""


def test_who_may_only_add_records_has_them_summed_up_and_sees_no_sums(postgres: Postgres, server: Server) -> None:
    before = told(server, Filter(attempts="all"))
    with open_records(postgres.ingest) as ingest:
        attempt = Attempt("of-ingest", server.learners[0], "late-parcel", *server.by, 1, 0, False, False, "en", STARTED)
        ingest.begin(attempt, ["{}"])
        ingest.append(attempt.id, 1, ["{}"], server.result(attempt))
        assert rollups.told(ingest, server.people, Filter()) is None
    assert told(server, Filter(attempts="all")) != before
    assert server.difference(*FILTERS) == ""


def test_who_only_reads_counts(postgres: Postgres, server: Server) -> None:
    played(server, 2)
    with open_records(postgres.server, read_only=True) as reading:
        assert rollups.told(reading, server.people, Filter()) is None
        rollups.keep_up(reading, server.people)


def test_whoever_is_purged_is_forgotten(postgres: Postgres, server: Server) -> None:
    played(server, 4)
    told(server, Filter())
    server.owned.purge(list(server.known), at=1)
    rollups.keep_up(server.records, server.people)
    for table in ("waiting", "learners", "cells"):
        assert postgres.say(f"SELECT * FROM rollups.{table}") == []


def test_a_watch_that_was_changed_is_told(postgres: Postgres, server: Server) -> None:
    assert list(server.records.verify_rot()) == []
    postgres.say("CREATE OR REPLACE FUNCTION rollups.of_attempt() RETURNS trigger LANGUAGE plpgsql AS $$BEGIN RETURN NULL; END$$")
    assert "results_are_summed_up" in {str(one).split()[-1] for one in server.records.verify_rot()}


# --- were it broken so, the tests above would fail -------------------------------------------------------------------


def unwatched(name: str) -> Callable[[Postgres], object]:
    return lambda postgres: postgres.say(f"CREATE OR REPLACE FUNCTION rollups.{name}() RETURNS trigger LANGUAGE plpgsql AS $$BEGIN RETURN NULL; END$$")


def never_less(self: rollups_shared._Adding, whole: object, found: object, sign: int) -> None:
    if sign > 0:
        ADD(self, whole, found, sign)  # type: ignore[arg-type]


ADD = rollups_shared._Adding._add
SLIPS: dict[str, tuple[object, str, object] | Callable[[Postgres], object]] = {
    "what ends or is reviewed is not noted": unwatched("of_attempt"),
    "what is purged is not noted": unwatched("of_purged"),
    "who changes the team is not noted": unwatched("of_person"),
    "the old share is not taken away": (rollups_shared._Adding, "_add", never_less),
    "what is set aside stays": (sums, "_FACTS", sums._FACTS.replace("'set-aside'", "'aside'")),
    "practice is counted": (sums, "_FACTS", sums._FACTS.replace("a.practice = 0", "true")),
}


@pytest.mark.parametrize("slip", SLIPS)
def test_each_slip_would_be_seen(postgres: Postgres, server: Server, monkeypatch: pytest.MonkeyPatch, slip: str) -> None:
    broken = SLIPS[slip]
    if isinstance(broken, tuple):
        monkeypatch.setattr(*broken)
    else:
        broken(postgres)
    assert first_difference(server, 60)


def test_a_change_that_is_noted_before_it_can_be_seen_would_be_missed(server: Server, monkeypatch: pytest.MonkeyPatch) -> None:
    """Whoever forgot who was noted without having read what they have come to would miss it for good."""
    played(server, 2)
    told(server, Filter())
    waiting = sums._waiting
    monkeypatch.setattr(sums, "_waiting", lambda connection, learners: waiting(connection, learners[1:]))
    played(server, 6)
    assert server.difference(*FILTERS)
