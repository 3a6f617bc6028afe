"""The principles of a debrief: each that got lost as a card with its moments, the worst first and open; the kept ones folded."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import TYPE_CHECKING

from servicesim.assessment.assess import Evidence, PrincipleScore
from servicesim.desktop.arrangement import Card, Column, Divider, Row
from servicesim.desktop.button import Button, SmallButton
from servicesim.desktop.chip import Chip
from servicesim.desktop.label import Label, heading
from servicesim.desktop.looking_back import Run
from servicesim.desktop.screens.moments import Moments
from servicesim.desktop.screens.otherwise import Otherwise, plain
from servicesim.desktop.screens.sign import Sign
from servicesim.desktop.settled import Settled
from servicesim.desktop.widget import Widget
from servicesim.desktop.wording import Words, reads
from servicesim.scenario.principles import Principle

if TYPE_CHECKING:
    from servicesim.analysis.mending import Mending

MOMENTS = 3  # of one principle, shown before one asks for more


class LostAndKept:
    """Words and widgets for the principles of one run; `on_change` hears what was opened or closed, `beside` puts buttons beside a title."""

    def __init__(
        self, words: Words, run: Run, moments: Moments, otherwise: Otherwise,
        on_change: Callable[[Button], None], beside: Callable[[str], Iterator[Widget]],
    ) -> None:  # fmt: skip
        self.words, self.run, self._moments, self._otherwise = words, run, moments, otherwise
        self._on_change, self._beside = on_change, beside
        self.opened: set[str] = set(run.worst_first[:1])  # those whose moments are shown
        self._all: set[str] = set()  # those of which every moment is
        self._parts: dict[str, tuple[Column, Settled]] = {}
        self._slots: dict[tuple[str, int], tuple[Column, Settled]] = {}

    # --- all of them ---

    def lost(self) -> Iterator[Widget]:
        """The worst first."""
        names = self.run.worst_first
        if not names:
            yield Row(Sign("check", "kept"), Label(self.words("nothing-broken"), "lead", bold=True, ink="kept"), gap=1)
            return
        yield heading(self.words("broken-heading"), "lead")
        for name in names:
            yield self._part(name, Card(*self._lost_parts(name), gap=1.5, padding=(3, 2.25), radius=14))

    def kept(self) -> Iterator[Widget]:
        """One line each, to be opened."""
        lost = set(self.run.worst_first)
        kept = [name for name, score in self.run.assessment.principles.items() if score.score is not None and name not in lost]
        if kept:
            yield heading(self.words("kept-heading"), "lead")
            rows = [self._part(name, Column(*self._kept_parts(name), gap=0)) for name in kept]
            yield Card(*rows, gap=0.5, padding=(2, 1.5), radius=14)

    def _part(self, name: str, part: Column) -> Settled:
        self._parts[name] = part, Settled(part)
        return self._parts[name][1]

    def _principle(self, name: str) -> Principle:
        return self.words.taught(self.run.script).principles[name]

    def _score(self, name: str) -> PrincipleScore:
        return self.run.assessment.principles[name]

    # --- what changes ---

    def show(self, found: Mending) -> None:
        """Show at its moment what would have kept a point, where that moment is shown."""
        name, place = found.loss.principle, found.loss.place
        if (name, place) in self._slots:
            slot, moment = self._slots[name, place]
            slot.fill(*self._mended(name, place))
            slot.shown = True
            moment.stir()
            self._parts[name][1].stir()

    def _turn(self, names: set[str], name: str) -> None:
        """Open what is closed, close what is open."""
        names ^= {name}
        part, settled = self._parts[name]
        lost = name in self.run.worst_first
        part.fill(*(self._lost_parts(name) if lost else self._kept_parts(name)))
        settled.stir()
        self._on_change(self._more if names is self._all else self._opener)

    # --- one that got lost ---

    def _lost_parts(self, name: str) -> Iterator[Widget]:
        evidence = [(place, one) for place, one in enumerate(self._score(name).evidence) if one.verdict == "broken"]
        yield self._head(name)
        if name not in self.opened:
            return
        for place, one in evidence if name in self._all else evidence[:MOMENTS]:
            yield Divider()
            yield self._moment(name, place, one)
        if len(evidence) > MOMENTS:
            yield Row(self._more_button(name, len(evidence) - MOMENTS))

    def _moment(self, name: str, place: int, evidence: Evidence) -> Settled:
        mended = list(self._mended(name, place))
        slot = Column(*mended, gap=0, shown=bool(mended))
        moment = Settled(self._moments.told(evidence, slot))
        self._slots[name, place] = slot, moment
        return moment

    def _mended(self, name: str, place: int) -> Iterator[Widget]:
        found = self.run.mended.get((name, place))
        if found is not None:
            yield self._otherwise.mending(found, self._score(name).evidence[place])

    def _head(self, name: str) -> Row:
        principle = self._principle(name)
        title = Column(
            Label(principle.title, "lead", bold=True, direction=reads(principle.title)),
            Label(principle.says, "body", ink="ink_soft", direction=reads(principle.says)), gap=0.25, grow=1,
        )  # fmt: skip
        beside = Row(*self._beside(name), Chip(self._share(name), "broken"), self._open_button(name), gap=2)
        return Row(title, beside, gap=2, across="start")

    def _share(self, name: str) -> str:
        score = self._score(name)
        if score.owed:
            return self.words("owed")
        return self.words("share-kept", kept=plain(score.kept), all=plain(score.kept + score.broken))

    def _open_button(self, name: str, text: str = "") -> Button:
        """Shows its moments, or hides them."""
        opened = name in self.opened
        text = text or self.words("hide-moments" if opened else "show-moments")
        key = "close-principle" if opened else "open-kept"
        self._opener = (SmallButton if name in self.run.worst_first else Button)(
            text, lambda: self._turn(self.opened, name), kind="quiet", icon="minus" if opened else "down",
            name=self.words(key, principle=self._principle(name).title),
        )  # fmt: skip
        return self._opener

    def _more_button(self, name: str, count: int) -> Button:
        every = name in self._all
        text = self.words("fewer-moments") if every else self.words("more-moments", count=count)
        self._more = Button(
            text, lambda: self._turn(self._all, name), kind="quiet", icon="minus" if every else "down", name=f"{text}: {self._principle(name).title}"
        )
        return self._more

    # --- one that was kept ---

    def _kept_parts(self, name: str) -> Iterator[Widget]:
        principle = self._principle(name)
        title = Label(principle.title, "body", grow=1, direction=reads(principle.title))
        yield Row(Sign("check", "kept"), title, self._open_button(name, self._share(name)), gap=1.5)
        if name in self.opened:
            says = Row(Label(principle.says, "body", ink="ink_soft", direction=reads(principle.says), grow=1), *self._beside(name), gap=2, across="start")
            yield Column(says, *(self._moments.told(one) for one in self._score(name).evidence), gap=1.5, padding=(4, 1))


def got_lost(score: PrincipleScore) -> bool:
    """Whether it was broken anywhere, or was owed and never done."""
    return score.owed or bool(score.broken)
