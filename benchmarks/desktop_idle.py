"""What the window costs while nothing happens, against a bare loop that looks for events as often."""

from __future__ import annotations

import json
import sys
import time
from collections.abc import Callable, Iterator

import pygame

from benchmarks.desktop_drivers import Driver
from benchmarks.desktop_game import Bare, Game, game, shipped_script
from benchmarks.engine_table import Line
from servicesim.desktop.window import GLANCE

WATCHED = 4.0  # seconds
SETTLED = 3.0  # seconds before that, in which all is drawn that is drawn ahead


def lines(driver: Driver, size: tuple[int, int], rounds: int) -> Iterator[Line]:
    """A line for each screen: processor time of the whole process, in hundredths of one core."""
    told = [driver.told(__name__, json.dumps(size)) for _ in range(max(1, rounds // 2))]
    bare = min(one["bare"] for one in told)
    for name in told[0]:
        if name != "bare":
            ours = min(one[name] for one in told)
            yield Line(f"idle, {name}", driver.name, f"{ours:.2f} % cpu", "bare loop", f"{bare:.2f} % cpu", ours / bare, "2 %", "")


# -- in a process of its own --------------------------------------------------------------------------------------------


def measured(size: tuple[int, int]) -> dict[str, float]:
    """Hundredths of a core, by screen."""
    told = dict[str, float]()
    with game(size, leaps=False) as one:
        stage = one.stage
        for name, go in (("home", one.way.home), ("conversation, waiting", lambda: _wait_for_a_reply(one)), ("debrief", lambda: one.look_back(shipped_script("red-letter")))):
            go()
            _for(SETTLED, lambda: stage.turn(0.5))
            told[name] = _cost(lambda: stage.turn(0.5))
    bare = Bare(size)
    bare.frame()

    def glance() -> None:
        pygame.event.get()
        time.sleep(GLANCE)

    told["bare"] = _cost(glance)
    return told


def _wait_for_a_reply(one: Game) -> None:
    """Until the customer, who has all the time in the world, waits for an answer."""
    one.begin(shipped_script("red-letter"), untimed=True)
    playing = one.playing
    assert playing is not None
    while playing.situation.phase.name != "WAITING":
        playing.move_on(one.stage.now())
        one.stage.turn(0.05)


def _cost(turn: Callable[[], None]) -> float:
    before, began = time.process_time(), time.perf_counter()
    _for(WATCHED, turn)
    return (time.process_time() - before) / (time.perf_counter() - began) * 100


def _for(seconds: float, turn: Callable[[], None]) -> None:
    end = time.perf_counter() + seconds
    while time.perf_counter() < end:
        turn()


if __name__ == "__main__":
    print(json.dumps(measured(tuple(json.loads(sys.argv[1])))))
