"""Where the customer stands when they come in person: drawn rooms, and the counter between us."""

from __future__ import annotations

import hashlib
from collections.abc import Callable
from typing import Literal, get_args

from servicesim.desktop.sketch import Point, Sketch, mix, smooth
from servicesim.desktop.theme import Light
from servicesim.scenario.model import Scenario

Place = Literal["shop", "clinic", "desk"]
View = tuple[float, float, float, float]

PLACES: tuple[Place, ...] = get_args(Place)
COUNTER = 416.0  # where the counter begins, in drawing units
# What a room is called by, or the beginning of it, in the languages of the interface.
_CALLED: dict[Place, tuple[str, ...]] = {
    "clinic": (
        "clinic", "doctor", "hospital", "pharmacy", "dentist", "practice",
        "klini", "eczane", "hastane", "aptek", "xəstəxana",
        "کلینیک", "درمانگاه", "داروخانه", "بیمارستان", "מרפאה", "מרפאת", "בית מרקחת", "בית חולים",
    ),
    "shop": (
        "shop", "store", "market", "bakery", "café", "coffee",
        "mağaza", "dükkan", "kafe", "kahve", "atölye", "qəhvə", "emalatxana",
        "فروشگاه", "مغازه", "کافه", "قهوه", "کارگاه", "חנות", "בית קפה", "נגריי",
    ),
    "desk": (
        "bank", "hotel", "office", "town hall", "library", "station", "airline", "airport",
        "otel", "belediye", "kütüphane", "havayol", "bələdiyyə", "mehmanxana", "kitabxana", "hava yol", "aviaşirkət",
        "هتل", "بانک", "شهرداری", "کتابخانه", "هواپیمایی", "فرودگاه", "מלון", "בנק", "עירייה", "עיריית", "ספרייה", "תעופה",
    ),
}  # fmt: skip


def place_of(scenario: Scenario) -> Place:
    """The room that the company or the summary names; else one that stays the same for the company."""
    for told in (scenario.company, f"{scenario.title} {scenario.summary}"):
        for place, names in _CALLED.items():
            if any(name in told.lower() for name in names):
                return place
    drawn = hashlib.blake2b(scenario.company.encode(), digest_size=2).digest()
    return PLACES[int.from_bytes(drawn) % len(PLACES)]


def draw_backdrop(sketch: Sketch, colour: str, view: View, light: Light) -> None:
    """What is behind a portrait: a ground in the person's own colour."""
    left, top, width, height = view
    bright, dark = mix(colour, "#ffffff", 0.45), mix(colour, "#5b7080", 0.16)
    with sketch.toned(_TONES[light]):
        ground = sketch.ramp((0, top), (0, top + height), (0, bright), (1, dark))
        # Ten units over the edge on every side, or the outermost pixels stay half transparent.
        sketch.shape(f"M{left - 10} {top - 10}h{width + 20}v{height + 20}h{-width - 20}Z", ground)
    sketch.glow((150, 150), (210, 190), *_GLEAMS[light])


def draw_place(sketch: Sketch, place: Place, view: View, light: Light) -> None:
    """The room behind the customer."""
    with sketch.toned(_TONES[light]):
        match place:
            case "shop":
                _draw_shop(sketch, view)
            case "clinic":
                _draw_clinic(sketch, view)
            case "desk":
                _draw_desk(sketch, view)
    if light == "evening":
        _EVENINGS[place](sketch, view)
    sketch.glow((200, 190), (230, 220), *_LIT[light])  # light on whoever stands here


def draw_counter(sketch: Sketch, place: Place, view: View, light: Light) -> None:
    """The counter, and what stands on it."""
    top, front, line = {
        "shop": ("#c8955c", "#a9743f", "#8a5b2e"),
        "clinic": ("#f7f8f6", "#dfe7e5", "#bccbc8"),
        "desk": ("#6f4a38", "#573829", "#3f271c"),
    }[place]
    with sketch.toned(_TONES[light]):
        _draw_counter(sketch, place, view, top, front, line)


def _draw_counter(sketch: Sketch, place: Place, view: View, top: str, front: str, line: str) -> None:
    left, above, width, height = view
    wide, floor = width + 40, above + height + 20
    sketch.shape(_box(left - 20, COUNTER - 7, wide, 9), "#1c130c", 0.16)
    sketch.shape(_box(left - 20, COUNTER + 14, wide, floor - COUNTER - 14), sketch.ramp((0, COUNTER + 14), (0, floor), (0, line), (0.2, front), (1, front)))
    sketch.shape(_box(left - 20, COUNTER, wide, 16), sketch.ramp((0, COUNTER), (0, COUNTER + 16), (0, mix(top, "#ffffff", 0.2)), (1, top)))
    _THINGS[place](sketch, left, left + width)


# --- the shop --------------------------------------------------------------------------------------------------------


def _draw_shop(sketch: Sketch, view: View) -> None:
    left, top, width, _height = view
    _wall(sketch, view, "#f4e8d3", "#e6d3b5")
    _floor_line(sketch, view, "#d8c09c")
    for row, y in enumerate((66.0, 156.0, 246.0, 336.0)):
        for x in (left - 30, 318.0):
            wide = 82 - left + 30 if x < 0 else left + width - 318 + 20
            _shelf(sketch, x, y, wide, row)
    sketch.line(f"M200 {top - 10:.1f}V4", "#6b5a48", 2.4)
    sketch.shape("M170 30C172 12 186 3 200 3C214 3 228 12 230 30Z", "#3f6f6a")
    sketch.glow((200, 40), (90, 60), "#fff4cf", 0.7)


def _shelf(sketch: Sketch, x: float, y: float, wide: float, row: int) -> None:
    """A board with boxes, jars and folded things on it."""
    colours = ("#c9705a", "#e0b25a", "#5f8f86", "#7f6d94", "#d9a08a", "#8aa56b", "#b9c4c0")
    at, number = x + 6, row * 3
    while at < x + wide - 14:
        colour = mix(colours[number % len(colours)], "#f4e8d3", 0.42)
        wide_of = (22, 16, 28, 19)[number % 4]
        high = (44, 34, 26, 50)[(number * 3 + row) % 4]
        room = min(wide_of, x + wide - at - 6)
        _thing(sketch, at, y, room, high, colour, kind=(number + row) % 3)
        at, number = at + wide_of + (5, 9, 6)[number % 3], number + 1
    sketch.shape(_box(x, y, wide, 7), "#b98f5f")
    sketch.shape(_box(x, y + 7, wide, 5), "#8d6a40", 0.28)


def _thing(sketch: Sketch, x: float, floor: float, wide: float, high: float, colour: str, *, kind: int) -> None:
    light, dark = mix(colour, "#ffffff", 0.25), mix(colour, "#40301f", 0.18)
    if kind == 0:
        sketch.shape(_box(x, floor - high, wide, high), colour)
        sketch.shape(_box(x, floor - high * 0.66, wide, high * 0.26), light)
    elif kind == 1:
        sketch.shape(_round_box(x, floor - high, wide, high, 5), colour)
        sketch.shape(_box(x + wide * 0.2, floor - high - 5, wide * 0.6, 6), dark)
    else:
        for fold in range(3):
            sketch.shape(_round_box(x, floor - high * (fold + 1) / 3, wide, high / 3 - 1, 3), mix(colour, light, fold / 2))


def _shop_things(sketch: Sketch, left: float, right: float) -> None:
    x = right - 108
    sketch.shape(_round_box(x, 372, 74, 46, 6), "#3c4a4c")
    sketch.shape(_round_box(x + 6, 378, 62, 30, 4), "#536668")
    sketch.shape(_box(x + 26, 416, 22, 8), "#2c3738")
    _plant(sketch, left + 46, COUNTER, pot="#e4ded2", small=True)


# --- the clinic ------------------------------------------------------------------------------------------------------


def _draw_clinic(sketch: Sketch, view: View) -> None:
    left, _top, width, _height = view
    _wall(sketch, view, "#e5f0ee", "#cfe0dd")
    sketch.shape(_box(left - 20, 292, width + 40, 130), "#bfd6d1", 0.55)
    sketch.shape(_box(left - 20, 288, width + 40, 5), "#a9c5bf", 0.8)
    x = left + width - 116
    sketch.shape(_round_box(x, 26, 140, 190, 4), "#ffffff")
    sketch.shape(_box(x + 9, 35, 122, 172), sketch.ramp((0, 35), (0, 207), (0, "#d4ebf5"), (1, "#eef7f3")))
    sketch.shape(_box(x + 68, 35, 5, 172), "#ffffff")
    for blind in range(7):
        sketch.shape(_box(x + 9, 38 + blind * 11, 122, 4), "#ffffff", 0.85)
    _poster(sketch, left + 26, 60)
    _plant(sketch, left + 44, 392, pot="#d8b59b", small=False)


def _poster(sketch: Sketch, x: float, y: float) -> None:
    sketch.shape(_round_box(x, y, 66, 88, 3), "#ffffff")
    sketch.shape(_round_box(x + 6, y + 6, 54, 44, 2), "#bfdcd6")
    sketch.ellipse((x + 33, y + 26), (12, 12), "#f2c879")
    sketch.shape(smooth([(x + 8, y + 50), (x + 22, y + 36), (x + 38, y + 46), (x + 60, y + 34)], closed=False) + f"L{x + 60:.1f} {y + 50:.1f}L{x + 6:.1f} {y + 50:.1f}Z", "#7fae9f")
    for row, wide in enumerate((48, 40, 44)):
        sketch.shape(_box(x + 9, y + 58 + 8 * row, wide, 3), "#b9c9c6")


def _clinic_things(sketch: Sketch, left: float, right: float) -> None:
    x = right - 112
    sketch.shape(_round_box(x, 346, 82, 58, 5), "#39474a")
    sketch.shape(_round_box(x + 5, 351, 72, 48, 3), "#4d6064")
    sketch.shape(f"M{x + 33} 404H{x + 49}L{x + 54} 420H{x + 28}Z", "#2f3b3d")
    bottle = left + 36
    sketch.shape(_round_box(bottle, 384, 24, 36, 6), "#9fc7d6")
    sketch.shape(_box(bottle + 9, 372, 6, 14), "#f7f8f6")
    sketch.shape(_round_box(bottle + 1, 368, 16, 6, 3), "#f7f8f6")
    sketch.shape(_box(bottle, 396, 24, 12), "#ffffff", 0.8)


# --- the desk --------------------------------------------------------------------------------------------------------


def _draw_desk(sketch: Sketch, view: View) -> None:
    left, top, width, _height = view
    _wall(sketch, view, "#e9e2ee", "#d5cbdc")
    for x in (left - 8, 326.0):
        wide = 88 - left if x < 0 else left + width - 326 + 12
        for y in (28.0, 220.0):
            sketch.shape(_round_box(x, y, wide, 168, 3), "#cbbfd3", 0.55)
            sketch.shape(_round_box(x + 6, y + 6, wide - 12, 156, 2), "#ded5e4", 0.9)
    _picture(sketch, left + width - 96, 58)
    _lamp(sketch, left + 50, 300)
    sketch.shape(_box(left - 20, 386, width + 40, 40), "#b8a9c2", 0.6)
    sketch.shape(_box(left - 20, top - 20, width + 40, 34), "#c5b8ce", 0.7)


def _picture(sketch: Sketch, x: float, y: float) -> None:
    sketch.shape(_box(x, y, 72, 92), "#8c6a4e")
    sketch.shape(_box(x + 5, y + 5, 62, 82), "#f6efe2")
    sketch.shape(f"M{x + 5} {y + 70}L{x + 26} {y + 38}L{x + 40} {y + 58}L{x + 50} {y + 46}L{x + 67} {y + 70}V{y + 87}H{x + 5}Z", "#8fa7a0")
    sketch.ellipse((x + 50, y + 26), (8, 8), "#e9b872")


def _lamp(sketch: Sketch, x: float, y: float) -> None:
    sketch.glow((x, y - 60), (110, 90), "#ffedc2", 0.75)
    sketch.shape(f"M{x - 34} {y - 40}L{x - 20} {y - 88}H{x + 20}L{x + 34} {y - 40}Z", "#f3dfb6")
    sketch.shape(_box(x - 3, y - 40, 6, 130), "#7a5a3c")


def _desk_things(sketch: Sketch, left: float, right: float) -> None:
    x = left + 54
    sketch.shape(f"M{x - 22} 418C{x - 22} 398 {x - 10} 390 {x} 390C{x + 10} 390 {x + 22} 398 {x + 22} 418Z", "#d7a548")
    sketch.ellipse((x - 8, 402), (3, 7), "#fff0c9", 0.7)
    sketch.ellipse((x, 388), (4.5, 4.5), "#b5812c")
    sketch.shape(_round_box(x - 26, 416, 52, 6, 3), "#3b3230")
    for sheet, colour in enumerate(("#fbf7ee", "#efe7d6")):
        sketch.shape(_box(right - 112 + 5 * sheet, 410 - 5 * sheet, 70, 6), colour)
    sketch.line(f"M{right - 96} 402L{right - 52} 396", "#28464a", 4)


_THINGS = {"shop": _shop_things, "clinic": _clinic_things, "desk": _desk_things}

# --- the light -------------------------------------------------------------------------------------------------------


def _at_dusk(colour: str) -> str:
    """The colour when it is dark outside, and a lamp is lit."""
    red, green, blue = (int(colour[at : at + 2], 16) for at in (1, 3, 5))
    grey = (red + green + blue) / 3
    # Pale walls would all look the same in the dark: what hue they have is made clearer first.
    clearer = (min(255, max(0, round(grey + 1.9 * (part - grey)))) for part in (red, green, blue))
    return mix("#" + "".join(f"{part:02x}" for part in clearer), "#0d1920", 0.7)


def _in_grey(colour: str) -> str:
    """The colour in a room that is not to be looked at: dark, and without any hue."""
    brightness = sum(share * int(colour[at : at + 2], 16) for at, share in ((1, 0.3), (3, 0.59), (5, 0.11)))
    return "#" + 3 * f"{round(16 + 0.2 * brightness):02x}"


_TONES: dict[Light, Callable[[str], str]] = {"day": str, "evening": _at_dusk, "plain": _in_grey}
# The light on whoever stands in a room, and behind a portrait: its colour, and how strong it is.
_LIT: dict[Light, tuple[str, float]] = {"day": ("#ffffff", 0.34), "evening": ("#ffdfae", 0.2), "plain": ("#ffffff", 0.14)}
_GLEAMS: dict[Light, tuple[str, float]] = {"day": ("#ffffff", 0.5), "evening": ("#ffe6c0", 0.24), "plain": ("#ffffff", 0.18)}


def _light_the_shop(sketch: Sketch, _view: View) -> None:
    """The lamp over the counter burns."""
    sketch.glow((200, 70), (210, 190), "#ffc873", 0.42)
    sketch.glow((200, 34), (58, 30), "#fff1c9", 0.9)
    sketch.ellipse((200, 30), (26, 4), "#fff3cf")


def _light_the_clinic(sketch: Sketch, view: View) -> None:
    """Dusk outside of the window, and light from the ceiling."""
    x = view[0] + view[2] - 116
    for pane in (x + 9, x + 73):
        sky = sketch.ramp((0, 35), (0, 207), (0, "#1b2c4a"), (0.55, "#4b4f74"), (0.85, "#b5735c"), (1, "#d79a63"))
        sketch.shape(_box(pane, 35, 59 if pane == x + 9 else 58, 172), sky)
    for blind in range(7):
        sketch.shape(_box(x + 9, 38 + blind * 11, 122, 4), _at_dusk("#ffffff"), 0.9)
    sketch.shape(_box(x + 68, 35, 5, 172), _at_dusk("#ffffff"))
    sketch.glow((200, -40), (420, 330), "#dff3ee", 0.2)


def _light_the_desk(sketch: Sketch, view: View) -> None:
    """The lamp beside the counter burns."""
    x, y = view[0] + 50, 300.0
    sketch.glow((x, y - 60), (190, 170), "#ffbf6b", 0.5)
    sketch.shape(f"M{x - 34} {y - 40}L{x - 20} {y - 88}H{x + 20}L{x + 34} {y - 40}Z", sketch.ramp((0, y - 88), (0, y - 40), (0, "#f2cf93"), (1, "#fff0c6")))
    sketch.glow((x, y - 40), (120, 60), "#ffe2a6", 0.25)


_EVENINGS = {"shop": _light_the_shop, "clinic": _light_the_clinic, "desk": _light_the_desk}

# --- pieces ----------------------------------------------------------------------------------------------------------


def _wall(sketch: Sketch, view: View, light: str, dark: str) -> None:
    left, top, width, height = view
    sketch.shape(_box(left - 20, top - 20, width + 40, height + 40), sketch.ramp((0, top), (0, top + height), (0, light), (1, dark)))


def _floor_line(sketch: Sketch, view: View, colour: str) -> None:
    left, _, width, _ = view
    sketch.shape(_box(left - 20, 384, width + 40, 50), colour, 0.7)


def _plant(sketch: Sketch, x: float, floor: float, *, pot: str, small: bool) -> None:
    size = 0.62 if small else 1.0
    leaves: list[tuple[float, float]] = [(-40, -64), (-22, -96), (0, -108), (22, -92), (42, -60), (-30, -40), (30, -38)]
    root = (x, floor - 34 * size)
    for number, (across, up) in enumerate(leaves):
        tip = (root[0] + across * size, root[1] + up * size)
        sketch.shape(_leaf(root, tip, 11 * size), ("#5e8f72", "#4c7d63", "#76a587")[number % 3])
    sketch.shape(f"M{x - 22 * size:.1f} {floor - 40 * size:.1f}H{x + 22 * size:.1f}L{x + 16 * size:.1f} {floor:.1f}H{x - 16 * size:.1f}Z", pot)
    sketch.shape(_box(x - 24 * size, floor - 44 * size, 48 * size, 8 * size), mix(pot, "#5a4433", 0.14))


def _leaf(root: Point, tip: Point, wide: float) -> str:
    (x, y), (to_x, to_y) = root, tip
    middle = ((x + to_x) / 2, (y + to_y) / 2)
    length = max(1.0, ((to_x - x) ** 2 + (to_y - y) ** 2) ** 0.5)
    off = (-(to_y - y) / length * wide, (to_x - x) / length * wide)
    return smooth([root, (middle[0] + off[0], middle[1] + off[1]), tip, (middle[0] - off[0], middle[1] - off[1])])


def _box(x: float, y: float, wide: float, high: float) -> str:
    return f"M{x:.1f} {y:.1f}h{wide:.1f}v{high:.1f}h{-wide:.1f}Z"


def _round_box(x: float, y: float, wide: float, high: float, radius: float) -> str:
    radius = max(0.5, min(radius, wide / 2, high / 2))
    right, bottom = x + wide, y + high
    return (
        f"M{x + radius:.1f} {y:.1f}L{right - radius:.1f} {y:.1f}Q{right:.1f} {y:.1f} {right:.1f} {y + radius:.1f}"
        f"L{right:.1f} {bottom - radius:.1f}Q{right:.1f} {bottom:.1f} {right - radius:.1f} {bottom:.1f}"
        f"L{x + radius:.1f} {bottom:.1f}Q{x:.1f} {bottom:.1f} {x:.1f} {bottom - radius:.1f}L{x:.1f} {y + radius:.1f}Q{x:.1f} {y:.1f} {x + radius:.1f} {y:.1f}Z"
    )
