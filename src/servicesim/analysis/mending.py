"""Mending: for each lost point, until when it could still be kept, and what would have kept it.

    for told in Mender(script, events, assessment).told():
        ...                # a Mending for each loss, then perhaps the TurningPoint; None while nothing is ready

A point could be kept at a decision where some play by named moves goes on from there and keeps it. What is told to keep it
was played to its end by the rules of play, and judged.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from fractions import Fraction

from servicesim.analysis.board import Board
from servicesim.analysis.budget import Budget, TooMuch
from servicesim.analysis.following import Decision, decisions
from servicesim.analysis.ground import Ground
from servicesim.analysis.hearing import Moves
from servicesim.analysis.hopes import Hopes
from servicesim.analysis.keeping import is_kept, lost
from servicesim.analysis.ledgers import Number
from servicesim.analysis.losses import Loss, losses
from servicesim.analysis.tries import Try, tries
from servicesim.analysis.turning import TurningPoint, Turns
from servicesim.analysis.watch import Aim, ExerciseWatch, RatingWatch, RuleWatch, Watch
from servicesim.analysis.world import Close
from servicesim.assessment.assess import Assessment, is_untimed
from servicesim.assessment.trace import moments
from servicesim.encounter.encounter import Encounter
from servicesim.encounter.events import Event, SpeechBegan
from servicesim.encounter.rehearsal import rehearse
from servicesim.encounter.script import Script

SECONDS = 6.0  # of computing, at the most; a shipped encounter takes about two and a half


@dataclass(frozen=True, slots=True)
class Mending:
    """Until when a lost point could be kept, and what would have kept it."""

    loss: Loss
    until: int | None  # the last decision from which it could: before this event; None where no decision could
    instead: str = ""  # the move that would have kept it there: a reply's id, or as `simulate` calls it; "." is to hear on
    moves: Moves = ()  # a whole play from there in which it is kept, as `simulate --play` takes them
    avoided: bool = False  # it would not have been kept, but would not have been lost either
    exact: bool = True  # proved: no later decision could

    def from_here(self, events: Sequence[Event]) -> Sequence[Event]:
        """The events from which the trainee can play on."""
        return events[: self.until or 0]


Told = Mending | TurningPoint | None


class _StopWatch:
    """Counts only while something is worked out, not while somebody does something with it."""

    def __init__(self, clock: Callable[[], float]) -> None:
        self._clock, self._passed, self._since = clock, 0.0, 0.0

    def go(self) -> None:
        """Count on."""
        self._since = self._clock()

    def stop(self) -> None:
        """Stand still."""
        self._passed += self._clock() - self._since

    def read(self) -> float:
        """Seconds until now; asked for while it goes."""
        return self._passed + self._clock() - self._since


@dataclass(frozen=True, slots=True)
class _Found:
    """Where a loss could last be kept, and the moves there with which it could."""

    loss: Loss
    aim: Aim = "this"
    decision: Decision | None = None
    tries: tuple[Try, ...] = ()
    exact: bool = True


class Mender:
    """One play that has been judged, looked at for what could have been otherwise."""

    def __init__(
        self, script: Script, events: Sequence[Event], assessment: Assessment,
        *, ground: Ground | None = None, seconds: float = SECONDS, clock: Callable[[], float] = time.thread_time,
        urgent: Sequence[str] | None = None,
    ) -> None:  # fmt: skip
        """`urgent`: principles in the order in which one wants to know of them, and of the turning point as soon as it can be known."""
        self.script, self.events, self.assessment, self._urgent = script, events, assessment, urgent
        self.untimed = is_untimed(events)
        self.ground = ground or Ground(script, untimed=self.untimed)
        self._seconds, self._clock = seconds, clock

    def told(self) -> Iterator[Told]:
        """Each thing as soon as it is known; None where a part of the work is done. Where the budget is spent, no more comes."""
        watch = _StopWatch(self._clock)
        steps = self._told(Budget(watch.read, self._seconds))
        while True:
            watch.go()
            try:
                told = next(steps)
            except (StopIteration, TooMuch):
                return
            finally:
                watch.stop()
            yield told

    def _told(self, budget: Budget) -> Iterator[Told]:
        self._begin(budget)
        yield None
        unsure = list[_Found]()
        for loss in self._in_order():
            found = self._found(loss)
            if len(found.tries) > 1:
                unsure.append(found)
                yield None
            else:
                yield self._mending(found)
        yield from self.ground.set_up(budget.part(0.8))
        if self._urgent is None:
            yield from (self._mending(found) for found in unsure)
            yield from self._turning(budget)
        else:
            yield from self._turning_if_in_time(budget.part(0.9))
            yield from (self._mending(found) for found in unsure)

    def _in_order(self) -> list[Loss]:
        if self._urgent is None:
            return self.losses
        place = {name: place for place, name in enumerate(self._urgent)}
        return sorted(self.losses, key=lambda loss: place.get(loss.principle, len(place)))

    def _turning(self, budget: Budget) -> Iterator[Told]:
        if self.ground.board is not None:
            yield from Turns(self.ground.board, self._decisions, self.assessment.conduct, budget).told(self._tries)

    def _turning_if_in_time(self, budget: Budget) -> Iterator[Told]:
        """Where there is no time for it, the rest is still told."""
        try:
            yield from self._turning(budget)
        except TooMuch:
            return

    def _begin(self, budget: Budget) -> None:
        script, events = self.script, self.events
        self._budget = budget
        self.world = self.ground.world(budget.part(0.6))
        self.losses = losses(script, events, self.assessment)
        self._trace = tuple(moments(script, events))
        self._decisions = list(decisions(self.world, events))
        self._hopes: dict[tuple[str, str, int, Aim], Hopes] = {}
        self._tried: dict[int, list[Try]] = {}

    # --- until when ---

    def _found(self, loss: Loss) -> _Found:
        """The last decision at which it could be kept, or, failing that, at which it could be avoided."""
        aims: tuple[Aim, ...] = ("fewest",) if loss.is_deed else ("this",) if loss.kind == "owed" else ("this", "fewest")
        for aim in aims:
            most, exact = self._allowed(loss, aim), self._hope(loss, aim).watch.exact
            for decision in reversed(self._about(loss, aim)):
                if self._hope(loss, aim).least(decision.stands, self._state(loss, aim, decision)) <= most:
                    found = self._keeping(loss, aim, decision, most)
                    if found:
                        return _Found(loss, aim, decision, found, exact)
        return _Found(loss)

    def _about(self, loss: Loss, aim: Aim) -> list[Decision]:
        """The decisions that can have been about it."""
        since = loss.since if aim == "this" else 0
        return [decision for decision in self._decisions if since <= decision.number <= loss.decided]

    def _allowed(self, loss: Loss, aim: Aim) -> int:
        """How much may be lost of what is watched: nothing of this one; or one less than with it, once it was lost."""
        if aim == "this":
            return 0
        later = next((decision for decision in self._decisions if decision.number > loss.decided), None)
        upto = len(self.events) + 1 if later is None else later.number
        alike = [other for other in self.losses if (other.principle, other.kind, other.number) == (loss.principle, loss.kind, loss.number)]
        there = sum(loss.decided <= other.decided < upto for other in alike)
        return there - 1 + (0 if later is None else self._hope(loss, aim).least(later.stands, self._state(loss, aim, later)))

    def _hope(self, loss: Loss, aim: Aim) -> Hopes:
        key = (loss.principle, loss.kind, loss.number, aim)
        if key not in self._hopes:
            self._hopes[key] = Hopes(self._watch(loss, aim), self.world, self.ground.deaf, self._budget)
        return self._hopes[key]

    def _watch(self, loss: Loss, aim: Aim) -> Watch:
        if loss.kind == "owed":
            principle = self.script.principles.principles[loss.principle]
            return ExerciseWatch(loss.principle, principle, self.script, untimed=self.untimed)
        if loss.rule is None:
            return RatingWatch(loss.principle, aim)
        return RuleWatch(loss.rule, self.script, aim, untimed=self.untimed)

    def _state(self, loss: Loss, aim: Aim, decision: Decision) -> int:
        """Where its watch stands at a decision."""
        watch = self._hope(loss, aim).watch
        if isinstance(watch, RuleWatch):
            trace = [moment for moment in self._trace if moment.event < decision.number]
            visited = frozenset(event.scene for event in self.events[: decision.number] if isinstance(event, SpeechBegan))
            return watch.begun(trace, loss.arose if aim == "this" else None, visited)
        return watch.begun(decision.stands.pieces) if isinstance(watch, ExerciseWatch) else watch.number(None)

    # --- what instead ---

    def _tries(self, decision: Decision) -> list[Try]:
        if decision.number not in self._tried:
            self._tried[decision.number] = tries(self.script, self.events, decision)
        return self._tried[decision.number]

    def _keeping(self, loss: Loss, aim: Aim, decision: Decision, most: int) -> tuple[Try, ...]:
        """The moves with which it could be kept, of those that are nearest to what was done; the first was played and judged."""
        told = list[Try]()
        for one in self._tries(decision):
            if told and one.distance > told[0].distance:
                break
            if self._least_after(loss, aim, decision, one) <= most and (told or self._moves(loss, aim, decision, one, most) is not None):
                told.append(one)
        return tuple(told)

    def _least_after(self, loss: Loss, aim: Aim, decision: Decision, one: Try) -> int:
        state, lost_now = self._after(loss, aim, decision, one)
        return lost_now + self._hope(loss, aim).least(one.stands, state)

    def _after(self, loss: Loss, aim: Aim, decision: Decision, one: Try) -> tuple[int, int]:
        """Where its watch stands after a move, and what was lost with the move."""
        watch, state, lost_now = self._hope(loss, aim).watch, self._state(loss, aim, decision), 0
        for piece in one.stands.pieces[len(decision.stands.pieces) :]:
            state, (_, more) = watch.step(state, piece)
            lost_now += more
        return state, lost_now

    def _moves(self, loss: Loss, aim: Aim, decision: Decision, one: Try, most: int) -> Moves | None:
        """A whole play from the decision on that begins with this move and keeps it; None where it does not when it is played."""
        state, _ = self._after(loss, aim, decision, one)
        moves = (*one.moves, *self._hope(loss, aim).moves(one.stands, state))
        played = rehearse(Encounter.resumed(self.script, self.events[: decision.number]), moves).events
        if aim == "this":
            good = is_kept(loss, self.script, played, decision.number)
        else:
            good = lost(loss, self.script, played, decision.number) <= most
        return moves if good else None

    def _mending(self, found: _Found) -> Mending:
        loss, aim, decision = found.loss, found.aim, found.decision
        if decision is None:
            return Mending(loss, None, exact=found.exact)
        most = self._allowed(loss, aim)
        for one in self._ranked(found, decision):
            moves = self._moves(loss, aim, decision, one, most)
            if moves is not None:
                return Mending(loss, decision.number, one.move, moves, aim == "fewest" and not loss.is_deed, found.exact)
        raise AssertionError("the first of the tries was played and kept it")

    def _ranked(self, found: _Found, decision: Decision) -> list[Try]:
        """Those first with which the most can still be reached, then those that keep it at once.

        Where there was no time to look so far ahead, those that lose the least with the very move.
        """
        board = self.ground.board
        if len(found.tries) < 2:
            return list(found.tries)

        def rank(one: Try) -> tuple[Number, bool]:
            cost = self._lost_at_once(decision, one) if board is None else -reachable(board, one)
            state, _ = self._after(found.loss, found.aim, decision, one)
            return cost, not self._hope(found.loss, found.aim).watch.is_settled(state)

        return sorted(found.tries, key=rank)

    def _lost_at_once(self, decision: Decision, one: Try) -> Fraction:
        """What all principles lose in a move, less what they keep in it."""
        before, told = len(decision.stands.pieces), Fraction(0)
        for track in self.ground.tracks:
            state = track.start
            for number, piece in enumerate(one.stands.pieces):
                state, (kept, broken) = track.step(state, piece)
                told += Fraction(track.weight * (broken - kept), track.whole) if number >= before else 0
        return told


def reachable(board: Board, one: Try) -> Number:
    """What conduct can at best be after a move, by a bound that never errs."""
    entries, stands = board.after(one.stands.pieces), one.stands
    if isinstance(stands.leads, Close):
        return board.bound(stands.leads, entries, best=True)
    ways = board.onward(stands.place, entries, stands.midway)
    return max(board.bound(onto.leads, board.entered(onto, now), best=True) for _, onto, now in ways)
