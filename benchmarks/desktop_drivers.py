"""Where a window is opened: nowhere, or on a screen of X11; and how a process is asked to measure there."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

_PROJECT = Path(__file__).parent.parent
_SCREEN = "3840x2400x24"  # room for two windows that do not cover each other
_QUIET = {"SDL_AUDIODRIVER": "dummy", "PYGAME_HIDE_SUPPORT_PROMPT": "1", "SDL_FRAMEBUFFER_ACCELERATION": "0", "PYTHONHASHSEED": "0"}


@dataclass(frozen=True, slots=True)
class Driver:
    """What SDL opens a window with."""

    name: str
    environment: Mapping[str, str]

    def command(self, *arguments: str) -> tuple[list[str], dict[str, str]]:
        """A Python process there, and its environment."""
        return [sys.executable, *arguments], {**os.environ, **_QUIET, **self.environment}

    def told(self, module: str, *arguments: str) -> Any:
        """What a module of the benchmarks measured there, in a process of its own."""
        command, environment = self.command("-m", module, *arguments)
        done = subprocess.run(command, env=environment, cwd=_PROJECT, capture_output=True, encoding="utf-8", check=False)
        if done.returncode:
            raise SystemExit(f"{module} {' '.join(arguments)} ended with {done.returncode}:\n{done.stderr[-2000:]}")
        return json.loads(done.stdout.splitlines()[-1])


@contextmanager
def drivers() -> Iterator[list[Driver]]:
    """The dummy, and a screen of X11 where Xvfb is there."""
    found = [Driver("dummy", {"SDL_VIDEODRIVER": "dummy"})]
    if shutil.which("Xvfb") is None:
        yield found
        return
    server = subprocess.Popen(["Xvfb", "-displayfd", "1", "-screen", "0", _SCREEN], stdout=subprocess.PIPE, stderr=subprocess.DEVNULL)
    try:
        assert server.stdout is not None
        display = f":{server.stdout.readline().decode().strip()}"
        yield [*found, Driver("x11", {"SDL_VIDEODRIVER": "x11", "DISPLAY": display})]
    finally:
        server.terminate()
        server.wait()
