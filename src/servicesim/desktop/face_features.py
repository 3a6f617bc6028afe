"""The parts of a face that move: head, eyes, brows, nose, mouth, and what age and feeling write into the skin."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from functools import cache
from math import pow

from servicesim.desktop.mood import Mood
from servicesim.desktop.portraits import Portrait
from servicesim.desktop.sketch import Curve, Point, Sketch, between, mirrored, mix, polygon, ramp, smooth, symmetric

MIDDLE = 200.0
EYE_HEIGHT, EYE_APART, EYE_HALF = 188.0, 37.5, 20.0
MOUTH_HEIGHT = 257.0
_LINER = "#2b1d1a"
_SIDES = (-1, 1)


@dataclass(frozen=True, slots=True)
class Complexion:
    """A portrait's colours as the mood flushes them."""

    skin: str
    light: str
    shade: str
    deep: str

    @classmethod
    def of(cls, portrait: Portrait, mood: Mood) -> Complexion:
        flush = (0.16 * mood.anger + 0.06 * mood.delight) * (0.35 + 0.65 * _lightness(portrait))
        skin, shade = mix(portrait.skin, "#d9543f", flush), mix(portrait.shade, "#b8432f", flush)
        return cls(skin, mix(skin, "#fff3e2", 0.22), shade, mix(shade, "#3a1710", 0.35))


def _lightness(portrait: Portrait) -> float:
    """How light the skin is, 0-1: blood shows less, and darker, in dark skin."""
    return sum(int(portrait.skin[at : at + 2], 16) for at in (1, 3, 5)) / (3 * 255)


def head_outline(portrait: Portrait) -> list[Point]:
    """The outline of head and jaw."""
    half = [(200.0, 82.0), (245.0, 93.0), (275.0, 130.0), (282.0, 180.0), (276.0, 222.0)]
    return symmetric([*half, *jaw_line(portrait)])


def jaw_line(portrait: Portrait) -> list[Point]:
    """The right half of the jaw, from below the ear to the middle of the chin."""
    jaw, long = portrait.jaw, portrait.chin
    return [(200 + 65 * jaw, 256.0 + 0.3 * long), (200 + 43 * jaw, 282.0 + 0.8 * long), (200 + 17 * jaw, 297.0 + long), (200.0, 299.5 + long)]


def draw_ears(sketch: Sketch, portrait: Portrait, tone: Complexion) -> None:
    for side in _SIDES:
        ear = [(78, 178), (90, 172), (98, 182), (97, 204), (90, 222), (80, 224)]
        fold = [(86, 183), (92, 184), (92, 200), (87, 212)]
        sketch.shape(
            smooth([(MIDDLE + side * x, y) for x, y in ear]),
            tone.skin if side < 0 else mix(tone.skin, tone.shade, 0.45),
        )
        sketch.line(smooth([(MIDDLE + side * x, y) for x, y in fold], closed=False), tone.shade, 2.6, 0.75)
        if portrait.earrings:
            sketch.ellipse((MIDDLE + side * 89, 229), (4.6, 4.6), "#d9a441")
            sketch.ellipse((MIDDLE + side * 89 - 1.3, 227.6), (1.5, 1.5), "#fff1c9")


def draw_head(sketch: Sketch, portrait: Portrait, tone: Complexion) -> None:
    fill = sketch.ramp(
        (120, 120), (288, 240), (0, tone.light), (0.45, tone.skin), (1, mix(tone.skin, tone.shade, 0.62))
    )
    sketch.shape(smooth(head_outline(portrait)), fill)
    sketch.glow((182, 128), (58, 32), tone.light, 0.5)
    sketch.glow((200, 286), (40, 18), tone.shade, 0.22)


def draw_cheeks(sketch: Sketch, portrait: Portrait, mood: Mood) -> None:
    light = _lightness(portrait)
    warmth, blood = (0.15 + 0.18 * mood.joy + 0.07 * mood.anger) * (0.4 + 0.8 * light), mix("#8a3128", "#e0604c", light)
    for side in _SIDES:
        sketch.glow((MIDDLE + side * 51, 229 - 4 * mood.joy), (34, 24), blood, warmth)


def draw_freckles(sketch: Sketch, portrait: Portrait) -> None:
    if not portrait.freckles:
        return
    for x, y in ((46, 213), (53, 220), (40, 221), (60, 211), (34, 214), (48, 228), (20, 209), (66, 219)):
        for side in _SIDES:
            sketch.ellipse((MIDDLE + side * x + 0.7 * side, y + side), (1.6, 1.4), mix(portrait.shade, "#7a3f1c", 0.3), 0.6)


def draw_sockets(sketch: Sketch, tone: Complexion) -> None:
    """The shade in which the eyes lie."""
    for side in _SIDES:
        sketch.glow((MIDDLE + side * EYE_APART, EYE_HEIGHT - 6), (31, 21), tone.shade, 0.3)


def draw_eyes(sketch: Sketch, portrait: Portrait, mood: Mood, tone: Complexion) -> None:
    for side in _SIDES:
        _draw_eye(sketch, portrait, mood, tone, side)


def _draw_eye(sketch: Sketch, portrait: Portrait, mood: Mood, tone: Complexion, side: int) -> None:
    """One eye; curves run from the inner corner (-1) to the outer one (1)."""
    upper, lower = _lids(portrait, mood)
    centre, half = MIDDLE + side * EYE_APART, side * EYE_HALF
    sketch.shape(between(upper, lower, centre, half), "#fbf7f3")
    _draw_iris(sketch, portrait, mood, side, upper, lower)
    sketch.shape(between(upper, lambda u: min(upper(u) + 3.2 * (1 - u * u), lower(u)), centre, half), "#6d5650", 0.28)
    thick = 3.0 + 0.9 * portrait.lashes
    liner = between(
        lambda u: upper(u) - thick * (0.35 + 0.3 * (u + 1)) * (1.05 - u * u * 0.55),
        lambda u: upper(u) + 0.5,
        centre,
        half,
    )
    sketch.shape(liner, mix(_LINER, portrait.brow, 0.3))
    _draw_lashes(sketch, portrait, centre, side, upper)
    crease = [(centre + half * u, upper(u) - 6.2 - 1.5 * (1 - u * u)) for u in (-0.7, -0.2, 0.4, 1.0)]
    sketch.line(smooth(crease, closed=False), tone.deep, 1.7, 0.5 * portrait.fold * (1 - 0.6 * mood.blink))
    rim = [(centre + half * u, lower(u) + 0.6) for u in (-0.75, -0.2, 0.4, 0.95)]
    sketch.line(smooth(rim, closed=False), tone.deep, 1.4, 0.5)
    bag = [(centre + half * u, EYE_HEIGHT + 10.0 - 2.5 * mood.joy + 4.5 * (1 - u * u)) for u in (-0.8, -0.3, 0.3, 0.75)]
    sketch.line(smooth(bag, closed=False), tone.shade, 1.8, 0.5 * max(portrait.age, 0.9 * mood.sorrow, 0.6 * mood.joy))


def _lids(portrait: Portrait, mood: Mood) -> tuple[Curve, Curve]:
    wide = 1 + 0.16 * mood.delight - 0.14 * mood.anger - 0.2 * mood.sorrow - 0.1 * mood.joy - 0.1 * portrait.age
    wide += 0.3 * mood.startle - 0.16 * (1 - ramp(mood.arousal, 0.0, 0.3))
    wide *= portrait.eyes
    open_upper, open_lower = (
        11.4 * wide * (1 - mood.blink),
        6.6 * (1 - 0.42 * mood.joy - 0.3 * mood.anger) * (1 - 0.35 * mood.blink),
    )
    sorrow, open_share = mood.sorrow, 1 - mood.blink
    lean = 3.0 * mood.anger - 2.6 * sorrow  # the inner half sinks in anger and rises in sorrow
    closed = 4.2 * mood.blink

    def corner(u: float) -> float:
        return EYE_HEIGHT + 1.6 - 1.9 * u + 1.4 * sorrow * u

    @cache  # the same places are asked for by every part of the eye
    def upper(u: float) -> float:
        arch = pow(1 - u * u, 0.72)
        return corner(u) - (open_upper - lean * (0.5 - 0.5 * u) * open_share) * arch + closed * (1 - u * u)

    @cache
    def lower(u: float) -> float:
        return max(upper(u), corner(u) + open_lower * pow(1 - u * u, 0.8))

    return upper, lower


def _draw_iris(sketch: Sketch, portrait: Portrait, mood: Mood, side: int, upper: Curve, lower: Curve) -> None:
    across, down = mood.gaze
    x, y = MIDDLE + side * EYE_APART + 6.5 * across, EYE_HEIGHT - 1.8 + 3.5 * down
    radius = 9.7 + 0.5 * mood.delight
    layers = ((radius, mix(portrait.iris, "#120b08", 0.45)), (radius - 1.5, portrait.iris), (radius * 0.5, "#120c0b"))
    for size, colour in layers:
        sketch.shape(_clipped_disc(x, y, size, side, upper, lower), colour)
    glint = upper((x - 3.2 - MIDDLE - side * EYE_APART) / (side * EYE_HALF)) < y - 4.5
    sketch.ellipse((x - 3.2, y - 3.4), (2.7, 2.7), "#ffffff", 0.95 if glint else 0.0)
    sketch.shape(_clipped_disc(x + 3.4, y + 3.6, 1.5, side, upper, lower), "#ffffff", 0.4)


def _clipped_disc(x: float, y: float, radius: float, side: int, upper: Curve, lower: Curve) -> str:
    """The part of a disc that the lids leave free."""

    def lid(curve: Curve, place: float) -> float:
        u = (x + radius * place - MIDDLE - side * EYE_APART) / (side * EYE_HALF)
        return curve(max(-1.0, min(1.0, u)))

    @cache
    def top(place: float) -> float:
        return max(lid(upper, place), y - radius * pow(1 - place * place, 0.5))

    def bottom(place: float) -> float:
        return max(top(place), min(lid(lower, place), y + radius * pow(1 - place * place, 0.5)))

    return between(top, bottom, x, radius)


def _draw_lashes(sketch: Sketch, portrait: Portrait, centre: float, side: int, upper: Curve) -> None:
    if not portrait.lashes:
        return
    x, y = centre + side * EYE_HALF, upper(1)
    wing = [(x - side * 7, upper(0.66) - 1.2), (x + side * 5.5, y - 4.2), (x - side * 1.0, y + 0.8)]
    sketch.shape(polygon(wing), mix(_LINER, portrait.brow, 0.3), portrait.lashes)


def draw_brows(sketch: Sketch, portrait: Portrait, mood: Mood) -> None:
    lift = 3.2 * mood.delight + 1.5 * mood.joy + 7.0 * mood.startle
    inner = 160.5 + 9.5 * mood.anger - 7.5 * mood.sorrow - lift
    peak = 153.5 + 4.5 * mood.anger + 1.0 * mood.sorrow - lift * 1.3
    outer = 161.5 - 1.5 * mood.anger + 5.0 * mood.sorrow - lift * 0.6
    start, thick = 17.0 - 3.5 * mood.anger, 6.6 * portrait.brows
    for side in _SIDES:
        spine = [
            (start, inner + 0.4, 0.5),
            (start + 4, inner * 0.86 + peak * 0.14, 0.88),
            (start + 13, inner * 0.55 + peak * 0.45, 1.0),
            (47, peak, 0.82),
            (64, outer, 0.16),
        ]
        upper = [(MIDDLE + side * x, y - thick * width / 2) for x, y, width in spine]
        lower = [(MIDDLE + side * x, y + thick * width / 2) for x, y, width in reversed(spine)]
        sketch.shape(smooth([*upper, *lower]), portrait.brow)


def draw_nose(sketch: Sketch, portrait: Portrait, mood: Mood, tone: Complexion) -> None:
    broad = portrait.nose + 0.6 * (portrait.jaw - 1) + 0.05 * mood.anger + 0.07 * mood.joy
    bridge = [(208, 178), (210.5, 200), (213 * 1.0, 218), (208, 225), (205, 205)]
    sketch.shape(smooth(bridge), tone.shade, 0.28)
    sketch.glow((199, 213), (9, 14), tone.light, 0.75)
    wing = 14.0 * broad
    under = [(MIDDLE - wing, 223.5), (MIDDLE - 7, 229.5), (MIDDLE, 232), (MIDDLE + 7, 229.5), (MIDDLE + wing, 223.5)]
    shadow = [*under, (MIDDLE + 8, 227.0), (MIDDLE, 228.5), (MIDDLE - 8, 227.0)]
    sketch.shape(smooth(shadow), tone.deep, 0.42)
    for side in _SIDES:
        sketch.ellipse((MIDDLE + side * 6.4, 227.2), (3.1, 1.7), tone.deep, 0.75)
        nostril = [
            (MIDDLE + side * (wing - 2.5), 214.5),
            (MIDDLE + side * (wing + 1.2), 219.5),
            (MIDDLE + side * (wing - 1.5), 225),
        ]
        sketch.line(smooth(nostril, closed=False), tone.deep, 1.8, 0.42 + 0.2 * mood.anger)


def draw_mouth(sketch: Sketch, portrait: Portrait, mood: Mood, tone: Complexion) -> None:
    half = 25.5 + 6.0 * mood.joy + 2.5 * mood.delight - 2.0 * mood.sorrow - 3.0 * mood.talk * (1 - mood.joy)
    half -= (8.0 + 4.0 * mood.joy) * mood.rounded_lips * ramp(mood.talk, 0.0, 0.4) + 3.0 * mood.startle
    curve = 10.5 * mood.joy + 1.0 * mood.delight - 4.6 * mood.sorrow - 4.4 * mood.anger + 1.2
    gap = 8.5 * ramp(mood.delight, 0.25, 1.0) * (1 - 0.6 * mood.rounded_lips) + 13.0 * mood.talk + 5.0 * mood.startle
    full = portrait.lips * (1 - 0.3 * mood.anger * (1 - mood.talk))

    def corners(u: float) -> float:
        return MOUTH_HEIGHT + curve * (0.62 - (1 - u * u)) * -1.0

    def upper(u: float) -> float:
        return corners(u) - gap * 0.28 * (1 - u * u)

    def lower(u: float) -> float:
        return corners(u) + gap * 0.85 * pow(1 - u * u, 0.75)

    def bow(u: float) -> float:
        return upper(u) - full * (4.6 * (1 - pow(abs(u), 1.5)) - 1.5 * pow(max(0.0, 1 - pow(u / 0.22, 2)), 2))

    def underlip(u: float) -> float:
        return lower(u) + full * 6.6 * pow(1 - u * u, 0.85)

    sketch.glow((MIDDLE, underlip(0) + 4.5), (16, 5), tone.shade, 0.0 if portrait.beard == "full" else 0.45)
    sketch.shape(between(upper, lower, MIDDLE, half), "#4f1a1f")
    _draw_teeth(sketch, half, gap, upper, lower)
    sketch.shape(between(bow, upper, MIDDLE, half), mix(portrait.lip, tone.deep, 0.22))
    sketch.shape(between(lower, underlip, MIDDLE, half * 0.96), portrait.lip)
    gleam = between(
        lambda u: lower(u * 0.4) + full * 1.6, lambda u: lower(u * 0.4) + full * 3.2, MIDDLE - 2, half * 0.34
    )
    sketch.shape(gleam, "#ffffff", 0.18 * portrait.lips)
    parting = [(MIDDLE + half * u, upper(u)) for u in (-1.0, -0.55, 0.0, 0.55, 1.0)]
    sketch.line(smooth(parting, closed=False), mix(portrait.lip, "#2a0d0c", 0.6), 2.0, 1 - ramp(gap, 1, 5))
    for side in _SIDES:
        end = (MIDDLE + side * half, corners(1))
        tip = (end[0] + side * 3.0, end[1] - 2.4 * mood.joy + 2.4 * (mood.anger + mood.sorrow))
        sketch.line(smooth([end, tip], closed=False), tone.deep, 2.2, 0.6)


def _draw_teeth(sketch: Sketch, half: float, gap: float, upper: Curve, lower: Curve) -> None:
    if gap < 2:
        return

    def edge(u: float) -> float:
        return min(lower(u), upper(u) + min(5.6, gap * 0.55) * pow(1 - u * u, 0.5))

    sketch.shape(between(upper, edge, MIDDLE, half * 0.86), "#fdf9f3")

    def tongue(u: float) -> float:
        return max(edge(u * 0.55), lower(u * 0.55) - 4.6 * (1 - u * u))

    sketch.shape(between(tongue, lambda u: lower(u * 0.55), MIDDLE, half * 0.55), "#c0545a", ramp(gap, 7, 12))


def draw_lines(sketch: Sketch, portrait: Portrait, mood: Mood, tone: Complexion) -> None:
    """Folds: from nose to mouth, between the brows, on the forehead, beside the eyes."""
    frown = [(MIDDLE - 5.5, 154.0), (MIDDLE - 4.3, 160.0), (MIDDLE - 5.0, 167.0)]
    for folds in (frown, mirrored(frown)):
        sketch.line(smooth(folds, closed=False), tone.deep, 1.9, 0.62 * mood.anger)
    forehead = max(0.55 * portrait.age, 0.5 * mood.sorrow)
    for height, half in ((127.0, 31.0), (138.0, 36.0)):
        row = [(MIDDLE - half, height + 2.5), (MIDDLE, height - 1.0), (MIDDLE + half, height + 2.5)]
        sketch.line(smooth(row, closed=False), tone.shade, 2.0, forehead)
    fold = [(221.5, 225.0), (233.0, 234.5), (240.5 + 2.5 * mood.joy, 247.0)]
    for folds in (fold, mirrored(fold)):
        sketch.line(
            smooth(folds, closed=False), tone.deep, 2.0, max(0.42 * mood.joy, 0.4 * portrait.age, 0.3 * mood.anger)
        )
    smile_lines = 0.36 * max(ramp(mood.joy, 0.5, 1) * (1 - 0.7 * portrait.lashes), 0.8 * portrait.age)
    for height, drop in ((183.0, -3.5), (189.0, -0.5), (195.0, 3.0)):
        crow = [(263.0, height), (267.0, height + drop * 0.6), (270.0, height + drop * 1.4)]
        for folds in (crow, mirrored(crow)):
            sketch.line(smooth(folds, closed=False), tone.deep, 1.5, smile_lines)


def draw_glasses(sketch: Sketch, portrait: Portrait) -> None:
    match portrait.glasses:
        case "round":
            _draw_frames(sketch, "#3b3230", lambda x: _ring(x, 189, 28.5, 25), 3.4)
        case "square":
            _draw_frames(sketch, "#24282d", lambda x: _square(x, 189, 29.5, 20.5), 3.8)
        case "none":
            pass


def _draw_frames(sketch: Sketch, colour: str, outline: Callable[[float], str], width: float) -> None:
    for side in _SIDES:
        middle = MIDDLE + side * 38
        sketch.shape(outline(middle), "#ffffff", 0.1)
        sketch.line(outline(middle), colour, width)
        sketch.line(smooth([(MIDDLE + side * 66, 184), (MIDDLE + side * 83, 180)], closed=False), colour, width)
        sketch.line(f"M{middle - 12:.1f} 178L{middle - 2:.1f} 171", "#ffffff", 2.4, 0.45)
    sketch.line(smooth([(190.5, 185), (200, 181), (209.5, 185)], closed=False), colour, width)


def _square(x: float, y: float, across: float, down: float) -> str:
    points = [(0.0, -1.0), (0.86, -0.95), (1.0, -0.5), (0.9, 0.6), (0.55, 1.0), (-0.55, 1.0), (-0.9, 0.6), (-1.0, -0.5), (-0.86, -0.95)]
    return smooth([(x + across * right, y + down * low) for right, low in points])


def _ring(x: float, y: float, across: float, down: float) -> str:
    points = [
        (0.0, -1.0),
        (0.72, -0.72),
        (1.0, 0.0),
        (0.72, 0.72),
        (0.0, 1.0),
        (-0.72, 0.72),
        (-1.0, 0.0),
        (-0.72, -0.72),
    ]
    return smooth([(x + across * right, y + down * low) for right, low in points])
