"""One play of a scenario, as somebody at the desk would use it.

    encounter = Encounter(script, seed=7)
    encounter.listen("go-on", at=3.1)
    encounter.reply("summarise", at=12.4)

Time is passed in, in seconds since the start. Each move first lets the clock bring what is due, then does what was
asked, then lets follow what follows; `keep` is given these events before anything changes, and if it raises,
nothing has changed.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from typing import Protocol

from servicesim.encounter import rules
from servicesim.encounter.events import Began, Event, Listening, ReplyChosen, SpeechBegan, SpeechEnded
from servicesim.encounter.rules import A_MOMENT, ANGER_TO_LEAVE
from servicesim.encounter.script import Option, Script
from servicesim.encounter.situation import (
    SPEAKING,
    WAITING,
    Phase,
    Situation,
    beginning,
    changed,
    felt,
    opening,
    visited,
)
from servicesim.errors import VerificationFailed
from servicesim.scenario.graph import MOST_SPEECHES


class Keep(Protocol):
    """Where events are kept; returns when they are safe."""

    def __call__(self, events: Sequence[Event], /) -> None: ...


def keep_nothing(events: Sequence[Event]) -> None:
    """For plays that nobody needs to keep."""


def began(script: Script, *, seed: int = 0, untimed: bool = False, pace: float = 1.0) -> Began:
    """The first event of a play."""
    return Began(
        at=0.0,
        scenario=script.scenario.id,
        fingerprint=script.fingerprint,
        principles=script.principles_fingerprint,
        rules=rules.VERSION,
        seed=seed,
        untimed=untimed,
        pace=pace,
    )


def unfolded(situation: Situation, by: float) -> tuple[list[Event], Situation]:
    """All that comes by itself until `by`, and the situation then."""
    events: list[Event] = []
    return events, _unfold(situation, by, events)


def _unfold(situation: Situation, by: float, events: list[Event]) -> Situation:
    """As `unfolded`, but the events are added to those that have come before."""
    while (event := rules.due(situation, by)) is not None:
        events.append(event)
        situation = situation.after(event)
    return situation


class Encounter:
    """One play: its situation, and the events that led there."""

    def __init__(
        self, script: Script, *, seed: int = 0, untimed: bool = False, pace: float = 1.0, keep: Keep = keep_nothing
    ) -> None:
        self.script, self._keep = script, keep
        first = began(script, seed=seed, untimed=untimed, pace=pace)
        self.events: list[Event] = []
        self.situation = opening(script)
        self._take([first], self.situation.after(first))
        self.advance(0.0)

    @classmethod
    def resumed(cls, script: Script, events: Iterable[Event], keep: Keep = keep_nothing) -> Encounter:
        """The encounter that these events led to; the clock goes on from the last of them."""
        encounter = cls.__new__(cls)
        encounter.script, encounter._keep = script, keep
        encounter.events = list(events)
        encounter.situation = replayed(script, encounter.events)
        encounter.advance(encounter.at)
        return encounter

    @property
    def at(self) -> float:
        """When the last event happened, in seconds."""
        return self.events[-1].at

    @property
    def ended(self) -> bool:
        """Whether the encounter is over."""
        return self.situation.ended

    @property
    def offered(self) -> tuple[Option, ...]:
        """The replies that can be given now, in the order in which the trainee sees them."""
        return rules.offered(self.situation)

    def advance(self, at: float) -> list[Event]:
        """Let the clock come to `at`; what that brings."""
        events, situation = unfolded(self.situation, at)
        self._take(events, situation)
        return events

    def reply(self, reply: str, at: float) -> list[Event]:
        """Give a reply."""
        exchange = exchanged(self.situation, reply, self._not_before(at))
        if exchange is None:
            return self._do(rules.reply, reply, at=at)
        self._take(*exchange)
        return exchange[0]

    def listen(self, how: Listening, at: float) -> list[Event]:
        """Say a neutral word, nod, or say yes or no."""
        return self._do(rules.listen, how, at=at)

    def interrupt(self, at: float) -> list[Event]:
        """Cut in."""
        return self._do(rules.interrupt, at=at)

    def move_on(self, at: float) -> list[Event]:
        """Let the customer go on, in untimed play."""
        return self._do(rules.move_on, at=at)

    def _do(self, move: Callable[..., Event], *asked: str, at: float) -> list[Event]:
        at, events = self._not_before(at), list[Event]()
        situation = _unfold(self.situation, at, events)
        event = move(situation, *asked, at)
        events.append(event)
        situation = _unfold(situation.after(event), at, events)
        self._take(events, situation)
        return events

    def _not_before(self, at: float) -> float:
        """The time of a move: in milliseconds, and no earlier than what has happened."""
        at, last = round(at, 3), self.events[-1].at
        return at if at > last else last

    def _take(self, events: list[Event], situation: Situation) -> None:
        if events:
            self._keep(events)
            self.events += events
            self.situation = situation


def exchanged(situation: Situation, reply: str, at: float) -> tuple[list[Event], Situation] | None:
    """The end of a speech, a reply and the beginning of the next speech at once; None where anything else may come.

    Nearly every move is this one. It says nothing that `rules` and `Situation.after` do not say: it only leaves out the
    situations in between, in which nothing can happen. A replay goes step by step and finds the same.
    """
    script, phase, since, feelings, facts, said, visits, speech, _, untimed, pace, seed, _ = situation
    if speech is None or untimed or script.written or pace > MOST_PACE:
        return None
    stage = script.stages[speech.scene]
    option = stage.by_id.get(reply)
    if option is None or (target := option.target) is None or visits[target] >= MOST_SPEECHES:
        return None
    ends = phase is SPEAKING
    if ends:
        spoken = stage.lines[speech.line]
        since = round(since + spoken.seconds[-1] / pace, 3)
        if since > at or speech.segment + 1 < len(spoken.seconds):
            return None
        said |= spoken.bits
        if spoken.effects:
            feelings = felt(feelings, spoken.effects)
    elif phase is not WAITING:
        return None
    if since + stage.patience < at + A_MOMENT:
        return None
    if option.holds is not None:
        unchanged = feelings is situation.feelings and said == situation.said
        if not option.holds(situation if unchanged else situation._replace(feelings=feelings, said=said)):
            return None
    if option.effects:
        feelings = felt(feelings, option.effects)
    following = script.stages[target]
    if feelings.anger >= ANGER_TO_LEAVE or len(following.lines) > 1:
        return None
    if option.sets:
        facts = changed(facts, option.sets)
    said |= option.bits | script.bit_of_speaking
    now = (script, SPEAKING, at, feelings, facts, said, visited(visits, target), beginning(target, 0), None, untimed, pace, seed, None)
    given, begun = _made(ReplyChosen, (at, stage.name, reply)), _made(SpeechBegan, (at, following.name, 0))
    return [_made(SpeechEnded, (since,)), given, begun] if ends else [given, begun], _made(Situation, now)


MOST_PACE = 100  # beyond, what is said may take no time at all
_made = tuple.__new__


def replayed(script: Script, events: Sequence[Event]) -> Situation:
    """The situation that a transcript leads to; raises VerificationFailed where it breaks the rules of play."""
    situation = opening(script)
    for number, event in enumerate(events):
        if isinstance(event, Began) != (number == 0):
            raise VerificationFailed("a transcript begins with 'began', and with nothing else")
        if isinstance(event, Began):
            _demand_same_version(script, event)
        elif not rules.allows(situation, event):
            raise VerificationFailed(f"event {number + 1} of the transcript cannot happen there: {event}")
        situation = situation.after(event)
    if situation.phase is Phase.BEGINNING and not events:
        raise VerificationFailed("the transcript is empty")
    return situation


def _demand_same_version(script: Script, event: Began) -> None:
    told = (event.fingerprint, event.principles, event.rules)
    if told != (script.fingerprint, script.principles_fingerprint, rules.VERSION):
        raise VerificationFailed("the transcript was played with another version of the scenario, principles or rules")
