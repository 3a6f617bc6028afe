"""A telephone rings, or a caller is on hold: for a moment nothing is said, and the encounter's clock stands."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

Kind = Literal["ring", "hold"]

LASTS: dict[Kind, float] = {"ring": 1.7, "hold": 2.6}  # seconds, unless somebody is quicker


@dataclass(frozen=True, slots=True)
class Interlude:
    """It ends by itself, by the stage's clock, or when the receiver is taken up."""

    kind: Kind
    until: float

    @classmethod
    def begun(cls, kind: Kind, now: float) -> Interlude:
        """One that begins now."""
        return cls(kind, now + LASTS[kind])
