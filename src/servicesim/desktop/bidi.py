"""In which direction each character runs, and how a line is put in order for the eye: UAX #9, in full.

>>> levels = resolve("سفارش 48")
>>> levels.base, list(levels.levels)
(1, [1, 1, 1, 1, 1, 1, 2, 2])
>>> visual_order(levels.line(0, 8))
[6, 7, 5, 4, 3, 2, 1, 0]
"""

from __future__ import annotations

import unicodedata
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cache

MAX_DEPTH = 125
MAX_OPEN_BRACKETS = 63
ISOLATE_OPENERS = frozenset({"LRI", "RLI", "FSI"})
_EMBEDDING_OPENERS = frozenset({"LRE", "RLE", "LRO", "RLO"})
_INVISIBLE = _EMBEDDING_OPENERS | {"PDF", "BN"}  # what rule X9 takes out
_ISOLATE_MARKS = ISOLATE_OPENERS | {"PDI"}
_NEUTRAL = _ISOLATE_MARKS | {"B", "S", "WS", "ON"}
_NEVER_RIGHT_TO_LEFT = frozenset({"L", "EN", "ES", "ET", "CS", "ON", "WS", "S", "NSM", "BN", "B"})
_AS_STRONG = {"L": "L", "R": "R", "EN": "R", "AN": "R"}

# Pairs of BidiBrackets.txt; Python's unicodedata does not carry them.
_PAIRS = (
    "()[]{}༺༻༼༽᚛᚜⁅⁆⁽⁾₍₎⌈⌉⌊⌋\u2329\u232a❨❩❪❫❬❭❮❯❰❱❲❳❴❵⟅⟆⟦⟧⟨⟩⟪⟫⟬⟭⟮⟯⦃⦄⦅⦆⦇⦈⦉⦊⦋⦌⦍⦐⦏⦎⦑⦒⦓⦔⦕⦖⦗⦘⧘⧙⧚⧛⧼⧽⸢⸣⸤⸥⸦⸧⸨⸩"
    "\u2e55\u2e56\u2e57\u2e58\u2e59\u2e5a\u2e5b\u2e5c\u3008\u3009《》「」『』【】〔〕〖〗〘〙〚〛﹙﹚﹛﹜﹝﹞（）［］｛｝｟｠｢｣"
)
_CANONICAL = {"\u232a": "\u3009"}
_CLOSER_OF = {opener: _CANONICAL.get(closer, closer) for opener, closer in zip(_PAIRS[::2], _PAIRS[1::2], strict=True)}
_CLOSERS = {closer: _CANONICAL.get(closer, closer) for closer in _PAIRS[1::2]}

# The class of what this Python's Unicode tables do not know yet (DerivedBidiClass.txt, @missing): the later line wins.
_UNASSIGNED = (
    ("R", ((0x0590, 0x08FF), (0xFB1D, 0xFB4F), (0x10800, 0x10FFF), (0x1E800, 0x1EFFF))),
    (
        "AL",
        (
            *((0x0600, 0x07BF), (0x0860, 0x08FF), (0xFB50, 0xFDCF), (0xFDF0, 0xFDFF), (0xFE70, 0xFEFF)),
            *((0x10D00, 0x10D3F), (0x10EC0, 0x10EFF), (0x10F30, 0x10F6F), (0x1EC70, 0x1ECBF)),
            *((0x1ED00, 0x1ED4F), (0x1EE00, 0x1EEFF)),
        ),
    ),
    ("ET", ((0x20A0, 0x20CF),)),
    ("BN", ((0xFDD0, 0xFDEF), (0xE0000, 0xE0FFF))),
)


@cache
def bidi_class(character: str) -> str:
    """The Bidi_Class of one character: L, R, AL, EN, ON, ..."""
    known = unicodedata.bidirectional(character)
    if known:
        return known
    code, found = ord(character), "BN" if ord(character) & 0xFFFE == 0xFFFE else "L"
    for name, blocks in _UNASSIGNED:
        if any(first <= code <= last for first, last in blocks):
            found = name
    return found


@dataclass(frozen=True, slots=True)
class Levels:
    """One resolved paragraph: an even level runs to the right, an odd one to the left."""

    base: int
    levels: Sequence[int]
    classes: Sequence[str]

    def line(self, start: int, end: int) -> list[int]:
        """The levels of the line that holds the characters start to end (rule L1: its trailing space runs with the base)."""
        levels, trailing = list(self.levels[start:end]), True
        for index in range(end - start - 1, -1, -1):
            kind = self.classes[start + index]
            if kind in ("B", "S"):
                trailing = True
            elif kind != "WS" and kind not in _ISOLATE_MARKS and kind not in _INVISIBLE:
                trailing = False
                continue
            if trailing:
                levels[index] = self.base
        return levels


def resolve(text: str, base: int | None = None) -> Levels:
    """The levels of one paragraph; base 0 or 1, or None to take it from the first strong character."""
    classes = [bidi_class(character) for character in text]
    if base != 1 and _NEVER_RIGHT_TO_LEFT.issuperset(classes):
        return Levels(0, [0] * len(text), classes)
    closers = _matching_closers(classes)
    if base is None:
        base = _first_strong(classes, 0, len(classes), closers) or 0
    levels, types = _explicit(classes, base, closers)
    visible = [index for index, kind in enumerate(classes) if kind not in _INVISIBLE]
    explicit = list(levels)
    for sequence in _isolating_sequences(explicit, visible, closers):
        before, after = _surroundings(sequence, classes, explicit, closers, base)
        _resolve_sequence(sequence, text, classes, types, levels, before, after)
    _level_invisible(classes, levels, base)
    return Levels(base, levels, classes)


def base_direction(text: str) -> int | None:
    """0 or 1 by the first strong character (rules P2, P3), None if there is none."""
    classes = [bidi_class(character) for character in text]
    return _first_strong(classes, 0, len(classes), _matching_closers(classes))


def visual_order(levels: Sequence[int]) -> list[int]:
    """Indices from left to right as the eye meets them (rule L2); levels may be of characters or of runs."""
    order = list(range(len(levels)))
    lowest_odd = min((level for level in levels if level & 1), default=0)
    if not lowest_odd:
        return order
    for level in range(max(levels), lowest_odd - 1, -1):
        for start, end in _stretches(levels, order, level):
            order[start:end] = order[start:end][::-1]
    return order


def _stretches(levels: Sequence[int], order: Sequence[int], at_least: int) -> Iterator[tuple[int, int]]:
    start = None
    for place, index in enumerate(order):
        if levels[index] >= at_least:
            start = place if start is None else start
        elif start is not None:
            yield start, place
            start = None
    if start is not None:
        yield start, len(order)


def _matching_closers(classes: Sequence[str]) -> dict[int, int]:
    """Where each isolate that is closed is closed (BD9)."""
    closers: dict[int, int] = {}
    opened: list[int] = []
    for index, kind in enumerate(classes):
        if kind in ISOLATE_OPENERS:
            opened.append(index)
        elif kind == "PDI" and opened:
            closers[opened.pop()] = index
    return closers


def _first_strong(classes: Sequence[str], start: int, end: int, closers: Mapping[int, int]) -> int | None:
    index = start
    while index < end:
        kind = classes[index]
        if kind in ("L", "R", "AL"):
            return int(kind != "L")
        index = closers.get(index, end) if kind in ISOLATE_OPENERS else index + 1
    return None


@dataclass(frozen=True, slots=True)
class _Embedding:
    level: int
    override: str = ""
    isolate: bool = False


class _Explicit:
    """The stack of embeddings and isolates of rules X1 to X8."""

    def __init__(self, base: int) -> None:
        self._stack = [_Embedding(base)]
        self._isolates = self._overflown_isolates = self._overflown_embeddings = 0

    @property
    def top(self) -> _Embedding:
        return self._stack[-1]

    def _deeper(self, to_left: bool) -> int:
        """The next odd or even level; 0 where there is no room for it."""
        level = (self.top.level + 1) | 1 if to_left else (self.top.level + 2) & ~1
        return 0 if level > MAX_DEPTH or self._overflown_isolates or self._overflown_embeddings else level

    def embed(self, kind: str) -> None:
        if level := self._deeper(kind[0] == "R"):
            self._stack.append(_Embedding(level, kind[0] if kind[2] == "O" else ""))
        elif not self._overflown_isolates:
            self._overflown_embeddings += 1

    def isolate(self, to_left: bool) -> None:
        if level := self._deeper(to_left):
            self._isolates += 1
            self._stack.append(_Embedding(level, isolate=True))
        else:
            self._overflown_isolates += 1

    def close_isolate(self) -> None:
        if self._overflown_isolates:
            self._overflown_isolates -= 1
        elif self._isolates:
            self._overflown_embeddings = 0
            while not self._stack.pop().isolate:
                pass
            self._isolates -= 1

    def close_embedding(self) -> None:
        if self._overflown_isolates:
            return
        if self._overflown_embeddings:
            self._overflown_embeddings -= 1
        elif len(self._stack) > 1 and not self.top.isolate:
            self._stack.pop()


def _explicit(classes: Sequence[str], base: int, closers: Mapping[int, int]) -> tuple[list[int], list[str]]:
    """Levels and types after the explicit marks have spoken (X1 to X8)."""
    stack, levels, types = _Explicit(base), [base] * len(classes), list(classes)
    for index, kind in enumerate(classes):
        if kind == "B":
            continue
        if kind == "PDI":
            stack.close_isolate()
        elif kind == "PDF":
            stack.close_embedding()
        levels[index] = stack.top.level
        if stack.top.override and kind not in _INVISIBLE:
            types[index] = stack.top.override
        if kind in _EMBEDDING_OPENERS:
            stack.embed(kind)
        elif kind in ISOLATE_OPENERS:
            stack.isolate(_isolate_runs_left(kind, classes, index, closers))
    return levels, types


def _isolate_runs_left(kind: str, classes: Sequence[str], index: int, closers: Mapping[int, int]) -> bool:
    if kind != "FSI":
        return kind == "RLI"
    return _first_strong(classes, index + 1, closers.get(index, len(classes)), closers) == 1


def _isolating_sequences(
    levels: Sequence[int], visible: Sequence[int], closers: Mapping[int, int]
) -> Iterator[list[int]]:
    """Level runs, joined over the isolates that they enclose (BD13)."""
    runs = list(_level_runs(levels, visible))
    run_at = {run[0]: run for run in runs}
    closing = set(closers.values())
    for run in runs:
        if run[0] in closing:
            continue
        sequence = list(run)
        while (closer := closers.get(sequence[-1])) is not None:
            sequence += run_at[closer]
        yield sequence


def _level_runs(levels: Sequence[int], visible: Sequence[int]) -> Iterator[list[int]]:
    run: list[int] = []
    for index in visible:
        if run and levels[index] != levels[run[-1]]:
            yield run
            run = []
        run.append(index)
    if run:
        yield run


def _surroundings(
    sequence: Sequence[int], classes: Sequence[str], levels: Sequence[int], closers: Mapping[int, int], base: int
) -> tuple[str, str]:
    """The directions that stand before and after a sequence: sos and eos of X10."""
    level, first, last = levels[sequence[0]], sequence[0], sequence[-1]
    before = next((levels[index] for index in range(first - 1, -1, -1) if classes[index] not in _INVISIBLE), base)
    following = (levels[index] for index in range(last + 1, len(levels)) if classes[index] not in _INVISIBLE)
    unclosed = classes[last] in ISOLATE_OPENERS and last not in closers
    after = base if unclosed else next(following, base)
    return _direction(max(level, before)), _direction(max(level, after))


def _direction(level: int) -> str:
    return "R" if level & 1 else "L"


def _resolve_sequence(
    sequence: Sequence[int],
    text: str,
    classes: Sequence[str],
    types: Sequence[str],
    levels: list[int],
    before: str,
    after: str,
) -> None:
    level = levels[sequence[0]]
    kinds = [types[index] for index in sequence]
    _settle_marks_and_numbers(kinds, before)
    _settle_separators(kinds)
    _latin_numbers(kinds, before)
    if "ON" in kinds:
        _settle_brackets(kinds, sequence, text, classes, _direction(level), before)
    _settle_neutrals(kinds, _direction(level), before, after)
    for index, kind in zip(sequence, kinds, strict=True):
        levels[index] = level + _implicit(kind, level)


def _settle_marks_and_numbers(kinds: list[str], before: str) -> None:
    """W1 to W3: marks follow their letter, digits after Arabic letters are Arabic numbers."""
    previous = strong = before
    for place, kind in enumerate(kinds):
        if kind == "NSM":
            kind = "ON" if previous in _ISOLATE_MARKS else previous
        previous = kind
        if kind in ("L", "R", "AL"):
            strong = kind
        elif kind == "EN" and strong == "AL":
            kind = previous = "AN"
        kinds[place] = "R" if kind == "AL" else kind


def _settle_separators(kinds: list[str]) -> None:
    """W4 to W6: what stands between or beside digits belongs to the number."""
    for place in range(1, len(kinds) - 1):
        left, kind, right = kinds[place - 1 : place + 2]
        if left == right and ((kind == "ES" and left == "EN") or (kind == "CS" and left in ("EN", "AN"))):
            kinds[place] = left
    for start, end in _spans(kinds, frozenset({"ET"})):
        if "EN" in (kinds[start - 1] if start else "", kinds[end] if end < len(kinds) else ""):
            kinds[start:end] = ["EN"] * (end - start)
    for place, kind in enumerate(kinds):
        if kind in ("ES", "ET", "CS"):
            kinds[place] = "ON"


def _latin_numbers(kinds: list[str], before: str) -> None:
    """W7: digits after left-to-right letters run with them."""
    strong = before
    for place, kind in enumerate(kinds):
        if kind in ("L", "R"):
            strong = kind
        elif kind == "EN" and strong == "L":
            kinds[place] = "L"


def _spans(kinds: Sequence[str], wanted: frozenset[str]) -> Iterator[tuple[int, int]]:
    start = None
    for place, kind in enumerate(kinds):
        if kind in wanted:
            start = place if start is None else start
        elif start is not None:
            yield start, place
            start = None
    if start is not None:
        yield start, len(kinds)


def _bracket_pairs(kinds: Sequence[str], sequence: Sequence[int], text: str) -> list[tuple[int, int]]:
    """Places of matching brackets, by their opening (BD16); none at all beyond 63 open ones."""
    opened: list[tuple[str, int]] = []
    pairs: list[tuple[int, int]] = []
    for place, kind in enumerate(kinds):
        character = text[sequence[place]]
        if kind != "ON":
            continue
        if character in _CLOSER_OF:
            if len(opened) == MAX_OPEN_BRACKETS:
                return []
            opened.append((_CLOSER_OF[character], place))
        elif character in _CLOSERS:
            _close_bracket(_CLOSERS[character], place, opened, pairs)
    return sorted(pairs)


def _close_bracket(closer: str, place: int, opened: list[tuple[str, int]], pairs: list[tuple[int, int]]) -> None:
    for depth in range(len(opened) - 1, -1, -1):
        if opened[depth][0] == closer:
            pairs.append((opened[depth][1], place))
            del opened[depth:]
            return


def _settle_brackets(
    kinds: list[str], sequence: Sequence[int], text: str, classes: Sequence[str], direction: str, before: str
) -> None:
    """N0: a pair of brackets runs with what it encloses, or with what stands before it."""
    for opening, closing in _bracket_pairs(kinds, sequence, text):
        inside = {_AS_STRONG.get(kind) for kind in kinds[opening + 1 : closing]} - {None}
        if direction in inside:
            chosen = direction
        elif inside:
            chosen = next((_AS_STRONG[kind] for kind in reversed(kinds[:opening]) if kind in _AS_STRONG), before)
        else:
            continue
        for place in (opening, closing):
            kinds[place] = chosen
            _turn_marks(kinds, sequence, classes, place, chosen)


def _turn_marks(kinds: list[str], sequence: Sequence[int], classes: Sequence[str], place: int, chosen: str) -> None:
    for after in range(place + 1, len(kinds)):
        if classes[sequence[after]] != "NSM":
            return
        kinds[after] = chosen


def _settle_neutrals(kinds: list[str], direction: str, before: str, after: str) -> None:
    """N1, N2: neutrals run with equal neighbours, otherwise with the embedding."""
    for start, end in list(_spans(kinds, _NEUTRAL)):
        left = _AS_STRONG[kinds[start - 1]] if start else before
        right = _AS_STRONG[kinds[end]] if end < len(kinds) else after
        kinds[start:end] = [left if left == right else direction] * (end - start)


def _implicit(kind: str, level: int) -> int:
    """I1, I2: how far a resolved type lies above its embedding."""
    if level & 1:
        return int(kind != "R")
    return {"L": 0, "R": 1}.get(kind, 2)


def _level_invisible(classes: Iterable[str], levels: list[int], base: int) -> None:
    """Characters that X9 removes take the level before them, so that every index keeps its place."""
    previous = base
    for index, kind in enumerate(classes):
        if kind in _INVISIBLE:
            levels[index] = previous
        previous = levels[index]
