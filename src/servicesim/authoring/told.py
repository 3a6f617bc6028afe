"""What was proved about a scenario, as plain data for programs and in a few lines for people."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from fractions import Fraction
from math import ceil
from typing import Any

from servicesim.analysis.proof import Chance, Extreme, Played, Reach, Span
from servicesim.assessment.told import number

Range = tuple[Fraction, Fraction]
ANYTHING: Range = (Fraction(0), Fraction(1))  # a probability of which nothing is known


def reach_as_json(reach: Reach, strategies: Mapping[str, Played]) -> dict[str, Any]:
    """What `check --json` prints of a scenario whose plays were looked at."""
    return {
        "conduct": _conduct(reach.best, reach.worst),
        "principles": {name: _span(span) for name, span in reach.principles.items()},
        # What no play came to is only known to be out of reach if every situation was looked at.
        "endings": {name: True if reached else False if reach.complete else None for name, reached in reach.endings.items()},
        "strategies": {name: {"conduct": number(one.conduct), "passed": one.passed} for name, one in strategies.items()},
        "random": _random(reach.random),
    }


def _conduct(best: Extreme, worst: Extreme) -> dict[str, Any]:
    told: dict[str, Any] = {
        "best": number(best.value),
        "worst": number(worst.value),
        "best_path": list(best.path),
        "worst_path": list(worst.path),
        "exact": best.exact and worst.exact,
    }
    told |= {name: list(end.remembered) for name, end in (("best_with", best), ("worst_with", worst)) if end.remembered}
    if not told["exact"]:
        told |= {"best_bound": rounded_up(best.bound), "worst_bound": number(worst.bound)}
    return told


def _span(span: Span) -> dict[str, Any]:
    ends = [end for end in (span.best, span.worst) if end is not None]
    return {
        "best": None if span.best is None else number(span.best.value, 4),
        "worst": None if span.worst is None else number(span.worst.value, 4),
        "exact": all(end.exact for end in ends),
    }


def _random(chance: Chance) -> dict[str, Any]:
    return {"conduct": _range(chance.conduct, 2), "pass_probability": _range(chance.passing, 4)}


def _range(ends: Range, places: int) -> int | float | list[int | float]:
    """A number; or a range, rounded outwards so that it still holds what it was proved to hold."""
    low, high = ends
    return number(low, places) if low == high else [number(low, places), rounded_up(high, places)]


def rounded_up(value: Fraction, places: int = 2) -> int | float:
    """A bound for people and other programs: rounded up, so that it still is one."""
    scale: int = 10**places
    return number(Fraction(ceil(value * scale), scale), places)


def reach_in_words(reach: Reach, strategies: Mapping[str, Played]) -> Iterator[str]:
    """The same in a few short lines: how far conduct goes, what chance comes to, and who passes without thinking."""
    yield f"conduct: {_worst_in_words(reach.worst)} to {_best_in_words(reach.best)}{_open_question(reach)}"
    yield f"random replies: {_random_in_words(reach.random)}"
    if strategies:
        told = ", ".join(f"{name} {number(one.conduct)}{' (passes)' if one.passed else ''}" for name, one in strategies.items())
        nobody = "" if any(one.passed for one in strategies.values()) else ": none passes"
        yield f"without thinking: {told}{nobody}"
    if not reach.exact:
        yield "not all of this is proved to the end; more time may help: --seconds 60"


def _open_question(reach: Reach) -> str:
    """What is not known of passing and failing."""
    unknown = [word for word, known in (("passed", reach.passable), ("failed", reach.failable)) if known is None]
    return f"; whether it can be {' or '.join(unknown)} is not known" if unknown else ""


def _random_in_words(chance: Chance) -> str:
    if chance.passing == ANYTHING:
        return "not known how often they pass"
    return f"pass with {_percent(chance.passing)}, conduct {_ends(chance.conduct)} on average"


def _worst_in_words(worst: Extreme) -> str:
    return f"{number(worst.value)}" if worst.exact else f"{number(worst.value)} (perhaps down to {number(worst.bound)})"


def _best_in_words(best: Extreme) -> str:
    return f"{number(best.value)}" if best.exact else f"{number(best.value)} (perhaps up to {rounded_up(best.bound)})"


def _ends(ends: Range) -> str:
    low, high = ends
    return f"{number(low, 1)}" if low == high else f"{number(low, 1)} to {rounded_up(high, 1)}"


def _percent(ends: Range) -> str:
    low, high = ends
    if 0 < high < Fraction(1, 1000):
        return "less than 0.1 %"
    return f"{_ends((low * 100, high * 100))} %"
