"""The principles in chapters, by the line of the sources that each comes from first (SOURCES.md)."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Literal

from servicesim.scenario.principles import Principle

Chapter = Literal["welcome", "listening", "mending", "respect", "expectations", "delight", "kinds"]

# In the order in which an encounter goes: meet, listen, put right; then what holds throughout.
CHAPTERS: tuple[Chapter, ...] = ("welcome", "listening", "mending", "expectations", "delight", "kinds", "respect")


def chapter_of(principle: Principle) -> Chapter:
    """The chapter of one principle."""
    letter, line = principle.source[0][0], int(principle.source[0][1:])
    match letter:
        case "A":
            return "delight"
        case "B":
            return "welcome"
        case "D":
            return "expectations"
        case "C" if 30 <= line <= 38:
            return "listening"
        case "C" if 39 <= line <= 49:
            return "mending"
        case "C" if 50 <= line <= 56:
            return "kinds"
        case _:
            return "respect"


def in_chapters(principles: Mapping[str, Principle]) -> dict[Chapter, list[str]]:
    """The principles of each chapter that has any, in the order in which they are written."""
    found: dict[Chapter, list[str]] = {chapter: [] for chapter in CHAPTERS}
    for name, principle in principles.items():
        found[chapter_of(principle)].append(name)
    return {chapter: names for chapter, names in found.items() if names}
