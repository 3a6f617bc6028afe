"""The rules of play. They decide, from a situation alone, and change nothing.

`due` says what comes by itself: what follows from the last event, or what the clock has brought. The others are the
trainee's moves; each gives one event, or raises NotOffered with what is offered.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterator
from typing import NamedTuple, assert_never

from servicesim.encounter.events import (
    Ended,
    Event,
    Interrupted,
    Listened,
    Listening,
    ReplyChosen,
    SegmentBegan,
    SilenceFell,
    SpeechBegan,
    SpeechEnded,
    StationReached,
)
from servicesim.encounter.script import MOST_INTERRUPTIONS, PAUSE, Option
from servicesim.encounter.situation import REPLIED, SPEAKING, WAITING, Phase, Situation, visited
from servicesim.errors import NotOffered
from servicesim.scenario import conditions
from servicesim.scenario.conditions import Atom, Name, Number, Said, Seen
from servicesim.scenario.graph import MOST_SPEECHES

VERSION = 1  # of the rules of play; an attempt keeps it
ANGER_TO_LEAVE = 5
A_MOMENT = 0.001  # seconds; times are rounded to this
_made = tuple.__new__  # of the events that each reply brings: as their own names would, in a third of the time

# --- what comes by itself --------------------------------------------------------------------------------------------


def due(situation: Situation, by: float) -> Event | None:
    """The next event that comes without the trainee, if it comes no later than `by` (seconds)."""
    phase = situation.phase
    if phase is SPEAKING:
        return _segment_over(situation, by)
    if phase is WAITING:
        return _patience(situation, by)
    if phase is REPLIED:
        return _after_reply(situation)
    match phase:
        case Phase.PAUSING:
            return None if situation.untimed else _go_on(situation, situation.since + PAUSE, by)
        case Phase.PROTESTING:
            return _say_again(situation, by)
        case Phase.BEGINNING:
            return _speech(situation, situation.script.start, situation.since)
        case Phase.LEFT_WAITING:
            return _after_silence(situation)
        case Phase.ENDED:
            return None
        case _:
            assert_never(phase)


def due_at(situation: Situation) -> float | None:
    """When the next event comes by itself, in seconds; None when only the trainee can go on."""
    event = due(situation, float("inf"))
    return None if event is None else event.at


def _after_reply(situation: Situation) -> Event:
    option, at = situation.chosen, situation.since
    assert option is not None
    if situation.feelings.anger >= ANGER_TO_LEAVE and situation.script.scenario.leaves is not None:
        return Ended(at, situation.script.scenario.leaves)
    if option.target is None:
        return Ended(at, option.reply.end)
    return _speech(situation, option.target, at)


def _speech(situation: Situation, scene: int, at: float) -> SpeechBegan:
    stage = situation.script.stages[scene]
    lines = stage.lines
    if len(lines) == 1:
        return _made(SpeechBegan, (at, stage.name, 0))
    here = situation._replace(visits=visited(situation.visits, scene))
    line = next(number for number, spoken in enumerate(lines) if spoken.holds is None or spoken.holds(here))
    return SpeechBegan(at, stage.name, line)


def _segment_over(situation: Situation, by: float) -> Event | None:
    speech, script, at = situation.speech, situation.script, situation.since
    assert speech is not None
    spoken = script.stages[speech.scene].lines[speech.line]
    if not (situation.untimed or script.written):
        at += spoken.seconds[speech.segment] / situation.pace
        if at > by + A_MOMENT:
            return None
        at = round(at, 3)
    if at > by:
        return None
    if script.written or speech.segment == len(spoken.segments) - 1:
        return _made(SpeechEnded, (at,))
    if script.stations and speech.stations <= speech.segment:
        return StationReached(at, speech.segment)
    return None if situation.untimed else SegmentBegan(at, speech.segment + 1)


def _go_on(situation: Situation, at: float, by: float) -> Event | None:
    assert situation.speech is not None
    at = round(at, 3)
    return SegmentBegan(at, situation.speech.segment + 1) if at <= by else None


def _say_again(situation: Situation, by: float) -> Event | None:
    assert situation.speech is not None
    at = situation.since
    if not situation.untimed:
        at = round(at + situation.stage.protest_seconds / situation.pace, 3)
    return SegmentBegan(at, situation.speech.segment) if at <= by else None


def _patience(situation: Situation, by: float) -> Event | None:
    if not _may_reply(situation):
        return Ended(situation.since, situation.script.scenario.leaves)
    if situation.untimed or situation.script.written:
        return None
    at = situation.since + situation.stage.patience
    if at > by + A_MOMENT:
        return None
    at = round(at, 3)
    return SilenceFell(at) if at <= by else None


def _after_silence(situation: Situation) -> Event | None:
    stage, scenario = situation.stage, situation.script.scenario
    if stage.on_silence is not None and situation.visits[stage.on_silence] < MOST_SPEECHES:
        return _speech(situation, stage.on_silence, situation.since)
    if scenario.leaves is not None or not _may_reply(situation):
        return Ended(situation.since, scenario.leaves)
    return None


# --- the trainee's moves ---------------------------------------------------------------------------------------------


def offered(situation: Situation) -> tuple[Option, ...]:
    """The replies that can be given now, in the order in which the trainee sees them (drawn from the seed)."""
    if situation.phase not in (Phase.WAITING, Phase.LEFT_WAITING):
        return ()
    return tuple(sorted(_open(situation), key=lambda option: _draw(situation, option)))


def _open(situation: Situation) -> Iterator[Option]:
    for option in situation.stage.options:
        if _is_open(situation, option):
            yield option


def _is_open(situation: Situation, option: Option) -> bool:
    if option.target is not None and situation.visits[option.target] >= MOST_SPEECHES:
        return False
    return option.holds is None or bool(option.holds(situation))


def _may_reply(situation: Situation) -> bool:
    for option in situation.stage.options:  # noqa: SIM110  A generator would take longer than the question.
        if _is_open(situation, option):
            return True
    return False


def _draw(situation: Situation, option: Option) -> bytes:
    place = f"{situation.seed}/{situation.stage.name}/{option.reply.id}"
    return hashlib.blake2b(place.encode(), digest_size=8).digest()


def listening_offered(situation: Situation) -> tuple[str, ...]:
    """The listening acts that fit now: one at each station, and one after the last."""
    speech = situation.speech
    if speech is None or not situation.script.stations:
        return ()
    last = len(situation.spoken.segments) - 1
    if situation.phase is Phase.PAUSING:
        return situation.script.listening if speech.heard < speech.segment else ()
    after_last = situation.phase is Phase.WAITING or (situation.phase is Phase.SPEAKING and speech.segment == last)
    return situation.script.listening if after_last and speech.heard <= last else ()


def may_interrupt(situation: Situation) -> bool:
    """Whether there is a speech to cut into."""
    speech = situation.speech
    return (
        speech is not None
        and situation.phase in (Phase.SPEAKING, Phase.PAUSING)
        and not situation.script.written
        and speech.interruptions < MOST_INTERRUPTIONS
    )


def may_move_on(situation: Situation) -> bool:
    """Whether the trainee asks for the next segment, in untimed play."""
    if not situation.untimed or situation.phase not in (Phase.PAUSING, Phase.SPEAKING):
        return False
    return due(situation, situation.since) is None


def reply(situation: Situation, reply: str, at: float) -> ReplyChosen:
    """The trainee gives a reply."""
    if situation.phase is WAITING or situation.phase is Phase.LEFT_WAITING:
        stage = situation.stage
        option = stage.by_id.get(reply)
        if option is not None and _is_open(situation, option):
            return _made(ReplyChosen, (at, stage.name, reply))
    raise _not_offered(situation, reply)


def listen(situation: Situation, how: Listening, at: float) -> Listened:
    """The trainee says a neutral word, nods, or says yes or no."""
    if how not in listening_offered(situation):
        raise _not_offered(situation, how)
    return Listened(at, how)


def interrupt(situation: Situation, at: float) -> Interrupted:
    """The trainee cuts in."""
    if not may_interrupt(situation):
        raise _not_offered(situation, "interrupt")
    return Interrupted(at)


def move_on(situation: Situation, at: float) -> SegmentBegan:
    """The trainee lets the customer go on, in untimed play."""
    if not may_move_on(situation):
        raise _not_offered(situation, "move on")
    assert situation.speech is not None
    return SegmentBegan(at, situation.speech.segment + 1)


def allows(situation: Situation, event: Event) -> bool:
    """Whether an event is what the rules give here: something due, or a move that is offered and nothing due before."""
    coming = due(situation, event.at)
    if coming is not None or event.at < situation.since:
        return coming == event
    try:
        return event == _move(situation, event)
    except NotOffered:
        return False


def _move(situation: Situation, event: Event) -> Event | None:
    match event:
        case ReplyChosen(at, _, chosen):
            return reply(situation, chosen, at)
        case Listened(at, how):
            return listen(situation, how, at)
        case Interrupted(at):
            return interrupt(situation, at)
        case SegmentBegan(at, _):
            return move_on(situation, at)
        case _:
            return None


def moves(situation: Situation) -> list[str]:
    """Everything that the trainee can do now, by name."""
    told = [option.reply.id for option in offered(situation)]
    told += listening_offered(situation)
    if may_interrupt(situation):
        told.append("interrupt")
    return told


def _not_offered(situation: Situation, move: str) -> NotOffered:
    if situation.ended:
        return NotOffered(f"'{move}' comes too late: the encounter is over")
    open_moves = moves(situation)
    listed = f"offered are: {', '.join(open_moves)}" if open_moves else "nothing is offered at this moment"
    return NotOffered(f"'{move}' is not offered here; {listed}")


# --- why a reply is not offered --------------------------------------------------------------------------------------


class SpokenOut(NamedTuple):
    """The reply leads to a scene that has spoken as often as a scene may."""

    scene: str
    times: int


class Unmet(NamedTuple):
    """The reply's condition does not hold: as it is written, and what its names are now."""

    condition: str
    values: tuple[tuple[str, bool | int], ...]


def why_closed(situation: Situation, option: Option) -> tuple[SpokenOut | Unmet, ...]:
    """Everything that keeps a reply from being offered; nothing where it is."""
    reasons = list[SpokenOut | Unmet]()
    if option.holds is not None and not option.holds(situation):
        condition = option.reply.condition or ""
        reasons.append(Unmet(condition, tuple(_values(situation, condition).items())))
    if option.target is not None and situation.visits[option.target] >= MOST_SPEECHES:
        reasons.append(SpokenOut(situation.script.stages[option.target].name, situation.visits[option.target]))
    return tuple(reasons)


def _values(situation: Situation, condition: str) -> dict[str, bool | int]:
    """What a condition mentions, as it is written there, each with its value now."""
    mentioned = conditions.atoms(conditions.parsed(condition))
    return dict(_value(situation, atom) for atom in mentioned if not isinstance(atom, Number))


def _value(situation: Situation, atom: Atom) -> tuple[str, bool | int]:
    script = situation.script
    match atom:
        case Number(value):
            return str(value), value
        case Said(act):
            return f"said({act})", situation.said & script.bit[act] != 0
        case Seen(scene):
            return f"seen({scene})", situation.visits[script.number[scene]] != 0
        case Name(name) if name in script.facts:
            now = situation.facts[script.facts.index(name)]
            return name, bool(now) if isinstance(script.scenario.facts[name], bool) else now
        case Name(name):
            return name, int(getattr(situation.feelings, name))
        case _:
            assert_never(atom)
