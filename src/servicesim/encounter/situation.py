"""The situation: where an encounter stands. `situation.after(event)` is the next one; it decides nothing."""

from __future__ import annotations

from enum import Enum
from functools import cache
from typing import Final, NamedTuple, assert_never

from servicesim.encounter.events import (
    Began,
    Ended,
    Event,
    Interrupted,
    Listened,
    ReplyChosen,
    SegmentBegan,
    SilenceFell,
    SpeechBegan,
    SpeechEnded,
    StationReached,
)
from servicesim.encounter.script import MOST_SILENCES, Effect, Option, Script, Spoken, Stage
from servicesim.scenario.principles import LISTENING


class Phase(Enum):
    """What is going on."""

    BEGINNING = "beginning"  # nobody has spoken yet
    SPEAKING = "speaking"  # the customer says a segment
    PAUSING = "pausing"  # the customer is at a station
    PROTESTING = "protesting"  # the customer was cut off
    WAITING = "waiting"  # the customer has finished and waits for a reply
    LEFT_WAITING = "left waiting"  # patience ran out once too often
    REPLIED = "replied"  # the trainee has replied
    ENDED = "ended"


# What a speech and a reply pass through, by names that are found at once: looking up a member of an enum takes far longer.
SPEAKING: Final = Phase.SPEAKING
PAUSING: Final = Phase.PAUSING
WAITING: Final = Phase.WAITING
REPLIED: Final = Phase.REPLIED


class Feelings(NamedTuple):
    """How the customer feels: expects and received 0-100, trust and anger 0-5."""

    expects: int
    received: int
    trust: int
    anger: int

    @property
    def satisfaction(self) -> int:
        """Received less expected (A1): -100 to 100."""
        return self.received - self.expects


class Speech(NamedTuple):
    """The speech that is being given, or was given last."""

    scene: int
    line: int
    segment: int = 0
    stations: int = 0  # how many of its stations were reached
    heard: int = -1  # the last station that got its listening act; the number of segments once the speech got its last
    interruptions: int = 0
    silences: int = 0
    warmed: bool = False  # listening has warmed the customer in this speech


_NEW = Speech(0, 0)[2:]

# A reply makes three situations. A tuple is made in a quarter of a frozen dataclass's time, and by `_made` in half of that.
_made = tuple.__new__


class Situation(NamedTuple):
    """All that the rules need to know: the past, in so far as it matters for what comes next."""

    script: Script
    phase: Phase
    since: float  # when this phase began, in seconds
    feelings: Feelings
    facts: tuple[int, ...]
    said: int  # the acts that have happened, as bits
    visits: bytes  # how often each scene has spoken
    speech: Speech | None = None
    chosen: Option | None = None
    untimed: bool = False
    pace: float = 1.0
    seed: int = 0
    ending: str | None = None

    @property
    def stage(self) -> Stage:
        """The scene that is being played."""
        assert self.speech is not None
        return self.script.stages[self.speech.scene]

    @property
    def spoken(self) -> Spoken:
        """The customer's line that is being spoken, or was spoken last."""
        assert self.speech is not None
        return self.stage.lines[self.speech.line]

    @property
    def ended(self) -> bool:
        """Whether the encounter is over."""
        return self.phase is Phase.ENDED

    def after(self, event: Event) -> Situation:
        """The situation after an event."""
        match event:
            case ReplyChosen():
                return self._replied(event)
            case SpeechBegan():
                return self._speaks(event)
            case SpeechEnded():
                return self._finished(event)
            case StationReached():
                return self._stops(event)
            case SegmentBegan():
                return self._goes_on(event)
            case Listened():
                return self._heard(event)
            case Interrupted():
                return self._cut(event)
            case SilenceFell():
                return self._kept_waiting(event)
            case Ended(at, ending):
                return self._replace(phase=Phase.ENDED, since=at, ending=ending)
            case Began():
                return self._replace(since=event.at, seed=event.seed, untimed=event.untimed, pace=event.pace)
            case _:
                assert_never(event)

    @property
    def _speech(self) -> Speech:
        assert self.speech is not None
        return self.speech

    def _with(self, act: str) -> int:
        return self.said | self.script.bit[act]

    def _replied(self, event: ReplyChosen) -> Situation:
        script, _, _, feelings, facts, said, visits, speech, _, untimed, pace, seed, _ = self
        option = script.options[event.scene][event.reply]
        facts = changed(facts, option.sets) if option.sets else facts
        feelings = felt(feelings, option.effects) if option.effects else feelings
        said |= option.bits
        return _made(Situation, (script, REPLIED, event.at, feelings, facts, said, visits, speech, option, untimed, pace, seed, None))

    def _speaks(self, event: SpeechBegan) -> Situation:
        script, _, _, feelings, facts, said, visits, _, _, untimed, pace, seed, _ = self
        number = script.number[event.scene]
        visits = visited(visits, number)
        said |= script.bit_of_speaking
        speech = beginning(number, event.line)
        return _made(Situation, (script, SPEAKING, event.at, feelings, facts, said, visits, speech, None, untimed, pace, seed, None))

    def _finished(self, event: SpeechEnded) -> Situation:
        script, _, _, feelings, facts, said, visits, speech, _, untimed, pace, seed, _ = self
        assert speech is not None
        spoken = script.stages[speech.scene].lines[speech.line]
        feelings = felt(feelings, spoken.effects) if spoken.effects else feelings
        said |= spoken.bits
        return _made(Situation, (script, WAITING, event.at, feelings, facts, said, visits, speech, None, untimed, pace, seed, None))

    def _stops(self, event: StationReached) -> Situation:
        script, _, _, feelings, facts, said, visits, speech, _, untimed, pace, seed, _ = self
        assert speech is not None
        said |= script.bit["station"]
        speech = _made(Speech, (*speech[:3], event.segment + 1, *speech[4:]))
        return _made(Situation, (script, PAUSING, event.at, feelings, facts, said, visits, speech, None, untimed, pace, seed, None))

    def _goes_on(self, event: SegmentBegan) -> Situation:
        script, _, _, feelings, facts, said, visits, speech, _, untimed, pace, seed, _ = self
        assert speech is not None
        speech = _made(Speech, (*speech[:2], event.segment, *speech[3:]))
        return _made(Situation, (script, SPEAKING, event.at, feelings, facts, said, visits, speech, None, untimed, pace, seed, None))

    def _heard(self, event: Listened) -> Situation:
        act, speech = LISTENING[event.how], self._speech
        warms = act in ("station-word", "nod") and not speech.warmed
        place = speech.segment if self.phase is Phase.PAUSING else len(self.spoken.segments)
        return self._replace(
            feelings=felt_listening(self.feelings, self.script.feel_of_play[act]) if warms else self.feelings,
            said=self._with(act),
            speech=speech._replace(heard=place, warmed=speech.warmed or warms),
        )

    def _cut(self, event: Interrupted) -> Situation:
        return self._replace(
            phase=Phase.PROTESTING,
            since=event.at,
            feelings=felt_listening(self.feelings, self.script.feel_of_play["interrupt"]),
            said=self._with("interrupt"),
            speech=self._speech._replace(interruptions=self._speech.interruptions + 1),
        )

    def _kept_waiting(self, event: SilenceFell) -> Situation:
        speech = self._speech._replace(silences=self._speech.silences + 1)
        return self._replace(
            phase=Phase.LEFT_WAITING if speech.silences == MOST_SILENCES else Phase.WAITING,
            since=event.at,
            feelings=felt_listening(self.feelings, self.stage.silence_effects),
            said=self._with("silence"),
            speech=speech,
        )


def opening(script: Script) -> Situation:
    """The situation before anything has happened."""
    customer = script.scenario.customer
    feelings = Feelings(customer.expects, customer.received, customer.trust, customer.anger)
    facts = tuple(int(value) for value in script.scenario.facts.values())
    return Situation(script, Phase.BEGINNING, 0.0, feelings, facts, 0, bytes(len(script.stages)))


def felt(feelings: Feelings, effects: tuple[Effect, ...]) -> Feelings:
    """The feelings after each effect in turn, clamped each time."""
    expects, received, trust, anger = feelings
    for more_expects, more_received, more_trust, more_anger in effects:
        expects += more_expects
        received += more_received
        trust += more_trust
        anger += more_anger
        if not (0 <= expects <= 100 and 0 <= received <= 100 and 0 <= trust <= 5 and 0 <= anger <= 5):
            expects, received = min(100, max(0, expects)), min(100, max(0, received))
            trust, anger = min(5, max(0, trust)), min(5, max(0, anger))
    return _made(Feelings, (expects, received, trust, anger))


def changed(facts: tuple[int, ...], sets: tuple[tuple[int, int], ...]) -> tuple[int, ...]:
    """The facts after some were set."""
    after = list(facts)
    for place, value in sets:
        after[place] = value
    return tuple(after)


@cache  # of every line of a script at most one, and it is asked for at each reply
def beginning(scene: int, line: int) -> Speech:
    """A speech of which nothing has been said."""
    return _made(Speech, (scene, line, *_NEW))


def visited(visits: bytes, scene: int) -> bytes:
    """The visits after one more to a scene."""
    return b"".join((visits[:scene], _ONE_MORE[visits[scene]], visits[scene + 1 :]))


_ONE_MORE = tuple(bytes((count,)) for count in range(1, 256))


def felt_listening(feelings: Feelings, effects: tuple[Effect, ...]) -> Feelings:
    """As `felt`, for what is no reply: it brings anger to 4 at most, since only a reply makes a customer leave."""
    after = felt(feelings, effects)
    return after._replace(anger=min(after.anger, max(4, feelings.anger)))
