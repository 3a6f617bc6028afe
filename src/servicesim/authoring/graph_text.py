"""Texts in a drawing: how wide they will be, where they are broken, which way they run.

No font is asked: whoever opens the drawing has others. The widths are those of a rather wide sans serif.
"""

from __future__ import annotations

import unicodedata
from collections.abc import Iterator

_NARROW = frozenset("iIjl.,:;'|!()[]{} ftr-’·")
_WIDE = frozenset("mwMW@%—…")
MORE = "…"

#: How the signs of `graph_stakes` are drawn.
SIGNS = {"+": "+", "-": "−", "?": "±"}


def width(text: str, size: float) -> float:
    """About how wide a text is, in a font of this size."""
    return sum(_em(character) for character in text) * size


def _em(character: str) -> float:
    if character in _NARROW:
        return 0.36
    if character in _WIDE:
        return 0.92
    if unicodedata.combining(character) or unicodedata.category(character) in ("Cf", "Mn"):
        return 0.0
    if unicodedata.east_asian_width(character) in ("W", "F"):
        return 1.05
    return 0.7 if character.isupper() else 0.58


def lines(text: str, room: float, size: float, most: int) -> list[str]:
    """A text on at most so many lines of this width; what does not fit is left out, and three dots say so."""
    wrapped = list(_wrapped(text.split(), room, size))
    if len(wrapped) > most:
        wrapped = [*wrapped[: most - 1], " ".join(wrapped[most - 1 :])]
    return [shortened(line, room, size) for line in wrapped]


def _wrapped(words: list[str], room: float, size: float) -> Iterator[str]:
    line = ""
    for word in words:
        longer = f"{line} {word}" if line else word
        if line and width(longer, size) > room:
            yield line
            line = word
        else:
            line = longer
    if line:
        yield line


def shortened(text: str, room: float, size: float) -> str:
    """As much of a text as fits."""
    if width(text, size) <= room:
        return text
    kept = text
    while kept and width(kept + MORE, size) > room:
        kept = kept[:-1]
    return kept.rstrip() + MORE


def first_words(text: str, most: int = 60) -> str:
    """The beginning of a text, ending with a whole word."""
    if len(text) <= most:
        return text
    return text[: most + 1].rsplit(maxsplit=1)[0].rstrip(",.;:") + MORE


def runs_left(text: str) -> bool:
    """Whether the first letter that has a direction is one of a script that is written from right to left."""
    directions = (unicodedata.bidirectional(character) for character in text)
    return next((direction != "L" for direction in directions if direction in ("L", "R", "AL")), False)
