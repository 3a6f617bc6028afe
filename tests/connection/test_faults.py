"""Whatever goes wrong between a desk and the server: each event is there exactly once, nothing is lost, and the verdict comes."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
from collections.abc import Iterator
from dataclasses import replace

import pytest

from connection.served import Linked, Play, Served
from exports.lrs_faults import PASSING, STOPPING, Line, Proxy, proxy, silent
from servicesim.connection import connections
from servicesim.connection.line import Line as DeskLine
from servicesim.connection.line import Pace

PASSES = {name: fault for name, fault in {**PASSING, **STOPPING}.items() if name not in ("413", "422", "400 without a reason", "409 without a reason")}
"""A learning record store would mean something by the others; here they are pages of something that stands in between."""


@pytest.fixture
def between(server: Served, desk: Linked) -> Iterator[Proxy]:
    """The desk reaches the server by a way on which things go wrong."""
    with proxy(server) as between:  # type: ignore[arg-type]
        connections.keep(desk.home, replace(desk.connection, url=f"http://127.0.0.1:{between.port}"))
        yield between


def turns(desk: Linked, many: int = 12) -> None:
    """As often as a link would look around in some minutes; a server that asks for a rest gets it."""
    for _ in range(many):
        for line in desk.link._lines.values():
            line._left_alone_until = float("-inf")
        desk.link.turn()


def demand_all_is_well(server: Served, desk: Linked, play: Play) -> None:
    assert server.house.records.lines(play.attempt.id) == play.lines
    assert desk.house.records.lines(play.attempt.id) == play.lines
    here, there = desk.house.records.attempt(play.attempt.id), server.house.records.attempt(play.attempt.id)
    assert here is not None
    assert there is not None
    assert here[1] == there[1] is not None
    kept = desk.link.verdict(play.attempt.id)
    assert kept is not None
    assert (kept.refused, kept.differences) == ("", ())
    standing = desk.link.standing(desk.learner)
    assert (standing.online, standing.waiting, standing.told) == (True, 0, "")


@pytest.mark.parametrize("place", [0, 1, 2])
def test_after_every_fault_it_goes_on_by_itself(server: Served, desk: Linked, between: Proxy, place: int) -> None:
    """All faults one after the other: at the first batch, at the last, and while the verdict is asked for."""
    play = desk.play()
    server.time[0] += 900_000
    faults = list(PASSES.values())[place::3]
    for fault in faults:
        between.faults = [*([None] * place), fault, None, fault]
        play.write(1)
        desk.link.happened(play.attempt.id)
        turns(desk, 3)
    between.faults = faults[:3]
    play.write()
    desk.link.happened(play.attempt.id)
    turns(desk)
    demand_all_is_well(server, desk, play)


def test_a_page_that_stands_in_between_is_not_taken_for_the_servers_word(server: Served, desk: Linked, between: Proxy) -> None:
    """A hotel's own 404 would else set an attempt aside for good."""
    play = desk.play()
    between.faults = [lambda line: line.answer(404, b"<html>no such page</html>")] * 4
    turns(desk, 2)
    assert desk.house.connected.refusal(play.attempt.id) is None
    assert "another page stands in between" in desk.link.standing(desk.learner).told


def test_a_server_that_says_nothing_costs_its_deadline_and_no_more(server: Served, desk: Linked, between: Proxy) -> None:
    house = replace(desk.house, deadline=0.2)
    play = desk.play()
    between.faults = [silent, None]
    connection = connections.connections(desk.home)[desk.learner]
    line = DeskLine(connection, house, Pace())
    try:
        with pytest.raises(Exception, match=r"it did not answer within 0\.2 seconds"):
            line.sync(line.look())
        line.sync(line.look())
    finally:
        line.close()
    assert server.house.records.lines(play.attempt.id) == play.lines[:2]


@pytest.mark.parametrize("question", [1, 3])
def test_a_sender_that_is_killed_between_sending_and_noting_sends_again(server: Served, desk: Linked, between: Proxy, question: int) -> None:
    """Killed when the server has done what it was asked, before it is told so: with the events on their way, and with the tickets."""
    play = desk.play()
    play.write()
    server.time[0] += 900_000
    sender: list[subprocess.Popen[bytes]] = []

    def kill(line: Line) -> None:
        line.forward()
        os.kill(sender[0].pid, signal.SIGKILL)

    between.faults = [*([None] * (question - 1)), kill]
    environment = {**os.environ, "SERVICESIM_HOME": str(desk.home)}
    sender.append(subprocess.Popen([sys.executable, "-m", "servicesim", "connect", "--now"], env=environment, stdout=subprocess.DEVNULL))
    assert sender[0].wait(60) == -signal.SIGKILL
    assert server.house.records.lines(play.attempt.id) == play.lines
    turns(desk, 2)
    demand_all_is_well(server, desk, play)
    assert sum(batch.count for batch in server.house.organisation.batches(play.attempt.id)) == len(play.lines)


def test_a_server_that_came_back_from_an_older_backup_gets_the_rest_again(server: Served, desk: Linked) -> None:
    play = desk.play()
    play.write(6)
    server.time[0] += 900_000
    desk.link.turn()
    desk.house.connected.acknowledge(play.attempt.id, len(play.lines) - 1, late=False, at=1)  # it had said so before it broke
    play.write()
    desk.link.happened(play.attempt.id)
    turns(desk, 2)
    demand_all_is_well(server, desk, play)


def test_a_desk_that_lost_its_notes_sends_all_of_it_again(server: Served, desk: Linked) -> None:
    play = desk.play()
    play.write(6)
    server.time[0] += 900_000
    desk.link.turn()
    desk.house.connected.acknowledge(play.attempt.id, 0, late=False, at=1)
    play.write()
    desk.link.happened(play.attempt.id)
    turns(desk, 2)
    demand_all_is_well(server, desk, play)


def test_small_batches_when_the_server_takes_no_large_ones(server: Served, desk: Linked, between: Proxy) -> None:
    play = desk.play()
    play.write()
    server.time[0] += 900_000
    told = json.dumps({"title": "Too large", "status": 413, "detail": "too much at once"}).encode()

    def picky(line: Line) -> None:
        if b'"lines"' in line.asked.body and len(json.loads(line.asked.body)["lines"]) > 10:
            line.answer(413, told)
        else:
            line.answer(*line.forward())

    between.faults = [picky] * 40
    turns(desk, 1)
    demand_all_is_well(server, desk, play)
