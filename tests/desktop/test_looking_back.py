"""The debrief looks back: what would have kept each lost point, where the play turned, and playing on from there."""

from __future__ import annotations

import sys
from collections.abc import Iterator
from dataclasses import replace
from functools import cache
from pathlib import Path
from threading import Event as Gate

import pytest

from desktop.seat import LATE_PARCEL, PERSIAN, Seat, script_of, seated
from servicesim.analysis.mending import Mender
from servicesim.desktop.desk import Desk
from servicesim.desktop.looking_back import GIVES_WAY, Run
from servicesim.desktop.playing import new_attempt
from servicesim.desktop.screens.conversation import Conversation
from servicesim.desktop.screens.debrief import Debrief
from servicesim.encounter import rules
from servicesim.encounter.encounter import Encounter
from servicesim.encounter.events import ReplyChosen
from servicesim.encounter.rehearsal import finish_speech, rehearse
from servicesim.encounter.transcript import from_lines
from servicesim.errors import StoreFull
from servicesim.records.verifying import verified

WINDOWFULS = 5  # of a debrief, looked at
PATHS = {"en": LATE_PARCEL, "fa": PERSIAN}


@cache
def _found(language: str, untimed: bool = False) -> Run:
    """A play in a hurry, and all that there is to find out about it."""
    script = script_of(PATHS[language])
    encounter = Encounter(script, seed=7, untimed=untimed)
    while not encounter.ended:  # the worst that is offered, by the alphabet
        finish_speech(encounter)
        if not encounter.ended:
            rehearse(encounter, [max(option.reply.id for option in encounter.offered)])
    run = _at_leisure(Run.of(script, new_attempt(script, "nobody", seed=7, untimed=untimed), encounter.events))
    while not run.done:
        run.look()
        run.note()
    return run


def _at_leisure(run: Run) -> Run:
    """The same run; how slow the machine is makes no difference to what is found out about it."""
    mender = Mender(run.script, run.events, run.assessment, ground=run.ground, clock=lambda: 0.0)
    run.ground, run._told = mender.ground, mender.told()
    return run


def _own(run: Run, seat: Seat) -> Run:
    """The same run, kept in the records of this seat."""
    opened = seat.desk.begin(run.script, untimed=run.attempt.untimed, seed=7)
    return Run(run.script, opened.attempt, run.events, run.assessment, dict(run.mended), run.turning, True, run.ground)


@pytest.fixture
def seat(tmp_path: Path) -> Iterator[Seat]:
    """Somebody who has just played."""
    with seated(tmp_path, [PERSIAN]) as seat:
        seat.sit()
        yield seat


def _names(seat: Seat) -> list[str]:
    return [node.name.replace("\u2068", "").replace("\u2069", "") for node in seat.stage.nodes.walk()]


def test_what_was_found_is_shown_at_its_moment_bit_by_bit(seat: Seat) -> None:
    found = _found("fa")
    run = _at_leisure(Run.of(found.script, found.attempt, found.events))
    seat.way.look_back(run)
    seat.stage.settle()
    assert "Looking for the turning point, and for what could still have kept each point …" in _names(seat)
    assert "This would have kept it" not in _names(seat)
    seat.until(lambda: run.done)
    seat.stage.wait(2.5)
    names = _names(seat)
    assert "Looking for the turning point, and for what could still have kept each point …" not in names
    assert "This would have kept it" in names
    assert any(name.startswith("The turning point") for name in names)
    assert len(run.mended) == len(found.mended) > 5


def test_what_one_reads_stays_where_it_is_while_more_is_shown(seat: Seat) -> None:
    found = _found("fa")
    run = _at_leisure(Run.of(found.script, found.attempt, found.events))
    seat.way.look_back(run)
    seat.stage.settle()
    seat.stage.press("pagedown", "pagedown")
    reading = seat.screen._topmost()
    y = reading.rect.y
    seat.until(lambda: run.done)
    seat.stage.wait(2.5)
    assert reading in seat.screen.area.walk()
    assert abs(reading.rect.y - y) <= 1


def test_one_plays_on_from_the_turning_point_as_practice(seat: Seat) -> None:
    run = _own(_found("fa"), seat)
    seat.way.look_back(run)
    seat.stage.settle()
    seat.stage.click("Play on from the turning point")
    seat.stage.wait(0.1)
    assert isinstance(seat.screen, Conversation)
    attempt = seat.playing.attempt
    assert (attempt.practice, attempt.seed, attempt.untimed) == (True, 7, False)
    assert seat.playing.events == list(run.events[: run.turning.until])
    assert list(from_lines(seat.desk.records.lines(attempt.id))) == seat.playing.events
    assert "Practice" in _names(seat)


def test_both_runs_are_told_side_by_side_and_the_first_is_as_it_was(seat: Seat) -> None:
    run = _own(_found("fa"), seat)
    seat.way.look_back(run)
    seat.stage.settle()
    seat.stage.click("Play on from the turning point")
    seat.stage.wait(0.1)
    _finish(seat, run.turning.instead)
    names = _names(seat)
    assert {"Side by side", "The run before", "This run"} <= set(names)
    assert any(name.startswith("They part at") for name in names)
    assert any(", before " in name for name in names)
    assert seat.screen.run.assessment.conduct > run.assessment.conduct
    assert seat.screen.run.ground is run.ground
    seat.stage.click("Back to the run before")
    seat.stage.settle()
    assert seat.screen.run is run
    assert seat.screen.practice is False


def test_what_is_played_on_is_kept_as_practice_and_can_be_verified(seat: Seat) -> None:
    run = _own(_found("fa"), seat)
    seat.way.look_back(run)
    seat.stage.settle()
    seat.stage.click("Play on from the turning point")
    seat.stage.wait(0.1)
    practice = seat.playing.attempt.id
    _finish(seat, run.turning.instead)
    states = {one.attempt.id: (one.state, one.attempt.practice) for one in verified(seat.desk.records)}
    assert states[practice] == ("REPLAY_VERIFIED", True)
    counted = [attempt.id for attempt, _ in seat.desk.records.attempts(learner=seat.desk.learner)]
    assert practice not in counted


def _finish(seat: Seat, reply: str) -> None:
    """Give this reply, then whatever is offered first, to the end and on to the debrief."""
    seat.reply(reply)
    while True:
        seat.until(lambda: seat.playing.ended or (bool(rules.offered(seat.playing.situation)) and not seat.playing.busy))
        if seat.playing.ended:
            break
        seat.stage.wait(0.1)
        seat.stage.press("1")
        seat.stage.wait(0.2)
    seat.stage.press("enter")
    assert isinstance(seat.screen, Debrief)


def test_a_disk_that_is_full_keeps_nobody_from_the_debrief(seat: Seat, monkeypatch: pytest.MonkeyPatch) -> None:
    run = _own(_found("fa"), seat)
    seat.way.look_back(run)
    seat.stage.settle()

    def full(*_: object) -> None:
        raise StoreFull("no room is left")

    monkeypatch.setattr(seat.desk.records, "begin", full)
    seat.stage.click("Play on from the turning point")
    seat.stage.wait(0.1)
    assert isinstance(seat.screen, Debrief)
    assert "No room is left." in _names(seat)
    assert len(seat.desk._holds) == 1  # that of the first attempt alone
    assert seat.problems() == []


def test_what_nothing_could_have_kept_is_said_so(seat: Seat) -> None:
    run = _own(_found("fa"), seat)
    (key, one), *_ = run.mended.items()
    run.mended = {key: replace(one, until=None)}
    seat.way.look_back(run)
    seat.stage.settle()
    if key[0] not in seat.screen._principles.opened:
        seat.stage.click(seat.words("open-kept", principle=run.script.principles.principles[key[0]].title))
    assert "Nothing that was open to you could have kept it." in _names(seat)


def test_untimed_play_is_looked_back_at_too(seat: Seat) -> None:
    run = _own(_found("fa", untimed=True), seat)
    seat.way.look_back(run)
    seat.stage.settle()
    assert "This would have kept it" in _names(seat)
    seat.stage.click("Play on from the turning point")
    seat.stage.wait(0.1)
    assert seat.playing.attempt.untimed
    assert seat.playing.situation.untimed


def test_what_was_asked_for_by_a_screen_that_was_left_is_not_lost(seat: Seat) -> None:
    found = _found("fa")
    run = _at_leisure(Run.of(found.script, found.attempt, found.events))
    seat.way.look_back(run)
    while not run._fresh:  # found for a screen that is left before it hears of it
        run.look()
        if run._fresh[-1] is None:
            run._fresh.clear()
    seat.way.look_back(run)
    seat.until(lambda: run.done)
    assert run.mended.keys() == found.mended.keys()


def test_nobody_waits_while_it_is_worked_out(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    gate, begun, ended = Gate(), Gate(), Gate()

    def look(run: Run) -> None:
        begun.set()
        gate.wait(20)
        run._fresh.append(False)
        ended.set()

    monkeypatch.setattr(Run, "look", look)
    with seated(tmp_path, [PERSIAN]) as seat:
        seat.sit()
        found = _found("fa")
        seat.way.desk = seat.desk = desk = Desk(tmp_path / "other", files=[PERSIAN])
        run = Run.of(found.script, found.attempt, found.events)
        seat.way.look_back(run)
        seat.stage.wait(0.5)
        assert begun.wait(20)
        seat.stage.press("pagedown")
        assert seat.screen.area.offset > 0
        assert not run.done
        gate.set()
        assert ended.wait(20)
        desk.close()  # every job is done, and has been answered
        seat.stage.wait(0.5)
        assert run.done


@pytest.mark.parametrize("size", [(1280, 720), (1920, 1080)])
@pytest.mark.parametrize("language", ["en", "fa"])
def test_a_debrief_that_looks_back_has_no_defect(tmp_path: Path, language: str, size: tuple[int, int]) -> None:
    found: dict[str, list[str]] = {}
    with seated(tmp_path, [PATHS[language]], language=language, size=size) as seat:
        seat.sit("سارا کاوه" if language == "fa" else "Robin Reed")
        run = _own(_found(language), seat)
        seat.way.look_back(run)
        found |= _pages(seat, "first")
        seat.screen.area.scroll_to(0)
        seat.stage.click(seat.words("turning-play-on"))
        seat.stage.wait(0.2)
        found["played on"] = seat.problems()
        _finish(seat, run.turning.instead)
        found |= _pages(seat, "side by side")
    assert {page: defects for page, defects in found.items() if defects} == {}
    assert len(found) == 2 * WINDOWFULS + 1


def _pages(seat: Seat, name: str) -> dict[str, list[str]]:
    """What is wrong with the first windowfuls of a debrief."""
    found = dict[str, list[str]]()
    seat.stage.settle()
    for number in range(WINDOWFULS):
        found[f"{name}, {number}"] = seat.problems()
        seat.stage.press("pagedown")
    return found


def test_a_run_that_was_left_off_can_be_mended_where_it_stands(seat: Seat) -> None:
    script = script_of(PERSIAN)
    events = rehearse(Encounter(script, seed=7), ()).events
    run = Run.of(script, new_attempt(script, "nobody", seed=7), events)
    while not run.done:
        run.look()
        run.note()
    seat.way.look_back(_own(run, seat))
    assert seat.problems() == []
    assert not any(isinstance(event, ReplyChosen) for event in events)


def test_whoever_draws_waits_less_while_something_is_worked_out() -> None:
    run, waits = _found("fa"), list[float]()

    def told() -> Iterator[None]:
        waits.append(sys.getswitchinterval())
        yield None

    before = sys.getswitchinterval()
    again = Run(run.script, run.attempt, run.events, run.assessment, _told=told())
    again.look()
    assert waits == [pytest.approx(GIVES_WAY)]
    assert sys.getswitchinterval() == before
