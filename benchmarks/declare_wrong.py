"""Automata that are wrong on purpose: a run that does not catch every one of them proves nothing."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace

from benchmarks.declare_families import Family
from benchmarks.declare_traces import Asked
from servicesim.assessment.rules import A, Automaton, B, Mark, Rulings, State, Template


@dataclass(frozen=True, slots=True)
class Wrong:
    """One fault: what it is, in which families it can show, and the automaton that has it."""

    fault: str
    where: Callable[[Family], bool]
    judges: Callable[[Asked], Automaton]


def _taken_as(template: str, other: str) -> Wrong:
    def judges(asked: Asked) -> Automaton:
        return replace(asked, template=other, within=None).automaton()

    return Wrong(f"{template} taken as {other}", lambda family: family.template == template, judges)


@dataclass(frozen=True, slots=True)
class _Wrapped:
    """A template with something changed."""

    template: Template

    @property
    def start(self) -> State:
        return self.template.start

    def step(self, state: State, what: int, mark: Mark) -> tuple[State, Rulings]:
        return self.template.step(state, what, mark)

    def finish(self, state: State) -> Rulings:
        return self.template.finish(state)

    def pending(self, state: State) -> bool:
        return self.template.pending(state)


class _SelfAnswering(_Wrapped):
    """An act on both sides asks first, and then answers."""

    def step(self, state: State, what: int, mark: Mark) -> tuple[State, Rulings]:
        state, first = self.template.step(state, what & ~B, mark)
        state, then = self.template.step(state, what & B, mark) if what & B else (state, ())
        return state, (*first, *then)


class _CountedOnce(_Wrapped):
    """However often it happens, it is broken once."""

    def step(self, state: State, what: int, mark: Mark) -> tuple[State, Rulings]:
        after, decided = self.template.step(state, what, mark)
        return after, () if state is True else decided


class _Deaf(_Wrapped):
    """While one waits for its answer, a second one is not heard."""

    def step(self, state: State, what: int, mark: Mark) -> tuple[State, Rulings]:
        if what & A and state:
            return state, ()
        return self.template.step(state, what, mark)


def _rewired(fault: str, template: str, changed: Callable[[Template], Template]) -> Wrong:
    def judges(asked: Asked) -> Automaton:
        ready = asked.automaton()
        return replace(ready, template=changed(ready.template))

    return Wrong(fault, lambda family: family.template == template, judges)


WRONG = (
    _taken_as("first", "last"),
    _taken_as("first", "existence"),
    _taken_as("last", "first"),
    _taken_as("existence", "first"),
    _taken_as("absence", "existence"),
    _taken_as("precedence", "response"),
    _taken_as("response", "precedence"),
    _taken_as("response", "alternate-response"),
    _taken_as("alternate-response", "response"),
    _taken_as("not-response", "response"),
    Wrong("the scope is forgotten", lambda family: family.about == "scopes", lambda asked: replace(asked, opened="", closed="").automaton()),
    Wrong("`until` is forgotten", lambda family: family.about == "scopes", lambda asked: replace(asked, closed="").automaton()),
    Wrong("the limit is forgotten", lambda family: family.about in ("next reply", "seconds"), lambda asked: replace(asked, within=None).automaton()),
    Wrong("`per` is forgotten", lambda family: family.about == "per", lambda asked: replace(asked, b="").automaton()),
    Wrong("only the first act of a list counts", lambda family: family.about == "lists", lambda asked: replace(asked, a=asked.a[:1], b=asked.b[:1]).automaton()),
    _rewired("an act answers itself, in response", "response", _SelfAnswering),
    _rewired("an act answers itself, in precedence", "precedence", _SelfAnswering),
    _rewired("an act answers itself, in not-response", "not-response", _SelfAnswering),
    _rewired("absence is broken once only", "absence", _CountedOnce),
    _rewired("a second one is not heard while one waits", "response", _Deaf),
)
