"""Hearing: one speech as a single move. Listening, cutting in and silence are worked out together, once per speech.

What comes out is how it goes on: the trainee may reply, the silence leads elsewhere, or the customer leaves; each with
what the customer then feels and where the tracks stand. Of several ways to the same, only those are kept that no other
dominates.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, field, replace
from typing import Literal, NamedTuple, Protocol, TypeVar

from servicesim.analysis.budget import TooMuch
from servicesim.analysis.tracks import NOTHING, Count, Piece
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
WARMING = ("station-word", "nod")  # the first of them in a speech warms the customer
PERFECT = "go-on"  # the sign that a perfect listener gives at every station
END = "end"  # of the speech, in a past
SAID = "+"  # before an act, in a past: it was said, and felt by nobody
MOST_WORK = 500_000  # ways that one speech is heard in, and comparisons between them: about a second


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
    effects: dict[str, tuple[Effect, ...]]  # of acts of play, and of the end; only of what moves feelings that matter
    bits: dict[str, int]  # likewise, of what is still asked for
    relevant: tuple[bool, bool, bool, bool]  # the feelings that something still reads
    cut_early: bool = True  # one can cut in before the first station, too
    known: dict[tuple[Mood, str], Mood] = field(default_factory=dict)  # moods that were worked out

    def moves(self, act: str) -> bool:
        """Whether an act of play moves the customer in a way that something still reads."""
        return act in self.effects or act in self.bits

    def unmoved(self) -> Speech:
        """The same speech, where nothing reads any more how the customer was moved."""
        return replace(self, effects={}, bits={})

    def noted(self, past: Past, act: str, *, is_felt: bool = True) -> Past:
        """The past with an act more. What is felt by nobody stands first, once: when it was said makes no difference."""
        if is_felt and act in self.effects:
            return (*past, act)
        if act not in self.bits or act in past or SAID + act in past:
            return past
        said = [one for one in past if one.startswith(SAID)]
        return (*sorted((*said, SAID + act)), *past[len(said) :])

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
        if act.startswith(SAID):
            return Mood(feelings, said | self.bits[act.removeprefix(SAID)])
        feelings = (felt if act == END else felt_listening)(feelings, self.effects[act])
        matter = (value if matters else 0 for value, matters in zip(feelings, self.relevant, strict=True))
        return Mood(Feelings(*matter), said | self.bits.get(act, 0))


class Midway(NamedTuple):
    """How far a speech has come, and what has been done in it."""

    stations: int = 0  # that were reached
    pausing: bool = False  # it stands at the last of them
    signed: bool = False  # which has got its sign
    ended: bool = False
    silences: int = 0
    cuts: int = 0
    last: bool = False  # the sign after the last station was given
    warmed: bool = False
    past: Past = ()


BEGINNING = Midway()


class Listens(Protocol):
    """What steps over the pieces of a speech: a track, or what watches for one thing alone."""

    def heeds(self, piece: Piece) -> bool: ...

    def means(self, act: str) -> tuple[int, ...]: ...

    def step(self, state: int, piece: Piece) -> tuple[int, Count]: ...


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

    def __init__(self, tracks: Sequence[Listens], better: Better, *, perfect: bool = False) -> None:
        self.tracks, self.better, self.perfect = tuple(tracks), better, perfect
        self.nothing: Gains = tuple(NOTHING for _ in self.tracks)
        self._steps: dict[tuple[States, Piece], tuple[States, Gains]] = {}

    def heard(
        self, speech: Speech, states: States, may_reply: MayReply = always, *, moved: bool = True, since: Midway = BEGINNING
    ) -> list[Heard]:
        """Everything worth keeping that can come of a speech; without `moved`, what the customer feels is left out.

        `since` is how far it has come already. Raises TooMuch where there are too many ways through it.
        """
        return _Hearing(self, speech if moved else speech.unmoved(), may_reply).results(states, since)

    def step(self, states: States, piece: Piece) -> tuple[States, Gains]:
        """Where the tracks stand after a piece, and what they counted: `nothing` itself where none counted anything."""
        known = self._steps.get((states, piece))
        if known is None:
            stepped = [track.step(state, piece) for track, state in zip(self.tracks, states, strict=True)]
            gains = tuple(count for _, count in stepped)
            known = tuple(state for state, _ in stepped), self.nothing if gains == self.nothing else gains
            self._steps[states, piece] = known
        return known

    def signs(self, speech: Speech) -> Moves:
        """The signs that make a difference, one for each that they can make."""
        if self.perfect:
            return (PERFECT,) if speech.signs else ()
        told: dict[object, str] = {}
        for sign in speech.signs:
            act = LISTENING[sign]
            if speech.moves(act) or self._heeds(SIGNS[sign]):
                kind = speech.moves(act) and (act in WARMING, speech.effects.get(act), speech.bits.get(act))
                told.setdefault((tuple(track.means(act) for track in self.tracks), kind), sign)
        return tuple(told.values())

    def cuts(self, speech: Speech) -> int:
        """How often to cut in: never, where it makes no difference."""
        return speech.cuts if not self.perfect and (speech.moves("interrupt") or self._heeds(CUT)) else 0

    def _heeds(self, piece: Piece) -> bool:
        return any(track.heeds(piece) for track in self.tracks)


class _Hearing:
    """One speech, from where the tracks stand when it begins to all that can come of it."""

    def __init__(self, ear: Ear, speech: Speech, may_reply: MayReply) -> None:
        self._ear, self._speech, self._may_reply = ear, speech, may_reply
        self._signs, self._cuts = ear.signs(speech), ear.cuts(speech)
        self._silences = 0 if ear.perfect else speech.silences
        self._told: list[Heard] = []
        self._work = 0

    def results(self, states: States, since: Midway = BEGINNING) -> list[Heard]:
        """Each result worth keeping."""
        way = _Way(0 if since.ended else since.cuts, since.last, since.warmed, since.past, states, self._ear.nothing, (), 0)
        ways = [way] if since.ended else self._heard_out(way, since)
        for _ in range(since.silences, max(1, self._silences)):
            ways = self._waited(ways)
            self._told += [_result("reply", way) for way in ways]
            ways = self._kept(self._silent(way) for way in ways)
        if self._silences:
            self._told += [_result(self._after_silences(way), way) for way in ways]
        return self._kept(self._told, alike=3)

    # --- while the customer speaks ---

    def _heard_out(self, way: _Way, since: Midway) -> list[_Way]:
        """All ways to the end of the speech."""
        ways = self._kept(self._onward(way, signed=since.signed)) if since.pausing else [way]
        for station in range(since.stations, self._speech.stations):
            ways = self._kept(self._cut_in(ways)) if station or self._speech.cut_early else ways
            ways = self._kept(self._at_station(ways))
        ways = self._kept(self._cut_in(ways))
        ways = self._kept([*ways, *self._cut_in(self._signed(ways))])
        return self._kept(self._ended(way) for way in ways)

    def _cut_in(self, ways: Iterable[_Way]) -> list[_Way]:
        """Each way as it is, and with one cut more, or two."""
        told = list(ways)
        for way in told:  # grows while it is read
            if way.cuts < self._cuts:
                cut = self._done(way, CUT, self._speech.noted(way.past, "interrupt"), "interrupt")
                told.append(_Way(way.cuts + 1, *cut[1:]))
        return told

    def _at_station(self, ways: Iterable[_Way]) -> Iterator[_Way]:
        """Each way past a station: without a sign, and with each."""
        for way in ways:
            yield from self._onward(self._done(way, STATION, self._speech.noted(way.past, "station")))

    def _onward(self, stood: _Way, *, signed: bool = False) -> Iterator[_Way]:
        """From a station on: without a sign, and with each; or as it is, where one was given."""
        if signed or not self._ear.perfect:
            passed = self._done(stood, PASSES, stood.past)
            yield _Way(*passed[:7], stood.unsaid + (not signed))
        for sign in () if signed else self._signs:
            given = self._sign(stood, sign)
            yield self._done(given, PASSES, given.past)

    def _signed(self, ways: Iterable[_Way]) -> Iterator[_Way]:
        """Each way with the one sign that can be given after the last station."""
        for way in ways:
            for sign in () if way.last or self._ear.perfect else self._signs:
                yield self._sign(way, sign)._replace(last=True)

    def _sign(self, way: _Way, sign: str) -> _Way:
        act = LISTENING[sign]
        warms = act in WARMING and act in self._speech.effects
        done = self._done(way, SIGNS[sign], self._speech.noted(way.past, act, is_felt=not (warms and way.warmed)), sign)
        return done._replace(warmed=True) if warms else done

    def _ended(self, way: _Way) -> _Way:
        done = self._done(way, self._speech.ends, self._speech.noted(way.past, END))
        return _Way(0, *done[1:7], way.unsaid + 1)

    # --- while the customer waits ---

    def _waited(self, ways: list[_Way]) -> list[_Way]:
        """The ways on which a reply can be given, with the sign that there was time for, or without."""
        ways = list(self._staying(ways))
        return self._kept([*ways, *self._staying(self._signed(ways))])

    def _staying(self, ways: Iterable[_Way]) -> Iterator[_Way]:
        """The ways on which a reply is offered; on the others the customer leaves."""
        for way in ways:
            if self._may_reply(way.past):
                yield way
            else:
                # A reply or a silence waits for the end of the speech; who is left at its end has heard it out, unless it was a letter.
                heard_out = (HEAR_ON,) * way.unsaid if self._speech.cuts else ()
                self._told.append(_result("leave", way._replace(moves=(*way.moves, *heard_out))))

    def _silent(self, way: _Way) -> _Way:
        return self._done(_Way(*way[:7], 0), SILENCE, self._speech.noted(way.past, "silence"), "silence")

    def _after_silences(self, way: _Way) -> GoesOn:
        after = self._speech.after_silences
        return after if after != "reply" or self._may_reply(way.past) else "leave"

    # --- both ---

    def _done(self, way: _Way, piece: Piece, past: Past, move: str | None = None) -> _Way:
        """The way after a piece, which perhaps a move of the trainee brought about."""
        cuts, last, warmed, _, states, gains, told, unsaid = way
        states, more = self._ear.step(states, piece)
        if more is not self._ear.nothing:
            gains = tuple((one[0] + other[0], one[1] + other[1]) for one, other in zip(gains, more, strict=True))
        if move is not None:
            told, unsaid = (*told, *(HEAR_ON,) * unsaid, move), 0
        return _Way(cuts, last, warmed, past, states, gains, told, unsaid)

    def _kept(self, ways: Iterable[AnyWay], alike: int = 5) -> list[AnyWay]:
        """Those ways that no other one, alike in the first so many fields, makes needless; raises TooMuch."""
        told: dict[object, list[AnyWay]] = {}
        for way in ways:
            known = told.setdefault(way[:alike], [])
            self._work += 1 + len(known)
            if self._work > MOST_WORK:
                raise TooMuch
            add_undominated(known, way, self._ear.better)
        return [way for kept in told.values() for way in kept]


def add_undominated(kept: list[AnyWay], way: AnyWay, better: Better) -> None:
    """Keep a way, and drop those that it makes needless; or drop it, if one of them does that to it."""
    if not any(one.gains == way.gains or better(one.gains, way.gains) for one in kept):
        kept[:] = [one for one in kept if not better(way.gains, one.gains)]
        kept.append(way)


def _result(on: GoesOn, way: _Way) -> Heard:
    return Heard(on, way.past, way.states, way.gains, way.moves)
