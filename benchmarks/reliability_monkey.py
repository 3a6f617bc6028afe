"""100,000 random inputs on the window: keys, clicks, text, wheel, new sizes, lost focus, a closed window; over all screens and languages.

The monkey sits before a window that is none, with virtual time and real pictures, and presses what it sees more often than
nothing. The inputs come in bouts of 1,000, each with records of its own, in a child process, so that a crash is seen as well and its
memory is its own. The negative controls are a page that raises on one rare key, and one that forgets nothing.
"""

from __future__ import annotations

import gc
import os
import random
import subprocess
import sys
import tempfile
import time
import traceback
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path
from statistics import median
from unittest import mock

from benchmarks.reliability_report import Failing, Report
from benchmarks.reliability_text import hostile
from servicesim import platform, shipped
from servicesim.commands import chosen
from servicesim.desktop.access import Node
from servicesim.desktop.app import Way
from servicesim.desktop.demo import MOVES, SCENARIO
from servicesim.desktop.desk import Desk
from servicesim.desktop.faces import Faces
from servicesim.desktop.inputs import (
    CloseAsked,
    Composed,
    FocusLost,
    Input,
    KeyPressed,
    PointerLeft,
    PointerMoved,
    PointerPressed,
    PointerReleased,
    Resized,
    Scrolled,
    Typed,
    Uncovered,
)
from servicesim.desktop.looking_back import Run
from servicesim.desktop.screens.conversation import Conversation
from servicesim.desktop.screens.sheet import Sheet
from servicesim.desktop.stage import Stage
from servicesim.desktop.window import NullWindow
from servicesim.encounter.encounter import Encounter
from servicesim.encounter.rehearsal import rehearse
from servicesim.encounter.script import Script
from servicesim.encounter.transcript import to_lines
from servicesim.errors import StoreFull
from servicesim.languages import LANGUAGES
from servicesim.records import store
from servicesim.records.results import result_of

INPUTS = 100_000
BOUT = 1_000
MOST_GROWTH = 16.0  # MiB from the second quarter of the bouts to the last
SCREENS = frozenset((
    "Who", "Invitation", "Guided", "Home", "Briefing", "Conversation", "Backlog", "Paused", "SelfRating", "Debrief", "TeachingCard",
    "History", "Replay", "CertificateMade", "Principles", "OnePrinciple", "Settings",
))  # fmt: skip
RARE_KEY = KeyPressed("f1")

_KEYS = (
    "tab", "enter", "space", "escape", "backspace", "delete", "up", "down", "left", "right", "home", "end", "pageup", "pagedown", "f1", "f11",
    *"0123456789abcdefghijklmnopqrstuvwxyz",
)  # fmt: skip
_SIZES = ((1280, 720), (1280, 720), (960, 540), (800, 450), (640, 360), (320, 240), (1, 1), (1600, 500), (500, 1000))
_PROJECT = Path(__file__).parent.parent


def run(scale: float, seed: int) -> Report:
    """Play the bouts in a child, then one bout for each control."""
    began = time.perf_counter()
    failing = Failing("monkey")
    bouts = list(failing.first(f"{seed}/{number}" for number in range(max(1, round(INPUTS * scale / BOUT)))))
    halves = [half for half in (bouts[::2], bouts[1::2]) if half]
    with ThreadPoolExecutor(max_workers=2) as pool:
        children = list(pool.map(lambda half: _in_child("", half), halves))
    told = _Told(
        sum(child.inputs for child in children),
        sum(child.frames for child in children),
        set[str]().union(*(child.screens for child in children)),
        max((child.sizes for child in children), key=_growth),
        {bout: fault for child in children for bout, fault in child.faults.items()},
    )
    for bout in told.faults:
        failing.keep(bout, told.faults[bout])
    controls = [f"{seed}/control/{number}" for number in range(4)]
    raising, keeping = _in_child("raises", controls[:2]), _in_child("keeps", controls)
    faults = list(told.faults.values())
    growth = _growth(told.sizes)
    unseen = SCREENS - told.screens
    return Report(
        "monkey",
        f"{told.inputs:,} inputs, {told.frames:,} pictures, {len(told.screens)} screens",
        f"{len(faults)} exceptions, {growth:+.1f} MiB" + "".join(f"; {fault}" for fault in faults[:3]) + "".join(f"; never saw {name}" for name in unseen),
        f"page that raises: {'caught' if raising.faults else 'SURVIVED'}; page that forgets nothing: {_growth(keeping.sizes):+.1f} MiB",
        time.perf_counter() - began,
        not faults
        and (not unseen or scale < 0.05)
        and growth < MOST_GROWTH
        and bool(raising.faults)
        and (_growth(keeping.sizes) > MOST_GROWTH or not any(keeping.sizes)),
    )


@dataclass(slots=True)
class _Told:
    """What a child said."""

    inputs: int = 0
    frames: int = 0
    screens: set[str] = field(default_factory=set)
    sizes: list[float] = field(default_factory=list)
    faults: dict[str, str] = field(default_factory=dict)


def _growth(sizes: list[float]) -> float:
    """MiB between the second quarter of the bouts and the last, the first being for what is learned once."""
    quarter = len(sizes) // 4
    return median(sizes[-quarter:]) - median(sizes[quarter : 2 * quarter]) if quarter else 0.0


def _in_child(control: str, bouts: list[str]) -> _Told:
    """Play all bouts; when a child dies, go on after the bout that it died in."""
    told, left = _Told(), list(bouts)
    while left:
        child = subprocess.run(
            [sys.executable, "-m", __name__, control], input="\n".join(left), capture_output=True, encoding="utf-8", cwd=_PROJECT, check=False,
        )  # fmt: skip
        for line in child.stdout.splitlines():
            _hear(told, line, left)
        if child.returncode and left:
            told.faults[left.pop(0)] = f"the process ends with {child.returncode}: {child.stderr[-300:]}"
    return told


def _hear(told: _Told, line: str, left: list[str]) -> None:
    word, _, rest = line.partition(" ")
    match word:
        case "bout":
            name, inputs, frames, size, fault = rest.split(" ", 4)
            left.remove(name)
            told.inputs, told.frames = told.inputs + int(inputs), told.frames + int(frames)
            told.sizes.append(float(size))
            if fault:
                told.faults[name] = f"{name}: {fault}"
        case "screens":
            told.screens |= set(rest.split())


# What follows runs in the child


class MonkeyWindow(NullWindow):
    """A window before which a monkey sits; time passes as it likes."""

    scripted = False

    def __init__(self, size: tuple[int, int], draw: random.Random) -> None:
        super().__init__(size)
        self.draw, self.done = draw, 0
        self.stage: Stage | None = None

    def inputs(self, longest: float | None) -> Iterator[Input]:
        assert self.stage is not None
        draw = self.draw
        self._time += draw.choice((0.01, 0.02, 0.05, 0.2, 1.0, 4.0) if isinstance(self.stage.screen, Conversation) else (0.01, 0.05, 0.3))
        for _ in range(draw.choice((1, 1, 2, 4, 8))):
            for one in _gesture(self.stage, draw):
                self.done += 1
                yield one


def _gesture(stage: Stage, draw: random.Random) -> tuple[Input, ...]:
    """What the monkey does next; a click is three inputs."""
    width, height = stage.size
    at = draw.randrange(-5, width + 5), draw.randrange(-5, height + 5)
    kind = draw.random()
    if isinstance(stage.screen, Conversation) and kind < 0.85:
        # A monkey that left as often as it answered would never see the end.
        if draw.random() < 0.02:
            return (FocusLost(),)
        return (KeyPressed(draw.choice("123456789ghynsl")),) if draw.random() < 0.5 else ()
    if kind < 0.3:
        return (KeyPressed(draw.choice(_KEYS), shift=draw.random() < 0.2, ctrl=draw.random() < 0.1),)
    if kind < 0.5:
        return _click(_seen(stage, draw) or at)
    if kind < 0.6:
        return draw.choice(((PointerMoved(at),), (PointerPressed(at),), (PointerReleased(at),), (PointerLeft(),), (*_click(at), *_click(at))))
    if kind < 0.75:
        return (draw.choice((Typed, Typed, Composed))(draw.choice(("a", "7", "ب", "Robin", "=1+1", hostile(draw)[:300]))),)
    if kind < 0.9:
        return (Scrolled(at, draw.choice((-1.0, 1.0, -3.5, 40.0, -1e6, 0.0))),)
    if kind < 0.93:
        return (FocusLost(),)
    if kind < 0.97:
        return (Uncovered(),) if draw.random() < 0.7 else (Resized(draw.choice(_SIZES)),)
    return (CloseAsked(),) if draw.random() < 0.03 else (KeyPressed("tab"), KeyPressed("enter"))


def _seen(stage: Stage, draw: random.Random) -> tuple[int, int] | None:
    """The middle of something that can be pressed."""
    nodes: list[Node] = [node for node in stage.nodes.walk() if "focusable" in node.states]
    if not nodes:
        return None
    x, y, width, height = draw.choice(nodes).rect
    return x + width // 2, y + height // 2


def _click(at: tuple[int, int]) -> tuple[Input, ...]:
    return PointerMoved(at), PointerPressed(at), PointerReleased(at)


class _Rare(Exception):
    """What the page of the control raises."""


def play(bouts: list[str], control: str) -> None:
    """Tell a line for each bout: how much was done and shown, the memory after it, what went wrong."""
    # The faces that are kept fill their 48 MiB slowly; with fewer of them it shows earlier whether anything else grows.
    faces, seen, kept = Faces(4 << 20), set[str](), list[bytearray]()
    quick = mock.patch.object(store, "DURABLE", ("PRAGMA journal_mode = MEMORY", "PRAGMA synchronous = OFF"))
    unopened = mock.patch.object(platform, "open_file", return_value=False)
    with quick, unopened, _controlled(control, kept):
        for bout in bouts:
            done, frames, fault = _bout(bout, faces, seen)
            gc.collect()
            print("screens", *sorted(seen))
            print("bout", bout, done, frames, f"{_mebibytes():.1f}", fault, flush=True)


def _bout(bout: str, faces: Faces, seen: set[str]) -> tuple[int, int, str]:
    draw = random.Random(bout)
    done = frames = 0
    with tempfile.TemporaryDirectory() as base, Desk(Path(base), files=_files(), at_once=True) as desk:
        desk.faces = faces
        while done < BOUT:
            window = MonkeyWindow(draw.choice(_SIZES[:5]), draw)
            with Stage(window, records=draw.random() < 0.3) as stage:
                window.stage = stage
                fault = _until_closed(stage, window, desk, BOUT - done, seen)
                done, frames = done + window.done, frames + stage.frames
            if fault:
                return done, frames, f"after {done} inputs: {fault}"
    return done, frames, ""


def _until_closed(stage: Stage, window: MonkeyWindow, desk: Desk, most: int, seen: set[str]) -> str:
    try:
        way = Way(stage, desk, language=window.draw.choice(tuple(LANGUAGES)), frame=0.2, seed=7, pace=window.draw.choice((None, 2.0)), certify=_certify)
        _begin(way, window.draw)
        while not stage.closing and window.done < most:
            stage.turn()
            seen.add(type(stage.screen).__name__)
    except Exception as failure:  # noqa: BLE001 - any exception at all is what is looked for
        where = traceback.extract_tb(failure.__traceback__)[-1]
        return " ".join(f"{type(failure).__name__} in {Path(where.filename).name}:{where.lineno}: {failure}".split())[:300]
    return ""


def _begin(way: Way, draw: random.Random) -> None:
    """Sometimes at the door, mostly at the desk already, now and then with an encounter behind one."""
    if draw.random() < 0.3:
        way.who()
        return
    way.desk.enrol("1042", draw.choice(("Robin Reed", "رابین", "=1+1\u202e")), "Desk 3", way.words.language)
    way.home()
    if draw.random() < 0.4:
        run = _passed(way.desk)
        begin = draw.choice((way.history, lambda: way.look_back(run), lambda: way.replay(run), lambda: way.principles(way.desk.shelf())))
        begin()


def _passed(desk: Desk) -> Run:
    """The demo's encounter, played and passed, and kept as it would be."""
    script = _late_parcel()
    encounter = Encounter(script, seed=7)
    rehearse(encounter, MOVES)
    opened = desk.begin(script, seed=7)
    desk.records.begin(opened.attempt)
    desk.records.append(opened.attempt.id, 0, to_lines(encounter.events), result_of(script, encounter.events, ended=opened.attempt.started))
    desk.let_go(opened.attempt.id)
    return Run.of(script, opened.attempt, encounter.events)


@cache
def _late_parcel() -> Script:
    return chosen.script(SCENARIO)


def _certify(attempt_id: str, language: str) -> Path:
    """A certificate that nobody writes and no browser opens: half of them are said to lie somewhere."""
    if attempt_id[0] in "01234567":
        raise StoreFull("the disk is full; make room, then try again")
    return Path(f"certificate-{attempt_id}-{language}.html")


def _files() -> list[Path]:
    """The shipped encounters, and in a checkout one that is written from right to left."""
    samples = _PROJECT / "tests" / "desktop" / "samples"
    found = [*shipped.scenarios().glob("*.yaml"), *samples.glob("*.yaml")]
    return sorted(path for path in found if path.name != "principles.yaml")


def _controlled(control: str, kept: list[bytearray]) -> mock._patch[object] | mock._patch_dict:
    """The page with the fault that the monkey has to find, if one was asked for."""
    true_key, true_tick = Sheet.key, Conversation.tick

    def key(self: Sheet, pressed: KeyPressed) -> bool:
        if pressed == RARE_KEY:
            raise _Rare("this key was not thought of")
        return true_key(self, pressed)

    def tick(self: Conversation, now: float) -> float | None:
        kept.append(bytearray(os.urandom(1) * 400_000))
        return true_tick(self, now)

    match control:
        case "raises":
            return mock.patch.object(Sheet, "key", key)
        case "keeps":
            return mock.patch.object(Conversation, "tick", tick)
        case _:
            return mock.patch.dict(os.environ)


def _mebibytes() -> float:
    """The memory that this process has now; 0 where the system does not tell."""
    try:
        return int(Path("/proc/self/statm").read_text("ascii").split()[1]) * os.sysconf("SC_PAGE_SIZE") / 2**20
    except OSError:
        return 0.0


if __name__ == "__main__":
    os.environ |= {"SDL_VIDEODRIVER": "dummy", "SDL_AUDIODRIVER": "dummy"}
    play(sys.stdin.read().splitlines(), sys.argv[1])
