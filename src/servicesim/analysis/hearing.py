"""Hearing: one speech as a single move. Listening, cutting in and silence are worked out together, once per way in.

What comes out is how it goes on: the trainee may reply, the silence leads elsewhere, or the customer leaves; each in a
mood, and with where the tracks then stand. Of several ways to the same, only those are kept that no other dominates.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import Literal, NamedTuple

from servicesim.analysis.tracks import NOTHING, Count, Piece, Track
from servicesim.assessment.trace import GOES_ON
from servicesim.encounter.rehearsal import HEAR_ON
from servicesim.encounter.script import Effect
from servicesim.encounter.situation import Feelings, felt, felt_listening
from servicesim.scenario.principles import LISTENING

GoesOn = Literal["reply", "go", "leave"]
Moves = tuple[str, ...]
Gains = tuple[Count, ...]  # what each track counted
States = tuple[int, ...]  # where each track stands

STATION = Piece(("station",))
PASSES = Piece((GOES_ON,))
CUT = Piece((GOES_ON, "interrupt", GOES_ON))
SILENCE = Piece(("silence",))
SIGNS = {move: Piece((act,)) for move, act in LISTENING.items()}
PERFECT = "go-on"  # the sign that a perfect listener gives at every station


class Mood(NamedTuple):
    """What listening changes and something still reads: feelings, and acts that have happened, as bits."""

    feelings: Feelings
    said: int


@dataclass(frozen=True, slots=True, eq=False)
class Speech:
    """All of a customer's line that hearing depends on. Effects and bits are those that something still reads."""

    stations: int  # where a sign can be given while the customer speaks
    signs: Moves  # the listening moves that the channel has
    cuts: int  # how often one can cut in
    silences: int  # how often patience can run out
    after_silences: GoesOn  # what the last silence leads to; "reply" where the customer just waits
    ends: Piece  # what its end brings
    end_effects: tuple[Effect, ...]
    end_bits: int
    silence_effects: tuple[Effect, ...]
    effects: dict[str, tuple[Effect, ...]]  # of acts of play
    bits: dict[str, int]  # of acts of play
    relevant: tuple[bool, bool, bool, bool]  # the feelings that something still reads


class Heard(NamedTuple):
    """One result of a speech: how it goes on, in which mood, where the tracks stand, what they counted, by which moves."""

    on: GoesOn
    mood: Mood | None
    states: States
    gains: Gains
    moves: Moves


class _Way(NamedTuple):
    """A way through a speech, as far as it has come."""

    cuts: int
    last: bool  # the sign after the last station was given
    warmed: bool
    mood: Mood | None
    states: States
    gains: Gains
    moves: Moves
    unsaid: int  # stations passed without a sign since the last move


Better = Callable[[Gains, Gains], bool]


class Ear:
    """Hears speeches for some tracks; `better` says whether one counting makes another needless."""

    def __init__(self, tracks: Sequence[Track], better: Better, *, perfect: bool = False) -> None:
        self.tracks, self._better, self._perfect = tuple(tracks), better, perfect
        self._none: Gains = tuple(NOTHING for _ in self.tracks)
        self._worth: dict[Speech, tuple[Moves, bool]] = {}

    def heard(self, speech: Speech, mood: Mood | None, states: States, may_reply: Callable[[Mood | None], bool]) -> list[Heard]:
        """Everything worth keeping that can come of a speech."""
        signs, cutting = self._worth.get(speech) or self._worth_doing(speech)
        ways = [_Way(0, False, False, mood, states, self._none, (), 0)]
        for _ in range(speech.stations):
            ways = self._kept(self._cut_in(ways, speech, cutting))
            ways = self._kept(self._at_station(ways, speech, signs))
        ways = self._kept(self._cut_in(ways, speech, cutting))
        if not self._perfect and signs:
            ways = self._kept([*ways, *self._cut_in(list(self._signed(ways, speech, signs)), speech, cutting)])
        ways = self._kept(self._ended(way, speech) for way in ways)
        return list(self._waited(ways, speech, signs, may_reply))

    def _worth_doing(self, speech: Speech) -> tuple[Moves, bool]:
        """The signs that make a difference, one for each that they can make; and whether cutting in makes any."""
        if self._perfect:
            return (PERFECT,) if speech.signs else (), False
        told: dict[object, str] = {}
        for sign in speech.signs:
            act = LISTENING[sign]
            warms = _warms(act) and _felt_at_all(speech.effects[act], speech)
            bit = speech.bits.get(act, 0)
            if warms or bit or any(track.heeds(SIGNS[sign]) for track in self.tracks):
                told.setdefault((tuple(track.means(act) for track in self.tracks), bit, warms and speech.effects[act]), sign)
        moved = _felt_at_all(speech.effects["interrupt"], speech) or "interrupt" in speech.bits
        worth = tuple(told.values()), moved or any(track.heeds(CUT) for track in self.tracks)
        self._worth[speech] = worth
        return worth

    def _cut_in(self, ways: list[_Way], speech: Speech, cutting: bool) -> list[_Way]:
        """Each way as it is, and with one cut more, or two."""
        told = list(ways)
        for way in told:  # grows while it is read
            if cutting and way.cuts < speech.cuts:
                told.append(self._done(_moved(way, "interrupt", speech)._replace(cuts=way.cuts + 1), CUT, "interrupt"))
        return told

    def _at_station(self, ways: list[_Way], speech: Speech, signs: Moves) -> Iterator[_Way]:
        for way in ways:
            stood = self._done(_moved(way, "station", speech), STATION)
            if not self._perfect:
                passed = self._done(stood, PASSES)
                yield passed._replace(unsaid=way.unsaid + 1)
            for sign in signs:
                yield self._done(self._sign(stood, speech, sign), PASSES)

    def _signed(self, ways: list[_Way], speech: Speech, signs: Moves) -> Iterator[_Way]:
        """Each way with the one sign that can be given after the last station."""
        for way in ways:
            for sign in signs if not way.last else ():
                yield self._sign(way, speech, sign)._replace(last=True)

    def _sign(self, way: _Way, speech: Speech, sign: str) -> _Way:
        act = LISTENING[sign]
        warms = _warms(act) and not way.warmed
        moved = _moved(way, act, speech, feels=warms)
        return self._done(moved._replace(warmed=way.warmed or warms), SIGNS[sign], sign)

    def _ended(self, way: _Way, speech: Speech) -> _Way:
        mood = way.mood
        if mood is not None:
            mood = Mood(_relevant(felt(mood.feelings, speech.end_effects), speech), mood.said | speech.end_bits)
        return self._done(way._replace(mood=mood, cuts=0), speech.ends)._replace(unsaid=way.unsaid + 1)

    def _waited(self, ways: list[_Way], speech: Speech, signs: Moves, may_reply: Callable[[Mood | None], bool]) -> Iterator[Heard]:
        """The customer waits: for a reply, through signs and silences; leaves when nothing can be said any more."""
        told = list[tuple[GoesOn, _Way]]()
        for silence in range(speech.silences + 1):
            told += [("leave", way) for way in ways if not may_reply(way.mood)]
            ways = [way for way in ways if may_reply(way.mood)]
            if not self._perfect:
                ways = self._kept([*ways, *self._signed(ways, speech, signs)])
                told += [("leave", way) for way in ways if not may_reply(way.mood)]
                ways = [way for way in ways if may_reply(way.mood)]
            told += [("reply", way) for way in ways]
            if self._perfect or silence == speech.silences:
                break
            ways = self._kept(self._silent(way, speech) for way in ways)
            if silence + 1 == speech.silences:
                told += [(self._after_silences(way, speech, may_reply), way) for way in ways]
                break
        yield from self._results(told)

    def _after_silences(self, way: _Way, speech: Speech, may_reply: Callable[[Mood | None], bool]) -> GoesOn:
        return speech.after_silences if speech.after_silences != "reply" or may_reply(way.mood) else "leave"

    def _silent(self, way: _Way, speech: Speech) -> _Way:
        mood = way.mood
        if mood is not None:
            feelings = felt_listening(mood.feelings, speech.silence_effects)
            mood = Mood(_relevant(feelings, speech), mood.said | speech.bits.get("silence", 0))
        return self._done(way._replace(mood=mood, unsaid=0), SILENCE, "silence")

    def _done(self, way: _Way, piece: Piece, move: str | None = None) -> _Way:
        """The way after a piece, which perhaps a move of the trainee brought about."""
        states, gains = list[int](), list[Count]()
        for track, state, (kept, broken) in zip(self.tracks, way.states, way.gains, strict=True):
            state, (more_kept, more_broken) = track.step(state, piece)
            states.append(state)
            gains.append((kept + more_kept, broken + more_broken))
        way = way._replace(states=tuple(states), gains=tuple(gains))
        return way if move is None else way._replace(moves=(*way.moves, *(HEAR_ON,) * way.unsaid, move), unsaid=0)

    def _kept(self, ways: Iterable[_Way]) -> list[_Way]:
        """Those ways that no other one to the same makes needless."""
        told: dict[object, list[_Way]] = {}
        for way in ways:
            self._add(told.setdefault(way[:5], []), way)
        return [way for kept in told.values() for way in kept]

    def _add(self, kept: list[_Way], way: _Way) -> None:
        if not any(one.gains == way.gains or self._better(one.gains, way.gains) for one in kept):
            kept[:] = [one for one in kept if not self._better(way.gains, one.gains)]
            kept.append(way)

    def _results(self, told: Iterable[tuple[GoesOn, _Way]]) -> Iterator[Heard]:
        results: dict[object, list[_Way]] = {}
        for on, way in told:
            self._add(results.setdefault((on, way.mood, way.states), []), way)
        for (on, mood, states), ways in results.items():  # type: ignore[misc]
            yield from (Heard(on, mood, states, way.gains, way.moves) for way in ways)


def _warms(act: str) -> bool:
    return act in ("station-word", "nod")


def _felt_at_all(effects: Iterable[Effect], speech: Speech) -> bool:
    return any(more and matters for effect in effects for more, matters in zip(effect, speech.relevant, strict=True))


def _relevant(feelings: Feelings, speech: Speech) -> Feelings:
    return Feelings(*(value if matters else 0 for value, matters in zip(feelings, speech.relevant, strict=True)))


def _moved(way: _Way, act: str, speech: Speech, *, feels: bool = True) -> _Way:
    """The way with what an act of play does to the customer's mood."""
    if way.mood is None:
        return way
    feelings, said = way.mood
    if feels:
        feelings = _relevant(felt_listening(feelings, speech.effects[act]), speech)
    return way._replace(mood=Mood(feelings, said | speech.bits.get(act, 0)))
