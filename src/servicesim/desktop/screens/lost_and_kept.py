"""The principles of a debrief: each that got lost as a card with its moments, the kept ones folded."""

from __future__ import annotations

from collections.abc import Callable, Iterator

from servicesim.assessment.assess import PrincipleScore
from servicesim.desktop.arrangement import Card, Column, Divider, Row
from servicesim.desktop.button import Button
from servicesim.desktop.chip import Chip
from servicesim.desktop.label import Label, heading
from servicesim.desktop.looking_back import Run
from servicesim.desktop.screens.moments import Moments
from servicesim.desktop.screens.otherwise import Otherwise, plain
from servicesim.desktop.screens.sign import Sign
from servicesim.desktop.widget import Widget
from servicesim.desktop.wording import Words, reads
from servicesim.scenario.principles import Principle

MOMENTS = 3  # of one principle, shown before one asks for more


class LostAndKept:
    """Words and widgets for the principles of one run; `on_open` hears which is opened or closed, `beside` puts buttons beside a title."""

    def __init__(
        self, words: Words, run: Run, moments: Moments, otherwise: Otherwise,
        on_open: Callable[[str], None], beside: Callable[[str], Iterator[Widget]],
    ) -> None:  # fmt: skip
        self.words, self.run, self._moments, self._otherwise = words, run, moments, otherwise
        self._on_open, self._beside = on_open, beside
        self.opened: set[str] = set()
        self.openers: dict[str, Button] = {}

    def lost(self) -> Iterator[Widget]:
        """The worst first."""
        broken = [item for item in self._judged() if got_lost(item[2])]
        if not broken:
            yield Row(Sign("check", "kept"), Label(self.words("nothing-broken"), "lead", bold=True, ink="kept"), gap=1)
            return
        yield heading(self.words("broken-heading"), "lead")
        yield from self._searching()
        for name, principle, score in sorted(broken, key=lambda item: (not item[1].critical, item[2].score, -item[1].weight)):
            yield self._lost_card(name, principle, score)

    def kept(self) -> Iterator[Widget]:
        """One line each, to be opened."""
        kept = [item for item in self._judged() if not got_lost(item[2])]
        if kept:
            yield heading(self.words("kept-heading"), "lead")
            yield Card(*(self._kept_row(*item) for item in kept), gap=0.5, padding=(2, 1.5), radius=14)

    def _searching(self) -> Iterator[Widget]:
        if not self.run.done:
            yield Row(Sign("clock", "ink_soft", side=20), Label(self.words("mend-searching"), "small", ink="ink_soft"), gap=1)

    def _judged(self) -> Iterator[tuple[str, Principle, PrincipleScore]]:
        for name, score in self.run.assessment.principles.items():
            if score.score is not None:
                yield name, self.run.script.principles.principles[name], score

    def _lost_card(self, name: str, principle: Principle, score: PrincipleScore) -> Card:
        evidence = [(place, one) for place, one in enumerate(score.evidence) if one.verdict == "broken"]
        shown = evidence if name in self.opened else evidence[:MOMENTS]
        moments = [part for place, one in shown for part in (Divider(), self._moments.told(one, *self._mended(name, place)))]
        return Card(self._head(name, principle, score), *moments, *self._more(name, len(evidence)), gap=1.5, padding=(3, 2.25), radius=14)

    def _mended(self, name: str, place: int) -> Iterator[Widget]:
        found = self.run.mended.get((name, place))
        if found is not None:
            yield self._otherwise.mending(found, self.run.assessment.principles[name].evidence[place])

    def _head(self, name: str, principle: Principle, score: PrincipleScore) -> Row:
        title = Column(
            Label(principle.title, "lead", bold=True, direction=reads(principle.title)),
            Label(principle.says, "body", ink="ink_soft", direction=reads(principle.says)), gap=0.25, grow=1,
        )  # fmt: skip
        return Row(title, *self._beside(name), Chip(self._share(score), "broken"), gap=2, across="start")

    def _share(self, score: PrincipleScore) -> str:
        if score.owed:
            return self.words("owed")
        return self.words("share-kept", kept=plain(score.kept), all=plain(score.kept + score.broken))

    def _more(self, name: str, count: int) -> Iterator[Widget]:
        if count > MOMENTS:
            opened = name in self.opened
            text = self.words("fewer-moments") if opened else self.words("more-moments", count=count - MOMENTS)
            title = self.run.script.principles.principles[name].title
            more = Button(text, lambda: self._on_open(name), kind="quiet", icon="minus" if opened else "down", name=f"{text}: {title}")
            self.openers[name] = more
            yield Row(more)

    def _kept_row(self, name: str, principle: Principle, score: PrincipleScore) -> Widget:
        opened = name in self.opened
        open_it = Button(
            self._share(score), lambda: self._on_open(name), kind="quiet", icon="minus" if opened else "down",
            name=self.words("open-kept", principle=principle.title),
        )  # fmt: skip
        self.openers[name] = open_it
        row = Row(Sign("check", "kept"), Label(principle.title, "body", grow=1, direction=reads(principle.title)), open_it, gap=1.5)
        if not opened:
            return row
        says = Row(Label(principle.says, "body", ink="ink_soft", direction=reads(principle.says), grow=1), *self._beside(name), gap=2, across="start")
        return Column(row, Column(says, *(self._moments.told(one) for one in score.evidence), gap=1.5, padding=(4, 1)), gap=0)


def got_lost(score: PrincipleScore) -> bool:
    """Whether it was broken anywhere, or was owed and never done."""
    return score.owed or bool(score.broken)
