"""The head of a debrief: conduct, and apart from it how the customer feels (B1)."""

from __future__ import annotations

from collections.abc import Iterator

from servicesim.assessment.assess import CRITICAL_CAP
from servicesim.desktop.arrangement import Card, Column, Divider, Row, Space
from servicesim.desktop.chip import Chip
from servicesim.desktop.faces import Faces
from servicesim.desktop.icons import IconName
from servicesim.desktop.label import Label, heading
from servicesim.desktop.looking_back import Run
from servicesim.desktop.meter import Meter
from servicesim.desktop.mood import AT_THE_END
from servicesim.desktop.retold import filled
from servicesim.desktop.screens.sign import MarkedMeter, Portrait, Sign, looks
from servicesim.desktop.widget import Widget
from servicesim.desktop.wording import Words, direction_of, reads

_OUTCOMES: dict[str, tuple[IconName, str]] = {
    "delighted": ("smile", "kept"),
    "satisfied": ("smile", "kept"),
    "dissatisfied": ("frown", "broken"),
}


class Headline:
    """Words and widgets for the two scores of one run."""

    def __init__(self, words: Words, run: Run, trainee: str, faces: Faces) -> None:
        self.words, self.script, self.assessment, self.faces = words, run.script, run.assessment, faces
        self._fill = filled(run.script, trainee)
        self._speaks = direction_of(run.script.scenario.locale)

    def conduct(self) -> Card:
        """The cause."""
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
            yield Label(self.words("quoted", text=self._fill(ending.customer)), "body", ink="ink_soft", direction=self._speaks)

    def customer(self) -> Card:
        """The effect."""
        words, customer, assessment = self.words, self.script.scenario.customer, self.assessment
        icon, ink = _OUTCOMES[assessment.outcome]
        face = Portrait(
            self.faces, customer.portrait, AT_THE_END[assessment.outcome],
            name=words(looks(assessment.feelings), customer=customer.name), width=148, radius=14,
        )  # fmt: skip
        outcome = Row(Sign(icon, ink, side=28), Label(words(f"outcome-{assessment.outcome}"), "title", bold=True, ink=ink, grow=1), gap=1)
        told = Column(outcome, Label(words(f"does-{assessment.outcome}"), "body"), *self._meters(), gap=1.5, grow=1)
        title = heading(words("customer-outcome", customer=customer.name), "body")
        return Card(title, Row(face, told, gap=3, across="start"), gap=2, padding=3, grow=1)

    def _meters(self) -> Iterator[Widget]:
        words, feelings = self.words, self.assessment.feelings
        for key, value in (("expected", feelings.expects), ("received", feelings.received)):
            yield Meter(words(key), value / 100, words("points", points=value), tone="accent" if key == "received" else "pending")
