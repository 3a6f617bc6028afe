"""Home: the encounters to choose from, and what was left in the middle."""

from __future__ import annotations

import os
from collections.abc import Callable
from pathlib import Path

from servicesim.desktop.arrangement import Card, Column, Row, Space
from servicesim.desktop.button import Button
from servicesim.desktop.cards import Choice
from servicesim.desktop.chip import Chip
from servicesim.desktop.desk import Best, Desk, Offer, Opened, Shelf
from servicesim.desktop.faces import mood_of
from servicesim.desktop.label import Label, heading
from servicesim.desktop.screens.sheet import CHANNEL_ICONS, Sheet
from servicesim.desktop.screens.sign import Portrait, Sign
from servicesim.desktop.scroll import ListChoice
from servicesim.desktop.widget import Widget
from servicesim.desktop.wording import Words, direction_of
from servicesim.encounter.script import Script


class Home(Sheet):
    """The encounters as cards."""

    def __init__(
        self, words: Words, desk: Desk, on_chosen: Callable[[Script], None], on_continue: Callable[[Opened], None],
        on_other: Callable[[], None],
    ) -> None:  # fmt: skip
        super().__init__(words, desk)
        self.reword()
        self.on_chosen, self.on_continue, self.on_other = on_chosen, on_continue, on_other
        self.shelf: Shelf | None = None

    def reword(self) -> None:
        self.title = self.words("choose-title")

    def entered(self) -> None:
        self.ask(self.desk.shelf, self.lay_out)

    def lay_out(self, shelf: Shelf) -> None:
        """Show what there is to play."""
        self.shelf = shelf
        self.rebuild()

    def build(self) -> Widget:
        words, person = self.words, self.desk.person
        who = Label(words("played-as", name=person.name if person else ""), "body", ink="on_band_soft")
        other = Button(words("choose-other"), self.on_other, kind="band", icon="person")
        parts = [*self.trouble_card(), heading(words("choose-title"), "title"), *self._stopped(), self._offers()]
        return Column(self.band(who, *self.settings_button(), other), Column(*parts, gap=2, padding=(5, 3.5), grow=1), gap=0)

    def open(self, script: Script) -> None:
        """Begin it; one that was left in the middle goes on, for a new attempt would hide it."""
        stopped = self.shelf.stopped if self.shelf else ()
        same = next((one for one in stopped if one.script.scenario.id == script.scenario.id), None)
        if same is not None:
            self.continue_it(same)
        else:
            self.on_chosen(script)

    def continue_it(self, stopped: Opened) -> None:
        """Open an attempt again where it was left."""
        self.ask(lambda: self.desk.resume(stopped.attempt), self.on_continue)

    def _stopped(self) -> list[Widget]:
        return [self._stopped_card(stopped) for stopped in (self.shelf.stopped if self.shelf else ())]

    def _stopped_card(self, stopped: Opened) -> Widget:
        words, scenario = self.words, stopped.script.scenario
        name = f"{words('choose-continue')}: {scenario.title}"
        go_on = Button(words("choose-continue"), lambda: self.continue_it(stopped), kind="primary", icon="play", name=name)
        title = Label(scenario.title, "body", bold=True)
        said = Column(title, Label(words("choose-stopped"), "small", ink="ink_soft"), gap=0, grow=1)
        return Card(Row(Sign("pause", "accent"), said, go_on), padding=(2.5, 1.5), ground="accent_soft", border="accent", radius=12)

    def _offers(self) -> Widget:
        words = self.words
        if self.shelf is None:
            return Label("" if self.trouble else words("choose-searching"), "lead", ink="ink_soft")
        if not self.shelf.offers:
            return Label(words("choose-none"), "lead", ink="ink_soft")
        cards = [self._card(offer) for offer in self.shelf.offers]
        return ListChoice(*cards, name=words("choose-list"), gap=2, grow=1)

    def _card(self, offer: Offer) -> Widget:
        if offer.script is None:
            return self._broken(offer.path)
        words, script = self.words, offer.script
        scenario, direction = script.scenario, direction_of(script.scenario.locale)
        customer = scenario.customer
        face = Portrait(
            self.desk.faces, customer.portrait, mood_of(customer.anger, customer.trust, customer.received - customer.expects),
            name=customer.name, width=140, radius=12,
        )  # fmt: skip
        chips = Row(
            Chip(words(f"channel-{scenario.channel}"), "accent", icon=CHANNEL_ICONS[scenario.channel]),
            Chip(words("with-customer", customer=customer.name), icon="person"),
            Chip(words("pass-mark", points=scenario.pass_mark), icon="flag"),
            self._best(offer.best),
            gap=1, wraps=True,
        )  # fmt: skip
        said = Column(
            Label(scenario.title, "lead", bold=True, direction=direction),
            Label(scenario.summary, "body", ink="ink_soft", direction=direction),
            Space(height=4), chips, gap=1, grow=1,
        )  # fmt: skip
        row = Row(face, said, Sign("forward", "accent", side=28), gap=3)
        return Choice(row, name=scenario.title, on_press=lambda: self.open(script), padding=(2, 2))

    def _best(self, best: Best | None) -> Chip:
        if best is None:
            return Chip(self.words("new"), "neutral", icon="star")
        key = "best-passed" if best.passed else "best"
        return Chip(self.words(key, points=best.points), "kept" if best.passed else "pending")

    def _broken(self, path: Path) -> Widget:
        command = f"servicesim check {_near(path)}"
        said = Label(self.words("choose-broken", command=command), "body", grow=1)
        title = Label(path.stem, "body", bold=True)
        return Card(Row(Sign("warning", "broken", side=28), Column(title, said, gap=0.5, grow=1), gap=2), padding=(2.5, 2), radius=12)


def _near(path: Path) -> Path:
    """A path as one would type it here."""
    try:
        near = Path(os.path.relpath(path))
    except ValueError:  # on another drive
        return path
    return path if near.parts[:2] == ("..", "..") else near
