"""What has happened: a closed set of events, in the past tense, each with `at`, the seconds since the start."""

from __future__ import annotations

from typing import Any, Literal, NamedTuple, TypeVar

Listening = Literal["go-on", "nod", "yes", "no"]

Kind = TypeVar("Kind", bound=type)


def _kind(kind: Kind) -> Kind:
    """Make a named tuple a kind of event: it equals no event of another kind, whatever they hold.

    Tuples, because they are made in a third of the time of a frozen dataclass, and a reply brings three events.
    """
    kind.__eq__ = _equal  # type: ignore[assignment]
    kind.__ne__ = _unequal  # type: ignore[assignment]
    return kind


def _equal(one: tuple[Any, ...], other: object) -> bool:
    return type(one) is type(other) and tuple.__eq__(one, other)


def _unequal(one: tuple[Any, ...], other: object) -> bool:
    return not _equal(one, other)


@_kind
class Began(NamedTuple):
    """The encounter begins: what is played, in which version, and how. Always the first event."""

    at: float
    scenario: str
    fingerprint: str
    principles: str
    rules: int
    seed: int
    untimed: bool = False
    pace: float = 1.0


@_kind
class SpeechBegan(NamedTuple):
    """The customer begins to speak in a scene; `line` counts the scene's lines from 0."""

    at: float
    scene: str
    line: int


@_kind
class StationReached(NamedTuple):
    """The customer pauses after segment `segment`: a word or a nod fits now (C34)."""

    at: float
    segment: int


@_kind
class SegmentBegan(NamedTuple):
    """The customer goes on with a segment, or says it again after being cut off."""

    at: float
    segment: int


@_kind
class Listened(NamedTuple):
    """The trainee said a neutral word, nodded, or said yes or no."""

    at: float
    how: Listening


@_kind
class Interrupted(NamedTuple):
    """The trainee cut in (C37); the customer protests."""

    at: float


@_kind
class SpeechEnded(NamedTuple):
    """The customer has finished, and waits for a reply."""

    at: float


@_kind
class SilenceFell(NamedTuple):
    """The customer's patience ran out (C17)."""

    at: float


@_kind
class ReplyChosen(NamedTuple):
    """The trainee replied."""

    at: float
    scene: str
    reply: str


@_kind
class Ended(NamedTuple):
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
