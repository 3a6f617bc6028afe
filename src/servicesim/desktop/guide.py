"""What the guide of an unscored encounter says, moment by moment: a pure function of what was written and what has happened.

    hint = hint_at(script, playing.events, playing.situation, now)

Each part of a speech may have a lesson (`guide` in the file). A lesson that calls for a deed lets time stand until it is done;
the rules of play stay as they are, for a clock that stands brings nothing.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

from servicesim.encounter.events import (
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
from servicesim.encounter.situation import Phase, Situation
from servicesim.scenario.model import Lesson

INTO_PAUSE = 0.5  # seconds after which time stands at a station: the customer has drawn breath by then
INTO_SENTENCE = 0.45  # of a part, where cutting in is tried

_AT_STOPS = ("go-on", "again", "nod", "no-side")
_CALLS = {"go-on": "guide-go-on", "nod": "guide-nod", "no-side": "guide-no-side"}


@dataclass(frozen=True, slots=True)
class Hint:
    """One sentence of the guide: a key of the words, or what the trainer wrote; and what it points at."""

    key: str = ""
    text: str = ""  # of the trainer
    at: str = ""  # a listening act, or "listening", "interrupt", "face", "answers", "patience"; nothing if empty
    holds: float | None = None  # the second of the encounter at which time stands until something is done


@dataclass(frozen=True, slots=True)
class Heard:
    """One part of the speech that is being given: what was done in the pause after it, and whether it was cut."""

    part: int
    how: Listening | None = None
    paused: bool = False
    cut: bool = False


def lessons(script: Script) -> tuple[Lesson, ...]:
    """What is taught, each lesson once, in the order in which it is written."""
    written = (lesson for scene in script.scenario.scenes.values() for line in scene.customer for lesson in line.guide)
    return tuple(dict.fromkeys(lesson for lesson in written if lesson not in ("listen", "again")))


def met(script: Script, events: Sequence[Event]) -> tuple[Lesson, ...]:
    """The lessons that the encounter has come to."""
    guide, found = tuple[Lesson, ...](), list[Lesson]()
    for event in events:
        if isinstance(event, SpeechBegan):
            guide = script.stage(event.scene).lines[event.line].line.guide
        part = 0 if isinstance(event, SpeechBegan) else event.segment if isinstance(event, SegmentBegan) else len(guide)
        found += guide[part : part + 1]
    return tuple(lesson for lesson in lessons(script) if lesson in found)


def hint_at(script: Script, events: Sequence[Event], situation: Situation, now: float) -> Hint | None:
    """What the guide says at this second of the encounter; None: what it said last stays."""
    match situation.phase:
        case Phase.BEGINNING | Phase.REPLIED:
            return None
        case Phase.ENDED:
            return _why(script, events)
        case Phase.PROTESTING:
            return Hint("guide-cut-in", at="face")
        case Phase.WAITING | Phase.LEFT_WAITING:
            return _at_replies(events, situation)
        case Phase.PAUSING:
            return _at_pause(events, situation)
        case Phase.SPEAKING:
            return _while_speaking(script, events, situation, now)


def _lesson(situation: Situation, part: int) -> Lesson:
    guide = situation.spoken.line.guide
    return guide[part] if 0 <= part < len(guide) else "listen"


def _part(situation: Situation) -> int:
    assert situation.speech is not None
    return situation.speech.segment


def _while_speaking(script: Script, events: Sequence[Event], situation: Situation, now: float) -> Hint | None:
    part, spoken = _part(situation), _this_speech(events)
    invites = _lesson(situation, part) == "interrupt"
    if spoken[-1].cut:
        return Hint("guide-cut-in-asked" if invites else "guide-cut-in-unasked", at="face")
    before = _before(script, events, situation, spoken)
    if not invites or situation.untimed:
        return before
    middle = situation.since + INTO_SENTENCE * situation.spoken.seconds[part] / situation.pace
    return Hint("guide-interrupt", at="interrupt", holds=middle) if now >= middle else replace(before or Hint(), holds=middle)


def _before(script: Script, events: Sequence[Event], situation: Situation, spoken: Sequence[Heard]) -> Hint | None:
    """While a part is said: what was done in the pause before it, or what the reply did."""
    part = _part(situation)
    if part == 0:
        return _why(script, events) or Hint("guide-begin")
    before = next((one for one in reversed(spoken[:-1]) if one.part == part - 1), None)
    if before is None:
        return None
    reaction = _reaction(_lesson(situation, part - 1), before)
    if _lesson(situation, part) == "again" and (reaction is None or reaction.key == "guide-did-go-on"):
        return Hint("guide-alone" if reaction is None else "guide-again")
    return reaction


def _at_pause(events: Sequence[Event], situation: Situation) -> Hint | None:
    part, here = _part(situation), _this_speech(events)[-1]
    lesson = _lesson(situation, part)
    if here.how is not None:
        return _reaction(lesson, here)
    if lesson == "interrupt" and not here.cut:
        return Hint("guide-interrupt", at="interrupt") if situation.untimed else Hint("guide-not-cut")
    if lesson == "again":
        return Hint("guide-now", at="go-on")
    if lesson in _CALLS:
        return Hint(_CALLS[lesson], at="listening" if lesson == "no-side" else lesson, holds=situation.since + INTO_PAUSE)
    return None


def _reaction(lesson: Lesson, heard: Heard) -> Hint | None:
    """What a pause came to, where it was one to learn at, or a side was taken."""
    if heard.how in ("yes", "no"):
        return Hint(f"guide-did-{heard.how}", at="face")
    if lesson not in _AT_STOPS:
        return None
    if lesson == "no-side":
        return Hint("guide-kept-out" if heard.how else "guide-said-nothing")
    if heard.how is None:
        return Hint("guide-missed") if heard.paused else None
    return Hint("guide-in-time" if lesson == "again" else f"guide-did-{heard.how}")


def _at_replies(events: Sequence[Event], situation: Situation) -> Hint | None:
    if any(isinstance(event, SilenceFell) for event in _since_speech(events)):
        return Hint("guide-silence", at="answers")
    match _lesson(situation, len(situation.spoken.segments) - 1):
        case "choose":
            return Hint("guide-choose", at="answers", holds=situation.since)
        case "summarise":
            return Hint("guide-summarise", at="answers", holds=situation.since)
        case "patience" if situation.untimed:
            return Hint("guide-no-clock")
        case "patience":
            return Hint("guide-patience", at="patience")
        case _:
            return None


def _why(script: Script, events: Sequence[Event]) -> Hint | None:
    """What the trainer says of the last reply."""
    chosen = next((event for event in reversed(events) if isinstance(event, ReplyChosen)), None)
    why = script.stage(chosen.scene).by_id[chosen.reply].reply.why if chosen else None
    return Hint(text=why) if why else None


def _since_speech(events: Sequence[Event]) -> Sequence[Event]:
    begun = max((number for number, event in enumerate(events) if isinstance(event, SpeechBegan)), default=0)
    return events[begun:]


def _this_speech(events: Sequence[Event]) -> list[Heard]:
    """The parts of the speech that is being given, one after the other; a part that is said again stands once, as cut."""
    parts = [Heard(0)]
    for event in _since_speech(events):
        match event:
            case SegmentBegan(_, part) if part != parts[-1].part:
                parts.append(Heard(part))
            case StationReached():
                parts[-1] = replace(parts[-1], paused=True)
            case Listened(_, how):
                parts[-1] = replace(parts[-1], how=how)
            case Interrupted():
                parts[-1] = replace(parts[-1], cut=True)
            case _:
                pass
    return parts


# --- what came of it -------------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Done:
    """What was done in an encounter, counted; `summarised`: something was said back before the end."""

    pauses: int
    answered: int  # with a small word or a nod
    sides: int  # taken with yes or no
    cuts: int
    silences: int
    summarised: bool


def done(script: Script, events: Sequence[Event]) -> Done:
    """What the trainee did."""
    chosen = [script.stage(event.scene).by_id[event.reply].reply for event in events if isinstance(event, ReplyChosen)]
    answered, pausing = 0, False
    for event in events:
        answered += pausing and isinstance(event, Listened) and event.how in ("go-on", "nod")
        pausing = isinstance(event, StationReached) or (pausing and isinstance(event, Listened))
    return Done(
        pauses=sum(isinstance(event, StationReached) for event in events),
        answered=answered,
        sides=sum(isinstance(event, Listened) and event.how in ("yes", "no") for event in events),
        cuts=sum(isinstance(event, Interrupted) for event in events),
        silences=sum(isinstance(event, SilenceFell) for event in events),
        summarised=any("summarise" in reply.acts for reply in chosen),
    )
