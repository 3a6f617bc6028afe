"""What was proved about a scenario: plain records, read by checks, graph, debrief and reports."""

from __future__ import annotations

from dataclasses import dataclass
from fractions import Fraction

from servicesim.scenario.model import Remembered


@dataclass(frozen=True, slots=True)
class Extreme:
    """The best or the worst that any play reaches: conduct 0-100, or one principle's score 0-1."""

    value: Fraction  # what the path reaches when it is played
    bound: Fraction  # nothing goes beyond it
    path: tuple[str, ...]  # the moves, as `simulate --play` takes them
    remembered: Remembered = ()  # what the customer remembers when that play begins, as `simulate --with` takes it

    @property
    def exact(self) -> bool:
        """Whether the path reaches what nothing goes beyond."""
        return self.value == self.bound


@dataclass(frozen=True, slots=True)
class Span:
    """What can become of one principle; without best and worst where no play exercises it."""

    best: Extreme | None
    worst: Extreme | None
    kept: bool  # some play keeps it at least once
    broken: bool  # some play breaks it at least once
    owed: bool  # it scores 0 where a play avoids it


@dataclass(frozen=True, slots=True)
class Chance:
    """What uniformly random replies come to, with perfect listening: proven ranges, of width 0 where exact."""

    conduct: tuple[Fraction, Fraction]  # expected, 0-100
    passing: tuple[Fraction, Fraction]  # probability, 0-1


@dataclass(frozen=True, slots=True)
class Played:
    """What a way of choosing replies without thinking comes to, with perfect listening."""

    conduct: Fraction
    passed: bool
    path: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Misordered:
    """A reply whose acts stand in an order that breaks a principle, and an order that would not."""

    scene: str
    reply: str
    principle: str
    better: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Reach:
    """What the plays of a scenario can come to."""

    best: Extreme
    worst: Extreme
    passing: Extreme | None  # the best conduct of a play that ends well; None: no play does, or, with `passable` None, none is known
    principles: dict[str, Span]
    scenes: frozenset[str]
    lines: frozenset[tuple[str, int]]
    replies: frozenset[tuple[str, str]]
    withheld: frozenset[tuple[str, str]]  # replies that their condition keeps back in some play
    misordered: tuple[Misordered, ...]
    endings: dict[str, bool]
    passable: bool | None  # None: not known within the budget
    failable: bool | None
    random: Chance
    complete: bool  # every situation was looked at: what is not named above is never reached

    @property
    def exact(self) -> bool:
        """Whether everything was proved, and nothing is only bounded."""
        spans = [end for span in self.principles.values() for end in (span.best, span.worst) if end is not None]
        ranges = (self.random.conduct, self.random.passing)
        return self.complete and all(end.exact for end in (self.best, self.worst, *spans)) and all(low == high for low, high in ranges)
