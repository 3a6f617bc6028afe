"""How a face moves by itself and with its words: blinks, glances, breaths, and a mouth that follows the letters.

All of it is worked out from the time and the text alone, so that the same moment always looks the same.
"""

from __future__ import annotations

import hashlib
import math
from functools import cache
from typing import NamedTuple

from servicesim.desktop.mood import Mood

BREATH = 4.6  # seconds from one breath to the next, at rest
BLINK = 0.18  # seconds that a blink takes
FRIGHT = 0.9  # seconds that somebody who was cut off is startled
SHAKES = 0.6  # seconds that what they say shakes
_SHAKE = 9  # design units to each side, at first
_BLINKS = 3.4  # seconds in which the eyes close once
_GLANCES = 2.3  # seconds in which somebody looks somewhere
_STEPS = 8  # pictures of one breath
#: How far the eyes are closed and where they look, in all that happens often.
EYES: tuple[tuple[float, tuple[float, float]], ...] = tuple(
    (blink, gaze) for blink in (0.0, 0.5, 1.0) for gaze in ((0.0, 0.0), (0.5, 0.0), (-0.5, 0.0), (0.5, 0.5), (-0.5, 0.5), (0.0, 1.0))
)

# How far the mouth opens for a sound, and how round it is; of letters that are not here, by turns.
_SOUNDS = {
    "aäáâàāآاעאə": (0.8, 0.0),
    "oöóôòו": (0.7, 1.0),
    "uüúûùو": (0.5, 1.0),
    "eéèêëהه": (0.5, 0.0),
    "iıíîïyיی": (0.35, 0.0),
    "mbpبپمבמפם": (0.0, 0.0),
    "fvwف": (0.15, 0.5),
    "rlnنلر": (0.3, 0.0),
    "sztdjşزسشתט": (0.2, 0.0),
    "qgkhگکחכ": (0.45, 0.0),
}
_MOUTHS = {letter: mouth for letters, mouth in _SOUNDS.items() for letter in letters}
_OTHERS = ((0.45, 0.0), (0.2, 0.0), (0.6, 0.0), (0.3, 0.5))


class Mouth(NamedTuple):
    """How far it is open, and how round the lips are, each 0-1."""

    open: float = 0.0
    round: float = 0.0


CLOSED = Mouth()


def mouth_at(text: str, place: int) -> Mouth:
    """The mouth at one letter of a text that is being said; closed where there is none, and between words."""
    if not 0 <= place < len(text):
        return CLOSED
    letter = text[place].lower()
    if not letter.isalnum():
        return Mouth(0.1) if letter in "'’ʼ\u200c" else CLOSED
    return Mouth(*_MOUTHS.get(letter, _OTHERS[place % len(_OTHERS)]))


@cache
def mouths() -> tuple[Mouth, ...]:
    """Every mouth that a letter can make on its way to another one."""
    shapes = sorted({*_MOUTHS.values(), *_OTHERS, (0.1, 0.0), (0.0, 0.0)})
    return tuple(on_the_way(Mouth(*here), Mouth(*then)) for here in shapes for then in shapes)


def on_the_way(here: Mouth, then: Mouth) -> Mouth:
    """The mouth that says a letter, while it forms the next one."""
    return Mouth(0.6 * here.open + 0.4 * then.open, here.round)


def blink_at(now: float) -> float:
    """How far the eyes are closed: half, whole, half, at times that are never quite regular."""
    into = now - _blink_of(int(now // _BLINKS))
    if not 0 <= into < BLINK:
        return 0.0
    return 1.0 if 0.25 <= into / BLINK < 0.75 else 0.5


def _blink_of(turn: int) -> float:
    return turn * _BLINKS + _chance(turn, "blink") * (_BLINKS - 2 * BLINK)


def gaze_at(now: float, mood: Mood, *, speaking: bool) -> tuple[float, float]:
    """Where the eyes go: mostly to us, at times aside while words are sought, down in sorrow; anger does not let go."""
    turn = int(now // _GLANCES)
    drawn = _chance(turn, "gaze")
    if mood.anger > 0.45 or drawn < (0.55 if speaking else 0.72):
        return 0.0, 0.0
    if mood.sorrow > 0.3:
        return 0.0, 1.0
    side = 1.0 if _chance(turn, "side") < 0.5 else -1.0
    # A glance is short: then the eyes come back.
    return (0.0, 0.0) if now % _GLANCES > 0.9 else (0.5 * side, 0.5 if drawn > 0.9 else 0.0)


def breath_at(now: float) -> float:
    """How full the breath is while somebody is quiet, 0-1."""
    step = math.floor(now / BREATH * _STEPS) / _STEPS
    return 0.5 - 0.5 * math.cos(2 * math.pi * step)


def breath_in_pause(seconds: float, whole: float) -> float:
    """The breath that is taken at a station: quickly in, slowly out again."""
    share = min(1.0, max(0.0, seconds / whole))
    return math.sin(math.pi * share**0.6)


def startle_at(seconds: float) -> float:
    """How startled somebody still is who was cut off so many seconds ago."""
    return max(0.0, 1.0 - max(0.0, seconds - 0.15) / FRIGHT)


def shake_at(seconds: float) -> float:
    """How far, in design units, what somebody says shakes who was cut off so many seconds ago: to and fro, and less each time."""
    if not 0 <= seconds < SHAKES:
        return 0.0
    return round(_SHAKE * math.sin(2 * math.pi * 7 * seconds) * (1 - seconds / SHAKES), 1)


def next_change(now: float, *, blinks_only: bool = False) -> float:
    """Seconds until a face at rest looks different by itself."""
    turn, glance = int(now // _BLINKS), int(now // _GLANCES)
    shares = (0.25, 0.75) if blinks_only else (0.0, 0.25, 0.75, 1.0)
    times = [_blink_of(number) + BLINK * share for number in (turn, turn + 1) for share in shares]
    if not blinks_only:
        times += [glance * _GLANCES + 0.9, (glance + 1) * _GLANCES, (math.floor(now / BREATH * _STEPS) + 1) * BREATH / _STEPS]
    return min((time - now for time in times if time > now + 1e-3), default=_BLINKS)


def _chance(turn: int, of: str) -> float:
    """A number of 0-1 that is always the same for a turn."""
    return hashlib.blake2b(f"{of}{turn}".encode(), digest_size=1).digest()[0] / 256
