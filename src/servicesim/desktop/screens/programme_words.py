"""Where somebody stands in a programme, in the words of the window."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, timedelta

from servicesim.assessment.across import LAST, GoodAlways, Pair
from servicesim.assessment.standing import Appointment, Reason, Standing, StepStanding
from servicesim.desktop.icons import IconName
from servicesim.desktop.programmes import Course
from servicesim.desktop.theme import Tone
from servicesim.desktop.wording import Words

Said = tuple[str, Tone, IconName]  # a word, its tone, and its sign


class Told:
    """One programme, told to whoever goes through it."""

    def __init__(self, course: Course, words: Words) -> None:
        self.course, self.words = course, words
        self.now: Standing = course.standing

    @property
    def title(self) -> str:
        """What the programme is called."""
        return self.course.told_in(self.words.language).title

    def encounter(self, name: str) -> str:
        """What an encounter is called."""
        return self.course.scenario(name, self.words.language).title

    def customer(self, step: StepStanding) -> str:
        """Whom one meets in a step."""
        return self.course.scenario(step.encounter, self.words.language).customer.name

    def is_call(self, step: StepStanding) -> bool:
        """Whether it is played on the phone."""
        return self.course.scenario(step.encounter, self.words.language).channel == "phone"

    # -- what comes next --------------------------------------------------------------------------------------------

    def why_next(self, step: StepStanding) -> str:
        """Why this step comes next."""
        words = self.words
        match self.now.next.do:
            case "go-on" if self.goes_on(step):
                return words("suggest-stopped")
            case "call":
                return words("programme-say-call" if self.is_call(step) else "programme-say-promised", customer=self.customer(step))
            case "again":
                return words("suggest-not-passed")
            case "begin":
                return words("programme-say-begin", programme=self.title)
            case _:
                return words("programme-say-play", programme=self.title)

    def goes_on(self, step: StepStanding) -> bool:
        """Whether it is taken up where it was left; a warm-up begins anew."""
        return step.unfinished is not None and step.pass_mark is not None

    def press(self, step: StepStanding) -> str:
        """What stands on the button that starts a step."""
        if self.goes_on(step):
            return self.words("paused-continue")
        calls = step.appointment is not None and step.appointment.kept in ("waiting", "broken") and self.is_call(step)
        return self.words("programme-call-now" if calls else "play-again" if step.used and step.pass_mark is not None else "begin")

    def nothing_next(self) -> tuple[str, str]:
        """That all is done, or why nothing can be."""
        words, next_ = self.words, self.now.next
        if next_.encounter is None:
            return words("programme-finished"), words("programme-finished-said", programme=self.title)
        why = "used-up" if self.now.step(next_.encounter).state == "used-up" else "locked"
        return words("programme-stuck"), words(f"programme-stuck-{why}", title=self.encounter(next_.encounter))

    # -- steps ------------------------------------------------------------------------------------------------------

    def state(self, step: StepStanding) -> Said:
        """How a step stands, in a word."""
        words = self.words
        match step.state:
            case "done":
                points = None if step.best is None else int(step.best)
                return words("home-warm-up-done") if points is None else words("best-passed", points=points), "kept", "check"
            case "due-soon" | "overdue" | "open":
                return self.due(step)
            case "locked":
                return words("programme-locked"), "neutral", "lock"
            case "not-needed":
                return words("programme-not-needed"), "neutral", "minus"
            case "used-up":
                return words("programme-used-up"), "pending", "info"

    def due(self, step: StepStanding) -> Said:
        """When a step that is open is due, as far as that presses."""
        words, today = self.words, self.now.today
        if step.due is not None and today > step.due:
            return words("programme-overdue"), "pending", "flag"
        if step.due == today:
            return words("programme-due-today"), "pending", "clock"
        if step.due is not None and step.due - today == timedelta(days=1):
            return words("programme-due-tomorrow"), "pending", "clock"
        return words("programme-open"), "accent", "play"

    def about(self, step: StepStanding) -> Iterator[str]:
        """What is to be known of a step besides."""
        words = self.words
        match step.state:
            case "done":
                if step.done_on is not None:
                    yield words("programme-done-late" if step.done_late else "programme-done-on", day=words.weekday(step.done_on))
            case "locked" | "not-needed":
                yield from self._reasons(step)
                if step.state == "locked" and self._day(step):
                    yield self._day(step)
            case "used-up":
                yield words("programme-ask-trainer")
            case "open" | "due-soon" | "overdue":
                yield from self._open(step)

    def _open(self, step: StepStanding) -> Iterator[str]:
        words = self.words
        if self._day(step):
            yield self._day(step)
        if step.best is not None:
            yield words("best", points=int(step.best))
            yield words("pass-mark", points=step.pass_mark)
        if step.left is not None:
            yield words("programme-left", count=step.left)

    def _day(self, step: StepStanding) -> str:
        """By when a step that is open is to be done, where the word for its state does not say so."""
        words = self.words
        if step.due is None:
            return "" if step.step.due is None or self.now.start is not None else words("programme-day", number=step.step.due + 1)
        if step.state == "overdue":
            return words("programme-was-due", day=words.weekday(step.due))
        return "" if step.state == "due-soon" else words("programme-due", day=words.weekday(step.due))

    def _reasons(self, step: StepStanding) -> Iterator[str]:
        """Why a step is locked or not asked for."""
        words = self.words
        first = [self.encounter(reason.encounter) for reason in step.reasons if reason.why == "comes-first"]
        if first:
            yield words("programme-after", titles=words("between").join(first))
        for reason in step.reasons:
            if reason.why != "comes-first":
                yield self._unpromised(step, reason)

    def _unpromised(self, step: StepStanding, reason: Reason) -> str:
        """Where it can be promised, or could have been."""
        if reason.why == "nothing-promised":
            return self.words("programme-nothing-promised", title=self.encounter(reason.encounter))
        return self.words("programme-if-call" if self.is_call(step) else "programme-if-promised", title=self.encounter(reason.encounter))

    # -- appointments -----------------------------------------------------------------------------------------------

    def promise(self, step: StepStanding, told: Appointment) -> Said:
        """What became of a promise, in a word."""
        words = self.words
        match told.kept:
            case "unpromised":
                return words("programme-not-needed"), "neutral", "minus"
            case "waiting" | "broken":
                return self.due(step)
            case "kept":
                return words("promise-kept"), "kept" if told.verdict == "kept" else "pending", "check"
            case "late":
                return words("promise-late"), "pending", "clock"

    def promised(self, step: StepStanding) -> str:
        """To whom one promised something."""
        return self.words("promise-call" if self.is_call(step) else "promise-other", customer=self.customer(step))

    def became(self, step: StepStanding, told: Appointment) -> str:
        """What became of a promise, in a sentence."""
        words = self.words
        match told.kept:
            case "unpromised":
                return ""
            case "waiting":
                return words("programme-due", day=self._written(told.by))
            case "broken":
                return words("promise-open", day=self._written(told.by))
            case "late":
                return words("promise-late-on", day=self._written(told.called_on), by=self._written(told.by))
            case "kept":
                return words("promise-in-time" if told.consoled else "promise-in-time-only", day=self._written(told.called_on))

    def _written(self, day: date | None) -> str:
        return "" if day is None else self.words.weekday(day)

    # -- across encounters ------------------------------------------------------------------------------------------

    def good_always(self, good: GoodAlways) -> str:
        """Whether somebody is good always."""
        words, made = self.words, len(good.evidence)
        match good.verdict:
            case "kept":
                return words("across-good-kept", all=made)
            case "broken":
                return words("across-good-broken", below=sum(one.under for one in good.evidence), all=made)
            case "not-yet":
                return words("across-good-not-yet", all=LAST, made=made)

    def promises(self) -> str:
        """How many promises were kept, of those of which it is known."""
        verdicts = [step.appointment.verdict for step in self.now.appointments if step.appointment is not None]
        known = [verdict for verdict in verdicts if verdict != "open"]
        if not known:
            waiting = any(step.appointment is not None and step.appointment.kept == "waiting" for step in self.now.appointments)
            return self.words("across-promises-open" if waiting else "across-promises-none")
        return self.words("share-kept", kept=known.count("kept"), all=len(known))

    def alike(self, pair: Pair) -> str:
        """Whether two customers who differ in nothing but who they are were treated alike."""
        one, other = (self.course.scenario(name, self.words.language).customer.name for name in pair.encounters)
        return self.words("across-alike-yes" if pair.verdict == "alike" else "across-alike-no", one=one, other=other)


def door(course: Course, words: Words) -> str:
    """What comes next in a programme, on one line."""
    told = Told(course, words)
    step = course.wants
    return told.nothing_next()[0] if step is None else words("home-programme-next", title=told.encounter(step.encounter))
