"""Translations found again after texts were moved, renamed or corrected: by the key, by the text, by a text that is nearly the same."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from difflib import SequenceMatcher
from typing import TypeVar

from servicesim.languages import Text

NEARLY = 0.75  # how alike a text under another key has to be for its translation to be offered there

T = TypeVar("T")
Was = Mapping[str, tuple[T, Text]]  # by key: a translation, and the text that it was made from


def found_again(texts: Mapping[str, Text], known: Was[T], dropped: Iterable[tuple[str, T, Text]] = ()) -> dict[str, T]:
    """The translation that goes with each text; a text that is new, or was rewritten under a new key, has none.

    Each translation is used once. `dropped` are those that no text asked for the last time.
    """
    found = {key: known[key][0] for key, text in texts.items() if key in known and known[key][1] == text}
    pool = [(key, one, text) for key, (one, text) in known.items() if key not in found] + list(dropped)
    used: set[int] = set()
    # A text that moved is taken before its old place is: a line put before another changes the keys of all that follow.
    for alike in (_equal, _nearly_here, _nearly, _here):
        missing = {key: text for key, text in texts.items() if key not in found}
        free = {number: entry for number, entry in enumerate(pool) if number not in used}
        for key, number in _pairs(missing, free, alike):
            if key not in found and number not in used:
                found[key] = pool[number][1]
                used.add(number)
    return found


Alike = Callable[[str, Text, str, Text], float]  # how well a text goes with another one, each with its key; 0 if not at all


def _pairs(texts: Mapping[str, Text], pool: Mapping[int, tuple[str, T, Text]], alike: Alike) -> Iterator[tuple[str, int]]:
    """Which text goes with which number of the pool, the best first."""
    rated = [
        (alike(key, text, was, old), key, number)
        for key, text in texts.items()
        for number, (was, _, old) in pool.items()
        if _kind(key) == _kind(was)
    ]
    for rate, key, number in sorted(rated, key=lambda pair: -pair[0]):
        if rate:
            yield key, number


def _kind(key: str) -> str:
    """What sort of text it is: a reply's words are never taken for a speech, nor for feedback."""
    first, slash, rest = key.partition("/")
    last = rest.rpartition("/")[2]
    return f"{first if slash else ''} {last if last in ('title', 'says', 'why', 'card', 'do') and first != 'scenes' else ''}"


def _equal(key: str, text: Text, was: str, old: Text) -> float:
    return 1 + _ratio(key, was) if text == old else 0.0


def _nearly_here(key: str, text: Text, was: str, old: Text) -> float:
    return _alike(text, old) if key == was else 0.0


def _nearly(key: str, text: Text, was: str, old: Text) -> float:
    return _alike(text, old)


def _here(key: str, text: Text, was: str, old: Text) -> float:
    return float(key == was)


def _alike(text: Text, old: Text) -> float:
    """How alike two texts are, 0-1; 0 below what is nearly the same."""
    one, other = (text if isinstance(text, str) else "\n".join(text)), (old if isinstance(old, str) else "\n".join(old))
    ratio = _ratio(one, other)
    return ratio if ratio >= NEARLY else 0.0


def _ratio(one: str, other: str) -> float:
    matcher = SequenceMatcher(None, one, other, autojunk=False)
    return matcher.ratio() if matcher.real_quick_ratio() >= NEARLY and matcher.quick_ratio() >= NEARLY else 0.0
