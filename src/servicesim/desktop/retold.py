"""What happened, told again from the transcript: the turns of the conversation so far, and the moment of a verdict."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace
from typing import Literal

from servicesim.assessment.assess import Evidence
from servicesim.desktop.safe_text import isolated, safe_text
from servicesim.encounter.events import (
    Began,
    Ended,
    Event,
    Interrupted,
    Listened,
    Listening,
    ReplyChosen,
    SegmentBegan,
    SilenceFell,
    SpeechBegan,
    StationReached,
)
from servicesim.encounter.script import Script
from servicesim.encounter.silence import said_to_silence
from servicesim.scenario.names import inserted

Who = Literal["customer", "trainee", "scene", "play"]

_HANGING = " ’'‘“„«(,،-־–—\u200c\u2068"  # what no one who was cut off ends on, down to the joiner and the isolate that cannot be seen


@dataclass(frozen=True, slots=True)
class Turn:
    """One bubble: `segments` are the parts of a speech; `heard` are the listening acts that fell into it."""

    who: Who
    segments: tuple[str, ...]
    deed: bool = False  # it was done, not said
    first: int = 0  # number of the first of the segments within the whole speech
    cut: bool = False
    half: bool = False  # of the last segment only a part was said
    at: float = 0.0  # seconds since the start
    heard: tuple[Listening, ...] = ()
    kind: Literal["", "cut-in", "silence"] = ""  # what the play itself did, for those who word it

    @property
    def text(self) -> str:
        """All of it."""
        return " ".join(self.segments) + (" —" if self.cut else "")

    def upto(self, segment: int, share: float) -> int:
        """How many characters have been heard in this part of that segment (counted in the whole speech)."""
        here = segment - self.first
        if here < 0:
            return 0
        if here >= len(self.segments):
            return len(self.text)
        before = sum(len(one) + 1 for one in self.segments[:here])
        return before + round(share * len(self.segments[here]))


def in_writing(script: Script) -> bool:
    """Whether the customer writes: letters, or messages."""
    return script.scenario.channel in ("chat", "email")


def filled(script: Script, trainee: str) -> Callable[[str], str]:
    """Puts names into authored texts, isolated, and leaves out what must not be drawn."""
    scenario = script.scenario
    names = {"trainee": isolated(trainee), "customer": isolated(scenario.customer.name), "company": isolated(scenario.company)}
    return lambda text: safe_text(inserted(" ".join(text.split()), **names))


def turns(script: Script, events: Sequence[Event], trainee: str) -> list[Turn]:
    """The conversation as far as it has gone; the last turn of the customer is the one that is being spoken."""
    told: list[Turn] = []
    fill = filled(script, trainee)
    for number, event in enumerate(events):
        match event:
            case SpeechBegan(_, scene, line):
                stage = script.stage(scene)
                if stage.scene.do:
                    told.append(Turn("scene", (fill(stage.scene.do),), deed=True, at=event.at))
                told.append(Turn("customer", tuple(fill(part) for part in stage.lines[line].segments), at=event.at))
            case Listened(_, how):
                _hear(told, how)
            case Interrupted():
                _cut_in(told, script, events[: number + 1], fill)
            case SilenceFell():
                told += _silence(script, events[: number + 1], fill)
            case ReplyChosen(_, scene, reply):
                chosen = script.stage(scene).by_id[reply].reply
                told.append(Turn("trainee", (fill(chosen.words),), deed=chosen.do is not None, at=event.at))
            case Ended(_, ending) if ending is not None and (said := script.ending(ending).customer):
                told.append(Turn("customer", (fill(said),), at=event.at))
            case _:
                pass
    return told


def _hear(told: list[Turn], how: Listening) -> None:
    place = max(place for place, turn in enumerate(told) if turn.who == "customer")
    told[place] = replace(told[place], heard=(*told[place].heard, how))


def _cut_in(told: list[Turn], script: Script, events: Sequence[Event], fill: Callable[[str], str]) -> None:
    """The speech breaks off, the customer protests, and the cut segment is said again."""
    speech, segment, share = _spoken_until(script, events)
    place = max(place for place, turn in enumerate(told) if turn.who == "customer")
    whole = told[place]
    here = max(0, segment - whole.first)
    said = _said_of(whole.segments[here], share) if here < len(whole.segments) else ""
    broken_off = (*whole.segments[:here], *((said,) if said else ()))
    told[place] = replace(whole, segments=broken_off, cut=True, half=bool(said) and said != whole.segments[here])
    at = events[-1].at
    told.append(Turn("trainee", (), deed=True, kind="cut-in", at=at))
    told.append(Turn("customer", (fill(script.stage(speech.scene).protest),), at=at))
    told.append(Turn("customer", whole.segments[here:], first=segment, at=at))


def _said_of(segment: str, share: float) -> str:
    """As much of it as was said; a word is not left hanging on its apostrophe."""
    length = round(share * len(segment))
    return segment if length >= len(segment) else segment[:length].rstrip(_HANGING)


def _spoken_until(script: Script, events: Sequence[Event]) -> tuple[SpeechBegan, int, float]:
    """The speech that is being given, its segment, and which part of it was heard when the last event came."""
    begun = max(number for number, event in enumerate(events) if isinstance(event, SpeechBegan))
    speech = events[begun]
    assert isinstance(speech, SpeechBegan)
    segment, since, done = 0, speech.at, False
    for event in events[begun:-1]:
        match event:
            case SegmentBegan(at, number):
                segment, since, done = number, at, False
            case StationReached():
                done = True
            case _:
                pass
    first = events[0]
    if done or (isinstance(first, Began) and first.untimed):
        return speech, segment, 1.0
    lasts = script.stage(speech.scene).lines[speech.line].seconds[segment]
    pace = first.pace if isinstance(first, Began) else 1.0
    return speech, segment, min(1.0, (events[-1].at - since) * pace / lasts)


def _silence(script: Script, events: Sequence[Event], fill: Callable[[str], str]) -> Iterator[Turn]:
    at = events[-1].at
    yield Turn("play", (), deed=True, kind="silence", at=at)
    if said := said_to_silence(script, events):
        yield Turn("customer", (fill(said),), at=at)


# --- the moment of a verdict -----------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Told:
    """The moment behind one piece of evidence: what the customer said, what the trainee did, and the reply's own why."""

    at: float
    customer: str = ""
    reply: str = ""
    did: Listening | Literal["", "interrupt", "silence", "nothing"] = ""
    why: str = ""
    whole: bool = False  # it is about the encounter as a whole


def moment(script: Script, events: Sequence[Event], evidence: Evidence, trainee: str) -> Told:
    """Where a verdict was decided, in the words that were said there."""
    if evidence.event is None or not 0 <= evidence.event < len(events):
        return Told(evidence.at, whole=True)
    fill = filled(script, trainee)
    here = events[: evidence.event + 1]
    event = here[-1]
    said = _customer_said(script, here, fill)
    match event:
        case ReplyChosen(at, scene, reply):
            return _replied(script, scene, reply, fill, Told(at, said))
        case Listened(at, how):
            return Told(at, said, did=how)
        case Interrupted(at):
            return Told(at, said, did="interrupt")
        case SilenceFell(at):
            return Told(at, said, did="silence")
        case StationReached(at, _):
            return Told(at, said, did="nothing" if evidence.verdict == "broken" else "")
        case _:
            return _answered(script, events, evidence, fill, said)


def _answered(script: Script, events: Sequence[Event], evidence: Evidence, fill: Callable[[str], str], said: str) -> Told:
    """The customer did something, and the next reply is the answer to it."""
    assert evidence.event is not None
    for event in events[evidence.event + 1 :]:
        if isinstance(event, ReplyChosen):
            return _replied(script, event.scene, event.reply, fill, Told(evidence.at, said))
    return Told(evidence.at, said)


def _replied(script: Script, scene: str, reply: str, fill: Callable[[str], str], told: Told) -> Told:
    chosen = script.stage(scene).by_id[reply].reply
    return replace(told, reply=fill(chosen.words), why=fill(chosen.why or ""))


def _customer_said(script: Script, events: Sequence[Event], fill: Callable[[str], str]) -> str:
    """What the customer said up to here: the last segment at a station, else the whole speech."""
    if not any(isinstance(event, SpeechBegan) for event in events):
        return ""
    speech, segment, _ = _spoken_until(script, [*events, events[-1]])
    line = script.stage(speech.scene).lines[speech.line]
    if isinstance(events[-1], StationReached | Interrupted):
        return fill(line.segments[segment])
    return ("\n" if script.scenario.channel == "chat" else " ").join(map(fill, line.segments))  # of a chat each is a message
