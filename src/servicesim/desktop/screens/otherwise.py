"""What could have been otherwise, as widgets: at a lost moment, at the turning point, and two plays side by side."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from fractions import Fraction
from typing import TYPE_CHECKING

from servicesim.assessment import wording
from servicesim.assessment.assess import Evidence, PrincipleScore
from servicesim.assessment.told import number
from servicesim.desktop.arrangement import Card, Column, Divider, Row, Space
from servicesim.desktop.beats import Axis
from servicesim.desktop.button import Button, SmallButton
from servicesim.desktop.chip import Chip
from servicesim.desktop.label import Label, heading
from servicesim.desktop.looking_back import Run
from servicesim.desktop.retold import Told, filled, moment
from servicesim.desktop.screens.sign import Sign
from servicesim.desktop.widget import Widget
from servicesim.desktop.wording import Words, reads
from servicesim.encounter.events import (
    Event,
    Interrupted,
    Listened,
    ReplyChosen,
    SegmentBegan,
    SilenceFell,
    SpeechBegan,
    StationReached,
)

if TYPE_CHECKING:
    from servicesim.analysis.beside import Beside, Difference
    from servicesim.analysis.mending import Mending
    from servicesim.analysis.turning import TurningPoint

BESIDE = 6  # principles that came out differently, shown side by side
_OF_PLAY = ("go-on", "nod", "yes", "no", "interrupt", "silence")


class Otherwise:
    """Words and widgets for one run."""

    def __init__(self, words: Words, run: Run, trainee: str, on_play_on: Callable[[int], None] | None) -> None:
        self.words, self.run, self.trainee, self.on_play_on = words, run, trainee, on_play_on
        self._fill = filled(run.script, trainee)
        self._axis = Axis.of(run.script, run.events)

    # -- at a lost moment -------------------------------------------------------------------------------------------

    def mending(self, mending: Mending, evidence: Evidence, *, several: bool = False) -> Widget:
        """Until when it could be kept, or `several` could, what would have kept it, and the way back there."""
        words = self.words
        if mending.until is None:
            return Row(Sign("info", "ink_soft", side=20), Label(words("mend-never"), "body", ink="ink_soft", grow=1), gap=1, across="start")
        until = words("mend-avoid" if mending.avoided else "mend-until")
        instead = words(f"mend-{'avoids' if mending.avoided else 'keeps'}{'-all' if several else ''}")
        here = self._is_here(mending.until, evidence)
        lines = [line(until, words("mend-here") if here else self._decision(mending.until)), line(instead, self.named(mending.until, mending.instead))]
        told = Row(Column(*lines, gap=0.75, grow=1), *self._play_on(mending.until), gap=2)
        return Card(told, padding=(1.5, 1.25), ground="accent_soft", radius=10)

    def _is_here(self, until: int, evidence: Evidence) -> bool:
        """Whether it is the moment that the evidence tells of, whose reply stands there already."""
        if evidence.event is None:
            return False
        events = self.run.events
        return self.at(until) == next((at for at in range(evidence.event, len(events)) if _is_told(events[at], at == evidence.event)), None)

    def _decision(self, until: int) -> str:
        """A decision in one line: when, and what was done."""
        return " ".join((self.when(until), "–", self._did(self.told(until))))

    def when(self, until: int) -> str:
        """When a decision was made."""
        return self._axis.when(self.words, self.at(until))

    def _did(self, told: Told) -> str:
        words = self.words
        if told.reply:
            return words("mend-replied", text=words("quoted", text=told.reply))
        if told.did in ("go-on", "nod", "yes", "no"):
            return words(f"said-{told.did}")
        return words("mend-did", what=words(f"did-{told.did or 'nothing'}"))

    def at(self, until: int) -> int:
        """The event that stands for a decision; of a pause that went by, the pause."""
        at = min(until, len(self.run.events) - 1)
        return at - 1 if isinstance(self.run.events[at], SegmentBegan) else at

    def told(self, until: int) -> Told:
        """What happened at a decision."""
        events, at = self.run.events, self.at(until)
        return moment(self.run.script, events, Evidence(events[at].at, None, None, "broken", wording.OWED, at), self.trainee)

    def named(self, until: int, move: str) -> str:
        """A move, as one would say what one could have done."""
        if move in _OF_PLAY:
            return self.words(f"instead-{move}")
        if move == ".":
            return self.words("instead-hear-on")
        scene = next(event.scene for event in reversed(self.run.events[:until]) if isinstance(event, SpeechBegan))
        reply = self.run.script.stage(scene).by_id[move].reply
        text = self._fill(reply.words)
        return f"[{text}]" if reply.do is not None else self.words("quoted", text=text)

    def _play_on(self, until: int, name: str = "") -> Iterator[Widget]:
        if self.on_play_on is not None:
            go, clock = self.on_play_on, self.when(until)
            text = self.words("play-on")
            yield SmallButton(text, lambda: go(until), icon="replay", name=name or f"{text}: {clock}")

    # -- the turning point ------------------------------------------------------------------------------------------

    def turning(self, turning: TurningPoint, *more: Widget) -> Row:
        """The decision that cost most, in one row with what can be done about it."""
        words = self.words
        title = heading(words("turning-heading", time=self.when(turning.until)), "body")
        cost = Label(words("turning-cost", after=int(turning.after), before=int(turning.before)), "small", ink="ink_soft")
        told = Column(title, cost, gap=0.25, grow=1)
        return Row(Sign("flag", "accent", side=24), told, *more, *self._play_on(turning.until, words("turning-play-on")), gap=1.5)

    def better(self, turning: TurningPoint) -> Card:
        """What would have been better there."""
        said = line(self.words("turning-instead"), self.named(turning.until, turning.instead))
        return Card(said, padding=(1.5, 1.25), ground="accent_soft", radius=10)

    # -- side by side -----------------------------------------------------------------------------------------------

    def side_by_side(self, first: Run, found: Beside, on_back: Callable[[], None]) -> Card:
        """The run before, and this one."""
        words, second = self.words, self.run
        back = Button(words("beside-back"), on_back, kind="quiet", icon="back")
        title = Row(heading(words("beside-heading"), "lead"), Space(grow=1), back, gap=1)
        both = Row(self._result("beside-first", first), self._result("beside-second", second), gap=3, across="stretch")
        parts = self._parting(first, found.parts) if found.parts is not None else []
        return Card(title, both, *parts, *self._differences(found), gap=1.5, padding=(3, 2.25), radius=14)

    def _result(self, key: str, run: Run) -> Column:
        words, assessment = self.words, run.assessment
        tone = "kept" if assessment.passed else "broken"
        number_ = Label(words.number(assessment.shown), "title", bold=True, ink=tone)
        verdict = Chip(words("passed" if assessment.passed else "not-passed"), "kept" if assessment.passed else "broken")
        outcome = Label(words(f"outcome-{assessment.outcome}"), "body", ink="ink_soft")
        scores = Row(number_, Label(words("conduct-of"), "body", ink="ink_soft"), verdict, outcome, gap=1)
        return Column(Label(words(key), "small", ink="ink_soft"), scores, gap=0.5, grow=1)

    def _parting(self, first: Run, parts: int) -> list[Widget]:
        words = self.words
        before, now = Otherwise(words, first, self.trainee, None), self
        at = now.when(parts)
        return [
            Divider(), Label(words("beside-parts", time=at), "body", bold=True),
            line(words("beside-first"), before._did(before.told(parts))), line(words("beside-second"), now._did(now.told(parts))),
        ]  # fmt: skip

    def _differences(self, found: Beside) -> Iterator[Widget]:
        yield Divider()
        if not found.differences:
            yield Label(self.words("beside-same"), "body", ink="ink_soft")
        yield from (self._difference(one) for one in found.differences[:BESIDE])
        if len(found.differences) > BESIDE:
            yield Label(self.words("beside-more", count=len(found.differences) - BESIDE), "small", ink="ink_soft")

    def _difference(self, one: Difference) -> Row:
        title, words = self.words.taught(self.run.script).principles[one.principle].title, self.words
        icon, ink = ("check", "kept") if one.gain > 0 else ("cross", "broken") if one.gain < 0 else ("minus", "ink_soft")
        change = words("beside-change", before=self._share(one.first), now=self._share(one.second))
        return Row(Sign(icon, ink), Label(title, "body", grow=1, direction=reads(title)), Label(change, "body", ink=ink, bold=True), gap=1.5)  # type: ignore[arg-type]

    def _share(self, score: PrincipleScore) -> str:
        if score.owed:
            return self.words("owed")
        if score.score is None:
            return self.words("beside-none")
        return self.words("share-kept", kept=plain(score.kept), all=plain(score.kept + score.broken))


def _is_told(event: Event, first: bool) -> bool:
    """Whether it is an event that a moment shows: what was done there, or else the next reply."""
    return isinstance(event, ReplyChosen) or (first and isinstance(event, Listened | Interrupted | SilenceFell | StationReached))


def line(who: str, what: str, *, bold: bool = False) -> Row:
    """Who, and what they said or did."""
    return Row(Label(who, "small", ink="ink_soft", width=168), Label(what, "body", bold=bold, direction=reads(what), grow=1), gap=1.5, across="start")


def plain(share: Fraction) -> int | float:
    """What was kept, to one place."""
    return number(share, 1)
