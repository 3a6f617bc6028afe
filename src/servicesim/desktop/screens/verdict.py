"""What the organisation's server said of a run, where that is not what this computer would say."""

from __future__ import annotations

from collections.abc import Iterator

from servicesim.assessment.assess import Assessment
from servicesim.desktop.arrangement import Card, Column, Row
from servicesim.desktop.history import points_of
from servicesim.desktop.label import Label
from servicesim.desktop.link import Debriefed
from servicesim.desktop.screens.sign import Sign
from servicesim.desktop.wording import Words

_NAMES = {
    "ending": "verdict-ending", "conduct": "verdict-conduct", "passed": "verdict-conduct", "principles": "verdict-conduct",
    "outcome": "verdict-satisfaction", "satisfaction": "verdict-satisfaction",
    "expects": "verdict-satisfaction", "received": "verdict-satisfaction", "trust": "verdict-feelings", "anger": "verdict-feelings",
}  # fmt: skip


def verdict_card(words: Words, told: Debriefed, here: Assessment) -> Iterator[Card]:
    """What differs and what counts, and whether it came late; nothing where all is as one would think."""
    said = [*_differs(words, told, here), *([words("verdict-late")] if told.kept.late else [])]
    if said:
        lines = Column(*(Label(one, "body", bold=not number) for number, one in enumerate(said)), gap=0.5, grow=1)
        yield Card(Row(Sign("info", "accent", side=28), lines, gap=2, across="start"), padding=(3, 2), radius=14)


def _differs(words: Words, told: Debriefed, here: Assessment) -> Iterator[str]:
    keys = dict.fromkeys(_NAMES.get(name, "verdict-other") for name in (*told.kept.differences, *_otherwise(told, here)))
    if keys:
        points = points_of(told.result.conduct) or 0
        yield words("verdict-differs", what=words("between").join(words(key) for key in keys))
        yield words("verdict-counts-passed" if told.result.passed else "verdict-counts-not-passed", points=points)
        yield words("verdict-below")


def _otherwise(told: Debriefed, here: Assessment) -> Iterator[str]:
    """What is shown below and does not agree with the verdict."""
    result = told.result
    exact = f"{here.conduct.numerator}/{here.conduct.denominator}"
    for name, was, comes in (
        ("ending", here.ending, result.ending), ("conduct", exact, result.conduct), ("passed", here.passed, result.passed),
        ("satisfaction", here.feelings.satisfaction, result.satisfaction),
    ):  # fmt: skip
        if was != comes:
            yield name
