"""The drawing as a picture (SVG): a card for each scene with its replies side by side, and a line from each reply.

Nothing is told by colour alone: the best path is thick, what is never reached is dashed and says so, an ending that
fails has cut corners and a cross.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from xml.sax.saxutils import escape

from servicesim.authoring.graph import Drawing, EndingDrawn, SceneDrawn, Standing, Way
from servicesim.authoring.graph_stakes import Stake
from servicesim.authoring.graph_text import SIGNS, lines, runs_left, shortened, width
from servicesim.authoring.layers import Card, Line, Point, laid_out

EDGE = 28.0  # around the picture
PAD = 12.0  # inside a card
HEAD = 19.0  # height of a card's first line
LINE = 15.0  # height of a line of text
NARROWEST, WIDEST = 116.0, 180.0  # of a reply's cell
MOST_WIDE = 1_400.0  # that cells of one scene take together, where they can be narrower
SIGN = 186.0  # width of an ending
MOST_SHARED = 4  # scenes that lead to one card of an ending
ROUND = 8.0  # radius of the corners of lines
MEANINGS = {"+": "does what it asks", "-": "does what it forbids", "?": "right or wrong by what came before or comes after"}

_ORDER: dict[Standing, int] = {"dead": 0, "usual": 1, "best": 2}  # from back to front

STYLE = """\
text { font-family: system-ui, 'Segoe UI', 'Noto Sans', Vazirmatn, sans-serif; fill: #1d2733; font-size: 12px }
.title { font-size: 20px; font-weight: 700 } .quiet { fill: #5a6675 } .name { font-size: 14px; font-weight: 700 }
.reply { font-weight: 600 } .small { font-size: 10.5px; fill: #3c4857 }
.card { fill: #ffffff; stroke: #7a8797; stroke-width: 1.3 } .head { fill: #eef3f8 } .rule { stroke: #cfd7e0; stroke-width: 1 }
.ending { fill: #eaf5ee; stroke: #2d6a4a; stroke-width: 1.6 } .failed { fill: #faeeee; stroke: #8c3434 }
.line { fill: none; stroke: #6b7888; stroke-width: 1.5 } .tip { fill: #6b7888; stroke: none }
.under { fill: none; stroke: #ffffff; stroke-width: 6 }
.best.card, .best.ending { stroke: #14508c; stroke-width: 3 } .best.line { stroke: #14508c; stroke-width: 3.4 } .best.tip { fill: #14508c }
.chosen { fill: #d9e8f7 }
.dead.card, .dead.ending { fill: #f6f6f6; stroke: #9aa1a9; stroke-dasharray: 6 4 } .dead.line { stroke: #a9b0b8; stroke-dasharray: 6 4 }
.dead.tip { fill: #a9b0b8 } .dead.head { fill: #ececec } .gone { fill: #7b828a }"""


@dataclass(frozen=True, slots=True)
class _Sizes:
    """How large the card of one scene is, and the cells in it."""

    cell: float
    width: float
    words: list[str]
    head: float
    height: float


@dataclass(frozen=True, slots=True)
class _Sign:
    """What stands on the card of an ending."""

    ending: EndingDrawn
    title: list[str]
    below: str
    height: float


def _scene(name: str) -> str:
    """What the card of a scene is called in the plan; an ending may have the same name."""
    return f"scene {name}"


def _ending(name: str, after: str = "") -> str:
    return f"ending {name} {after}"


def _crowded(drawing: Drawing) -> set[str]:
    """The endings that many scenes lead to: lines to one card would fill the picture."""
    sources = {(way.target, way.scene) for way in drawing.ways if way.ends}
    return {name for name, number in Counter(target for target, _ in sources).items() if number > MOST_SHARED}


def svg(drawing: Drawing) -> str:
    """The picture, as text; it needs no other file."""
    return "\n".join(_Picture(drawing).parts())


class _Picture:
    """One drawing with the sizes and places of everything in it."""

    def __init__(self, drawing: Drawing) -> None:
        self.drawing = drawing
        self.sizes = {scene.name: _sizes(scene, drawing.ways_from(scene.name)) for scene in drawing.scenes}
        self.crowded = _crowded(drawing)
        self.signs = {self._target(way): _sign(drawing.ending(way.target)) for way in drawing.ways if way.ends}
        self.signs |= {_ending(one.name): _sign(one) for one in drawing.endings if one.name not in self.crowded}
        self.cards = [Card(_scene(name), size.width, size.height) for name, size in self.sizes.items()]
        self.cards += [Card(name, SIGN, sign.height) for name, sign in self.signs.items()]
        ways = [Line(_scene(way.scene), self._target(way), way.standing == "best") for way in drawing.ways]
        self.plan = laid_out(self.cards, ways, next(_scene(scene.name) for scene in drawing.scenes if scene.start))
        corners = [corner for line in self.plan.lines for corner in line]
        boxes = [(*self._place(card), card.width, card.height) for card in self.cards]
        self.left = min([x for x, *_ in boxes] + [x for x, _ in corners])
        self.top = min([box[1] for box in boxes] + [y for _, y in corners])
        self.right = max([x + wide for x, _, wide, _ in boxes] + [x for x, _ in corners])
        self.bottom = max([y + high for _, y, _, high in boxes] + [y for _, y in corners])

    def _target(self, way: Way) -> str:
        """The card that a way leads to: an ending that many scenes lead to has a card below each of them."""
        if not way.ends:
            return _scene(way.target)
        return _ending(way.target, after=way.scene if way.target in self.crowded else "")

    def _place(self, card: Card) -> Point:
        x, y = self.plan.centres[card.name]
        return x - card.width / 2, y - card.height / 2

    def parts(self) -> Iterator[str]:
        """The picture, part by part, from back to front."""
        legend, header = _legend(self.drawing), 74.0
        wide = max(self.right - self.left, 760.0) + 2 * EDGE
        high = self.bottom - self.top + 2 * EDGE + header + 18.0 * len(legend) + 12
        yield (
            f'<svg xmlns="http://www.w3.org/2000/svg" width="{wide:.0f}" height="{high:.0f}" viewBox="0 0 {wide:.0f} {high:.0f}" '
            'role="img" aria-labelledby="title desc">'
        )
        yield f'<title id="title">{_xml(self.drawing.title)}</title>'
        yield f'<desc id="desc">{_xml(_described(self.drawing))}</desc>'
        yield f"<style>{STYLE}</style>"
        yield f'<rect width="{wide:.0f}" height="{high:.0f}" fill="#ffffff"/>'
        yield _text(self.drawing.title, EDGE, EDGE + 18, "title", wide - 2 * EDGE)
        yield _text(_summary(self.drawing), EDGE, EDGE + 42, "quiet", wide - 2 * EDGE)
        shift = (wide - (self.right - self.left)) / 2 - self.left
        yield f'<g transform="translate({shift:.1f} {EDGE + header - self.top:.1f})">'
        yield from self._lines()
        yield from self._scenes()
        yield from self._endings()
        yield "</g>"
        for number, line in enumerate(legend):
            yield _text(line, EDGE, high - EDGE - 18.0 * (len(legend) - 1 - number), "quiet", wide - 2 * EDGE)
        yield "</svg>\n"

    def _lines(self) -> Iterator[str]:
        """Line by line, with a gap where one crosses another; those that go to the same place run together."""
        together: dict[tuple[int, str], list[tuple[Way, tuple[Point, ...]]]] = {}
        for way, corners in zip(self.drawing.ways, self.plan.lines, strict=True):
            if corners:
                together.setdefault((_ORDER[way.standing], way.target), []).append((way, corners))
        for _, drawn in sorted(together.items()):
            yield from (f'<path class="under" d="{_path(corners)}"/>' for _, corners in drawn)
            for way, corners in drawn:
                yield f'<path class="{way.standing} line" d="{_path(corners)}"/>'
                yield f'<path class="{way.standing} tip" d="{_tip(corners, way.standing == "best")}"/>'

    def _scenes(self) -> Iterator[str]:
        slots = {(way.scene, way.reply): slot for way, slot in zip(self.drawing.ways, self.plan.slots, strict=True)}
        for scene in self.drawing.scenes:
            size = self.sizes[scene.name]
            x, y = self._place(Card(_scene(scene.name), size.width, size.height))
            ways = sorted(self.drawing.ways_from(scene.name), key=lambda way: slots[way.scene, way.reply])
            yield f'<g transform="translate({x:.1f} {y:.1f})">'
            yield from _drawn_scene(scene, ways, size)
            yield "</g>"

    def _endings(self) -> Iterator[str]:
        for name, sign in self.signs.items():
            x, y = self._place(Card(name, SIGN, sign.height))
            yield f'<g transform="translate({x:.1f} {y:.1f})">'
            yield from _drawn_ending(sign)
            yield "</g>"


def _sizes(scene: SceneDrawn, ways: Sequence[Way]) -> _Sizes:
    wanted = max((max(width(_label(way), 12), *(width(_stake(one), 10.5) for one in way.stakes), 0.0) for way in ways), default=0.0)
    cell = min(max(wanted + 2 * PAD, NARROWEST), WIDEST, max(MOST_WIDE / max(len(ways), 1), 56.0))
    wide = max(cell * len(ways), 2 * NARROWEST)
    words = lines(scene.words, wide - 2 * PAD, 12, 2)
    head = PAD + HEAD + LINE * len(words) + 4
    cells = 10 + LINE + 14.0 * max((len(way.stakes) for way in ways), default=0) + 8
    return _Sizes(wide / max(len(ways), 1), wide, words, head, head + cells)


def _label(way: Way) -> str:
    marks = ("↺ " if way.goes_round else "") + ("▲ " if way.angers and way.reply else "")
    return f"{marks}{way.name}{' (if)' if way.condition else ''}"


def _stake(stake: Stake) -> str:
    return f"{SIGNS[stake.sign]} {stake.title}"


def _drawn_scene(scene: SceneDrawn, ways: Sequence[Way], size: _Sizes) -> Iterator[str]:
    notes = [note for note, holds in (("start", scene.start), ("golden moment", scene.golden), ("never reached", scene.standing == "dead")) if holds]
    yield f"<title>{_xml(': '.join([scene.name, *notes, scene.words]))}</title>"
    outline = f'width="{size.width:.1f}" height="{size.height:.1f}" rx="10"'
    yield f'<rect class="{scene.standing} card" {outline}/>'
    yield f'<path class="{scene.standing} head" d="{_upper(size.width, size.head)}"/>'
    yield from _cells(ways, size)
    yield f'<rect class="{scene.standing} card" {outline} style="fill:none"/>'
    quiet = " gone" if scene.standing == "dead" else ""
    room = size.width - 2 * PAD
    note = " · ".join(notes)
    beside = width(note, 10.5) + PAD if note else 0.0
    yield _text(scene.name, PAD, PAD + 12, f"name{quiet}", room - beside, size=14)
    if note:
        yield f'<text class="small{quiet}" x="{size.width - PAD:.1f}" y="{PAD + 12}" text-anchor="end">{_xml(note)}</text>'
    for number, line in enumerate(size.words):
        yield _text(line, PAD, PAD + 12 + HEAD + LINE * number - 2, quiet.strip(), room, of=scene.words)


def _cells(ways: Sequence[Way], size: _Sizes) -> Iterator[str]:
    yield f'<path class="rule" d="M0 {size.head:.1f}H{size.width:.1f}"/>'
    for number, way in enumerate(ways):
        x = size.cell * number
        yield f'<g transform="translate({x:.1f} {size.head:.1f})"><title>{_xml(_told(way))}</title>'
        if way.standing == "best":
            yield f'<rect class="chosen" x="1" y="1" width="{size.cell - 2:.1f}" height="{size.height - size.head - 3:.1f}" rx="6"/>'
        if number:
            yield f'<path class="rule" d="M0 0V{size.height - size.head:.1f}"/>'
        quiet = " gone" if way.standing == "dead" else ""
        yield _text(_label(way), PAD, 10 + 11, f"reply{quiet}", size.cell - PAD - 6)
        for place, stake in enumerate(way.stakes):
            yield _text(_stake(stake), PAD, 10 + LINE + 14.0 * place + 10, f"small{quiet}", size.cell - PAD - 4, size=10.5)
        yield "</g>"


def _told(way: Way) -> str:
    """All that is known of a way, for whoever points at it or has it read out."""
    told = [f"{way.name}: {way.words}", f"leads to {way.target}"]
    if way.condition:
        told.append(f"if {way.condition}")
    if way.angers:
        told.append("raises anger")
    told += [f"{stake.title}: {MEANINGS[stake.sign]}" for stake in way.stakes]
    if way.standing != "usual":
        told.append("on the best path" if way.standing == "best" else "never reached")
    return "\n".join(told)


def _sign(ending: EndingDrawn) -> _Sign:
    title = lines(ending.title, SIGN - 2 * PAD, 12, 2)
    notes = [f"{'✕' if ending.failed else '✓'} {ending.name}", *(["never reached"] if ending.standing == "dead" else [])]
    return _Sign(ending, title, " · ".join(notes), 2 * PAD + LINE * (len(title) + 1))


def _drawn_ending(sign: _Sign) -> Iterator[str]:
    ending, high = sign.ending, sign.height
    yield f"<title>{_xml(ending.title)} ({'failed' if ending.failed else 'can be passed'})</title>"
    look = f"{'failed ' if ending.failed else ''}{ending.standing} ending"
    shape = f'path d="{_cut(SIGN, high)}"' if ending.failed else f'rect width="{SIGN}" height="{high:.1f}" rx="{min(high / 2, 26):.1f}"'
    yield f'<{shape} class="{look}"/>'
    quiet = " gone" if ending.standing == "dead" else ""
    said = [("reply", 12.0, line) for line in sign.title] + [("small", 10.5, sign.below)]
    for number, (kind, size, line) in enumerate(said):
        fitted = _xml(shortened(line, SIGN - 2 * PAD, size))
        y = PAD + 11 + LINE * number
        yield f'<text class="{kind}{quiet}" x="{SIGN / 2}" y="{y}" text-anchor="middle"{_direction(line)}>{fitted}</text>'


def _path(corners: Sequence[Point]) -> str:
    """A line through these corners, each of them rounded."""
    parts = [f"M{corners[0][0]:.1f} {corners[0][1]:.1f}"]
    for before, corner, after in zip(corners, corners[1:], corners[2:], strict=False):
        into, out = _toward(corner, before), _toward(corner, after)
        parts.append(f"L{into[0]:.1f} {into[1]:.1f}Q{corner[0]:.1f} {corner[1]:.1f} {out[0]:.1f} {out[1]:.1f}")
    x, y = _toward(corners[-1], corners[-2], by=6.0)
    return "".join([*parts, f"L{x:.1f} {y:.1f}"])


def _toward(corner: Point, other: Point, by: float = ROUND) -> Point:
    """The point at most `by` away from a corner, half way at most, on the way to another."""
    along, down = other[0] - corner[0], other[1] - corner[1]
    length = (along * along + down * down) ** 0.5
    share = min(by, length / 2) / length if length else 0.0
    return corner[0] + along * share, corner[1] + down * share


def _tip(corners: Sequence[Point], best: bool) -> str:
    (x, y), (back_x, back_y) = corners[-1], corners[-2]
    length = ((x - back_x) ** 2 + (y - back_y) ** 2) ** 0.5 or 1.0
    along, down, half = (x - back_x) / length, (y - back_y) / length, 6.5 if best else 4.5
    foot_x, foot_y = x - along * half * 2, y - down * half * 2
    return f"M{x:.1f} {y:.1f}L{foot_x - down * half:.1f} {foot_y + along * half:.1f}L{foot_x + down * half:.1f} {foot_y - along * half:.1f}Z"


def _upper(wide: float, high: float) -> str:
    """The upper part of a card: round above, straight below."""
    return f"M0 {high:.1f}V10Q0 0 10 0H{wide - 10:.1f}Q{wide:.1f} 0 {wide:.1f} 10V{high:.1f}Z"


def _cut(wide: float, high: float) -> str:
    """A box with cut corners."""
    cut = 12.0
    return f"M{cut} 0H{wide - cut}L{wide} {cut}V{high - cut:.1f}L{wide - cut} {high:.1f}H{cut}L0 {high - cut:.1f}V{cut}Z"


def _text(text: str, x: float, y: float, kind: str, room: float, *, size: float = 12, of: str = "") -> str:
    """One line of text that fits its room; a text from right to left begins at the right. `of` is the text that it belongs to."""
    leftward = runs_left(of or text)
    at = x + room if leftward else x
    named = f' class="{kind}"' if kind else ""
    return f'<text{named} x="{at:.1f}" y="{y:.1f}"{_direction(of or text)}>{_xml(shortened(text, room, size))}</text>'


def _direction(text: str) -> str:
    return ' direction="rtl"' if runs_left(text) else ""


def _described(drawing: Drawing) -> str:
    best = [way.name for way in drawing.ways if way.standing == "best"]
    told = _summary(drawing) + "."
    return f"{told} On the best path: {', '.join(best)}." if best else told


def _summary(drawing: Drawing) -> str:
    replies = sum(way.reply is not None for way in drawing.ways)
    told = [drawing.id, f"{len(drawing.scenes)} scenes", f"{replies} replies", f"{len(drawing.endings)} endings"]
    if drawing.reach is not None:
        best, worst = (extreme.value for extreme in (drawing.reach.best, drawing.reach.worst))
        told.append(f"conduct {'from' if drawing.reach.best.exact and drawing.reach.worst.exact else 'at least from'} {int(worst)} to {int(best)}")
    return " · ".join(told)


def _legend(drawing: Drawing) -> list[str]:
    leaves = [f" (at 5 the customer leaves: {ending.name})" for ending in drawing.endings if ending.leaves]
    told = [
        "  ·  ".join(f"{SIGNS[sign]} {meaning}" for sign, meaning in MEANINGS.items()),
        f"▲ raises anger{''.join(leaves)}  ·  ↺ leads back to the same scene  ·  (if) offered only if a condition holds",
        "✓ can be passed  ·  ✕ failed",
    ]
    if drawing.reach is not None:
        told[-1] += "  ·  thick: a best path" + ("  ·  dashed and grey: never reached" if drawing.reach.complete else "")
    return told


_NO_XML = re.compile("[^\t\n\r\x20-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")


def _xml(text: str) -> str:
    """A text as XML may hold it."""
    return escape(_NO_XML.sub("", text), {'"': "&quot;"})
