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
from servicesim.desktop.window import SystemWindow

def shown(window, picture, *parts):
    before(window, picture, *parts)
    print(json.dumps([time.monotonic(), time.process_time()]), flush=True)
    os._exit(0)

before, SystemWindow.show = SystemWindow.show, shown
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
print(json.dumps([time.monotonic(), time.process_time()]), flush=True)
os._exit(0)
"""


class _Took(NamedTuple):
    """Seconds by the clock from the start of the process, and of its processor time."""

    wall: float
    process: float


def lines(driver: Driver, size: tuple[int, int], rounds: int) -> Iterator[Line]:
    """The window of `servicesim` and one of bare pygame, each with an empty home and a full one."""
    with tempfile.TemporaryDirectory() as home:
        ours, bare = list[_Took](), list[_Took]()
        for _ in range(TIMES * rounds // 3 or 1):
            ours.append(_first(driver, _OURS, home))
            bare.append(_first(driver, _BARE.format(*size), home))
    best, least = min(ours), min(bare)
    told = f"{best.wall:.2f} s ({min(one.process for one in ours):.2f} s cpu)"
    yield Line("first picture of a process", driver.name, told, "bare pygame", f"{least.wall:.2f} s", best.wall / least.wall, "0.6 s", "1x")


def _first(driver: Driver, program: str, home: str) -> _Took:
    command, environment = driver.command("-c", program)
    began = time.monotonic()  # the same clock for all processes of a machine
    done = subprocess.run(command, env={**environment, "SERVICESIM_HOME": home}, capture_output=True, encoding="utf-8", check=False)
    if not done.stdout:
        sys.exit(f"no picture was shown: {done.stderr[-2000:]}")
    shown, process = json.loads(done.stdout.splitlines()[-1])
    return _Took(shown - began, process)
