"""What all screens of the game share: the words, the desk, and how trouble is told."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import TypeVar

from servicesim.desktop.arrangement import Band, Card, Row, Space
from servicesim.desktop.button import Button, Kind
from servicesim.desktop.chip import Chip
from servicesim.desktop.desk import Desk
from servicesim.desktop.icons import IconName
from servicesim.desktop.label import Label, heading
from servicesim.desktop.page import Page
from servicesim.desktop.screens.sign import Sign
from servicesim.desktop.widget import Widget
from servicesim.desktop.wording import Words
from servicesim.errors import ServicesimError

T = TypeVar("T")

CHANNEL_ICONS: dict[str, IconName] = {"in-person": "person", "phone": "phone", "chat": "chat", "email": "mail"}


class Sheet(Page):
    """A page of the game."""

    def __init__(self, words: Words, desk: Desk) -> None:
        super().__init__()
        self.words, self.desk = words, desk
        self.direction = words.direction
        self.trouble: ServicesimError | None = None
        self._gone = False

    def left(self) -> None:
        self._gone = True

    def ask(self, job: Callable[[], T], answer: Callable[[T], None]) -> None:
        """Have the desk do a job; a screen that was left meanwhile hears nothing of it."""
        self.desk.ask(job, self._unless_gone(answer), self._unless_gone(self.failed), self.stage.soon)

    def ask_far(self, errand: Callable[[], T], answer: Callable[[T], None], failed: Callable[[ServicesimError], None] | None = None) -> None:
        """As `ask`, for what may wait for the network; `failed` hears of it in place of the whole screen."""
        self.desk.ask_far(errand, self._unless_gone(answer), self._unless_gone(failed or self.failed), self.stage.soon)

    def linked(self) -> None:
        """The connection to the organisation, or what came through it, may be another now."""

    def failed(self, failure: ServicesimError) -> None:
        """A job could not be done."""
        self.trouble = failure
        self.stage.announce(self.words.failure(failure))
        self.rebuild()

    def _unless_gone(self, call: Callable[[T], None]) -> Callable[[T], None]:
        def called(value: T) -> None:
            if not self._gone:
                call(value)
                self.stage.tick_soon()

        return called

    def practice_chip(self, practice: bool) -> Sequence[Widget]:
        """The sign that this counts for nothing, where it does not."""
        return (Chip(self.words("practice"), "accent", icon="book"),) if practice else ()

    def settings_button(self) -> Sequence[Widget]:
        """The way to the settings, where there are any."""
        return (settings_button(self.words, self.stage.open_settings),) if self.stage.open_settings else ()

    def band(self, *at_end: Widget, title: str = "ServiceSim") -> Band:
        """The strip across the top."""
        return Band(heading(title, "lead", ink="on_band"), Space(grow=1), *at_end)

    def trouble_card(self, *buttons: Widget) -> Sequence[Widget]:
        """The sentence that says what went wrong, if something did."""
        return (trouble_card(self.words.failure(self.trouble), *buttons),) if self.trouble else ()


def trouble_card(sentence: str, *buttons: Widget) -> Card:
    """What went wrong, and what can be done about it."""
    said = Label(sentence, "body", ink="danger", grow=1)
    return Card(Row(Sign("warning", "danger"), said, *buttons), padding=(2, 1.5), ground="danger_soft", border="danger", radius=12)


def settings_button(words: Words, on_press: Callable[[], None], kind: Kind = "band") -> Button:
    """The way to the settings."""
    return Button(words("settings-title"), on_press, kind=kind, icon="sliders")


def back_button(words: Words, on_press: Callable[[], None], text: str = "back") -> Button:
    """The way back, in the band."""
    return Button(words(text), on_press, kind="band", icon="back")
