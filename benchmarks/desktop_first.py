"""How soon is the first picture there, from the start of a process that nothing has warmed."""

from __future__ import annotations

import json
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from typing import NamedTuple

from benchmarks.desktop_drivers import Driver
from benchmarks.engine_table import Line

TIMES = 5  # starts of each, in turn, of which the best counts

_OURS = """
import json, os, time
from servicesim.cli import run
from servicesim.desktop.page import Page
from servicesim.desktop.window import SystemWindow

def entered(page, stage):
    enter(page, stage)
    last.append(type(page).__name__)

def shown(window, picture, *parts):
    show(window, picture, *parts)
    told.append((time.monotonic(), time.process_time()))
    if last[-1] == "Who":
        print(json.dumps([told[0], told[-1]]), flush=True)
        os._exit(0)

last, told = [], []
enter, Page.enter = Page.enter, entered
show, SystemWindow.show = SystemWindow.show, shown
run([])
"""
_BARE = """
import json, os, time
import pygame
pygame.display.init()
window = pygame.Window("bare", ({0}, {1}))
surface = window.get_surface()
surface.blit(pygame.Surface(({0}, {1}), 0, 32), (0, 0))
window.flip()
print(json.dumps([(time.monotonic(), time.process_time())]), flush=True)
os._exit(0)
"""


class _Took(NamedTuple):
    """Seconds by the clock from the start of the process, and of its processor time."""

    wall: float
    process: float


def lines(driver: Driver, size: tuple[int, int], rounds: int) -> Iterator[Line]:
    """The first picture of `servicesim`, and the first in which one can type; against the first one of bare pygame."""
    with tempfile.TemporaryDirectory() as home:
        ours, bare = list[list[_Took]](), list[list[_Took]]()
        for _ in range(TIMES * rounds // 3 or 1):
            ours.append(_pictures(driver, _OURS, home))
            bare.append(_pictures(driver, _BARE.format(*size), home))
    least = min(one[0].wall for one in bare)
    for place, (name, goal) in enumerate((("first picture of a process", "0.6 s"), ("first in which one can type", ""))):
        wall, process = min(one[place].wall for one in ours), min(one[place].process for one in ours)
        yield Line(name, driver.name, f"{wall:.2f} s ({process:.2f} s cpu)", "bare pygame", f"{least:.2f} s", wall / least, goal, "1x")


def _pictures(driver: Driver, program: str, home: str) -> list[_Took]:
    command, environment = driver.command("-c", program)
    began = time.monotonic()  # the same clock for all processes of a machine
    done = subprocess.run(command, env={**environment, "SERVICESIM_HOME": home}, capture_output=True, encoding="utf-8", check=False)
    if not done.stdout:
        sys.exit(f"no picture was shown: {done.stderr[-2000:]}")
    return [_Took(shown - began, process) for shown, process in json.loads(done.stdout.splitlines()[-1])]
