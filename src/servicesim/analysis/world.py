"""The world of a scenario: every place that a play can come to, as far as anything still reads how it came there.

A place is a speech that begins; a turn is the choice after it; a close is the end. Places that no future can tell
apart are one. No play comes back to a place, since every speech is counted, so the world has no circles.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from typing import NamedTuple

from servicesim.analysis.hearing import GoesOn, Mood, Past, Speech
from servicesim.analysis.tracks import Piece


@dataclass(frozen=True, slots=True, eq=False)
class Close:
    """The end of a play; `good` where it can be a pass."""

    ending: str | None
    good: bool


class Choice(NamedTuple):
    """One reply that can be given: what it brings, and where it leads."""

    reply: str
    piece: Piece
    leads: Place | Close


@dataclass(frozen=True, slots=True, eq=False)
class Turn:
    """The trainee may reply."""

    scene: str
    choices: tuple[Choice, ...]


@dataclass(frozen=True, slots=True, eq=False)
class Place:
    """A speech begins. `mood` is None where how the customer feels makes no difference any more."""

    scene: str
    line: int
    begins: Piece
    speech: Speech
    mood: Mood | None
    ways: dict[tuple[GoesOn, Mood | None], Turn | Place | Close]
    shut: frozenset[Mood]  # the moods in which no reply would be offered

    known: dict[tuple[GoesOn, Past], Turn | Place | Close] = field(default_factory=dict)  # where pasts lead

    def leads(self, on: GoesOn, past: Past) -> Turn | Place | Close:
        """Where it leads after what has happened in the speech."""
        leads = self.known.get((on, past))
        if leads is None:
            leads = self.known[on, past] = self.ways[on, self.mood and self.speech.mood_after(self.mood, past)]
        return leads

    def may_reply(self, past: Past) -> bool:
        """Whether any reply is offered after what has happened in the speech."""
        return self.mood is None or self.speech.mood_after(self.mood, past) not in self.shut


@dataclass(frozen=True, slots=True)
class World:
    """All places, each after every place that it leads to; the last is where a play begins. And what was met on the way."""

    places: tuple[Place, ...]
    lines: frozenset[tuple[str, int]]
    replies: frozenset[tuple[str, str]]
    withheld: frozenset[tuple[str, str]]  # replies that their condition keeps back in some play
    endings: frozenset[str | None]
    ahead: dict[Place, int] = field(default_factory=dict)  # what may still happen from a place on, as bits of `signs`
    signs: dict[str, int] = field(default_factory=dict)

    def __post_init__(self) -> None:
        for place in self.places:
            self.ahead[place] = self._of(place.speech.ends) | self._following(place)

    def bits(self, signs: Iterable[str]) -> int:
        """What happens as one number; two have nothing in common where `&` gives 0."""
        told = 0
        for sign in signs:
            told |= self.signs.setdefault(sign, 1 << len(self.signs))
        return told

    def _of(self, piece: Piece) -> int:
        return self.bits(piece.signs())

    def _following(self, place: Place) -> int:
        told = 0
        for leads in place.ways.values():
            if isinstance(leads, Turn):
                for choice in leads.choices:
                    told |= self._of(choice.piece) | self._onward(choice.leads)
            else:
                told |= self._onward(leads)
        return told

    def _onward(self, leads: Place | Close) -> int:
        return 0 if isinstance(leads, Close) else self.ahead[leads] | self._of(leads.begins)

    @property
    def start(self) -> Place:
        """Where a play begins."""
        return self.places[-1]


UNSEEN = World((), frozenset(), frozenset(), frozenset(), frozenset())


def onward(place: Place) -> Iterator[Place | Close]:
    """The places and closes that a place leads to, by a silence or by a reply."""
    for leads in place.ways.values():
        if isinstance(leads, Turn):
            yield from (choice.leads for choice in leads.choices)
        else:
            yield leads


def following(place: Place) -> Iterator[Place]:
    """The places that a place leads to."""
    return (leads for leads in onward(place) if isinstance(leads, Place))
