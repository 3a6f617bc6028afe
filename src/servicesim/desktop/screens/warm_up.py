"""Around the first encounter: the invitation to it, and what is told when it is over."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from typing import Any

from servicesim.desktop.arrangement import Card, Column, Row, Space
from servicesim.desktop.button import Button
from servicesim.desktop.desk import Desk
from servicesim.desktop.faces import mood_of
from servicesim.desktop.guide import Done, done
from servicesim.desktop.icons import IconName
from servicesim.desktop.inputs import KeyPressed
from servicesim.desktop.label import Label, heading
from servicesim.desktop.preferences import TEXT_SIZES
from servicesim.desktop.screens.keys import cap
from servicesim.desktop.screens.sheet import Sheet
from servicesim.desktop.screens.sign import KeyCap, Portrait, Sign, looks
from servicesim.desktop.stepper import Stepper
from servicesim.desktop.toggle import Toggle
from servicesim.desktop.widget import Widget
from servicesim.desktop.wording import Words
from servicesim.encounter.events import Event
from servicesim.encounter.script import Script
from servicesim.encounter.situation import Feelings, opening


class Invitation(Sheet):
    """Invites to an encounter without a score; one may skip it, and make oneself comfortable before."""

    def __init__(
        self, words: Words, desk: Desk, script: Script, on_begin: Callable[[], None], on_skip: Callable[[], None], *, learner: str = ""
    ) -> None:
        super().__init__(words, desk)
        self.script, self.on_begin, self.on_skip, self.learner = script, on_begin, on_skip, learner
        self._begun = False
        self.reword()

    def reword(self) -> None:
        self.title = self.words("warm-up-title")

    def build(self) -> Widget:
        words, customer = self.words, self.script.scenario.customer
        face = Portrait(self.desk.faces, customer.portrait, _mood(opening(self.script).feelings), name=customer.name, width=400, height=584, radius=20)
        self.go_on = Button(words("warm-up-begin"), self.begin, kind="primary", icon="play", key="enter", hint="Enter", width=240)
        skip = Button(words("warm-up-skip"), self.on_skip, kind="quiet")
        told = Column(
            *self.trouble_card(),
            Column(heading(words("warm-up-title"), "lead", ink="accent"), heading(words("warm-up-lead", customer=customer.name), "display"), gap=0.5),
            Label(words("warm-up-about", customer=customer.name), "lead", ink="ink_soft"),
            Row(Sign("smile", "accent"), Label(words("warm-up-unscored"), "body", grow=1), gap=1.5),
            Space(grow=1),
            self._comfort(),
            Space(height=4),
            Row(self.go_on, skip, Label(words("warm-up-skip-note"), "small", ink="ink_soft", grow=1), gap=2),
            gap=2.5, grow=1,
        )  # fmt: skip
        return Column(self.band(*self.settings_button()), Row(face, told, gap=6, padding=(5, 4), across="stretch", grow=1), gap=0)

    def first_focus(self) -> Widget | None:
        return self.go_on

    def suited(self) -> None:
        self.rebuild()

    def key(self, key: KeyPressed) -> bool:
        if key.key == "escape":
            self.on_skip()
            return True
        return False

    def begin(self) -> None:
        """Off we go; once."""
        if not self._begun:
            self._begun = True
            self.on_begin()

    def failed(self, failure: Exception) -> None:
        self._begun = False
        super().failed(failure)  # type: ignore[arg-type]

    def like(self, **changes: Any) -> None:
        """Like the window another way from now on."""
        preferences = self.stage.preferences.but(**changes)
        self.stage.suit(preferences)
        self.ask(lambda: self.desk.prefer(preferences, self.learner), lambda _: None)

    def _comfort(self) -> Card:
        """What somebody may need before the first word."""
        words, preferences = self.words, self.stage.preferences
        text = Stepper(
            words("settings-text"), TEXT_SIZES, preferences.text, lambda number: words.percent(number / 100),
            lambda number: self.like(text=number), less=words("settings-smaller"), more=words("settings-larger"),
        )  # fmt: skip
        untimed = Toggle(words("untimed"), preferences.untimed, lambda on: self.like(untimed=on), note=words("untimed-note"))
        return Card(heading(words("warm-up-comfort"), "small"), text, untimed, padding=(2.5, 2), gap=1.5, radius=12)


class Closing(Sheet):
    """What was done in an encounter without a score, and what it did to the customer: in words, without points."""

    def __init__(
        self, words: Words, desk: Desk, script: Script, events: Sequence[Event], on_go_on: Callable[[], None], on_again: Callable[[], None]
    ) -> None:
        super().__init__(words, desk)
        self.script, self.events, self.on_go_on, self.on_again = script, events, on_go_on, on_again
        self.reword()

    def reword(self) -> None:
        self.title = self.words("closing-title")

    def build(self) -> Widget:
        words = self.words
        self.go_on = Button(words("closing-go-on"), self.on_go_on, kind="primary", icon="forward", key="enter", hint="Enter")
        again = Button(words("closing-again"), self.on_again, icon="replay")
        told = Column(
            heading(words("closing-title"), "title"),
            Card(heading(words("closing-did"), "body"), *self._did(), padding=(3, 2.25), gap=1.5),
            Card(heading(words("closing-remember"), "body"), *self._remember(), padding=(3, 2.25), gap=1.25),
            Space(grow=1),
            Row(self.go_on, again, gap=2),
            gap=2, grow=1,
        )  # fmt: skip
        body = Row(self._faces(), told, gap=6, padding=(5, 4), across="stretch", grow=1)
        return Column(self.band(*self.settings_button()), body, gap=0)

    def first_focus(self) -> Widget | None:
        return self.go_on

    def entered(self) -> None:
        self.stage.announce(self.words("closing-title"))

    def _faces(self) -> Column:
        """The customer as they came, and as they are now."""
        last = opening(self.script)
        first = last.feelings
        for event in self.events:
            last = last.after(event)
        return Column(self._face("closing-then", first, 160), self._face("closing-now", last.feelings, 280), gap=2, width=300)

    def _face(self, when: str, feelings: Feelings, side: float) -> Column:
        words, customer = self.words, self.script.scenario.customer
        said = words(looks(feelings), customer=customer.name)
        face = Portrait(self.desk.faces, customer.portrait, _mood(feelings), name=said, width=300, height=side, radius=16)
        return Column(heading(words(when), "small"), face, Label(said, "small", ink="ink_soft"), gap=0.75)

    def _did(self) -> Iterator[Widget]:
        """A line for each thing that counts in listening."""
        words, customer, counted = self.words, self.script.scenario.customer.name, done(self.script, self.events)
        if counted.pauses and counted.answered:
            yield _line("ear", words("closing-answered", count=counted.answered, pauses=counted.pauses))
        elif counted.pauses:
            yield _line("ear", words("closing-answered-none"))
        yield _line("hand", words("closing-cuts", count=counted.cuts, customer=customer) if counted.cuts else words("closing-cuts-none"))
        yield _line("minus", words("closing-sides" if counted.sides else "closing-sides-none"))
        yield from self._said(counted)

    def _said(self, counted: Done) -> Iterator[Widget]:
        yield _line("chat", self.words("closing-summarised" if counted.summarised else "closing-not-summarised"))
        if counted.silences:
            yield _line("clock", self.words("closing-silences", customer=self.script.scenario.customer.name))

    def _remember(self) -> Iterator[Widget]:
        for action in ("pause", "backlog"):
            yield _line("info", self.words(f"closing-{action}"), cap(self.stage.preferences.key(action)))
        yield _line("sliders", self.words("closing-settings"))


def _line(icon: IconName, text: str, key: str = "") -> Row:
    sign: Widget = KeyCap(key) if key else Sign(icon, "accent")
    return Row(Column(sign, across="start", width=40), Label(text, "body", grow=1), gap=1.5)


def _mood(feelings: Feelings) -> Any:
    return mood_of(feelings.anger, feelings.trust, feelings.satisfaction)
