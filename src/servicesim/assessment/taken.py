"""An attempt as a programme asks of it: when, how well, and what was promised in it."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from fractions import Fraction


@dataclass(frozen=True, slots=True, kw_only=True)
class Promised:
    """That a reply promised to call in another encounter, within so many days."""

    encounter: str
    within: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Taken:
    """One attempt of one trainee, by the version of the encounter that was played; days are those of the trainee's clock."""

    id: str
    encounter: str
    moment: int  # when it began, in UTC milliseconds: attempts come in this order
    began: date
    counts: bool  # neither practice, unless the encounter is unscored, nor set aside by a review
    ended: date | None = None
    conduct: Fraction = Fraction(0)
    ended_well: bool = False
    unscored: bool = False
    promised: tuple[Promised, ...] = ()

    def reaches(self, mark: int) -> bool:
        """Whether it is good enough for a step that asks for this conduct; a warm-up is when it has ended."""
        if self.ended is None:
            return False
        return self.unscored or (self.ended_well and self.conduct >= mark)
