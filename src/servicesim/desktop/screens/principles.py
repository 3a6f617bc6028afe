"""The wheel of principles with a list beside it, and one principle looked at."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from functools import partial

from servicesim.desktop.arrangement import Column, Row
from servicesim.desktop.cards import Choice
from servicesim.desktop.chapters import Chapter, in_chapters
from servicesim.desktop.desk import Desk
from servicesim.desktop.inputs import KeyPressed
from servicesim.desktop.label import Label, heading
from servicesim.desktop.screens.principle import OnePrinciple
from servicesim.desktop.screens.sheet import Sheet, back_button
from servicesim.desktop.screens.wheel_parts import large_wheel, last_time, mastery
from servicesim.desktop.scroll import ListChoice
from servicesim.desktop.shelf import Shelf
from servicesim.desktop.widget import Widget
from servicesim.desktop.wording import Words
from servicesim.encounter.script import Script

_SIDE = 456  # design units of the wheel


class Principles(Sheet):
    """How well somebody keeps each principle."""

    def __init__(self, words: Words, desk: Desk, shelf: Shelf, on_back: Callable[[], None], on_chosen: Callable[[Script], None]) -> None:
        super().__init__(words, desk)
        self.shelf, self.on_back, self.on_chosen = shelf, on_back, on_chosen
        self.reword()

    def reword(self) -> None:
        self.title = self.words("wheel-title")

    def build(self) -> Widget:
        words = self.words
        self.wheel = large_wheel(self.shelf, words, _SIDE, self.open, self._pointed)
        self.cards = {name: self._card(name) for name in self.shelf.principles}
        self.list = ListChoice(*self._chapters(), name=words("wheel-list"), gap=1, grow=1)
        how = Label(words("wheel-how"), "small", ink="ink_soft")
        left = Column(self.wheel, how, gap=2, width=480)
        body = Row(left, self.list, gap=5, padding=(5, 2.5), across="stretch", grow=1)
        return Column(self.band(back_button(words, self.on_back), title=self.title), body, gap=0)

    def key(self, key: KeyPressed) -> bool:
        if key.key == "escape":
            self.on_back()
            return True
        return False

    def tick(self, now: float) -> float | None:
        """Lift the wedge of what one has come to in the list."""
        here = next((name for name, card in self.cards.items() if card.ringed or card.hovered), None)
        if not self.wheel.hovered and here != self.wheel.pointed:
            self.wheel.pointed = here
            self.changed(self.wheel)
        return None

    def open(self, name: str) -> None:
        """Look at one principle."""
        self.stage.cover(OnePrinciple(self.words, self.shelf, name, self._play))

    def _play(self, script: Script) -> None:
        self.stage.uncover()
        self.on_chosen(script)

    def _pointed(self, name: str | None) -> None:
        """The pointer has come to a wedge: show its card."""
        for other, card in self.cards.items():
            card.chosen = other == name
        if name is not None:
            self.list.reveal(self.cards[name].rect)
        self.changed()

    def _chapters(self) -> Iterator[Widget]:
        for number, (chapter, names) in enumerate(in_chapters(self.shelf.principles).items(), 1):
            yield self._chapter(number, chapter)
            yield from (self.cards[name] for name in names)

    def _chapter(self, number: int, chapter: Chapter) -> Widget:
        words = self.words
        return Row(Label(words.told(number), "body", bold=True, ink="accent"), heading(words(f"chapter-{chapter}"), "body"), gap=1.5, padding=(0, 0.75))

    def _card(self, name: str) -> Choice:
        shelf, words = self.shelf, self.words
        title = shelf.taught(words)[name].title
        last = last_time(name, shelf, words)
        parts = [mastery(name, title, shelf.progress, words), *([Label(last, "caption", ink="ink_soft")] if last else [])]
        return Choice(*parts, name=title, on_press=partial(self.open, name), padding=(2, 1.25), gap=0.75)


