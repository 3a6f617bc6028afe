"""What one thinks of one's own conduct, asked before it is shown how it was judged; nobody has to answer."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from functools import partial

from servicesim.desktop.arrangement import Card, Column, Divider, Row, Space
from servicesim.desktop.button import Button
from servicesim.desktop.desk import Desk
from servicesim.desktop.estimate import STEPS, Estimate, asked
from servicesim.desktop.inputs import KeyPressed
from servicesim.desktop.label import Label, heading
from servicesim.desktop.scale import Scale
from servicesim.desktop.screens.keys import cap
from servicesim.desktop.screens.sheet import Sheet
from servicesim.desktop.screens.sign import Sign
from servicesim.desktop.scroll import ScrollArea
from servicesim.desktop.widget import Widget
from servicesim.desktop.wording import Words, reads
from servicesim.encounter.script import Script

RETURNS = "(comes back)"  # the row of the guess; no principle is called so
_WIDE, _NARROW = 440, 217  # design units of a scale with four steps, and of one with two
_LARGE = 1.25  # times the usual text from which the end of the page scrolls with the rest


class SelfRating(Sheet):
    """One line for each principle that the encounter is about, and one guess."""

    def __init__(self, words: Words, desk: Desk, script: Script, on_done: Callable[[Estimate], None], *, practice: bool = False) -> None:
        super().__init__(words, desk)
        self.script, self.on_done, self.practice = script, on_done, practice
        self.names = asked(script)
        self.chosen: dict[str, int] = {}
        self.scales: dict[str, Scale] = {}
        self.reword()

    def reword(self) -> None:
        self.title = self.words("rating-title")

    def build(self) -> Widget:
        words = self.words
        self.scales = {name: self._scale(name) for name in (*self.names, RETURNS)}
        go_on = Button(words("rating-go-on"), self.go_on, kind="primary", icon="forward", key="enter", hint=cap("enter"))
        skip = Button(words("rating-skip"), self.skip, kind="quiet", hint=cap("escape"))
        lead = Row(heading(words("rating-lead"), "lead"), Space(grow=1), Label(words("rating-keys"), "small", ink="ink_soft"), gap=3)
        rows = [part for name in (*self.names, RETURNS) for part in (Divider(), self._row(name))][1:]
        nowhere = Row(Sign("lock", "ink_soft", side=20), Label(words("rating-nowhere"), "small", ink="ink_soft", grow=1), gap=1, grow=1)
        rating = Column(lead, Card(*rows, gap=1, padding=(3, 1.5), radius=14), gap=1.5, padding=(5, 2))
        end = Row(nowhere, skip, go_on, gap=2, padding=(5, 1.5))
        band = self.band(*self.practice_chip(self.practice), title=self.title)
        if self.stage.theme.text > _LARGE:
            return Column(band, rating, end, gap=0)
        return Column(band, ScrollArea(rating, grow=1, name=self.title), Divider(), end, gap=0)

    def suited(self) -> None:
        self.rebuild()

    def first_focus(self) -> Widget | None:
        return next(iter(self.scales.values()))

    def entered(self) -> None:
        self.stage.announce(f"{self.words('rating-lead')} {self.words('rating-keys')}")

    def key(self, key: KeyPressed) -> bool:
        if key.key == "escape":
            self.skip()
            return True
        if key.key.isdigit():  # nothing has the focus: it means the first line that is open
            name = next((name for name in self.scales if name not in self.chosen), None)
            return name is not None and self.scales[name].takes(key)
        return False

    def go_on(self) -> None:
        """On to the debrief, with whatever was said."""
        returns = self.chosen.get(RETURNS)
        steps = {name: self.chosen[name] for name in self.names if name in self.chosen}
        self.on_done(Estimate(steps, None if returns is None else returns == 2))

    def skip(self) -> None:
        """On to the debrief, and nothing was said."""
        self.on_done(Estimate())

    # -- the lines --------------------------------------------------------------------------------------------------

    def _row(self, name: str) -> Widget:
        scale, guess = self.scales[name], name == RETURNS
        says = "" if guess else self.words.taught(self.script).principles[name].says
        more = [Label(says, "small", ink="ink_soft", direction=reads(says))] if says else []
        return Row(Column(Label(scale.name, "body", bold=True, direction=self.words.direction if guess else reads(scale.name)), *more, gap=0, grow=1), scale, gap=3)

    def _scale(self, name: str) -> Scale:
        words, guess = self.words, name == RETURNS
        steps = ["rating-no", "rating-yes"] if guess else [f"rating-{step}" for step in STEPS]
        title = words("rating-returns", customer=self.script.scenario.customer.name) if guess else words.taught(self.script).principles[name].title
        scale = Scale([words(step) for step in steps], partial(self._choose, name), name=title, width=_NARROW if guess else _WIDE)
        scale.choose(self.chosen.get(name, 0))
        return scale

    def _choose(self, name: str, step: int, typed: bool) -> None:
        """A step was chosen; whoever types goes on to the next line."""
        scale = self.scales[name]
        self.chosen[name] = step
        scale.choose(step)
        self.stage.announce(scale.value)
        self.changed(scale)
        following = next(self._after(name), None)
        if typed and following is not None:
            self._move_to(following)

    def _after(self, name: str) -> Iterator[Scale]:
        names = list(self.scales)
        return (self.scales[other] for other in names[names.index(name) + 1 :])
