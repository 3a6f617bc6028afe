"""How long a picture takes: in a conversation while the customer speaks, while home and debrief are scrolled, after a change of size."""

from __future__ import annotations

import json
import shutil
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from benchmarks.desktop_drivers import Driver
from benchmarks.desktop_game import CHANNELS, Bare, Game, game, shipped_script
from benchmarks.engine_table import Line
from servicesim import shipped
from servicesim.desktop.inputs import Resized, Scrolled
from servicesim.desktop.screens.conversation import Conversation

PLAYED = 30.0  # seconds of a conversation
NOTCHES = 120  # of the wheel
SIZES = ((1600, 900), (1280, 720), (1920, 1080), (1100, 700))
SHELF = 24  # encounters at home, so that there is something to scroll
_BARE_EVERY = 8  # pictures of ours for one bare picture
_FEW = 10  # pictures of which there is no median: a letter is shown at once, and then stands still


@dataclass(slots=True)
class Times:
    """Seconds that pictures took, ours and the bare loop's."""

    ours: list[float] = field(default_factory=list)
    bare: list[float] = field(default_factory=list)

    def measure(self, draw: Callable[[], float], bare: Bare) -> None:
        """Do something, which answers when its picture was begun."""
        began = draw()
        self.add(time.perf_counter() - began, bare)

    def add(self, took: float, bare: Bare) -> None:
        """A picture of ours; after some of them one of the bare loop."""
        self.ours.append(took)
        if len(self.ours) % _BARE_EVERY == 0:
            self.bare.append(bare.frame())


def lines(driver: Driver, size: tuple[int, int], rounds: int) -> Iterator[Line]:
    """Two lines for each kind of picture: the one in the middle, and the longest of a hundred."""
    told = [driver.told(__name__, json.dumps(size)) for _ in range(rounds)]
    bare = min(at(kind["bare"], 0.5) for one in told for kind in one.values() if kind["bare"])
    for name in (name for name in told[0] if len(told[0][name]["ours"]) >= _FEW):
        # Every round shows the same pictures: of each the best counts, for nobody else had the processor then.
        best = [min(times) for times in zip(*(one[name]["ours"] for one in told), strict=False)]
        goals = ("2.50x", "8 ms") if name.startswith("conversation") else ("", "")
        for share, called, goal in zip((0.5, 0.99), ("median", "p99"), goals, strict=True):
            took = at(best, share)
            yield Line(f"{name}, {called}", f"{driver.name}, {len(best)}", _ms(took), "bare blit", _ms(bare), took / bare, goal, "1x")


def at(values: list[float], share: float) -> float:
    """The value that this share of all does not exceed."""
    return sorted(values)[min(len(values) - 1, int(len(values) * share))]


def _ms(seconds: float) -> str:
    return f"{seconds * 1000:.2f} ms"


# -- in a process of its own --------------------------------------------------------------------------------------------


def measured(size: tuple[int, int]) -> dict[str, Any]:
    """Every kind of picture, by name."""
    told, bare = dict[str, Times](), Bare(size)  # opened first, for the window that is opened last has the focus
    with tempfile.TemporaryDirectory() as folder:
        for channel, name in CHANNELS.items():
            with game(size) as one:
                said, whole = _conversation(one, name, bare)
            if said.ours:
                told[f"conversation {channel}, speaking"] = said
            told[f"conversation {channel}, all of it"] = whole
        with game(size, list(_shelf(Path(folder)))) as one:
            told["home, scrolling"] = _home(one, bare)
            told["debrief, scrolling"] = _debrief(one, bare)
            told["a change of size"] = _sizes(one, bare)
    return {name: {"ours": times.ours, "bare": times.bare} for name, times in told.items()}


def _conversation(one: Game, name: str, bare: Bare) -> tuple[Times, Times]:
    """While the customer speaks, and all of it: the pauses, the replies, the first picture."""
    said, whole, stage = Times(), Times(), one.stage
    one.way.brief(shipped_script(name))
    one.until(lambda: False, 2.0)  # somebody reads the briefing
    one.begin(shipped_script(name))

    end = stage.now() + PLAYED
    while stage.now() < end and one.playing is not None and not one.playing.ended:
        screen = stage.screen
        assert isinstance(screen, Conversation)
        times, before = said if screen.moment(stage.now()).speaking else whole, stage.frames
        stage.turn()
        if stage.frames > before:
            times.add(time.perf_counter() - one.window.waited, bare)
        one.answer()
    return said, Times([*said.ours, *whole.ours], [*said.bare, *whole.bare])


def _shelf(folder: Path) -> Iterator[Path]:
    """The shipped encounters again and again, each under a name of its own."""
    shutil.copy(shipped.scenarios() / "principles.yaml", folder)
    names = list(CHANNELS.values())
    for number in range(SHELF):
        name = names[number % len(names)]
        text = (shipped.scenarios() / f"{name}.yaml").read_text("utf-8")
        path = folder / f"{name}-{number}.yaml"
        path.write_text(text.replace(f"\nid: {name}\n", f"\nid: {name}-{number}\n", 1), "utf-8")
        yield path


def _home(one: Game, bare: Bare) -> Times:
    one.way.home()
    one.until(lambda: False, 2.0)
    return _scrolled(one, bare)


def _debrief(one: Game, bare: Bare) -> Times:
    one.look_back(shipped_script("late-parcel"))
    one.until(lambda: False, 20.0)  # until everything is shown
    return _scrolled(one, bare)


def _scrolled(one: Game, bare: Bare) -> Times:
    """Down and up again."""
    times, stage = Times(), one.stage
    across, down = stage.size

    def notch(lines: float) -> float:
        began = time.perf_counter()
        stage.press(Scrolled((across // 2, down * 2 // 3), lines))
        return began

    stage.settle()
    for number in range(NOTCHES):
        times.measure(lambda: notch(1.0 if number % (NOTCHES // 3) < NOTCHES // 6 else -1.0), bare)  # noqa: B023
    return times


def _sizes(one: Game, bare: Bare) -> Times:
    """The conversation laid out and drawn crisp at another size, faces and all, once the size stands still."""
    times, stage = Times(), one.stage
    one.begin(shipped_script("red-letter"))
    one.until(lambda: False, 6.0)

    def settled() -> float:
        began = time.perf_counter()
        stage.settle()
        return began

    for number in range(4 * len(SIZES)):
        stage.press(Resized(SIZES[number % len(SIZES)]))
        times.measure(settled, bare)
    return times


if __name__ == "__main__":
    print(json.dumps(measured(tuple(json.loads(sys.argv[1])))))
