"""The wheel of somebody's progress, large or small, and how well a principle is kept in words."""

from __future__ import annotations

from collections.abc import Callable

from servicesim.desktop.chapters import in_chapters
from servicesim.desktop.meter import Meter
from servicesim.desktop.progress import Band, Progress
from servicesim.desktop.shelf import Shelf
from servicesim.desktop.theme import Tone
from servicesim.desktop.wheel import Wedge, Wheel
from servicesim.desktop.wording import Words

TONES: dict[Band, Tone] = {"kept": "kept", "mostly": "kept", "partly": "pending", "rarely": "broken", "unmet": "neutral"}
_DAY = 24 * 60 * 60 * 1000


def wedges(shelf: Shelf) -> list[list[Wedge]]:
    """The wedges of each chapter."""
    return [[_wedge(name, shelf.progress) for name in names] for names in in_chapters(shelf.principles).values()]


def small_wheel(shelf: Shelf, words: Words, side: float) -> Wheel:
    """The wheel as a sign of itself."""
    return Wheel(wedges(shelf), name=_seen(shelf, words), side=side)


def large_wheel(
    shelf: Shelf, words: Words, side: float, on_press: Callable[[str], None], on_point: Callable[[str | None], None]
) -> Wheel:
    """The wheel to look at: with numbers around it, and what it comes to in the middle."""
    chapters = wedges(shelf)
    numbers = [words.told(place) for place in range(1, len(chapters) + 1)]
    middle = words("share-kept", kept=_met(shelf), all=len(shelf.principles)), words("wheel-middle")
    return Wheel(chapters, name=_seen(shelf, words), side=side, middle=middle, numbers=numbers, on_press=on_press, on_point=on_point)


def mastery(name: str, title: str, progress: Progress, words: Words) -> Meter:
    """How well a principle is kept, as a bar and in words."""
    band = progress.band(name)
    share = progress.principles[name].share if name in progress.principles else 0.0
    return Meter(title, share, words(f"mastery-{band}"), tone=TONES[band])


def last_time(name: str, shelf: Shelf, words: Words) -> str:
    """When a principle came up last; empty if it never did."""
    known = shelf.progress.principles.get(name)
    if known is None:
        return ""
    days = max(0, shelf.at // _DAY - known.ended // _DAY)
    return words("last-today") if days == 0 else words("last-days", count=days)


def _wedge(name: str, progress: Progress) -> Wedge:
    known = progress.principles.get(name)
    return Wedge(name, known.share if known else None, TONES[progress.band(name)])


def _seen(shelf: Shelf, words: Words) -> str:
    return words("wheel-seen", met=_met(shelf), all=len(shelf.principles))


def _met(shelf: Shelf) -> int:
    return sum(1 for name in shelf.principles if name in shelf.progress.principles)
