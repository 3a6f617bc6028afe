"""The first picture: there before the game is, and as the first screen will be."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

from desktop.seat import seated
from servicesim.desktop import display, opening
from servicesim.desktop.app import Way
from servicesim.desktop.desk import Desk
from servicesim.desktop.opening import Opening
from servicesim.desktop.preferences import Preferences
from servicesim.desktop.stage import Stage
from servicesim.desktop.wording import words_in

#: What takes long to load, and is not needed for a picture.
SLOW = ("sqlalchemy", "yaml", "servicesim.scenario.model", "servicesim.assessment.assess", "servicesim.desktop.app")


def test_the_first_picture_needs_nothing_that_takes_long_to_load() -> None:
    told = f"import sys, servicesim.desktop.opening; print([name for name in {SLOW!r} if name in sys.modules])"
    assert subprocess.run([sys.executable, "-c", told], capture_output=True, check=True, text=True).stdout.splitlines()[-1] == "[]"


@pytest.mark.parametrize("language", ["en", "fa"])
@pytest.mark.parametrize("size", [(1280, 720), (1920, 1080)])
def test_what_the_first_picture_shows_stays_where_it_is(tmp_path: Path, language: str, size: tuple[int, int]) -> None:
    words = words_in(language)
    shown = (words("who-title"), "ServiceSim")
    with Stage.create_null(size) as stage:
        stage.go(Opening(words))
        stage.settle()
        before = [stage.frame.where(text) for text in shown]
    with seated(tmp_path, language=language, size=size) as seat:
        seat.way.who()
        seat.stage.settle()
        assert [seat.stage.frame.where(text) for text in shown] == before


def test_from_the_first_picture_on_the_window_is_as_this_computer_has_it(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    with Desk(tmp_path, at_once=True) as desk:
        desk.prefer(Preferences(theme="dark", text=150))
        desk.keep_language("fa")
    looks: list[tuple[object, ...]] = []
    stage = Stage.create_null()
    draw = stage._draw
    monkeypatch.setattr(stage, "_draw", lambda: (looks.append((stage.theme.text, stage.theme.palette.paper.hex, stage.screen.direction)), draw()))
    monkeypatch.setattr(Way, "who", lambda way: (who(way), stage.settle(), stage.close()))
    monkeypatch.setattr(display.Stage, "create", lambda **_: stage)
    opening.open_home(tmp_path)
    assert len(looks) >= 2
    assert len(set(looks)) == 1
    assert looks[0][::2] == (1.5, "rtl")


who = Way.who
