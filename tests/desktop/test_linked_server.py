"""The window, the link and the organisation's own server together, over real HTTP."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import replace
from pathlib import Path
from threading import Event
from time import monotonic

import pytest

from connection.served import Served, served
from desktop.seat import FACES, GOOD
from servicesim.commands.linking import linking
from servicesim.connection.connections import connections
from servicesim.connection.enrolling import enrol
from servicesim.desktop.app import Way
from servicesim.desktop.desk import Desk
from servicesim.desktop.screens.conversation import Conversation
from servicesim.desktop.screens.debrief import Debrief
from servicesim.desktop.screens.history import History
from servicesim.desktop.screens.how_it_ended import HowItEnded
from servicesim.desktop.screens.self_rating import SelfRating
from servicesim.desktop.stage import Stage
from servicesim.encounter import rules
from servicesim.encounter.encounter import Encounter
from servicesim.encounter.rehearsal import rehearse
from servicesim.encounter.transcript import to_lines

LONGEST = 30.0  # seconds for any step


@pytest.fixture(scope="module")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Served]:
    with served(tmp_path_factory.mktemp("server")) as server:
        yield server


def test_an_encounter_is_played_judged_and_debriefed_and_the_network_may_be_away_meanwhile(server: Served, tmp_path: Path) -> None:
    enrol(tmp_path, server.url, server.code("robin"))
    (learner,) = connections(tmp_path)
    stage = Stage.create_null()
    with linking(tmp_path) as link, Desk(tmp_path, files=[], link=link) as desk:
        assert link is not None
        desk.faces = FACES
        desk.person = desk.named("robin")
        assert desk.learner == learner
        way, news = Way(stage, desk, language="en", frame=0.2), Event()

        def until(condition: Callable[[], bool]) -> None:
            deadline = monotonic() + LONGEST
            while not condition():
                assert monotonic() < deadline, stage.frame.texts
                stage.turn()
                news.wait(0.01)  # the desk's jobs and the network have threads of their own

        _until_offered(way, until)
        server.stop()
        _play(way, until)
        assert desk.connected
        until(lambda: way.words("ended-now-kept") in stage.frame.texts)
        server.time[0] += 900_000  # by the server's clock nobody can have played for longer than since the ticket was given
        server.start()
        link.happened(stage.screen.attempt.id)  # type: ignore[union-attr]
        until(lambda: _seen(stage) and isinstance(stage.screen, SelfRating))
        stage.press("escape")
        until(lambda: isinstance(stage.screen, Debrief))
        way.history()
        until(lambda: isinstance(stage.screen, History) and stage.screen.portion is not None)
        assert [entry.state for entry in stage.screen.portion.entries] == ["passed"]  # type: ignore[union-attr]
        (row,) = server.house.records.past(learner)
        assert row.passed
    stage.end()


def _seen(stage: Stage) -> bool:
    stage.wait(0.1)  # time on a stage without a window goes on only when it is told to
    return True


def _until_offered(way: Way, until: Callable[[Callable[[], bool]], None]) -> None:
    """At home, with what the organisation has published."""
    way.home()
    until(lambda: bool(getattr(way.stage.screen, "cards", ())))


def _play(way: Way, until: Callable[[Callable[[], bool]], None]) -> None:
    """All but the last reply quicker than anybody could give it."""
    desk, stage = way.desk, way.stage
    script = desk.published("late-parcel", "en")
    assert script is not None
    ticket = desk.organised.ticket(desk.learner, "late-parcel", "en")
    opened = desk.begin(script, ticket=ticket)
    lines = tuple(to_lines(rehearse(Encounter(script, seed=ticket.seed, pace=2.0), GOOD[:-1]).events))
    desk.records.begin(opened.attempt, lines)
    way.converse(replace(opened, lines=lines), pace=2.0)
    screen = stage.screen
    assert isinstance(screen, Conversation)
    until(lambda: _seen(stage) and bool(rules.offered(screen.playing.situation)))
    screen.reply(GOOD[-1])
    until(lambda: _seen(stage) and screen.playing.ended)
    stage.press("enter")
    until(lambda: isinstance(stage.screen, HowItEnded))
