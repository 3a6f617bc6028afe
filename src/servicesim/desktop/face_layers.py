"""A face as layers, from the room behind it to the mouth; each is drawn once for a feeling and laid over the others."""

from __future__ import annotations

import io
from collections.abc import Iterator, Sequence
from functools import cache, lru_cache
from typing import Literal, NamedTuple

import pygame
from pygame import Rect, Surface

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
from servicesim.desktop.mood import Mood
from servicesim.desktop.places import Place, View, draw_backdrop, draw_counter, draw_place
from servicesim.desktop.portraits import Portrait
from servicesim.desktop.sketch import Sketch
from servicesim.desktop.theme import Light

Layer = Literal["ground", "behind", "body", "head", "eyes", "mouth", "before"]
Size = tuple[int, int]

# What a picture of 10 to 11 shows, in drawing units: left, top, width, height.
_BUST: View = (12.0, 22.0, 376.0, 413.6)
_HEAD: View = (56.0, 26.0, 288.0, 316.8)
_MET: View = (-46.0, -20.0, 492.0, 476.0)  # in person: the room is seen, and the counter between us
_SMALL = 120  # pixels of height below which the head alone is shown, or nobody could read the face
_PARTS: dict[Layer, View] = {"eyes": (118.0, 144.0, 164.0, 84.0), "mouth": (140.0, 224.0, 120.0, 72.0)}
_SHOULDERS, _CHIN = 2.6, 1.3  # units by which a full breath raises them
_SEATED = 26.0  # units by which somebody who sits is lower than somebody who stands


class Framing(NamedTuple):
    """How large a picture is, how round its corners are in pixels, which room it shows, and in which light."""

    size: Size
    radius: int = 0
    place: Place | None = None
    light: Light = "day"

    @property
    def view(self) -> View:
        """What is shown, in drawing units: a wider or higher picture has more ground beside or above."""
        return _view(self.size, self.place is not None)

    @property
    def scale(self) -> float:
        """Pixels of one drawing unit."""
        return self.size[1] / self.view[3]

    def raised(self, layer: Layer, breath: float) -> int:
        """The pixels by which a breath raises a layer."""
        if layer in ("ground", "before"):
            return 0
        return round((_SHOULDERS if layer == "body" else _CHIN) * self.scale * breath)

    def part(self, layer: Layer, portrait: Portrait) -> Rect:
        """The pixels in which a layer can show anything, breathed out."""
        whole = Rect((0, 0), self.size)
        if layer not in _PARTS:
            return whole
        view, (x, y, w, h) = self.view, _PARTS[layer]
        y += _SEATED if self.place is not None and portrait.chair else 0.0
        left, top = int((x - view[0]) * self.scale), int((y - view[1]) * self.scale)
        return Rect(left, top, round(w * self.scale) + 2, round(h * self.scale) + 2).clip(whole)


@lru_cache(maxsize=64)
def _view(size: Size, met: bool) -> View:
    left, top, wide, high = _MET if met else _HEAD if size[1] < _SMALL else _BUST
    shape = size[0] / size[1]
    if shape > wide / high:
        return (left + (wide - high * shape) / 2, top, high * shape, high)
    return (left, top + high - wide / shape, wide, wide / shape)


class Drawn(NamedTuple):
    """A picture of some layers, cut to what it shows, and where it stands in the whole."""

    picture: Surface
    at: Size


def face_svg(portrait: Portrait, mood: Mood, framing: Framing, layers: Sequence[Layer] | None = None, part: Rect | None = None) -> str:
    """The picture as SVG, all of it or some layers, or only a part in pixels; wider or higher sizes show more ground, never less face."""
    sketch = Sketch()
    tone = Complexion.of(portrait, mood)
    lower = _SEATED if framing.place is not None and portrait.chair else 0.0
    for layer in layers or _all_layers(framing.place):
        if layer in ("ground", "before"):
            _draw_around(sketch, portrait, layer, framing)
        else:
            with sketch.moved(f"translate(0 {lower:.1f})"):
                _draw_layer(sketch, portrait, mood, tone, layer)
    view = framing.view
    if part is None:
        return sketch.svg(view, *framing.size)
    unit = 1 / framing.scale
    return sketch.svg((view[0] + part.x * unit, view[1] + part.y * unit, part.w * unit, part.h * unit), part.w, part.h)


def draw_layer(portrait: Portrait, mood: Mood, framing: Framing, layer: Layer) -> Drawn:
    """One layer as a picture, in the byte order that is laid over others fastest."""
    part = framing.part(layer, portrait)
    svg = face_svg(portrait, mood, framing, (layer,), part).encode("ascii")
    picture = pygame.image.load_sized_svg(io.BytesIO(svg), part.size)
    if picture.get_size() != part.size:
        picture = pygame.transform.smoothscale(picture, part.size)
    if layer == "ground":  # whole and opaque
        whole = Surface(framing.size, 0, 32)
        whole.blit(picture, (0, 0))
        return Drawn(whole, (0, 0))
    shown = picture.get_bounding_rect()
    cut = Surface(shown.size, pygame.SRCALPHA, 32)
    cut.blit(picture, (0, 0), shown, pygame.BLEND_RGBA_ADD)
    return Drawn(cut, (part.x + shown.x, part.y + shown.y))


def as_seen(mood: Mood, layer: Layer) -> Mood:
    """The mood without what this layer does not show, so that pictures are shared."""
    rest = mood.at_rest
    match layer:
        case "ground" | "before":
            return Mood()
        case "eyes":
            return Mood(rest.valence, rest.arousal, blink=mood.blink, gaze=mood.gaze, startle=rest.startle)
        case "mouth":
            return Mood(rest.valence, rest.arousal, talk=mood.talk, rounded_lips=mood.rounded_lips, startle=rest.startle)
        case _:
            return rest


def _all_layers(place: Place | None) -> Iterator[Layer]:
    yield from ("ground", "behind", "body", "head", "eyes", "mouth")
    if place is not None:
        yield "before"


def _draw_around(sketch: Sketch, portrait: Portrait, layer: Layer, framing: Framing) -> None:
    """What is behind the person, and what is between us."""
    if framing.place is None:
        draw_backdrop(sketch, portrait.ground, framing.view, framing.light)
    elif layer == "ground":
        draw_place(sketch, framing.place, framing.view, framing.light)
    else:
        draw_counter(sketch, framing.place, framing.view, framing.light)


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


def _tilt(mood: Mood) -> float:
    return -1.6 * mood.joy + 2.2 * mood.sorrow - 0.6 * mood.anger
