"""Rules and traces in letters, and how ours judges them: by the automata that `assess` uses, and nothing else.

A letter is an act, ( ) is a reply, > the customer going on; s is a station and w a neutral word. So in "s>(xb)" the
customer pauses, goes on, and the trainee's reply does x and b.
"""

from __future__ import annotations

import random
from dataclasses import dataclass
from functools import cache
from itertools import accumulate
from typing import Any, Literal

from pydantic import TypeAdapter

from servicesim.assessment.rules import Automaton, Ruling, automaton, too_late
from servicesim.assessment.trace import GOES_ON, REPLY_BEGINS, REPLY_ENDS
from servicesim.scenario.principles import Rule, WrittenRule

MARKS = {"(": REPLY_BEGINS, ")": REPLY_ENDS, ">": GOES_ON}
OF_PLAY = {"s": "station", "w": "station-word"}
LONGEST = 14  # acts of a trace
STEPS = (0, 1, 500, 1_000, 1_999, 2_000)  # milliseconds from one act to the next, so that a limit is met exactly at times
Within = Literal["next-reply"] | int | None


@dataclass(frozen=True, slots=True)
class Asked:
    """A rule in letters: `a` is what it is about, or asks first; `b` comes then, or never, or opens a stretch."""

    template: str
    a: str
    b: str = ""
    opened: str = ""
    closed: str = ""
    within: Within = None  # "next-reply", or milliseconds

    def written(self) -> dict[str, Any]:
        """The rule as a trainer writes it."""
        scope = {"from": named(self.opened), "until": named(self.closed)}
        rule = {self.template: self._body(), **{key: acts for key, acts in scope.items() if acts}}
        return rule | {"per": named(self.b)} if self.template == "absence" and self.b else rule

    def _body(self) -> Any:
        a, b = named(self.a), named(self.b)
        limit = {} if self.within is None else {"within": self.within if isinstance(self.within, str) else self.within / 1000}
        match self.template:
            case "precedence":
                return {"needs": a, "then": b}
            case "not-response":
                return {"after": a, "never": b}
            case "response" | "alternate-response":
                return {"after": a, "then": b, **limit}
            case _:
                return a

    def automaton(self) -> Automaton:
        """The rule as ours judges it."""
        return automaton(_rule().validate_python(self.written()))


@dataclass(frozen=True, slots=True)
class Trace:
    """What happened, and when, in milliseconds."""

    told: str
    times: tuple[int, ...]

    @property
    def acts(self) -> str:
        """The acts alone, as they are told to those who know no replies."""
        return "".join(one for one in self.told if one not in MARKS)


def named(letters: str) -> list[str]:
    """The acts that letters stand for."""
    return [OF_PLAY.get(one, one) for one in letters]


@cache
def _rule() -> TypeAdapter[Rule]:
    return TypeAdapter(WrittenRule)


def rulings(rule: Automaton, trace: Trace) -> list[Ruling]:
    """What ours decides; marks are places in the trace."""
    state, decided = rule.start, list[Ruling]()
    for place, (letter, now) in enumerate(zip(trace.told, trace.times, strict=True)):
        if rule.seconds is not None and state:
            state, late = too_late(state, rule.seconds, now / 1000, lambda mark: trace.times[mark] / 1000)
            decided += late
        what = rule.meaning.get(MARKS.get(letter) or OF_PLAY.get(letter, letter), 0)
        if what:
            state, more = rule.step(state, what, place, True)
            decided += more
    return [*decided, *rule.finish(state, True)]


def drawn(draw: random.Random, letters: str, *, alone: bool = False) -> Trace:
    """A random trace; `alone` makes each act a reply of its own."""
    told, most = "", draw.randrange(LONGEST + 1)
    while (left := most - sum(one not in MARKS for one in told)) > 0:
        if alone:
            told += f"({draw.choice(letters)})"
        elif draw.random() < 0.5:
            told += f"({''.join(draw.choices(letters, k=min(left, draw.randrange(4))))})"
        else:
            told += draw.choice(letters) + draw.choice((">", "", ""))
    return Trace(told, tuple(accumulate(draw.choices(STEPS, k=len(told)))))
