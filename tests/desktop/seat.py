"""A seat at the desk without a window: a null stage, a desk that does everything at once, and somebody to play."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path
from typing import Any

from servicesim import shipped
from servicesim.desktop.app import Way
from servicesim.desktop.desk import Desk
from servicesim.desktop.faces import Faces
from servicesim.desktop.link import Link
from servicesim.desktop.problems import problems
from servicesim.desktop.screens.conversation import Conversation
from servicesim.desktop.stage import Stage
from servicesim.encounter import rules
from servicesim.encounter.encounter import Encounter
from servicesim.encounter.rehearsal import rehearse
from servicesim.encounter.script import Script
from servicesim.encounter.situation import Phase
from servicesim.encounter.transcript import to_lines
from servicesim.scenario import loading

SAMPLES = Path(__file__).parent / "samples"
LATE_PARCEL = shipped.scenarios() / "late-parcel.yaml"
KETTLE = shipped.scenarios() / "singing-kettle.yaml"  # the first encounter, which is unscored
PERSIAN = SAMPLES / "mothers-gift.yaml"
FACES = Faces()  # drawn once for all tests
GOOD = ("welcome", "may-i-ask", "facts", "summarise", "own-it", "courier-today", "thank-her")
GOOD_IN_PERSIAN = ("welcome", "summarise", "own-it", "courier")


class Seat:
    """Stage, desk and way together, with what tests do again and again."""

    def __init__(
        self, home: Path, files: list[Path] | None = None, *, programmes: list[Path] | None = None, language: str = "en",
        size: tuple[int, int] = (1280, 720), link: Link | None = None,
    ) -> None:  # fmt: skip
        self.home = home
        self.stage = Stage.create_null(size)
        self.desk = Desk(home, files=files, programmes=programmes, at_once=True, link=link)
        self.desk.faces = FACES
        self.way = Way(self.stage, self.desk, language=language, frame=0.2, seed=7)

    @property
    def screen(self) -> Any:
        """What is on the stage."""
        return self.stage.screen

    @property
    def playing(self) -> Any:
        """The attempt that is being played."""
        assert isinstance(self.screen, Conversation)
        return self.screen.playing

    def words(self, key: str, **values: object) -> str:
        """A word of the interface."""
        return self.way.words(key, **values)

    def sit(self, name: str = "Robin Reed") -> None:
        """Somebody is at the desk."""
        self.desk.enrol("1042", name, "Evening shift", self.way.words.language)

    def begin(self, script: Script | None = None, *, untimed: bool = False, pace: float = 1.0, answer: bool = True) -> None:
        """Somebody is in the conversation; a call was answered."""
        if self.desk.person is None:
            self.sit()
        self.way.converse(self.desk.begin(script or script_of(LATE_PARCEL), untimed=untimed, seed=7), pace=pace)
        if answer and isinstance(self.screen, Conversation):
            self.screen.take_up()  # the receiver, where it rings
        self.stage.settle()

    def begin_after(self, *moves: str, script: Script | None = None) -> None:
        """Somebody is in a conversation in which these moves were made before, quicker than anybody could play them."""
        script = script or script_of(LATE_PARCEL)
        opened = self.desk.begin(script, seed=7)
        lines = tuple(to_lines(rehearse(Encounter(script, seed=7, pace=2.0), moves).events))
        self.desk.records.begin(opened.attempt, lines)
        self.way.converse(replace(opened, lines=lines), pace=2.0)
        self.stage.settle()

    def until(self, condition: Callable[[], bool], longest: float = 120.0) -> None:
        """Let time pass until something is so."""
        waited = 0.0
        while not condition():
            assert waited < longest, f"it never came to that; on the screen: {self.stage.frame.texts}"
            self.stage.wait(0.1)
            waited += 0.1

    def until_phase(self, phase: Phase) -> None:
        """Let time pass until the encounter is there."""
        self.until(lambda: self.playing.situation.phase is phase)

    def number_of(self, reply: str) -> str:
        """The key of a reply that is offered."""
        return str(1 + [option.reply.id for option in rules.offered(self.playing.situation)].index(reply))

    def reply(self, *replies: str) -> None:
        """Give these replies with the keyboard, each when the customer has finished."""
        for reply in replies:
            self.until(lambda: bool(rules.offered(self.playing.situation)) and not self.playing.busy)
            self.stage.wait(0.1)
            self.stage.press(self.number_of(reply))
            self.stage.wait(0.1)

    def problems(self) -> list[str]:
        """What is wrong with the picture."""
        self.stage.redraw()
        self.stage.settle()
        return problems(self.stage.frame)

    def leave(self) -> None:
        """Close the window, and the desk after it."""
        self.stage.end()
        self.desk.close()


@contextmanager
def seated(home: Path, files: list[Path] | None = None, **more: Any) -> Iterator[Seat]:
    """A seat, left in good order."""
    seat = Seat(home, files, **more)
    try:
        yield seat
    finally:
        seat.leave()


def script_of(path: Path, **changes: Any) -> Script:
    """The script of a file, with parts of the scenario changed."""
    principles = loading.demand_principles(loading.principles_beside(path))
    return Script(replace(loading.demand(path, principles), **changes), principles, folder=path.parent)
