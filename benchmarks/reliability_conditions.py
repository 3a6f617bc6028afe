"""Conditions: any text is read or refused, and what is read means what a second evaluator, Python's own, says it means.

200,000 random texts: characters of all kinds, heaps of words and signs, good conditions that somebody broke. 5,000 good
conditions, each in 20 states. The negative control is a reader in which `or` binds tighter than `and`.
"""

from __future__ import annotations

import random
import re
import time
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from functools import cache

from benchmarks.reliability_report import Failing, Report
from servicesim.scenario import conditions
from servicesim.scenario.conditions import Atom, ConditionError, Name, Node, Number, Or, Said, Seen

TEXTS = 200_000
VALID = 5_000
STATES = 20
MOST_SECONDS = 0.5
FACTS: Mapping[str, bool | int] = {"logged": False, "paid": True, "calls": 0, "days": 3}
State = Mapping[str, int]
Read = Callable[[str], Node]

_YES_OR_NO = ("logged", "paid", "said(greet)", "said(say-sorry)", "seen(story)", "seen(the-end)")
_NUMBERS = ("calls", "days", "expects", "received", "satisfaction", "trust", "anger")
_SIGNS = ("==", "!=", "<", "<=", ">", ">=")
_ALIEN = (
    "=", "&", "|", "!", "+", "-", "*", "/", "%", "~", ".", ",", ":", ";", "'", '"', "`", "[", "]", "{", "}", "\\", "#", "@", "$", "?",
    "\t", "\n", "\r", "\0", "\x1b[31m", "\x85", "\xa0", "\u061c", "\u200b", "\u200c", "\u2028", "\u202e", "\u2067", "\u3000", "\ufeff",
    "\ud800", "\uffff", "\u0663", "\u00b2", "\u0967", "\uff11", "e\u0301", "ﷺ", "سلام", "\U0001f9d1\u200d\U0001f4bb", "9" * 150, "-9", "007", "1e9", "0x1f",
    "1.5", "True", "None", "lambda", "is", "in", "if", "else", "__import__('os')", "{e.__init__.__globals__}", "%s", "said", "seen()", "said(",
    "seen( story )", "said((greet))", "nobody", "Trust", "trust_", "_", "or", "and", "not", "(" * 30, ")" * 30, "(" * 199, "not " * 30,
)  # fmt: skip


def run(scale: float, seed: int) -> Report:
    """Read the texts, compare the valid ones, and see that the wrong reader is caught."""
    began = time.perf_counter()
    texts = _read_all(max(100, round(TEXTS * scale)), seed)
    valid = _compare_all(max(50, round(VALID * scale)), seed, conditions.parsed, kept=True)
    wrong = _compare_all(max(50, round(VALID * scale)), seed, lambda text: _OrFirst(text).whole(), kept=False)
    faults = [*texts.faults, *valid.faults]
    return Report(
        "conditions",
        f"{texts.runs:,} texts ({texts.read:,} read), {valid.runs:,} valid x {STATES} states",
        f"{len(faults)} wrong; slowest {texts.slowest:.2f} s" + "".join(f"; {fault}" for fault in faults[:3]),
        f"'or' before 'and': caught in {len(wrong.faults)} of {wrong.runs:,}",
        time.perf_counter() - began,
        not faults and bool(wrong.faults) and texts.read > texts.runs / 100,
    )


@dataclass(slots=True)
class _Tally:
    runs: int = 0
    read: int = 0
    slowest: float = 0.0
    faults: list[str] = field(default_factory=list)


# --- any text is read or refused -------------------------------------------------------------------------------------


def _read_all(amount: int, seed: int) -> _Tally:
    tally, failing = _Tally(), Failing("conditions")
    texts = (random_text(random.Random(f"{seed}/{number}")) for number in range(amount))
    for text in failing.first(texts):
        began = time.process_time()
        read, fault = answered(text)
        tally.slowest = max(tally.slowest, time.process_time() - began)
        tally.runs += 1
        tally.read += read
        if fault:
            tally.faults.append(f"{text!a}: {fault}")
            failing.keep(text, fault)
    return tally


def random_text(draw: random.Random) -> str:
    """A text that might stand where a condition belongs."""
    match draw.randrange(8):
        case 0:
            return "".join(chr(draw.choice((draw.randrange(128), draw.randrange(0x110000)))) for _ in range(draw.randrange(40)))
        case 1:
            return draw.choice(_ALIEN) * draw.choice((1, 3, 60, 500))
        case 2 | 3:
            words = (*_YES_OR_NO, *_NUMBERS, *_SIGNS, *_ALIEN, "and", "or", "not", "(", ")", "3", "0")
            return draw.choice(("", " ", " ")).join(draw.choice(words) for _ in range(draw.randrange(12)))
        case 4:
            return valid_text(draw)
        case _:
            return _broken(valid_text(draw), draw)


def _broken(text: str, draw: random.Random) -> str:
    for _ in range(draw.choice((1, 1, 2, 5))):
        at, end = (draw.randrange(len(text) + 1) for _ in range(2))
        match draw.randrange(4):
            case 0:
                text = text[:at] + text[at + 1 :]
            case 1:
                text = text[:at] + draw.choice(_ALIEN) + text[at:]
            case 2:
                text = text[:at] + draw.choice((*_YES_OR_NO, *_NUMBERS, *_SIGNS)) + text[at:]
            case _:
                text = text[: min(at, end)] + text[max(at, end) :]
    return text


def answered(text: str) -> tuple[bool, str]:
    """Whether the text was read, and what is wrong with the answer; empty if nothing is."""
    try:
        node = conditions.parsed(text)
        if any(conditions.unknown_names(node, FACTS)):
            return True, ""
        conditions.kind(node, FACTS)
    except ConditionError as refusal:
        fine = refusal.message and 0 <= refusal.at <= len(text)
        return False, "" if fine else f"refused at {refusal.at} with {refusal.message!r}"
    except Exception as failure:  # noqa: BLE001 - any other exception is what is looked for
        return False, f"{type(failure).__name__}: {failure}"
    return True, _cannot_be_asked(node)


def _cannot_be_asked(node: Node) -> str:
    """What goes wrong when a condition that was read and found right is asked in a game."""
    states = [dict.fromkeys(map(_name, conditions.atoms(node)), value) for value in (0, 1)]
    try:
        always = conditions.constant(node, FACTS)
        answers = {bool(conditions.compiled(node, _lookup)(state)) for state in states}
    except Exception as failure:  # noqa: BLE001 - as above
        return f"{type(failure).__name__}: {failure}"
    return "" if always is None or answers == {always} else f"is said to be always {always}, and is not"


# --- valid ones, against a second evaluator --------------------------------------------------------------------------


def _compare_all(amount: int, seed: int, read: Read, *, kept: bool) -> _Tally:
    tally, failing = _Tally(), Failing("conditions-valid")
    cases = ((valid_text(random.Random(f"{seed}/valid/{number}")), number) for number in range(amount))
    for case in failing.first(cases) if kept else cases:
        fault = differs(case[0], random.Random(f"{seed}/state/{case[1]}"), read)
        tally.runs += 1
        if fault:
            tally.faults.append(f"{case[0]}: {fault}")
        if fault and kept:
            failing.keep(case, fault)
    return tally


def valid_text(draw: random.Random) -> str:
    """A condition as a trainer might write it, and worse: with few brackets, so that it matters what binds tighter."""
    while len(text := _any(draw, draw.randrange(5))) > conditions.LONGEST:
        pass
    return text


def _any(draw: random.Random, depth: int) -> str:
    if depth == 0:
        return draw.choice(_YES_OR_NO) if draw.random() < 0.5 else _comparison(draw)
    match draw.randrange(8):
        case 0:
            return f"not {_any(draw, 0)}"
        case 1:
            return f"not ({_any(draw, depth - 1)})"
        case 2:
            return f"({_any(draw, depth - 1)}){draw.choice((' == ', '!='))}({_any(draw, depth - 1)})"
        case 3:
            return f"( {_any(draw, depth - 1)} )"
        case _:
            parts = [_any(draw, depth - 1) for _ in range(draw.choice((2, 2, 3)))]
            return "".join(f"{part} {draw.choice(('and', 'or'))} " for part in parts[:-1]) + parts[-1]


def _comparison(draw: random.Random) -> str:
    space = draw.choice(("", " "))
    return space.join((_number(draw), draw.choice(_SIGNS), _number(draw)))


def _number(draw: random.Random) -> str:
    return draw.choice(_NUMBERS) if draw.random() < 0.6 else str(draw.choice((0, 1, 2, 3, 5, 9, 40, 100, -1, -10)))


def differs(text: str, draw: random.Random, read: Read) -> str:
    """Where the two evaluators disagree; empty if nowhere."""
    try:
        node = read(text)
        kind = conditions.kind(node, FACTS)
        holds, always = conditions.compiled(node, _lookup), conditions.constant(node, FACTS)
    except Exception as failure:  # noqa: BLE001 - a good condition that cannot be read is what is looked for
        return f"{type(failure).__name__}: {failure}"
    python = _as_python(text)
    for state in _states(draw):
        expected = bool(eval(python, {"__builtins__": {}}, {_word(name): value for name, value in state.items()}))  # noqa: S307 - the second evaluator
        if kind != "yes-or-no" or bool(holds(state)) != expected or always not in (None, expected):
            return f"should be {expected} where {state}"
    return ""


def _states(draw: random.Random) -> Iterator[State]:
    for _ in range(STATES):
        yes_or_no = {name: draw.randrange(2) for name in _YES_OR_NO}
        expects, received = (draw.choice((0, 2, 3, 40, 41, 100, draw.randrange(101))) for _ in range(2))
        feelings = {"expects": expects, "received": received, "satisfaction": received - expects}
        yield yes_or_no | feelings | {"calls": draw.randrange(10), "days": draw.randrange(10), "trust": draw.randrange(6), "anger": draw.randrange(6)}


def _as_python(text: str) -> str:
    return re.sub(r"(?:said|seen)\([a-z-]+\)", lambda match: _word(match[0]), text)


@cache
def _word(name: str) -> str:
    return re.sub("[^a-z]", "_", name)


def _name(atom: Atom) -> str:
    match atom:
        case Number(value):
            return str(value)
        case Name(name):
            return name
        case Said(act):
            return f"said({act})"
        case Seen(scene):
            return f"seen({scene})"


def _lookup(atom: Atom) -> Callable[[State], int]:
    if isinstance(atom, Number):
        value = atom.value
        return lambda _: value
    name = _name(atom)
    return lambda state: state[name]


class _OrFirst(conditions._Reader):
    """The reader of the negative control: `a or b and c` is `(a or b) and c` to it."""

    def any_of(self) -> Node:
        parts = [self.all_of()]
        while self.next.kind == "and":
            self.take()
            parts.append(self.all_of())
        return parts[0] if len(parts) == 1 else conditions.And(tuple(parts), parts[0].at)

    def all_of(self) -> Node:
        parts = [self.denied()]
        while self.next.kind == "or":
            self.take()
            parts.append(self.denied())
        return parts[0] if len(parts) == 1 else Or(tuple(parts), parts[0].at)
