"""Counting verdicts in bulk: all rules of a scenario folded over a transcript, without evidence.

A transcript becomes the numbers of its turns (turns.py), and each number takes a few rules together one step on (folds.py).
Rules with a limit in seconds depend on the clock and are stepped by themselves. Hundreds of transcripts and more are counted
side by side where numpy is installed (bulk.py).
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from fractions import Fraction
from functools import cached_property, lru_cache
from math import prod
from struct import Struct
from typing import TYPE_CHECKING, NamedTuple

from servicesim.assessment.assess import CRITICAL_CAP, automata, exactly, is_untimed
from servicesim.assessment.folds import Fold, Row, Track, packed
from servicesim.assessment.opportunity import offered, owed
from servicesim.assessment.rules import A, Automaton, too_late
from servicesim.assessment.trace import moments
from servicesim.assessment.turns import Turns
from servicesim.encounter.events import Event, ReplyChosen
from servicesim.encounter.script import PAUSE, Script
from servicesim.scenario.principles import Principle

if TYPE_CHECKING:
    from servicesim.assessment.bulk import Bulk

TOGETHER = 5  # rules in a fold: with more, most steps of the first thousand transcripts are new
MOST_STARTS = 10_000  # that are remembered
FEW_TURNS = 64  # for which rows have room at first
MOST_KNOWN = 10_000  # conducts that are remembered
FEWEST = 2_000  # transcripts for which numpy is loaded: that takes as long as counting some thousands without it

Placed = tuple[int, Automaton]  # a rule, and the number of its principle
Marks = tuple[tuple[int, Fraction], ...]  # a trainer's own ratings, with the numbers of their principles


class Counted(NamedTuple):
    """What one transcript comes to. Where this is the same, conduct and the score of each principle are the same."""

    total: int
    """Kept and broken of each principle by its rules, in fields of 16 bits, the first principle lowest."""
    marks: Marks
    untimed: bool


class Tally:
    """Kept and broken of every principle, and conduct, for many transcripts of one script."""

    def __init__(self, script: Script) -> None:
        self.script = script
        taught = script.principles.principles
        self.names = [name for name, one in taught.items() if one.applies(name, script.scenario)]
        place = {name: number for number, name in enumerate(self.names)}
        self._rules = [(place[name], rule) for name in self.names for rule in automata(taught[name], script)]
        self._scores = [
            (taught[name].weight, exactly(taught[name].enough), taught[name].critical, _owed(taught[name], name, script))
            for name in self.names
        ]
        self._marks = {
            (stage.name, option.reply.id): [
                (place[name], exactly(mark)) for name, mark in option.reply.marks.items() if name in place
            ]
            for stage in script.stages
            for option in stage.options
            if option.reply.marks
        }
        self._fields = Struct(f"<{2 * len(self.names)}H")
        self._folds: dict[bool, Folds] = {}
        self.conduct_of = lru_cache(maxsize=MOST_KNOWN)(self._conduct_of)
        self._reached = lru_cache(maxsize=MOST_KNOWN)(self._reached_by)

    def counts(self, events: Sequence[Event]) -> list[tuple[int, int]]:
        """Kept and broken of each principle by its rules, in the order of `names`; a trainer's marks are not in it."""
        return _in_pairs(self.figures(events))

    def figures(self, events: Sequence[Event]) -> tuple[int, ...]:
        """The same in a row: kept and broken of the first principle, of the second, and so on."""
        return self.figures_of(self.folds(untimed=is_untimed(events)).total(events))

    def figures_of(self, total: int) -> tuple[int, ...]:
        """The same from a total."""
        return self._fields.unpack(total.to_bytes(self._fields.size, "little"))

    def counts_of(self, counted: Counted) -> list[tuple[int, int]]:
        """Kept and broken of each principle by its rules, of a transcript that was counted."""
        return _in_pairs(self.figures_of(counted.total))

    def counted(self, events: Sequence[Event]) -> Counted:
        """What a transcript comes to."""
        untimed = is_untimed(events)
        return Counted(self.folds(untimed=untimed).total(events), self.marks(events), untimed)

    def counted_all(self, plays: Sequence[Sequence[Event]]) -> list[Counted]:
        """What each of many transcripts comes to."""
        bulk = self._bulk if len(plays) >= FEWEST else None
        return [self.counted(events) for events in plays] if bulk is None else bulk.counted(plays)

    @cached_property
    def _bulk(self) -> Bulk | None:
        """Counting with numpy; None where it is not installed."""
        try:
            from servicesim.assessment.bulk import Bulk
        except ImportError:
            return None
        return Bulk(self)

    def conduct(self, events: Sequence[Event]) -> Fraction:
        """The conduct, exactly as `assess` finds it."""
        return self.conduct_of(self.counted(events))

    def marks(self, events: Sequence[Event]) -> Marks:
        """A trainer's own ratings of the replies that were chosen, in order."""
        if not self._marks:
            return ()
        chosen = (event for event in events if type(event) is ReplyChosen)
        return tuple(mark for event in chosen for mark in self._marks.get((event.scene, event.reply), ()))

    def folds(self, *, untimed: bool) -> Folds:
        """All rules, for plays with or without clocks."""
        known = self._folds.get(untimed)
        if known is None:
            known = self._folds[untimed] = Folds(self.script, self._rules, untimed=untimed)
        return known

    def _conduct_of(self, counted: Counted) -> Fraction:
        marks = dict[int, list[Fraction]]()
        for place, mark in counted.marks:
            marks.setdefault(place, []).append(mark)
        # Whole points apart from parts of one, and these over one denominator: fractions are added slowly.
        weights, whole, parts, capped = 0, 0, list[Fraction](), False
        for place, (kept, broken) in enumerate(self.counts_of(counted)):
            weight, points, part, lost = self._reached(place, kept, broken, tuple(marks.get(place, ())), counted.untimed)
            weights, whole, capped = weights + weight, whole + points, capped or lost
            if part is not None:
                parts.append(part)
        conduct = 100 * _sum(whole, parts) / weights if weights else Fraction(0)
        return min(conduct, Fraction(CRITICAL_CAP)) if capped else conduct

    def _reached_by(
        self, place: int, kept: int, broken: int, marks: tuple[Fraction, ...], untimed: bool
    ) -> tuple[int, int, Fraction | None, bool]:
        """The weight of a principle, the whole points and the part of one that were reached, and whether a critical one was broken."""
        weight, enough, critical, owes = self._scores[place]
        share = _share(kept, broken, marks)
        if share is None:
            return (weight if owes[untimed] else 0), 0, None, False
        lost = critical and share < 1
        if share >= enough:
            return weight, weight, None, lost
        return weight, 0, (weight * share / enough if share else None), lost


class Folds:
    """All rules of a script, for plays with or without clocks: those that depend on the clock, and the others folded."""

    def __init__(self, script: Script, rules: Sequence[Placed], *, untimed: bool) -> None:
        self._script, self._untimed = script, untimed
        self._rules = [(place, rule, 1 << number) for number, (place, rule) in enumerate(rules)]
        self.turns = Turns(script, [rule for _, rule in rules], self._offered)
        self.tracks = [Track(*ruled, self.turns.lists) for ruled in self._rules if self._is_in_time(ruled[1])]
        self._timed = [ruled for ruled in self._rules if not self._is_in_time(ruled[1])]
        self._width, self._grown = FEW_TURNS, list[Fold]()
        self._folds = [
            Fold(self.tracks[first : first + TOGETHER], self._width, self._grown)
            for first in range(0, len(self.tracks), TOGETHER)
        ]
        self._starts: dict[int, list[Row]] = {}

    @property
    def needs_times(self) -> bool:
        """Whether it matters when something happened, and not only in which order."""
        return bool(self._timed)

    def total(self, events: Sequence[Event]) -> int:
        """All counts of one transcript, in the fields of one integer."""
        numbers, offers = self.turns.of(events)
        return self.total_of(numbers, offers) + self.by_the_clock(events, offers)

    def total_of(self, numbers: Sequence[int], offers: int) -> int:
        """The same from the numbers of the turns, but for what depends on the clock."""
        if len(self.turns.lists) > self._width:
            self._widen()
        starts, total = self._starts.get(offers), 0
        for row in self._begin(offers) if starts is None else starts:
            for number in numbers:
                known = row[number]
                row, decided = row[0].learn(number) if known is None else known
                if decided:
                    total += decided
            total += row[0].end
        if self._grown:
            self._remember_less()
        return total

    def by_the_clock(self, events: Sequence[Event], offers: int) -> int:
        """The counts of the rules that depend on the clock."""
        if not self._timed:
            return 0
        told = [(moment.at, moment.act) for moment in moments(self._script, events)]
        return sum(_timed(place, rule, told, offers & bit != 0) for place, rule, bit in self._timed)

    def _is_in_time(self, rule: Automaton) -> bool:
        return self._untimed or rule.seconds is None or (_of_stations(rule) and rule.seconds >= PAUSE)

    def _begin(self, offers: int) -> list[Row]:
        """Where each fold begins a play in which so much was offered."""
        if len(self._starts) > MOST_STARTS:
            self._starts = {}
        starts = self._starts[offers] = [fold.start(offers) for fold in self._folds]
        return starts

    def _offered(self, visited: frozenset[str]) -> int:
        """What these scenes offer to each rule. Several scenes together offer what any of them does."""
        return sum(bit for _, rule, bit in self._rules if offered(rule.rule, self._script, visited, untimed=self._untimed))

    def _widen(self) -> None:
        """Make room in the rows for the turns that came up."""
        self._width = 2 * len(self.turns.lists)
        for fold in self._folds:
            fold.widen(self._width)

    def _remember_less(self) -> None:
        """Halve what has grown too large."""
        halved = [fold.halves() if fold in self._grown else [fold] for fold in self._folds]
        self._grown.clear()
        self._folds = [fold for folds in halved for fold in folds]
        self._starts = {}


def _timed(place: int, rule: Automaton, told: Sequence[tuple[float, str]], possible: bool) -> int:
    state, total, seconds = rule.start, 0, rule.seconds or 0.0
    for at, act in told:
        what = rule.meaning.get(act)
        if what is None:
            continue
        if state:
            state, late = too_late(state, seconds, at, float)
            total += packed(place, late)
        state, rulings = rule.step(state, what, at, possible)
        total += packed(place, rulings)
    return total + packed(place, rule.finish(state, possible))


def _owed(principle: Principle, name: str, script: Script) -> tuple[bool, bool]:
    """Whether a principle is owed: in timed play, and in untimed play."""
    return owed(principle, name, script, untimed=False), owed(principle, name, script, untimed=True)


def _of_stations(rule: Automaton) -> bool:
    """Whether only stations wait for an answer: these close by themselves after a pause."""
    return all(act == "station" for act, what in rule.meaning.items() if what & A)


def _share(kept: int, broken: int, marks: tuple[Fraction, ...]) -> Fraction | None:
    """What share was kept; None where there was no opportunity."""
    count = kept + broken + len(marks)
    return (kept + sum(marks, Fraction(0))) / count if count else None


def _in_pairs(figures: Iterable[int]) -> list[tuple[int, int]]:
    each = iter(figures)
    return list(zip(each, each, strict=True))


def _sum(whole: int, parts: Sequence[Fraction]) -> Fraction:
    """A whole number and fractions, added up over one denominator."""
    denominator = prod(part.denominator for part in parts)
    return Fraction(whole * denominator + sum(part.numerator * (denominator // part.denominator) for part in parts), denominator)
