"""Tries: what else could have been done at a decision, each played by the rules of play themselves."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from copy import copy
from dataclasses import dataclass, replace
from typing import get_args

from servicesim.analysis.following import Decision, Followed
from servicesim.analysis.hearing import Moves
from servicesim.encounter import rules
from servicesim.encounter.encounter import Encounter
from servicesim.encounter.events import Event, Interrupted, Listening, ReplyChosen, SilenceFell
from servicesim.encounter.rehearsal import HEAR_ON, play
from servicesim.encounter.script import Script
from servicesim.encounter.situation import Phase
from servicesim.errors import NotOffered


@dataclass(frozen=True, slots=True, eq=False)
class Try:
    """One move at a decision: what it is called, the named moves that it takes, and where the play stands then."""

    move: str
    moves: Moves
    stands: Followed
    distance: int = 0  # from what was done

    @property
    def is_reply(self) -> bool:
        """Whether it is a reply."""
        return bool(self.moves) and self.move not in _OF_PLAY


_OF_PLAY = (*get_args(Listening), HEAR_ON, "interrupt", "silence")


def tries(script: Script, events: Sequence[Event], decision: Decision) -> list[Try]:
    """Every move that could have been made, those that answer what was done first."""
    here = Encounter.resumed(script, events[: decision.number])
    told = [one for move in _moves(here) if (one := _tried(here, decision.stands, move)) is not None]
    far = (replace(one, distance=_distance(one, decision.made)) for one in told)
    return sorted(far, key=lambda one: one.distance)


def _moves(encounter: Encounter) -> Iterator[str]:
    situation = encounter.situation
    if situation.phase in (Phase.WAITING, Phase.LEFT_WAITING):
        yield from (option.reply.id for option in situation.stage.options)
        yield from rules.listening_offered(situation)
        yield "silence"
    else:
        yield HEAR_ON
        yield from rules.listening_offered(situation)
        yield "interrupt"


def _tried(here: Encounter, stands: Followed, move: str) -> Try | None:
    trial = copy(here)
    trial.events = list(here.events)
    moves: Moves = (move,)
    try:
        if move == HEAR_ON:
            moves = (move,) if trial.situation.phase is Phase.PAUSING else ()
            _hear_on(trial)
        else:
            play(trial, move)
    except NotOffered:
        return None
    return Try(move, moves, stands.after(trial.events[len(here.events) :]))


def _hear_on(encounter: Encounter) -> None:
    """Let the next thing come by itself, or let the customer go on where that is asked for."""
    due = rules.due_at(encounter.situation)
    if due is None:
        encounter.move_on(encounter.at)
    else:
        encounter.advance(due)


def _distance(one: Try, made: Event | None) -> int:
    """How far a move is from what was done: another reply for a reply, hearing on for what disturbed, a sign for nothing."""
    if one.move == "interrupt":
        return 9
    if made is None or isinstance(made, ReplyChosen | SilenceFell):
        return 0 if one.is_reply else 1
    if isinstance(made, Interrupted):
        return 0 if one.move == HEAR_ON else 1
    return 0
