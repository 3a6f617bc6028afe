"""A small game for the test of the bridge to screen readers: run by itself, ends when its button was pressed."""

from __future__ import annotations

import sys
import time

from servicesim.desktop.arrangement import Column
from servicesim.desktop.button import Button
from servicesim.desktop.label import Label, heading
from servicesim.desktop.page import Page
from servicesim.desktop.screen_reader import open_reader
from servicesim.desktop.stage import Stage
from servicesim.desktop.toggle import Toggle
from servicesim.desktop.widget import Widget

LONGEST = 20.0  # seconds


class Counter(Page):
    """Something to read and something to press."""

    title = "At the counter"

    def build(self) -> Widget:
        return Column(heading("The coat that stayed away"), Label("Leyla comes in."), Toggle("Untimed", on=True), Button("Begin", self.begin))

    def begin(self) -> None:
        """Pressed by the reader."""
        self.stage.announce("It begins.")
        print("begun", flush=True)
        self.stage.close()


def main() -> None:
    """Let time pass in a window that nobody sees."""
    with Stage.create(visible=False) as stage:
        stage.reader = open_reader(stage)
        stage.go(Counter())
        began = time.monotonic()
        while not stage.closing and time.monotonic() - began < LONGEST:
            stage.turn(0.05)
        sys.exit(0 if stage.closing else 1)


if __name__ == "__main__":
    main()
