"""Who are you: somebody who has played here before, or somebody new."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING

from servicesim.desktop.arrangement import Card, Column, Row, Space
from servicesim.desktop.button import Button
from servicesim.desktop.cards import Choice
from servicesim.desktop.desk import Desk
from servicesim.desktop.faces import Mood
from servicesim.desktop.field import TextField
from servicesim.desktop.icons import IconName
from servicesim.desktop.label import Label, heading
from servicesim.desktop.options import Options
from servicesim.desktop.screens.sheet import Sheet
from servicesim.desktop.screens.sign import Portrait, Sign
from servicesim.desktop.scroll import ListChoice
from servicesim.desktop.widget import Widget
from servicesim.desktop.wording import Words
from servicesim.errors import ServicesimError, UsageError
from servicesim.languages import LANGUAGES

if TYPE_CHECKING:
    from servicesim.records.people import Person


class Who(Sheet):
    """Asks who plays, and says what is recorded."""

    def __init__(self, words: Words, desk: Desk, on_known: Callable[[Person], None], on_language: Callable[[str], None], *, id: str = "") -> None:
        super().__init__(words, desk)
        self.on_known, self.on_language = on_known, on_language
        self.people: list[Person] = []
        self._make_fields(id)

    def reword(self) -> None:
        id, name = self.id, self.name
        self._make_fields(id.text, name.text, self.team.text)
        self.id.problem = self.words("who-id-missing") if id.problem and not id.text.strip() else ""
        self.name.problem = self.words("who-name-missing") if name.problem else ""

    def _make_fields(self, id: str, name: str = "", team: str = "") -> None:
        words = self.words
        self.title = words("who-title")
        self.id = TextField(words("who-id"), id, note=words("who-id-note"), most=64, on_enter=self.go_on)
        self.name = TextField(words("who-name"), name, note=words("who-name-note"), on_enter=self.go_on)
        self.team = TextField(words("who-team"), team, on_enter=self.go_on)

    def build(self) -> Widget:
        words = self.words
        body = Row(self._welcome(), self._form(), gap=7, padding=(5, 4), across="stretch", grow=1)
        languages = Options(tuple(LANGUAGES.items()), words.language, self.on_language, name=words("settings-language"), kind="band")
        return Column(self.band(languages, *self.settings_button()), body, gap=0)

    def entered(self) -> None:
        self.ask(self.desk.known, self.meet)

    def meet(self, people: list[Person]) -> None:
        """Show those who have played here."""
        self.people = people
        self.rebuild()

    def first_focus(self) -> Widget | None:
        return self.name if self.id.text else self.id

    def go_on(self) -> None:
        """Sit down as somebody, if what was typed is enough."""
        words, id, name = self.words, self.id.text.strip(), self.name.text.strip()
        self.trouble = None
        self.id.problem = "" if id else words("who-id-missing")
        self.name.problem = "" if name else words("who-name-missing")
        if id and name:
            team, language = self.team.text.strip(), words.language
            self.ask(lambda: self._sit(id, name, team, language), lambda person: self._sat(person, name))
        else:
            missing = self.id if not id else self.name
            self.focus.give(missing, ring=True)
            self.stage.announce(missing.problem)
        self.changed(moved=True)

    def _sit(self, id: str, name: str, team: str, language: str) -> Person:
        """Whoever has this id; they sit down only if the name is theirs, for nobody may take another's place."""
        known = self.desk.named(id)
        if known is None:
            return self.desk.enrol(id, name, team, language)
        return self.desk.enrol(id, name, team or known.team, language) if _is_called(known, name) else known

    def _sat(self, person: Person, name: str) -> None:
        if _is_called(person, name):
            self.on_known(person)
            return
        self._complain(self.words("who-id-taken", id=person.id, name=person.name))
        self.ask(self.desk.known, self.meet)  # their name may have come in another window

    def _complain(self, problem: str) -> None:
        """Say beside the id what is wrong with it."""
        self.id.problem = problem
        self.focus.give(self.id, ring=True)
        self.stage.announce(problem)
        self.changed(moved=True)

    def failed(self, failure: ServicesimError) -> None:
        if isinstance(failure, UsageError):
            self._complain(self.words.failure(failure))
        else:
            super().failed(failure)

    def pick(self, person: Person) -> None:
        """Sit down as somebody who is known."""
        self.desk.person = person
        self.on_known(person)

    def _welcome(self) -> Column:
        words = self.words
        parts: list[Widget] = [heading(words("who-title"), "display")]
        parts += [self._known()] if self.people else [Label(words("who-lead"), "lead", ink="ink_soft"), self._faces(), Space(grow=1)]
        parts.append(self._notice())
        return Column(*parts, gap=2, grow=1)

    def _notice(self) -> Column:
        """What is recorded, who sees it, and what it means not to pass."""
        words = self.words
        told: tuple[tuple[IconName, str], ...] = (("lock", "who-recorded"), ("person", "who-seen-by"), ("replay", "who-failed"))
        rows = [Row(Sign(icon, side=20), Label(words(key), "small", ink="ink_soft", grow=1), across="start", gap=1.5) for icon, key in told]
        return Column(heading(words("who-notice"), "small"), *rows, gap=0.75)

    def _faces(self) -> Row:
        moods = (("leyla", Mood(-0.5, 0.7)), ("murad", Mood(0.1, 0.35)), ("zahra", Mood(0.6, 0.5)))
        return Row(*(Portrait(self.desk.faces, who, mood, name=who.title(), width=168, radius=20) for who, mood in moods), gap=2)

    def _known(self) -> Column:
        cards = [self._card(person) for person in self.people]
        return Column(heading(self.words("who-here"), "small"), ListChoice(*cards, name=self.words("who-here"), grow=1), gap=0.5, grow=1)

    def _card(self, person: Person) -> Choice:
        about = " · ".join(part for part in (person.team, person.id) if part)
        said = Column(Label(person.name, "body", bold=True), Label(about, "small", ink="ink_soft"), gap=0, grow=1)
        return Choice(Row(Sign("person", "accent"), said, Sign("forward", "accent")), name=person.name, on_press=lambda: self.pick(person), padding=(2.5, 1))

    def _form(self) -> Column:
        words = self.words
        go_on = Button(words("who-go-on"), self.go_on, kind="primary", icon="forward")
        parts = [heading(words("who-new"), "lead")] if self.people else []
        card = Card(*self.trouble_card(), *parts, self.id, self.name, self.team, Space(height=4), go_on, width=440, padding=4, gap=2.5)
        return Column(card, width=440)


def _is_called(person: Person, name: str) -> bool:
    return person.name.strip().casefold() == name.strip().casefold()
