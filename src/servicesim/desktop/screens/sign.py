"""Small signs that stand beside texts, and the customer's face."""

from __future__ import annotations

import math
from typing import ClassVar

from pygame import Rect

from servicesim.desktop.access import Role
from servicesim.desktop.button import draw_key, key_width
from servicesim.desktop.canvas import Canvas
from servicesim.desktop.faces import Faces, Mood, mood_of
from servicesim.desktop.icons import IconName
from servicesim.desktop.look import Look
from servicesim.desktop.meter import Meter
from servicesim.desktop.theme import Tone
from servicesim.desktop.widget import Widget
from servicesim.encounter.situation import Feelings


class Sign(Widget):
    """An icon in a colour of the palette; what it means stands in the text beside it."""

    role: ClassVar[Role] = "image"

    def __init__(self, icon: IconName, ink: str = "ink_soft", *, side: float = 22, shown: bool = True) -> None:
        super().__init__(width=side, height=side, shown=shown)
        self.icon, self.ink, self.side = icon, ink, side

    def measure(self, look: Look, width: int) -> tuple[int, int]:
        return width, look.px(self.side)

    def draw(self, canvas: Canvas) -> None:
        side = min(self.rect.w, self.rect.h)
        square = Rect(0, 0, side, side)
        square.center = self.rect.center
        canvas.icon(self.icon, square, getattr(canvas.look.colours, self.ink))


class KeyCap(Widget):
    """The sign of a key, as it stands on buttons."""

    role: ClassVar[Role] = "label"

    def __init__(self, hint: str) -> None:
        super().__init__(name=hint)

    def measure(self, look: Look, width: int) -> tuple[int, int]:
        return key_width(look, self.name), look.px(24)

    def draw(self, canvas: Canvas) -> None:
        draw_key(canvas, self.name, self.rect, canvas.look.colours.ink_soft)


class MarkedMeter(Meter):
    """A meter with a line where the mark lies."""

    def __init__(self, title: str, share: float, words: str, *, mark: float, tone: Tone) -> None:
        super().__init__(title, share, words, tone=tone)
        self.mark = mark

    def draw(self, canvas: Canvas) -> None:
        super().draw(canvas)
        look = canvas.look
        at = round(self.rect.w * self.mark)
        x = self.rect.right - at if look.rtl else self.rect.x + at
        wide, high = look.px(3), look.px(18)
        canvas.rule(Rect(x - wide // 2, self.rect.bottom - look.px(14), wide, high), look.colours.ink)


class Portrait(Widget):
    """A customer's face that stands still."""

    role: ClassVar[Role] = "image"

    def __init__(self, faces: Faces, portrait: str, mood: Mood, *, name: str, width: float, height: float | None = None, radius: float = 14) -> None:
        super().__init__(name=name, width=width, height=height or width * 1.1)
        self.faces, self.portrait, self.mood, self.radius = faces, portrait, mood, radius

    def measure(self, look: Look, width: int) -> tuple[int, int]:
        return width, look.px(self.height or 0)

    def draw(self, canvas: Canvas) -> None:
        picture = self.faces.surface(self.portrait, self.mood, self.rect.size, canvas.look.px(self.radius))
        canvas.picture(picture, self.rect, self.name)


_TALKING = (0.0, 0.6, 0.2, 0.8, 0.4, 0.8, 0.2, 0.6)  # how far the mouth opens, one after the other
_SYLLABLE = 0.11  # seconds
_BLINK_EVERY, _BLINK = 4.1, 0.14  # seconds
_EASE = 0.7  # seconds until most of a change of mood is done


class Face(Portrait):
    """The customer, alive: the mood changes gently, the mouth moves while there is speech, the eyes blink."""

    def __init__(self, faces: Faces, portrait: str, feelings: Feelings, *, name: str, width: float, height: float) -> None:
        self._now = mood_of(feelings.anger, feelings.trust, feelings.satisfaction)
        super().__init__(faces, portrait, self._now, name=name, width=width, height=height, radius=18)
        self._aim = self._now
        self._before: float | None = None

    def live(self, now: float, feelings: Feelings, *, talking: bool) -> bool:
        """How it looks at this time; True if that is another picture than before."""
        aim = self._aim = mood_of(feelings.anger, feelings.trust, feelings.satisfaction)
        # After a long rest the change begins now, and gently.
        passed = min(0.2, now - self._before) if self._before is not None else 0.0
        self._before = now
        share = 1 - math.exp(-passed / (_EASE / 2))
        self._now = Mood(_nearer(self._now.valence, aim.valence, share), _nearer(self._now.arousal, aim.arousal, share))
        mouth = _TALKING[int(now / _SYLLABLE) % len(_TALKING)] if talking else 0.0
        blink = 1.0 if now % _BLINK_EVERY < _BLINK and not mouth else 0.0
        shown = Mood(self._now.valence, self._now.arousal, talk=mouth, blink=blink).rounded()
        changed = shown != self.mood
        self.mood = shown
        return changed

    def blinks_in(self, now: float) -> float:
        """Seconds until the eyes close, or open again."""
        place = now % _BLINK_EVERY
        return _BLINK - place if place < _BLINK else _BLINK_EVERY - place

    @property
    def settled(self) -> bool:
        """Whether only blinking moves it."""
        return (self._now.valence, self._now.arousal) == (self._aim.valence, self._aim.arousal)


def _nearer(here: float, there: float, share: float) -> float:
    return there if abs(there - here) < 0.02 else here + (there - here) * share


def looks(feelings: Feelings) -> str:
    """The key of the words for how a face looks: never a number."""
    mood = mood_of(feelings.anger, feelings.trust, feelings.satisfaction)
    if mood.valence >= 0.2:
        return "face-pleased"
    if mood.valence > -0.25:
        return "face-calm"
    return "face-angry" if mood.anger > mood.sorrow else "face-sad"
