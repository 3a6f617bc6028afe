"""The customer's face, alive."""

from __future__ import annotations

import math

from pygame import Rect

from servicesim.desktop import living
from servicesim.desktop.canvas import Canvas
from servicesim.desktop.faces import Faces, Mood, mood_of, moved_part
from servicesim.desktop.living import CLOSED, Mouth
from servicesim.desktop.look import Look
from servicesim.desktop.places import Place
from servicesim.desktop.screens.sign import Portrait
from servicesim.encounter.situation import Feelings

_SMALL = 120  # design units of height below which no breath would show
_EASE = 0.7  # seconds until most of a change of mood is done


class Face(Portrait):
    """The mood changes gently, the mouth follows the words, the eyes blink; with `still`, only the mood changes."""

    def __init__(
        self, faces: Faces, portrait: str, feelings: Feelings, *, name: str, width: float, height: float, radius: float = 18,
        place: Place | None = None, still: bool = False,
    ) -> None:  # fmt: skip
        self._now = mood_of(feelings.anger, feelings.trust, feelings.satisfaction)
        super().__init__(faces, portrait, self._now, name=name, width=width, height=height, radius=radius)
        self.place_behind, self.still = place, still
        self._small = height < _SMALL
        self._aim = self._now
        self._before: float | None = None
        self._told: tuple[Mood, Rect] | None = None  # what was shown when it was last asked which part has changed

    def live(self, now: float, feelings: Feelings, *, mouth: Mouth = CLOSED, speaking: bool = False, breath: float | None = None, startle: float = 0.0) -> bool:
        """How it looks at this time; True if that is another picture than before. `breath` of None is the breath at rest."""
        self._aim = mood_of(feelings.anger, feelings.trust, feelings.satisfaction)
        # After a long rest the change begins now, and gently.
        passed = min(0.2, now - self._before) if self._before is not None else 0.0
        self._before = now
        share = 1 - math.exp(-passed / (_EASE / 2))
        self._now = Mood(_nearer(self._now.valence, self._aim.valence, share), _nearer(self._now.arousal, self._aim.arousal, share))
        shown = self._now.rounded() if self.still else self._moved(now, mouth, speaking, breath, startle).rounded()
        changed, self.mood = shown != self.mood, shown
        return changed

    def _moved(self, now: float, mouth: Mouth, speaking: bool, breath: float | None, startle: float) -> Mood:
        wide_open = startle > 0.2
        blink = 0.0 if wide_open else living.blink_at(now)
        gaze = (0.0, 0.0) if wide_open else living.gaze_at(now, self._now, speaking=speaking)
        drawn = 0.0 if self._small else living.breath_at(now) if breath is None else breath
        feeling = self._now
        return Mood(feeling.valence, feeling.arousal, mouth.open, blink, gaze, drawn, mouth.round, startle)

    def changes_in(self, now: float) -> float:
        """Seconds until it looks different by itself."""
        return 60.0 if self.still else living.next_change(now, blinks_only=self._small)

    @property
    def settled(self) -> bool:
        """Whether the feeling that is shown is the one that is felt."""
        return (self._now.valence, self._now.arousal) == (self._aim.valence, self._aim.arousal)

    def changed_part(self, look: Look) -> Rect:
        before, self._told = self._told, (self.mood, self.rect.copy())
        if before is None or before[1] != self.rect:
            return self.rect
        return moved_part(self.portrait, before[0], self.mood, self.framing(look)).move(self.rect.topleft)

    def draw(self, canvas: Canvas) -> None:
        still, *lively = self.faces.pieces(self.portrait, self.mood, self.framing(canvas.look))
        canvas.picture(still.picture, self.rect, self.name)
        for piece in lively:
            canvas.overlay(piece.picture, (self.rect.x + piece.at[0], self.rect.y + piece.at[1]))


def _nearer(here: float, there: float, share: float) -> float:
    return there if abs(there - here) < 0.02 else here + (there - here) * share
