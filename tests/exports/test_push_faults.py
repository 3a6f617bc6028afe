"""Whatever goes wrong on the way to a learning record store: each statement is kept there exactly once, and a bad one stands aside alone."""

from __future__ import annotations

import json
import random
import shutil
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from pathlib import Path
from uuid import NAMESPACE_URL, uuid5

import pytest

from encounter.plays import every_script
from exports.kept import EXPERT, OUT, keep
from exports.lrs_faults import PASSING, SLOW, STOPPING, Fault, Proxy, proxy, reset_after_it_was_stored
from exports.lrs_stores import Kept, small, theirs
from exports.test_push import Queue
from exports.test_xapi import played
from servicesim.exports import xapi
from servicesim.exports.comparing import differences
from servicesim.exports.credentials import of_key
from servicesim.exports.lrs import Lrs
from servicesim.exports.outgoing import HOME, TO, Outgoing
from servicesim.exports.pushing import Clock, Pushing, Stopped
from servicesim.records import Records, open_people, open_records
from servicesim.records.attempt import Handed
from servicesim.records.outbox import Counts, Statement

OPENS = of_key("desk", "open sesame")
STARTED = 1_793_000_000_000
AT_ONCE = 25
EVERY = {**PASSING, **STOPPING}


@pytest.fixture(scope="module")
def template(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with two attempts that have ended, of which nothing is told yet."""
    folder = tmp_path_factory.mktemp("template")
    for number, moves in enumerate((OUT, EXPERT)):
        keep(folder, *moves, number=number)
    with open_people(folder) as people:
        people.keep(TO, "https://lrs.example.com/xapi")
        people.keep(HOME, "https://training.example.com")
    return folder


@pytest.fixture(scope="module")
def real(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Kept]:
    with theirs(tmp_path_factory.mktemp("theirs")) as store:
        yield store


@pytest.fixture(params=["theirs", "small", "strict"])
def store(request: pytest.FixtureRequest) -> Iterator[Kept]:
    if request.param == "theirs":
        yield request.getfixturevalue("real")
    else:
        with small(strict=request.param == "strict") as store:
            yield store


@dataclass(slots=True)
class Time:
    """A clock that stands still until somebody sleeps."""

    now: int = STARTED
    slept: list[float] = field(default_factory=list)
    meanwhile: Callable[[], None] | None = None

    def sleep(self, seconds: float) -> None:
        self.slept.append(seconds)
        self.now += round(seconds * 1000)
        if self.meanwhile is not None:
            self.meanwhile()

    def clock(self) -> Clock:
        return Clock(now=lambda: self.now, sleep=self.sleep, chance=lambda: 0.5)


@dataclass(slots=True)
class Desk:
    """Records whose statements have ids that no other test has; the statement in the middle is one that no store takes."""

    records: Records
    proxy: Proxy
    salt: str
    deadline: float = 10.0
    """Seconds, of a real clock."""
    time: Time = field(default_factory=Time)
    told: list[Statement] = field(default_factory=list)

    def tell(self, outgoing: Outgoing) -> None:
        registration = str(uuid5(NAMESPACE_URL, self.salt))

        def salted(handed: Handed, text: Callable[[str], str]) -> list[Statement]:
            bodies = [json.loads(one.body) for one in outgoing(handed, text)]
            for one in bodies:
                one["id"] = str(uuid5(NAMESPACE_URL, self.salt + one["id"]))
                one["context"]["registration"] = registration
            if not self.told:
                bodies[len(bodies) // 2]["actor"]["account"]["homePage"] = "nowhere"
            found = [Statement(one["id"], json.dumps(one)) for one in bodies]
            self.told += found
            return found

        self.records.tell_untold(salted)

    @property
    def bad(self) -> str:
        (bad,) = (one.id for one in self.told if '"homePage": "nowhere"' in one.body)
        return bad

    def push(self) -> None:
        with Lrs(self.proxy.to, OPENS, deadline=self.deadline) as lrs:
            for _ in Pushing(self.records, lrs, self.proxy.to, OPENS.hidden, self.time.clock()).deliveries():
                pass

    def demand_all_is_well(self) -> None:
        """Each statement exactly once in the store and the same, the bad one alone aside."""
        good = [one for one in self.told if one.id != self.bad]
        kept = self.proxy.store.kept([one.id for one in good])
        assert sorted(one["id"] for one in kept) == sorted(one.id for one in good)
        there = {one["id"]: one for one in kept}
        assert [one.id for one in good if differences(json.loads(one.body), there[one.id])] == []
        counts = self.records.statement_counts()
        assert counts == Counts(waiting=0, aside=0, sent=counts.sent, known=len(good) - counts.sent, refused=1)
        (refused,) = self.records.refused()
        assert refused.id == self.bad
        assert refused.words.startswith('400: {')
        assert "Problem" in refused.words


@pytest.fixture
def desk(
    request: pytest.FixtureRequest, template: Path, store: Kept, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> Iterator[Desk]:
    monkeypatch.setattr("servicesim.exports.pushing.AT_ONCE", AT_ONCE)
    folder = tmp_path / "home"
    shutil.copytree(template, folder)
    with proxy(store) as between, open_records(folder) as records:
        desk = Desk(records, between, request.node.name)
        desk.tell(Outgoing(folder))
        assert len(desk.told) > AT_ONCE
        yield desk


def groups(faults: dict[str, Fault], size: int) -> list[list[str]]:
    names = list(faults)
    return [names[start : start + size] for start in range(0, len(names), size)]


def spread(names: list[str]) -> list[Fault | None]:
    """At the first request, and while halves are sent: each of them, then again in another order, with peace between."""
    spread: list[Fault | None] = []
    for name in (*names, *reversed(names)):
        spread += [EVERY[name], None]
    return spread


def test_without_a_fault_all_is_sent_and_the_bad_one_stands_aside(desk: Desk) -> None:
    desk.push()
    desk.demand_all_is_well()
    assert desk.time.slept == []
    assert desk.records.statement_counts().known == 0
    # Halves of halves, not one by one.
    assert len(desk.proxy.asked) < 20


@pytest.mark.parametrize("store", ["theirs"], indirect=True)
@pytest.mark.parametrize("names", groups(PASSING, 4), ids=", ".join)
def test_it_goes_on_after(desk: Desk, names: list[str]) -> None:
    desk.proxy.faults = spread(names)
    desk.push()
    desk.demand_all_is_well()
    assert desk.proxy.faults == []


@pytest.mark.parametrize("store", ["small"], indirect=True)
@pytest.mark.parametrize("names", groups(PASSING, 8), ids=", ".join)
def test_it_goes_on_after_many(desk: Desk, names: list[str]) -> None:
    desk.proxy.faults = [fault for name in names for fault in (EVERY[name], None)]
    desk.push()
    desk.demand_all_is_well()


def test_it_does_not_wait_for_those_who_dribble(desk: Desk) -> None:
    desk.deadline = 0.5
    desk.proxy.faults = [fault for one in SLOW.values() for fault in (one, None, None)]
    desk.push()
    desk.demand_all_is_well()


@pytest.mark.parametrize("store", ["theirs", "small"], indirect=True)
def test_it_stops_and_the_next_push_goes_on(desk: Desk) -> None:
    desk.proxy.faults = spread(list(STOPPING))
    stopped = 0
    while desk.proxy.faults:
        with pytest.raises(Stopped, match=r"^http://127\.0\.0\.1:"):
            desk.push()
        stopped += 1
        if len(desk.proxy.faults) == 1:
            desk.proxy.faults.clear()
    assert stopped == 2 * len(STOPPING)
    assert desk.time.slept == []
    desk.push()
    desk.demand_all_is_well()


def test_the_store_of_others_takes_every_statement_and_has_the_same(real: Kept) -> None:
    """Of random attempts at every encounter."""
    scripts = every_script()
    plays = [played(scripts[number % len(scripts)], 1000 + number) for number in range(4 * len(scripts))]
    bodies = [xapi.as_text(one) for row, events in plays for one in xapi.statements(row, events, "https://training.example.com")]
    queue = Queue(*bodies)
    with Lrs(f"http://127.0.0.1:{real.port}{real.path}", OPENS) as lrs:
        became = [one.outcome for one in Pushing(queue, lrs, "there", str, Time().clock()).deliveries()]
        for body in bodies[::10]:
            ours = json.loads(body)
            assert differences(ours, json.loads(lrs.get(ours["id"]).body)) == []
    assert became == ["sent"] * len(bodies)


def test_it_goes_on_once_somebody_listens(desk: Desk) -> None:
    desk.proxy.die()
    desk.time.meanwhile = lambda: desk.proxy.rise() if len(desk.time.slept) == 3 else None
    desk.push()
    desk.demand_all_is_well()
    assert desk.time.slept == [0.5, 1.0, 2.0]


@pytest.mark.parametrize("store", ["small"], indirect=True)
def test_where_nobody_listens_all_waits(desk: Desk) -> None:
    desk.proxy.die()
    with pytest.raises(Stopped, match=r"it cannot be reached \(.*\); tried 6 times, what waits is sent with the next servicesim push"):
        desk.push()
    assert desk.time.slept == [0.5, 1.0, 2.0, 4.0, 8.0]
    assert desk.records.statement_counts() == Counts(len(desk.told), 0, 0, 0, 0)
    desk.proxy.rise()
    desk.push()
    desk.demand_all_is_well()


def test_it_goes_on_through_a_bad_day(desk: Desk) -> None:
    """Half of all requests go wrong, each in another way."""
    draw, kinds = random.Random(desk.salt), list(EVERY.values())
    desk.proxy.faults = [draw.choice(kinds) if draw.random() < 0.5 else None for _ in range(60)]
    for _ in range(100):
        try:
            desk.push()
            break
        except Stopped:
            desk.time.now += 3_600_000
    desk.demand_all_is_well()


def test_a_break_in_the_middle_loses_and_doubles_nothing(desk: Desk) -> None:
    """The store has them, and we never heard of it."""
    desk.proxy.faults = [None] * 3 + [reset_after_it_was_stored]

    def stop() -> None:
        raise KeyboardInterrupt

    desk.time.meanwhile = stop
    with pytest.raises(KeyboardInterrupt):
        desk.push()
    assert desk.records.statement_counts().waiting > 0
    desk.time.meanwhile = None
    desk.push()
    desk.demand_all_is_well()
