"""A teaching card, over whatever is shown: what to do, how it sounds to the customer, an example, and where it comes from."""

from __future__ import annotations

from collections.abc import Sequence

from servicesim.desktop.arrangement import Card, Column, Row, Space
from servicesim.desktop.button import Button
from servicesim.desktop.inputs import KeyPressed
from servicesim.desktop.label import Label
from servicesim.desktop.page import Dialogue
from servicesim.desktop.screens.keys import cap
from servicesim.desktop.screens.sign import Sign
from servicesim.desktop.widget import Widget
from servicesim.desktop.wording import Words, reads
from servicesim.encounter.script import Script
from servicesim.scenario import principles
from servicesim.scenario.principles import Principle

_WIDE = 720  # design units


class TeachingCard(Dialogue):
    """The card of a principle, or one of the catalogue's other cards; the arrows go through `names`."""

    def __init__(self, words: Words, script: Script, names: Sequence[str], at: str, *, key: str = "k") -> None:
        super().__init__()
        self.words, self.script, self.names, self.at, self.opener = words, script, list(names), at, key
        self.direction = words.direction
        self.reword()

    def reword(self) -> None:
        self.title = self.shown.title

    @property
    def shown(self) -> Principle | principles.Card:
        """What is told."""
        catalogue = self.words.taught(self.script)
        return catalogue.principles[self.at] if self.at in catalogue.principles else catalogue.cards[self.at]

    def build(self) -> Widget:
        self.close = Button(self.words("card-close"), self.dismiss, kind="primary", hint=cap("escape"))
        parts = (self._top(), *self._told(), Space(height=2), self._bottom())
        return Column(Card(*parts, width=_WIDE, padding=4, gap=2, elevation=3), across="centre", along="centre", padding=(2, 0))

    def first_focus(self) -> Widget | None:
        return self.close

    def entered(self) -> None:
        self.stage.announce(self.title)

    def key(self, key: KeyPressed) -> bool:
        if key.key in ("left", "right") and len(self.names) > 1:
            self.turn(-1 if (key.key == "left") != (self.direction == "rtl") else 1)
            return True
        if key.key == self.opener:
            self.dismiss()
            return True
        return super().key(key)

    def dismiss(self) -> None:
        """Back to where one came from."""
        self.stage.uncover()

    def turn(self, by: int) -> None:
        """To the next card, or the one before, around the end."""
        self.at = self.names[(self.names.index(self.at) + by) % len(self.names)]
        self.reword()
        self.stage.announce(self.title)
        self.rebuild()

    # -- parts ------------------------------------------------------------------------------------------------------

    def _top(self) -> Row:
        words = self.words
        kind = Row(Sign("book", "accent", side=20), Label(words("card-title"), "small", bold=True, ink="accent"), gap=1)
        many = len(self.names) > 1
        place = [Label(words("card-place", number=self.names.index(self.at) + 1, all=len(self.names)), "small", ink="ink_soft")] if many else []
        return Row(kind, Space(grow=1), *place, gap=2)

    def _told(self) -> Sequence[Widget]:
        shown = self.shown
        title = Label(shown.title, "title", bold=True, direction=reads(shown.title), heading=True)
        card = [Label(shown.card, "body", direction=reads(shown.card))] if shown.card else []
        source = Label(self.words("card-source", lines=", ".join(shown.source)), "caption", ink="ink_soft")
        if not isinstance(shown, Principle):
            return [title, *card, source]
        says = Label(shown.says, "lead", direction=reads(shown.says))
        why = Label(shown.why, "body", ink="accent", direction=reads(shown.why), grow=1)
        ear = Card(Row(Sign("ear", "accent"), why, gap=1.5), padding=(2, 1.25), ground="accent_soft", border=None, radius=10, elevation=0)
        return [Column(title, says, gap=0.5), *card, ear, source]

    def _bottom(self) -> Row:
        words = self.words
        if len(self.names) < 2:
            return Row(Space(grow=1), self.close)
        before = Button(words("card-before"), lambda: self.turn(-1), icon="back")
        after = Button(words("card-after"), lambda: self.turn(1), icon="forward")
        return Row(before, after, Space(grow=1), self.close, gap=1)
