"""The game as the benchmarks play it: in a real window, by a clock of its own, with a pen that writes nowhere."""

from __future__ import annotations

import random
import tempfile
import time
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import Future
from contextlib import contextmanager
from pathlib import Path

import pygame

from servicesim import shipped
from servicesim.desktop.app import Way
from servicesim.desktop.desk import Desk, done
from servicesim.desktop.inputs import Input
from servicesim.desktop.looking_back import Run
from servicesim.desktop.playing import Playing, new_attempt
from servicesim.desktop.screens.conversation import FRAME, Conversation
from servicesim.desktop.shelf import Opened
from servicesim.desktop.stage import Stage
from servicesim.desktop.window import LONGEST_SLEEP, SystemWindow, translated
from servicesim.encounter import rules
from servicesim.encounter.script import Script
from servicesim.encounter.situation import Phase
from servicesim.records.attempt import Attempt, Result
from servicesim.scenario import loading

CHANNELS = {"in person": "red-letter", "phone": "late-parcel", "chat": "out-of-the-country", "email": "third-letter"}
LONGEST = 600.0  # seconds that an encounter may last
AHEAD = 0.005  # seconds that one piece of what is done ahead counts


class LeapingWindow(SystemWindow):
    """A window on the screen; if it leaps, its time passes in waiting alone, which takes none: each round shows the same pictures."""

    def __init__(self, size: tuple[int, int], *, leaps: bool) -> None:
        self._time, self._leaps, self.scripted = 0.0, leaps, False
        self.waited = time.perf_counter()  # when the last waiting ended, with all that was done ahead in it
        super().__init__(size, "ServiceSim")

    def now(self) -> float:
        return self._time if self._leaps else super().now()

    def inputs(self, longest: float | None) -> Iterator[Input]:
        if not self._leaps:
            yield from super().inputs(longest)
            return
        # What is done ahead does not wait, but takes time.
        self._time += LONGEST_SLEEP if longest is None else longest or AHEAD
        events = pygame.event.get()
        self.waited = time.perf_counter()
        yield from translated(events)


class NoPen:
    """Writes nowhere, at once."""

    def begin(self, attempt: Attempt, lines: Sequence[str] = ()) -> Future[None]:
        """As `Pen.begin`."""
        return done(lambda: None)

    def write(self, attempt_id: str, first_seq: int, lines: Sequence[str], result: Result | None = None) -> Future[None]:
        """As `Pen.write`."""
        return done(lambda: None)

    def close(self) -> None:
        """Nothing is waiting."""


class Game:
    """Stage, desk and way together, and somebody who replies by chance, the same in each round."""

    def __init__(self, stage: Stage, desk: Desk, window: LeapingWindow, frame: float) -> None:
        self.stage, self.desk, self.window = stage, desk, window
        self.way = Way(stage, desk, language="en", seed=7, frame=frame)
        self._chance = random.Random(7)

    def begin(self, script: Script, *, untimed: bool = False) -> None:
        """Somebody is in the conversation."""
        self.way.converse(Opened(script, new_attempt(script, self.desk.learner, seed=7, untimed=untimed)))
        if isinstance(screen := self.stage.screen, Conversation):
            screen.take_up()  # the receiver, where it rings

    @property
    def playing(self) -> Playing | None:
        """The attempt that is being played."""
        screen = self.stage.screen
        return screen.playing if isinstance(screen, Conversation) else None

    def answer(self) -> None:
        """Give a reply, if the customer waits for one."""
        screen, playing = self.stage.screen, self.playing
        if playing is None or not isinstance(screen, Conversation) or playing.busy:
            return
        offered = rules.offered(playing.situation)
        if playing.situation.phase is Phase.WAITING and offered:
            screen.reply(self._chance.choice(offered).reply.id)

    def look_back(self, script: Script) -> None:
        """In the debrief of a whole encounter; what could have been otherwise counts as found, for that is another thread's work."""
        playing = self._played(script)
        run = Run.of(playing.script, playing.attempt, playing.events)
        run.done = True
        self.way.look_back(run)

    def _played(self, script: Script) -> Playing:
        """To the end, without waiting for anybody."""
        self.begin(script, untimed=True)
        playing = self.playing
        assert playing is not None
        end = self.stage.now() + LONGEST
        while not playing.ended and self.stage.now() < end:
            if rules.may_move_on(playing.situation):
                playing.move_on(self.stage.now())
            self.stage.turn(FRAME)
            self.answer()
        return playing

    def until(self, come: Callable[[], bool], longest: float = 200.0) -> None:
        """Go on until something is so."""
        end = self.stage.now() + longest
        while not come() and self.stage.now() < end:
            self.stage.turn(FRAME)


@contextmanager
def game(size: tuple[int, int], files: Sequence[Path] | None = None, *, leaps: bool = True, frame: float = FRAME) -> Iterator[Game]:
    """A game in a window of this size, in real time unless it leaps; its records are thrown away."""
    window = LeapingWindow(size, leaps=leaps)
    with tempfile.TemporaryDirectory() as folder, Stage(window, records=False) as stage, Desk(Path(folder), files=files, at_once=True) as desk:
        vars(desk)["pen"] = NoPen()
        desk.faces.in_time = True
        desk.enrol("1042", "Robin Reed", "Evening shift", "en")
        yield Game(stage, desk, window, frame)


def shipped_script(name: str) -> Script:
    """An encounter that is shipped."""
    path = shipped.scenarios() / f"{name}.yaml"
    principles = loading.demand_principles(loading.principles_beside(path))
    return Script(loading.demand(path, principles), principles)


class Bare:
    """What has to be done at the least: one picture as large as the window, put in front of people."""

    def __init__(self, size: tuple[int, int]) -> None:
        self._window = pygame.Window("bare", size, (1920, 1200))  # beside the other one: what is covered costs less
        self._surface = self._window.get_surface()
        self._picture = pygame.Surface(size, 0, 32)
        self._picture.fill((18, 54, 61))

    def frame(self) -> float:
        """Seconds that one picture takes."""
        began = time.perf_counter()
        self._surface.blit(self._picture, (0, 0))
        self._window.flip()
        return time.perf_counter() - began
