"""How it went: conduct and the customer's outcome apart, then each principle with the very moments."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence

from servicesim.assessment.assess import CRITICAL_CAP, Assessment, Evidence, PrincipleScore
from servicesim.desktop.arrangement import Card, Column, Divider, Row, Space
from servicesim.desktop.button import Button
from servicesim.desktop.chip import Chip
from servicesim.desktop.desk import Desk
from servicesim.desktop.icons import IconName
from servicesim.desktop.label import Label, heading
from servicesim.desktop.looking_back import Run
from servicesim.desktop.meter import Meter
from servicesim.desktop.mood import AT_THE_END
from servicesim.desktop.retold import Told, filled, moment
from servicesim.desktop.screens.otherwise import Otherwise, line, plain
from servicesim.desktop.screens.sheet import Sheet
from servicesim.desktop.screens.sign import MarkedMeter, Portrait, Sign, looks
from servicesim.desktop.scroll import ScrollArea
from servicesim.desktop.widget import Widget
from servicesim.desktop.wording import Words, direction_of, reads
from servicesim.encounter.events import Event
from servicesim.encounter.script import Script
from servicesim.scenario.principles import Principle

MOMENTS = 3  # of one principle, shown before one asks for more
SETTLE = 0.3  # seconds in which the page is looked at before anything is worked out
AT_ONCE = 2.0  # seconds for which what was found is gathered before it is shown
_OUTCOMES: dict[str, tuple[IconName, str]] = {
    "delighted": ("smile", "kept"),
    "satisfied": ("smile", "kept"),
    "dissatisfied": ("frown", "broken"),
}


class Debrief(Sheet):
    """The assessment, told."""

    def __init__(
        self, words: Words, desk: Desk, script: Script, events: Sequence[Event], assessment: Assessment,
        on_again: Callable[[], None], on_another: Callable[[], None], *, practice: bool = False, run: Run | None = None,
        on_play_on: Callable[[int], None] | None = None, before: Run | None = None, on_before: Callable[[], None] | None = None,
    ) -> None:  # fmt: skip
        super().__init__(words, desk)
        self.title = words("debrief-title")
        self.script, self.events, self.assessment = script, events, assessment
        self.run = run or Run(script, None, events, assessment)
        self.before, self.on_before = before, on_before
        self.on_again, self.on_another, self.practice = on_again, on_another, practice
        self.speaks = direction_of(script.scenario.locale)
        self.trainee = desk.person.name if desk.person else ""
        self._fill = filled(script, self.trainee)
        self._opened: set[str] = set()
        self._openers: dict[str, Button] = {}
        self._otherwise = Otherwise(words, self.run, self.trainee, on_play_on)
        self._asked = self._unshown = False
        self._look_at = self._show_at = 0.0

    @classmethod
    def of(
        cls, words: Words, desk: Desk, run: Run, on_again: Callable[[], None], on_another: Callable[[], None],
        *, on_play_on: Callable[[int], None] | None = None, before: Run | None = None, on_before: Callable[[], None] | None = None,
    ) -> Debrief:  # fmt: skip
        """Of a run; `before` is the one that it was played on from."""
        practice = run.attempt is not None and run.attempt.practice
        return cls(
            words, desk, run.script, run.events, run.assessment, on_again, on_another, practice=practice, run=run,
            on_play_on=on_play_on, before=before, on_before=on_before,
        )  # fmt: skip

    def build(self) -> Widget:
        words = self.words
        again = Button(words("play-again"), self.on_again, kind="band", icon="replay")
        another = Button(words("choose-another"), self.on_another, kind="band", icon="forward")
        top = Row(self._conduct(), self._customer(), gap=3, across="stretch")
        parts = (*self.trouble_card(), top, *self._beside(), *self._turning(), *self._broken(), *self._kept())
        self.area = ScrollArea(Column(*parts, gap=2.5, padding=(5, 3)), grow=1, name=self.title)
        return Column(self.band(*self.practice_chip(self.practice), again, another, title=self.title), self.area, gap=0)

    def entered(self) -> None:
        said = "passed" if self.assessment.passed else "not-passed"
        self.stage.announce(f"{self.words('conduct')}: {self.words('points', points=self.assessment.shown)}. {self.words(said)}")
        self._look_at = self.stage.now() + SETTLE

    # -- what could have been otherwise -----------------------------------------------------------------------------

    def tick(self, now: float) -> float | None:
        """Work out the next thing, off the drawing thread, and show what was found now and then."""
        if self._unshown and (self.run.done or now >= self._show_at):
            self._show_found(now)
        if self.run.done or self._asked:
            return self._show_at if self._unshown else None
        if now >= self._look_at:
            self._asked = True
            self.ask(self.run.look, self._looked)
            return None
        return self._look_at

    def _looked(self, _: None) -> None:
        self._asked = False
        self._unshown = self.run.note() or self._unshown

    def _show_found(self, now: float) -> None:
        """Show it, and leave what is being read where it is."""
        self._unshown, self._show_at = False, now + AT_ONCE
        reading = self._topmost()
        self._rebuild_here()
        moved = self._moved(reading) if reading else 0
        if moved:
            self._scroller.scroll_to(self._scroller.offset + moved)
        self.changed()

    @property
    def _scroller(self) -> ScrollArea:
        """What scrolls: the part below the band, or the page as a whole where it is larger than the window."""
        return self._body if isinstance(self._body, ScrollArea) else self.area

    def _topmost(self) -> tuple[str, int, int] | None:
        """The uppermost text that can be seen whole: which, the how manieth of that name, and where."""
        counts: dict[str, int] = {}
        for widget in self.area.walk():
            if isinstance(widget, Label):
                counts[widget.name] = counts.get(widget.name, 0) + 1
                if self._scroller.offset and widget.rect.y >= self._scroller.rect.y:
                    return widget.name, counts[widget.name], widget.rect.y
        return None

    def _moved(self, reading: tuple[str, int, int]) -> int:
        """How far down the text has come."""
        name, count, y = reading
        same = [widget for widget in self.area.walk() if isinstance(widget, Label) and widget.name == name]
        return same[count - 1].rect.y - y if len(same) >= count else 0

    def _rebuild_here(self) -> None:
        """Build the widgets anew, and stay where one was."""
        offset = self._scroller.offset
        self.rebuild()
        self._scroller.scroll_to(offset)

    def _turning(self) -> Iterator[Widget]:
        if self.run.turning is not None:
            yield self._otherwise.turning(self.run.turning)

    def _beside(self) -> Iterator[Widget]:
        if self.before is not None and self.on_before is not None:
            from servicesim.analysis.beside import beside

            found = beside(self.before.events, self.before.assessment, self.events, self.assessment)
            yield self._otherwise.side_by_side(self.before, found, self.on_before)

    def _searching(self) -> Iterator[Widget]:
        if not self.run.done:
            yield Row(Sign("clock", "ink_soft", side=20), Label(self.words("mend-searching"), "small", ink="ink_soft"), gap=1)

    def _mended(self, name: str, place: int) -> Iterator[Widget]:
        found = self.run.mended.get((name, place))
        if found is not None:
            yield self._otherwise.mending(found, self.run.assessment.principles[name].evidence[place])

    # -- the two scores ---------------------------------------------------------------------------------------------

    def _conduct(self) -> Card:
        words, assessment = self.words, self.assessment
        ink = "kept" if assessment.passed else "broken"
        verdict = Chip(words("passed" if assessment.passed else "not-passed"), "kept" if assessment.passed else "broken")
        shown = Row(
            Label(words.number(assessment.shown), "display", bold=True, ink=ink),
            Label(words("conduct-of"), "body", ink="ink_soft"), Space(grow=1), verdict, gap=1,
        )  # fmt: skip
        over = assessment.shown - self._mark
        bar = MarkedMeter(
            words("pass-mark", points=self._mark), assessment.shown / 100, words("over" if over >= 0 else "short", points=abs(over)),
            mark=self._mark / 100, tone="kept" if over >= 0 else "broken",
        )  # fmt: skip
        return Card(heading(words("conduct"), "body"), shown, bar, *self._reasons(), *self._ending(), gap=1.5, padding=3, grow=1)

    @property
    def _mark(self) -> int:
        return self.script.scenario.pass_mark

    def _reasons(self) -> Iterator[Widget]:
        """Why the number is what it is, where the number alone does not say it."""
        words, assessment = self.words, self.assessment
        for name in assessment.capped_by:
            title = self.script.principles.principles[name].title
            yield self._reason(words("capped", points=CRITICAL_CAP, principle=title))
        if assessment.conduct >= self._mark and not assessment.passed:
            yield self._reason(words("pass-ending"))

    def _reason(self, text: str) -> Row:
        return Row(Sign("warning", "broken", side=20), Label(text, "small", ink="broken", grow=1), gap=1, across="start")

    def _ending(self) -> Iterator[Widget]:
        if self.assessment.ending is None:
            return
        ending = self.script.ending(self.assessment.ending)
        yield Space(height=2)
        yield Divider()
        yield Label(ending.title, "lead", bold=True, direction=reads(ending.title))
        if ending.customer:
            yield Label(self.words("quoted", text=self._fill(ending.customer)), "body", ink="ink_soft", direction=self.speaks)

    def _customer(self) -> Card:
        words, scenario, assessment = self.words, self.script.scenario, self.assessment
        customer, feelings = scenario.customer, assessment.feelings
        icon, ink = _OUTCOMES[assessment.outcome]
        face = Portrait(
            self.desk.faces, customer.portrait, AT_THE_END[assessment.outcome],
            name=words(looks(feelings), customer=customer.name), width=148, radius=14,
        )  # fmt: skip
        outcome = Row(Sign(icon, ink, side=28), Label(words(f"outcome-{assessment.outcome}"), "title", bold=True, ink=ink, grow=1), gap=1)
        told = Column(outcome, Label(words(f"does-{assessment.outcome}"), "body"), *self._meters(), gap=1.5, grow=1)
        title = heading(words("customer-outcome", customer=customer.name), "body")
        return Card(title, Row(face, told, gap=3, across="start"), gap=2, padding=3, grow=1)

    def _meters(self) -> Iterator[Widget]:
        words, feelings = self.words, self.assessment.feelings
        for key, value in (("expected", feelings.expects), ("received", feelings.received)):
            yield Meter(words(key), value / 100, words("points", points=value), tone="accent" if key == "received" else "pending")

    # -- principles -------------------------------------------------------------------------------------------------

    def _broken(self) -> Iterator[Widget]:
        broken = [item for item in self._judged() if _got_lost(item[2])]
        if not broken:
            yield Row(Sign("check", "kept"), Label(self.words("nothing-broken"), "lead", bold=True, ink="kept"), gap=1)
            return
        yield heading(self.words("broken-heading"), "lead")
        yield from self._searching()
        for name, principle, score in sorted(broken, key=lambda item: (not item[1].critical, item[2].score, -item[1].weight)):
            yield self._broken_card(name, principle, score)

    def _judged(self) -> Iterator[tuple[str, Principle, PrincipleScore]]:
        for name, score in self.assessment.principles.items():
            if score.score is not None:
                yield name, self.script.principles.principles[name], score

    def _broken_card(self, name: str, principle: Principle, score: PrincipleScore) -> Card:
        evidence = [(place, one) for place, one in enumerate(score.evidence) if one.verdict == "broken"]
        shown = evidence if name in self._opened else evidence[:MOMENTS]
        moments = [part for place, one in shown for part in (Divider(), self._moment(one, *self._mended(name, place)))]
        return Card(self._head(principle, score), *moments, *self._more(name, len(evidence)), gap=1.5, padding=(3, 2.25), radius=14)

    def _head(self, principle: Principle, score: PrincipleScore) -> Row:
        title = Column(
            Label(principle.title, "lead", bold=True, direction=reads(principle.title)),
            Label(principle.says, "body", ink="ink_soft", direction=reads(principle.says)), gap=0.25, grow=1,
        )  # fmt: skip
        return Row(title, Chip(self._share(score), "broken"), gap=2, across="start")

    def _share(self, score: PrincipleScore) -> str:
        if score.owed:
            return self.words("owed")
        return self.words("share-kept", kept=plain(score.kept), all=plain(score.kept + score.broken))

    def _more(self, name: str, count: int) -> Iterator[Widget]:
        if count > MOMENTS:
            opened = name in self._opened
            text = self.words("fewer-moments") if opened else self.words("more-moments", count=count - MOMENTS)
            title = self.script.principles.principles[name].title
            more = Button(text, lambda: self._open(name), kind="quiet", icon="minus" if opened else "down", name=f"{text}: {title}")
            self._openers[name] = more
            yield Row(more)

    def _open(self, name: str) -> None:
        """Open what is closed, close what is open; stay where one was reading, and keep the focus."""
        self._opened ^= {name}
        focused = self.focus.widget
        ringed = bool(focused and focused.ringed)
        self._rebuild_here()
        if focused:
            self.focus.give(self._openers[name], ring=ringed)  # it may be called differently now
        self.changed()

    def _kept(self) -> Iterator[Widget]:
        kept = [item for item in self._judged() if not _got_lost(item[2])]
        if kept:
            yield heading(self.words("kept-heading"), "lead")
            yield Card(*(self._kept_row(*item) for item in kept), gap=0.5, padding=(2, 1.5), radius=14)

    def _kept_row(self, name: str, principle: Principle, score: PrincipleScore) -> Widget:
        opened = name in self._opened
        open_it = Button(
            self._share(score), lambda: self._open(name), kind="quiet", icon="minus" if opened else "down",
            name=self.words("open-kept", principle=principle.title),
        )  # fmt: skip
        self._openers[name] = open_it
        row = Row(Sign("check", "kept"), Label(principle.title, "body", grow=1, direction=reads(principle.title)), open_it, gap=1.5)
        if not opened:
            return row
        says = Label(principle.says, "body", ink="ink_soft", direction=reads(principle.says))
        return Column(row, Column(says, *(self._moment(one) for one in score.evidence), gap=1.5, padding=(4, 1)), gap=0)

    # -- one moment -------------------------------------------------------------------------------------------------

    def _moment(self, evidence: Evidence, *more: Widget) -> Widget:
        words, told = self.words, moment(self.script, self.events, evidence, self.trainee)
        when = Label(words("whole") if told.whole else words.clock(told.at), "small", bold=True, ink="ink_soft", width=72)
        # The reasons are worded in English: on a page in another language they step back.
        own = words.language == "en"
        because = Label(
            evidence.because, "body" if own else "small", bold=own and evidence.verdict == "broken",
            ink="ink" if own else "ink_soft", direction=reads(evidence.because),
        )  # fmt: skip
        return Row(when, Column(*self._said(told), because, *self._why(told), *more, gap=0.75, grow=1), gap=2, across="start")

    def _said(self, told: Told) -> Iterator[Widget]:
        words, name = self.words, self.script.scenario.customer.name
        if told.customer:
            key = "wrote-then" if self.script.written else "said-then"
            yield line(words(key, customer=name), words("quoted", text=told.customer))
        if told.reply:
            yield line(words("you-replied"), words("quoted", text=told.reply))
        elif told.did in ("go-on", "nod", "yes", "no"):
            yield line(words("you-did"), words(f"said-{told.did}"))
        elif told.did:
            yield line(words("you-did"), words(f"did-{told.did}"))

    def _why(self, told: Told) -> Iterator[Widget]:
        if told.why:
            yield Row(Sign("info", "accent", side=20), Label(told.why, "body", ink="accent", direction=reads(told.why), grow=1), gap=1, across="start")


def _got_lost(score: PrincipleScore) -> bool:
    """Whether it was broken anywhere, or was owed and never done."""
    return score.owed or bool(score.broken)

