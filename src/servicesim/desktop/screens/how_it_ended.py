"""How an encounter of the organisation ended, while its server works out how one did."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from typing import Literal

from servicesim.desktop.arrangement import Card, Column, Row, Space
from servicesim.desktop.button import Button
from servicesim.desktop.desk import Desk
from servicesim.desktop.icons import IconName
from servicesim.desktop.inputs import KeyPressed
from servicesim.desktop.label import Label, heading
from servicesim.desktop.link import Debriefed, Kept, Standing, is_offline
from servicesim.desktop.mood import AT_THE_END, Mood
from servicesim.desktop.retold import filled
from servicesim.desktop.safe_text import safe_text
from servicesim.desktop.satisfaction import Zone, zone_of
from servicesim.desktop.screens.sheet import Sheet
from servicesim.desktop.screens.sign import Portrait, Sign, looks
from servicesim.desktop.widget import Widget
from servicesim.desktop.wording import Words, direction_of, reads
from servicesim.encounter.events import Event
from servicesim.encounter.script import Script
from servicesim.encounter.situation import Feelings, Situation, opening
from servicesim.errors import ServicesimError
from servicesim.records.attempt import Attempt, Result

SEEN = 2.0  # seconds for which the ending is shown at least, however quick the server is

State = Literal["worked-out", "kept", "judged", "refused"]
_SIGNS: dict[State, tuple[IconName, str]] = {
    "worked-out": ("clock", "accent"), "kept": ("check", "kept"), "judged": ("check", "kept"), "refused": ("warning", "pending"),
}
_ZONES: dict[Zone, tuple[IconName, str]] = {"delighted": ("smile", "kept"), "satisfied": ("smile", "kept"), "dissatisfied": ("frown", "broken")}


class HowItEnded(Sheet):
    """The ending, and what happens with it now; goes on by itself once the verdict is there, and never keeps anybody."""

    def __init__(
        self, words: Words, desk: Desk, script: Script, attempt: Attempt, events: Sequence[Event],
        on_debrief: Callable[[Debriefed], None], on_home: Callable[[], None],
    ) -> None:  # fmt: skip
        super().__init__(words, desk)
        self.script, self.attempt, self.on_debrief, self.on_home = script, attempt, on_debrief, on_home
        self.events, self.situation = events, _after(script, events)
        self.state: State = "worked-out"
        self.refused = ""
        self._busy = False  # the debrief is being fetched
        self._found: Debriefed | None = None
        self._result: Result | None = None  # as the server gave it: nobody here knows how the customer feels about it
        self._until = 0.0
        self.reword()

    def reword(self) -> None:
        self.title = self.words("ended-title")

    # -- the page ---------------------------------------------------------------------------------------------------

    def build(self) -> Widget:
        words, name = self.words, self.script.scenario.customer.name
        told = Column(
            *self.trouble_card(), heading(words("ended-title"), "lead", ink="accent"), *self._ending(name), *self._feels(name), Space(grow=1),
            self._now(), Row(*self._ways(), gap=2), gap=2.5, grow=1,
        )  # fmt: skip
        return Column(self.band(*self.settings_button()), Row(self._face(), told, gap=6, padding=(5, 4), across="stretch", grow=1), gap=0)

    def _ways(self) -> Iterator[Button]:
        """On to how it went, once that is there; home at any time."""
        words, waits = self.words, self.state == "worked-out"
        if waits:
            yield Button(words("to-debrief"), self.go_on, kind="primary", icon="forward", key="enter", hint="Enter", enabled=self._found is not None)
            yield Button(words("ended-home"), self.on_home)
        else:
            yield Button(words("ended-home"), self.on_home, kind="primary", icon="forward", key="enter", hint="Enter")

    def entered(self) -> None:
        self._until = self.stage.now() + SEEN
        self.linked()

    def uncovered(self) -> None:
        self.linked()

    def suited(self) -> None:
        self.rebuild()

    def key(self, key: KeyPressed) -> bool:
        if key.key == "escape":
            self.on_home()
            return True
        return False

    def tick(self, now: float) -> float | None:
        if self._found is None:
            return None
        if now < self._until:
            return self._until
        self.go_on()
        return None

    def go_on(self) -> None:
        """On to how it went."""
        if self._found is not None:
            self.on_debrief(self._found)

    def _face(self) -> Portrait:
        customer, result = self.script.scenario.customer, self._result
        mood, name = Mood(), customer.name  # calm, until it is known
        if result is not None:
            feelings = Feelings(result.expects, result.received, result.trust, result.anger)
            mood, name = AT_THE_END[zone_of(result.satisfaction)], self.words(looks(feelings), customer=name)
        return Portrait(
            self.desk.faces, customer.portrait, mood, name=name,
            width=400, height=584, radius=20,
        )  # fmt: skip

    def _ending(self, name: str) -> Iterator[Widget]:
        """What it came to, and what the customer said at last."""
        if self.situation.ending is None:
            return
        ending = self.script.ending(self.situation.ending)
        title = safe_text(ending.title)
        said = [] if ending.customer is None else [self._said(name, ending.customer)]
        yield Column(Label(title, "title", bold=True, direction=reads(title), heading=True), *said, gap=1.5)

    def _said(self, name: str, said: str) -> Widget:
        trainee = self.desk.person.name if self.desk.person else ""
        quoted = Label(self.words("quoted", text=filled(self.script, trainee)(said)), "lead", direction=direction_of(self.script.scenario.locale))
        key = "wrote-then" if self.script.written or self.script.scenario.channel == "chat" else "said-then"
        return Column(Label(self.words(key, customer=name), "small", ink="ink_soft"), quoted, gap=0.25)

    def _feels(self, name: str) -> Iterator[Row]:
        """Satisfaction, once the server has said it: what was received, held against what was expected."""
        if self._result is not None:
            zone = zone_of(self._result.satisfaction)
            icon, ink = _ZONES[zone]
            yield Row(Sign(icon, ink, side=28), Label(self.words(f"ended-{zone}", customer=name), "body", grow=1), gap=1.5)

    def _now(self) -> Card:
        """What happens with it now."""
        icon, ink = _SIGNS[self.state]
        said = Column(
            Label(self.words(f"ended-now-{self.state}"), "body", bold=True), Label(self.words(f"ended-means-{self.state}"), "body", ink="ink_soft"),
            *self._why(), gap=0.5, grow=1,
        )  # fmt: skip
        return Card(Row(Sign(icon, ink, side=28), said, gap=2, across="start"), padding=(3, 2.25), radius=14)

    def _why(self) -> Iterator[Label]:
        """Why it was not taken, as the server says it: perhaps in another language."""
        if self.refused:
            direction = reads(self.refused)
            yield Label(self.refused, "small", ink="ink_soft", direction=direction, align="start" if direction == self.words.direction else "end")

    # -- what comes -------------------------------------------------------------------------------------------------

    def linked(self) -> None:
        """See whether the verdict is there."""
        if not self._busy and self._found is None:
            self.ask(self._ask_here, self._looked)

    def _ask_here(self) -> tuple[Kept | None, Standing | None, Result | None]:
        organised, known = self.desk.organised, self.desk.records.attempt(self.attempt.id)
        return organised.verdict(self.attempt.id), organised.standing(self.attempt.learner), known[1] if known is not None else None

    def _looked(self, found: tuple[Kept | None, Standing | None, Result | None]) -> None:
        kept, standing, result = found
        if kept is not None and result != self._result:
            self._result = result
            self.rebuild()
        if kept is None:
            self._show("kept" if standing is None or is_offline(standing) else "worked-out")
        elif kept.refused:
            self.refused = safe_text(kept.refused)
            self._show("refused")
        elif not self._busy and self._found is None:
            self._busy = True
            self._show("worked-out")
            self.ask_far(lambda: self.desk.organised.debrief(self.attempt.id), self._fetched, self._not_fetched)

    def _fetched(self, debriefed: Debriefed) -> None:
        self._found, self._busy = debriefed, False
        self.rebuild()

    def _not_fetched(self, _failure: ServicesimError) -> None:
        """It is judged, and can be looked at another time; `linked` asks again."""
        self._busy = False
        self._show("judged")

    def _show(self, state: State) -> None:
        if state != self.state:
            self.state = state
            self.stage.announce(f"{self.words(f'ended-now-{state}')} {self.words(f'ended-means-{state}')}")
            self.rebuild()


def _after(script: Script, events: Sequence[Event]) -> Situation:
    situation = opening(script)
    for event in events:
        situation = situation.after(event)
    return situation
