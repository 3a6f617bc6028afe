"""A pause: the clock stands, and one can leave without losing anything."""

from __future__ import annotations

from collections.abc import Callable

from servicesim.desktop.arrangement import Card, Column, Row, Space
from servicesim.desktop.button import Button
from servicesim.desktop.inputs import KeyPressed
from servicesim.desktop.label import Label, heading
from servicesim.desktop.page import Dialogue
from servicesim.desktop.screens.sheet import settings_button
from servicesim.desktop.widget import Widget
from servicesim.desktop.wording import Words


class Paused(Dialogue):
    """Continue, or leave for later."""

    def __init__(self, words: Words, on_leave: Callable[[], None], *, practice: bool = False, away: bool = False) -> None:
        super().__init__()
        self.words, self.on_leave, self.practice, self.away_first = words, on_leave, practice, away
        self.direction = words.direction
        self.reword()

    def reword(self) -> None:
        words = self.words
        self.title = words("paused-title")
        self.go_on = Button(words("paused-continue"), self.dismiss, kind="primary", icon="play", key="space", hint="Esc")

    def dismiss(self) -> None:
        """Back to the conversation."""
        self.stage.uncover()

    def key(self, key: KeyPressed) -> bool:
        if key.key == "enter":
            self.dismiss()
            return True
        return super().key(key)

    def first_focus(self) -> Widget | None:
        return self.go_on

    def build(self) -> Widget:
        words = self.words
        leave = Button(words("paused-leave"), self.on_leave)
        settings = [settings_button(words, self.stage.open_settings, "secondary")] if self.stage.open_settings else []
        card = Card(
            heading(words("paused-title"), "title"),
            Label(words("paused-away"), "body", shown=self.away_first),
            Label(words("paused-practice") if self.practice else words("paused-said"), "body", ink="ink_soft"),
            Space(height=4),
            Row(leave, *settings, Space(grow=1), self.go_on),
            width=560, padding=4, elevation=3,
        )  # fmt: skip
        return Column(card, across="centre", along="centre")
