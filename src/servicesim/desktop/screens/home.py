"""Home: how somebody is getting on, what to play next and why, and all encounters to choose from."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from functools import partial

from servicesim.desktop.arrangement import Card, Column, Row
from servicesim.desktop.button import Button
from servicesim.desktop.cards import Choice
from servicesim.desktop.desk import Desk
from servicesim.desktop.field import TextField
from servicesim.desktop.label import Label, heading
from servicesim.desktop.meter import Meter
from servicesim.desktop.options import Options
from servicesim.desktop.screens.connection import connection_line
from servicesim.desktop.screens.encounters import (
    WANTED,
    Entry,
    Wanted,
    encounter_card,
    entries,
    face_of,
    facts,
    title_of,
    unplayable,
)
from servicesim.desktop.screens.programme_words import Told, door
from servicesim.desktop.screens.sheet import Sheet
from servicesim.desktop.screens.sign import Sign
from servicesim.desktop.screens.wheel_parts import small_wheel
from servicesim.desktop.scroll import ListChoice
from servicesim.desktop.settled import Settled
from servicesim.desktop.shelf import Opened, Shelf
from servicesim.desktop.widget import Widget
from servicesim.desktop.wording import Words
from servicesim.encounter.script import Script

_SEARCHED = 4  # encounters from which on there is something to search


@dataclass(frozen=True, slots=True)
class Doors:
    """Where one goes from home."""

    play: Callable[[Script], None]
    go_on: Callable[[Opened], None]
    principles: Callable[[Shelf], None]
    history: Callable[[], None] | None
    other: Callable[[], None]
    programme: Callable[[str | None], None] | None = None
    practise: Callable[[Script], None] | None = None


class Listed:
    """An encounter in the list; its card is laid out once and then only moved, however often the list changes."""

    def __init__(self, entry: Entry, card: Choice) -> None:
        self.entry, self.card, self.settled = entry, card, Settled(card)


class Home(Sheet):
    """What somebody sees who has said who they are."""

    def __init__(self, words: Words, desk: Desk, doors: Doors) -> None:
        super().__init__(words, desk)
        self.doors = doors
        self.shelf: Shelf | None = None
        self.wanted: Wanted = "all"
        self._make_parts("")

    def reword(self) -> None:
        self._make_parts(self.search.text)

    def _make_parts(self, query: str) -> None:
        words = self.words
        self.title = words("home-title")
        self.search = TextField(
            words("home-search"), query, placeholder=words("home-search-for"), on_change=self._typed, on_enter=self._search_entered, grow=1
        )
        self.filters = Options([(which, words(f"home-{which}")) for which in WANTED], self.wanted, self.show_only, name=words("home-filter"))
        self.list = ListChoice(name=words("choose-list"), gap=1.5, grow=1)
        self.none = Column(padding=(0, 2), shown=False)
        self.cards: list[Listed] = []
        self.found: list[Listed] = []

    def entered(self) -> None:
        self.ask(partial(self.desk.shelf, self.words.language), self.lay_out)

    def lay_out(self, shelf: Shelf) -> None:
        """Show what there is to play."""
        self.shelf, self.trouble = shelf, shelf.courses.trouble
        self.rebuild()

    # -- the page ---------------------------------------------------------------------------------------------------

    def build(self) -> Widget:
        left = Column(self._greeting(), *self.trouble_card(), *self._main(), *self._programme(), *self._principles(), *self._connection(), gap=1.5, width=400)
        return Column(self._band(), Row(left, self._right(), gap=5, padding=(5, 2.5), across="stretch", grow=1), gap=0)

    def _band(self) -> Widget:
        words, doors = self.words, self.doors
        history = [Button(words("home-history"), doors.history, kind="band", icon="clock")] if doors.history else []
        other = Button(words("choose-other"), doors.other, kind="band", icon="person")
        return self.band(*history, *self.settings_button(), other)

    def _greeting(self) -> Column:
        words, person = self.words, self.desk.person
        parts: list[Widget] = [heading(words("home-hello", name=person.name if person else ""), "title")]
        if self.shelf is not None and (scored := [name for name, script in self.shelf.scripts.items() if not script.scenario.unscored]):
            passed = self.shelf.progress.passed(scored)
            parts.append(Meter(words("home-passed-of"), passed / len(scored), words("share-kept", kept=passed, all=len(scored)), tone="kept"))
        return Column(*parts, gap=1.5)

    def _main(self) -> list[Widget]:
        """What to do next: go on where one stopped, or else what is suggested."""
        shelf = self.shelf
        if shelf is None:
            return []
        known = entries(shelf, self.words.language)
        if shelf.stopped:
            latest = shelf.stopped[0]
            return [self._next(next(entry for entry in known if entry.stopped is latest), "stopped", None)]
        if shelf.suggestion is None:
            return []
        entry = next(entry for entry in known if entry.scenario.id == shelf.suggestion.id)
        return [self._next(entry, shelf.suggestion.why, shelf.suggestion.principle)]

    def _next(self, entry: Entry, why: str, principle: str | None) -> Card:
        words, scenario = self.words, entry.scenario
        taught = words.taught(entry.script).principles
        title = taught[principle].title if principle in taught else ""
        told, begin = self._wanted() if why == "programme" else (words(f"suggest-{why}", principle=title), words("begin"))
        named = Column(
            title_of(scenario, words, "lead"),
            Label(words("with-customer", customer=scenario.customer.name), "small", ink="ink_soft"),
            facts(entry, words, long=False), gap=0.5, grow=1,
        )  # fmt: skip
        over = Label(words("home-next-stopped" if why == "stopped" else "home-next"), "small", bold=True, ink="accent")
        face = face_of(entry, self.desk.faces, 88)
        button = self._begin(entry, words("paused-continue") if why == "stopped" else begin, words("choose-continue") if why == "stopped" else begin)
        return Card(over, Row(face, named, gap=2), Label(told, "body"), button, padding=(3, 2.25), gap=1.25, elevation=2)

    def _begin(self, entry: Entry, text: str, read: str) -> Button:
        """The way into what comes next; `read` is how the text is read, before the title."""
        name = f"{read}: {entry.scenario.title}"
        return Button(text, partial(self.open, entry), kind="primary", icon="play", key="enter", hint="Enter", name=name)

    def _wanted(self) -> tuple[str, str]:
        """Why the programme wants what is suggested, and what stands on the button."""
        course = self.shelf.courses.wanted if self.shelf is not None else None
        assert course is not None
        assert course.wants is not None
        told = Told(course, self.words)
        return told.why_next(course.wants), told.press(course.wants)

    def _programme(self) -> list[Widget]:
        """The door to the programme: how much of it is done, and what comes next."""
        shelf, words, open_ = self.shelf, self.words, self.doors.programme
        course = shelf.courses.shown if shelf is not None else None
        if course is None or open_ is None:
            return []
        title, now = Told(course, words).title, course.standing
        done = words("share-kept", kept=now.done, all=len(now.needed))
        head = Row(Label(title, "body", bold=True, grow=1), Label(done, "small", ink="ink_soft"), gap=1)
        said = Column(head, Label(door(course, words), "small", ink="ink_soft"), gap=0.25, grow=1)
        row = Row(Sign("flag", "accent", side=28), said, Sign("forward", "accent"), gap=2)
        return [Choice(row, name=f"{words('programme-title')}: {title}", on_press=partial(open_, course.id), padding=(2, 1.25))]

    def _principles(self) -> list[Widget]:
        shelf, words = self.shelf, self.words
        if shelf is None or not shelf.principles:
            return []
        met, of = sum(1 for name in shelf.principles if name in shelf.progress.principles), len(shelf.principles)
        said = Column(Label(words("wheel-title"), "body", bold=True), Label(words("wheel-met", met=met, all=of), "small", ink="ink_soft"), gap=0.25, grow=1)
        row = Row(small_wheel(shelf, words, 60), said, Sign("forward", "accent"), gap=2)
        return [Choice(row, name=words("wheel-title"), on_press=partial(self.doors.principles, shelf), padding=(2, 1.25))]

    def _connection(self) -> list[Widget]:
        """How the connection to the organisation stands: never in the way, and nothing to worry about."""
        shelf = self.shelf
        return [connection_line(shelf.standing, self.words)] if shelf is not None and shelf.standing is not None else []

    def linked(self) -> None:
        if self.shelf is not None and self.shelf.standing is not None:
            self.ask(partial(self.desk.shelf, self.words.language), self._look_again)

    def uncovered(self) -> None:
        self.linked()

    def _look_again(self, shelf: Shelf) -> None:
        """Show what is new; while somebody reads, nothing moves that is as it was."""
        if self.shelf is None or _as_shown(shelf) != _as_shown(self.shelf):
            self.lay_out(shelf)

    # -- all encounters ---------------------------------------------------------------------------------------------

    def _right(self) -> Column:
        words = self.words
        if self.shelf is None:
            return Column(Label("" if self.trouble else words("choose-searching"), "lead", ink="ink_soft"), grow=1)
        if not (self.shelf.offers or self.shelf.stopped or self.shelf.others):
            return Column(Label(words("choose-none"), "lead", ink="ink_soft"), grow=1)
        known = entries(self.shelf, words.language)
        self.cards = [Listed(entry, encounter_card(entry, words, self.desk.faces, partial(self.open, entry))) for entry in known]
        self._fill()
        head = [Row(self.search, self.filters, gap=2, across="end")] if len(known) >= _SEARCHED else [heading(words("choose-list"), "lead")]
        return Column(*head, self.none, self.list, gap=1.5, grow=1)

    def _fill(self) -> None:
        """Show the cards of what is looked for, those that only teach apart."""
        words, shelf = self.words, self.shelf
        assert shelf is not None
        self.found = [one for one in self.cards if one.entry.wanted(self.wanted) and one.entry.found(self.search.text, words)]
        scored = [one.settled for one in self.found if not (one.entry.scenario.unscored or one.entry.practice)]
        taught = [one.settled for one in self.found if one.entry.scenario.unscored]
        practised = [one.settled for one in self.found if one.entry.practice]
        apart = [heading(words("home-warm-up"), "small"), *taught] if taught else []
        if practised:
            apart += [Column(heading(words("home-practised"), "small"), Label(words("home-practised-note"), "small", ink="ink_soft"), gap=0.25), *practised]
        looked_for = self.wanted != "all" or bool(self.search.text.strip())
        self.list.show(*scored, *apart, *(() if looked_for else unplayable(shelf, words)))
        self.none.shown = looked_for and not self.found
        self.list.shown = not self.none.shown
        self.none.fill(Label(words("home-none-found"), "lead", ink="ink_soft"), Row(Button(words("home-show-all"), self.show_all)))

    def _typed(self, _text: str) -> None:
        self._fill()
        self.stage.announce(self.words("home-found", count=len(self.found)))

    def _search_entered(self) -> None:
        """Open what was found, if it is one; else go there."""
        if len(self.found) == 1:
            self.open(self.found[0].entry)
        elif self.found:
            self.focus.give(self._first.card, ring=True)
            self.changed(moved=True)

    @property
    def _first(self) -> Listed:
        """What stands first in the list: what only teaches comes last."""
        return min(self.found, key=lambda one: (one.entry.practice, one.entry.scenario.unscored))

    def show_only(self, which: Wanted) -> None:
        """Show only those that are passed, or only those that are not."""
        self.wanted = which
        self.filters.choose(which)
        self._typed("")
        self.changed(moved=True)

    def show_all(self) -> None:
        """Look for nothing in particular any more."""
        self.search.text, self.search.caret = "", 0
        self.show_only("all")
        self.focus.give(self.search, ring=True)

    # -- what is done -----------------------------------------------------------------------------------------------

    def open(self, entry: Entry) -> None:
        """Begin it; one that was left in the middle goes on, for a new attempt would hide it."""
        if entry.practice and self.doors.practise is not None:
            self.doors.practise(entry.script)
        elif entry.stopped is not None:
            attempt = entry.stopped.attempt
            self.ask(lambda: self.desk.resume(attempt), self.doors.go_on)
        else:
            assert self.shelf is not None
            self.doors.play(self.shelf.courses.remembering(entry.script))


def _as_shown(shelf: Shelf) -> object:
    """What of a connection and of an organisation's encounters is seen here."""
    standing = shelf.standing
    return standing and (standing.online, standing.waiting, bool(standing.told)), shelf.progress, shelf.courses, [(offer.path, id(offer.script)) for offer in shelf.offers], len(shelf.stopped)
