"""One principle: what it says and why, how well it is kept, and where it can be practised."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial

from servicesim.desktop.arrangement import Card, Column, Row, Space
from servicesim.desktop.button import Button
from servicesim.desktop.cards import Choice
from servicesim.desktop.chapters import in_chapters
from servicesim.desktop.label import Label
from servicesim.desktop.page import Dialogue
from servicesim.desktop.screens.card import TeachingCard
from servicesim.desktop.screens.encounters import Entry, entries, standing, title_of
from servicesim.desktop.screens.keys import cap
from servicesim.desktop.screens.sign import Sign
from servicesim.desktop.screens.wheel_parts import last_time, mastery
from servicesim.desktop.shelf import Shelf
from servicesim.desktop.widget import Widget
from servicesim.desktop.wording import Words, reads
from servicesim.encounter.script import Script

_MOST = 3  # encounters that are named


class OnePrinciple(Dialogue):
    """One principle looked at, over the wheel."""

    def __init__(self, words: Words, shelf: Shelf, name: str, on_play: Callable[[Script], None]) -> None:
        super().__init__()
        self.words, self.shelf, self.name, self.on_play = words, shelf, name, on_play
        self.direction = words.direction
        self.reword()

    def reword(self) -> None:
        self.principle = self.shelf.taught(self.words)[self.name]
        self.title = self.principle.title
        self.close = Button(self.words("principle-close"), self.dismiss, kind="primary", hint=cap("escape"))

    def dismiss(self) -> None:
        """Back to the wheel."""
        self.stage.uncover()

    def first_focus(self) -> Widget | None:
        return self.close

    def build(self) -> Widget:
        words, told = self.words, self.principle
        direction = reads(told.says)
        last = last_time(self.name, self.shelf, words)
        parts: list[Widget] = [
            Label(told.title, "title", bold=True, direction=direction, heading=True),
            Label(told.says, "lead", direction=direction),
            Label(told.why, "body", ink="ink_soft", direction=direction),
            Column(mastery(self.name, words("principle-mastery"), self.shelf.progress, words), *([Label(last, "caption", ink="ink_soft")] if last else []), gap=0.5),
            Column(Label(words("principle-encounters"), "small", bold=True), *self._encounters(), gap=1),
            Row(*self._card_button(), Space(grow=1), self.close),
        ]
        return Column(Card(*parts, width=640, padding=4, gap=2, elevation=3), across="centre", along="centre")

    def _card_button(self) -> list[Widget]:
        """The way to the teaching card, where the principle has one."""
        if self.principle.card is None:
            return []
        key = self.stage.preferences.key("card")
        return [Button(self.words("card"), self.open_card, icon="book", key=key, hint=cap(key))]

    def open_card(self) -> None:
        """Show the teaching card; the arrows lead on to those of the other principles."""
        scripts = self.shelf.scripts.values()
        script = next(script for script in scripts if self.name in script.principles.principles)
        told = script.principles.principles
        names = [name for names in in_chapters(told).values() for name in names if told[name].card]
        self.stage.cover(TeachingCard(self.words, script, names, self.name, key=self.stage.preferences.key("card")))

    def _encounters(self) -> list[Widget]:
        found = self._practising()
        if not found:
            return [Label(self.words("principle-nowhere"), "body", ink="ink_soft")]
        return [self._encounter(entry) for entry in found[:_MOST]]

    def _practising(self) -> list[Entry]:
        """The encounters that bring it up, those first that are about it."""
        bringing = {offer.script.scenario.id for offer in self.shelf.offers if offer.script and self.name in offer.brings}
        found = [entry for entry in entries(self.shelf, self.words.language) if entry.scenario.id in bringing or self.name in entry.scenario.learn]
        return sorted(found, key=lambda entry: self.name not in entry.scenario.learn)

    def _encounter(self, entry: Entry) -> Choice:
        scenario = entry.scenario
        row = Row(title_of(scenario, self.words, "body", grow=1), standing(entry, self.words), Sign("forward", "accent"), gap=1.5)
        return Choice(row, name=scenario.title, on_press=partial(self.on_play, entry.script), padding=(2, 1))
