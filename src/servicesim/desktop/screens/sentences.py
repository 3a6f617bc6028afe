"""Each moment of an encounter as a sentence, and what the two curves do, for those who do not see the timeline."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace

from servicesim.assessment import wording
from servicesim.assessment.assess import Evidence, Verdict
from servicesim.desktop.beats import Axis, Beat, Judgement
from servicesim.desktop.looking_back import Run
from servicesim.desktop.retold import Told, filled, in_writing, moment
from servicesim.desktop.satisfaction import Felt, Swing, swings
from servicesim.desktop.wording import Words
from servicesim.encounter.events import Interrupted, Listened, ReplyChosen

_WORDS = ("go-on", "nod", "yes", "no")


class Sentences:
    """For one run."""

    def __init__(self, words: Words, run: Run, trainee: str, axis: Axis) -> None:
        self.words, self.run, self.trainee, self.axis = words, run, trainee, axis
        self._fill = filled(run.script, trainee)
        self._customer = run.script.scenario.customer.name

    def when(self, number: int) -> str:
        """When an event was."""
        return self.axis.when(self.words, number)

    def told(self, beat: Beat) -> Told:
        """What was said and done at a moment."""
        if not beat.events:
            return Told(self.axis.seconds, whole=True)
        if beat.kind != "pause":
            return self._moment(beat.number, "kept")
        # What was said before it is known at the pause, what the trainee did at the word; where none was said, it is told as that.
        here = self._moment(beat.events[0], "broken")
        return here if len(beat.events) == 1 else replace(here, did=self._moment(beat.number, "kept").did)

    def _moment(self, number: int, verdict: Verdict) -> Told:
        return moment(self.run.script, self.run.events, Evidence(0.0, None, None, verdict, wording.OWED, number), self.trainee)

    def heading(self, beat: Beat) -> str:
        """What kind of moment it is."""
        if beat.kind == "heard" and beat.golden:
            return self.words("moment-golden")
        written = "-written" if in_writing(self.run.script) and beat.kind in ("speech", "heard") else ""
        return self.words(f"moment-{beat.kind}{written}", customer=self._customer)

    def whole(self, beat: Beat, *, turning: bool = False) -> str:
        """All of it: what happened, what got lost and what was kept."""
        told = [self.happened(beat), *self._judged("beat-lost", beat.lost), *self._judged("beat-kept", beat.kept)]
        return " ".join([*told, *([self.words("beat-turning")] if turning else [])])

    def happened(self, beat: Beat) -> str:
        """When, who, and what."""
        words, told, when = self.words, self.told(beat), self.when(beat.number)
        match beat.kind:
            case "speech":
                key = "beat-speech-written" if in_writing(self.run.script) else "beat-speech"
                return words(key, time=when, customer=self._customer, text=told.customer)
            case "heard":
                return words("beat-golden" if beat.golden else "beat-heard", time=when, customer=self._customer)
            case "pause" | "word":
                did = told.did if told.did in _WORDS else "nothing"
                return words(f"beat-{beat.kind}-{did}", time=when, customer=self._customer)
            case "cut-in" | "silence":
                return words(f"beat-{beat.kind}", time=when, customer=self._customer)
            case "reply":
                return words("beat-reply", time=when, text=told.reply)
            case "end":
                return self._ended(when)

    def ending(self) -> tuple[str, str]:
        """The title of the ending and what the customer says then; empty where it was left before."""
        name = self.run.assessment.ending
        if name is None:
            return "", ""
        ending = self.run.script.ending(name)
        return ending.title, self._fill(ending.customer or "")

    def _ended(self, when: str) -> str:
        title, _ = self.ending()
        return self.words("beat-end", time=when, ending=title) if title else self.words("beat-end-open", time=when)

    def _judged(self, key: str, judged: Sequence[Judgement]) -> Iterator[str]:
        if judged:
            titles = dict.fromkeys(self.words.taught(self.run.script).principles[one.principle].title for one in judged)
            yield self.words(key, principles=self.words("between").join(titles))

    # --- the curves ---

    def curves(self, course: Sequence[Felt]) -> str:
        """What the two curves do: from where to where, the greatest rise and the greatest fall."""
        first, last = course[0].feelings, course[-1].feelings
        told = [
            self.words("curves-expected", first=first.expects, last=last.expects),
            self.words("curves-received", first=first.received, last=last.received),
        ]
        return " ".join([*told, *self.swings(course)])

    def swings(self, course: Sequence[Felt]) -> Iterator[str]:
        """The greatest rise and the greatest fall, and what brought them."""
        for key, swing in zip(("curves-rise", "curves-fall"), swings(course), strict=True):
            if swing is not None:
                yield self.words(key, points=abs(swing.by), time=self.when(swing.number), what=self.brought(swing))

    def brought(self, swing: Swing) -> str:
        """What changed how the customer felt."""
        event = self.run.events[swing.number]
        match event:
            case ReplyChosen(_, scene, reply):
                chosen = self.run.script.stage(scene).by_id[reply].reply
                return self.words("brought-reply", text=self._fill(chosen.words))
            case Listened():
                return self.words("brought-listening")
            case Interrupted():
                return self.words("brought-cut-in")
            case _:
                return self.words("brought-speech", customer=self._customer)
