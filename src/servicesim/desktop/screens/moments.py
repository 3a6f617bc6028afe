"""The moment of a verdict as widgets: what was said, what the trainee did, and why it was judged so."""

from __future__ import annotations

from collections.abc import Iterator

from servicesim.assessment.assess import Evidence
from servicesim.desktop.arrangement import Column, Row
from servicesim.desktop.beats import Axis
from servicesim.desktop.label import Label
from servicesim.desktop.looking_back import Run
from servicesim.desktop.retold import Told, in_writing, moment
from servicesim.desktop.screens.otherwise import line
from servicesim.desktop.screens.sign import Sign
from servicesim.desktop.widget import Widget
from servicesim.desktop.wording import Words, reads


class Moments:
    """Words and widgets for the moments of one run."""

    def __init__(self, words: Words, run: Run, trainee: str) -> None:
        self.words, self.run, self.trainee = words, run, trainee
        self._axis = Axis.of(run.script, run.events)

    def told(self, evidence: Evidence, *more: Widget) -> Widget:
        """One verdict at its moment."""
        words, told = self.words, moment(self.run.script, self.run.events, evidence, self.trainee)
        when = Label(words("whole") if evidence.event is None else self._axis.when(words, evidence.event), "small", bold=True, ink="ink_soft", width=72)
        parts = (*self.said(told), self.because(evidence), *self.why(told), *more)
        return Row(when, Column(*parts, gap=0.75, grow=1), gap=2, across="start")

    def because(self, evidence: Evidence, *, plain: bool = False) -> Label:
        """The reason of a verdict; `plain` where it stands below the title of its principle."""
        size, bold = ("small", False) if plain else ("body", evidence.verdict == "broken")
        ink = "ink_soft" if plain else "ink"
        return Label(self.words.because(evidence.reason, self.run.script), size, bold=bold, ink=ink, direction=self.words.direction)  # type: ignore[arg-type]

    def said(self, told: Told, *, alone: bool = False) -> Iterator[Widget]:
        """What the customer said, and what the trainee did, unless that is told elsewhere."""
        words, script = self.words, self.run.script
        if told.customer:
            key = "wrote-then" if in_writing(script) else "said-then"
            yield line(words(key, customer=script.scenario.customer.name), words("quoted", text=told.customer))
        if alone:
            return
        if told.reply:
            yield line(words("you-replied"), words("quoted", text=told.reply))
        elif told.did in ("go-on", "nod", "yes", "no"):
            yield line(words("you-did"), words(f"said-{told.did}"))
        elif told.did:
            yield line(words("you-did"), words(f"did-{told.did}"))

    def why(self, told: Told) -> Iterator[Widget]:
        """What the trainer says of the reply."""
        if told.why:
            yield Row(Sign("info", "accent", side=20), Label(told.why, "body", ink="accent", direction=reads(told.why), grow=1), gap=1, across="start")
