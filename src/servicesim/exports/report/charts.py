"""The pictures of the report: conduct week by week, its spread, the steps until a pass, and a range beside its number."""

from __future__ import annotations

import math
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass

from servicesim.exports.figures import Group, Step
from servicesim.exports.measures import FEWEST_SHOWN, Estimate
from servicesim.exports.report.drawing import Drawing, Point
from servicesim.exports.report.words import Words

WIDTH, HEIGHT = 760.0, 280.0
LEFT, RIGHT, TOP, BOTTOM = 52.0, 14.0, 22.0, 46.0
BIN = 5
"""Points of conduct that one bar of the spread counts together; 100 belongs to the last."""

_MOST_LABELS = 9


@dataclass(frozen=True, slots=True)
class Plane:
    """Where values come to lie in a picture: x and y each from a first to a last value."""

    drawing: Drawing
    first: float
    last: float
    top: float

    def x(self, value: float) -> float:
        """Where a value lies along the line of reading."""
        return LEFT + (value - self.first) / (self.last - self.first) * (WIDTH - LEFT - RIGHT)

    def y(self, value: float) -> float:
        """How high a value lies."""
        return HEIGHT - BOTTOM - value / self.top * (HEIGHT - BOTTOM - TOP)

    def at(self, x: float, y: float) -> Point:
        """Both."""
        return self.x(x), self.y(y)

    def grid(self, values: Iterable[tuple[float, str]]) -> None:
        """Lines across, each with its number."""
        for value, told in values:
            kind = "axis" if value == 0 else "grid"
            self.drawing.line([self.at(self.first, value), self.at(self.last, value)], kind)
            self.drawing.words((LEFT - 8, self.y(value) + 4), told, "tick", "end")

    def ticks(self, values: Iterable[tuple[float, str]]) -> None:
        """Words below."""
        for value, told in values:
            self.drawing.words((self.x(value), HEIGHT - BOTTOM + 18), told, "tick")

    def title(self, told: str) -> None:
        """What grows along the line of reading."""
        self.drawing.words(((LEFT + WIDTH - RIGHT) / 2, HEIGHT - 6), told, "axis-title")


def _plane(words: Words, key: str, about: str, *, first: float, last: float, top: float) -> Plane:
    return Plane(Drawing(words.plain(key), about, WIDTH, HEIGHT, words.direction == "rtl"), first, last, top)


def _points(words: Words) -> Iterator[tuple[float, str]]:
    return ((value, words.number(value)) for value in (0, 25, 50, 75, 100))


# --- week by week ----------------------------------------------------------------------------------------------------


def trend_chart(words: Words, weeks: Sequence[Group]) -> Drawing | None:
    """Mean conduct of each week with its interval; None where no week is shown."""
    shown = [(week, one.conduct.value) for week, one in enumerate(weeks) if one.conduct]
    if not shown:
        return None
    about = words.plain(
        "trend-about", count=words.number(len(weeks)), first=words.number(shown[0][1]), last=words.number(shown[-1][1]),
        **{"from": words.week(weeks[0].name), "to": words.week(weeks[-1].name)},
    )  # fmt: skip
    plane = _plane(words, "trend-title", about, first=-0.5, last=len(weeks) - 0.5, top=100)
    plane.grid(_points(words))
    for run in _runs(weeks):
        _band(plane, [(week, one) for week, one in run])
    step = -(-len(weeks) // _MOST_LABELS)
    plane.ticks((week, words.week(weeks[week].name, short=True)) for week in range(0, len(weeks), step))
    plane.title(words.plain("week"))
    return plane.drawing


def _runs(weeks: Sequence[Group]) -> Iterator[list[tuple[int, Estimate]]]:
    """Weeks that are shown, one after the other without a gap."""
    run: list[tuple[int, Estimate]] = []
    for number, week in enumerate(weeks):
        if week.conduct is not None:
            run.append((number, week.conduct))
        elif run:
            yield run
            run = []
    if run:
        yield run


def _band(plane: Plane, run: list[tuple[int, Estimate]]) -> None:
    if len(run) == 1:  # No band has the width of a point: a bar stands for it.
        ((week, only),) = run
        plane.drawing.line([plane.at(week, only.low), plane.at(week, only.high)], "whisker")
    else:
        above = [plane.at(week, one.high) for week, one in run]
        below = [plane.at(week, one.low) for week, one in reversed(run)]
        plane.drawing.area([*above, *below], "band")
        plane.drawing.line([plane.at(week, one.value) for week, one in run], "line")
    for week, one in run:
        plane.drawing.dot(plane.at(week, one.value), "dot")


# --- spread ----------------------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Bar:
    """Attempts with this conduct, from and to whole points; None where there are 1 to 4."""

    low: int
    high: int
    attempts: int | None


def bars(distribution: Mapping[int, int]) -> list[Bar]:
    """The spread of conduct in bars of 5 points; how many attempts a very small one holds is not told."""
    counts = dict.fromkeys(range(0, 100, BIN), 0)
    for points, attempts in distribution.items():
        counts[min(95, points // BIN * BIN)] += attempts
    return [Bar(low, 100 if low == 95 else low + BIN - 1, None if 0 < n < FEWEST_SHOWN else n) for low, n in counts.items()]


def spread_chart(words: Words, spread: Sequence[Bar], marks: Iterable[int]) -> Drawing:
    """The spread with a line at each pass mark."""
    largest = max(spread, key=lambda bar: bar.attempts or 0)
    step = _round_step(max(FEWEST_SHOWN, largest.attempts or 0) / 4)
    plane = _plane(words, "spread-title", _about_spread(words, largest), first=0, last=100, top=step * 4)
    plane.grid((step * line, words.number(step * line)) for line in range(5))
    for bar in spread:
        _draw_bar(plane, bar)
    for number, mark in enumerate(sorted(set(marks))):
        plane.drawing.line([(plane.x(mark), TOP - 4), plane.at(mark, 0)], "mark")
        plane.drawing.words((plane.x(mark), TOP - 9), words.number(mark) if number else words.plain("pass-mark-at", points=words.number(mark)), "mark-words")
    plane.ticks((value, words.number(value)) for value in range(0, 101, 10))
    plane.title(words.plain("points"))
    return plane.drawing


def _about_spread(words: Words, largest: Bar) -> str:
    if largest.attempts is None or largest.attempts == 0:
        return words.plain("spread-hidden-note")
    ends = {"from": words.number(largest.low), "to": words.number(largest.high)}
    return words.plain("spread-about", count=words.number(largest.attempts), **ends)


def _draw_bar(plane: Plane, bar: Bar) -> None:
    if bar.attempts == 0:
        return
    height = FEWEST_SHOWN / 2 if bar.attempts is None else bar.attempts
    start, end = plane.x(bar.low) + 1.5, plane.x(bar.low + BIN) - 1.5
    kind = "bar-hidden" if bar.attempts is None else "bar"
    plane.drawing.box(start, plane.y(height), end - start, plane.y(0) - plane.y(height), kind)


def _round_step(least: float) -> int:
    """The first round number that is not less: 1 to 5, 10, 15, 20, 25, 30, 40, 50, 100, ..."""
    if least <= 5:
        return math.ceil(least)
    ten = 10.0 ** math.floor(math.log10(least))
    return next(round(part * ten) for part in (1, 1.5, 2, 2.5, 3, 4, 5, 10) if part * ten >= least)


# --- steps until a pass ----------------------------------------------------------------------------------------------


def steps_chart(words: Words, steps: Sequence[Step]) -> Drawing | None:
    """The share that has passed by each attempt, as steps with their interval; None where there are none."""
    if not steps:
        return None
    first, last = steps[0], steps[-1]
    about = words.plain(
        "steps-about", first=words.percent(first.share.value), last=words.number(last.attempt), share=words.percent(last.share.value)
    )
    plane = _plane(words, "steps-title", about, first=0, last=last.attempt + 0.6, top=1)
    plane.grid((value / 100, words.percent(value / 100)) for value in (0, 25, 50, 75, 100))
    ends = [*(step.attempt for step in steps[1:]), last.attempt + 0.6]
    for step, end in zip(steps, ends, strict=True):
        one = step.share
        corners = [(step.attempt, one.high), (end, one.high), (end, one.low), (step.attempt, one.low)]
        plane.drawing.area([plane.at(*corner) for corner in corners], "band")
    plane.drawing.line([plane.at(*corner) for corner in _stairs(steps, ends)], "line")
    for step in steps:
        plane.drawing.dot(plane.at(step.attempt, step.share.value), "dot")
    labelled = -(-len(steps) // 15)
    plane.ticks((step.attempt, words.number(step.attempt)) for step in steps[::labelled])
    plane.title(words.plain("attempt-number"))
    return plane.drawing


def _stairs(steps: Sequence[Step], ends: Sequence[float]) -> Iterator[Point]:
    yield 0, 0
    before = 0.0
    for step, end in zip(steps, ends, strict=True):
        yield step.attempt, before
        yield step.attempt, step.share.value
        yield end, step.share.value
        before = step.share.value


# --- beside a number -------------------------------------------------------------------------------------------------


def range_bar(words: Words, one: Estimate, *, top: float, filled: bool = False) -> Drawing:
    """A number between 0 and `top` and the range in which it lies, small enough for a table."""
    drawing = Drawing("", "", 160, 18, words.direction == "rtl")
    low, value, high = (4 + part / top * 152 for part in (one.low, one.value, one.high))
    drawing.box(4, 7, 152, 4, "track")
    if filled:
        drawing.box(4, 7, value - 4, 4, "filled")
    drawing.line([(low, 9), (high, 9)], "whisker")
    drawing.line([(low, 5), (low, 13)], "whisker")
    drawing.line([(high, 5), (high, 13)], "whisker")
    drawing.dot((value, 9), "dot", 4)
    return drawing
