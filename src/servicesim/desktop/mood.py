"""How a customer feels, as far as a face can show it."""

from __future__ import annotations

from dataclasses import dataclass

from servicesim.desktop.sketch import ramp


@dataclass(frozen=True, slots=True)
class Mood:
    """What a face shows; every part may change continuously."""

    valence: float = 0.0  # -1 bad .. 1 good
    arousal: float = 0.3  # 0 tired .. 1 stirred up
    talk: float = 0.0  # how far the mouth is open in speaking, 0..1
    blink: float = 0.0  # 0 eyes open .. 1 closed
    gaze: tuple[float, float] = (0.0, 0.0)  # -1..1 to the right, -1..1 down
    breath: float = 0.0  # 0 breathed out .. 1 in
    rounded_lips: float = 0.0  # 0 wide, as in "see" .. 1 round, as in "who"
    startle: float = 0.0  # 0 at ease .. 1 cut off in mid-word

    @property
    def joy(self) -> float:
        return max(0.0, self.valence)

    @property
    def anger(self) -> float:
        return max(0.0, -self.valence) * ramp(self.arousal, 0.35, 0.75)

    @property
    def sorrow(self) -> float:
        return max(0.0, -self.valence) * (1 - ramp(self.arousal, 0.35, 0.75))

    @property
    def delight(self) -> float:
        return self.joy * ramp(self.arousal, 0.45, 0.9)

    @property
    def at_rest(self) -> Mood:
        """The same feeling in a face that neither speaks, looks aside, blinks nor breathes."""
        return Mood(self.valence, self.arousal, startle=self.startle)

    def rounded(self) -> Mood:
        """The nearest mood of those that are drawn; near ones share a picture."""
        right, down = self.gaze
        return Mood(
            _near(self.valence, 0.1, -1),
            _near(self.arousal, 0.1),
            _near(self.talk, 0.2),
            _near(self.blink, 0.5),
            (_near(right, 0.5, -1), _near(down, 0.5, -1)),
            _near(self.breath, 0.25),
            _near(self.rounded_lips, 0.5) if self.talk >= 0.1 else 0.0,
            _near(self.startle, 0.5),
        )


def mood_of(anger: int, trust: int, satisfaction: int) -> Mood:
    """What the face shows of anger and trust (0-5) and satisfaction (-100..100)."""
    pleased = max(-1.0, min(1.0, satisfaction / 40))
    valence = 0.6 * pleased + 0.08 * (trust - 2) - 0.17 * anger
    valence = max(-1.0, min(1.0, valence))
    return Mood(valence=valence, arousal=min(1.0, 0.3 + 0.14 * anger + 0.6 * max(0.0, valence)))


#: What the face shows when it is over, and the outcome is told.
AT_THE_END = {
    "dissatisfied": Mood(valence=-0.8, arousal=0.5),
    "satisfied": Mood(valence=0.45, arousal=0.35),
    "delighted": Mood(valence=0.9, arousal=0.6),
}
SOBER = Mood(valence=-0.25, arousal=0.3)  # somebody who got what they wanted, and leaves all the same


def _near(value: float, step: float, low: float = 0.0) -> float:
    return round(round(max(low, min(1.0, value)) / step) * step, 3)
