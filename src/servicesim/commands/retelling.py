"""What happened in an attempt, told in lines that the person who played it can read."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from functools import partial
from typing import assert_never

from servicesim.authoring.walkthrough import clock
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
from servicesim.scenario.names import inserted


def retold(script: Script, events: Sequence[Event], trainee: str) -> Iterator[str]:
    """Each thing that was said or done, with its time."""
    scenario = script.scenario
    fill = partial(inserted, trainee=trainee, customer=scenario.customer.name, company=scenario.company)
    for event in events:
        told = _told(script, event)
        if told:
            yield f"{clock(event.at)}  {fill(' '.join(told.split()))}"


def _told(script: Script, event: Event) -> str:
    match event:
        case SpeechBegan(_, scene, line):
            return f"{{customer}}: {script.stage(scene).scene.customer[line].say}"
        case Listened(_, how):
            return f"{{trainee}} listens: {how}"
        case Interrupted():
            return "{trainee} cuts in"
        case SilenceFell():
            return "{trainee} says nothing"
        case ReplyChosen(_, scene, reply):
            chosen = script.stage(scene).by_id[reply].reply
            return f"{{trainee}}: {chosen.say}" if chosen.say else f"{{trainee}} does: {chosen.do}"
        case Ended(_, ending):
            return "it is over" if ending is None else f"it ends: {script.ending(ending).title}"
        case Began() | StationReached() | SegmentBegan() | SpeechEnded():
            return ""
        case _:
            assert_never(event)
