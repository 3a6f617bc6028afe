"""One moment of the timeline in full: what was said and done, every verdict with its reason, and the way back there."""

from __future__ import annotations

from collections.abc import Callable, Iterator

from servicesim.desktop.arrangement import Column, Divider, Row, Space
from servicesim.desktop.beats import Beat, Judgement
from servicesim.desktop.button import SmallButton
from servicesim.desktop.chip import Chip
from servicesim.desktop.label import Label, heading
from servicesim.desktop.looking_back import Run
from servicesim.desktop.satisfaction import at, zone_of
from servicesim.desktop.screens.moments import Moments
from servicesim.desktop.screens.otherwise import Otherwise
from servicesim.desktop.screens.plan import Story
from servicesim.desktop.screens.sentences import Sentences
from servicesim.desktop.screens.sign import Sign
from servicesim.desktop.widget import Widget
from servicesim.desktop.wording import Words, reads

_Mended = tuple[int | None, str, bool] | None  # until when, what instead, and whether it would have been avoided


class InDetail:
    """Words and widgets for the moments of one run, one at a time; `go` looks at another one, `on_replay` sees it again."""

    def __init__(
        self, words: Words, run: Run, story: Story, sentences: Sentences, moments: Moments, otherwise: Otherwise,
        go: Callable[[int], None], on_replay: Callable[[int], None] | None,
    ) -> None:  # fmt: skip
        self.words, self.run, self.story, self.sentences = words, run, story, sentences
        self._moments, self._otherwise, self._go, self._on_replay = moments, otherwise, go, on_replay

    def of(self, number: int, *, turning: bool) -> Iterator[Widget]:
        """Everything about one moment."""
        beat = self.story.beats[number]
        yield self._head(number, beat, turning=turning)
        yield from self._said(beat)
        yield from self._felt(beat)
        groups = self._groups(beat)
        if turning and self.run.turning is not None and (self.run.turning.until, self.run.turning.instead) not in {key[:2] for key, _ in groups if key}:
            yield self._otherwise.better(self.run.turning)
        if beat.judged:
            yield Divider()
        for number, (key, group) in enumerate(groups):
            if number and (key or groups[number - 1][0]):
                yield Divider()  # so that one sees what would have kept which
            yield self._lost(group, mended=key is not None)
        yield from self._kept(beat)

    def _groups(self, beat: Beat) -> list[tuple[_Mended, list[Judgement]]]:
        """What got lost there; what the same move would have kept stands together."""
        groups: dict[object, tuple[_Mended, list[Judgement]]] = {}
        for one in beat.lost:
            found = self.run.mended.get((one.principle, one.place))
            key = None if found is None else (found.until, found.instead, found.avoided)
            groups.setdefault(one if key is None else key, (key, []))[1].append(one)
        return list(groups.values())

    def _head(self, number: int, beat: Beat, *, turning: bool) -> Row:
        words = self.words
        when = Label(self.sentences.when(beat.number), "lead", bold=True, ink="ink_soft")
        flag = (Chip(words("turning-chip"), "accent", icon="flag"),) if turning else ()
        return Row(when, heading(self.sentences.heading(beat), "lead"), *flag, Space(grow=1), *self._replay(beat), *self._steps(number), gap=1.5, wraps=True)

    def _replay(self, beat: Beat) -> Iterator[Widget]:
        if self._on_replay is not None and beat.events:
            see, words = self._on_replay, self.words
            yield SmallButton(words("see-again"), lambda: see(beat.number), kind="quiet", icon="play")

    def _steps(self, number: int) -> Iterator[Widget]:
        """To the loss before, and to the next one."""
        losses = [place for place, beat in enumerate(self.story.beats) if beat.lost]
        if any(place != number for place in losses):
            before = next((place for place in reversed(losses) if place < number), None)
            after = next((place for place in losses if place > number), None)
            yield self._step("loss-before", before)
            yield self._step("loss-next", after)

    def _step(self, key: str, place: int | None) -> SmallButton:
        icon = "back" if key == "loss-before" else "forward"
        return SmallButton(self.words(key), lambda: self._go(place or 0), kind="quiet", icon=icon, enabled=place is not None)  # type: ignore[arg-type]

    def _said(self, beat: Beat) -> Iterator[Widget]:
        if not beat.events:
            yield from self._ending()
            return
        told = self.sentences.told(beat)
        yield from self._moments.said(told, alone=beat.kind == "speech")
        if beat.kind != "speech":
            yield from self._moments.why(told)

    def _ending(self) -> Iterator[Widget]:
        title, said = self.sentences.ending()
        yield Label(title or self.words("ended-open"), "body", bold=True, direction=reads(title))
        if said:
            yield Label(self.words("quoted", text=said), "body", ink="ink_soft", direction=reads(said))

    def _felt(self, beat: Beat) -> Iterator[Widget]:
        """How the customer felt then."""
        feelings = at(self.story.felt, max(beat.events, default=beat.number))
        words, customer = self.words, self.run.script.scenario.customer.name
        told = words(
            f"felt-{zone_of(feelings.satisfaction)}", customer=customer, expected=feelings.expects, received=feelings.received, anger=feelings.anger
        )
        yield Row(Sign("person", "ink_soft", side=20), Label(told, "small", ink="ink_soft", grow=1), gap=1, across="start")

    def _lost(self, group: list[Judgement], *, mended: bool) -> Column:
        """Each with its reason, and then what would have kept them."""
        told: list[Widget] = [self._lost_one(one) for one in group]
        if mended:
            found = self.run.mended[group[0].principle, group[0].place]
            told.append(self._otherwise.mending(found, group[0].evidence, several=len(group) > 1))
        return Column(*told, gap=1)

    def _lost_one(self, one: Judgement) -> Row:
        title = Label(self._title(one), "body", bold=True, direction=reads(self._title(one)))
        critical = (Chip(self.words("critical"), "danger"),) if one.critical else ()
        told = Column(Row(title, *critical, gap=1.5), self._moments.because(one.evidence, plain=True), gap=0.25, grow=1)
        return Row(Sign("cross", "broken"), told, gap=1.25, across="start")

    def _kept(self, beat: Beat) -> Iterator[Widget]:
        """Two beside each other, for they are many."""
        kept = [self._kept_one(one) for one in beat.kept]
        for first in range(0, len(kept), 2):
            pair = kept[first : first + 2]
            yield Row(*pair, *([Space(grow=1)] if len(pair) == 1 and first else []), gap=3, across="start")

    def _kept_one(self, one: Judgement) -> Row:
        title = Label(self._title(one), "body", direction=reads(self._title(one)))
        return Row(Sign("check", "kept"), Column(title, self._moments.because(one.evidence, plain=True), gap=0.25, grow=1), gap=1.25, across="start", grow=1)

    def _title(self, one: Judgement) -> str:
        return self.words.taught(self.run.script).principles[one.principle].title
