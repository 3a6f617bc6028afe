"""Fronts: what one principle can still count from a place on, reduced to what nothing else dominates.

For the best, more kept and less broken dominates; for the worst, the contrary. However much was counted before, the
best and the worst final score lie on these fronts (a share grows with what is kept and falls with what is broken).
To count nothing dominates nothing here: a play that does not exercise a principle has no score to be best or worst.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from fractions import Fraction
from typing import NamedTuple

from servicesim.analysis.budget import Budget, TooMuch
from servicesim.analysis.hearing import (
    BEGINNING,
    Better,
    Ear,
    Gains,
    Heard,
    Listens,
    Midway,
    Moves,
    States,
    add_undominated,
    always,
)
from servicesim.analysis.tracks import NOTHING, Count, Piece, Track
from servicesim.analysis.world import Choice, Close, Place, Turn, World

Front = tuple[Count, ...]
_ONLY_NOTHING: Front = (NOTHING,)


def better_for_best(one: Gains, other: Gains) -> bool:
    """Whether one counting has kept as much of everything, and broken as little, as another."""
    return all(a[0] >= b[0] and a[1] <= b[1] for a, b in zip(one, other, strict=True))


def better_for_worst(one: Gains, other: Gains) -> bool:
    """Whether one counting has kept as little of everything, and broken as much, as another."""
    return all(a[0] <= b[0] and a[1] >= b[1] for a, b in zip(one, other, strict=True))


def _better_if_exercised(better: Better) -> Better:
    """The same for a single track, where counting nothing makes nothing needless."""
    return lambda one, other: one[0] != NOTHING and better(one, other)


class Result(NamedTuple):
    """One result of a speech: where it leads, where the tracks stand, what they counted, by which moves."""

    leads: Turn | Place | Close
    states: States
    gains: Gains
    moves: Moves


class Listener:
    """What speeches make of some tracks, each worked out once."""

    def __init__(self, tracks: Iterable[Listens], better: Better, *, perfect: bool = False) -> None:
        self.ear = Ear(tuple(tracks), better, perfect=perfect)
        self._heard: dict[object, list[Heard]] = {}
        self._results: dict[tuple[Place, States], list[Result]] = {}

    def heard(self, place: Place, states: States) -> list[Result]:
        """What can come of the speech at a place, with the tracks in these states."""
        known = self._results.get((place, states))
        if known is None:
            known = self._results[place, states] = self._led(place, self._anyhow(place, states))
        return known

    def rest(self, place: Place, states: States, since: Midway) -> list[Result]:
        """What can come of the rest of a speech."""
        if since == BEGINNING:
            return self.heard(place, states)
        may_reply = place.may_reply if place.shut else always
        return self._led(place, self.ear.heard(place.speech, states, may_reply, moved=place.mood is not None, since=since))

    def _led(self, place: Place, results: Iterable[Heard]) -> list[Result]:
        """Where results lead, those that nothing else makes needless."""
        told = dict[tuple[Turn | Place | Close, States], list[Heard]]()
        for heard in results:
            leads = place.leads(heard.on, heard.past)
            add_undominated(told.setdefault((leads, heard.states), []), heard, self.ear.better)
        return [Result(leads, now, heard.gains, heard.moves) for (leads, now), ways in told.items() for heard in ways]

    def _anyhow(self, place: Place, states: States) -> list[Heard]:
        """The same, before it is known where it leads."""
        ends = place.speech.ends
        heeded = ends.acts if any(track.heeds(ends) for track in self.ear.tracks) else None
        key = (place.speech.kind, heeded, states, place.mood is None, place if place.shut else None)
        if key not in self._heard:
            may_reply = place.may_reply if place.shut else always
            self._heard[key] = self.ear.heard(place.speech, states, may_reply, moved=place.mood is not None)
        return self._heard[key]


def listening_for_nobody(*, perfect: bool = False) -> Listener:
    """Tells where speeches lead, and by which moves."""
    return Listener((), lambda one, other: False, perfect=perfect)


class Step(NamedTuple):
    """One way on: the moves, where it leads, the track's state there and what it counted."""

    moves: Moves
    leads: Place | Close
    state: int
    counted: Count


class Fronts:
    """The fronts of one track, at every place and in every state that it can be in there."""

    def __init__(self, track: Track, world: World, *, perfect: bool = False, deaf_ear: Listener | None = None) -> None:
        self.track, self.world = track, world
        self.deaf_ear = deaf_ear or listening_for_nobody(perfect=perfect)  # one for all tracks that do not listen
        self.listens = track.heeds_any(_OF_PLAY)
        self._signs = world.bits(track.signs())
        self._heeds: dict[Piece, bool] = {}
        self._quiet: dict[tuple[Place, int], list[Result]] = {}
        self._turns: dict[tuple[Turn, int], list[Step]] = {}
        self._ends: dict[int, Count] = {}
        self.best = Side(self, best=True, perfect=perfect)
        self.worst = Side(self, best=False, perfect=perfect)

    def work_out(self, budget: Budget) -> None:
        """Work the fronts out, each after all that it leads to; raises TooMuch."""
        self._enter(self.world.start, self.begun()[0], budget)

    def _enter(self, first: Place, state: int, budget: Budget) -> None:
        waiting: list[tuple[Place | Turn, int]] = [(first, state)]
        opened, steps = set[tuple[Place | Turn, int]](), 0
        while waiting:
            here = waiting[-1]
            steps += 1
            if steps % 64 == 0 and budget.spent:
                raise TooMuch
            if self.best.knows(*here):
                waiting.pop()
            elif here in opened:
                self.best.work_out(*here)
                self.worst.work_out(*here)
                waiting.pop()
            else:
                opened.add(here)
                waiting += self._ahead(*here)

    def _ahead(self, here: Place | Turn, state: int) -> Iterator[tuple[Place | Turn, int]]:
        """What must be known before, and is not yet."""
        told: list[tuple[Turn | Place | Close, int]]
        if isinstance(here, Turn):
            told = [(step.leads, step.state) for step in self.chosen(here, state)]
        elif self.is_deaf(here):
            return
        else:
            heard = self.best.heard(here, state)
            told = [(leads, now if isinstance(leads, Turn) else self.entered(leads, now)[0]) for leads, (now,), _, _ in heard]
        for leads, after in told:
            if not isinstance(leads, Close) and not self.best.knows(leads, after):
                yield leads, after

    def turns(self) -> Iterable[tuple[Turn, int]]:
        """The turns that were come to, and in which states."""
        return self._turns

    def hope(self, choice: Choice, state: int, budget: Budget) -> Fraction:
        """The best score that what is counted from a choice on can come to; 1 where nothing need be counted; raises TooMuch."""
        step = self._after(choice, state)
        if isinstance(step.leads, Place):
            self._enter(step.leads, step.state, budget)
        ahead = (NOTHING,) if isinstance(step.leads, Close) else self.best.at(step.leads, step.state)
        scores = [self.track.score(_sum(step.counted, count)) for count in ahead]
        return Fraction(1) if None in scores else max(score for score in scores if score is not None)

    def is_deaf(self, place: Place) -> bool:
        """Whether nothing that may still happen from a place on means anything to the track."""
        return not self.listens and not self.world.ahead[place] & self._signs

    def begun(self) -> tuple[int, Count]:
        """The state when the first speech has begun, and what was counted."""
        return self.step(self.track.start, self.world.start.begins)

    def heard(self, place: Place, state: int) -> list[Result]:
        """What the speech at a place comes to for a track to which listening is nothing; without the moves."""
        known = self._quiet.get((place, state))
        if known is None:
            now, count = self.step(state, place.speech.ends)
            known = [Result(leads, (now,), (count,), ()) for leads in dict.fromkeys(place.ways.values())]
            self._quiet[place, state] = known
        return known

    def chosen(self, turn: Turn, state: int) -> list[Step]:
        """The ways on from a turn."""
        known = self._turns.get((turn, state))
        if known is None:
            known = self._turns[turn, state] = [self._after(choice, state) for choice in turn.choices]
        return known

    def _after(self, choice: Choice, state: int) -> Step:
        state, count = self.step(state, choice.piece)
        state, more = self.entered(choice.leads, state)
        return Step((choice.reply,), choice.leads, state, _sum(count, more))

    def entered(self, leads: Place | Close, state: int) -> tuple[int, Count]:
        """The state when a speech has begun, or what the end of the play counts."""
        return self.step(state, leads.begins) if isinstance(leads, Place) else (state, self.finished(state))

    def finished(self, state: int) -> Count:
        """What the end of the play counts."""
        if state not in self._ends:
            self._ends[state] = self.track.finish(state)
        return self._ends[state]

    def step(self, state: int, piece: Piece) -> tuple[int, Count]:
        """The state after a piece, and what was counted."""
        heeds = self._heeds.get(piece)
        if heeds is None:
            heeds = self._heeds[piece] = self.track.heeds(piece)
        return self.track.step(state, piece) if heeds else (state, NOTHING)


class Side:
    """The fronts of a track for the best, or for the worst."""

    def __init__(self, fronts: Fronts, *, best: bool, perfect: bool) -> None:
        self.fronts, self.track, self.is_best = fronts, fronts.track, best
        better = _better_if_exercised(better_for_best if best else better_for_worst)
        self._listener = Listener((fronts.track,), better, perfect=perfect)
        self._at: dict[tuple[Place | Turn, int], Front] = {}
        self._shifted: dict[tuple[Front, Count], Front] = {}
        self._joined: dict[tuple[Front, Front], Front] = {}

    def at(self, place: Place, state: int) -> Front:
        """What can still be counted from a place on; the piece that begins its speech has been counted."""
        known = self._at.get((place, state))
        if known is None:  # Behind a place to which the track is deaf nothing was worked out.
            assert self.fronts.is_deaf(place)
            known = self._at[place, state] = (self.fronts.finished(state),)
        return known

    def knows(self, here: Place | Turn, state: int) -> bool:
        """Whether the front there has been worked out."""
        return (here, state) in self._at

    def whole(self) -> Front:
        """What whole plays can count."""
        state, count = self.fronts.begun()
        return self._shift(self.at(self.fronts.world.start, state), count)

    def heard(self, place: Place, state: int) -> list[Result]:
        """What the speech at a place comes to."""
        return self._listener.heard(place, (state,)) if self.fronts.listens else self.fronts.heard(place, state)

    def work_out(self, here: Place | Turn, state: int) -> None:
        """The front at a place or a turn, when those of all that it leads to are known."""
        if isinstance(here, Turn):
            self._at[here, state] = self._of_turn(here, state)
        elif self.fronts.is_deaf(here):
            self._at[here, state] = (self.fronts.finished(state),)
        else:
            self._at[here, state] = self._of_place(here, state)

    def _of_place(self, place: Place, state: int) -> Front:
        front: Front = ()
        for leads, (now,), (gain,), _ in self.heard(place, state):
            if isinstance(leads, Turn):
                ahead = self._at[leads, now]
            else:
                after, count = self.fronts.entered(leads, now)
                ahead = self._shift(_ONLY_NOTHING if isinstance(leads, Close) else self._at[leads, after], count)
            if gain != NOTHING:
                ahead = self._shift(ahead, gain)
            front = self._join(front, ahead) if front else ahead
        return front

    def _of_turn(self, turn: Turn, state: int) -> Front:
        front: Front = ()
        for step in self.fronts.chosen(turn, state):
            ahead = self._of_step(step)
            front = self._join(front, ahead) if front else ahead
        return front

    def path(self, aim: Count) -> Moves:
        """The moves of a play that counts exactly this, one of `whole`."""
        place: Place | Close = self.fronts.world.start
        state, count = self.fronts.begun()
        left, moves = _less(aim, count), list[str]()
        while isinstance(place, Place):
            step = next(step for step in self._onward(place, state) if left in self._of_step(step))
            moves += step.moves
            place, state, left = step.leads, step.state, _less(left, step.counted)
        return tuple(moves)

    def _onward(self, place: Place, state: int) -> Iterator[Step]:
        """Every way on from a place, with its moves."""
        for leads, now, count, moves in self._heard_by_moves(place, state):
            if isinstance(leads, Turn):
                for step in self.fronts.chosen(leads, now):
                    yield Step((*moves, *step.moves), step.leads, step.state, _sum(count, step.counted))
            else:
                after, more = self.fronts.entered(leads, now)
                yield Step(moves, leads, after, _sum(count, more))

    def _heard_by_moves(self, place: Place, state: int) -> Iterator[tuple[Turn | Place | Close, int, Count, Moves]]:
        """What the speech at a place comes to, and by which moves."""
        if self.fronts.listens:
            yield from ((leads, now[0], gains[0], moves) for leads, now, gains, moves in self._listener.heard(place, (state,)))
        else:
            now, count = self.fronts.step(state, place.speech.ends)
            yield from ((result.leads, now, count, result.moves) for result in self.fronts.deaf_ear.heard(place, ()))

    def _of_step(self, step: Step) -> Front:
        """What a way on counts, and everything after it."""
        front = _ONLY_NOTHING if isinstance(step.leads, Close) else self.at(step.leads, step.state)
        return front if step.counted == NOTHING else self._shift(front, step.counted)

    def _shift(self, front: Front, count: Count) -> Front:
        if count == NOTHING:
            return front
        known = self._shifted.get((front, count))
        if known is None:
            known = self._shifted[front, count] = tuple(_sum(one, count) for one in front)
        return known

    def _join(self, one: Front, other: Front) -> Front:
        if one is other or one == other:
            return one
        known = self._joined.get((one, other))
        if known is None:
            known = self._joined[one, other] = _undominated({*one, *other}, best=self.is_best)
        return known


def _undominated(counts: set[Count], *, best: bool) -> Front:
    """The counts that no other one makes needless, in order."""
    told, last = list[Count](), None
    for kept, broken in sorted(counts, key=lambda count: (-count[0], count[1]) if best else (count[0], -count[1])):
        if (kept, broken) == NOTHING:
            told.append(NOTHING)
        elif last is None or (broken < last if best else broken > last):
            told.append((kept, broken))
            last = broken
    return tuple(told)


def _sum(one: Count, other: Count) -> Count:
    return one[0] + other[0], one[1] + other[1]


def _less(one: Count, other: Count) -> Count:
    return one[0] - other[0], one[1] - other[1]


_OF_PLAY = ("station", "station-word", "nod", "agree", "deny", "interrupt", "silence")
