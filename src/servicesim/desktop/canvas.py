"""What widgets draw on: a surface in pixels that writes down everything it is given."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from functools import lru_cache

from pygame import Rect, Surface

from servicesim.desktop import icons
from servicesim.desktop.frame import Drawn, Frame, Kind
from servicesim.desktop.icons import IconName
from servicesim.desktop.look import Look
from servicesim.desktop.panels import Elevation, draw_panel
from servicesim.desktop.paragraph import Paragraph
from servicesim.desktop.theme import Colour, contrast

_REACH = 30  # design units by which shadow and ring stand out at the most


class Canvas:
    """A surface, the look to draw with, and the record of what was drawn."""

    def __init__(self, surface: Surface, look: Look, frame: Frame | None = None, layer: int = 0) -> None:
        self.surface, self.look, self.layer = surface, look, layer
        self.frame = frame  # None: nothing is written down
        self._scrolled = self._muted = False
        self._reach = 2 * look.px(_REACH)

    def fill(self, colour: Colour) -> None:
        """Paint everything in one colour."""
        self.surface.fill(colour.rgb)

    def panel(
        self,
        rect: Rect,
        *,
        fill: Colour | None,
        border: Colour | None = None,
        width: float = 1,
        radius: float = 0,
        elevation: Elevation = 0,
    ) -> None:
        """A rounded rectangle; radius and width of the border in design units."""
        if not (self.reaches(rect) if elevation else self._can_be_seen(rect)):
            return
        look = self.look
        if self._muted:
            fill, border = fill and look.colours.sunk, border and look.colours.hairline
        shape = {"width": look.px(width), "radius": look.px(radius), "elevation": elevation}
        draw_panel(self.surface, rect, fill=fill, border=border, scale=look.scale, shadow=look.colours.shadow, **shape)
        self._write("panel", rect, ink=border, ground=fill)

    def ring(self, rect: Rect, radius: float) -> None:
        """The ring around what has the focus: two lines, so that it shows on every ground."""
        look, near, far = self.look, self.look.px(2), self.look.px(5)
        around, outer = rect.inflate(2 * near, 2 * near), rect.inflate(2 * far, 2 * far)
        band, gap = look.px(3), look.px(2)
        draw_panel(
            self.surface, around, fill=None, border=look.colours.surface, width=gap, radius=look.px(radius) + near
        )
        draw_panel(self.surface, outer, fill=None, border=look.colours.focus, width=band, radius=look.px(radius) + far)
        self._write("ring", outer, ink=look.colours.focus)

    def text(
        self,
        paragraph: Paragraph,
        xy: tuple[int, int],
        ink: Colour,
        *,
        box: Rect | None = None,
        upto: int | None = None,
    ) -> None:
        """A paragraph with its upper left corner at `xy`; `box` is the room that it must stay inside of."""
        rect = extent(paragraph).move(xy)
        if not self._can_be_seen(rect):
            return
        ink = self.look.colours.ink_disabled if self._muted else ink
        ground = self._ground(rect, ink)
        paragraph.draw(self.surface, xy, ink.rgb, upto=upto)
        if self.frame:
            torn = _is_torn(paragraph)
            self._write("text", rect, text=paragraph.text, ink=ink, ground=ground, box=box, torn=torn)

    def icon(self, name: IconName, rect: Rect, ink: Colour) -> None:
        """An icon that fills a square."""
        ink = self.look.colours.ink_disabled if self._muted else ink
        if self._can_be_seen(rect):
            ground = self._ground(rect.inflate(-rect.w // 2, -rect.h // 2), ink)  # strokes leave the corners free
            self.surface.blit(icons.icon(name, rect.h, ink, self.look.rtl), rect)
            self._write("icon", rect, text=name, ink=ink, ground=ground)

    def picture(self, picture: Surface, rect: Rect, name: str = "") -> None:
        """A ready picture, at its own size, in the middle of a rectangle."""
        if self._can_be_seen(rect):
            self.surface.blit(picture, picture.get_rect(center=rect.center))
            self._write("picture", rect, text=name)

    def overlay(self, picture: Surface, at: tuple[int, int]) -> None:
        """A part of the picture that was drawn last, laid over it."""
        self.surface.blit(picture, at)

    def rule(self, rect: Rect, colour: Colour) -> None:
        """A plain filled rectangle: a line, a track."""
        self.surface.fill(colour.rgb, rect)

    def veil(self) -> None:
        """Dim everything drawn so far, and draw what follows on a layer above it."""
        self.surface.blit(_veil(self.surface.get_size(), self.look.colours.veil), (0, 0))
        self.layer += 1

    @contextmanager
    def clipped(self, rect: Rect, *, scrolled: bool = False) -> Iterator[None]:
        """Show nothing outside of a rectangle."""
        before, scrolls = self.surface.get_clip(), self._scrolled
        self.surface.set_clip(before.clip(rect))
        self._scrolled = scrolls or scrolled
        yield
        self.surface.set_clip(before)
        self._scrolled = scrolls

    @contextmanager
    def muted(self) -> Iterator[None]:
        """Draw what is inside of something disabled."""
        before, self._muted = self._muted, True
        yield
        self._muted = before

    def reaches(self, rect: Rect) -> bool:
        """Whether what stands here can be seen, with its shadow and the ring around it."""
        return self._can_be_seen(rect.inflate(self._reach, self._reach))

    def _can_be_seen(self, rect: Rect) -> bool:
        return bool(self.surface.get_clip().colliderect(rect))

    def _ground(self, rect: Rect, ink: Colour) -> Colour | None:
        """Of nine points below a rectangle the colour that the ink stands out from least."""
        seen = rect.clip(self.surface.get_clip())
        if not self.frame or seen.w < 2 or seen.h < 2:
            return None
        across = (seen.left + 1, seen.centerx, seen.right - 2)
        down = (seen.top + 1, seen.centery, seen.bottom - 2)
        grounds = {self.surface.get_at_mapped((x, y)) for x in across for y in down}
        colours = [Colour(f"#{ground & 0xFFFFFF:06X}") for ground in grounds]
        return colours[0] if len(colours) == 1 else min(colours, key=lambda ground: contrast(ink, ground))

    def _write(
        self,
        kind: Kind,
        rect: Rect,
        *,
        text: str = "",
        ink: Colour | None = None,
        ground: Colour | None = None,
        box: Rect | None = None,
        torn: bool = False,
    ) -> None:
        if not self.frame:
            return
        clip = self.surface.get_clip()
        self.frame.drawn.append(
            Drawn(kind, rect.copy(), text, ink, ground, box and box.copy(), clip, self.layer, self._scrolled, torn)
        )


def _is_torn(paragraph: Paragraph) -> bool:
    """Whether a line ends inside of a word."""
    text = paragraph.text
    edges = [line.end for line in paragraph.lines[:-1] if 0 < line.end < len(text)]
    return any(text[edge - 1].isalnum() and text[edge].isalnum() for edge in edges)


@lru_cache(maxsize=2)
def _veil(size: tuple[int, int], colour: Colour) -> Surface:
    veil = Surface(size)
    veil.fill(colour.rgb)
    veil.set_alpha(150)
    return veil


def extent(paragraph: Paragraph) -> Rect:
    """What the lines of a paragraph cover, from its upper left corner."""
    left = min((line.x for line in paragraph.lines), default=0)
    right = max((line.x + line.width for line in paragraph.lines), default=0)
    return Rect(left, 0, right - left, paragraph.height)
