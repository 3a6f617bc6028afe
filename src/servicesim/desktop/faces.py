"""Customers' faces: drawn from a mood at any size, remembered, and drawn ahead while there is time.

>>> faces = Faces()
>>> surface.blit(faces.surface("leyla", mood_of(anger=4, trust=1, satisfaction=-30), (360, 396)), (40, 40))
"""

from __future__ import annotations

import io
from collections import OrderedDict
from collections.abc import Iterable
from functools import cache, lru_cache

import pygame

from servicesim.desktop.face_clothes import draw_clothes, draw_neck, lift_of
from servicesim.desktop.face_features import (
    Complexion,
    draw_brows,
    draw_cheeks,
    draw_ears,
    draw_eyes,
    draw_glasses,
    draw_head,
    draw_lines,
    draw_mouth,
    draw_nose,
)
from servicesim.desktop.face_hair import draw_beard, draw_hair_before, draw_hair_behind, draw_moustache
from servicesim.desktop.mood import Mood, mood_of
from servicesim.desktop.portraits import PEOPLE, STAND_IN, Portrait, portrait_of
from servicesim.desktop.sketch import Sketch, mix

__all__ = ["PEOPLE", "STAND_IN", "Faces", "Mood", "face_svg", "mood_of"]

# What a picture of 10 to 11 shows, in drawing units: left, top, width, height.
_BUST = (12.0, 22.0, 376.0, 413.6)
_HEAD = (56.0, 26.0, 288.0, 316.8)
_SMALL = 120  # pixels of height below which the head alone is shown, or nobody could read the face
_BYTES_KEPT = 48 * 1024 * 1024

_Key = tuple[str, Mood, tuple[int, int], int]


class Faces:
    """The pictures drawn so far, the ones used last kept up to a number of bytes."""

    def __init__(self, bytes_kept: int = _BYTES_KEPT) -> None:
        self._kept: OrderedDict[_Key, pygame.Surface] = OrderedDict()
        self._bytes, self._limit = 0, bytes_kept

    def surface(self, portrait: str, mood: Mood, size: tuple[int, int], radius: int = 0) -> pygame.Surface:
        """The face of a person in a mood, exactly `size` pixels, with corners rounded by `radius` pixels; not to be changed."""
        key = self._key(portrait, mood, size, radius)
        if key in self._kept:
            self._kept.move_to_end(key)
            return self._kept[key]
        picture = _drawn(portrait_of(key[0]), key[1], size)
        if radius:
            picture.blit(_corners(size, radius), (0, 0), special_flags=pygame.BLEND_RGBA_MULT)
        self._keep(key, picture)
        return picture

    def warm(self, portrait: str, moods: Iterable[Mood], size: tuple[int, int], radius: int = 0) -> bool:
        """Draw the first of these moods that is not drawn yet, for an idle moment; True when there is none left."""
        for mood in moods:
            if self._key(portrait, mood, size, radius) not in self._kept:
                self.surface(portrait, mood, size, radius)
                return False
        return True

    def _key(self, portrait: str, mood: Mood, size: tuple[int, int], radius: int) -> _Key:
        return (portrait if portrait in PEOPLE else STAND_IN, mood.rounded(), size, radius)

    def _keep(self, key: _Key, picture: pygame.Surface) -> None:
        self._kept[key] = picture
        self._bytes += _bytes(picture)
        while self._bytes > self._limit and len(self._kept) > 1:
            self._bytes -= _bytes(self._kept.popitem(last=False)[1])


def face_svg(portrait: Portrait, mood: Mood, size: tuple[int, int]) -> str:
    """The picture as SVG; wider or higher sizes show more ground, never less face."""
    sketch = Sketch()
    left, top, width, height = view = _view(size)
    ground = sketch.ramp(
        (0, top),
        (0, top + height),
        (0, mix(portrait.ground, "#ffffff", 0.45)),
        (1, mix(portrait.ground, "#5b7080", 0.16)),
    )
    # Ten units over the edge on every side, or the outermost pixels stay half transparent.
    sketch.shape(f"M{left - 10} {top - 10}h{width + 20}v{height + 20}h{-width - 20}Z", ground)
    sketch.glow((150, 150), (210, 190), "#ffffff", 0.5)
    _draw_person(sketch, portrait, mood)
    return sketch.svg(view, *size)


def _draw_person(sketch: Sketch, portrait: Portrait, mood: Mood) -> None:
    tone = Complexion.of(portrait, mood)
    nod = f"rotate({_tilt(mood):.2f} 200 320) translate(0 {1.5 * mood.sorrow - 1.2 * mood.breath:.2f})"
    shoulders = f"translate(0 {-lift_of(mood):.2f})"
    with sketch.moved(nod):
        sketch.lay(_still(portrait, "behind"))
    draw_neck(sketch, portrait, tone)
    with sketch.moved(shoulders):
        sketch.lay(_still(portrait, "clothes"))
    with sketch.moved(nod):
        if portrait.style != "scarf":
            draw_ears(sketch, portrait, tone)
        draw_head(sketch, portrait, tone)
        draw_cheeks(sketch, mood)
        draw_beard(sketch, portrait)
        draw_nose(sketch, portrait, mood, tone)
        draw_eyes(sketch, portrait, mood, tone)
        draw_lines(sketch, portrait, mood, tone)
        draw_brows(sketch, portrait, mood)
        draw_mouth(sketch, portrait, mood, tone)
        draw_moustache(sketch, portrait)
        sketch.lay(_still(portrait, "before"))
        if portrait.glasses:
            draw_glasses(sketch)


_STILL = {"behind": draw_hair_behind, "clothes": draw_clothes, "before": draw_hair_before}


@cache
def _still(portrait: Portrait, layer: str) -> Sketch:
    """A layer that no mood changes; its parts may be turned and shifted as a whole."""
    sketch = Sketch(layer)
    _STILL[layer](sketch, portrait)
    return sketch


def _tilt(mood: Mood) -> float:
    return -1.6 * mood.joy + 2.2 * mood.sorrow - 0.6 * mood.anger


def _view(size: tuple[int, int]) -> tuple[float, float, float, float]:
    """What is shown, in drawing units: a wider or higher picture has more ground beside or above."""
    left, top, wide, high = _HEAD if size[1] < _SMALL else _BUST
    shape = size[0] / size[1]
    if shape > wide / high:
        return (left + (wide - high * shape) / 2, top, high * shape, high)
    return (left, top + high - wide / shape, wide, wide / shape)


def _drawn(portrait: Portrait, mood: Mood, size: tuple[int, int]) -> pygame.Surface:
    svg = face_svg(portrait, mood, size).encode("ascii")
    picture = pygame.image.load_sized_svg(io.BytesIO(svg), size)
    if picture.get_size() == size:
        return picture
    exact = pygame.Surface(size, pygame.SRCALPHA)
    exact.blit(pygame.transform.smoothscale(picture, size), (0, 0))
    return exact


@lru_cache(maxsize=8)
def _corners(size: tuple[int, int], radius: int) -> pygame.Surface:
    width, height = size
    svg = (
        f'<svg xmlns="http://www.w3.org/2000/svg" width="{width}" height="{height}" viewBox="0 0 {width} {height}">'
        f'<rect width="{width}" height="{height}" rx="{radius}" fill="#ffffff"/></svg>'
    )
    mask = pygame.Surface(size, pygame.SRCALPHA)
    mask.blit(pygame.image.load_sized_svg(io.BytesIO(svg.encode("ascii")), size), (0, 0))
    return mask


def _bytes(picture: pygame.Surface) -> int:
    return picture.get_width() * picture.get_height() * picture.get_bytesize()
