"""A programme: what to do next, every step of it, what was promised, and what is seen across encounters."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from functools import partial

from servicesim.assessment.standing import StepStanding
from servicesim.desktop.arrangement import Card, Column, Row
from servicesim.desktop.button import Button
from servicesim.desktop.chip import Chip
from servicesim.desktop.desk import Desk
from servicesim.desktop.faces import mood_of
from servicesim.desktop.inputs import KeyPressed
from servicesim.desktop.label import Label, heading
from servicesim.desktop.meter import Meter
from servicesim.desktop.options import Options
from servicesim.desktop.programmes import Course, Courses
from servicesim.desktop.screens.encounters import broken, title_of
from servicesim.desktop.screens.programme_parts import across_card, missing_cards, promises_card, step_card
from servicesim.desktop.screens.programme_words import Told
from servicesim.desktop.screens.sheet import CHANNEL_ICONS, Sheet, back_button
from servicesim.desktop.screens.sign import Portrait, Sign
from servicesim.desktop.scroll import ListChoice
from servicesim.desktop.widget import Widget
from servicesim.desktop.wording import Words


@dataclass(frozen=True, slots=True)
class ProgrammeDoors:
    """Where one goes from here."""

    play: Callable[[Course, StepStanding], None]
    home: Callable[[], None]


class ProgrammePage(Sheet):
    """Where whoever sits here stands in a programme; one of several can be chosen."""

    def __init__(self, words: Words, desk: Desk, doors: ProgrammeDoors, wanted: str | None = None) -> None:
        super().__init__(words, desk)
        self.doors, self.wanted = doors, wanted
        self.courses: Courses | None = None
        self.begin: Button | None = None
        self.steps: dict[str, Widget] = {}
        self._revealed = False
        self.reword()

    def reword(self) -> None:
        self.title = self.words("programme-title")

    def entered(self) -> None:
        self.ask(partial(self.desk.courses, self.words.language), self.lay_out)

    def lay_out(self, courses: Courses) -> None:
        """Show where somebody stands."""
        self.courses, self.trouble = courses, courses.trouble
        self._lay_out()

    def linked(self) -> None:
        if self.desk.connected and self.courses is not None:
            self.ask(partial(self.desk.courses, self.words.language), self._look_again)

    def _look_again(self, courses: Courses) -> None:
        """Show what is new; while somebody reads, nothing moves that is as it was."""
        if courses != self.courses:
            self.lay_out(courses)

    def _lay_out(self) -> None:
        """Begin where something is to be done."""
        self.rebuild()
        if self.begin is not None:
            self.focus.give(self.begin, ring=False)
        self._revealed = False

    def show(self, name: str) -> None:
        """Show another programme."""
        self.wanted = name
        self._lay_out()
        if self.course is not None:
            self.stage.announce(Told(self.course, self.words).title)

    def tick(self, now: float) -> float | None:
        """Once it is laid out, have the list show the step that comes next, with what is around it."""
        step = self.course.wants if self.course is not None else None
        if not self._revealed and step is not None:
            self._revealed = True
            self.list.scroll_to(self.list.offset + self.steps[step.encounter].rect.centery - self.list.rect.centery)
            self.changed()
        return None

    @property
    def course(self) -> Course | None:
        """The programme that is shown."""
        return None if self.courses is None else self.courses.named(self.wanted)

    def key(self, key: KeyPressed) -> bool:
        if key.key == "escape":
            self.doors.home()
            return True
        return False

    # -- the page ---------------------------------------------------------------------------------------------------

    def build(self) -> Widget:
        band = self.band(*self.settings_button(), back_button(self.words, self.doors.home), title=self.title)
        return Column(band, self._below(), gap=0)

    def _below(self) -> Widget:
        self.begin = None
        if self.courses is None or self.course is None:
            said = "" if self.trouble else self.words("choose-searching" if self.courses is None else "programme-none")
            return Column(*self.trouble_card(), Label(said, "lead", ink="ink_soft"), *self._unusable(), gap=2, padding=(5, 3.5), grow=1)
        told = Told(self.course, self.words)
        play = partial(self.doors.play, self.course)
        left = Column(*self.trouble_card(), self._head(told), self._next(told), *promises_card(told, play), gap=2, width=432)
        self.steps = {step.encounter: step_card(told, step, play) for step in told.now.steps}
        self.list = ListChoice(*self.steps.values(), *missing_cards(told), across_card(told), *self._unusable(), name=self.words("programme-steps"), gap=1, grow=1)
        return Row(left, Column(*self._choice(self.courses), self.list, gap=1, grow=1), gap=5, padding=(5, 2.5), across="stretch", grow=1)

    def _choice(self, courses: Courses) -> Iterator[Widget]:
        """Which programme, where there are several."""
        if len(courses.each) > 1 and self.course is not None:
            titles = [(course.id, Told(course, self.words).title) for course in courses.each]
            yield Options(titles, self.course.id, self.show, name=self.words("programme-which"))

    def _unusable(self) -> Iterator[Widget]:
        """Programmes whose files have errors, with what to run."""
        for path in self.courses.unusable if self.courses is not None else ():
            yield broken(path, self.words, "programme-broken")

    def _head(self, told: Told) -> Column:
        words, now = self.words, told.now
        summary = [] if now.start is not None else [Label(told.course.told_in(words.language).summary, "small", ink="ink_soft")]
        share = now.done / len(now.needed) if now.needed else 1.0
        done = Meter(words("programme-done"), share, words("share-kept", kept=now.done, all=len(now.needed)), tone="kept")
        return Column(Column(heading(told.title, "title"), *summary, gap=0.25), done, gap=1.5)

    # -- what comes next --------------------------------------------------------------------------------------------

    def _next(self, told: Told) -> Card:
        step = told.course.wants
        return self._nothing(told) if step is None else self._todo(told, step)

    def _todo(self, told: Told, step: StepStanding) -> Card:
        words, scenario = self.words, told.course.scenario(step.encounter, self.words.language)
        customer = scenario.customer
        mood = mood_of(customer.anger, customer.trust, customer.received - customer.expects)
        face = Portrait(self.desk.faces, customer.portrait, mood, name=customer.name, width=80, radius=12)
        channel = Label(words(f"channel-{scenario.channel}"), "caption", ink="ink_soft")
        named = Column(
            title_of(scenario, words, "lead"), Label(words("with-customer", customer=customer.name), "small", ink="ink_soft"),
            Row(Sign(CHANNEL_ICONS[scenario.channel], side=16), channel, gap=0.75, whole=True), gap=0.25, grow=1,
        )  # fmt: skip
        text, tone, icon = told.due(step)
        due = [Chip(text, tone, icon=icon)] if step.state != "open" else []
        over = Row(Label(words("programme-next"), "small", bold=True, ink="accent", heading=True, grow=1), *due, gap=1)
        about = [Label(text, "small", ink="ink_soft") for text in told.about(step)]
        why = Column(Label(told.why_next(step), "body"), *([Row(*about, gap=2, wraps=True)] if about else []), gap=0.25)
        return Card(over, Row(face, named, gap=2), why, self._begin(told, step), padding=(3, 2.25), gap=1.25, elevation=2)

    def _begin(self, told: Told, step: StepStanding) -> Button:
        text = told.press(step)
        calls = told.now.next.do == "call" and told.is_call(step)
        name = f"{text}: {told.customer(step) if calls else told.encounter(step.encounter)}"
        press = partial(self.doors.play, told.course, step)
        self.begin = Button(text, press, kind="primary", icon="phone" if calls else "play", key="enter", hint="Enter", name=name)
        return self.begin

    def _nothing(self, told: Told) -> Card:
        """That all is done, or why nothing can be; and another programme, if there is something to do in one."""
        title, said = told.nothing_next()
        done = told.now.next.do == "finished"
        sign = Sign("star" if done else "info", "kept" if done else "accent", side=28)
        return Card(
            Row(sign, heading(title, "lead"), gap=1.5), Label(said, "body"), *self._other(), padding=(3, 2.25), gap=1.25, elevation=2
        )  # fmt: skip

    def _other(self) -> Iterator[Widget]:
        other = self.courses.wanted if self.courses is not None else None
        if other is not None:
            text = self.words("programme-other", programme=Told(other, self.words).title)
            self.begin = Button(text, partial(self.show, other.id), kind="primary", icon="forward", key="enter", hint="Enter")
            yield self.begin
