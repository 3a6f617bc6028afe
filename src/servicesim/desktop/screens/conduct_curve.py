"""How conduct went over the attempts at one encounter, as a small curve."""

from __future__ import annotations

from collections.abc import Sequence

from pygame import Rect, draw

from servicesim.desktop.canvas import Canvas
from servicesim.desktop.painting import Painting
from servicesim.desktop.wording import Words

_HIGH, _DOT = 92, 10  # design units


def conduct_curve(words: Words, conducts: Sequence[tuple[int, bool]], pass_mark: int | None) -> Painting:
    """Points of each attempt, the latest last: passed ones are filled and round, others hollow and square; the pass mark is dashed, if it is known."""
    best, passed = max(points for points, _ in conducts), sum(passed for _, passed in conducts)
    said = words(
        "history-curve" if pass_mark is not None else "history-curve-unmarked", count=len(conducts), first=conducts[0][0], last=conducts[-1][0], best=best, passed=passed, mark=pass_mark
    )  # fmt: skip

    def paint(canvas: Canvas, rect: Rect) -> None:
        _paint(canvas, rect, conducts, pass_mark)

    return Painting(paint, name=said, height=_HIGH, grow=1)


def _paint(canvas: Canvas, rect: Rect, conducts: Sequence[tuple[int, bool]], pass_mark: int | None) -> None:
    look, colours = canvas.look, canvas.look.colours
    room = Rect(rect.x + look.px(_DOT), rect.y + look.px(_DOT), rect.w - 2 * look.px(_DOT), rect.h - 2 * look.px(_DOT))
    for x in range(room.x, room.right, look.px(8)) if pass_mark is not None else ():
        canvas.rule(Rect(x, _y(room, pass_mark or 0), look.px(4), max(1, look.px(1))), colours.outline)
    places = [(_x(room, number, len(conducts), rtl=look.rtl), _y(room, points)) for number, (points, _) in enumerate(conducts)]
    if len(places) > 1:
        draw.lines(canvas.surface, colours.outline.rgb, False, places, max(1, look.px(2)))
    for place, (_, passed) in zip(places, conducts, strict=True):
        dot = Rect(0, 0, look.px(_DOT), look.px(_DOT))
        dot.center = place
        if passed:
            canvas.panel(dot, fill=colours.kept, radius=_DOT / 2)
        else:
            canvas.panel(dot, fill=colours.surface, border=colours.broken, width=2, radius=1)


def _x(room: Rect, number: int, count: int, *, rtl: bool) -> int:
    along = room.w * number // max(1, count - 1) if count > 1 else room.w // 2
    return room.right - along if rtl else room.x + along


def _y(room: Rect, points: int) -> int:
    return room.bottom - room.h * min(100, max(0, points)) // 100
