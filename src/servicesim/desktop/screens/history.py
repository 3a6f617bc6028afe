"""History: every attempt that somebody made, the latest first; each opens its debrief and its replay."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from datetime import datetime
from functools import partial

from servicesim.desktop.arrangement import Card, Column, Row
from servicesim.desktop.button import Button, SmallButton
from servicesim.desktop.cards import Choice
from servicesim.desktop.chip import Chip
from servicesim.desktop.desk import Desk
from servicesim.desktop.history import PORTION, Chapter, Entry, PastPlays, Portion, State, Trouble, Which
from servicesim.desktop.icons import IconName
from servicesim.desktop.label import Label
from servicesim.desktop.link import is_sent
from servicesim.desktop.looking_back import Run, lent
from servicesim.desktop.options import Options
from servicesim.desktop.safe_text import safe_text
from servicesim.desktop.screens.conduct_curve import conduct_curve
from servicesim.desktop.screens.sheet import Sheet, back_button
from servicesim.desktop.screens.sign import Sign
from servicesim.desktop.scroll import ListChoice
from servicesim.desktop.theme import Tone
from servicesim.desktop.widget import Widget
from servicesim.desktop.wording import Words, reads
from servicesim.errors import ServicesimError

_WHICH: tuple[Which, ...] = ("all", "scored", "practice")
_STATES: dict[State, tuple[Tone, IconName | None]] = {
    "passed": ("kept", None),
    "not-passed": ("broken", None),
    "practice": ("accent", "book"),
    "unscored": ("accent", "ear"),
    "unfinished": ("pending", "pause"),
    "waiting": ("neutral", "clock"),
    "refused": ("pending", "warning"),
    "set-aside": ("neutral", "info"),
}

_TROUBLES: dict[Trouble, tuple[IconName, str]] = {"not-reached": ("unlinked", "ink_soft")}  # nothing is wrong with it


@dataclass(frozen=True, slots=True)
class Where:
    """What is shown: the attempts at one encounter or at all, of which kind, and from which one on."""

    scenario: str | None = None
    which: Which = "all"
    skip: int = 0


@dataclass(frozen=True, slots=True)
class Ways:
    """Where one goes from here; the place is what to come back to. Without `certificate` there are none."""

    debrief: Callable[[Run, Where], None]
    replay: Callable[[Run, Where], None]
    home: Callable[[], None]
    certificate: Callable[[str], None] | None = None


class History(Sheet):
    """The encounters that were played on one side, the attempts on the other."""

    def __init__(self, words: Words, desk: Desk, ways: Ways, where: Where | None = None) -> None:
        super().__init__(words, desk)
        self.ways, self.where = ways, where or Where()
        self.past = PastPlays(desk)
        self.chapters: tuple[Chapter, ...] | None = None
        self.portion: Portion | None = None
        self.troubles: dict[str, Trouble] = {}
        self.reword()

    def reword(self) -> None:
        self.title = self.words("history-title")

    def entered(self) -> None:
        self.ask(lambda: (self.past.chapters(), self._fetch(self.where)), self._found)

    def build(self) -> Widget:
        return Column(self.band(*self.settings_button(), back_button(self.words, self.ways.home), title=self.title), self._below(), gap=0)

    # -- what is done -----------------------------------------------------------------------------------------------

    def show(self, where: Where) -> None:
        """Show other attempts."""
        self.ask(lambda: self._fetch(where), partial(self._fetched, where))

    def open(self, entry: Entry, then: Callable[[Run, Where], None]) -> None:
        """Open an attempt again, if it is as it was written."""

        def go_on(opened: Run | Trouble) -> None:
            if not isinstance(opened, Run):
                self._tell(entry, opened)
            elif is_sent(opened.script) and entry.judged:
                self._borrow(entry, opened, then)
            else:
                then(opened, self.where)

        self.ask(lambda: self.past.opened(entry.id), go_on)

    def _borrow(self, entry: Entry, sealed: Run, then: Callable[[Run, Where], None]) -> None:
        """Have the organisation lend the encounter for looking back; without it an attempt can only be watched."""
        attempt = sealed.attempt
        assert attempt is not None

        def not_reached(_failure: ServicesimError) -> None:
            if then == self.ways.replay:
                then(sealed, self.where)
            else:
                self._tell(entry, "not-reached")

        self.stage.announce(self.words("history-asking"))
        self.ask_far(
            lambda: self.desk.organised.debrief(entry.id), lambda told: then(lent(told, attempt, sealed.events), self.where), not_reached
        )

    def _tell(self, entry: Entry, trouble: Trouble) -> None:
        self.troubles[entry.id] = trouble
        self.stage.announce(self.words(f"history-{trouble}"))
        self.rebuild()

    def linked(self) -> None:
        self.ask(lambda: (self.past.chapters(), self._fetch(self.where)), self._look_again)

    def _look_again(self, found: tuple[tuple[Chapter, ...], Portion]) -> None:
        """Show what was judged meanwhile; else nothing moves."""
        if found != (self.chapters, self.portion):
            self._found(found)

    def _fetch(self, where: Where) -> Portion:
        return self.past.portion(where.scenario, where.which, where.skip)

    def _found(self, found: tuple[tuple[Chapter, ...], Portion]) -> None:
        self.chapters, self.portion = found
        self.rebuild()

    def _fetched(self, where: Where, portion: Portion) -> None:
        turned = where.skip != self.where.skip
        self.where, self.portion = where, portion
        self.rebuild()
        self.list.scroll_to(0)
        self.stage.announce(self._span() if turned else self.words("history-found", count=self._count))

    # -- what is shown ----------------------------------------------------------------------------------------------

    def _below(self) -> Widget:
        if self.chapters is None or self.portion is None:
            said = Label("" if self.trouble else self.words("history-fetching"), "lead", ink="ink_soft")
            return Column(*self.trouble_card(), said, padding=(5, 3.5), grow=1)
        if not self.chapters:
            return self._nothing()
        left = ListChoice(*self._chapters(self.chapters), name=self.words("history-encounters"), gap=1)
        return Row(Column(left, width=320), Column(*self._attempts(self.portion), gap=1.5, padding=(0, 1), grow=1), gap=4, padding=(5, 1.5), across="stretch", grow=1)

    def _nothing(self) -> Widget:
        words = self.words
        said = Label(words("history-none"), "lead", ink="ink_soft", align="centre")
        return Column(*self.trouble_card(), Column(Sign("clock", "accent", side=40), said, gap=2, across="centre", along="centre", grow=1), padding=(5, 3.5), grow=1)

    def _chapters(self, chapters: tuple[Chapter, ...]) -> Iterator[Widget]:
        whole = sum(chapter.attempts for chapter in chapters)
        yield self._chapter(None, self.words("history-all"), whole)
        for chapter in chapters:
            yield self._chapter(chapter.scenario, safe_text(chapter.about.title), chapter.attempts)

    def _chapter(self, scenario: str | None, title: str, count: int) -> Choice:
        chosen = scenario == self.where.scenario
        said = Column(
            Label(title, "body", bold=True, direction=reads(title)), Label(self.words("history-attempts", count=count), "small", ink="ink_soft"),
            gap=0.25, across="start", grow=1,
        )  # fmt: skip
        sign = [Sign("forward", "accent", side=20)] if chosen else []
        press = partial(self.show, Where(scenario, self.where.which))
        return Choice(Row(said, *sign, gap=1), name=title, on_press=press, chosen=chosen, padding=(2, 1.25))

    @property
    def _count(self) -> int:
        """How many attempts there are of what is shown."""
        return sum(
            chapter.of(self.where.which) for chapter in self.chapters or () if self.where.scenario in (None, chapter.scenario)
        )

    def _attempts(self, portion: Portion) -> Iterator[Widget]:
        words = self.words
        which = [(kind, words(f"history-which-{kind}")) for kind in _WHICH]
        kinds = Options(which, self.where.which, lambda kind: self.show(Where(self.where.scenario, kind)), name=words("history-which"))
        yield from self.trouble_card()
        yield Row(Label(words("history-found", count=self._count), "body", ink="ink_soft", grow=1), kinds, gap=2)
        yield from self._curve(portion)
        self.list = ListChoice(*(self._entry(entry) for entry in portion.entries), name=self.title, gap=1.25)
        yield self.list
        if self._count > PORTION:
            yield self._pager()

    def _curve(self, portion: Portion) -> Iterator[Widget]:
        chapter = next((chapter for chapter in self.chapters or () if chapter.scenario == self.where.scenario), None)
        if chapter is not None and len(portion.conducts) > 1:
            mark = None if chapter.about.sealed else chapter.about.pass_mark
            below = [] if mark is None else [Label(self.words("history-mark", points=mark), "small", ink="ink_soft")]
            curve = conduct_curve(self.words, portion.conducts, mark)
            title = Column(
                Label(self.words("conduct"), "small", bold=True), Label(self._over(portion), "small", ink="ink_soft"),
                *below, gap=0.5, width=264,
            )  # fmt: skip
            yield Card(Row(title, curve, gap=2), padding=(2.5, 1), radius=12)

    def _over(self, portion: Portion) -> str:
        best = max(points for points, _ in portion.conducts)
        return self.words("history-over", count=len(portion.conducts), best=best)

    def _pager(self) -> Row:
        words, where = self.words, self.where
        newer = Button(words("history-newer"), lambda: self.show(replace(where, skip=max(0, where.skip - PORTION))), icon="back", enabled=where.skip > 0)
        more = where.skip + PORTION < self._count
        older = Button(words("history-older"), lambda: self.show(replace(where, skip=where.skip + PORTION)), icon="forward", enabled=more)
        return Row(newer, Label(self._span(), "body", ink="ink_soft", align="centre", grow=1), older, gap=2)

    def _span(self) -> str:
        last = min(self._count, self.where.skip + PORTION)
        return self.words("history-span", first=self.where.skip + 1, last=last, all=self._count)

    # -- one attempt ------------------------------------------------------------------------------------------------

    def _entry(self, entry: Entry) -> Card:
        trouble = self.troubles.get(entry.id, entry.trouble)
        told = Column(self._title(entry), self._facts(entry), *self._ending(entry), gap=0.5, grow=1)
        row = Row(self._points(entry), told, *((self._buttons(entry),) if trouble in (None, "not-reached") else ()), gap=2)
        return Card(row, *self._trouble(trouble), padding=(2, 1.25), gap=1, radius=12)

    def _points(self, entry: Entry) -> Widget:
        counts = entry.judged and entry.state != "unscored"
        said = self.words.number(entry.points or 0) if counts else "–"
        return Label(said, "title", bold=True, ink="ink" if counts else "ink_soft", align="centre", width=56)

    def _title(self, entry: Entry) -> Row:
        tone, icon = _STATES[entry.state]
        title = safe_text(entry.about.title)
        untimed = [Chip(self.words("untimed"), icon="clock")] if entry.untimed else []
        state = Chip(self.words(f"history-{entry.state}"), tone, icon=icon)
        return Row(Label(title, "body", bold=True, direction=reads(title)), state, *untimed, gap=1.25, wraps=True)

    def _facts(self, entry: Entry) -> Row:
        who = [Label(self.words("with-customer", customer=entry.about.customer), "small", ink="ink_soft")] if entry.about.customer else []
        return Row(*who, Label(self._when(entry.started), "small", ink="ink_soft"), gap=2, wraps=True)

    def _when(self, started: datetime | None) -> str:
        words = self.words
        if started is None:
            return words("history-no-day")
        return words("history-when", day=words.day(started.date()), time=words.time(started.time()))

    def _ending(self, entry: Entry) -> Iterator[Widget]:
        if entry.ending:
            ending = safe_text(entry.ending)
            yield Row(Sign("flag", "ink_soft", side=18), Label(ending, "small", ink="ink_soft", direction=reads(ending)), gap=1)

    def _buttons(self, entry: Entry) -> Row:
        buttons = []
        if entry.judged and entry.state != "unscored":
            buttons.append(self._button(entry, "history-debrief", "book", partial(self.open, entry, self.ways.debrief)))
        buttons.append(self._button(entry, "history-replay", "play", partial(self.open, entry, self.ways.replay)))
        if entry.state == "passed" and not entry.about.sealed and self.ways.certificate is not None:
            buttons.append(self._button(entry, "certificate", "star", partial(self.ways.certificate, entry.id)))
        return Row(*buttons, gap=1)

    def _button(self, entry: Entry, key: str, icon: IconName, press: Callable[[], None]) -> SmallButton:
        name = f"{self.words(key)}: {safe_text(entry.about.title)}, {self._when(entry.started)}"
        return SmallButton(self.words(key), press, icon=icon, name=name)

    def _trouble(self, trouble: Trouble | None) -> Iterator[Widget]:
        if trouble is not None:
            icon, ink = _TROUBLES.get(trouble, ("warning", "danger"))
            yield Row(Sign(icon, ink, side=20), Label(self.words(f"history-{trouble}"), "small", ink=ink, grow=1), gap=1, across="start")
