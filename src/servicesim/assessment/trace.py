"""The trace: what happened as a sequence of acts, which is all that rules look at.

Between the acts stand three marks that are no acts: a reply begins, a reply ends, and the customer goes on speaking
(which closes a station: it is answered only by what comes before the next segment).
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import assert_never

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
from servicesim.encounter.script import Script
from servicesim.scenario.principles import LISTENING

REPLY_BEGINS = "(reply begins)"
REPLY_ENDS = "(reply ends)"
GOES_ON = "(goes on)"
MARKS = (REPLY_BEGINS, REPLY_ENDS, GOES_ON)


@dataclass(frozen=True, slots=True)
class Moment:
    """One act, or mark, and where it happened; `event` counts the transcript's events from 0."""

    act: str
    at: float
    scene: str
    reply: str | None
    event: int


def moments(script: Script, events: Sequence[Event]) -> Iterator[Moment]:
    """The acts and marks of a transcript, in order."""
    scene, line = "", 0
    for number, event in enumerate(events):
        chosen = None
        match event:
            case SpeechBegan():
                scene, line = event.scene, event.line
            case ReplyChosen():
                chosen = event.reply
            case _:
                pass
        for act in acts_of(script, event, scene, line):
            yield Moment(act, event.at, scene, chosen, number)


def acts_of(script: Script, event: Event, scene: str, line: int) -> Iterable[str]:
    """The acts and marks that one event brings; `scene` and `line` are the speech it happens in."""
    match event:
        case SpeechBegan():
            return (script.speaks,)
        case StationReached():
            return ("station",)
        case SegmentBegan():
            return (GOES_ON,)
        case Listened(_, how):
            return (LISTENING[how],)
        case Interrupted():
            return (GOES_ON, "interrupt")
        case SpeechEnded():
            return (GOES_ON, *script.stage(scene).lines[line].acts)
        case SilenceFell():
            return ("silence",)
        case ReplyChosen(_, _, reply):
            return (REPLY_BEGINS, *script.stage(scene).by_id[reply].reply.acts, REPLY_ENDS)
        case Began() | Ended():
            return ()
        case _:
            assert_never(event)
