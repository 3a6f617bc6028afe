"""What ours knows and DECLARE does not, told in DECLARE: a trace is cut and written so that a bare template is left.

This is written apart from the automata, and in another way: by places in the trace. Each piece is a trace of its own,
in which a is the first act of a rule, b the second, and x any other.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from itertools import pairwise

from benchmarks.declare_traces import MARKS, Asked, Trace

DECLARE = {"first": "init", "last": "end"}
UNARY = ("init", "end", "existence", "absence")


@dataclass(frozen=True, slots=True)
class Cut:
    """What a peer is asked: a bare template, and traces for it; `each` is whether each is just one opportunity."""

    template: str
    pieces: tuple[str, ...]
    each: bool


def cut(asked: Asked, trace: Trace) -> Cut:
    """The trace as bare DECLARE sees it."""
    template = DECLARE.get(asked.template, asked.template)
    parts = scopes(trace.told, asked.opened, asked.closed)
    if template in ("init", "end"):
        return Cut(template, tuple(_replies(trace.told[begin:end], asked.a) for begin, end in parts), True)
    if template == "absence" and asked.b:
        return Cut(template, tuple(piece for begin, end in parts for piece in _stretches(trace.told[begin:end], asked)), True)
    if template in ("response", "alternate-response") and (asked.within is not None or "s" in asked.a):
        return Cut(template, tuple(piece for part in parts for piece in _windows(asked, trace, *part)), True)
    return Cut(template, tuple(roles(asked, trace.told[begin:end]) for begin, end in parts), template == "existence")


def scopes(told: str, opened: str, closed: str) -> list[tuple[int, int]]:
    """Where a rule holds: from behind each opening act to the next of them, or to the first closing act."""
    begins = [at + 1 for at, one in enumerate(told) if one in opened] if opened else [0]
    ends = [*(at - 1 for at in begins[1:]), len(told)]
    return [(begin, next((at for at in range(begin, end) if told[at] in closed), end)) for begin, end in zip(begins, ends, strict=False)]


def roles(asked: Asked, told: str) -> str:
    """Each act by its role. One that plays both answers what came before it, and then asks: it is written as b and a."""
    role = {True: {True: "ba", False: "a"}, False: {True: "b", False: "x"}}
    return "".join(role[one in asked.a][one in asked.b] for one in told if one not in MARKS)


def _replies(told: str, acts: str) -> str:
    """One letter for each reply that begins here; nothing at all is written as one other act."""
    begun = [reply.partition(")")[0] for reply in told.split("(")[1:]]
    return "".join("a" if set(acts) & set(reply) else "x" for reply in begun) or "x"


def _stretches(told: str, asked: Asked) -> Iterator[str]:
    """From one b to the next."""
    begins = [at for at, one in enumerate(told) if one in asked.b]
    for begin, end in pairwise([*begins, len(told)]):
        yield roles(Asked("absence", asked.a), told[begin + 1 : end])


def _windows(asked: Asked, trace: Trace, begin: int, end: int) -> Iterator[str]:
    """For each a what could answer it: all that comes before its limit."""
    for at in range(begin, end):
        if trace.told[at] in asked.a:
            yield "a" + "".join("b" if trace.told[place] in asked.b else "x" for place in _window(asked, trace, at, end))


def _window(asked: Asked, trace: Trace, at: int, end: int) -> list[int]:
    told, start = trace.told, at + 1
    if asked.template == "alternate-response":
        end = next((place + 1 for place in range(start, end) if told[place] in asked.a), end)
    if told[at] == "s":
        end = next((place for place in range(start, end) if told[place] == ">"), end)
    if asked.within == "next-reply":
        start = next((place for place in range(start, end) if told[place] == "("), end)
        end = next((place for place in range(start, end) if told[place] == ")"), end)
    latest = trace.times[at] + asked.within if isinstance(asked.within, int) else trace.times[-1]
    return [place for place in range(start, end) if told[place] not in MARKS and trace.times[place] <= latest]
