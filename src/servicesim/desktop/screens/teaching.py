"""The way from a debrief to the teaching cards: a button at each principle, and one key for the one that is being read."""

from __future__ import annotations

from servicesim.desktop.button import SmallButton
from servicesim.desktop.inputs import KeyPressed
from servicesim.desktop.looking_back import Run
from servicesim.desktop.screens.card import TeachingCard
from servicesim.desktop.screens.keys import cap
from servicesim.desktop.screens.sheet import Sheet

TOLD = "A4"  # the line of the sources about what is told to friends


class Teaching:
    """The cards of one run, over one page; Next and Previous go through what got lost."""

    def __init__(self, page: Sheet, run: Run, lost: list[str]) -> None:
        self.page, self.run, self.lost = page, run, lost
        self._buttons: list[tuple[str, SmallButton]] = []
        self._first = ""  # the principle whose button shows the key

    def begin(self) -> None:
        """The page is built anew, and so are its buttons."""
        self._buttons, self._first = [], ""

    def button(self, name: str, *, aside: bool = False) -> SmallButton:
        """The way to the card of a principle, or `aside` to one of the other cards; the first one shows the key."""
        words, catalogue = self.page.words, self.page.words.taught(self.run.script)
        title = (catalogue.principles[name] if name in catalogue.principles else catalogue.cards[name]).title
        self._first = self._first or ("" if aside else name)
        hint = cap(self._key) if name == self._first and not aside else ""
        button = SmallButton(words("card"), lambda: self.show(name), kind="quiet", icon="book", hint=hint, name=words("card-of", principle=title))
        if name in catalogue.principles:
            self._buttons.append((name, button))
        return button

    @property
    def friends(self) -> str | None:
        """The card about what is told to friends, if the catalogue has one."""
        return next((name for name, card in self.run.script.principles.cards.items() if TOLD in card.source), None)

    def show(self, name: str) -> None:
        """Lay the card over the page."""
        names = self.lost if name in self.lost else [name]
        self.page.stage.cover(TeachingCard(self.page.words, self.run.script, names, name, key=self._key))

    def key(self, key: KeyPressed) -> bool:
        """The one key; True if it was that."""
        name = self.read_now() if key.key == self._key and not key.ctrl else None
        if name is not None:
            self.show(name)
        return name is not None

    def read_now(self) -> str | None:
        """The principle at which the focus is, or else the uppermost that can be seen, or else the first."""
        there = {id(widget) for widget in self.page.widgets()}  # some were replaced when a part was opened or closed
        seen = sorted(((name, button) for name, button in self._buttons if id(button) in there), key=lambda one: one[1].rect.y)
        focused = self.page.focus.widget
        if focused is not None and focused.ringed:
            seen = [one for one in seen if one[1].rect.y <= focused.rect.bottom][-1:] or seen
        else:
            seen = [one for one in seen if 0 <= one[1].rect.y < self.page.stage.size[1]]
        return next((name for name, _ in seen), self.lost[0] if self.lost else None)

    @property
    def _key(self) -> str:
        return self.page.stage.preferences.key("card")
