"""Whether what `reach` claims of a scenario is what its plays come to."""

from __future__ import annotations

from collections.abc import Iterator
from fractions import Fraction

from analysis.brute import Found, Truth
from servicesim.analysis.proof import Extreme, Reach, Span
from servicesim.assessment.assess import Assessment, assess
from servicesim.encounter.encounter import Encounter
from servicesim.encounter.rehearsal import rehearse
from servicesim.encounter.script import Script
from servicesim.errors import NotOffered


def differences(script: Script, told: Reach, truth: Truth) -> list[str]:
    """Each claim that is wrong: what was claimed, and what is true. Where it is only bounded, the bounds must hold."""
    found = [
        *_extreme("best", script, told.best, truth.best, upward=True),
        *_extreme("worst", script, told.worst, truth.worst, upward=False),
        *_passing(script, told, truth),
        *_sets(told, truth),
        *_between("random.conduct", told.random.conduct, truth.random_conduct),
        *_between("random.passing", told.random.passing, truth.random_passing),
    ]
    if list(told.principles) != list(truth.principles) and (told.exact or told.principles):
        found.append(f"principles: {list(told.principles)}, in truth {list(truth.principles)}")
    for name, ends in truth.principles.items():
        span = told.principles.get(name)
        if span is not None:
            found += _span(name, script, span, truth)
            found += _says(f"{name}.owed", span.owed, ends.owed, True)
            for field in ("kept", "broken"):
                # Who is quicker or slower than named moves may keep a limit in seconds, or miss it: a yes is right then.
                if not (ends.timed and getattr(span, field)):
                    found += _says(f"{name}.{field}", getattr(span, field), getattr(ends, field), told.exact or told.complete)
    return found


def _extreme(field: str, script: Script, told: Extreme, truth: Found, *, upward: bool) -> Iterator[str]:
    played = _played(script, told.path)
    if played is None or not played[1]:
        yield f"{field}.path: {' '.join(told.path)} is no complete play"
    elif played[0].conduct != told.value:
        yield f"{field}.value: {told.value}, but its path {' '.join(told.path)} comes to {played[0].conduct}"
    yield from _holds(field, told, truth, upward=upward)


def _holds(field: str, told: Extreme, truth: Found, *, upward: bool) -> Iterator[str]:
    low, high = (told.value, told.bound) if upward else (told.bound, told.value)
    if not low <= truth.value <= high:
        yield f"{field}: value {told.value} bound {told.bound}, in truth {truth.value} by {' '.join(truth.path)}"


def _passing(script: Script, told: Reach, truth: Truth) -> Iterator[str]:
    if told.passing is None or truth.passing is None:
        unknown = told.passing is None and told.passable is None and not told.exact
        if (told.passing is None) != (truth.passing is None) and not unknown:
            yield f"passing: {told.passing}, in truth {truth.passing}"
        return
    yield from _extreme("passing", script, told.passing, truth.passing, upward=True)
    played = _played(script, told.passing.path)
    if played is not None and (played[0].ending is None or script.ending(played[0].ending).failed):
        yield f"passing.path: {' '.join(told.passing.path)} ends with {played[0].ending}"


def _sets(told: Reach, truth: Truth) -> Iterator[str]:
    for field in ("scenes", "lines", "replies"):
        claimed, real = getattr(told, field), getattr(truth, field)
        if not claimed <= real or (told.complete and claimed != real):
            yield f"{field}: {sorted(claimed)}, in truth {sorted(real)}"
    for name, real in truth.endings.items():
        yield from _says(f"endings.{name}", told.endings[name], real, told.complete)
    for field in ("passable", "failable"):
        claimed, real = getattr(told, field), getattr(truth, field)
        if claimed is not real and (claimed is not None or told.exact):
            yield f"{field}: {claimed}, in truth {real}"


def _says(field: str, told: bool, truth: bool, sure: bool) -> Iterator[str]:
    """A yes must always be true; a no only where it is proved."""
    if told != truth and (told or sure):
        yield f"{field}: {told}, in truth {truth}"


def _between(field: str, told: tuple[Fraction, Fraction], truth: Fraction) -> Iterator[str]:
    if not told[0] <= truth <= told[1]:
        yield f"{field}: {told[0]} to {told[1]}, in truth {truth}"


def _span(name: str, script: Script, told: Span, truth: Truth) -> Iterator[str]:
    ends = truth.principles[name]
    for field, claimed, real in (("best", told.best, ends.best), ("worst", told.worst, ends.worst)):
        if claimed is None or real is None:
            if (claimed is None) != (real is None):
                yield f"{name}.{field}: {claimed}, in truth {real}"
            continue
        played = _played(script, claimed.path)
        if played is None or not played[1]:
            yield f"{name}.{field}.path: {' '.join(claimed.path)} is no complete play"
        elif played[0].principles[name].score != claimed.value:
            yield f"{name}.{field}.value: {claimed.value}, but its path {' '.join(claimed.path)} comes to {played[0].principles[name].score}"
        yield from _holds(f"{name}.{field}", claimed, real, upward=field == "best")


def _played(script: Script, path: tuple[str, ...]) -> tuple[Assessment, bool] | None:
    """How a path is judged, and whether it is a whole play; None where a move is not offered."""
    try:
        encounter = rehearse(Encounter(script), path)
    except NotOffered:
        return None
    return assess(script, encounter.events), encounter.ended
