"""Hearing: one speech as a single move. Listening, cutting in and silence are worked out together, once per speech.

What comes out is how it goes on: the trainee may reply, the silence leads elsewhere, or the customer leaves; each with
what the customer then feels and where the tracks stand. Of several ways to the same, only those are kept that no other
dominates.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from typing import Literal, NamedTuple, TypeVar

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
Past = tuple[str, ...]  # what has happened in a speech that moves the customer, in order

STATION = Piece(("station",))
PASSES = Piece((GOES_ON,))
CUT = Piece((GOES_ON, "interrupt", GOES_ON))
SILENCE = Piece(("silence",))
SIGNS = {move: Piece((act,)) for move, act in LISTENING.items()}
PERFECT = "go-on"  # the sign that a perfect listener gives at every station
END = "end"  # of the speech, in a past
AGAIN = "+"  # before a sign, in a past: the customer was warmed already


class Mood(NamedTuple):
    """What listening changes and something still reads: feelings, and acts that have happened, as bits."""

    feelings: Feelings
    said: int


@dataclass(frozen=True, slots=True, eq=False)
class Speech:
    """All of a customer's line that hearing depends on. Effects and bits are those that something still reads."""

    kind: int  # speeches of one kind differ at most in what their end brings
    stations: int  # where a sign can be given while the customer speaks
    signs: Moves  # the listening moves that the channel has
    cuts: int  # how often one can cut in
    silences: int  # how often patience can run out
    after_silences: GoesOn  # what the last silence leads to; "reply" where the customer just waits
    ends: Piece  # what its end brings
    effects: dict[str, tuple[Effect, ...]]  # of acts of play, and of the end
    bits: dict[str, int]  # likewise; only what has some
    relevant: tuple[bool, bool, bool, bool]  # the feelings that something still reads
    known: dict[tuple[Mood, str], Mood] = field(default_factory=dict)  # moods that were worked out

    def moves(self, act: str) -> bool:
        """Whether an act of play moves the customer in a way that something still reads."""
        felt_at_all = any(more and matters for effect in self.effects[act] for more, matters in zip(effect, self.relevant, strict=True))
        return felt_at_all or act in self.bits

    def mood_after(self, mood: Mood, past: Past) -> Mood:
        """The mood after what has happened in the speech."""
        for act in past:
            after = self.known.get((mood, act))
            if after is None:
                after = self.known[mood, act] = self._after(mood, act)
            mood = after
        return mood

    def _after(self, mood: Mood, act: str) -> Mood:
        feelings, said = mood
        if act.startswith(AGAIN):
            return Mood(feelings, said | self.bits.get(act.removeprefix(AGAIN), 0))
        feelings = felt(feelings, self.effects[act]) if act == END else felt_listening(feelings, self.effects[act])
        matter = (value if matters else 0 for value, matters in zip(feelings, self.relevant, strict=True))
        return Mood(Feelings(*matter), said | self.bits.get(act, 0))


class Heard(NamedTuple):
    """One result of a speech: how it goes on, after what past, where the tracks stand, what they counted, by which moves."""

    on: GoesOn
    past: Past
    states: States
    gains: Gains
    moves: Moves


class _Way(NamedTuple):
    """A way through a speech, as far as it has come."""

    cuts: int
    last: bool  # the sign after the last station was given
    warmed: bool
    past: Past
    states: States
    gains: Gains
    moves: Moves
    unsaid: int  # stations passed without a sign since the last move


AnyWay = TypeVar("AnyWay", Heard, _Way)
Better = Callable[[Gains, Gains], bool]
MayReply = Callable[[Past], bool]


def always(past: Past) -> bool:
    """Some reply is offered, whatever has happened in the speech."""
    return True


class Ear:
    """Hears speeches for some tracks; `better` says whether one counting makes another needless."""

    def __init__(self, tracks: Sequence[Track], better: Better, *, perfect: bool = False) -> None:
        self.tracks, self.better, self._perfect = tuple(tracks), better, perfect
        self._nothing: Gains = tuple(NOTHING for _ in self.tracks)
        self._steps: dict[tuple[States, Piece], tuple[States, Gains]] = {}

    def heard(self, speech: Speech, states: States, may_reply: MayReply = always, *, moved: bool = True) -> list[Heard]:
        """Everything worth keeping that can come of a speech; without `moved`, what the customer feels is left out."""
        signs, cutting = self._worth_doing(speech, moved)
        moving = frozenset(act for act in speech.effects if moved and speech.moves(act))
        ways = [_Way(0, False, False, (), states, self._nothing, (), 0)]
        for _ in range(speech.stations):
            ways = self._kept(self._cut_in(ways, speech, cutting, moving))
            ways = self._kept(self._at_station(ways, signs, moving))
        ways = self._kept(self._cut_in(ways, speech, cutting, moving))
        if not self._perfect and signs:
            ways = self._kept([*ways, *self._cut_in(list(self._signed(ways, signs, moving)), speech, cutting, moving)])
        ways = self._kept(self._ended(way, speech, moving) for way in ways)
        return list(self._waited(ways, speech, signs, may_reply, moving))

    def _worth_doing(self, speech: Speech, moved: bool) -> tuple[Moves, bool]:
        """The signs that make a difference, one for each that they can make; and whether cutting in makes any."""
        if self._perfect:
            return (PERFECT,) if speech.signs else (), False
        told: dict[object, str] = {}
        for sign in speech.signs:
            act = LISTENING[sign]
            moves = moved and speech.moves(act)
            if moves or any(track.heeds(SIGNS[sign]) for track in self.tracks):
                kind = moves and (_warms(act), speech.effects[act], speech.bits.get(act))
                told.setdefault((tuple(track.means(act) for track in self.tracks), kind), sign)
        return tuple(told.values()), (moved and speech.moves("interrupt")) or any(track.heeds(CUT) for track in self.tracks)

    def _cut_in(self, ways: list[_Way], speech: Speech, cutting: bool, moving: frozenset[str]) -> list[_Way]:
        """Each way as it is, and with one cut more, or two."""
        told = list(ways)
        for way in told:  # grows while it is read
            if cutting and way.cuts < speech.cuts:
                cut = self._done(way, CUT, "interrupt", past="interrupt" if "interrupt" in moving else None)
                told.append(_Way(way.cuts + 1, *cut[1:]))
        return told

    def _at_station(self, ways: list[_Way], signs: Moves, moving: frozenset[str]) -> Iterator[_Way]:
        for way in ways:
            stood = self._done(way, STATION, past="station" if "station" in moving and "station" not in way.past else None)
            if not self._perfect:
                passed = self._done(stood, PASSES)
                yield _Way(*passed[:7], way.unsaid + 1)
            for sign in signs:
                yield self._done(self._sign(stood, sign, moving), PASSES)

    def _signed(self, ways: list[_Way], signs: Moves, moving: frozenset[str]) -> Iterator[_Way]:
        """Each way with the one sign that can be given after the last station."""
        for way in ways:
            for sign in signs if not way.last else ():
                yield self._sign(way, sign, moving)._replace(last=True)

    def _sign(self, way: _Way, sign: str, moving: frozenset[str]) -> _Way:
        act = LISTENING[sign]
        if act not in moving or not _warms(act):
            return self._done(way, SIGNS[sign], sign, past=act if act in moving and act not in way.past else None)
        again = AGAIN + act
        known = again in way.past or act in way.past
        done = self._done(way, SIGNS[sign], sign, past=act if not way.warmed else None if known else again)
        return _Way(done.cuts, done.last, True, *done[3:])

    def _ended(self, way: _Way, speech: Speech, moving: frozenset[str]) -> _Way:
        done = self._done(way, speech.ends, past=END if END in moving else None)
        return _Way(0, done.last, *done[2:7], way.unsaid + 1)

    def _waited(self, ways: list[_Way], speech: Speech, signs: Moves, may_reply: MayReply, moving: frozenset[str]) -> Iterator[Heard]:
        """The customer waits, for a reply, through signs and silences; and leaves where nothing can be said any more."""
        for silence in range(speech.silences + 1):
            yield from (_told("leave", way) for way in ways if not may_reply(way.past))
            ways = [way for way in ways if may_reply(way.past)]
            if not self._perfect and signs:
                ways = self._kept([*ways, *self._signed(ways, signs, moving)])
                yield from (_told("leave", way) for way in ways if not may_reply(way.past))
                ways = [way for way in ways if may_reply(way.past)]
            yield from (_told("reply", way) for way in ways)
            if self._perfect or silence == speech.silences:
                return
            ways = self._kept(self._silent(way, moving) for way in ways)
            if silence + 1 == speech.silences:
                yield from (_told(_after_silences(way, speech, may_reply), way) for way in ways)
                return

    def _silent(self, way: _Way, moving: frozenset[str]) -> _Way:
        return self._done(_Way(*way[:7], 0), SILENCE, "silence", past="silence" if "silence" in moving else None)

    def _done(self, way: _Way, piece: Piece, move: str | None = None, past: str | None = None) -> _Way:
        """The way after a piece, which perhaps a move of the trainee brought about."""
        cuts, last, warmed, before, states, gains, told, unsaid = way
        known = self._steps.get((states, piece))
        if known is None:
            stepped = [track.step(state, piece) for track, state in zip(self.tracks, states, strict=True)]
            known = tuple(state for state, _ in stepped), tuple(count for _, count in stepped)
            if known[1] == self._nothing:
                known = known[0], self._nothing
            self._steps[states, piece] = known
        states, more = known
        if more is not self._nothing:
            gains = tuple((one[0] + other[0], one[1] + other[1]) for one, other in zip(gains, more, strict=True))
        if move is not None:
            told, unsaid = (*told, *(HEAR_ON,) * unsaid, move), 0
        return _Way(cuts, last, warmed, before if past is None else (*before, past), states, gains, told, unsaid)

    def _kept(self, ways: Iterable[_Way]) -> list[_Way]:
        """Those ways that no other one to the same makes needless."""
        told: dict[object, list[_Way]] = {}
        for way in ways:
            known = told.get(way[:5])
            if known is None:
                told[way[:5]] = [way]
            else:
                add_undominated(known, way, self.better)
        return [way for kept in told.values() for way in kept]


def add_undominated(kept: list[AnyWay], way: AnyWay, better: Better) -> None:
    """Keep a way, and drop those that it makes needless; or drop it, if one of them does that to it."""
    if not any(one.gains == way.gains or better(one.gains, way.gains) for one in kept):
        kept[:] = [one for one in kept if not better(way.gains, one.gains)]
        kept.append(way)


def _told(on: GoesOn, way: _Way) -> Heard:
    return Heard(on, way.past, way.states, way.gains, way.moves)


def _after_silences(way: _Way, speech: Speech, may_reply: MayReply) -> GoesOn:
    return speech.after_silences if speech.after_silences != "reply" or may_reply(way.past) else "leave"


def _warms(act: str) -> bool:
    return act in ("station-word", "nod")
