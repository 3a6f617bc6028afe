"""A programme is assigned at the server, shown in the window, and played: window, link and server together, over real HTTP."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import replace
from pathlib import Path
from threading import Event
from time import monotonic

import pytest

from connection.served import NOON, Served, served
from desktop.seat import FACES
from programme_files import LETTER, UMBRELLA, laid_out, programme, script
from servicesim.commands.linking import linking
from servicesim.connection.connections import connections
from servicesim.connection.enrolling import enrol
from servicesim.desktop.app import Way
from servicesim.desktop.desk import Desk
from servicesim.desktop.screens.briefing import Briefing
from servicesim.desktop.screens.conversation import Conversation
from servicesim.desktop.screens.how_it_ended import HowItEnded
from servicesim.desktop.screens.programme import ProgrammePage
from servicesim.desktop.stage import Stage
from servicesim.encounter import rules
from servicesim.records.progress import day_here
from servicesim.server.publishing import Encounter, publish

LONGEST = 30.0  # seconds for any step
PLAIN = UMBRELLA.replace("promise: {call-back: the-letter, within: 2}, ", "")


@pytest.fixture
def server(tmp_path: Path) -> Iterator[Served]:
    """With a programme of two letters, the second of which is late from the first day on."""
    steps = "encounter: umbrella, due: 1", "encounter: the-letter, due: 0, remembers: {late: overdue}"
    laid_out(tmp_path, programme(*steps), umbrella=PLAIN)
    with served(tmp_path / "server") as server:
        server.stop()
        server.house = replace(server.house, settings=replace(server.house.settings, files=tmp_path))
        for text in (PLAIN, LETTER):
            publish(server.house, Encounter((("en", script(text)),)), by="leyla")
        server.start()
        yield server


def test_an_assigned_programme_is_shown_played_and_moves_on(server: Served, tmp_path: Path) -> None:
    home, house = tmp_path / "home", server.house
    enrol(home, server.url, server.code("robin"))
    (learner,) = connections(home)
    house.organisation.assign("week", "person", [learner], begins=day_here(NOON - 172_800_000), by="leyla", at=house.now())
    stage, news = Stage.create_null(), Event()
    with linking(home) as link, Desk(home, files=[], link=link) as desk:
        assert link is not None
        desk.faces, desk.person = FACES, desk.named("robin")
        desk.today = lambda: day_here(NOON)  # type: ignore[method-assign]
        way = Way(stage, desk, language="en", frame=0.2)

        def until(condition: Callable[[], bool]) -> None:
            deadline = monotonic() + LONGEST
            while not condition():
                assert monotonic() < deadline, stage.frame.texts
                stage.wait(0.1)
                news.wait(0.01)  # the desk's jobs and the network have threads of their own

        def shown() -> ProgrammePage | None:
            """The page of the programme, once it has one."""
            return stage.screen if isinstance(stage.screen, ProgrammePage) and stage.screen.course is not None else None

        way.home()
        until(lambda: "A week" in stage.frame.texts)  # what was assigned is there with the first sync
        way.programme()
        until(lambda: shown() is not None)
        page = shown()
        assert page is not None
        assert page.course is not None
        assert [step.state for step in page.course.standing.steps] == ["overdue", "overdue"]
        way.take_step(page.course, page.course.standing.step("the-letter"))
        until(lambda: isinstance(stage.screen, Briefing))
        assert stage.screen.script.scenario.remembered == ("late",)  # type: ignore[union-attr]
        stage.press("enter")
        until(lambda: isinstance(stage.screen, Conversation))
        conversation = stage.screen
        assert isinstance(conversation, Conversation)
        assert "You were to write on Monday." in conversation.script.text
        until(lambda: bool(rules.offered(conversation.playing.situation)))
        server.time[0] += 900_000  # by the server's clock nobody can have played for longer than since the ticket was given
        conversation.reply("there")
        until(lambda: conversation.playing.ended)
        stage.press("enter")
        until(lambda: isinstance(stage.screen, HowItEnded) or link.verdict(conversation.attempt.id) is not None)
        until(lambda: bool(link.programmes(learner).taken))
        way.programme()
        until(lambda: shown() is not None)
        page = shown()
        assert page is not None
        assert page.course is not None
        assert page.course.standing.step("the-letter").used == 1
        (row,) = house.records.past(learner)
        assert row.scenario_hash == script(LETTER, ["late"]).fingerprint
        assert page.course.standing.step("the-letter").state == ("done" if row.passed else "overdue")
    stage.end()
