"""The head of a debrief: conduct, and apart from it how the customer feels (B1)."""

from __future__ import annotations

from collections.abc import Iterator

from servicesim.assessment.assess import CRITICAL_CAP
from servicesim.desktop.arrangement import Card, Column, Row, Space
from servicesim.desktop.chip import Chip
from servicesim.desktop.faces import Faces
from servicesim.desktop.icons import IconName
from servicesim.desktop.label import Label, heading
from servicesim.desktop.looking_back import Run
from servicesim.desktop.mood import AT_THE_END, SOBER
from servicesim.desktop.satisfaction import ended_badly
from servicesim.desktop.screens.sign import MarkedMeter, Portrait, Sign, looks
from servicesim.desktop.widget import Widget
from servicesim.desktop.wording import Words, reads

_OUTCOMES: dict[str, tuple[IconName, str]] = {
    "delighted": ("smile", "kept"),
    "satisfied": ("smile", "kept"),
    "dissatisfied": ("frown", "broken"),
}
_LEAVES: tuple[IconName, str] = ("warning", "pending")  # whoever got what was expected, and leaves all the same


class Headline:
    """Words and widgets for the two scores of one run."""

    def __init__(self, words: Words, run: Run, trainee: str, faces: Faces) -> None:
        self.words, self.script, self.assessment, self.faces = words, run.script, run.counted, faces
        self._practice = run.attempt is not None and run.attempt.practice

    def conduct(self) -> Card:
        """The cause."""
        words, assessment = self.words, self.assessment
        ink = "kept" if assessment.passed else "broken"
        verdict = Chip(words("passed" if assessment.passed else "not-passed"), "kept" if assessment.passed else "broken")
        over = assessment.shown - self._mark
        bar = MarkedMeter(
            words("pass-mark", points=self._mark), assessment.shown / 100, words("over" if over >= 0 else "short", points=abs(over)),
            mark=self._mark / 100, tone="kept" if over >= 0 else "broken", grow=1,
        )  # fmt: skip
        number = Row(Label(words.number(assessment.shown), "display", bold=True, ink=ink), Label(words("conduct-of"), "body", ink="ink_soft"), gap=1, whole=True)
        top = Row(heading(words("conduct"), "body"), Space(grow=1), verdict, gap=1)
        return Card(top, Row(number, bar, gap=3), gap=0.75, padding=(3, 2), along="centre", grow=1)

    def told(self) -> Column:
        """What both come to, in one sentence; why it is so, and what it means."""
        said = Label(self.words(self._sum, customer=self.script.scenario.customer.name), "body", bold=True)
        return Column(said, *self._reasons(), *self._meaning(), gap=0.5, padding=(3, 0))

    @property
    def _sum(self) -> str:
        """The key of the one sentence that says how it went."""
        if self.assessment.ending is None:
            return "ended-open"
        if self.assessment.conduct >= self._mark and not self.assessment.passed:
            return "sum-bad-ending"
        return f"sum-{'passed' if self.assessment.passed else 'not-passed'}-{self.assessment.outcome}"

    @property
    def _mark(self) -> int:
        return self.script.scenario.pass_mark

    def _reasons(self) -> Iterator[Widget]:
        """Why the number is what it is, where the number alone does not say it."""
        words, assessment = self.words, self.assessment
        for name in assessment.capped_by:
            title = self.words.taught(self.script).principles[name].title
            yield self._reason(words("capped", points=CRITICAL_CAP, principle=title))

    def _meaning(self) -> Iterator[Widget]:
        """What it means that it was not passed: what comes next, and who sees it."""
        if not self.assessment.passed:
            yield Label(self.words("fail-means-practice" if self._practice else "fail-means"), "small", ink="ink_soft")

    def _reason(self, text: str) -> Row:
        return Row(Sign("warning", "broken", side=20), Label(text, "small", ink="broken", grow=1), gap=1, across="start")

    def customer(self) -> Card:
        """The effect."""
        words, customer, assessment = self.words, self.script.scenario.customer, self.assessment
        leaves = assessment.outcome != "dissatisfied" and ended_badly(self.script, assessment)
        icon, ink = _LEAVES if leaves else _OUTCOMES[assessment.outcome]
        face = Portrait(
            self.faces, customer.portrait, SOBER if leaves else AT_THE_END[assessment.outcome],
            name=words(looks(assessment.feelings), customer=customer.name), width=76, radius=10,
        )  # fmt: skip
        title = heading(words("customer-outcome", customer=customer.name), "body")
        outcome = Row(Sign(icon, ink, side=24), Label(words(f"outcome-{assessment.outcome}"), "lead", bold=True, ink=ink), gap=1, whole=True)
        top = Row(Row(title, grow=1), outcome, gap=2)
        told = Column(top, Label(words("does-leaves" if leaves else f"does-{assessment.outcome}"), "body"), *self._ending(), gap=0.25, grow=1)
        return Card(Row(face, told, gap=2.5), padding=(3, 2), along="centre", grow=1)

    def _ending(self) -> Iterator[Widget]:
        """How it ended; what was said at last stands at the end of the line of time."""
        if self.assessment.ending is not None:
            title = self.script.ending(self.assessment.ending).title
            yield Label(title, "small", ink="ink_soft", direction=reads(title))
