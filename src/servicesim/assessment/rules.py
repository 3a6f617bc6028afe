"""Rules as small automata: DECLARE templates with Dwyer's scopes, one step for each act.

A state is immutable. It carries the marks of what is pending, so that a verdict knows its moment; with the same mark
for everything, states become few, and steps can be remembered (see tally.py). One mechanism, used twice.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, NamedTuple, Protocol, assert_never

from servicesim.assessment.trace import GOES_ON, REPLY_BEGINS, REPLY_ENDS
from servicesim.scenario.principles import (
    Absence,
    AfterThen,
    AlternateResponse,
    Existence,
    First,
    Last,
    NotResponse,
    Precedence,
    Response,
    Rule,
)

# What an act is to a rule, as bits.
OPENS, CLOSES, A, B, STATION, BEGINS, ENDS, ON = (1 << bit for bit in range(8))

State = Any  # None while out of scope; otherwise what the template keeps
Mark = Any  # whatever the caller tells opportunities apart by


class Ruling(NamedTuple):
    """One opportunity decided: kept or broken, the mark where it arose and the mark that decided it."""

    kept: bool
    arose: Mark
    decided: Mark


Rulings = tuple[Ruling, ...]
NONE: Rulings = ()


class Template(Protocol):
    """How one DECLARE template sees a scope, from its beginning to its end."""

    @property
    def start(self) -> State: ...

    def step(self, state: State, what: int, mark: Mark) -> tuple[State, Rulings]:
        """The state after an act, and what the act decides."""

    def finish(self, state: State) -> Rulings:
        """What the end of the scope decides."""

    def pending(self, state: State) -> bool:
        """Whether something is still to be done."""


@dataclass(frozen=True, slots=True)
class FirstReply:
    """`first: a` (init)."""

    start = "before"

    def step(self, state: State, what: int, mark: Mark) -> tuple[State, Rulings]:
        if what & BEGINS and state == "before":
            return "during", NONE
        if what & A and state == "during":
            return "over", (Ruling(True, mark, mark),)
        if what & ENDS and state == "during":
            return "over", (Ruling(False, mark, mark),)
        return state, NONE

    def finish(self, state: State) -> Rulings:
        return (Ruling(False, None, None),) if state != "over" else NONE

    def pending(self, state: State) -> bool:
        return bool(state != "over")


@dataclass(frozen=True, slots=True)
class LastReply:
    """`last: a` (end). The state is (whether the last reply did it, its mark, whether it is still going on)."""

    start = (False, None, False)

    def step(self, state: State, what: int, mark: Mark) -> tuple[State, Rulings]:
        if what & BEGINS:
            return (False, mark, True), NONE
        if what & A and state[2]:
            return (True, mark, True), NONE
        return (*state[:2], state[2] and not what & ENDS), NONE

    def finish(self, state: State) -> Rulings:
        return (Ruling(state[0], state[1], state[1]),)

    def pending(self, state: State) -> bool:
        return not state[0]


@dataclass(frozen=True, slots=True)
class Exists:
    """`existence: a`."""

    start = False

    def step(self, state: State, what: int, mark: Mark) -> tuple[State, Rulings]:
        if what & A and not state:
            return True, (Ruling(True, mark, mark),)
        return state, NONE

    def finish(self, state: State) -> Rulings:
        return (Ruling(False, None, None),) if not state else NONE

    def pending(self, state: State) -> bool:
        return not state


@dataclass(frozen=True, slots=True)
class Absent:
    """`absence: a`: one opportunity, or each occurrence."""

    start = False

    def step(self, state: State, what: int, mark: Mark) -> tuple[State, Rulings]:
        return (True, (Ruling(False, mark, mark),)) if what & A else (state, NONE)

    def finish(self, state: State) -> Rulings:
        return (Ruling(True, None, None),) if not state else NONE

    def pending(self, state: State) -> bool:
        return False


class _Stretch(NamedTuple):
    """From one b to the next: where it began, and whether a has happened in it."""

    mark: Mark
    broken: bool


@dataclass(frozen=True, slots=True)
class AbsentPer:
    """`absence: a, per: b`: the state is the present stretch, False before the first."""

    start = False

    def step(self, state: State, what: int, mark: Mark) -> tuple[State, Rulings]:
        if what & B:
            return _Stretch(mark, False), self.finish(state)
        if what & A and state and not state.broken:
            return state._replace(broken=True), (Ruling(False, state.mark, mark),)
        return state, NONE

    def finish(self, state: State) -> Rulings:
        return (Ruling(True, state.mark, state.mark),) if state and not state.broken else NONE

    def pending(self, state: State) -> bool:
        return False


@dataclass(frozen=True, slots=True)
class Preceded:
    """`precedence: {needs: a, then: b}`."""

    start = False

    def step(self, state: State, what: int, mark: Mark) -> tuple[State, Rulings]:
        decided = (Ruling(bool(state), mark, mark),) if what & B else NONE
        return bool(state or what & A), decided

    def finish(self, state: State) -> Rulings:
        return NONE

    def pending(self, state: State) -> bool:
        return False


class _Open(NamedTuple):
    """One `after` that waits for its `then`."""

    mark: Mark
    station: bool  # closed when the customer goes on
    due: bool  # the next reply has begun


@dataclass(frozen=True, slots=True)
class Answered:
    """`response` and `alternate-response`: the state holds what waits for its answer, oldest first."""

    alternate: bool
    next_reply: bool
    start = ()

    def step(self, state: State, what: int, mark: Mark) -> tuple[State, Rulings]:
        waiting: tuple[_Open, ...] = state
        decided: list[Ruling] = []
        if what & ON:
            waiting = _broken(waiting, decided, mark, [one.station for one in waiting])
        if what & ENDS and self.next_reply:
            waiting = _broken(waiting, decided, mark, [one.due for one in waiting])
        if what & BEGINS and self.next_reply:
            waiting = tuple(one._replace(due=True) for one in waiting)
        if what & B:
            answered = [one.due or not self.next_reply for one in waiting]
            decided += [Ruling(True, one.mark, mark) for one, yes in zip(waiting, answered, strict=True) if yes]
            waiting = tuple(one for one, yes in zip(waiting, answered, strict=True) if not yes)
        if what & A:
            if self.alternate:
                waiting = _broken(waiting, decided, mark, [True] * len(waiting))
            waiting = (*waiting, _Open(mark, bool(what & STATION), False))
        return waiting, tuple(decided)

    def finish(self, state: State) -> Rulings:
        return tuple(Ruling(False, one.mark, None) for one in state)

    def pending(self, state: State) -> bool:
        return bool(state)


def _broken(waiting: tuple[_Open, ...], decided: list[Ruling], mark: Mark, lost: list[bool]) -> tuple[_Open, ...]:
    """Those that are not lost; a ruling is added for each that is."""
    decided += [Ruling(False, one.mark, mark) for one, yes in zip(waiting, lost, strict=True) if yes]
    return tuple(one for one, yes in zip(waiting, lost, strict=True) if not yes)


@dataclass(frozen=True, slots=True)
class NotAnswered:
    """`not-response: {after: a, never: b}`."""

    start = ()

    def step(self, state: State, what: int, mark: Mark) -> tuple[State, Rulings]:
        decided = NONE
        if what & B:
            decided, state = tuple(Ruling(False, one, mark) for one in state), ()
        return ((*state, mark) if what & A else state), decided

    def finish(self, state: State) -> Rulings:
        return tuple(Ruling(True, one, None) for one in state)

    def pending(self, state: State) -> bool:
        return False


@dataclass(frozen=True, slots=True)
class Automaton:
    """A rule made ready: what each act is to it, its template, its scope and its limit in seconds."""

    rule: Rule
    template: Template
    meaning: dict[str, int]
    scoped: bool
    seconds: float | None = None

    @property
    def start(self) -> State:
        """The state before anything has happened."""
        return None if self.scoped else self.template.start

    def step(self, state: State, what: int, mark: Mark, offered: bool) -> tuple[State, Rulings]:
        """The state after an act, and what the act decides."""
        if what & OPENS:
            return self.template.start, self.finish(state, offered)
        if state is None:
            return None, NONE
        if what & CLOSES:
            return None, self.finish(state, offered)
        state, rulings = self.template.step(state, what, mark)
        return state, rulings if offered else NONE

    def finish(self, state: State, offered: bool) -> Rulings:
        """What the end of the encounter decides."""
        return self.template.finish(state) if offered and state is not None else NONE

    def pending(self, state: State) -> bool:
        """Whether something is still to be done."""
        return state is not None and self.template.pending(state)


def automaton(rule: Rule) -> Automaton:
    """The rule as an automaton."""
    meaning: dict[str, int] = {}

    def means(acts: tuple[str, ...] | None, what: int) -> None:
        for act in acts or ():
            meaning[act] = meaning.get(act, 0) | what

    means(rule.opened_by, OPENS)
    means(rule.closed_by, CLOSES)
    template, seconds = _template(rule, means)
    means((REPLY_BEGINS,), BEGINS)
    means((REPLY_ENDS,), ENDS)
    if isinstance(template, Answered) and meaning.get("station", 0) & A:
        means(("station",), STATION)
        means((GOES_ON,), ON)
    return Automaton(rule, template, meaning, rule.opened_by is not None, seconds)


def _template(rule: Rule, means: Any) -> tuple[Template, float | None]:
    match rule:
        case First():
            means(rule.first, A)
            return FirstReply(), None
        case Last():
            means(rule.last, A)
            return LastReply(), None
        case Existence():
            means(rule.existence, A)
            return Exists(), None
        case Absence():
            means(rule.absence, A)
            means(rule.per, B)
            return (AbsentPer() if rule.per else Absent()), None
        case Precedence():
            means(rule.precedence.needs, A)
            means(rule.precedence.then, B)
            return Preceded(), None
        case Response():
            return _answered(rule.response, means, alternate=False)
        case AlternateResponse():
            return _answered(rule.alternate_response, means, alternate=True)
        case NotResponse():
            means(rule.not_response.after, A)
            means(rule.not_response.never, B)
            return NotAnswered(), None
        case _:
            assert_never(rule)


def _answered(asked: AfterThen, means: Any, *, alternate: bool) -> tuple[Template, float | None]:
    means(asked.after, A)
    means(asked.then, B)
    seconds = asked.within if isinstance(asked.within, float) else None
    return Answered(alternate, asked.within == "next-reply"), seconds


def too_late(state: State, seconds: float, now: float, when: Callable[[Mark], float]) -> tuple[State, Rulings]:
    """For a rule with a limit in seconds: what was not answered in time is broken; `when` tells the time of a mark."""
    # In whole milliseconds, as times are kept: 5.214 - 3.214 is a little more than 2.
    late = [round((now - when(one.mark)) * 1000) > round(seconds * 1000) for one in state or ()]
    if not any(late):
        return state, NONE
    decided: list[Ruling] = []
    return _broken(state, decided, None, late), tuple(decided)
