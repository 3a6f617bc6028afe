"""How it went: conduct and the customer's outcome apart, then each principle with the very moments."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from typing import TYPE_CHECKING

from servicesim.assessment.assess import Assessment
from servicesim.desktop.arrangement import Column, Row
from servicesim.desktop.button import Button
from servicesim.desktop.desk import Desk
from servicesim.desktop.golden import golden_moments
from servicesim.desktop.inputs import KeyPressed
from servicesim.desktop.label import Label
from servicesim.desktop.looking_back import Run
from servicesim.desktop.screens.estimate_card import estimate_card
from servicesim.desktop.screens.friend import friend_card
from servicesim.desktop.screens.golden_card import golden_card
from servicesim.desktop.screens.headline import Headline
from servicesim.desktop.screens.lost_and_kept import LostAndKept
from servicesim.desktop.screens.moments import Moments
from servicesim.desktop.screens.otherwise import Otherwise
from servicesim.desktop.screens.review import Review, story_of
from servicesim.desktop.screens.sentences import Sentences
from servicesim.desktop.screens.sheet import Sheet, back_button
from servicesim.desktop.screens.teaching import Teaching
from servicesim.desktop.screens.verdict import verdict_card
from servicesim.desktop.scroll import ScrollArea
from servicesim.desktop.settled import Settled
from servicesim.desktop.widget import Widget
from servicesim.desktop.wording import Words
from servicesim.encounter.events import Event
from servicesim.encounter.script import Script

if TYPE_CHECKING:
    from servicesim.analysis.mending import Mending

SETTLE = 0.3  # seconds in which the page is looked at before anything is worked out
AT_ONCE = 1.0  # seconds for which what was found is gathered before it is shown


class Debrief(Sheet):
    """The assessment, told."""

    on_back: Callable[[], None] | None = None  # to where it was opened; else one chooses another encounter
    another = "choose-another"  # what stands on the way there
    on_certificate: Callable[[], None] | None = None

    def __init__(
        self, words: Words, desk: Desk, script: Script, events: Sequence[Event], assessment: Assessment,
        on_again: Callable[[], None], on_another: Callable[[], None], *, practice: bool = False, run: Run | None = None,
        on_play_on: Callable[[int], None] | None = None, before: Run | None = None, on_before: Callable[[], None] | None = None,
        on_replay: Callable[[int], None] | None = None,
    ) -> None:  # fmt: skip
        super().__init__(words, desk)
        self.reword()
        self.script, self.events, self.assessment = script, events, assessment
        self.run = run or Run(script, None, events, assessment)
        self.before, self.on_before = before, on_before
        self.on_again, self.on_another, self.practice = on_again, on_another, practice
        self.trainee = trainee = desk.person.name if desk.person else ""
        self._teaching = Teaching(self, self.run, self.run.worst_first)
        self._goldens = golden_moments(script, events)
        story, moments = story_of(self.run), Moments(words, self.run, trainee)
        self._headline = Headline(words, self.run, trainee, desk.faces)
        self._otherwise = Otherwise(words, self.run, trainee, on_play_on)
        self._principles = LostAndKept(words, self.run, moments, self._otherwise, self._opened, self._card_button)
        self.review = Review(
            words, self.run, story, Sentences(words, self.run, trainee, story.axis), moments, self._otherwise,
            self._looked_at, on_replay, next(iter(self.run.worst_first), ""),
        )  # fmt: skip
        self._asked = False
        self._unshown: list[Mending] = []
        self._look_at = self._show_at = 0.0

    @classmethod
    def of(
        cls, words: Words, desk: Desk, run: Run, on_again: Callable[[], None], on_another: Callable[[], None],
        *, on_play_on: Callable[[int], None] | None = None, before: Run | None = None, on_before: Callable[[], None] | None = None,
        on_replay: Callable[[int], None] | None = None,
    ) -> Debrief:  # fmt: skip
        """Of a run; `before` is the one that it was played on from."""
        practice = run.attempt is not None and run.attempt.practice
        return cls(
            words, desk, run.script, run.events, run.assessment, on_again, on_another, practice=practice, run=run,
            on_play_on=on_play_on, before=before, on_before=on_before, on_replay=on_replay,
        )  # fmt: skip

    def reword(self) -> None:
        self.title = self.words("debrief-title")

    def build(self) -> Widget:
        self.area = ScrollArea(Column(*self._parts(), gap=2.5, padding=(5, 3)), grow=1, name=self.title)
        return Column(self.band(*self.practice_chip(self.practice), *self._ways(), title=self.title), self.area, gap=0)

    def _ways(self) -> Iterator[Widget]:
        """Where one goes from here."""
        words = self.words
        if self.on_certificate is not None:
            yield Button(words("certificate"), self.on_certificate, kind="band", icon="star")
        yield Button(words("play-again"), self.on_again, kind="band", icon="replay")
        if self.on_back is not None:
            yield back_button(words, self.on_back)
        else:
            yield Button(words(self.another), self.on_another, kind="band", icon="forward")

    def _parts(self) -> Iterator[Widget]:
        """What the page shows, from above."""
        self._teaching.begin()
        yield from self.trouble_card()
        if self.run.verdict is not None:
            yield from verdict_card(self.words, self.run.verdict, self.assessment)
        yield Settled(Row(self._headline.conduct(), self._headline.customer(), gap=3, across="stretch"))
        yield Settled(self._headline.told())
        yield from self._beside()
        yield from self._ratings()
        yield from self.review.widgets()
        yield from self._golden()
        yield from self._friend()
        yield from self._principles.lost()
        yield from self._principles.kept()

    def entered(self) -> None:
        counted = self.run.counted
        said = "passed" if counted.passed else "not-passed"
        self.stage.announce(f"{self.words('conduct')}: {self.words('points', points=counted.shown)}. {self.words(said)}")
        self._look_at = self.stage.now() + SETTLE

    # -- parts that other modules tell ------------------------------------------------------------------------------

    def _friend(self) -> Iterator[Widget]:
        """What the customer tells a friend (A4)."""
        lesson = self._teaching.friends
        yield friend_card(self.words, self.run, self.trainee, self.desk.faces, *([self._teaching.button(lesson, aside=True)] if lesson else []))

    def _ratings(self) -> Iterator[Widget]:
        """How the trainee rated themselves, beside how it was judged."""
        if self.run.estimate is not None:
            yield from estimate_card(self.words, self.run, self.run.estimate)

    def _golden(self) -> Iterator[Widget]:
        """Golden moments, taken or missed (A6)."""
        for golden in self._goldens:
            button = self._teaching.button(golden.principle, aside=True)
            yield golden_card(self.words, self.run, golden, self.trainee, self._otherwise.on_play_on, button)

    def _card_button(self, principle: str) -> Iterator[Widget]:
        """The way to the teaching card of a principle."""
        yield self._teaching.button(principle)

    def on_card(self, principle: str) -> None:
        """Show the teaching card of a principle."""
        self._teaching.show(principle)

    def key(self, key: KeyPressed) -> bool:
        return self._teaching.key(key)

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
        before = self.run.turning
        self._asked = False
        self._unshown += self.run.note()
        if self.run.turning is not before or (self.run.done and before is None):
            self.review.show_turning()
            self._settle_here()

    def _show_found(self, now: float) -> None:
        """Show it at its place; all else stays as it is."""
        self._show_at = now + AT_ONCE
        for found in self._unshown:
            self.review.show(found)
            self._principles.show(found)
        self._unshown = []
        self._settle_here()

    def _settle_here(self) -> None:
        """Lay out what has changed, and leave what is being read where it is."""
        reading = self._topmost()
        before = reading.rect.y if reading else 0
        self.changed(moved=True)
        if reading and reading.rect.y != before:
            self._scroller.scroll_to(self._scroller.offset + reading.rect.y - before)

    @property
    def _scroller(self) -> ScrollArea:
        """What scrolls: the part below the band, or the page as a whole where it is larger than the window."""
        return self._body if isinstance(self._body, ScrollArea) else self.area

    def _topmost(self) -> Label | None:
        """The uppermost text that can be seen whole, once one has scrolled."""
        if not self._scroller.offset:
            return None
        labels = (widget for widget in self.area.walk() if isinstance(widget, Label))
        return next((label for label in labels if label.rect.y >= self._scroller.rect.y), None)

    def _beside(self) -> Iterator[Widget]:
        if self.before is not None and self.on_before is not None:
            from servicesim.analysis.beside import beside

            found = beside(self.before.events, self.before.assessment, self.events, self.assessment)
            yield self._otherwise.side_by_side(self.before, found, self.on_before)

    def _looked_at(self) -> None:
        """Another moment is told in full; its buttons may be others."""
        self._keep_focus(self.focus.widget)
        self._settle_here()

    def _opened(self, button: Button) -> None:
        """Something was opened or closed: the button that did it is another one now."""
        focused = self.focus.widget
        if focused is not None:
            self.focus.give(button, ring=focused.ringed)
        self._settle_here()

    def _keep_focus(self, focused: Widget | None) -> None:
        """What had the focus keeps it, if something of that kind and name is still there."""
        if focused is not None and self.root is not None:
            stops = [widget for widget in self.root.walk() if widget.can_focus]
            same = [stop for stop in stops if (stop.role, stop.name) == (focused.role, focused.name)]
            self.focus.give(same[0] if same else self.review.timeline, ring=focused.ringed)
