"""Fronts: what one principle can still count from a place on, reduced to what nothing else dominates.

For the best, more kept and less broken dominates; for the worst, the contrary. However much was counted before, the
best and the worst final score lie on these fronts (a share grows with what is kept and falls with what is broken).
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import NamedTuple

from servicesim.analysis.hearing import Ear, Gains, Heard, Mood, Moves, Speech
from servicesim.analysis.tracks import NOTHING, Count, Piece, Track
from servicesim.analysis.world import Budget, Choice, Close, Place, TooMuch, Turn, World

Front = tuple[Count, ...]
_ONLY_NOTHING: Front = (NOTHING,)


def better_for_best(one: Gains, other: Gains) -> bool:
    """Whether one counting has kept as much of everything, and broken as little, as another."""
    return all(a[0] >= b[0] and a[1] <= b[1] for a, b in zip(one, other, strict=True))


def better_for_worst(one: Gains, other: Gains) -> bool:
    """Whether one counting has kept as little of everything, and broken as much, as another."""
    return all(a[0] <= b[0] and a[1] >= b[1] for a, b in zip(one, other, strict=True))


class Listener:
    """What speeches make of some tracks, each worked out once."""

    def __init__(self, tracks: Iterable[Track], *, best: bool, perfect: bool = False) -> None:
        self.ear = Ear(tuple(tracks), better_for_best if best else better_for_worst, perfect=perfect)
        self._known: dict[object, list[Heard]] = {}

    def heard(self, place: Place, states: tuple[int, ...]) -> list[Heard]:
        """What can come of the speech at a place, with the tracks in these states."""
        key = (place.speech, place.mood, states, place.shut)
        if key not in self._known:
            self._known[key] = self.ear.heard(place.speech, place.mood, states, place.may_reply)
        return self._known[key]


class Step(NamedTuple):
    """One way on from a place: the moves, where it leads, the track's state there and what it counted."""

    moves: Moves
    leads: Place | Close
    state: int
    count: Count


class Fronts:
    """The fronts of one track at every place and in every state that it can be in there."""

    def __init__(self, track: Track, world: World, *, best: bool, perfect: bool = False) -> None:
        self.track, self.world, self.best, self._perfect = track, world, best, perfect
        self.listens = _heeds_listening(track)
        self._listener = Listener((track,), best=best, perfect=perfect)
        self._at: dict[Place, dict[int, Front]] = {place: {} for place in world.places}
        self._turns: dict[tuple[Turn, int], Front] = {}
        self._heeds: dict[Piece, bool] = {}
        self._shifted: dict[tuple[Front, Count], Front] = {}
        self._joined: dict[tuple[Front, Front], Front] = {}

    def work_out(self, budget: Budget) -> None:
        """Find the states forwards, and the fronts backwards; raises TooMuch."""
        self._at[self.world.start][self.entered(self.world.start, self.track.start)[0]] = ()
        for number, place in enumerate(reversed(self.world.places)):
            if number % 64 == 0 and budget.spent:
                raise TooMuch
            for state in self._at[place]:
                for step in self._onward(place, state):
                    if isinstance(step.leads, Place):
                        self._at[step.leads][step.state] = ()
        for number, place in enumerate(self.world.places):
            if number % 64 == 0 and budget.spent:
                raise TooMuch
            states = self._at[place]
            for state in states:
                states[state] = self._front(place, state)

    def at(self, place: Place, state: int) -> Front:
        """What can still be counted from a place on; the piece that begins its speech has been counted."""
        return self._at[place][state]

    def whole(self) -> Iterator[Count]:
        """What whole plays can count."""
        state, count = self.entered(self.world.start, self.track.start)
        yield from self._shift(self.at(self.world.start, state), count)

    def path(self, aim: Count) -> Moves:
        """The moves of a play that counts exactly this, one of `whole`."""
        place: Place | Close = self.world.start
        state, count = self.entered(self.world.start, self.track.start)
        left, moves = _less(aim, count), list[str]()
        while isinstance(place, Place):
            for step in self.steps(place, state):
                if left in self._after(step):
                    moves += step.moves
                    place, state, left = step.leads, step.state, _less(left, step.count)
                    break
            else:
                raise AssertionError("a front holds what no play counts")
        return tuple(moves)

    def steps(self, place: Place, state: int) -> Iterator[Step]:
        """Every way on from a place, with its moves."""
        for heard in self._listener.heard(place, (state,)):
            leads, now, count = place.ways[heard.on, heard.mood], heard.states[0], heard.gains[0]
            if isinstance(leads, Turn):
                for choice in leads.choices:
                    after, more = self._chosen(choice, now)
                    yield Step((*heard.moves, choice.reply), choice.leads, after, _sum(count, more))
            else:
                after, more = self.entered(leads, now)
                yield Step(heard.moves, leads, after, _sum(count, more))

    def entered(self, leads: Place | Close, state: int) -> tuple[int, Count]:
        """The state when a speech has begun, or what the end of the play counts."""
        if isinstance(leads, Close):
            return state, self.track.finish(state)
        return self._step(state, leads.begins)

    def _onward(self, place: Place, state: int) -> Iterator[Step]:
        """The ways on, each turn looked at once for a state: for finding states, not moves."""
        seen = set[tuple[object, int]]()
        for heard in self._heard(place, state):
            leads, now = place.ways[heard.on, heard.mood], heard.states[0]
            if (leads, now) in seen:
                continue
            seen.add((leads, now))
            if isinstance(leads, Turn):
                for choice in leads.choices:
                    after, more = self._chosen(choice, now)
                    yield Step((), choice.leads, after, more)
            else:
                after, more = self.entered(leads, now)
                yield Step((), leads, after, more)

    def _heard(self, place: Place, state: int) -> list[Heard]:
        if self.listens:
            return self._listener.heard(place, (state,))
        state, count = self._step(state, place.speech.ends)
        return [Heard(on, mood, (state,), (count,), ()) for on, mood in place.ways]

    def _chosen(self, choice: Choice, state: int) -> tuple[int, Count]:
        state, count = self._step(state, choice.piece)
        state, more = self.entered(choice.leads, state)
        return state, _sum(count, more)

    def _step(self, state: int, piece: Piece) -> tuple[int, Count]:
        heeds = self._heeds.get(piece)
        if heeds is None:
            heeds = self._heeds[piece] = self.track.heeds(piece)
        return self.track.step(state, piece) if heeds else (state, NOTHING)

    # --- backwards ---

    def _front(self, place: Place, state: int) -> Front:
        front: Front = ()
        for heard in self._heard(place, state):
            leads, now = place.ways[heard.on, heard.mood], heard.states[0]
            if isinstance(leads, Turn):
                ahead = self._front_of_turn(leads, now)
            else:
                ahead = self._after(Step((), leads, *self.entered(leads, now)))
            front = self._join(front, self._shift(ahead, heard.gains[0]))
        return front

    def _front_of_turn(self, turn: Turn, state: int) -> Front:
        known = self._turns.get((turn, state))
        if known is None:
            known = ()
            for choice in turn.choices:
                after, count = self._chosen(choice, state)
                known = self._join(known, self._after(Step((), choice.leads, after, count)))
            self._turns[turn, state] = known
        return known

    def _after(self, step: Step) -> Front:
        """What a way on counts, and everything after it."""
        front = _ONLY_NOTHING if isinstance(step.leads, Close) else self._at[step.leads][step.state]
        return self._shift(front, step.count)

    def _shift(self, front: Front, count: Count) -> Front:
        if count == NOTHING:
            return front
        known = self._shifted.get((front, count))
        if known is None:
            known = self._shifted[front, count] = tuple(_sum(one, count) for one in front)
        return known

    def _join(self, one: Front, other: Front) -> Front:
        if one is other or not other:
            return one
        if not one:
            return other
        known = self._joined.get((one, other))
        if known is None:
            known = self._joined[one, other] = _undominated({*one, *other}, best=self.best)
        return known


def _undominated(counts: set[Count], *, best: bool) -> Front:
    """The counts that no other one makes needless, in order."""
    if best:
        told, least = list[Count](), None
        for kept, broken in sorted(counts, key=lambda count: (-count[0], count[1])):
            if least is None or broken < least:
                told.append((kept, broken))
                least = broken
        return tuple(told)
    told, most = list[Count](), None
    for kept, broken in sorted(counts, key=lambda count: (count[0], -count[1])):
        if most is None or broken > most:
            told.append((kept, broken))
            most = broken
    return tuple(told)


def _sum(one: Count, other: Count) -> Count:
    return one[0] + other[0], one[1] + other[1]


def _less(one: Count, other: Count) -> Count:
    return one[0] - other[0], one[1] - other[1]


_OF_PLAY = ("station", "station-word", "nod", "agree", "deny", "interrupt", "silence")


def _heeds_listening(track: Track) -> bool:
    return track.heeds_any(_OF_PLAY)
