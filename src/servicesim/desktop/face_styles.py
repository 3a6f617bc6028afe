"""More ways to wear hair: gathered, cropped, parted at the side, wrapped in a cloth."""

from __future__ import annotations

from math import cos, radians, sin

from servicesim.desktop.portraits import Portrait
from servicesim.desktop.sketch import Point, Sketch, mirrored, mix, smooth, symmetric


def draw_strands(
    sketch: Sketch, portrait: Portrait, *paths: list[Point], opacity: float = 0.35, width: float = 2.4
) -> None:
    """Single hairs that catch the light."""
    for path in paths:
        sketch.line(smooth(path, closed=False), mix(portrait.hair_light, "#ffffff", 0.12), width, opacity)


# The edge of the hair on the forehead and beside the temples, right half, top to bottom.
_HAIRLINE: list[Point] = [(200, 104), (232, 107), (256, 122), (267, 144), (273, 168), (277, 192)]


def _cap(top: list[Point], hairline: list[Point]) -> str:
    """The outline of hair that follows the skull, from its right outer edge and its right hairline."""
    right = [*top, *reversed(hairline)]
    return smooth([*right, *list(reversed(mirrored(right)))[1:]])


def draw_gathered_behind(sketch: Sketch, portrait: Portrait, dark: str) -> None:
    """A knot, a tail, or a cloud of curls behind the head."""
    match portrait.style:
        case "bun":
            sketch.ellipse((200, 56), (40, 31), dark)
            sketch.ellipse((197, 52), (33, 24), portrait.hair)
            draw_strands(sketch, portrait, [(172, 54), (196, 36), (224, 50)], [(178, 64), (200, 50), (220, 62)], opacity=0.5)
        case "tail":
            tail: list[Point] = [(252, 66), (292, 70), (318, 112), (322, 172), (330, 236), (318, 300), (300, 318), (294, 262), (290, 200), (280, 130)]
            sketch.shape(smooth(tail), dark)
            draw_strands(sketch, portrait, [(282, 84), (304, 140), (310, 216), (312, 290)], opacity=0.4)
        case _:
            cloud = [_ring(angle, 103 + 4 * (number % 2), 103 + 4 * (number % 2)) for number, angle in enumerate(range(0, 181, 9))]
            sketch.shape(smooth([(282, 196), *cloud, (118, 196)]), dark)


def draw_swept_back(sketch: Sketch, portrait: Portrait, fill: str) -> None:
    """Hair combed back from the forehead, to a knot or a tail."""
    top: list[Point] = [(200, 60), (246, 66), (280, 98), (290, 146), (286, 196)]
    sketch.shape(_cap(top, _HAIRLINE), fill)
    combed: list[list[Point]] = [[(216, 106), (222, 84), (218, 66)], [(244, 114), (248, 92), (234, 70)], [(264, 138), (268, 112), (252, 82)], [(200, 105), (202, 84), (204, 64)]]
    draw_strands(sketch, portrait, *combed, *(mirrored(path) for path in combed[:3]), opacity=0.45)
    if portrait.style == "tail":
        sketch.ellipse((262, 74), (15, 11), portrait.cloth)
        for side in (-1, 1):
            wisp: list[Point] = [(200 + side * 70, 132), (200 + side * 80, 164), (200 + side * 78, 204)]
            sketch.line(smooth(wisp, closed=False), portrait.hair, 3.4, 0.8)


def draw_fringe(sketch: Sketch, portrait: Portrait, fill: str) -> None:
    """Long straight hair, cut straight above the brows."""
    side: list[Point] = [(250, 96), (284, 116), (299, 168), (302, 240), (308, 300), (304, 346), (284, 344), (280, 290), (276, 230), (274, 170), (262, 128)]
    for points in (side, mirrored(side)):
        sketch.shape(smooth(points), fill)
    edge: list[Point] = [(124, 150), (150, 143), (176, 146), (200, 143), (224, 146), (250, 143), (276, 150)]
    over: list[Point] = [(284, 112), (270, 82), (240, 62), (200, 55), (160, 62), (130, 82), (116, 112)]
    sketch.shape(smooth([*edge, *over]), fill)
    draw_strands(sketch, portrait, [(150, 140), (156, 104), (178, 76)], [(200, 140), (200, 104), (204, 70)], [(248, 140), (244, 106), (226, 76)], [(288, 130), (292, 200), (294, 290)], opacity=0.32)
    sketch.line(smooth(edge, closed=False), mix(portrait.hair, "#000000", 0.5), 2, 0.35)


def draw_side(sketch: Sketch, portrait: Portrait, fill: str) -> None:
    """Short hair with a parting."""
    temple: list[Point] = [(127, 122), (116, 150), (114, 184), (119, 206), (126, 204), (129, 178), (135, 150), (141, 128)]
    for points in (temple, mirrored(temple)):
        sketch.shape(smooth(points), mix(portrait.hair, portrait.skin, 0.16))
    top: list[Point] = [
        (125, 138), (116, 112), (124, 84), (152, 62), (196, 54), (244, 60), (276, 84), (285, 114), (275, 140), (266, 124),
        (244, 112), (214, 112), (188, 104), (166, 92), (154, 108), (138, 120), (132, 132),
    ]  # fmt: skip
    sketch.shape(smooth(top), fill)
    draw_strands(sketch, portrait, [(164, 90), (196, 72), (240, 76), (270, 100)], [(174, 96), (206, 86), (244, 92), (266, 110)], [(140, 112), (142, 90), (158, 72)], opacity=0.42)


def draw_crop(sketch: Sketch, portrait: Portrait) -> None:
    """Hair cut close to the skull."""
    top: list[Point] = [(200, 72), (244, 80), (274, 108), (285, 146), (284, 186)]
    line: list[Point] = [(200, 106), (230, 106), (252, 112), (262, 128), (271, 150), (277, 184)]
    sketch.shape(_cap(top, line), mix(portrait.hair, portrait.skin, 0.12), 0.96)
    sketch.glow((180, 96), (44, 14), portrait.hair_light, 0.5)


def draw_tousled(sketch: Sketch, portrait: Portrait, fill: str) -> None:
    """Short hair that goes its own way."""
    temple: list[Point] = [(127, 122), (116, 148), (115, 178), (120, 198), (126, 196), (130, 172), (138, 144)]
    for points in (temple, mirrored(temple)):
        sketch.shape(smooth(points), mix(portrait.hair, portrait.skin, 0.2))
    top: list[Point] = [
        (124, 146), (112, 118), (118, 88), (108, 76), (136, 66), (150, 46), (172, 56), (196, 38), (216, 54), (244, 44), (254, 62), (284, 72),
        (276, 90), (290, 116), (277, 148), (268, 126), (252, 132), (240, 114), (222, 128), (204, 112), (184, 130), (168, 112), (150, 132), (140, 118),
    ]  # fmt: skip
    sketch.shape(smooth(top), fill)
    draw_strands(sketch, portrait, [(150, 112), (150, 84), (166, 66)], [(186, 112), (190, 82), (206, 62)], [(228, 112), (236, 84), (232, 64)], [(256, 112), (266, 94), (262, 76)], opacity=0.4)


def draw_wrap(sketch: Sketch, portrait: Portrait, fill: str) -> None:
    """A cloth wound around the head, knotted above the forehead; ears and neck are free."""
    dark = mix(portrait.hair, "#000000", 0.28)
    outline = symmetric([(200, 30), (252, 38), (292, 78), (296, 128), (282, 168), (262, 134), (236, 120), (200, 116)])
    sketch.shape(smooth(outline), fill)
    folds: list[list[Point]] = [
        [(126, 156), (150, 112), (196, 86), (214, 62)], [(116, 122), (144, 86), (186, 66), (206, 56)], [(276, 152), (254, 116), (222, 92), (206, 68)],
        [(288, 114), (260, 84), (226, 66), (208, 58)], [(150, 128), (176, 112), (210, 96)],
    ]  # fmt: skip
    for path in folds:
        sketch.line(smooth(path, closed=False), dark, 2.8, 0.42)
    light = mix(portrait.hair_light, "#ffffff", 0.25)
    sketch.line(smooth([(124, 104), (150, 66), (186, 48)], closed=False), light, 4, 0.35)
    sketch.shape(smooth([(184, 66), (196, 44), (222, 42), (236, 60), (226, 78), (200, 82)]), mix(portrait.hair, portrait.hair_light, 0.4))
    sketch.line(smooth([(190, 66), (208, 56), (230, 62)], closed=False), dark, 2.4, 0.5)


def draw_afro(sketch: Sketch, portrait: Portrait) -> None:
    """Short curls around the forehead."""
    dark = mix(portrait.hair, "#000000", 0.12)
    top: list[Point] = [(200, 58), (248, 66), (286, 100), (294, 146), (285, 178)]
    sketch.shape(_cap(top, _HAIRLINE), portrait.hair)
    for ring, (across, down) in enumerate(((92, 94), (84, 80), (100, 106))):
        for number, angle in enumerate(range(4 + 4 * ring, 178, 13)):
            x, y = _ring(angle, across, down)
            colour = (portrait.hair, portrait.hair_light, dark)[(number + ring) % 3]
            sketch.ellipse((x, y), (8.5, 8), mix(portrait.hair, colour, 0.55), 0.85)


def _ring(angle: float, across: float, down: float) -> Point:
    return 200 + across * cos(radians(angle)), 168 - down * sin(radians(angle))
