"""Hands at a real window of X11: they press keys, look at what is shown, and play an encounter as a person does."""

from __future__ import annotations

import json
import os
import subprocess
import sys
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import ExitStack, contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from servicesim.commands import chosen
from servicesim.desktop.preferences import Preferences
from servicesim.desktop.retold import filled
from servicesim.records import open_people
from tools import program

GAME = Path(__file__).parent / "keys_game.py"
PATIENCE = 60.0  # seconds for what comes next, on a computer that does much else
SETTLED = 0.4  # seconds without a change after which nothing more comes by itself, in untimed play
PERSON, NAME = "1042", "Robin Reed"
MOVES = {"go-on": "g", "nod": "h", "yes": "y", "no": "n", "interrupt": "s"}
BUTTONS = {"go-on": "Go on", "nod": "Nod", "yes": "Yes", "no": "No", "interrupt": "Cut in"}


@dataclass(frozen=True, slots=True)
class Seen:
    """What is on the screen."""

    screen: str
    nodes: list[tuple[str, str, str, list[str]]]

    def offers(self, name: str) -> bool:
        """Whether something of this name can be pressed."""
        return any(node[1] == name and "disabled" not in node[3] and "focusable" in node[3] for node in self.nodes)

    @property
    def texts(self) -> str:
        return " | ".join(part for node in self.nodes for part in node[1:3] if part)


class Hands:
    """Presses keys at a display, and looks at what the game shows."""

    def __init__(self, display: str, screen: Path, game: subprocess.Popen[bytes]) -> None:
        self.env = {**os.environ, "DISPLAY": display}
        self.screen, self.game = screen, game

    def press(self, key: str) -> None:
        subprocess.run(["xdotool", "key", "--clearmodifiers", key], env=self.env, check=True)

    def take_the_keyboard(self) -> None:
        """Until the window manager has given it to the game."""
        window = self._ask("search", "--sync", "--onlyvisible", "--pid", str(self.game.pid)).split()[-1]
        self._ask("windowactivate", "--sync", window)

    def _ask(self, *words: str) -> str:
        return subprocess.run(["xdotool", *words], env=self.env, check=True, capture_output=True, text=True, timeout=PATIENCE).stdout

    def look(self) -> Seen:
        for _ in range(400):
            with suppress(OSError, ValueError):
                return Seen(**json.loads(self.screen.read_text(encoding="utf-8")))
            time.sleep(0.05)
        raise AssertionError("nothing was shown")

    def until(self, wanted: Callable[[Seen], Any], what: str) -> Seen:
        end = time.monotonic() + PATIENCE
        while time.monotonic() < end:
            seen = self.look()
            if wanted(seen):
                return seen
            assert self.game.poll() is None, f"the game ended while {what} was waited for"
            time.sleep(0.03)
        raise AssertionError(f"{what} never came; on the screen: {seen.screen}: {seen.texts}")


@dataclass(frozen=True, slots=True)
class Display:
    """A screen of X11, and what serves it."""

    name: str
    server: subprocess.Popen[bytes]


@contextmanager
def display() -> Iterator[Display]:
    """A screen with a window manager, so that windows get the keyboard."""
    with ExitStack() as running:
        server = _start(running, [program("Xvfb"), "-displayfd", "1", "-screen", "0", "1280x800x24"], {}, stdout=subprocess.PIPE)
        assert server.stdout is not None
        running.callback(server.stdout.close)
        name = f":{int(server.stdout.readline())}"
        _start(running, [program("openbox")], {"DISPLAY": name})
        yield Display(name, server)


def _start(running: ExitStack, words: list[str], env: dict[str, str], *, stdout: int = subprocess.DEVNULL) -> subprocess.Popen[bytes]:
    process = subprocess.Popen(words, env={**os.environ, **env}, stdout=stdout, stderr=subprocess.DEVNULL)
    running.callback(process.wait)
    running.callback(process.terminate)
    return process


def known_at(home: Path) -> None:
    """Somebody has played at this computer before, and likes customers who speak quickly."""
    with open_people(home) as people:
        learner = people.enrol(PERSON, NAME, "Evening shift", "en")
        people.keep(f"preferences/{learner}", Preferences(pace=2.0).to_keep())


@contextmanager
def playing(display: Display, home: Path, *words: str, person: str = PERSON, ends: int = 0) -> Iterator[Hands]:
    """The game in a window; it has to end with this code."""
    screen = home / "screen.json"
    screen.unlink(missing_ok=True)
    ours = {"SERVICESIM_HOME": str(home), "DISPLAY": display.name, "SDL_VIDEODRIVER": "x11", "SDL_AUDIODRIVER": "dummy"}
    env = {**os.environ, **ours, "PYTHONPATH": os.pathsep.join(sys.path)}
    words = (sys.executable, str(GAME), str(screen), "play", *words, "--as", person)
    game = subprocess.Popen(words, env=env, stderr=subprocess.DEVNULL if ends else None)
    try:
        yield Hands(display.name, screen, game)
    finally:
        game.terminate()
        assert game.wait(PATIENCE) == ends


def converse(hands: Hands, scenario: str, moves: Sequence[str], *, untimed: bool, name: str = NAME, ends: bool = True) -> None:
    """Play the moves as a person does: look what is offered, press its key."""
    script = chosen.script(scenario)
    says = filled(script, name)
    texts = {says(reply.say or reply.do or ""): reply.id for scene in script.scenario.scenes.values() for reply in scene.replies}

    def offered(seen: Seen) -> list[str]:
        return [texts[node[1]] for node in seen.nodes if node[1] in texts and "focusable" in node[3]]

    for number, move in enumerate(moves):
        what = f"move {number + 1}, {move},"
        if move in MOVES:
            heed(hands, move, what, untimed=untimed)
            continue
        seen = until_offered(hands, lambda seen, move=move: move in offered(seen), what, untimed=untimed)
        there = offered(seen)
        hands.press(str(there.index(move) + 1))
        hands.until(lambda seen, there=there: offered(seen) != there, f"an answer to {what}")
    if ends:
        until_offered(hands, lambda seen: seen.offers("See how it went"), "the end", untimed=untimed)


def heed(hands: Hands, move: str, what: str, *, untimed: bool) -> None:
    until_offered(hands, lambda seen: seen.offers(BUTTONS[move]), what, untimed=untimed)
    hands.press(MOVES[move])
    hands.until(lambda seen: not seen.offers(BUTTONS[move]), f"the end of {what}")


def until_offered(hands: Hands, wanted: Callable[[Seen], Any], what: str, *, untimed: bool) -> Seen:
    """Until something is offered; in untimed play the customer is let go on until then."""
    if not untimed:
        return hands.until(wanted, what)
    while not wanted(seen := hands.until(lambda seen: wanted(seen) or seen.offers("Let them continue"), what)):
        time.sleep(SETTLED)
        if hands.look() != seen:
            continue  # more was still to come
        told = seen.texts
        hands.press("c")
        hands.until(lambda seen, told=told: seen.texts != told, "what comes next")
    return seen
