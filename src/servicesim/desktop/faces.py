"""Customers' faces: drawn from a mood at any size, remembered, and drawn ahead while there is time.

>>> faces = Faces()
>>> surface.blit(faces.surface("leyla", mood_of(anger=4, trust=1, satisfaction=-30), Framing((360, 396))), (40, 40))

A picture is put together from layers, each drawn once for a feeling: a blink draws the eyes anew, a vowel the mouth,
and a breath nothing at all, for it only shifts shoulders and head.
"""

from __future__ import annotations

import io
from collections.abc import Callable, Iterable, Iterator
from functools import lru_cache

import pygame
from pygame import Rect, Surface

from servicesim.desktop.face_layers import Drawn, Framing, Layer, as_seen, draw_layer, face_svg
from servicesim.desktop.kept import Kept, bytes_of
from servicesim.desktop.mood import Mood, mood_of
from servicesim.desktop.portraits import PEOPLE, STAND_IN, portrait_of

__all__ = ["PEOPLE", "STAND_IN", "Faces", "Framing", "Mood", "face_svg", "mood_of"]

_BYTES_KEPT = 48 * 1024 * 1024
_LIVELY: tuple[Layer, ...] = ("eyes", "mouth")  # what moves with each glance and letter
_PARTS_AT_REST: tuple[Layer, ...] = ("ground", "behind", "body", "head")


class Faces:
    """The pictures drawn so far, the ones used last kept up to a number of bytes.

    With `in_time` nobody has to wait for a picture: what is shown lags behind until the new layers are drawn, one at a
    time. Without it every picture is there as soon as it is asked for, which tests and pictures want.
    """

    def __init__(self, bytes_kept: int = _BYTES_KEPT, *, in_time: bool = False) -> None:
        # Putting a picture together takes a millisecond, drawing a layer of it up to twenty: layers are worth more room.
        self._layers: Kept[Drawn] = Kept(bytes_kept * 2 // 3, _weight)
        self._still: Kept[Drawn] = Kept(bytes_kept // 3, _weight)
        self.in_time = in_time

    def surface(self, portrait: str, mood: Mood, framing: Framing) -> Surface:
        """The face of a person in a mood as one picture, exactly as large as framed; not to be changed."""
        name, mood = _known(portrait), mood.rounded()
        return self._still.get((name, mood, framing), lambda: Drawn(self._whole(name, mood, framing), (0, 0))).picture

    def pieces(self, portrait: str, mood: Mood, framing: Framing) -> tuple[Drawn, ...]:
        """What the picture of a rounded mood consists of, to be laid one over the other: all that is at rest, then what is lively."""
        name = _known(portrait)
        at_rest = self._still.get(_rest_key(name, mood, framing), lambda: Drawn(self._at_rest(name, mood, framing), (0, 0)))
        return (at_rest, *(self._raised(name, mood, framing, layer) for layer in _LIVELY))

    def ahead(self, portrait: str, moods: Iterable[Mood], framing: Framing) -> bool:
        """Draw one layer that one of these rounded moods still needs, for a moment of leisure; True when there is none left."""
        name = _known(portrait)
        for mood in moods:
            for draw in self._missing(name, mood, framing):
                draw()
                return False
        return True

    @property
    def bytes(self) -> int:
        """How much memory the pictures take that are kept."""
        return self._layers.bytes + self._still.bytes

    def _missing(self, name: str, mood: Mood, framing: Framing) -> Iterator[Callable[[], Drawn]]:
        """What has still to be drawn, a little at a time."""
        still = _rest_key(name, mood, framing) in self._still
        for layer in (*(() if still else _at_rest(framing)), *_LIVELY):
            if _layer_key(name, mood, framing, layer) not in self._layers:
                yield lambda layer=layer: self._layer(name, mood, framing, layer)  # type: ignore[misc]
        if not still:
            yield lambda: self.pieces(name, mood, framing)[0]

    def _whole(self, name: str, mood: Mood, framing: Framing) -> Surface:
        at_rest, *lively = self.pieces(name, mood, framing)
        picture = at_rest.picture.copy()
        for piece in lively:
            picture.blit(*piece)
        return picture

    def _at_rest(self, name: str, mood: Mood, framing: Framing) -> Surface:
        """All but eyes and mouth, at its place in this breath."""
        picture = self._layer(name, mood, framing, "ground").picture.copy()
        for layer in _at_rest(framing)[1:]:
            picture.blit(*self._raised(name, mood, framing, layer))
        return _rounded(picture, framing.radius) if framing.radius else picture

    def _raised(self, name: str, mood: Mood, framing: Framing, layer: Layer) -> Drawn:
        picture, (x, y) = self._layer(name, mood, framing, layer)
        return Drawn(picture, (x, y - framing.raised(layer, mood.breath)))

    def _layer(self, name: str, mood: Mood, framing: Framing, layer: Layer) -> Drawn:
        return self._layers.get(_layer_key(name, mood, framing, layer), lambda: draw_layer(portrait_of(name), as_seen(mood, layer), framing, layer))


def moved_part(portrait: str, before: Mood, mood: Mood, framing: Framing) -> Rect:
    """The part of the picture in which two rounded moods look different."""
    if _rest_key("", before, framing) != _rest_key("", mood, framing):
        return Rect((0, 0), framing.size)
    looks = portrait_of(portrait)
    parts = [framing.part(layer, looks).move(0, -framing.raised(layer, mood.breath)) for layer in _LIVELY if as_seen(before, layer) != as_seen(mood, layer)]
    return parts[0].unionall(parts[1:]) if parts else Rect(0, 0, 0, 0)


def _known(portrait: str) -> str:
    return portrait if portrait in PEOPLE else STAND_IN


def _at_rest(framing: Framing) -> tuple[Layer, ...]:
    """The layers that neither glance nor speak, from behind."""
    return _PARTS_AT_REST if framing.place is None else (*_PARTS_AT_REST, "before")


def _rest_key(name: str, mood: Mood, framing: Framing) -> tuple[object, ...]:
    """What the picture without eyes and mouth depends on: of a breath, the pixels by which it raises something."""
    return (name, mood.at_rest, framing, framing.raised("body", mood.breath), framing.raised("head", mood.breath))


def _layer_key(name: str, mood: Mood, framing: Framing, layer: Layer) -> tuple[object, ...]:
    alone = framing.place is not None and layer in ("ground", "before")  # the room looks the same whoever is in it
    return ("" if alone else name, as_seen(mood, layer), framing._replace(radius=0), layer)


def _rounded(picture: Surface, radius: int) -> Surface:
    """The same with its corners cut."""
    cut = Surface(picture.get_size(), pygame.SRCALPHA, 32)
    cut.blit(picture, (0, 0))
    cut.blit(_corners(picture.get_size(), radius), (0, 0), special_flags=pygame.BLEND_RGBA_MULT)
    return cut


@lru_cache(maxsize=8)
def _corners(size: tuple[int, int], radius: int) -> Surface:
    width, height = size
    svg = (
        f'<svg xmlns="http://www.w3.org/2000/svg" width="{width}" height="{height}" viewBox="0 0 {width} {height}">'
        f'<rect width="{width}" height="{height}" rx="{radius}" fill="#ffffff"/></svg>'
    )
    mask = Surface(size, pygame.SRCALPHA, 32)
    mask.blit(pygame.image.load_sized_svg(io.BytesIO(svg.encode("ascii")), size), (0, 0))
    return mask


def _weight(drawn: Drawn) -> int:
    return bytes_of(drawn.picture)
