"""Neck, shoulders and what is worn on them."""

from __future__ import annotations

from servicesim.desktop.face_features import Complexion
from servicesim.desktop.mood import Mood
from servicesim.desktop.portraits import Portrait
from servicesim.desktop.sketch import Point, Sketch, mirrored, mix, polygon, smooth

_FLOOR = 460.0  # below the picture's lower edge, so that breathing shows no gap


def draw_neck(sketch: Sketch, portrait: Portrait, tone: Complexion) -> None:
    wide = 33 * portrait.neck
    throat = (
        f"M{200 - wide:.1f} 240V296C{200 - wide:.1f} 322 {200 - wide - 12:.1f} 332 {200 - wide - 44:.1f} 344L200 410"
    )
    throat += f"L{200 + wide + 44:.1f} 344C{200 + wide + 12:.1f} 332 {200 + wide:.1f} 322 {200 + wide:.1f} 296V240Z"
    sketch.shape(throat, sketch.ramp((160, 0), (245, 0), (0, tone.skin), (1, mix(tone.skin, tone.shade, 0.55))))
    under = f"M{200 - wide:.1f} 262V298C{200 - wide * 0.6:.1f} 318 190 326 206 326C222 326 {200 + wide * 0.8:.1f} 320 {200 + wide:.1f} 308V262Z"
    sketch.shape(under, tone.shade, 0.75)
    for side in (-1, 1):
        sketch.line(f"M{200 + side * 10:.1f} 348L{200 + side * 30:.1f} 339", tone.shade, 2.4, 0.4)


def draw_clothes(sketch: Sketch, portrait: Portrait) -> None:
    broad = 1 + (portrait.neck - 1) * 0.5
    cloth = sketch.ramp(
        (90, 330), (300, 450), (0, mix(portrait.cloth, "#ffffff", 0.1)), (1, mix(portrait.cloth, "#000000", 0.2))
    )
    match portrait.clothes:
        case "blazer":
            _draw_jacket(sketch, portrait, cloth, broad)
        case "jacket":
            _draw_jacket(sketch, portrait, cloth, broad)
            _draw_collar(sketch, portrait)
        case "cardigan":
            _draw_cardigan(sketch, portrait, cloth, broad)
            _draw_collar(sketch, portrait)
        case "roundneck":
            _draw_roundneck(sketch, portrait, cloth, broad)
        case "hoodie":
            _draw_hoodie(sketch, portrait, cloth, broad)
        case "shirt":
            _draw_shirt(sketch, portrait, cloth, broad)
        case "rollneck":
            _draw_rollneck(sketch, portrait, cloth, broad)
        case "plain":
            right = f"M200 330L240 334{_shoulder(broad)}L200 {_FLOOR}Z"
            sketch.shape(right, cloth)
            sketch.shape(_flipped(right), cloth)


def lift_of(mood: Mood) -> float:
    """How many units the shoulders stand higher than drawn: anger and a fright raise them, sorrow lets them sink."""
    return 13 + 4 * mood.anger - 3 * mood.sorrow + 3 * mood.startle


def draw_back(sketch: Sketch, portrait: Portrait) -> None:
    """What stands out behind the shoulders: a hood, or the back of a wheelchair with its handles."""
    if portrait.clothes == "hoodie":
        sketch.shape("M134 350C138 306 158 284 170 282L230 282C242 284 262 306 266 350Z", mix(portrait.cloth, "#000000", 0.34))
    if portrait.chair:
        _draw_chair(sketch, portrait)


def _draw_chair(sketch: Sketch, portrait: Portrait) -> None:
    frame, cushion = "#2f3a40", mix(portrait.cloth, "#20282c", 0.72)
    sketch.shape(f"M72 398C72 384 84 376 102 376H298C316 376 328 384 328 398V{_FLOOR}H72Z", cushion)
    for side in (-1, 1):
        x = 200 + side * 150
        sketch.line(f"M{x} {_FLOOR}V344", frame, 9)
        sketch.line(f"M{x} 346C{x} 334 {x + side * 5} 328 {x + side * 15} 327L{x + side * 27} 327", frame, 9)
        sketch.line(f"M{x + side * 15} 327L{x + side * 30} 327", "#171c1f", 13)
        sketch.line(f"M{x - side * 2} 440V352", mix(frame, "#ffffff", 0.35), 2, 0.7)


def _draw_hoodie(sketch: Sketch, portrait: Portrait, cloth: str, broad: float) -> None:
    dark, light = mix(portrait.cloth, "#000000", 0.28), mix(portrait.cloth, "#ffffff", 0.14)
    hood = "M120 352C124 318 148 300 166 298C160 330 176 368 200 384C224 368 240 330 234 298C252 300 276 318 280 352L246 384L200 404L154 384Z"
    right = f"M246 340{_shoulder(broad)}L200 {_FLOOR}L200 396C226 386 242 366 246 340Z"
    sketch.shape(right, cloth)
    sketch.shape(_flipped(right), cloth)
    sketch.shape(f"M196 {_FLOOR}L204 {_FLOOR}L204 392L196 392Z", cloth)
    sketch.shape("M168 326C170 352 184 374 200 384C216 374 230 352 232 326L236 348C232 372 216 392 200 400C184 392 168 372 164 348Z", portrait.under)
    sketch.shape(hood, sketch.ramp((120, 300), (280, 400), (0, light), (1, mix(portrait.cloth, "#000000", 0.1))))
    sketch.line("M166 300C162 332 178 366 200 383C222 366 238 332 234 300", dark, 2.4, 0.55)
    for side in (-1, 1):
        sketch.line(f"M{200 + side * 18} 378C{200 + side * 19} 396 {200 + side * 17} 410 {200 + side * 18} 426", portrait.under, 3.4)
    _sleeve_folds(sketch, dark, broad)


def _draw_shirt(sketch: Sketch, portrait: Portrait, cloth: str, broad: float) -> None:
    dark, light = mix(portrait.cloth, "#000000", 0.3), mix(portrait.cloth, "#ffffff", 0.2)
    right = f"M244 334{_shoulder(broad)}L198 {_FLOOR}L200 392Z"
    sketch.shape(right, cloth)
    sketch.shape(_flipped(right), cloth)
    sketch.line(f"M200 394V{_FLOOR}", dark, 2, 0.6)
    for height in (414, 438):
        sketch.ellipse((206, height), (2.8, 2.8), mix(portrait.under, portrait.cloth, 0.2))
    flap: list[Point] = [(236, 324), (254, 342), (240, 386), (202, 396), (216, 356)]
    for points in (flap, mirrored(flap)):
        sketch.shape(polygon(points), light)
        sketch.line(_open(points[1:4]), dark, 1.8, 0.55)
    _sleeve_folds(sketch, dark, broad)


def _draw_rollneck(sketch: Sketch, portrait: Portrait, cloth: str, broad: float) -> None:
    dark = mix(portrait.cloth, "#000000", 0.3)
    wide = 38 * portrait.neck
    right = f"M238 336{_shoulder(broad)}L200 {_FLOOR}L200 352Z"
    sketch.shape(right, cloth)
    sketch.shape(_flipped(right), cloth)
    sketch.shape(f"M196 {_FLOOR}L204 {_FLOOR}L204 350L196 350Z", cloth)
    roll = f"M{200 - wide:.1f} 322C{180:.1f} 334 220 334 {200 + wide:.1f} 322L{200 + wide + 6:.1f} 352C226 368 174 368 {200 - wide - 6:.1f} 352Z"
    sketch.shape(roll, sketch.ramp((160, 0), (244, 0), (0, mix(portrait.cloth, "#ffffff", 0.14)), (1, mix(portrait.cloth, "#000000", 0.12))))
    sketch.line(f"M{200 - wide - 6:.1f} 352C174 368 226 368 {200 + wide + 6:.1f} 352", dark, 2, 0.5)
    _sleeve_folds(sketch, dark, broad)


def _shoulder(broad: float) -> str:
    """From the neck over the right shoulder down along the arm."""
    tip, arm = 200 + 128 * broad, 200 + 172 * broad
    return f"C258 346 274 350 292 356C{tip - 14:.1f} 363 {tip + 2:.1f} 371 {tip + 17:.1f} 388C{arm - 10:.1f} 408 {arm:.1f} 432 {arm:.1f} {_FLOOR}"


def _draw_jacket(sketch: Sketch, portrait: Portrait, cloth: str, broad: float) -> None:
    _draw_blouse(sketch, portrait)
    _draw_fronts(sketch, cloth, broad)
    dark = mix(portrait.cloth, "#000000", 0.32)
    lapel: list[Point] = [
        (242, 332),
        (262, 344),
        (270, 372),
        (254, 380),
        (262, 388),
        (210, _FLOOR),
        (204, _FLOOR),
        (230, 380),
    ]
    for points, fill in (
        (lapel, mix(portrait.cloth, "#000000", 0.1)),
        (mirrored(lapel), mix(portrait.cloth, "#ffffff", 0.07)),
    ):
        sketch.shape(polygon(points), fill)
        sketch.line(_open(points[1:6]), dark, 1.8, 0.6)
    _sleeve_folds(sketch, dark, broad)


def _draw_cardigan(sketch: Sketch, portrait: Portrait, cloth: str, broad: float) -> None:
    _draw_blouse(sketch, portrait)
    _draw_fronts(sketch, cloth, broad)
    dark = mix(portrait.cloth, "#000000", 0.32)
    band: list[Point] = [(240, 332), (254, 338), (222, 412), (214, _FLOOR), (198, _FLOOR), (204, 412)]
    for points, fill in (
        (mirrored(band), mix(portrait.cloth, "#ffffff", 0.12)),
        (band, mix(portrait.cloth, "#000000", 0.06)),
    ):
        sketch.shape(polygon(points), fill)
        sketch.line(_open(points[1:4]), dark, 1.8, 0.5)
    for height in (424, 446):
        sketch.ellipse((209, height), (3.4, 3.4), mix(portrait.cloth, "#2a1c10", 0.65))
    _sleeve_folds(sketch, dark, broad)


def _draw_blouse(sketch: Sketch, portrait: Portrait) -> None:
    blouse: list[Point] = [(160, 334), (150, 346), (168, _FLOOR), (232, _FLOOR), (250, 346), (240, 334), (200, 388)]
    shaded = mix(portrait.under, portrait.shade, 0.25)
    sketch.shape(polygon(blouse), sketch.ramp((160, 340), (240, 440), (0, portrait.under), (1, shaded)))
    sketch.line("M200 388L200 460", mix(portrait.under, portrait.shade, 0.5), 1.8, 0.7)


def _draw_fronts(sketch: Sketch, cloth: str, broad: float) -> None:
    right = f"M244 334{_shoulder(broad)}L206 {_FLOOR}Z"
    sketch.shape(right, cloth)
    sketch.shape(_flipped(right), cloth)


def _draw_collar(sketch: Sketch, portrait: Portrait) -> None:
    flap: list[Point] = [(236, 326), (248, 340), (232, 378), (200, 386), (214, 352)]
    for points in (flap, mirrored(flap)):
        sketch.shape(polygon(points), mix(portrait.under, "#ffffff", 0.5))
        sketch.line(_open(points[1:4]), mix(portrait.under, portrait.cloth, 0.45), 1.8, 0.7)


def _draw_roundneck(sketch: Sketch, portrait: Portrait, cloth: str, broad: float) -> None:
    dark = mix(portrait.cloth, "#000000", 0.3)
    right = f"M246 336{_shoulder(broad)}L200 {_FLOOR}L200 378C224 378 242 362 246 336Z"
    sketch.shape(right, cloth)
    sketch.shape(_flipped(right), cloth)
    sketch.shape(f"M196 {_FLOOR}L204 {_FLOOR}L204 376L196 376Z", cloth)
    band = "M156.5 343C161 363 179 376 200 376C221 376 239 363 243.5 343"
    sketch.line(band, mix(portrait.cloth, "#ffffff", 0.1), 9)
    sketch.line("M151 344C157 368 176 382 200 382C224 382 243 368 249 344", dark, 1.8, 0.5)
    _sleeve_folds(sketch, dark, broad)


def _sleeve_folds(sketch: Sketch, colour: str, broad: float) -> None:
    fold: list[Point] = [(200 + 112 * broad, 402), (200 + 118 * broad, 424), (200 + 116 * broad, 446)]
    for points in (fold, mirrored(fold)):
        sketch.line(smooth(points, closed=False), colour, 2.2, 0.45)


def _open(points: list[Point]) -> str:
    return "M" + "L".join(f"{x:.1f} {y:.1f}" for x, y in points)


def _flipped(data: str) -> str:
    """The same outline on the other side; only absolute M, L, C and Z."""
    turned, across = [], True
    for token in data.replace("M", " M ").replace("L", " L ").replace("C", " C ").replace("Z", " Z ").split():
        if token.isalpha():
            turned.append(token)
            across = True
        else:
            turned.append(f"{400 - float(token):.1f}" if across else token)
            across = not across
    return " ".join(turned)
