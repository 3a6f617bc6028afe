"""A stage in a window, or one sentence that says why there is none."""

from __future__ import annotations

import os
import sys
from concurrent.futures import ThreadPoolExecutor

from servicesim.desktop.reading_aloud import ReadingAloud
from servicesim.desktop.screen_reader import open_reader
from servicesim.desktop.stage import Stage
from servicesim.desktop.system_look import system_look
from servicesim.desktop.system_voice import SystemVoice, system_speech
from servicesim.errors import NoDisplay

_SCREENS = ("DISPLAY", "WAYLAND_DISPLAY", "SDL_VIDEODRIVER")


def open_stage(title: str = "ServiceSim") -> Stage:
    """A window; raises NoDisplay where there is no screen."""
    # Asked before the window system is: its libraries would print a line of their own about it.
    if sys.platform.startswith("linux") and not any(os.environ.get(name) for name in _SCREENS):
        raise NoDisplay("There is no screen to open a window on; set DISPLAY, or use a command that needs no window.")
    with ThreadPoolExecutor(max_workers=1, thread_name_prefix="system-look") as aside:
        looks = aside.submit(system_look)  # another program answers, while the window is made
        stage = Stage.create(title=title)
        stage.system = looks.result()
    stage.reader = open_reader(stage)
    speech = system_speech()
    stage.aloud = ReadingAloud(stage, SystemVoice(speech)) if speech else None
    stage.suit(stage.preferences)
    return stage
