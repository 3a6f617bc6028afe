"""Does memory stay as it is, however many customers were met?"""

from __future__ import annotations

import gc
import json
import os
import sys
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

from benchmarks.desktop_drivers import Driver
from benchmarks.desktop_game import CHANNELS, Game, game, shipped_script
from benchmarks.engine_table import Line
from servicesim.desktop.portraits import PEOPLE
from servicesim.encounter.events import SpeechBegan
from servicesim.encounter.script import Script

SCENES = (100, 500, 1000)  # what is kept is full after some hundred
FRAME = 0.5  # seconds from one picture to the next: what is kept depends on what is shown, not on how often
_MIB = 1024 * 1024


def lines(driver: Driver, size: tuple[int, int], rounds: int) -> Iterator[Line]:
    """A line for the whole process, and one for the faces in it."""
    if driver.name != "dummy":
        return
    told = driver.told(__name__, json.dumps(size))
    for name, goal in (("process", "1.05x"), ("faces", "48 MiB")):
        first, few, many = told[name]
        limit = f"after {SCENES[0]}: {first:.0f} MiB"
        yield Line(f"memory after {SCENES[2]:,} scenes, {name}", driver.name, f"{many:.0f} MiB", f"after {SCENES[1]}", f"{few:.0f} MiB", many / few, goal, limit)


# -- in a process of its own --------------------------------------------------------------------------------------------


def measured(size: tuple[int, int]) -> dict[str, list[float]]:
    """MiB of the process and of the faces, after each number of scenes."""
    process, faces, scenes = list[float](), list[float](), 0
    with game(size, frame=FRAME) as one:
        one.desk.faces.in_time = False
        for number in range(SCENES[-1]):
            scenes += _played(one, number)
            if scenes >= SCENES[len(process)]:
                gc.collect()
                process.append(_resident())
                faces.append(one.desk.faces.bytes / _MIB)
                if len(process) == len(SCENES):
                    break
    return {"process": process, "faces": faces}


def _played(one: Game, number: int) -> int:
    """One encounter with another face and other words than the ones before; how many scenes it had."""
    one.window.scripted = False
    one.way.home()
    one.until(lambda: False, 1.0)  # there is time to clear away what is not used any more
    one.window.scripted = True  # in which nothing is drawn ahead: what is shown is enough to fill what is kept
    one.begin(_told_otherwise(shipped_script(list(CHANNELS.values())[number % len(CHANNELS)]), number))
    playing = one.playing
    assert playing is not None
    end = one.stage.now() + 600
    while not playing.ended and one.stage.now() < end:
        one.stage.turn(FRAME)
        one.answer()
    return sum(isinstance(event, SpeechBegan) for event in playing.events)


def _told_otherwise(script: Script, number: int) -> Script:
    scenario = script.scenario
    person = replace(scenario.customer, portrait=list(PEOPLE)[number % len(PEOPLE)])
    scenes = {name: replace(scene, customer=tuple(replace(line, say=f"{line.say} ({number})") for line in scene.customer)) for name, scene in scenario.scenes.items()}
    return Script(replace(scenario, customer=person, scenes=scenes), script.principles)


def _resident() -> float:
    """MiB of memory that this process has; 0 where that cannot be seen."""
    seen = Path("/proc/self/statm")
    return int(seen.read_text().split()[1]) * os.sysconf("SC_PAGE_SIZE") / _MIB if seen.exists() else 0.0


if __name__ == "__main__":
    print(json.dumps(measured(tuple(json.loads(sys.argv[1])))))
