"""The window, from its first picture: it is there before the game is read in, in the colours and the language of this computer."""

from __future__ import annotations

from collections.abc import Callable
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import nullcontext
from importlib import import_module
from pathlib import Path
from typing import TYPE_CHECKING

from servicesim import platform
from servicesim.desktop.arrangement import Band, Column, Row, Space
from servicesim.desktop.display import open_stage
from servicesim.desktop.label import heading
from servicesim.desktop.page import Page
from servicesim.desktop.preferences import KEPT_UNDER, LANGUAGE_KEPT_UNDER, preferences_from
from servicesim.desktop.widget import Widget
from servicesim.desktop.wording import Words
from servicesim.languages import spoken
from servicesim.records.glance import settled_at_a_glance

if TYPE_CHECKING:
    from servicesim.desktop.link import Linked
    from servicesim.desktop.screens.certificate import Certify
    from servicesim.desktop.stage import Stage
    from servicesim.records.outbox import Tell

GAME = "servicesim.desktop.app"  # all screens, and what they need: half a second to read in
_FORM = 440  # design units that the form beside the words will take


class Opening(Page):
    """What the first screen has in all cases, where it will have it: the name of the game and who is asked for."""

    def __init__(self, words: Words) -> None:
        super().__init__()
        self.words, self.title, self.direction = words, words("who-title"), words.direction

    def build(self) -> Widget:
        body = Row(Column(heading(self.words("who-title"), "display"), grow=1), Space(width=_FORM), gap=7, padding=(5, 4), across="stretch", grow=1)
        return Column(Band(heading("ServiceSim", "lead", ink="on_band"), Space(grow=1), Space(height=44)), body, gap=0)


def open_home(
    folder: Path, *, language: str | None = None, tell: Tell | None = None, certify: Certify | None = None, linked: Linked | None = None
) -> None:
    """The window, from the question who plays; raises NoDisplay where there is no screen."""
    with open_stage() as stage:
        settled = settled_at_a_glance(folder, KEPT_UNDER, LANGUAGE_KEPT_UNDER)
        stage.suit(preferences_from(settled.get(KEPT_UNDER)))
        words = Words(spoken(language or settled.get(LANGUAGE_KEPT_UNDER) or platform.language()))
        stage.go(Opening(words))
        _until_read_in(stage)
        if not stage.closing:
            from servicesim.desktop.app import go_home

            go_home(stage, folder, language=language, begun_in=words.language, tell=tell, certify=certify, linked=linked or nullcontext)


def _until_read_in(stage: Stage) -> None:
    """Show the first picture, and read in the game meanwhile."""
    stage.settle()
    with ThreadPoolExecutor(max_workers=1, thread_name_prefix="opening") as aside:
        reading: Future[object] = aside.submit(import_module, GAME)
        reading.add_done_callback(lambda _: stage.soon(_nothing))
        while not (stage.closing or reading.done()):
            stage.turn()
    reading.result()


_nothing: Callable[[], None] = lambda: None  # noqa: E731 - wakes the stage
