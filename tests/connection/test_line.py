"""When a desk asks its server: at once when something happened, seldom when nothing did, and not all desks at the same moment."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import ExitStack
from dataclasses import dataclass, field
from pathlib import Path

import pytest

from servicesim.connection.connections import Connection
from servicesim.connection.editions import Scripts
from servicesim.connection.fetching import Fetching
from servicesim.connection.line import House, Line, Pace
from servicesim.connection.sending import Sending, Waiting
from servicesim.connection.wire import Refused, Trouble, Withdrawn
from servicesim.encounter.transcript import to_line
from servicesim.errors import NotReached, StoreFull
from servicesim.records import Attempt, open_records
from servicesim.records.connected import open_connected
from servicesim.records.tickets import Open, Ticket

LEYLA = "1" * 32
TICKET = Ticket("a-1", "late-parcel", "e" * 64, "p" * 64, 7, "en", 1, 2)


@dataclass(slots=True)
class Time:
    now: float = 1_000.0
    outcomes: list[Exception | None] = field(default_factory=list)
    asked: list[str] = field(default_factory=list)


@pytest.fixture
def time(monkeypatch: pytest.MonkeyPatch) -> Time:
    time = Time()

    def send(self: Sending, **_: object) -> None:
        time.asked.append("sent")
        outcome = time.outcomes.pop(0) if time.outcomes else None
        if outcome is not None:
            raise outcome

    monkeypatch.setattr(Sending, "send", send)
    monkeypatch.setattr(Fetching, "fetch", lambda self: time.asked.append("fetched"))
    return time


@pytest.fixture
def line(tmp_path: Path, time: Time) -> Iterator[Line]:
    connection = Connection("https://training.example.com", "Kestrel Parcels", "d-1", "key", {}, LEYLA, 1)
    with ExitStack() as stores:
        records, connected = stores.enter_context(open_records(tmp_path)), stores.enter_context(open_connected(tmp_path))
        house = House(tmp_path, records, connected, Scripts(connected), lambda: round(time.now * 1000), lambda _: None)
        line = Line(connection, house, Pace(chance=lambda: 1.0, clock=lambda: time.now))
        stores.callback(line.close)
        yield line


def waiting(*, ended: bool) -> list[Waiting]:
    from servicesim.encounter.events import Ended, Interrupted

    attempt = Attempt("a-1", LEYLA, "late-parcel", "e" * 64, "p" * 64, 1, 7, False, False, "en", 1)
    return [Waiting(Open(TICKET, 0, False), attempt, (to_line(Ended(9.0, "calm") if ended else Interrupted(1.0)),))]


def failed(line: Line, time: Time, why: Exception) -> None:
    time.outcomes = [why]
    with pytest.raises(NotReached):
        line.sync(waiting(ended=False))


def test_it_asks_at_once_first_and_then_seldom(line: Line, time: Time) -> None:
    assert line.due_in([], nudged=False) == 0
    line.sync([])
    assert time.asked == ["sent", "fetched"]
    assert line.due_in([], nudged=False) == 300
    assert line.standing.online
    assert line.standing.at == 1_000_000


def test_what_happens_on_the_way_is_gathered_and_the_end_is_sent_at_once(line: Line, time: Time) -> None:
    line.sync([])
    assert line.due_in(waiting(ended=False), nudged=True) == 3
    assert line.due_in(waiting(ended=True), nudged=True) == 0
    time.now += 3
    assert line.due_in(waiting(ended=False), nudged=False) == 0
    line.sync(waiting(ended=False))
    assert time.asked == ["sent", "fetched", "sent"]
    line.sync(waiting(ended=True))
    assert time.asked[-1] == "fetched"  # a ticket was used up


def test_after_trouble_it_waits_longer_each_time_and_at_most_a_minute(line: Line, time: Time) -> None:
    waits = []
    for _ in range(9):
        failed(line, time, Trouble("it cannot be reached"))
        waits.append(line.due_in(waiting(ended=True), nudged=False))
        time.now += waits[-1]
    assert waits == [1, 2, 4, 8, 16, 32, 60, 60, 60]
    assert (line.standing.online, line.standing.told) == (False, "it cannot be reached")
    line.sync(waiting(ended=False))
    failed(line, time, Trouble("it cannot be reached"))
    assert line.due_in(waiting(ended=True), nudged=False) == 1


def test_not_all_desks_come_back_at_the_same_moment() -> None:
    assert {Pace(chance=lambda at=at: at).rest(5) for at in (0.0, 0.5, 1.0)} == {8, 12, 16}  # type: ignore[misc]


def test_after_trouble_something_new_is_tried_at_once(line: Line, time: Time) -> None:
    for _ in range(5):
        failed(line, time, Trouble("it cannot be reached"))
    assert line.due_in(waiting(ended=False), nudged=True) == 0


def test_a_server_that_asks_to_be_left_alone_is(line: Line, time: Time) -> None:
    failed(line, time, Trouble("too many requests", 7.0))
    assert line.due_in(waiting(ended=True), nudged=True) == 7
    failed(line, time, Trouble("not now", 86_400.0))
    assert line.due_in(waiting(ended=True), nudged=True) == 60


def test_a_withdrawn_desk_asks_no_more(line: Line, time: Time) -> None:
    failed(line, time, Withdrawn("it does not know this desk any more"))
    assert line.due_in(waiting(ended=True), nudged=True) == float("inf")


@pytest.mark.parametrize(("why", "told"), [(Refused(403, "not you"), "https://training.example.com: not you"), (StoreFull("no room is left"), "no room is left")])
def test_other_trouble_is_told_too(line: Line, time: Time, why: Exception, told: str) -> None:
    failed(line, time, why)
    assert line.standing.told == told
    kept = line._house.connected.contact(LEYLA)
    assert kept is not None
    assert (kept.trouble, kept.answered) == (told, None)


def test_that_all_is_well_is_not_written_down_every_time(line: Line, time: Time) -> None:
    written = []
    keep = line._house.connected.keep_contact
    line._house.connected.keep_contact = lambda *contact: (written.append(contact), keep(*contact))  # type: ignore[method-assign,assignment,func-returns-value]
    for _ in range(30):
        line.sync([])
        time.now += 5
    assert len(written) == 3
