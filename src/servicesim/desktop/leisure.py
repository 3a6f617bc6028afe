"""What is done while nothing is due: what a screen will need soon, and clearing away what the last one left behind."""

from __future__ import annotations

import gc

from servicesim import platform
from servicesim.desktop.screen import Screen

SPARE = 0.012  # seconds without anything due in which there is time for a little work
REST = 0.2  # seconds without anything due in which there is time to clear away


class Leisure:
    """The time between two pictures, put to use. One for a process: what Python clears away belongs to all."""

    def __init__(self) -> None:
        self._untidy = True

    def another_screen(self) -> None:
        """What belonged to the last screen is not needed any more."""
        self._untidy = True

    def use(self, screen: Screen, wait: float | None) -> bool:
        """Do a little, if nothing is due for `wait` seconds (None: nothing at all); True if there may be more to do."""
        if wait is not None and wait < SPARE:
            return False
        if not screen.ahead():
            return True
        if self._untidy and (wait is None or wait >= REST):
            self._tidy()
        return False

    def _tidy(self) -> None:
        """Look once at everything there is, and then, as long as this screen is shown, only at what comes new.

        Python looks for garbage in between whenever it likes, and needs longer than a picture may take for all of it.
        """
        gc.unfreeze()
        gc.collect()
        gc.freeze()
        platform.give_memory_back()
        self._untidy = False

    def end(self) -> None:
        """Let Python look at everything again."""
        gc.unfreeze()
