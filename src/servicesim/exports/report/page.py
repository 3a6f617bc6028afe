"""The report as a page: each part is worked out here, and set by the template."""

from __future__ import annotations

import math
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace

from markupsafe import Markup

from servicesim.exports import figures
from servicesim.exports.figures import Cell, Comparison, Group, Step
from servicesim.exports.measures import Estimate, difference
from servicesim.exports.report import charts, head, shades
from servicesim.exports.report.contents import Contents
from servicesim.exports.report.drawing import Drawing
from servicesim.exports.report.filling import filled
from servicesim.exports.report.words import Words, bdi, english

COLUMNS = 8
"""Groups side by side in one heat map: more would not fit on paper."""

HIDDEN, NEVER = "*", "–"
"""Signs in the place of numbers: too few people, and nothing at all."""

_COMPARED: Mapping[Comparison, str] = {
    "too few to compare": "too-few-to-compare",
    "no difference shown": "no-difference",
    "higher": "higher",
    "lower": "lower",
}


def report(contents: Contents, words: Words, *, at: int) -> str:
    """The page; `at` is when it is made, in UTC milliseconds."""
    return filled("report.html.j2", words, page=Page(contents, words, at))


# --- parts -----------------------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class HeatCell:
    """A cell of the heat map: its shade, its number and range, or the sign that stands instead of them."""

    shade: int | None
    number: str
    range: str = ""
    meaning: str = ""
    """What a sign means, for those who hear the page."""
    of: tuple[str, str] = ("", "")
    """Which principle in which group, by their own names."""


@dataclass(frozen=True, slots=True)
class HeatTable:
    """One part of the heat map: as many groups as fit."""

    groups: list[Markup]
    rows: list[tuple[Markup, list[HeatCell]]]


@dataclass(frozen=True, slots=True)
class GroupRow:
    """A group with its figures, and how it compares; signs where it is too small to be shown."""

    name: Markup
    people: str
    attempts: str = HIDDEN
    conduct: str = HIDDEN
    range: str = ""
    bar: Drawing | None = None
    passed: str = HIDDEN
    passed_range: str = ""
    compared: str = ""
    kind: str = ""
    apart: Markup | None = None


@dataclass(frozen=True, slots=True)
class BrokenRow:
    """A principle that is broken often, and where."""

    principle: Markup
    share: str
    range: str
    bar: Drawing
    where: list[tuple[Markup, str]]


class Page:
    """What the template asks for, part by part."""

    def __init__(self, contents: Contents, words: Words, at: int) -> None:
        self.contents, self.words = contents, words
        self.whole = contents.whole
        self.made = head.made(words, contents.clock, at)
        self.which = head.which(words, contents.wanted)
        self.selected = head.selected(words, contents.wanted, contents.clock)
        self.days = head.days(words, contents.clock, at)

    @property
    def is_shown(self) -> bool:
        """Whether there are enough people for figures."""
        return self.whole.is_shown

    # In short

    @property
    def tiles(self) -> list[tuple[str, str, str, str]]:
        """The whole in four numbers: what, how much, its range, and a note."""
        words = self.words
        (whole,) = figures.groups({"": self.whole})
        assert whole.conduct is not None
        assert whole.passed is not None
        return [
            (words.plain("people"), words.number(whole.people), "", ""),
            (words.plain("attempts"), words.number(whole.attempts), "", ""),
            (words.plain("conduct"), words.number(whole.conduct.value), self._points(whole.conduct), words.plain("conduct-note")),
            (words.plain("passed-share"), words.percent(whole.passed.value), self._share(whole.passed), words.plain("passed-note")),
        ]

    @property
    def encounters(self) -> list[tuple[str, GroupRow]]:
        """Each encounter: its pass mark, and its figures."""
        return [(self._mark(one.name), self._row(self._encounter(one.name), one)) for one in figures.groups(self.contents.counted.encounters)]

    def _mark(self, encounter: str) -> str:
        known = self.contents.texts.encounters.get(encounter)
        return self.words.number(known.pass_mark) if known else NEVER

    # Pictures

    @property
    def spread(self) -> list[charts.Bar]:
        """The bars of the spread, from the first that is not empty."""
        return charts.bars(self.contents.counted.distribution)

    @property
    def spread_chart(self) -> Drawing:
        """The spread as a picture, with the pass marks."""
        played = self.contents.counted.encounters
        marks = [one.pass_mark for name, one in self.contents.texts.encounters.items() if name in played]
        return charts.spread_chart(self.words, self.spread, marks)

    @property
    def weeks(self) -> list[Group]:
        """Every week from the first to the last."""
        return figures.trend(self.contents.counted.weeks)

    @property
    def week_rows(self) -> list[GroupRow]:
        """The same as a table."""
        return [self._row(bdi(self.words.week(one.name)), one) for one in self.weeks]

    @property
    def trend_chart(self) -> Drawing | None:
        """The weeks as a picture."""
        return charts.trend_chart(self.words, self.weeks)

    @property
    def steps(self) -> list[Step]:
        """The share that has passed by each attempt."""
        return figures.attempts_to_pass(self.contents.counted.careers)

    @property
    def steps_chart(self) -> Drawing | None:
        """The same as a picture."""
        return charts.steps_chart(self.words, self.steps)

    # Tables

    @property
    def heat(self) -> list[HeatTable]:
        """The heat map, in parts that fit on paper."""
        found = figures.heat_map(self.contents.heat)
        scores = {name: dict(zip(found.groups, row, strict=True)) for name, row in zip(found.principles, found.rows, strict=True)}
        order = sorted(scores, key=lambda name: _weakness(scores[name].values()))
        rows = {name: scores[name] for name in order}
        return [self._heat(rows, found.groups[first:last]) for first, last in _parts(len(found.groups))]

    def _heat(self, scores: Mapping[str, Mapping[str, Estimate | None]], groups: Sequence[str]) -> HeatTable:
        rows = [(self._principle(name), [self._heat_cell(name, group, row[group]) for group in groups]) for name, row in scores.items()]
        return HeatTable([self._group(group) for group in groups], rows)

    def _heat_cell(self, principle: str, group: str, score: Estimate | None) -> HeatCell:
        words = self.words
        of = principle, group
        if score is not None:
            return HeatCell(shades.shade_of(round(score.value * 100)), words.percent(score.value), self._share(score), of=of)
        came_up = of in self.contents.heat
        return HeatCell(None, HIDDEN, meaning=words.plain("under-5"), of=of) if came_up else HeatCell(None, NEVER, meaning=words.plain("sign-never"))

    @property
    def legend(self) -> list[tuple[int, str]]:
        """Each shade, and what it stands for."""
        percent = self.words.percent
        return [(number, self.words.between(percent(low / 100), percent(high / 100))) for number, low, high in shades.spans()]

    @property
    def broken(self) -> list[BrokenRow]:
        """What is broken most."""
        return [
            BrokenRow(
                self._principle(one.principle),
                self.words.percent(one.share.value),
                self._share(one.share),
                charts.range_bar(self.words, one.share, top=1, filled=True),
                [(self._encounter(name), self.words.percent(share.value)) for name, share in one.encounters],
            )
            for one in figures.most_broken(self.contents.counted.broken)
        ]

    @property
    def groups(self) -> list[GroupRow]:
        """Teams or cohorts, each against all others that are shown."""
        return [self._compared(one) for one in figures.groups(self.contents.groups)]

    def _compared(self, group: Group) -> GroupRow:
        mine, rest = self.contents.groups[group.name], self._others(group.name)
        verdict = figures.comparison(mine, rest)
        row = self._row(self._group(group.name), group)
        apart = difference(mine.values, rest.values)
        if apart is None or verdict == "too few to compare":
            return replace(row, compared=self.words.plain("too-few-to-compare"), kind="too-few")
        return replace(row, compared=self.words.plain(_COMPARED[verdict]), kind=_COMPARED[verdict], apart=self._apart(apart))

    def _apart(self, one: Estimate) -> Markup:
        value, low, high = (bdi(self.words.signed(part), direction="ltr") for part in (one.value, one.low, one.high))
        return self.words("apart", value=value, low=low, high=high)

    def _others(self, name: str) -> Cell:
        """All other groups that are shown: with the hidden ones, a difference would tell what they hold."""
        others = [cell for other, cell in self.contents.groups.items() if other != name and cell.is_shown]
        return sum(others, Cell())

    def _row(self, name: Markup, group: Group) -> GroupRow:
        words, conduct, passed = self.words, group.conduct, group.passed
        if conduct is None or passed is None:
            return GroupRow(name, words.plain("under-5"))
        return GroupRow(
            name,
            words.number(group.people),
            words.number(group.attempts),
            words.number(conduct.value),
            self._points(conduct),
            charts.range_bar(words, conduct, top=100),
            words.percent(passed.value),
            self._share(passed),
        )

    # Words

    def _principle(self, name: str) -> Markup:
        texts = self.contents.texts
        title = texts.principle(name)
        return bdi(title, self.words.language) if name in texts.translated else english(title)

    def _group(self, name: str) -> Markup:
        if self.contents.by == "cohort":
            return bdi(self.words.month(name))
        return bdi(name) if name else self.words("no-team")

    def _encounter(self, name: str) -> Markup:
        known = self.contents.texts.encounters.get(name)
        return bdi(known.title, known.locale) if known else bdi(name)

    def _points(self, one: Estimate) -> str:
        return self.words.between(self.words.number(one.low), self.words.number(one.high))

    def _share(self, one: Estimate) -> str:
        return self.words.between(self.words.number(one.low * 100), self.words.number(one.high * 100))


def _parts(count: int) -> Iterator[tuple[int, int]]:
    """Where each part begins and ends, as even as may be."""
    width = math.ceil(count / math.ceil(count / COLUMNS)) if count else 1
    return ((first, first + width) for first in range(0, count, width))


def _weakness(scores: Iterable[Estimate | None]) -> float:
    """The mean of the cells that are shown, for the weakest row to come first; rows without any come last."""
    shown = [score.value for score in scores if score is not None]
    return sum(shown) / len(shown) if shown else math.inf
