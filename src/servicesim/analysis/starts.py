"""What holds of an encounter from all its starts: a programme may have its customer remember what happened before.

    for remembered, one in starts(script):
        ...                                  # the script of the encounter that begins so
    told = together({remembered: reach(one) for remembered, one in starts(script)})

Something is out of reach only if no start leads to it. Passing, failing, chance and naive players are a matter of each start.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import replace
from fractions import Fraction

from servicesim.analysis.proof import Chance, Extreme, Misordered, Played, Reach, Span
from servicesim.encounter.script import Script
from servicesim.scenario.model import Remembered

Range = tuple[Fraction, Fraction]


def starts(script: Script) -> Iterator[tuple[Remembered, Script]]:
    """What the customer may remember, and the script of an encounter that begins so; nothing remembered comes first."""
    return ((remembered, script.started(remembered)) for remembered in script.scenario.starts)


def together(reaches: Mapping[Remembered, Reach]) -> Reach:
    """What the plays from all starts can come to; each play says from which it is."""
    told = [_from(remembered, reach) for remembered, reach in reaches.items()]
    if len(told) == 1:
        return told[0]
    passing = [reach.passing for reach in told]
    return Reach(
        best=_highest(reach.best for reach in told),
        worst=_lowest(reach.worst for reach in told),
        # Of the starts the hardest: what every trainee can come to.
        passing=None if None in passing else _least(one for one in passing if one is not None),
        principles={name: _span([reach.principles[name] for reach in told if name in reach.principles]) for name in _named(told)},
        scenes=frozenset().union(*(reach.scenes for reach in told)),
        lines=frozenset().union(*(reach.lines for reach in told)),
        replies=frozenset().union(*(reach.replies for reach in told)),
        withheld=frozenset().union(*(reach.withheld for reach in told)),
        misordered=_in_all(reach.misordered for reach in told),
        endings={name: any(reach.endings[name] for reach in told) for name in told[0].endings},
        passable=_in_each(reach.passable for reach in told),
        failable=_in_each(reach.failable for reach in told),
        random=_likeliest([reach.random for reach in told]),
        complete=all(reach.complete for reach in told),
    )


def best_of(naive: Iterable[Mapping[str, Played]]) -> dict[str, Played]:
    """What each naive strategy comes to from the start that suits it best."""
    told: dict[str, Played] = {}
    for one in naive:
        for name, played in one.items():
            if name not in told or (played.passed, played.conduct) > (told[name].passed, told[name].conduct):
                told[name] = played
    return told


def _from(remembered: Remembered, reach: Reach) -> Reach:
    """The same, with each play saying from which start it is."""
    if not remembered:
        return reach
    passing = reach.passing and replace(reach.passing, remembered=remembered)
    return replace(
        reach,
        best=replace(reach.best, remembered=remembered),
        worst=replace(reach.worst, remembered=remembered),
        passing=passing,
        principles={name: _span_from(remembered, span) for name, span in reach.principles.items()},
    )


def _span_from(remembered: Remembered, span: Span) -> Span:
    best, worst = (end and replace(end, remembered=remembered) for end in (span.best, span.worst))
    return replace(span, best=best, worst=worst)


def _highest(ends: Iterable[Extreme]) -> Extreme:
    return _widest(list(ends), max)


def _lowest(ends: Iterable[Extreme]) -> Extreme:
    return _widest(list(ends), min)


def _widest(ends: list[Extreme], most: Callable[..., Extreme]) -> Extreme:
    """The play that goes farthest, and a bound that holds for all."""
    bound = most(ends, key=lambda end: end.bound).bound
    return replace(most(ends, key=lambda end: end.value), bound=bound)


def _least(ends: Iterable[Extreme]) -> Extreme:
    return min(ends, key=lambda end: (end.bound, end.value))


def _span(spans: list[Span]) -> Span:
    bests = [span.best for span in spans if span.best is not None]
    worsts = [span.worst for span in spans if span.worst is not None]
    return Span(
        best=_highest(bests) if bests else None,
        worst=_lowest(worsts) if worsts else None,
        kept=any(span.kept for span in spans),
        broken=any(span.broken for span in spans),
        owed=any(span.owed for span in spans),
    )


def _named(told: list[Reach]) -> list[str]:
    return list(dict.fromkeys(name for reach in told for name in reach.principles))


def _in_all(found: Iterable[tuple[Misordered, ...]]) -> tuple[Misordered, ...]:
    """An order costs points only where it does so from every start in which that is known."""
    first, *others = found
    return tuple(one for one in first if all(one in other for other in others))


def _in_each(known: Iterable[bool | None]) -> bool | None:
    """Whether it is so from each start; None where that is not known."""
    told = list(known)
    return False if False in told else None if None in told else True


def _likeliest(chances: list[Chance]) -> Chance:
    """From the start where chance comes to most."""
    return Chance(_most(chance.conduct for chance in chances), _most(chance.passing for chance in chances))


def _most(ranges: Iterable[Range]) -> Range:
    told = list(ranges)
    return max(low for low, _ in told), max(high for _, high in told)
