"""`servicesim preview`: what it says before there is a window, and after."""

from __future__ import annotations

from pathlib import Path

import pytest

from scenario.small import SMALL
from servicesim.cli import run
from servicesim.desktop.page import Page
from servicesim.desktop.screens import preview
from servicesim.desktop.stage import Stage
from servicesim.desktop.window import NullWindow


class Watched(Stage):
    """A stage without a window, on which somebody presses these keys and leaves."""

    keys: tuple[str, ...] = ()

    def run(self, screen: Page, script: object = None) -> None:  # type: ignore[override]
        self.go(screen)
        self.press(*self.keys)
        self.end()


@pytest.fixture
def file(tmp_path: Path) -> Path:
    path = tmp_path / "my umbrella.yaml"
    path.write_text(SMALL, encoding="utf-8")
    return path


def watched(monkeypatch: pytest.MonkeyPatch, *keys: str) -> None:
    class Pressed(Watched):
        pass

    Pressed.keys = keys
    monkeypatch.setattr(preview, "open_stage", lambda title: Pressed(NullWindow((1280, 720))))


def test_without_a_screen_it_says_so_and_leaves_with_4(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch, file: Path
) -> None:
    for name in ("DISPLAY", "WAYLAND_DISPLAY", "SDL_VIDEODRIVER"):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setattr("sys.platform", "linux")
    assert run(["preview", str(file)]) == 4
    assert "There is no screen" in capsys.readouterr().err


@pytest.mark.parametrize(
    ("arguments", "told"),
    [
        (["nowhere.yaml"], "there is no scenario file nowhere.yaml"),
        (["."], ". is a folder"),
        (["late-parcel", "--principles", "nowhere.yaml"], "there is no principles file nowhere.yaml"),
        (["late-parcel", "--language", "tlh"], "'tlh' is not"),
    ],
)
def test_a_file_that_is_not_there_at_the_start_is_exit_2(capsys: pytest.CaptureFixture[str], arguments: list[str], told: str) -> None:
    assert run(["preview", *arguments]) == 2
    assert told in capsys.readouterr().err


def test_what_was_played_last_is_told_as_a_command(capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch, file: Path) -> None:
    watched(monkeypatch, "g", "1")
    assert run(["preview", str(file)]) == 0
    assert capsys.readouterr().out == f'played last: servicesim simulate "{file}" --play "go-on,welcome"\n'
    assert run(["simulate", str(file), "--play", "go-on,welcome"]) == 0


def test_a_file_with_errors_opens_all_the_same(capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch, file: Path) -> None:
    file.write_text("servicesim: 1\n", encoding="utf-8")
    watched(monkeypatch, "1", "u", "p")
    assert run(["preview", str(file), "--language", "fa"]) == 0
    assert capsys.readouterr().out == ""


def test_nothing_is_recorded(monkeypatch: pytest.MonkeyPatch, tmp_path: Path, file: Path) -> None:
    watched(monkeypatch, "1", "1")
    assert run(["preview", str(file)]) == 0
    assert not (tmp_path / "home").exists()
