"""Customers' faces: drawn from a mood at any size, remembered, and drawn ahead while there is time.

>>> faces = Faces()
>>> surface.blit(faces.surface("leyla", mood_of(anger=4, trust=1, satisfaction=-30), (360, 396)), (40, 40))

A picture is put together from layers, each drawn once for a feeling: a blink draws the eyes anew, a vowel the mouth,
and a breath nothing at all, for it only shifts shoulders and head.
"""

from __future__ import annotations

import io
from collections import OrderedDict
from collections.abc import Callable, Iterable, Iterator, Sequence
from functools import cache, lru_cache
from typing import Any, Literal, NamedTuple

import pygame

from servicesim.desktop.face_beard import draw_beard, draw_moustache
from servicesim.desktop.face_clothes import draw_back, draw_clothes, draw_neck, lift_of
from servicesim.desktop.face_features import (
    Complexion,
    draw_brows,
    draw_cheeks,
    draw_ears,
    draw_eyes,
    draw_freckles,
    draw_glasses,
    draw_head,
    draw_lines,
    draw_mouth,
    draw_nose,
    draw_sockets,
)
from servicesim.desktop.face_hair import draw_hair_before, draw_hair_behind
from servicesim.desktop.mood import Mood, mood_of
from servicesim.desktop.places import Place, draw_counter, draw_place
from servicesim.desktop.portraits import PEOPLE, STAND_IN, Portrait, portrait_of
from servicesim.desktop.sketch import Sketch, mix

__all__ = ["PEOPLE", "STAND_IN", "Faces", "Mood", "face_svg", "mood_of"]

Layer = Literal["ground", "behind", "body", "head", "eyes", "mouth", "before"]
View = tuple[float, float, float, float]

# What a picture of 10 to 11 shows, in drawing units: left, top, width, height.
_BUST: View = (12.0, 22.0, 376.0, 413.6)
_HEAD: View = (56.0, 26.0, 288.0, 316.8)
_MET: View = (-46.0, -20.0, 492.0, 476.0)  # in person: the room is seen, and the counter between us
_SMALL = 120  # pixels of height below which the head alone is shown, or nobody could read the face
_PARTS: dict[Layer, View] = {"eyes": (118.0, 144.0, 164.0, 84.0), "mouth": (140.0, 224.0, 120.0, 72.0)}
_SHOULDERS, _CHIN = 2.6, 1.3  # units by which a full breath raises them
_BYTES_KEPT = 48 * 1024 * 1024
_SEATED = 26.0  # units by which somebody who sits is lower than somebody who stands

_Size = tuple[int, int]


class Drawn(NamedTuple):
    """A picture of some layers, cut to what it shows, and where it stands in the whole."""

    picture: pygame.Surface
    at: _Size


class _Kept:
    """The pictures used last, up to a number of bytes."""

    def __init__(self, most: int) -> None:
        self._pictures: OrderedDict[Any, Drawn] = OrderedDict()
        self._bytes, self._most = 0, most

    def __contains__(self, key: object) -> bool:
        return key in self._pictures

    def get(self, key: object, draw: Callable[[], Drawn]) -> Drawn:
        """The picture that is kept under this key, or else is drawn now."""
        if key in self._pictures:
            self._pictures.move_to_end(key)
            return self._pictures[key]
        drawn = self._pictures[key] = draw()
        self._bytes += _bytes(drawn.picture)
        while self._bytes > self._most and len(self._pictures) > 1:
            self._bytes -= _bytes(self._pictures.popitem(last=False)[1].picture)
        return drawn


class Faces:
    """The pictures drawn so far, the ones used last kept up to a number of bytes."""

    def __init__(self, bytes_kept: int = _BYTES_KEPT) -> None:
        # Putting a picture together takes a millisecond, drawing a layer of it twenty: layers are worth more room.
        self._layers, self._whole = _Kept(bytes_kept * 2 // 3), _Kept(bytes_kept // 3)

    def surface(self, portrait: str, mood: Mood, size: _Size, radius: int = 0, place: Place | None = None) -> pygame.Surface:
        """The face of a person in a mood, exactly `size` pixels, with corners rounded by `radius` pixels; not to be changed."""
        key = self._key(portrait, mood, size, radius, place)
        return self._whole.get(key, lambda: Drawn(self._composed(*key), (0, 0))).picture

    def warm(self, portrait: str, moods: Iterable[Mood], size: _Size, radius: int = 0, place: Place | None = None) -> bool:
        """Draw the first of these moods that is not drawn yet, for an idle moment; True when there is none left."""
        for mood in moods:
            if self._key(portrait, mood, size, radius, place) not in self._whole:
                self.surface(portrait, mood, size, radius, place)
                return False
        return True

    def _key(self, portrait: str, mood: Mood, size: _Size, radius: int, place: Place | None) -> tuple[str, Mood, _Size, int, Place | None]:
        return (portrait if portrait in PEOPLE else STAND_IN, mood.rounded(), size, radius, place)

    def _composed(self, name: str, mood: Mood, size: _Size, radius: int, place: Place | None) -> pygame.Surface:
        """Everything at its place in this breath."""
        view = _view(size, place)
        scale = size[1] / view[3]
        chest, chin = round(_SHOULDERS * scale * mood.breath), round(_CHIN * scale * mood.breath)
        picture = self._layer(name, Mood(), size, "ground", place).picture.copy()
        raised: dict[Layer, int] = {"behind": chin, "body": chest, "head": chin, "eyes": chin, "mouth": chin}
        for layer, by in raised.items():
            drawn = self._layer(name, _as_seen(mood, layer), size, layer, place)
            picture.blit(drawn.picture, (drawn.at[0], drawn.at[1] - by))
        if place is not None:
            front = self._layer(name, Mood(), size, "before", place)
            picture.blit(front.picture, front.at)
        if radius:
            picture.blit(_corners(size, radius), (0, 0), special_flags=pygame.BLEND_RGBA_MULT)
        return picture

    def _layer(self, name: str, mood: Mood, size: _Size, layer: Layer, place: Place | None) -> Drawn:
        alone = place is not None and layer in ("ground", "before")  # the room looks the same whoever is in it
        who = "" if alone else name
        return self._layers.get((who, mood, size, layer, place), lambda: _drawn(portrait_of(name), mood, size, layer, place))


def face_svg(portrait: Portrait, mood: Mood, size: _Size, layers: Sequence[Layer] | None = None, place: Place | None = None, part: pygame.Rect | None = None) -> str:
    """The picture as SVG, all of it or some layers, or only a part in pixels; wider or higher sizes show more ground, never less face."""
    sketch = Sketch()
    view = _view(size, place)
    tone = Complexion.of(portrait, mood)
    lower = _SEATED if place is not None and portrait.chair else 0.0
    for layer in layers or _all_layers(place):
        if layer in ("ground", "before"):
            _draw_around(sketch, portrait, layer, view, place)
        else:
            with sketch.moved(f"translate(0 {lower:.1f})"):
                _draw_layer(sketch, portrait, mood, tone, layer)
    if part is None:
        return sketch.svg(view, *size)
    unit = view[3] / size[1]
    return sketch.svg((view[0] + part.x * unit, view[1] + part.y * unit, part.w * unit, part.h * unit), part.w, part.h)


def _all_layers(place: Place | None) -> Iterator[Layer]:
    yield from ("ground", "behind", "body", "head", "eyes", "mouth")
    if place is not None:
        yield "before"


def _draw_around(sketch: Sketch, portrait: Portrait, layer: Layer, view: View, place: Place | None) -> None:
    """What is behind the person, and what is between us."""
    if place is None:
        _draw_ground(sketch, portrait, view)
    elif layer == "ground":
        draw_place(sketch, place, view)
    else:
        draw_counter(sketch, place, view)


def _draw_ground(sketch: Sketch, portrait: Portrait, view: View) -> None:
    left, top, width, height = view
    light, dark = mix(portrait.ground, "#ffffff", 0.45), mix(portrait.ground, "#5b7080", 0.16)
    ground = sketch.ramp((0, top), (0, top + height), (0, light), (1, dark))
    # Ten units over the edge on every side, or the outermost pixels stay half transparent.
    sketch.shape(f"M{left - 10} {top - 10}h{width + 20}v{height + 20}h{-width - 20}Z", ground)
    sketch.glow((150, 150), (210, 190), "#ffffff", 0.5)


def _draw_layer(sketch: Sketch, portrait: Portrait, mood: Mood, tone: Complexion, layer: Layer) -> None:
    if layer == "body":
        draw_neck(sketch, portrait, tone)
        with sketch.moved(f"translate(0 {-lift_of(mood):.2f})"):
            sketch.lay(_still(portrait, "clothes"))
        return
    if layer == "behind":
        sketch.lay(_still(portrait, "back"))
    with sketch.moved(f"rotate({_tilt(mood):.2f} 200 320) translate(0 {1.5 * mood.sorrow - 2.5 * mood.startle:.2f})"):
        match layer:
            case "behind":
                sketch.lay(_still(portrait, "behind"))
            case "head":
                _draw_head(sketch, portrait, mood, tone)
            case "eyes":
                draw_eyes(sketch, portrait, mood, tone)
                draw_glasses(sketch, portrait)
            case _:
                draw_mouth(sketch, portrait, mood, tone)
                draw_moustache(sketch, portrait)


def _draw_head(sketch: Sketch, portrait: Portrait, mood: Mood, tone: Complexion) -> None:
    if portrait.style != "scarf":
        draw_ears(sketch, portrait, tone)
    draw_head(sketch, portrait, tone)
    draw_cheeks(sketch, portrait, mood)
    draw_freckles(sketch, portrait)
    draw_beard(sketch, portrait)
    draw_nose(sketch, portrait, mood, tone)
    draw_sockets(sketch, tone)
    draw_lines(sketch, portrait, mood, tone)
    draw_brows(sketch, portrait, mood)
    sketch.lay(_still(portrait, "before"))


_STILL = {"behind": draw_hair_behind, "clothes": draw_clothes, "before": draw_hair_before, "back": draw_back}


@cache
def _still(portrait: Portrait, layer: str) -> Sketch:
    """A part that no mood changes; it may be turned and shifted as a whole."""
    sketch = Sketch(layer)
    _STILL[layer](sketch, portrait)
    return sketch


def _as_seen(mood: Mood, layer: Layer) -> Mood:
    """The mood without what this layer does not show, so that pictures are shared."""
    rest = mood.at_rest
    match layer:
        case "eyes":
            return Mood(rest.valence, rest.arousal, blink=mood.blink, gaze=mood.gaze, startle=rest.startle)
        case "mouth":
            return Mood(rest.valence, rest.arousal, talk=mood.talk, rounded_lips=mood.rounded_lips, startle=rest.startle)
        case _:
            return rest


def _tilt(mood: Mood) -> float:
    return -1.6 * mood.joy + 2.2 * mood.sorrow - 0.6 * mood.anger


def _view(size: _Size, place: Place | None) -> View:
    """What is shown, in drawing units: a wider or higher picture has more ground beside or above."""
    left, top, wide, high = _MET if place is not None else _HEAD if size[1] < _SMALL else _BUST
    shape = size[0] / size[1]
    if shape > wide / high:
        return (left + (wide - high * shape) / 2, top, high * shape, high)
    return (left, top + high - wide / shape, wide, wide / shape)


def _drawn(portrait: Portrait, mood: Mood, size: _Size, layer: Layer, place: Place | None) -> Drawn:
    part = _part(size, layer, place, portrait)
    svg = face_svg(portrait, mood, size, (layer,), place, part).encode("ascii")
    picture = pygame.image.load_sized_svg(io.BytesIO(svg), part.size)
    if picture.get_size() != part.size:
        picture = pygame.transform.smoothscale(picture, part.size)
    if layer == "ground":
        whole = pygame.Surface(size, pygame.SRCALPHA)
        whole.blit(picture, (0, 0))
        return Drawn(whole, (0, 0))
    shown = picture.get_bounding_rect()
    if shown.w == 0 or shown.size == part.size:
        return Drawn(picture, part.topleft)
    return Drawn(picture.subsurface(shown).copy(), (part.x + shown.x, part.y + shown.y))


def _part(size: _Size, layer: Layer, place: Place | None, portrait: Portrait) -> pygame.Rect:
    """The pixels in which a layer can show anything."""
    whole = pygame.Rect((0, 0), size)
    if layer not in _PARTS:
        return whole
    view, (x, y, w, h) = _view(size, place), _PARTS[layer]
    y += _SEATED if place is not None and portrait.chair else 0.0
    scale = size[1] / view[3]
    left, top = int((x - view[0]) * scale), int((y - view[1]) * scale)
    return pygame.Rect(left, top, round(w * scale) + 2, round(h * scale) + 2).clip(whole)


@lru_cache(maxsize=8)
def _corners(size: _Size, radius: int) -> pygame.Surface:
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
