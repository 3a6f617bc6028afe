"""Hair and headscarf: what lies behind the head, and what falls before it."""

from __future__ import annotations

from math import cos, radians, sin

from servicesim.desktop.face_styles import (
    draw_afro,
    draw_crop,
    draw_fringe,
    draw_gathered_behind,
    draw_side,
    draw_strands,
    draw_swept_back,
    draw_tousled,
    draw_wrap,
)
from servicesim.desktop.portraits import Portrait
from servicesim.desktop.sketch import Point, Sketch, mirrored, mix, polygon, smooth, symmetric

# The top of the head where the hair parts, so that both sides meet without a notch.
_CROWN: list[Point] = [
    (150, 66),
    (176, 53),
    (206, 50),
    (238, 54),
    (260, 64),
    (250, 86),
    (230, 84),
    (206, 92),
    (170, 86),
]


def draw_hair_behind(sketch: Sketch, portrait: Portrait) -> None:
    """What the head, the neck and the shoulders stand before."""
    dark = mix(portrait.hair, "#000000", 0.18)
    match portrait.style:
        case "waves":
            half = [
                (200, 52),
                (256, 62),
                (300, 108),
                (312, 172),
                (306, 226),
                (320, 282),
                (326, 334),
                (300, 368),
                (252, 372),
                (200, 352),
            ]
            sketch.shape(smooth(symmetric(half)), dark)
        case "bob":
            half = [(200, 70), (250, 76), (286, 112), (301, 168), (299, 226), (300, 268), (276, 290), (200, 296)]
            sketch.shape(smooth(symmetric(half)), dark)
        case "curls":
            _draw_curls(sketch, portrait, dark)
        case "scarf":
            half = [(200, 50), (262, 64), (302, 116), (308, 186), (296, 258), (284, 310), (264, 338), (200, 356)]
            sketch.shape(smooth(symmetric(half)), dark)
        case "fringe":
            half = [(200, 70), (248, 82), (288, 120), (302, 172), (304, 236), (310, 300), (308, 350), (270, 362), (200, 350)]
            sketch.shape(smooth(symmetric(half)), dark)
        case "bun" | "tail" | "afro":
            draw_gathered_behind(sketch, portrait, dark)
        case "wrap":
            sketch.shape(smooth(symmetric([(200, 34), (262, 44), (300, 92), (292, 150), (276, 190), (200, 196)])), dark)
        case "quiff" | "balding" | "side" | "crop" | "tousled":
            pass


def draw_hair_before(sketch: Sketch, portrait: Portrait) -> None:
    """What frames the face."""
    fill = sketch.ramp(
        (110, 60), (300, 330), (0, portrait.hair_light), (0.4, portrait.hair), (1, mix(portrait.hair, "#000000", 0.12))
    )
    match portrait.style:
        case "waves":
            _draw_waves(sketch, portrait, fill)
        case "quiff":
            _draw_quiff(sketch, portrait, fill)
        case "scarf":
            _draw_scarf(sketch, portrait, fill)
        case "balding":
            _draw_balding(sketch, portrait, fill)
        case "curls":
            _draw_hairline_curls(sketch, portrait)
        case "bob":
            _draw_bob(sketch, portrait, fill)
        case "fringe":
            draw_fringe(sketch, portrait, fill)
        case "bun" | "tail":
            draw_swept_back(sketch, portrait, fill)
        case "side":
            draw_side(sketch, portrait, fill)
        case "crop":
            draw_crop(sketch, portrait)
        case "tousled":
            draw_tousled(sketch, portrait, fill)
        case "wrap":
            draw_wrap(sketch, portrait, fill)
        case "afro":
            draw_afro(sketch, portrait)


def _draw_waves(sketch: Sketch, portrait: Portrait, fill: str) -> None:
    left: list[Point] = [
        (226, 66), (212, 96), (178, 122), (144, 142), (126, 178), (122, 218), (128, 256), (118, 300), (124, 344), (112, 372),
        (82, 352), (74, 316), (86, 276), (92, 232), (84, 180), (94, 116), (134, 68), (186, 50),
    ]  # fmt: skip
    right: list[Point] = [
        (218, 62), (236, 96), (262, 124), (275, 160), (277, 208), (270, 250), (282, 298), (278, 342), (292, 370), (320, 348),
        (328, 312), (314, 270), (306, 226), (316, 176), (304, 112), (268, 66), (236, 54),
    ]  # fmt: skip
    sketch.shape(smooth(_CROWN), fill)
    sketch.shape(smooth(right), fill)
    sketch.shape(smooth(left), fill)
    draw_strands(
        sketch, portrait,
        [(210, 72), (176, 100), (130, 128), (108, 176), (106, 232), (98, 290), (98, 338)],
        [(192, 64), (150, 82), (112, 124), (98, 176)],
        [(236, 72), (272, 108), (292, 160), (292, 222), (302, 290), (302, 340)],
        opacity=0.3,
    )  # fmt: skip
    shadow = [
        [(220, 72), (208, 97), (176, 121), (143, 141), (125, 178), (121, 214)],
        [(224, 76), (240, 100), (264, 126), (276, 162), (278, 208)],
    ]
    for path in shadow:
        sketch.line(smooth(path, closed=False), mix(portrait.hair, "#000000", 0.45), 2.2, 0.35)


def _draw_quiff(sketch: Sketch, portrait: Portrait, fill: str) -> None:
    side: list[Point] = [(128, 118), (116, 148), (115, 184), (119, 206), (126, 206), (129, 180), (136, 148), (140, 124)]
    for points in (side, mirrored(side)):
        sketch.shape(smooth(points), mix(portrait.hair, portrait.skin, 0.22))
    top: list[Point] = [
        (124, 140), (117, 112), (126, 80), (156, 58), (198, 46), (246, 52), (278, 78), (286, 112), (277, 142), (270, 124),
        (250, 112), (222, 116), (190, 112), (162, 104), (142, 116), (132, 130),
    ]  # fmt: skip
    sketch.shape(smooth(top), fill)
    draw_strands(
        sketch, portrait,
        [(146, 104), (164, 80), (204, 66), (246, 74), (270, 96)],
        [(162, 98), (186, 84), (222, 82), (256, 98)],
        [(136, 108), (144, 82), (172, 64)],
    )  # fmt: skip


def _draw_bob(sketch: Sketch, portrait: Portrait, fill: str) -> None:
    left: list[Point] = [
        (234, 64), (216, 96), (180, 118), (146, 140), (128, 176), (123, 222), (126, 268), (112, 290), (98, 272), (100, 224),
        (98, 166), (110, 106), (148, 68), (190, 54), (220, 54),
    ]  # fmt: skip
    right: list[Point] = [
        (206, 54), (226, 66), (244, 94), (266, 124), (276, 164), (277, 222), (274, 268), (288, 290), (302, 272), (300, 224), (302, 166),
        (290, 106), (258, 66), (232, 55),
    ]  # fmt: skip
    sketch.shape(smooth([(190, 66), (220, 58), (246, 68), (244, 92), (226, 90), (204, 96)]), fill)
    sketch.shape(smooth(right), fill)
    sketch.shape(smooth(left), fill)
    draw_strands(
        sketch, portrait,
        [(214, 74), (172, 102), (128, 136), (112, 190), (110, 252)],
        [(190, 66), (146, 88), (114, 138)],
        [(248, 78), (278, 118), (289, 176), (289, 250)],
        opacity=0.3,
    )  # fmt: skip


def _draw_scarf(sketch: Sketch, portrait: Portrait, fill: str) -> None:
    dark = mix(portrait.hair, "#000000", 0.28)
    cap = symmetric([(200, 98), (242, 106), (272, 140), (276, 172), (268, 158), (260, 140), (238, 123), (200, 115)])
    sketch.shape(smooth(cap), portrait.under)
    outer = symmetric([(200, 50), (262, 64), (302, 116), (308, 186), (298, 252), (298, 300), (276, 346), (200, 366)])
    opening = symmetric(
        [(200, 106), (240, 115), (266, 148), (270, 196), (260, 240), (240, 274), (218, 293), (200, 297)]
    )
    sketch.shape(smooth(outer) + smooth(opening), fill, even_odd=True)
    sketch.line(smooth(opening), dark, 2.4, 0.5)
    drape: list[Point] = [
        (142, 276), (172, 312), (216, 326), (258, 310), (288, 276), (300, 282), (310, 318), (328, 354), (300, 378), (236, 392), (170, 384),
        (112, 368), (86, 366), (104, 332), (112, 284),
    ]  # fmt: skip
    sketch.shape(smooth(drape), fill)
    folds: list[list[Point]] = [
        [(136, 290), (170, 330), (222, 342), (266, 326), (292, 294)],
        [(118, 318), (164, 354), (226, 364), (282, 344), (302, 322)],
        [(112, 350), (168, 374), (236, 380), (302, 362)],
    ]
    for path in folds:
        sketch.line(smooth(path, closed=False), dark, 2.8, 0.38)
    lights: list[list[Point]] = [
        [(126, 130), (142, 92), (176, 68)],
        [(110, 190), (112, 150), (124, 116)],
        [(150, 320), (190, 338), (226, 340)],
    ]
    for path in lights:
        sketch.line(smooth(path, closed=False), mix(portrait.hair_light, "#ffffff", 0.3), 3.0, 0.3)
    sketch.line(smooth([(284, 128), (292, 180), (284, 244)], closed=False), dark, 2.8, 0.3)


def _draw_balding(sketch: Sketch, portrait: Portrait, fill: str) -> None:
    tuft: list[Point] = [
        (140, 112),
        (122, 124),
        (108, 152),
        (106, 186),
        (112, 208),
        (122, 204),
        (126, 176),
        (134, 150),
        (146, 126),
    ]
    for points in (tuft, mirrored(tuft)):
        sketch.shape(smooth(points), fill)
    draw_strands(
        sketch,
        portrait,
        [(130, 124), (116, 150), (114, 188)],
        [(270, 124), (284, 150), (286, 188)],
        opacity=0.6,
        width=1.8,
    )
    wisps: list[list[Point]] = [
        [(146, 116), (172, 92), (214, 84), (248, 98)],
        [(150, 122), (182, 98), (222, 92), (252, 108)],
    ]
    for path in wisps:
        sketch.line(smooth(path, closed=False), portrait.hair, 2.2, 0.4)


def _draw_curls(sketch: Sketch, portrait: Portrait, dark: str) -> None:
    ring = [_on_ring(angle, 200, 166, 104, 108) for angle in range(-30, 211, 6)]
    sketch.shape(polygon([(x, y) for x, y in ring]), dark)
    for step, angle in enumerate(range(-30, 211, 16)):
        x, y = _on_ring(angle, 200, 164, 102 + 5 * (step % 2), 104 + 4 * (step % 2))
        sketch.ellipse(
            (x, y), (25 + 3 * (step % 3), 25 + 2 * (step % 2)), dark if step % 2 else mix(dark, portrait.hair, 0.6)
        )
    for step, angle in enumerate(range(-14, 200, 17)):
        x, y = _on_ring(angle, 200, 158, 84, 82)
        sketch.ellipse((x, y), (24, 22), portrait.hair if step % 2 else mix(portrait.hair, portrait.hair_light, 0.3))
    for angle in range(64, 176, 14):
        x, y = _on_ring(angle, 198, 158, 96, 98)
        sketch.line(
            f"M{x - 9:.1f} {y + 3:.1f}C{x - 6:.1f} {y - 9:.1f} {x + 6:.1f} {y - 9:.1f} {x + 9:.1f} {y + 2:.1f}",
            portrait.hair_light,
            2.4,
            0.6,
        )


def _draw_hairline_curls(sketch: Sketch, portrait: Portrait) -> None:
    band = [_on_ring(angle, 200, 170, 97, 98) for angle in range(8, 173, 12)]
    inner = [_on_ring(angle, 200, 172, 78, 76) for angle in range(172, 7, -12)]
    sketch.shape(polygon([*band, *inner]), portrait.hair)
    for step, angle in enumerate(range(2, 180, 11)):
        x, y = _on_ring(angle, 200, 172, 80, 78)
        sketch.ellipse(
            (x, y),
            (14 + 2 * (step % 2), 14),
            portrait.hair if step % 2 else mix(portrait.hair, portrait.hair_light, 0.22),
        )
    for angle in range(40, 150, 22):
        x, y = _on_ring(angle, 200, 170, 84, 82)
        sketch.line(
            f"M{x - 6:.1f} {y + 2:.1f}C{x - 4:.1f} {y - 6:.1f} {x + 4:.1f} {y - 6:.1f} {x + 6:.1f} {y + 1:.1f}",
            portrait.hair_light,
            2.0,
            0.55,
        )


def _on_ring(angle: float, x: float, y: float, across: float, down: float) -> Point:
    return x + across * cos(radians(angle)), y - down * sin(radians(angle))
