"""The line that a finding is about, as a person sees it: short, with nothing hidden in it, and a caret under the place."""

from __future__ import annotations

import unicodedata
from collections.abc import Iterable
from dataclasses import dataclass

from servicesim.scenario.authored import sayable


@dataclass(frozen=True, slots=True)
class Excerpt:
    """A line in three parts: what stands before the place, what stands at it, and what follows."""

    before: str
    at: str
    after: str

    @property
    def caret(self) -> int:
        """How many cells of a terminal stand before the place."""
        return cells(self.before)


def excerpt(line: str, column: int, width: int, encoding: str = "utf-8") -> Excerpt:
    """The part of a line around a column, counted from 1 in characters, in at most `width` cells of a terminal."""
    place = min(max(column, 1) - 1, len(line))
    # However long the line is, only what is near can be shown.
    near = range(max(0, place - 2 * width), min(len(line), place + 2 * width + 1))
    shown = {number: _shown(line[number], encoding) for number in near}
    gap = "…" if _holds(encoding, "…") else "..."
    room = width - 2 * len(gap) - (cells(shown[place]) if place in shown else 1)
    left, right = _window(place, near, shown, room, whole=len(near) == len(line) and cells("".join(shown.values())) <= width)
    return Excerpt(
        (gap if left > 0 else "") + "".join(shown[number] for number in range(left, place)),
        shown.get(place, ""),
        "".join(shown[number] for number in range(place + 1, right)) + (gap if right < len(line) else ""),
    )


def _window(place: int, near: range, shown: dict[int, str], room: int, *, whole: bool) -> tuple[int, int]:
    """The first character that is shown and the first that no longer is: more before the place than after it."""
    if whole:
        return 0, len(near)
    before = _fitting(reversed(range(near.start, place)), shown, room * 3 // 5)
    after = _fitting(range(place + 1, near.stop), shown, room - _taken(before, shown))
    before = _fitting(reversed(range(near.start, place)), shown, room - _taken(after, shown))
    return place - len(before), min(place + 1 + len(after), near.stop)


def _fitting(numbers: Iterable[int], shown: dict[int, str], room: int) -> list[int]:
    """As many of these characters, in their order, as there is room for."""
    fitting: list[int] = []
    for number in numbers:
        room -= cells(shown[number])
        if room < 0:
            break
        fitting.append(number)
    return fitting


def _taken(numbers: list[int], shown: dict[int, str]) -> int:
    return sum(cells(shown[number]) for number in numbers)


def _shown(character: str, encoding: str) -> str:
    """A character, or its code where it cannot be seen or printed."""
    seen = sayable(character)
    return seen if _holds(encoding, seen) else seen.encode("ascii", "backslashreplace").decode("ascii")


def _holds(encoding: str, text: str) -> bool:
    try:
        text.encode(encoding)
    except (UnicodeEncodeError, LookupError):
        return False
    return True


def cells(text: str) -> int:
    """How many cells of a terminal a text takes: none for marks on other letters, two for wide characters."""
    return len(text) if text.isascii() else sum(map(_cells, text))


def _cells(character: str) -> int:
    if unicodedata.category(character) in ("Mn", "Me", "Cf"):
        return 0
    return 2 if unicodedata.east_asian_width(character) in ("W", "F") else 1
