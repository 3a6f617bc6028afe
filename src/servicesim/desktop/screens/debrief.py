"""How it went: conduct and the customer's outcome apart, then each principle with the very moments."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence

from servicesim.assessment.assess import Assessment
from servicesim.desktop.arrangement import Column, Row
from servicesim.desktop.button import Button
from servicesim.desktop.desk import Desk
from servicesim.desktop.label import Label
from servicesim.desktop.looking_back import Run
from servicesim.desktop.screens.headline import Headline
from servicesim.desktop.screens.lost_and_kept import LostAndKept
from servicesim.desktop.screens.moments import Moments
from servicesim.desktop.screens.otherwise import Otherwise
from servicesim.desktop.screens.sheet import Sheet
from servicesim.desktop.scroll import ScrollArea
from servicesim.desktop.widget import Widget
from servicesim.desktop.wording import Words
from servicesim.encounter.events import Event
from servicesim.encounter.script import Script

SETTLE = 0.3  # seconds in which the page is looked at before anything is worked out
AT_ONCE = 2.0  # seconds for which what was found is gathered before it is shown


class Debrief(Sheet):
    """The assessment, told."""

    def __init__(
        self, words: Words, desk: Desk, script: Script, events: Sequence[Event], assessment: Assessment,
        on_again: Callable[[], None], on_another: Callable[[], None], *, practice: bool = False, run: Run | None = None,
        on_play_on: Callable[[int], None] | None = None, before: Run | None = None, on_before: Callable[[], None] | None = None,
    ) -> None:  # fmt: skip
        super().__init__(words, desk)
        self.reword()
        self.script, self.events, self.assessment = script, events, assessment
        self.run = run or Run(script, None, events, assessment)
        self.before, self.on_before = before, on_before
        self.on_again, self.on_another, self.practice = on_again, on_another, practice
        trainee = desk.person.name if desk.person else ""
        self._headline = Headline(words, self.run, trainee, desk.faces)
        self._otherwise = Otherwise(words, self.run, trainee, on_play_on)
        self._principles = LostAndKept(words, self.run, Moments(words, self.run, trainee), self._otherwise, self._open, self._card_button)
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

    def reword(self) -> None:
        self.title = self.words("debrief-title")

    def build(self) -> Widget:
        words = self.words
        again = Button(words("play-again"), self.on_again, kind="band", icon="replay")
        another = Button(words("choose-another"), self.on_another, kind="band", icon="forward")
        self.area = ScrollArea(Column(*self._parts(), gap=2.5, padding=(5, 3)), grow=1, name=self.title)
        return Column(self.band(*self.practice_chip(self.practice), again, another, title=self.title), self.area, gap=0)

    def _parts(self) -> Iterator[Widget]:
        """What the page shows, from above."""
        yield from self.trouble_card()
        yield Row(self._headline.conduct(), self._headline.customer(), gap=3, across="stretch")
        yield from self._friend()
        yield from self._ratings()
        yield from self._beside()
        yield from self._turning()
        yield from self._golden()
        yield from self._principles.lost()
        yield from self._principles.kept()

    def entered(self) -> None:
        said = "passed" if self.assessment.passed else "not-passed"
        self.stage.announce(f"{self.words('conduct')}: {self.words('points', points=self.assessment.shown)}. {self.words(said)}")
        self._look_at = self.stage.now() + SETTLE

    # -- parts that other modules tell ------------------------------------------------------------------------------

    def _friend(self) -> Iterator[Widget]:
        """What the customer tells a friend (A4)."""
        yield from ()

    def _ratings(self) -> Iterator[Widget]:
        """How the trainee rated themselves, beside how it was judged."""
        yield from ()

    def _golden(self) -> Iterator[Widget]:
        """Golden moments, taken or missed (A6)."""
        yield from ()

    def _card_button(self, principle: str) -> Iterator[Widget]:
        """The way to the teaching card of a principle."""
        yield from ()

    def on_card(self, principle: str) -> None:
        """Show the teaching card of a principle."""

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

    def _open(self, name: str) -> None:
        """Open what is closed, close what is open; stay where one was reading, and keep the focus."""
        self._principles.opened ^= {name}
        focused = self.focus.widget
        ringed = bool(focused and focused.ringed)
        self._rebuild_here()
        if focused:
            self.focus.give(self._principles.openers[name], ring=ringed)  # it may be called differently now
        self.changed()
