"""The demo: a person who is not there plays the shipped encounter through the very screens, good but not perfect."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import TypeVar

from servicesim import platform, shipped
from servicesim.assessment.assess import Assessment
from servicesim.desktop.app import Way
from servicesim.desktop.desk import Desk
from servicesim.desktop.display import open_stage
from servicesim.desktop.page import Page
from servicesim.desktop.playing import Playing
from servicesim.desktop.screens.briefing import Briefing
from servicesim.desktop.screens.conversation import Conversation
from servicesim.desktop.screens.debrief import Debrief
from servicesim.desktop.screens.home import Home
from servicesim.desktop.screens.keys import KEYS
from servicesim.desktop.screens.self_rating import SelfRating
from servicesim.desktop.stage import Stage
from servicesim.encounter import rules
from servicesim.encounter.events import Listened
from servicesim.encounter.rehearsal import INTO_STATION
from servicesim.encounter.situation import Phase
from servicesim.errors import NoDisplay, ServicesimError

PageT = TypeVar("PageT", bound=Page)

ID, NAME, TEAM = "demo", "Robin Reed", "Demo"
SCENARIO = "late-parcel"
# Listens well, is tempted by a voucher, and notices in time.
MOVES = (
    "go-on", "go-on", "welcome", "go-on", "go-on", "go-on", "go-on", "may-i-ask", "go-on", "facts", "go-on", "go-on",
    "summarise", "go-on", "voucher", "recover", "go-on", "courier-today", "go-on", "thank-her",
)  # fmt: skip
RATED = ("4", "4", "3", "4", "3", "2")  # its own view: a step for each principle, and that she will be back

PACE = 3.8  # how much faster the customer speaks in a window, where somebody watches
LOOK = 1.2  # seconds that a screen is left to be looked at
FRAME = 0.4  # seconds from one picture to the next where nobody watches
LONGEST = 120.0  # seconds that the demo waits for anything


@dataclass(slots=True)
class Played:
    """What came of it: the files that were written, in order, and how it was judged; nothing if it was stopped."""

    off_screen: bool
    written: list[Path] = field(default_factory=list)
    attempt: str = ""
    assessment: Assessment | None = None


def play_demo(folder: Path, out: Path, *, off_screen: bool | None = None, pace: float | None = None) -> Played:
    """Play with the records in `folder`, pictures and transcript into `out`; in a window if there is a display."""
    platform.make_folder(out)
    stage = _stage(off_screen)
    alone = stage is None
    with stage or Stage.create_null() as shown, Desk(folder, files=[_file()], at_once=alone) as desk:
        played = Played(off_screen=alone)
        shown.minds_focus = False
        way = Way(shown, desk, pace=pace or (1.0 if alone else PACE), frame=FRAME if alone else 1 / 30, seed=1)
        for pause in _Person(shown, way, out, played).plays():
            shown.wait(pause)
            if shown.closing:
                break
    return played


def _file() -> Path:
    return shipped.scenarios() / f"{SCENARIO}.yaml"


def _stage(off_screen: bool | None) -> Stage | None:
    """The window; None where there is no screen, or none is wanted."""
    if off_screen:
        return None
    try:
        return open_stage()
    except NoDisplay:
        if off_screen is False:
            raise
        return None


class _Person:
    """Plays through the screens, as hands would: yields the seconds that pass between what it does."""

    def __init__(self, stage: Stage, way: Way, out: Path, played: Played) -> None:
        self.stage, self.way, self.out, self.played = stage, way, out, played

    def plays(self) -> Iterator[float]:
        self.way.who()
        yield from self._introduces_itself()
        yield from self._at_home()
        yield from self._begins()
        yield from self._converses()
        yield from self._rates_itself()
        yield from self._reads_the_debrief()
        self.stage.close()

    def _introduces_itself(self) -> Iterator[float]:
        yield LOOK / 2
        for text in (ID, NAME, TEAM):
            self.stage.write(text)
            yield LOOK / 4
            if text != TEAM:
                self.stage.press("tab")
        yield from self._looks_at("who")
        self.stage.press("enter")
        yield from self._until(lambda: isinstance(self.stage.screen, Home))

    def _at_home(self) -> Iterator[float]:
        home = self._screen(Home)
        yield from self._until(lambda: home.shelf is not None)
        yield from self._looks_at("home")
        assert home.shelf is not None
        script = home.shelf.offers[0].script
        if script is None:
            raise ServicesimError(f"the demo's encounter has errors; to see them, run: servicesim check {_file()}")
        if home.shelf.stopped:
            self.way.brief(script)  # the card would continue a demo that was stopped in the middle
        else:
            self.stage.click(script.scenario.title)
        yield from self._until(lambda: isinstance(self.stage.screen, Briefing))

    def _begins(self) -> Iterator[float]:
        yield from self._looks_at("briefing")
        self.stage.press("enter")
        yield from self._until(lambda: isinstance(self.stage.screen, Conversation))

    def _converses(self) -> Iterator[float]:
        playing = self._screen(Conversation).playing
        for move in MOVES:
            if move in KEYS:
                yield from self._listens(playing, move)
            else:
                yield from self._replies(playing, move)
        yield from self._until(lambda: playing.ended)
        yield from self._looks_at("ending")
        self._keep_transcript(playing)
        self.stage.press("enter")

    def _listens(self, playing: Playing, how: str) -> Iterator[float]:
        """Into the next station that is open; none where the speech is over."""
        yield from self._until(lambda: playing.situation.phase is Phase.WAITING or how in rules.listening_offered(playing.situation))
        heard = sum(isinstance(event, Listened) for event in playing.events)
        yield INTO_STATION / playing.situation.pace
        if heard == 4:
            self._takes_picture("listening")
        self.stage.press(KEYS[how])
        yield from self._until(lambda: not playing.busy)

    def _replies(self, playing: Playing, reply: str) -> Iterator[float]:
        def offered() -> list[str]:
            return [option.reply.id for option in rules.offered(playing.situation)]

        yield from self._until(lambda: bool(offered()) and not playing.busy)
        yield LOOK
        if reply == "summarise":
            self._takes_picture("conversation")
        if reply not in offered():
            raise ServicesimError(f"the demo wanted to reply '{reply}'; offered are: {', '.join(offered())}")
        self.stage.press(str(offered().index(reply) + 1))
        yield from self._until(lambda: not playing.busy)

    def _rates_itself(self) -> Iterator[float]:
        yield from self._until(lambda: isinstance(self.stage.screen, SelfRating))
        for step in RATED:
            yield LOOK / 4
            self.stage.press(step)
        yield from self._looks_at("self-rating")
        self.stage.press("enter")

    def _reads_the_debrief(self) -> Iterator[float]:
        yield from self._until(lambda: isinstance(self.stage.screen, Debrief))
        self.played.assessment = self._screen(Debrief).assessment
        yield from self._looks_at("debrief")
        for _ in range(2):
            yield LOOK
            self.stage.press("pagedown")
        yield from self._looks_at("principles")

    # -- what it needs ----------------------------------------------------------------------------------------------

    def _screen(self, kind: type[PageT]) -> PageT:
        screen = self.stage.screen
        if not isinstance(screen, kind):
            raise ServicesimError("the demo was interrupted: run it again and let it play by itself")
        return screen

    def _until(self, condition: Callable[[], bool]) -> Iterator[float]:
        waited = 0.0
        while not condition():
            if waited > LONGEST:
                raise ServicesimError("the demo was interrupted: run it again and let it play by itself")
            waited += 0.05
            yield 0.05

    def _looks_at(self, name: str) -> Iterator[float]:
        yield LOOK / 2
        self._takes_picture(name)
        yield LOOK

    def _takes_picture(self, name: str) -> None:
        path = self.out / f"{name}.png"
        self.stage.save_picture(path)
        self.played.written.append(path)

    def _keep_transcript(self, playing: Playing) -> None:
        lines = self.way.desk.records.lines(playing.attempt.id)
        path = self.out / "transcript.jsonl"
        platform.write_atomically(path, "".join(f"{line}\n" for line in lines).encode())
        self.played.written.append(path)
        self.played.attempt = playing.attempt.id
