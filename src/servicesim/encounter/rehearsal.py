"""Playing by named moves, without a clock: `simulate`, walkthroughs and the demo play like this.

`go-on nod yes no` fall half a second into the next station of the speech that has none yet, after the last station at
once; `interrupt` falls in the middle of the segment; `silence` waits out the patience once; a reply comes two seconds
after the speech. `.` hears on without a sign: it lets one more station pass, or, after the last, the rest of the speech,
so that a listening act can come later than at the next occasion. In untimed play the customer is asked to go on wherever that is needed.
"""

from __future__ import annotations

from collections.abc import Iterable
from math import inf
from typing import get_args

from servicesim.encounter import rules
from servicesim.encounter.encounter import Encounter
from servicesim.encounter.events import Listening
from servicesim.encounter.script import MOST_INTERRUPTIONS
from servicesim.encounter.situation import Phase, Situation
from servicesim.errors import NotOffered

INTO_STATION = 0.5
AFTER_SPEECH = 2.0
HEAR_ON = "."  # cannot be the id of a reply
_SPEAKING = (Phase.SPEAKING, Phase.PAUSING, Phase.PROTESTING)


def rehearse(encounter: Encounter, moves: Iterable[str]) -> Encounter:
    """Play the moves one after the other; raises NotOffered, with what is offered, at the first that is not."""
    for move in moves:
        play(encounter, move)
    return encounter


def play(encounter: Encounter, move: str) -> None:
    """Play one move at the time that it falls on."""
    _not_over(encounter, move)
    if move in get_args(Listening):
        _listen(encounter, move)  # type: ignore[arg-type]
    elif move == "interrupt":
        _interrupt(encounter)
    elif move == "silence":
        _stay_silent(encounter)
    elif move == HEAR_ON:
        _hear_on(encounter)
    else:
        _reply(encounter, move)


def _listen(encounter: Encounter, how: Listening) -> None:
    while how not in rules.listening_offered(encounter.situation) and encounter.situation.phase in _SPEAKING:
        _let_happen(encounter)
    if encounter.situation.phase is Phase.PAUSING and not encounter.situation.untimed:
        encounter.listen(how, encounter.situation.since + INTO_STATION)
    else:
        encounter.listen(how, encounter.at)


def _interrupt(encounter: Encounter) -> None:
    if not encounter.situation.untimed:
        while encounter.situation.phase in (Phase.PAUSING, Phase.PROTESTING):
            _let_happen(encounter)
    situation = encounter.situation
    if situation.phase in _SPEAKING and not rules.may_interrupt(situation):
        raise NotOffered(_cut_in_enough(situation))
    over = rules.due_at(situation) if situation.phase is Phase.SPEAKING else None
    at = encounter.at if over is None else (max(encounter.at, situation.since) + over) / 2
    encounter.interrupt(at)


def _stay_silent(encounter: Encounter) -> None:
    finish_speech(encounter)
    _not_over(encounter, "silence")
    over = rules.due_at(encounter.situation)
    if encounter.situation.phase is not Phase.WAITING or over is None:
        raise NotOffered(f"'silence' does not run out here; offered are: {', '.join(rules.moves(encounter.situation))}")
    encounter.advance(over)


def _hear_on(encounter: Encounter) -> None:
    if encounter.situation.phase not in _SPEAKING:
        offered = ", ".join(rules.moves(encounter.situation))
        raise NotOffered(f"'{HEAR_ON}' is not offered here: the customer has spoken to the end; offered are: {offered}")
    while _is_answered(encounter.situation):
        _let_happen(encounter)
    while encounter.situation.phase in (Phase.SPEAKING, Phase.PROTESTING):
        _let_happen(encounter)
    if encounter.situation.phase is Phase.PAUSING:
        _let_happen(encounter)


def _is_answered(situation: Situation) -> bool:
    """Whether the customer pauses, and has had a sign at this station."""
    return situation.phase is Phase.PAUSING and not rules.listening_offered(situation)


def _reply(encounter: Encounter, reply: str) -> None:
    finish_speech(encounter)
    _not_over(encounter, reply)
    encounter.reply(reply, max(encounter.at, encounter.situation.since + AFTER_SPEECH))


def _not_over(encounter: Encounter, move: str) -> None:
    """Raise NotOffered, saying how it ended, if the encounter is over."""
    situation = encounter.situation
    if not situation.ended:
        return
    how = "nothing was left to say"
    if situation.ending is not None:
        how = f"it ended with '{situation.ending}' ({encounter.script.ending(situation.ending).title})"
    raise NotOffered(f"'{move}' comes too late: the encounter is over, {how}; no move is offered any more")


def _cut_in_enough(situation: Situation) -> str:
    """Why nobody may cut in again, and what can be done once the customer has spoken to the end."""
    while situation.phase in _SPEAKING:
        coming = rules.due(situation, inf)
        situation = situation.after(coming or rules.move_on(situation, situation.since))
    return (
        f"'interrupt' is not offered here: this speech was cut {MOST_INTERRUPTIONS} times, and that is the most; "
        f"offered when it is over are: {', '.join(rules.moves(situation)) or 'no moves, for it ends the encounter'}"
    )


def finish_speech(encounter: Encounter) -> None:
    """Let the customer speak to the end."""
    while encounter.situation.phase in _SPEAKING:
        _let_happen(encounter)


def _let_happen(encounter: Encounter) -> None:
    """Let the next thing come by itself, or ask the customer to go on."""
    over = rules.due_at(encounter.situation)
    if over is None:
        encounter.move_on(encounter.at)
    else:
        encounter.advance(over)
