"""The bridge to screen readers: one game read and pressed through AT-SPI, on a D-Bus of its own."""

from __future__ import annotations

import logging
import os
import re
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from dataclasses import dataclass
from pathlib import Path
from typing import Any, TypeVar

import pytest

from servicesim.desktop import screen_reader
from servicesim.desktop.arrangement import Column
from servicesim.desktop.button import Button
from servicesim.desktop.label import Label
from servicesim.desktop.page import Page
from servicesim.desktop.screen_reader import open_reader
from servicesim.desktop.stage import Stage
from servicesim.desktop.widget import Widget
from tools import ACCESSIBILITY_BUS, program

GAME = Path(__file__).parent / "reader_game.py"
ROOT = "/org/a11y/atspi/accessible/root"
ROLES = {"uint32 29": "label", "uint32 43": "push button", "uint32 62": "toggle button", "uint32 83": "heading"}  # as AT-SPI counts them
PATIENCE = 20.0  # seconds, on a computer that does much else

T = TypeVar("T")


@dataclass(frozen=True)
class Bus:
    """A D-Bus, asked by way of `gdbus`."""

    address: str
    env: dict[str, str]

    def call(self, name: str, path: str, method: str, *arguments: str) -> str:
        told = ("gdbus", "call", "--address", self.address, "--dest", name, "--object-path", path, "--method", method, *arguments)
        return subprocess.run(told, env=self.env, capture_output=True, text=True, timeout=PATIENCE).stdout.strip()

    def children(self, name: str, path: str) -> list[tuple[str, str]]:
        told = self.call(name, path, "org.a11y.atspi.Accessible.GetChildren")
        return re.findall(r"\('(:[^']+)', (?:objectpath )?'([^']+)'\)", told)

    def walk(self, name: str, path: str) -> Iterator[tuple[str, str]]:
        """Each thing below a place: what it is and is called, and where it is."""
        role = self.call(name, path, "org.a11y.atspi.Accessible.GetRole").strip("(),")
        told = self.call(name, path, "org.freedesktop.DBus.Properties.Get", "org.a11y.atspi.Accessible", "Name")
        yield f"{ROLES.get(role, role)}: {told[3:-4]}", path
        for _, child in self.children(name, path):
            yield from self.walk(name, child)


def soon(ask: Callable[[], T | None]) -> T:
    """The first answer that is one."""
    until = time.monotonic() + PATIENCE
    while time.monotonic() < until:
        if answer := ask():
            return answer
    raise AssertionError("it never came to that")


@pytest.fixture
def bus(tmp_path: Path) -> Iterator[Bus]:
    """The bus of a desktop whose screen reader is on."""
    pytest.importorskip("accesskit", reason="AccessKit is not installed")
    for name in ("dbus-daemon", "gdbus", ACCESSIBILITY_BUS):
        program(name)
    env = {**os.environ, "HOME": str(tmp_path), "XDG_RUNTIME_DIR": str(tmp_path), "XDG_CACHE_HOME": str(tmp_path), "SDL_VIDEODRIVER": "dummy"}
    with ExitStack() as running:
        daemon = _start(running, ["dbus-daemon", "--session", "--nofork", "--print-address"], env)
        assert daemon.stdout is not None
        session = Bus(daemon.stdout.readline().strip(), env)
        env["DBUS_SESSION_BUS_ADDRESS"] = session.address
        _start(running, [ACCESSIBILITY_BUS, "--launch-immediately"], env)
        there = ("org.a11y.Bus", "/org/a11y/bus")
        address = soon(lambda: session.call(*there, "org.a11y.Bus.GetAddress")[2:-3])
        for status in ("IsEnabled", "ScreenReaderEnabled"):
            session.call(*there, "org.freedesktop.DBus.Properties.Set", "org.a11y.Status", status, "<true>")
        yield Bus(address, env)


def _start(running: ExitStack, told: list[str], env: dict[str, str]) -> subprocess.Popen[str]:
    process = subprocess.Popen(told, env=env, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True)
    running.callback(process.wait)
    running.callback(process.terminate)
    running.callback(process.stdout.close)  # type: ignore[union-attr]
    return process


def test_a_screen_reader_reads_and_presses_what_is_on_the_stage(bus: Bus) -> None:
    with ExitStack() as running:
        game = _start(running, [sys.executable, str(GAME)], bus.env)
        name = soon(lambda: bus.children("org.a11y.atspi.Registry", ROOT))[0][0]

        def read() -> dict[str, str] | None:
            told = dict(bus.walk(name, ROOT))
            return told if any(one.endswith(": Begin") for one in told) else None

        told = soon(read)
        assert [one for one in told if one.split()[-1] in ("away", "in.", "Begin", "Untimed")] == [
            "heading: The coat that stayed away", "label: Leyla comes in.", "toggle button: Untimed", "push button: Begin",
        ]  # fmt: skip
        begin = next(path for one, path in told.items() if one.endswith(": Begin"))
        bus.call(name, begin, "org.a11y.atspi.Action.DoAction", "0")
        assert game.stdout is not None
        assert game.stdout.readline() == "begun\n"
        assert game.wait(PATIENCE) == 0


class Asked(Page):
    """One button, which counts."""

    title, pressed = "At the counter", 0

    def build(self) -> Widget:
        self.button = Button("Begin", self.count)
        return Column(Label("Leyla comes in."), self.button)

    def count(self) -> None:
        self.pressed += 1


def test_what_a_screen_reader_asks_for_is_done_and_what_is_gone_is_not() -> None:
    page = Asked()
    with Stage.create_null() as stage:
        stage.go(page)
        stage.screen.asked(page.button.node_key, press=False)
        assert (page.focus.widget, page.pressed) == (page.button, 0)
        stage.screen.asked(page.button.node_key, press=True)
        stage.screen.asked(999_999_999, press=True)
        page.button.enabled = False
        stage.screen.asked(page.button.node_key, press=True)
        assert page.pressed == 1


def test_without_accesskit_there_is_no_reader_and_the_game_goes_on(monkeypatch: pytest.MonkeyPatch) -> None:
    def missing(_name: str) -> Any:
        raise ImportError

    def broken(_name: str) -> Any:
        raise RuntimeError("no bus")

    with Stage.create_null() as stage:
        for imported in (missing, broken):
            monkeypatch.setattr(screen_reader.importlib, "import_module", imported)
            assert open_reader(stage) is None
        monkeypatch.setattr(screen_reader.sys, "platform", "darwin")
        assert open_reader(stage) is None


def test_a_bridge_that_breaks_is_given_up_with_one_line_in_the_log(monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture) -> None:
    class Broken:
        """Stands in for AccessKit: its adapter breaks when it is told something."""

        def __init__(self, *_: object) -> None:
            self.unix, self.Adapter = self, Broken

        def update_window_focus_state(self, _focused: bool) -> None:
            raise RuntimeError("the bus is gone")

    monkeypatch.setattr(screen_reader.importlib, "import_module", Broken)
    monkeypatch.setattr(screen_reader.sys, "platform", "linux")
    with Stage.create_null() as stage, caplog.at_level(logging.WARNING):
        stage.go(Asked())
        stage.reader = open_reader(stage)
        stage.turn(0.1)
        stage.turn(0.1)
        assert stage.reader is None
    assert [record.getMessage() for record in caplog.records] == ["The screen reader cannot be reached any more (the bus is gone)."]
