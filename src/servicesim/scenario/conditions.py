"""Conditions (`if`): a small language of our own, parsed into typed nodes; nothing is ever evaluated by Python.

    condition   = both ("or" both)*
    both        = denied ("and" denied)*
    denied      = "not" denied | comparison
    comparison  = atom (("==" | "!=" | "<" | "<=" | ">" | ">=") atom)?
    atom        = integer | name | "said(" act ")" | "seen(" scene ")" | "(" condition ")"

A name is a fact or one of `expects received satisfaction trust anger`. Facts are named booleans or integers.
"""

from __future__ import annotations

import operator
import re
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from functools import lru_cache
from itertools import product
from math import prod
from typing import Literal, TypeVar, assert_never

from servicesim.scenario.model import FEELINGS

LONGEST = 200
DEEPEST = 20  # brackets in brackets: what is read by recursion stays far from Python's own limit
Operator = Literal["==", "!=", "<", "<=", ">", ">="]
Kind = Literal["yes-or-no", "number"]
State = TypeVar("State")


@dataclass(frozen=True, slots=True)
class Number:
    """A whole number."""

    value: int
    at: int


@dataclass(frozen=True, slots=True)
class Name:
    """A fact or a feeling."""

    name: str
    at: int


@dataclass(frozen=True, slots=True)
class Said:
    """Whether an act has happened, by anyone."""

    act: str
    at: int


@dataclass(frozen=True, slots=True)
class Seen:
    """Whether the customer has spoken in a scene."""

    scene: str
    at: int


@dataclass(frozen=True, slots=True)
class Not:
    """The contrary."""

    part: Node
    at: int


@dataclass(frozen=True, slots=True)
class And:
    """All of them."""

    parts: tuple[Node, ...]
    at: int


@dataclass(frozen=True, slots=True)
class Or:
    """Any of them."""

    parts: tuple[Node, ...]
    at: int


@dataclass(frozen=True, slots=True)
class Compare:
    """Two numbers, or two yes-or-no values, compared."""

    operator: Operator
    left: Node
    right: Node
    at: int


Node = Number | Name | Said | Seen | Not | And | Or | Compare
Atom = Number | Name | Said | Seen

OPERATORS: Mapping[str, Callable[[int, int], bool]] = {
    "==": operator.eq, "!=": operator.ne, "<": operator.lt, "<=": operator.le, ">": operator.gt, ">=": operator.ge,
}  # fmt: skip


class ConditionError(ValueError):
    """A condition that cannot be read: `at` is the offset in characters, `hint` the way out."""

    def __init__(self, message: str, at: int, hint: str = "") -> None:
        super().__init__(message)
        self.message, self.at, self.hint = message, at, hint


# --- reading ---------------------------------------------------------------------------------------------------------

_TOKEN = re.compile(
    r"\s*(?:(?P<number>-?\d+(?![\w.]))|(?P<call>(?:said|seen)\s*\(\s*(?P<inside>[^()\s]*)\s*\))"
    r"|(?P<name>[A-Za-z_][A-Za-z0-9_]*)|(?P<sign>==|!=|<=|>=|<|>|\(|\)))"
)
_WORDS = frozenset(("and", "or", "not"))
_HINTS = {
    "=": "write ==, >= or <= to compare",
    "&": "write 'and'",
    "|": "write 'or'",
    "!": "write 'not', or != to compare",
    "+": "conditions do no sums; keep a fact for it",
}


@dataclass(frozen=True, slots=True)
class _Token:
    kind: str
    text: str
    at: int


def _tokens(text: str) -> Iterator[_Token]:
    position, end = 0, len(text.rstrip())
    while position < end:
        match = _TOKEN.match(text, position)
        if match is None:
            at = position + len(text[position:]) - len(text[position:].lstrip())
            if text[at].isdigit():
                raise ConditionError("a condition has whole numbers only", at, "write 2, not 2.5")
            raise ConditionError(f"'{text[at]}' means nothing in a condition", at, _HINTS.get(text[at], ""))
        kind = match.lastgroup or ""
        if match["call"]:
            kind, inside = match["call"][:4], match["inside"]
            yield _Token(kind, inside, match.start("inside") if inside else match.start("call"))
        elif kind == "name" and match["name"] in _WORDS:
            yield _Token(match["name"], match["name"], match.start("name"))
        else:
            yield _Token("sign" if kind == "sign" else kind, match[kind], match.start(kind))
        position = match.end()
    yield _Token("end", "", end)


class _Reader:
    """Recursive descent over the tokens; a limit on brackets bounds the depth."""

    def __init__(self, text: str) -> None:
        self.tokens = list(_tokens(text))
        self.position = 0
        self.depth = 0

    @property
    def next(self) -> _Token:
        return self.tokens[self.position]

    def take(self) -> _Token:
        token = self.next
        self.position += 1
        return token

    def whole(self) -> Node:
        node = self.any_of()
        if self.next.kind != "end":
            hint = "only said() and seen() have brackets" if self.next.text == "(" else "join parts with 'and' or 'or'"
            raise ConditionError(f"'{self.next.text}' was not expected here", self.next.at, hint)
        return node

    def any_of(self) -> Node:
        parts = [self.all_of()]
        while self.next.kind == "or":
            self.take()
            parts.append(self.all_of())
        return parts[0] if len(parts) == 1 else Or(tuple(parts), parts[0].at)

    def all_of(self) -> Node:
        parts = [self.denied()]
        while self.next.kind == "and":
            self.take()
            parts.append(self.denied())
        return parts[0] if len(parts) == 1 else And(tuple(parts), parts[0].at)

    def denied(self) -> Node:
        if self.next.kind == "not":
            at = self.take().at
            return Not(self.denied(), at)
        return self.comparison()

    def comparison(self) -> Node:
        left = self.atom()
        sign = self.next
        if sign.text not in OPERATORS:
            return left
        self.take()
        right = self.atom()
        if self.next.text in OPERATORS:
            raise ConditionError("three things are compared at once", self.next.at, "compare two, and join with 'and'")
        return Compare(sign.text, left, right, left.at)  # type: ignore[arg-type]

    def atom(self) -> Node:
        token = self.take()
        match token.kind:
            case "number":
                return Number(int(token.text), token.at)
            case "said" | "seen" if not token.text:
                what = "an act" if token.kind == "said" else "a scene"
                raise ConditionError(f"{token.kind}() names nothing", token.at, f"write {what} between the brackets")
            case "said":
                return Said(token.text, token.at)
            case "seen":
                return Seen(token.text, token.at)
            case "name":
                return Name(token.text, token.at)
            case "sign" if token.text == "(":
                return self.bracketed(token)
            case "end":
                raise ConditionError("the condition breaks off", token.at, "something is missing at its end")
            case _:
                raise ConditionError(f"'{token.text}' was not expected here", token.at, "a name or a number belongs here")

    def bracketed(self, opened: _Token) -> Node:
        self.depth += 1
        if self.depth > DEEPEST:
            raise ConditionError(f"brackets stand more than {DEEPEST} deep in one another", opened.at, "split it over two scenes")
        node = self.any_of()
        self.depth -= 1
        closing = self.take()
        if closing.text != ")":
            raise ConditionError("a bracket is not closed", opened.at, "add ) where the part ends")
        return node


@lru_cache(maxsize=4096)
def parsed(text: str) -> Node:
    """The condition as typed nodes; raises ConditionError with the place and the way out."""
    if len(text) > LONGEST:
        raise ConditionError(f"a condition has at most {LONGEST} characters", LONGEST, "split it over two scenes")
    if "\n" in text:
        raise ConditionError("a condition is one line", text.index("\n"), "write it in one line")
    return _Reader(text).whole()


# --- checking --------------------------------------------------------------------------------------------------------


def atoms(node: Node) -> Iterator[Atom]:
    """The numbers, names, acts and scenes that a condition mentions, from left to right."""
    match node:
        case Number() | Name() | Said() | Seen():
            yield node
        case Not(part):
            yield from atoms(part)
        case And(parts) | Or(parts):
            for part in parts:
                yield from atoms(part)
        case Compare(_, left, right):
            yield from atoms(left)
            yield from atoms(right)
        case _:
            assert_never(node)


def kind(node: Node, facts: Mapping[str, bool | int]) -> Kind:
    """Whether a condition is a yes-or-no or a number; raises ConditionError where the two are mixed up."""
    match node:
        case Number():
            return "number"
        case Name(name):
            return "yes-or-no" if isinstance(facts.get(name), bool) else "number"
        case Said() | Seen():
            return "yes-or-no"
        case Not(part):
            _demand_yes_or_no(part, facts, "'not'")
            return "yes-or-no"
        case And(parts) | Or(parts):
            for part in parts:
                _demand_yes_or_no(part, facts, "'and'" if isinstance(node, And) else "'or'")
            return "yes-or-no"
        case Compare(sign, left, right):
            _demand_same(sign, left, right, facts)
            return "yes-or-no"
        case _:
            assert_never(node)


def _demand_yes_or_no(node: Node, facts: Mapping[str, bool | int], where: str) -> None:
    if kind(node, facts) != "yes-or-no":
        raise ConditionError(f"{where} joins yes-or-no parts, and this is a number", node.at, "compare it, as in 'trust > 2'")


def _demand_same(sign: str, left: Node, right: Node, facts: Mapping[str, bool | int]) -> None:
    kinds = kind(left, facts), kind(right, facts)
    if kinds[0] != kinds[1]:
        raise ConditionError("a number is compared with a yes-or-no", left.at, "leave the comparison out, or compare two numbers")
    if kinds[0] == "yes-or-no" and sign not in ("==", "!="):
        raise ConditionError(f"'{sign}' compares numbers, and these are yes-or-no", left.at, "use ==, !=, 'and' or 'not'")


# --- evaluating ------------------------------------------------------------------------------------------------------


def compiled(node: Node, atom: Callable[[Atom], Callable[[State], int]]) -> Callable[[State], int]:
    """The condition as a function of a state; `atom` says how the state answers for each name, act and scene."""
    match node:
        case Number() | Name() | Said() | Seen():
            return atom(node)
        case Not(part):
            denied = compiled(part, atom)
            return lambda state: not denied(state)
        case And(parts):
            every = tuple(compiled(part, atom) for part in parts)
            return lambda state: all(part(state) for part in every)
        case Or(parts):
            some = tuple(compiled(part, atom) for part in parts)
            return lambda state: any(part(state) for part in some)
        case Compare(sign, left, right):
            compare, one, other = OPERATORS[sign], compiled(left, atom), compiled(right, atom)
            return lambda state: compare(one(state), other(state))
        case _:
            assert_never(node)


MOST_CASES = 5_000  # that one condition is tried with
MOST_CASES_OF_A_FILE = 100_000


@dataclass(slots=True)
class Effort:
    """How many cases may still be tried for one file."""

    left: int = MOST_CASES_OF_A_FILE

    def spend(self, cases: int) -> bool:
        """Whether that many cases may be tried."""
        self.left -= cases
        return self.left >= 0


def constant(node: Node, facts: Mapping[str, bool | int], effort: Effort | None = None) -> bool | None:
    """True or False when the condition is so whatever happens; None when it depends, or when there is too much to try.

    Every name is tried with the values around the numbers that it is compared with, which decide all comparisons.
    """
    keys = sorted({_key(atom) for atom in atoms(node) if not isinstance(atom, Number)})
    numbers = {atom.value for atom in atoms(node) if isinstance(atom, Number)}
    domains = [_domain(key, facts, numbers) for key in keys]
    size = prod(len(domain) for domain in domains)
    if size > MOST_CASES or not (effort or Effort()).spend(size):
        return None

    def lookup(atom: Atom) -> Callable[[Mapping[str, int]], int]:
        if isinstance(atom, Number):
            value = atom.value
            return lambda _: value
        key = _key(atom)
        return lambda case: case[key]

    holds = compiled(node, lookup)
    answers: set[bool] = set()
    for values in product(*domains):
        answers.add(bool(holds(dict(zip(keys, values, strict=True)))))
        if len(answers) == 2:
            return None
    return answers.pop()


def _key(atom: Name | Said | Seen) -> str:
    match atom:
        case Name(name):
            return name
        case Said(act):
            return f"said({act})"
        case Seen(scene):
            return f"seen({scene})"
        case _:
            assert_never(atom)


_RANGES = {"expects": (0, 100), "received": (0, 100), "satisfaction": (-100, 100), "trust": (0, 5), "anger": (0, 5)}


def _domain(key: str, facts: Mapping[str, bool | int], numbers: set[int]) -> list[int]:
    if "(" in key or isinstance(facts.get(key), bool):
        return [0, 1]
    low, high = _RANGES.get(key, (0, 9))
    if high - low <= 9:
        return list(range(low, high + 1))
    near = {value + step for value in numbers for step in range(-3, 4)} | {low, high, (low + high) // 2}
    return sorted(value for value in near if low <= value <= high)


def unknown_names(node: Node, facts: Mapping[str, bool | int]) -> Iterator[Name]:
    """Names that are neither a fact nor a feeling."""
    for atom in atoms(node):
        if isinstance(atom, Name) and atom.name not in facts and atom.name not in FEELINGS:
            yield atom
