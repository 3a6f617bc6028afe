"""Small signs that stand beside texts, and a customer's portrait."""

from __future__ import annotations

from typing import TYPE_CHECKING, ClassVar

from pygame import Rect

from servicesim.desktop.access import Role
from servicesim.desktop.button import draw_key, key_height, key_width
from servicesim.desktop.canvas import Canvas
from servicesim.desktop.faces import Faces, Framing, Mood, mood_of
from servicesim.desktop.icons import IconName
from servicesim.desktop.look import Look
from servicesim.desktop.meter import Meter
from servicesim.desktop.places import Place
from servicesim.desktop.theme import Tone
from servicesim.desktop.widget import Widget

if TYPE_CHECKING:
    from servicesim.encounter.situation import Feelings


class Sign(Widget):
    """An icon in a colour of the palette; what it means stands in the text beside it."""

    role: ClassVar[Role] = "image"

    def __init__(self, icon: IconName, ink: str = "ink_soft", *, side: float = 22, shown: bool = True) -> None:
        super().__init__(width=side, height=side, shown=shown)
        self.icon, self.ink, self.side = icon, ink, side

    def measure(self, look: Look, width: int) -> tuple[int, int]:
        return width, look.em(self.side)

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
        return self.needs(look), key_height(look)

    def needs(self, look: Look) -> int:
        return key_width(look, self.name)

    def draw(self, canvas: Canvas) -> None:
        draw_key(canvas, self.name, self.rect, canvas.look.colours.ink_soft)


class MarkedMeter(Meter):
    """A meter with a line where the mark lies."""

    bleeds: ClassVar[bool] = True  # the line is longer than the bar is high

    def __init__(self, title: str, share: float, words: str, *, mark: float, tone: Tone, grow: float = 0) -> None:
        super().__init__(title, share, words, tone=tone, grow=grow)
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
    holds_text: ClassVar[bool] = False
    bleeds: ClassVar[bool] = False
    place_behind: Place | None = None

    def __init__(self, faces: Faces, portrait: str, mood: Mood, *, name: str, width: float, height: float | None = None, radius: float = 14) -> None:
        super().__init__(name=name, width=width, height=height or width * 1.1)
        self.faces, self.portrait, self.mood, self.radius = faces, portrait, mood, radius

    def measure(self, look: Look, width: int) -> tuple[int, int]:
        return width, look.px(self.height or 0)

    def framing(self, look: Look) -> Framing:
        """How it is drawn at its place."""
        return Framing(self.rect.size, look.px(self.radius), self.place_behind, look.light)

    def draw(self, canvas: Canvas) -> None:
        picture = self.faces.surface(self.portrait, self.mood, self.framing(canvas.look))
        canvas.picture(picture, self.rect, self.name)


def looks(feelings: Feelings) -> str:
    """The key of the words for how a face looks: never a number."""
    mood = mood_of(feelings.anger, feelings.trust, feelings.satisfaction)
    if mood.valence >= 0.2:
        return "face-pleased"
    if mood.valence > -0.25:
        return "face-calm"
    return "face-angry" if mood.anger > mood.sorrow else "face-sad"
