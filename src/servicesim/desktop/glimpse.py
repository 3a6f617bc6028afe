"""What stands on the screen of a conversation at one time: worked out from what has happened, whether it is played or played back."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from servicesim.desktop.retold import Turn, turns
from servicesim.encounter.events import Event
from servicesim.encounter.script import Script
from servicesim.encounter.situation import Feelings, Phase, Situation, opening


@dataclass(frozen=True, slots=True)
class Glimpse:
    """One look at a conversation, `at` seconds after it began."""

    script: Script
    situation: Situation
    at: float
    turns: tuple[Turn, ...] = ()
    felt: Feelings | None = None  # what the organisation's server said of it last: its editions tell no more of feelings than they must

    @property
    def feelings(self) -> Feelings:
        """How the customer feels, as far as that is known here."""
        return self.felt or self.situation.feelings

    @property
    def lasted(self) -> float:
        """Seconds for which things have been as they are."""
        return self.at - self.situation.since

    @property
    def live(self) -> int:
        """The place of the turn that is being spoken, or was spoken last; -1 before the first."""
        return next((place for place in range(len(self.turns) - 1, -1, -1) if self.turns[place].who == "customer"), -1)

    @property
    def heard(self) -> tuple[int, float]:
        """How much of what is being said can be heard: the segment, and which part of it (0-1)."""
        protests = self.situation.phase is Phase.PROTESTING
        return (0, self.protested) if protests else heard(self.situation, self.at)

    @property
    def protested(self) -> float:
        """Which part of a protest has been said."""
        situation = self.situation
        lasts = situation.stage.protest_seconds / situation.pace
        return 1.0 if situation.untimed else min(1.0, self.lasted / lasts)

    @property
    def upto(self) -> int | None:
        """How many characters of the live turn have been said; None when all of it stands there."""
        spoken = self.situation.phase in (Phase.SPEAKING, Phase.PAUSING, Phase.PROTESTING)
        return self.turns[self.live].upto(*self.heard) if spoken and self.live >= 0 else None

    @property
    def speaking(self) -> bool:
        """Whether words are being said, or typed, just now."""
        situation = self.situation
        if situation.phase is Phase.PROTESTING:
            return self.protested < 1
        timed = situation.phase is Phase.SPEAKING and not (situation.untimed or self.script.written)
        return timed and self.heard[1] < 1

    @property
    def pausing(self) -> float | None:
        """Seconds for which the customer has paused at a station, if they do."""
        return self.lasted if self.situation.phase is Phase.PAUSING else None

    @property
    def since_cut(self) -> float | None:
        """Seconds since the customer was cut off last."""
        cut = next((turn for turn in reversed(self.turns) if turn.kind == "cut-in"), None)
        return None if cut is None or self.situation.ended else self.at - cut.at


def glimpse(script: Script, events: Sequence[Event], at: float, trainee: str) -> Glimpse:
    """The look at a conversation in which these events have happened, and nothing since."""
    situation = situation_after(script, events)
    return Glimpse(script, situation, at, tuple(told(script, events, situation, trainee)))


def situation_after(script: Script, events: Sequence[Event]) -> Situation:
    """Where these events lead, without asking whether they could happen."""
    situation = opening(script)
    for event in events:
        situation = situation.after(event)
    return situation


def told(script: Script, events: Sequence[Event], situation: Situation, trainee: str) -> list[Turn]:
    """The turns that stand in the log while the situation is this one."""
    all_turns = turns(script, events, trainee)
    if situation.phase is Phase.PROTESTING:
        all_turns.pop()  # what is said again comes after the protest
    return all_turns


def heard(situation: Situation, at: float) -> tuple[int, float]:
    """How much of the speech can be heard: the segment, and which part of it (0-1)."""
    speech = situation.speech
    if speech is None:
        return 0, 0.0
    if situation.phase is not Phase.SPEAKING or situation.untimed or situation.script.written:
        return speech.segment, 1.0
    lasts = situation.spoken.seconds[speech.segment] / situation.pace
    return speech.segment, min(1.0, max(0.0, (at - situation.since) / lasts))


def patience_left(situation: Situation, at: float) -> float | None:
    """How much of the customer's patience is left (1-0); None where there is no clock for it."""
    if situation.phase is not Phase.WAITING or situation.untimed or situation.script.written:
        return None
    spent = (at - situation.since) / situation.stage.scene.patience
    return min(1.0, max(0.0, 1.0 - spent))
