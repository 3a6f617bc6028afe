"""Before an encounter: who it is, what it is about, how listening works, and at which speed."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from functools import cached_property

from servicesim.desktop.arrangement import Card, Column, Row, Space
from servicesim.desktop.button import Button
from servicesim.desktop.chip import Chip
from servicesim.desktop.desk import Desk
from servicesim.desktop.faces import mood_of
from servicesim.desktop.icons import IconName
from servicesim.desktop.inputs import KeyPressed
from servicesim.desktop.label import Label, heading
from servicesim.desktop.link import is_sealed
from servicesim.desktop.preferences import SPEEDS
from servicesim.desktop.retold import filled
from servicesim.desktop.screens.face import Face
from servicesim.desktop.screens.furnished import CHANNELS
from servicesim.desktop.screens.keys import cap
from servicesim.desktop.screens.sheet import CHANNEL_ICONS, Sheet, back_button
from servicesim.desktop.screens.sign import KeyCap, Portrait, Sign
from servicesim.desktop.scroll import ScrollArea
from servicesim.desktop.stepper import Stepper
from servicesim.desktop.toggle import Toggle
from servicesim.desktop.widget import Widget
from servicesim.desktop.wording import Words, direction_of, reads
from servicesim.encounter.script import Script
from servicesim.encounter.situation import opening

_FACES = (308, 268, 232, 196)  # design units from chin to hair: the highest for which there is room
_LARGE = 1.25  # times the usual size: from here on everything scrolls anyway


@dataclass(frozen=True, slots=True)
class Manner:
    """How the trainee wants to play."""

    untimed: bool = False
    speed: float = 1.0
    practice: bool = False


class Briefing(Sheet):
    """Begins the encounter when asked to."""

    def __init__(
        self, words: Words, desk: Desk, script: Script, on_begin: Callable[[Manner], None], on_back: Callable[[], None],
        *, untimed: bool = False, speed: float = 1.0, practice: bool = False, only_practice: bool = False,
    ) -> None:  # fmt: skip
        super().__init__(words, desk)
        self.script, self.on_begin, self.on_back = script, on_begin, on_back
        self.only_practice, self.sealed = only_practice, is_sealed(script)
        self.speed = speed
        self._make_parts(untimed, practice)
        self._begun = False

    def reword(self) -> None:
        self._make_parts(self.untimed.on, self.practice.on)

    def _make_parts(self, untimed: bool, practice: bool) -> None:
        words = self.words
        self.title = words("briefing-title")
        self.untimed = Toggle(words("untimed"), untimed, self._timing_changed, note=words("untimed-note"))
        note = words("practice-note-only" if self.only_practice else "practice-note")
        self.practice = Toggle(words("practice"), (practice or self.only_practice) and not self.sealed, note=note, enabled=not self.only_practice)
        self.pace = Stepper(
            words("speed"), SPEEDS, self.speed, lambda times: words("speed-value", times=times), self._speed_changed,
            less=words("slower"), more=words("faster"),
        )  # fmt: skip

    def build(self) -> Widget:
        words = self.words
        self._show_speed()
        body = Row(self._customer(), self._about(), self._listening(), gap=4, across="stretch", grow=1)
        begin = Button(words("begin"), self.begin, kind="primary", icon="play", key="enter", hint="Enter", width=240)
        foot = Row(Label(self._told("briefing-you-are"), "body", ink="ink_soft"), Space(grow=1), begin)
        parts = [*self.trouble_card(), body, foot]
        return Column(self.band(*self.settings_button(), back_button(words, self.on_back)), Column(*parts, gap=3, padding=(5, 3), grow=1), gap=0)

    def _place(self) -> None:
        """With a lower picture where the name is long: the way on must be seen."""
        for high in (*(_FACES if self._look.theme.text <= _LARGE else ()), _FACES[0]):
            self.face.height = high
            super()._place()
            if self._body is self.root:
                return

    def key(self, key: KeyPressed) -> bool:
        if key.key == "escape":
            self.on_back()
            return True
        return False

    def ahead(self) -> bool:
        return self._coming.ahead(self._look)

    @cached_property
    def _coming(self) -> Face:
        """The customer as the conversation will show them, to be drawn while somebody reads."""
        channel, feelings = CHANNELS[self.script.scenario.channel], opening(self.script).feelings
        return channel.face_of(self.script.scenario, self.desk.faces, feelings, still=not self.stage.theme.motion)

    def begin(self) -> None:
        """Off we go; once."""
        if not self._begun:
            self._begun = True
            self.on_begin(Manner(self.untimed.on, self.speed, self.practice.on))

    def failed(self, failure: Exception) -> None:
        self._begun = False
        super().failed(failure)  # type: ignore[arg-type]

    def suited(self) -> None:
        """Begin as one likes it now."""
        self.untimed.on, self.speed = self.stage.preferences.untimed, self.stage.preferences.pace
        self.rebuild()

    def _speed_changed(self, speed: float) -> None:
        self.speed = speed
        self.stage.announce(self.pace.number.text)
        self.changed(moved=True)

    def _show_speed(self) -> None:
        self.pace.show(self.speed, enabled=not self.untimed.on)

    def _timing_changed(self, _untimed: bool) -> None:
        self._show_speed()
        self.changed()

    def _told(self, key: str) -> str:
        scenario, person = self.script.scenario, self.desk.person
        return self.words(key, customer=scenario.customer.name, company=scenario.company, name=person.name if person else "")

    def _customer(self) -> Column:
        words, scenario, customer = self.words, self.script.scenario, self.script.scenario.customer
        mood = mood_of(customer.anger, customer.trust, customer.received - customer.expects)
        self.face = Portrait(self.desk.faces, customer.portrait, mood, name=customer.name, width=280, height=_FACES[0], radius=18)
        channel = Chip(words(f"channel-{scenario.channel}"), "accent", icon=CHANNEL_ICONS[scenario.channel])
        mark = [] if self.sealed else [Chip(words("pass-mark", points=scenario.pass_mark), icon="flag")]
        calls = heading(self._told(f"briefing-calls-{scenario.channel}"), "lead")
        company = Label(scenario.company, "body", ink="ink_soft", direction=None)
        who = Column(calls, company, gap=0)
        practice = [] if self.sealed else [self.practice]
        return Column(self.face, who, Row(channel, *mark, gap=1, wraps=True), *practice, gap=2, width=280)

    def _about(self) -> Column:
        scenario, direction = self.script.scenario, direction_of(self.script.scenario.locale)
        told = ScrollArea(Column(*self._principles(), gap=2, padding=(0, 0.5)), grow=1, name=self.words("briefing-about"))
        about = [heading(self.words("briefing-about"), "body"), told] if not self.sealed else [self._counts()]
        return Column(
            Column(
                Label(scenario.title, "title", bold=True, direction=direction, heading=True),
                Label(filled(self.script, "")(scenario.summary), "body", ink="ink_soft", direction=direction), gap=0.5,
            ),
            *about,
            gap=2,
            grow=1,
        )

    def _counts(self) -> Card:
        """What stands in place of the principles, which a sealed edition does not tell."""
        said = Column(
            Label(self.words("briefing-counts"), "body", bold=True), Label(self.words("briefing-sent"), "body", ink="ink_soft"), gap=0.5, grow=1,
        )  # fmt: skip
        return Card(Row(Sign("flag", "accent", side=24), said, gap=1.5, across="start"), padding=(2.5, 2), radius=12)

    def _principles(self) -> Iterator[Widget]:
        known = self.words.taught(self.script).principles
        for name in self.script.scenario.learn:
            if name in known:
                title, says = known[name].title, known[name].says
                told = Column(
                    Label(title, "body", bold=True, direction=reads(title)),
                    Label(says, "small", ink="ink_soft", direction=reads(says)), gap=0, grow=1,
                )  # fmt: skip
                yield Row(Sign("book", "accent", side=20), told, gap=1.5, across="start")

    def _listening(self) -> Column:
        words, channel = self.words, self.script.scenario.channel
        manner = [] if channel == "email" else [Card(self.untimed, *([self.pace] if self.script.stations else []), padding=(2.5, 2), gap=2, radius=12)]
        title = [] if self.script.written else [heading(words("listening-title"), "body")]  # to read needs no title
        card = Card(*title, *self._lines(), padding=(2.5, 2.25), gap=1.75, radius=12)
        return Column(card, *manner, gap=2, width=392)

    def _lines(self) -> Iterator[Widget]:
        if self.script.written:
            yield self._line("mail", "listening-email")
            return
        if not self.script.stations:
            yield self._line("chat", "listening-chat", self._cap("interrupt"))
            return
        nod = (self._cap("nod"),) if "nod" in self.script.listening else ()
        yield self._line("ear", "listening-stations", self._cap("go-on"), *nod)
        yield self._line("minus", "listening-judgements", self._cap("yes"), self._cap("no"))
        yield self._line("hand", "listening-speak", self._cap("interrupt"))
        yield self._line("chat", "listening-replies", "1")

    def _cap(self, action: str) -> str:
        return self.stage.preferences.key(action)

    def _line(self, icon: IconName, key: str, *keys: str) -> Row:
        caps = Row(*(KeyCap(cap(one)) for one in keys), gap=0.5)
        return Row(Sign(icon, "accent", side=20), Label(self.words(key), "small", grow=1), *((caps,) if keys else ()), gap=1.5)
