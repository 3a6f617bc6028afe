"""The encounter looked back at: the timeline, the turning point, and one moment in full."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import TYPE_CHECKING

from servicesim.desktop.arrangement import Card, Column, Row
from servicesim.desktop.beats import Axis, beats, spoken, waited
from servicesim.desktop.button import SmallButton
from servicesim.desktop.label import Label, heading
from servicesim.desktop.looking_back import Run
from servicesim.desktop.satisfaction import felt
from servicesim.desktop.screens.in_detail import InDetail
from servicesim.desktop.screens.moments import Moments
from servicesim.desktop.screens.otherwise import Otherwise
from servicesim.desktop.screens.plan import Story
from servicesim.desktop.screens.sentences import Sentences
from servicesim.desktop.screens.sign import Sign
from servicesim.desktop.screens.timeline import Timeline
from servicesim.desktop.settled import Settled
from servicesim.desktop.widget import Widget
from servicesim.desktop.wording import Words

if TYPE_CHECKING:
    from servicesim.analysis.mending import Mending


def story_of(run: Run) -> Story:
    """All that a timeline shows of a run."""
    axis = Axis.of(run.script, run.events)
    places = axis.places
    return Story(
        beats(run.script, run.events, run.assessment),
        axis,
        felt(run.script, run.events),
        tuple((places[first], places[last]) for first, last in spoken(run.events)),
        {reply: places[since] for reply, since in waited(run.events)},
    )


class Review:
    """Words and widgets for one run; `on_change` hears when another moment is looked at."""

    def __init__(
        self, words: Words, run: Run, story: Story, sentences: Sentences, moments: Moments, otherwise: Otherwise,
        on_change: Callable[[], None], on_replay: Callable[[int], None] | None, first: str = "",
    ) -> None:  # fmt: skip
        self.words, self.run, self.story, self.sentences = words, run, story, sentences
        self._otherwise, self._on_change = otherwise, on_change
        self._in_detail = InDetail(words, run, story, sentences, moments, otherwise, self.look_at, on_replay)
        self.chosen = self._first(first)

    def _first(self, principle: str) -> int:
        """The moment to begin with: the turning point, else the first loss of that principle, else the end."""
        turning = self.turning
        if turning is not None:
            return turning
        lost = [number for number, beat in enumerate(self.story.beats) if any(one.principle == principle for one in beat.lost)]
        return lost[0] if lost else len(self.story.beats) - 1

    @property
    def turning(self) -> int | None:
        """The moment that is the turning point, once it is known."""
        if self.run.turning is None:
            return None
        at = self._otherwise.at(self.run.turning.until)
        return next((number for number, beat in enumerate(self.story.beats) if beat.number >= at or at in beat.events), None)

    # --- widgets ---

    def widgets(self) -> Iterator[Widget]:
        """The timeline with the turning point in one card, the moment in another."""
        words, story = self.words, self.story
        sentences = [self.sentences.whole(beat, turning=number == self.turning) for number, beat in enumerate(story.beats)]
        self.timeline = Timeline(
            words, story, sentences, self._chose, name=words("story-name"), chosen=self.chosen,
            flagged=not self.run.done or self.turning is not None,
            about=f"{words('story-keys')} {self.sentences.curves(story.felt)}",
        )  # fmt: skip
        self.timeline.turning = self.turning
        self._turning = Column(*self._told_turning(), gap=1)
        title = Row(Row(heading(words("story-heading"), "lead"), grow=1), Label(words("story-hint"), "small", ink="ink_soft"), gap=2)
        self._chart = Settled(Card(title, self.timeline, self._turning, gap=1, padding=(3, 2), radius=14))
        self._moment = Card(*self._told_moment(), gap=1, padding=(3, 2), radius=14)
        self._detail = Settled(self._moment)
        yield self._chart
        yield self._detail

    def _told_moment(self) -> Iterator[Widget]:
        yield from self._in_detail.of(self.chosen, turning=self.chosen == self.turning)

    def _told_turning(self) -> Iterator[Widget]:
        words, turning, number = self.words, self.run.turning, self.turning
        if turning is not None and number is not None:
            yield self._otherwise.turning(turning, SmallButton(words("turning-look"), lambda: self.look_at(number), kind="quiet"))
        elif not self.run.done:
            yield Row(Sign("clock", "ink_soft", side=20), Label(words("turning-searching"), "small", ink="ink_soft", grow=1), gap=1)

    # --- what changes ---

    def look_at(self, number: int) -> None:
        """Look at a moment."""
        self.timeline.choose(number)

    def _chose(self, number: int) -> None:
        self.chosen = number
        self._tell_moment()
        self._on_change()

    def _tell_moment(self) -> None:
        self._moment.fill(*self._told_moment())
        self._detail.stir()

    def show(self, found: Mending) -> None:
        """Show what would have kept a point, where that is what one looks at."""
        if any((one.principle, one.place) == (found.loss.principle, found.loss.place) for one in self.story.beats[self.chosen].lost):
            self._tell_moment()

    def show_turning(self) -> None:
        """Show the turning point, or that it is no longer looked for."""
        self._turning.fill(*self._told_turning())
        self.timeline.turning = self.turning
        self._chart.stir()
        if self.chosen == self.turning:
            self._tell_moment()
