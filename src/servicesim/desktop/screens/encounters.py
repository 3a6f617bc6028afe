"""The encounters as cards, with what somebody made of each; searched while one types."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Literal

from servicesim.desktop.arrangement import Card, Column, Row
from servicesim.desktop.cards import Choice
from servicesim.desktop.chip import Chip
from servicesim.desktop.faces import Faces, mood_of
from servicesim.desktop.icons import IconName
from servicesim.desktop.label import Label
from servicesim.desktop.look import Direction
from servicesim.desktop.paragraph import Align
from servicesim.desktop.progress import Tries
from servicesim.desktop.screens.sheet import CHANNEL_ICONS
from servicesim.desktop.screens.sign import Portrait, Sign
from servicesim.desktop.searching import finds
from servicesim.desktop.shelf import Opened, Shelf
from servicesim.desktop.theme import Size
from servicesim.desktop.widget import Widget
from servicesim.desktop.wording import Words, direction_of
from servicesim.encounter.script import Script
from servicesim.scenario.model import Scenario

Wanted = Literal["all", "not-passed", "passed"]
WANTED: tuple[Wanted, ...] = ("all", "not-passed", "passed")

FACE = 96  # design units


@dataclass(frozen=True)
class Entry:
    """One encounter on the page: its script, how it went so far, and the attempt that was left in the middle."""

    script: Script
    minutes: int
    tries: Tries | None = None
    stopped: Opened | None = None
    practice: bool = False
    """Whether it can be played as practice only: it lies here, and the organisation has not published it."""

    @property
    def scenario(self) -> Scenario:
        """What it is about."""
        return self.script.scenario

    def texts(self, words: Words) -> tuple[str, ...]:
        """What it is found by."""
        scenario, taught = self.scenario, words.taught(self.script).principles
        titles = (taught[name].title for name in scenario.learn if name in taught)
        return scenario.title, scenario.summary, scenario.customer.name, scenario.company, words(f"channel-{scenario.channel}"), *titles

    def wanted(self, which: Wanted) -> bool:
        """Whether it is shown under this choice; what is unscored can be neither passed nor not."""
        if which == "all" or self.practice:
            return which == "all"
        passed = self.tries is not None and self.tries.passed
        return not self.scenario.unscored and passed == (which == "passed")

    def found(self, query: str, words: Words) -> bool:
        """Whether it is what somebody looks for."""
        return finds(query, *self.texts(words))


def entries(shelf: Shelf, language: str) -> list[Entry]:
    """All that can be played, in this language and before others where they are offered in it; first what was left in the middle."""
    stopped = {opened.script.scenario.id: opened for opened in shelf.stopped}
    tried = shelf.progress.encounters
    listed = [
        Entry(script, offer.minutes, tried.get(name), stopped.pop(name, None))
        for offer in sorted(shelf.offers, key=lambda offer: not offer.speaks(language))
        if (script := offer.script_in(language)) is not None and (name := script.scenario.id)
    ]
    practised = [
        Entry(script, offer.minutes, practice=True)
        for offer in sorted(shelf.others, key=lambda offer: not offer.speaks(language))
        if (script := offer.script_in(language)) is not None
    ]
    # What is not offered any more can still be played to its end.
    left = [Entry(opened.script, 0, tried.get(name), opened) for name, opened in stopped.items()]
    return [*left, *listed, *practised]


def encounter_card(entry: Entry, words: Words, faces: Faces, on_press: Callable[[], None]) -> Choice:
    """One encounter, pressed as a whole."""
    scenario = entry.scenario
    direction, align = beside(scenario, words)
    title = title_of(scenario, words, "lead", grow=1)
    said = Column(
        Row(title, standing(entry, words), gap=1.5),
        Label(scenario.summary, "body", ink="ink_soft", direction=direction, align=align),
        facts(entry, words),
        gap=0.75, grow=1,
    )  # fmt: skip
    return Choice(Row(face_of(entry, faces, FACE), said, gap=2.5), name=scenario.title, on_press=on_press, padding=(2, 1.75))


def title_of(scenario: Scenario, words: Words, size: Size, *, grow: float = 0) -> Label:
    """Its title."""
    direction, align = beside(scenario, words)
    return Label(scenario.title, size, bold=True, direction=direction, align=align, grow=grow)


def beside(scenario: Scenario, words: Words) -> tuple[Direction, Align]:
    """How its texts are read, and where they stand: beside the picture, even where they are read the other way than the page."""
    direction = direction_of(scenario.locale)
    return direction, "start" if direction == words.direction else "end"


def standing(entry: Entry, words: Words) -> Chip:
    """How it went so far, in a word."""
    tries = entry.tries
    if entry.practice:
        return Chip(words("practice"), "accent", icon="book")
    if entry.stopped is not None:
        return Chip(words("home-stopped"), "accent", icon="pause")
    if entry.scenario.unscored:
        return Chip(words("home-warm-up-done"), "kept") if tries else Chip(words("home-unscored"), "accent", icon="ear")
    if tries is None:
        return Chip(words("new"), "neutral", icon="star")
    if tries.passed:
        return Chip(words("best-passed", points=tries.best), "kept")
    return Chip(words("best", points=tries.best), "pending", icon="flag")


def facts(entry: Entry, words: Words, *, long: bool = True) -> Row:
    """Who comes, in which way, to which business, and for how long."""
    scenario, tries = entry.scenario, entry.tries
    parts = [_fact(CHANNEL_ICONS[scenario.channel], words(f"channel-{scenario.channel}"))]
    if long:
        parts += [_fact("smile", scenario.customer.name), _fact("shop", scenario.company)]
    if entry.minutes:
        parts.append(_fact("clock", words("home-minutes", count=entry.minutes)))
    if long and tries is not None and not scenario.unscored:
        parts.append(_fact("replay", words("home-attempts", count=tries.attempts)))
    return Row(*parts, gap=2 if long else 1.25, wraps=True)


def _fact(icon: IconName, text: str) -> Row:
    return Row(Sign(icon, side=16), Label(text, "caption", ink="ink_soft"), gap=0.75, whole=True)


def face_of(entry: Entry, faces: Faces, width: float) -> Portrait:
    """The customer as they come in."""
    customer = entry.scenario.customer
    mood = mood_of(customer.anger, customer.trust, customer.received - customer.expects)
    return Portrait(faces, customer.portrait, mood, name=customer.name, width=width, radius=12)


def unplayable(shelf: Shelf, words: Words) -> Iterator[Widget]:
    """Files that have errors, with what to run."""
    for offer in shelf.offers:
        if offer.script is None:
            yield broken(offer.path, words)


def broken(path: Path, words: Words, key: str = "choose-broken") -> Widget:
    """A file that has errors, with what to run."""
    command = f"servicesim check {_near(path)}"
    said = Label(words(key, command=command), "body")
    title = Label(path.stem, "body", bold=True)
    return Card(Row(Sign("warning", "broken", side=28), Column(title, said, gap=0.5, grow=1), gap=2), padding=(2.5, 2), radius=12)


def _near(path: Path) -> Path:
    """A path as one would type it here."""
    try:
        near = Path(os.path.relpath(path))
    except ValueError:  # on another drive
        return path
    return path if near.parts[:2] == ("..", "..") else near
