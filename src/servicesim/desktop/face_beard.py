"""Beards and moustaches."""

from __future__ import annotations

from servicesim.desktop.face_features import jaw_line
from servicesim.desktop.portraits import Portrait
from servicesim.desktop.sketch import Point, Sketch, mirrored, mix, smooth, symmetric


def draw_beard(sketch: Sketch, portrait: Portrait) -> None:
    """All of it but what grows over the mouth."""
    match portrait.beard:
        case "full":
            _draw_full(sketch, portrait)
        case "stubble":
            _draw_stubble(sketch, portrait)
        case "goatee":
            _draw_goatee(sketch, portrait)
        case "moustache" | "none":
            pass


def draw_moustache(sketch: Sketch, portrait: Portrait) -> None:
    """What grows over the mouth; it is drawn after it."""
    match portrait.beard:
        case "moustache":
            half = [(200.0, 239.0), (213.0, 236.5), (227.0, 242.0), (235.0, 251.5), (222.0, 248.5), (208.0, 246.0), (200.0, 247.0)]
        case "full":
            half = [(200.0, 238.5), (216.0, 236.5), (230.0, 244.0), (236.0, 254.0), (222.0, 251.5), (208.0, 249.5), (200.0, 250.5)]
        case "goatee":
            half = [(200.0, 240.5), (214.0, 238.5), (228.0, 244.0), (235.0, 258.0), (229.0, 259.0), (222.0, 250.5), (208.0, 248.0), (200.0, 248.8)]
        case "stubble" | "none":
            return
    sketch.shape(smooth(symmetric(half)), sketch.ramp((170, 236), (230, 254), (0, portrait.hair_light), (1, portrait.hair)))


def _draw_full(sketch: Sketch, portrait: Portrait) -> None:
    jaw, long = portrait.jaw, portrait.chin
    outer: list[Point] = [(283, 190), (279, 226), (200 + 66 * jaw, 262 + 0.3 * long), (200 + 43 * jaw, 291 + long)]
    chin = [(200 + 16 * jaw, 308.0 + long), (200.0, 311.0 + long)]
    inner: list[Point] = [(200, 240.0), (218, 239), (234, 246), (250, 240), (266, 222), (275, 200)]
    fill = sketch.ramp((130, 220), (270, 310), (0, portrait.hair_light), (1, portrait.hair))
    sketch.shape(_band(outer, chin, inner), fill)
    for x, y, drop in ((172, 284, 12), (186, 290, 13), (200, 292, 13), (214, 290, 13), (228, 284, 12), (148, 262, 12), (252, 262, 12)):
        sketch.line(f"M{x} {y}l{(200 - x) * 0.06:.1f} {drop}", mix(portrait.hair, "#ffffff", 0.45), 1.8, 0.5)


def _draw_stubble(sketch: Sketch, portrait: Portrait) -> None:
    line = jaw_line(portrait)
    # A hair's breadth inside the jaw: what is half transparent must not show outside it.
    outer = [(200 + (x - 200) * 0.994, y - 0.5) for x, y in [(281.5, 190.0), (276.5, 222.0), *line[:2]]]
    chin = [(200 + (x - 200) * 0.994, y - 0.5) for x, y in line[2:]]
    inner: list[Point] = [(200, 243), (216, 240), (232, 246), (246, 247), (264, 228), (275, 204)]
    sketch.shape(_band(outer, chin, inner), portrait.hair, 0.3)
    sketch.glow((200, 280), (44, 17), portrait.hair, 0.22)


def _draw_goatee(sketch: Sketch, portrait: Portrait) -> None:
    long = portrait.chin
    outer: list[Point] = [(235.0, 252.0), (237.0, 272.0), (227.0, 292.0 + long), (214.0, 302.0 + long), (200.0, 304.0 + long)]
    inner: list[Point] = [(200.0, 276.0), (213.0, 274.0), (225.0, 265.0), (230.0, 252.0)]
    left = list(reversed(mirrored(outer)))[1:]
    fill = sketch.ramp((170, 250), (230, 306), (0, portrait.hair_light), (0.7, portrait.hair), (1, portrait.hair))
    sketch.shape(smooth([*outer, *left, *reversed(mirrored(inner)), *inner[1:]]), fill, 0.94)


def _band(outer: list[Point], chin: list[Point], inner: list[Point]) -> str:
    """A beard's outline: along the jaw from ear to ear, back along the cheeks."""
    right = [*outer, *chin]
    left = list(reversed(mirrored(right)))[1:]
    back_left = list(reversed(mirrored(inner)))
    return smooth([*right, *left, *back_left, *inner[1:]])
