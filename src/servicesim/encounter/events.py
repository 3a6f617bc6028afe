"""What has happened: a closed set of events, in the past tense, each with `at`, the seconds since the start."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

Listening = Literal["go-on", "nod", "yes", "no"]


@dataclass(frozen=True, slots=True)
class Began:
    """The encounter begins: what is played, in which version, and how. Always the first event."""

    at: float
    scenario: str
    fingerprint: str
    principles: str
    rules: int
    seed: int
    untimed: bool = False
    pace: float = 1.0


@dataclass(frozen=True, slots=True)
class SpeechBegan:
    """The customer begins to speak in a scene; `line` counts the scene's lines from 0."""

    at: float
    scene: str
    line: int


@dataclass(frozen=True, slots=True)
class StationReached:
    """The customer pauses after segment `segment`: a word or a nod fits now (C34)."""

    at: float
    segment: int


@dataclass(frozen=True, slots=True)
class SegmentBegan:
    """The customer goes on with a segment, or says it again after being cut off."""

    at: float
    segment: int


@dataclass(frozen=True, slots=True)
class Listened:
    """The trainee said a neutral word, nodded, or said yes or no."""

    at: float
    how: Listening


@dataclass(frozen=True, slots=True)
class Interrupted:
    """The trainee cut in (C37); the customer protests."""

    at: float


@dataclass(frozen=True, slots=True)
class SpeechEnded:
    """The customer has finished, and waits for a reply."""

    at: float


@dataclass(frozen=True, slots=True)
class SilenceFell:
    """The customer's patience ran out (C17)."""

    at: float


@dataclass(frozen=True, slots=True)
class ReplyChosen:
    """The trainee replied."""

    at: float
    scene: str
    reply: str


@dataclass(frozen=True, slots=True)
class Ended:
    """The encounter is over; `ending` is None only where nothing was left to say."""

    at: float
    ending: str | None


Event = (
    Began
    | SpeechBegan
    | StationReached
    | SegmentBegan
    | Listened
    | Interrupted
    | SpeechEnded
    | SilenceFell
    | ReplyChosen
    | Ended
)

KINDS: dict[str, type[Event]] = {
    "began": Began,
    "speech-began": SpeechBegan,
    "station-reached": StationReached,
    "segment-began": SegmentBegan,
    "listened": Listened,
    "interrupted": Interrupted,
    "speech-ended": SpeechEnded,
    "silence-fell": SilenceFell,
    "reply-chosen": ReplyChosen,
    "ended": Ended,
}
