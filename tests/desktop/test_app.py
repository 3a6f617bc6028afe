"""The desk, the way from screen to screen, and what happens where there is no screen."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from desktop.seat import GOOD, LATE_PARCEL, script_of, seated
from servicesim.cli import run
from servicesim.desktop import app, display, opening
from servicesim.desktop.desk import Desk
from servicesim.desktop.opening import Opening
from servicesim.desktop.screens.briefing import Briefing
from servicesim.desktop.screens.conversation import Conversation
from servicesim.desktop.screens.home import Home
from servicesim.desktop.screens.programme import ProgrammePage
from servicesim.desktop.screens.who import Who
from servicesim.desktop.stage import Stage
from servicesim.desktop.wording import words_in
from servicesim.errors import NoDisplay, PlayedElsewhere


class Shown:
    """Stands in for the window: a null stage that is closed once a test has looked at it."""

    def __init__(self, look: Any) -> None:
        self.look, self.screens = look, []

    def create(self, size: Any = None, title: str = "", **_: Any) -> Stage:
        stage = Stage.create_null()
        turn = stage.turn

        def once(longest: float | None = None) -> None:
            stage.wait_turn = turn  # type: ignore[attr-defined]
            turn(0.05)
            if self.look(stage):
                stage.close()

        stage.turn = once  # type: ignore[method-assign]
        return stage


@pytest.fixture
def shown(monkeypatch: pytest.MonkeyPatch) -> Any:
    def looks(look: Any) -> None:
        monkeypatch.setattr(display.Stage, "create", Shown(look).create)

    return looks


def test_the_window_begins_with_who_plays(shown: Any, tmp_path: Path) -> None:
    seen = []
    shown(lambda stage: seen.append(type(stage.screen)) or len(seen) > 2)
    opening.open_home(tmp_path)
    assert set(seen) - {Opening} == {Who}


def test_play_with_an_id_begins_with_the_briefing_and_goes_on_where_it_was_left(shown: Any, tmp_path: Path) -> None:
    seen: list[Any] = []

    def look(stage: Stage) -> bool:
        seen.append(type(stage.screen))
        if isinstance(stage.screen, Briefing):
            stage.press("enter")
        return isinstance(stage.screen, Conversation) and bool(stage.screen.playing.events)

    shown(look)
    script = script_of(LATE_PARCEL)
    _enrol(tmp_path)
    app.open_encounter(tmp_path, script, person="1042")
    assert seen[0] is Briefing
    with Desk(tmp_path, at_once=True) as desk:
        desk.known_as("1042", "en")
        left = desk.stopped("late-parcel")
    assert left is not None
    seen.clear()
    app.open_encounter(tmp_path, script, person="1042")
    assert set(seen) == {Conversation}


@pytest.mark.parametrize(("course", "back"), [("first-week", ProgrammePage), (None, Home)])
def test_a_step_of_a_programme_leads_back_to_the_programme(shown: Any, tmp_path: Path, course: str | None, back: type) -> None:
    seen: list[Any] = []

    def look(stage: Stage) -> bool:
        seen.append(type(stage.screen))
        if seen[-1] is Briefing:
            stage.press("escape")
        return seen[-1] is not Briefing

    shown(look)
    _enrol(tmp_path)
    app.open_encounter(tmp_path, script_of(LATE_PARCEL), person="1042", course=course)
    assert (seen[0], seen[-1]) == (Briefing, back)


def _enrol(folder: Path) -> None:
    with Desk(folder, at_once=True) as desk:
        desk.enrol("1042", "Robin Reed", "", "en")


def test_play_with_an_id_that_nobody_has_asks_for_the_name_first(shown: Any, tmp_path: Path) -> None:
    seen: list[Any] = []

    def look(stage: Stage) -> bool:
        seen.append(type(stage.screen))
        if isinstance(stage.screen, Who) and not stage.screen.name.text:
            assert stage.screen.id.text == "1042"
            stage.write("Robin Reed")
            stage.press("enter")
        return isinstance(stage.screen, Briefing)

    shown(look)
    app.open_encounter(tmp_path, script_of(LATE_PARCEL), person="1042")
    assert (seen[0], seen[-1]) == (Who, Briefing)
    with Desk(tmp_path, at_once=True) as desk:
        assert [(person.id, person.name) for person in desk.known()] == [("1042", "Robin Reed")]


def test_practice_begins_anew_and_is_marked_as_practice(shown: Any, tmp_path: Path) -> None:
    attempts, wanted = [], list[bool]()

    def look(stage: Stage) -> bool:
        if isinstance(stage.screen, Briefing):
            stage.press("enter")
        if isinstance(stage.screen, Conversation):
            attempts.append(stage.screen.playing.attempt)
        return len(attempts) == len(wanted)

    shown(look)
    _enrol(tmp_path)
    for practice in (False, True):
        wanted.append(practice)
        app.open_encounter(tmp_path, script_of(LATE_PARCEL), person="1042", practice=practice)
    assert [attempt.practice for attempt in attempts] == [False, True]


def test_play_without_an_id_asks_and_then_plays(shown: Any, tmp_path: Path) -> None:
    seen: list[Any] = []

    def look(stage: Stage) -> bool:
        seen.append(type(stage.screen))
        if isinstance(stage.screen, Who) and not stage.screen.id.text:
            stage.write("1042")
            stage.press("tab")
            stage.write("Robin Reed")
            stage.press("enter")
        return isinstance(stage.screen, Briefing)

    shown(look)
    app.open_encounter(tmp_path, script_of(LATE_PARCEL))
    assert (seen[0], seen[-1]) == (Who, Briefing)


@pytest.mark.parametrize("arguments", [[], ["play", "late-parcel", "--as", "1042"]])
def test_without_a_display_there_is_one_sentence_and_exit_code_4(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], arguments: list[str]
) -> None:
    def create(*_: Any, **__: Any) -> Stage:
        raise NoDisplay("There is no screen to open a window on.")

    monkeypatch.setattr(display.Stage, "create", create)
    assert run(arguments) == 4
    assert capsys.readouterr().err == "There is no screen to open a window on.\n"


def test_without_a_display_nothing_but_the_sentence_is_printed(tmp_path: Path) -> None:
    bare = {name: value for name, value in os.environ.items() if name not in ("DISPLAY", "WAYLAND_DISPLAY", "SDL_VIDEODRIVER")}
    done = subprocess.run([sys.executable, "-m", "servicesim"], env=bare, capture_output=True, text=True, check=False, timeout=60)
    assert (done.returncode, done.stdout) == (4, "")
    assert done.stderr.startswith("There is no screen")
    assert done.stderr.count("\n") == 1


def test_an_unknown_scenario_is_a_usage_error_before_any_window(capsys: pytest.CaptureFixture[str]) -> None:
    assert run(["play", "late-parsel"]) == 2
    assert "did you mean 'late-parcel'?" in capsys.readouterr().err


def test_a_folder_that_cannot_be_written_is_told_in_the_window(tmp_path: Path) -> None:
    home = tmp_path / "a-file"
    home.write_text("in the way", encoding="utf-8")
    with seated(home) as seat:
        seat.way.who()
        seat.stage.wait(0.1)
        assert any("cannot be used as a folder" in text for text in seat.stage.frame.texts)


def test_the_texts_of_an_attempt_outlive_its_file(tmp_path: Path) -> None:
    file = tmp_path / "late-parcel.yaml"
    file.write_bytes(LATE_PARCEL.read_bytes())
    with seated(tmp_path / "home", [file]) as seat:
        seat.begin(script_of(file))
        seat.reply("welcome")
        file.unlink()
        seat.way.home()
        seat.stage.wait(0.1)
        attempt = seat.desk.shelf().stopped[0].attempt
        seat.desk.let_go(attempt.id)
        opened = seat.desk.resume(attempt)
        assert opened.script.fingerprint == attempt.scenario_hash
        seat.way.converse(opened)
        seat.reply(GOOD[1])
        assert seat.playing.situation.chosen is None
        assert seat.desk.records.lines(attempt.id)


def test_an_attempt_is_held_until_it_is_let_go(tmp_path: Path) -> None:
    with seated(tmp_path) as one, seated(tmp_path) as other:
        one.begin()
        one.stage.wait(0.2)
        attempt = one.playing.attempt
        with pytest.raises(PlayedElsewhere):
            other.desk.resume(attempt)
        one.desk.let_go(attempt.id)
        assert other.desk.resume(attempt).lines


def test_a_person_known_by_the_id_keeps_the_name(tmp_path: Path) -> None:
    with Desk(tmp_path, at_once=True) as desk:
        desk.enrol("1042", "Robin Reed", "Evening shift", "en")
        assert desk.known_as("1042", "fa").name == "Robin Reed"
        assert desk.known_as("2000", "fa").name == "2000"


def test_jobs_and_the_pen_work_beside_the_window_and_end_with_the_desk(tmp_path: Path) -> None:
    stage = Stage.create_null()
    heard: list[Any] = []
    with Desk(tmp_path) as desk:
        desk.ask(lambda: desk.enrol("1042", "Robin", "", "en"), heard.append, heard.append, stage.soon)
    with Desk(tmp_path, at_once=True) as again:
        stage.go(Who(words_in("en"), again, print, print))
        stage.settle()
    assert [person.id for person in heard] == ["1042"]
