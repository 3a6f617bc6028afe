"""The customer's face, alive."""

from __future__ import annotations

import math
from collections.abc import Iterator
from dataclasses import replace

from pygame import Rect

from servicesim.desktop import living
from servicesim.desktop.canvas import Canvas
from servicesim.desktop.faces import Faces, Framing, Mood, mood_of, moved_part
from servicesim.desktop.living import CLOSED, Mouth
from servicesim.desktop.look import Look
from servicesim.desktop.places import Place
from servicesim.desktop.screens.sign import Portrait
from servicesim.encounter.situation import Feelings

_SMALL = 120  # design units of height below which no breath would show
_EASE = 0.7  # seconds until most of a change of mood is done
_ON_THE_WAY = 48  # moods that are looked at from one feeling to the next; near ones are the same picture


class Face(Portrait):
    """The mood changes gently, the mouth follows the words, the eyes blink; with `still`, only the mood changes."""

    def __init__(
        self, faces: Faces, portrait: str, feelings: Feelings, *, name: str, width: float, height: float, radius: float = 18,
        place: Place | None = None, still: bool = False,
    ) -> None:  # fmt: skip
        self._now = mood_of(feelings.anger, feelings.trust, feelings.satisfaction)
        super().__init__(faces, portrait, self._now.rounded(), name=name, width=width, height=height, radius=radius)
        self.place_behind, self.still = place, still
        self._small = height < _SMALL
        self._aim = self._now
        self._before: float | None = None
        self._told: tuple[Mood, Rect] | None = None  # what was shown when it was last asked which part has changed
        self._framing: Framing | None = None  # how it was drawn last
        self._late = False  # the picture that should be shown is not drawn yet
        self._wanted: tuple[Mood | None, tuple[Mood, ...]] = (None, ())  # what it may soon look like, feeling this
        self._ahead: tuple[Mood, Framing] | None = None  # for what all of that is drawn

    def live(self, now: float, feelings: Feelings, *, mouth: Mouth = CLOSED, speaking: bool = False, breath: float | None = None, startle: float = 0.0) -> bool:
        """How it looks at this time; True if that is another picture than before. `breath` of None is the breath at rest."""
        self._aim = mood_of(feelings.anger, feelings.trust, feelings.satisfaction)
        # After a long rest the change begins now, and gently.
        passed = min(0.2, now - self._before) if self._before is not None else 0.0
        self._before = now
        share = 1 - math.exp(-passed / (_EASE / 2))
        self._now = Mood(_nearer(self._now.valence, self._aim.valence, share), _nearer(self._now.arousal, self._aim.arousal, share))
        shown = self._now.rounded() if self.still else self._moved(now, mouth, speaking, breath, startle).rounded()
        before, self.mood = self.mood, self._in_time(shown)
        return before != self.mood

    def _in_time(self, mood: Mood) -> Mood:
        """This mood, or the one that is shown while something of this one has still to be drawn: nothing waits for a picture."""
        drawn = mood == self.mood or not self.faces.in_time or self._framing is None or self.faces.ahead(self.portrait, (mood,), self._framing)
        self._late = not drawn
        return mood if drawn else self.mood

    def ahead(self, look: Look) -> bool:
        """Draw a little of what it will soon look like; True when nothing is left to draw."""
        framing = self._framing or self._coming(look)
        if self._ahead == (self._aim, framing):
            return True
        if self._wanted[0] != self._aim:
            self._wanted = (self._aim, tuple(dict.fromkeys(mood.rounded() for mood in self._soon())))
        if not self.faces.ahead(self.portrait, self._wanted[1], framing):
            return False
        self._ahead = (self._aim, framing)
        return True

    def _coming(self, look: Look) -> Framing:
        """How it will be drawn once it has its place."""
        return Framing((look.px(self.width or 0), look.px(self.height or 0)), look.px(self.radius), self.place_behind, look.light)

    def _soon(self) -> Iterator[Mood]:
        """The moods on the way to the one that is felt; then what moves in it: mouth, eyes, breath, fright."""
        for step in range(1, _ON_THE_WAY + 1):
            share = step / _ON_THE_WAY
            yield Mood(_between(self._now.valence, self._aim.valence, share), _between(self._now.arousal, self._aim.arousal, share))
        if not self.still:
            yield from (replace(self._aim, talk=mouth.open, rounded_lips=mouth.round) for mouth in living.mouths())
            yield from (replace(self._aim, blink=blink, gaze=gaze) for blink, gaze in living.EYES)
            yield from (replace(self._aim, breath=step / 4) for step in range(0 if self._small else 5))
            yield from (replace(self._aim, startle=startle) for startle in (1.0, 0.5))

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
        return not self._late and (self._now.valence, self._now.arousal) == (self._aim.valence, self._aim.arousal)

    def changed_part(self, look: Look) -> Rect:
        before, self._told = self._told, (self.mood, self.rect.copy())
        if before is None or before[1] != self.rect or not self.rect:  # a face that is not shown has no size
            return self.rect
        return moved_part(self.portrait, before[0], self.mood, self.framing(look)).move(self.rect.topleft)

    def draw(self, canvas: Canvas) -> None:
        self._framing = self.framing(canvas.look)
        still, *lively = self.faces.pieces(self.portrait, self.mood, self._framing)
        canvas.picture(still.picture, self.rect, self.name)
        for piece in lively:
            canvas.overlay(piece.picture, (self.rect.x + piece.at[0], self.rect.y + piece.at[1]))


def _nearer(here: float, there: float, share: float) -> float:
    return there if abs(there - here) < 0.02 else _between(here, there, share)


def _between(here: float, there: float, share: float) -> float:
    return here + (there - here) * share
