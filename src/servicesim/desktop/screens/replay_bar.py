"""The line of a replay: where one is, where replies were given, and where principles were kept or broken."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from typing import ClassVar, Literal

from pygame import Rect

from servicesim.desktop.access import Role
from servicesim.desktop.canvas import Canvas
from servicesim.desktop.icons import IconName
from servicesim.desktop.inputs import Gesture, KeyPressed, PointerMoved, PointerPressed, PointerReleased
from servicesim.desktop.look import Look
from servicesim.desktop.widget import Widget

_HIGH = 48  # design units: marks above, the line, marks below
_LINE, _KNOB, _MARK = 8, 20, 16
_ICONS: dict[str, tuple[IconName, str]] = {"kept": ("check", "kept"), "broken": ("cross", "broken")}
_RADII = {"kept": _MARK / 2, "broken": 3}  # round and angular: the shapes tell them apart before the signs do

Way = Literal["back", "on", "mark-back", "mark-on", "begin", "end"]


@dataclass(frozen=True, slots=True)
class Flag:
    """A verdict on the line, at a share of it (0-1)."""

    share: float
    verdict: Literal["kept", "broken"]


class ReplayBar(Widget):
    """Kept is a tick above the line, broken a cross below it. Arrows step from event to event, with Shift from mark to mark."""

    role: ClassVar[Role] = "slider"
    focusable: ClassVar[bool] = True
    pressed_by: ClassVar[tuple[str, ...]] = ()
    holds_text: ClassVar[bool] = False

    def __init__(
        self, name: str, on_seek: Callable[[float], None], on_step: Callable[[Way], None], *, about: str = "",
        flags: Sequence[Flag] = (), replies: Sequence[float] = (), grow: float = 1,
    ) -> None:  # fmt: skip
        super().__init__(name=name, grow=grow)
        self.on_seek, self.on_step = on_seek, on_step
        self.flags, self.replies = tuple(flags), tuple(replies)
        self.share, self.words, self._about = 0.0, "", about
        self._rtl = False

    @property
    def value(self) -> str:
        return self.words

    @property
    def about(self) -> str:
        return self._about

    def measure(self, look: Look, width: int) -> tuple[int, int]:
        return width, look.px(_HIGH)

    def needs(self, look: Look) -> int:
        return look.px(240)

    def place(self, look: Look, rect: Rect) -> None:
        self.rect, self._rtl, self._inset = rect, look.rtl, look.px(_KNOB) // 2

    _inset = 0

    def takes(self, gesture: Gesture) -> bool:
        match gesture:
            case PointerPressed((x, _)):
                self.on_seek(self._share_at(x))
            case PointerMoved((x, _)) if self.pressed:
                self.on_seek(self._share_at(x))
            case PointerReleased():
                pass
            case KeyPressed(key, shift):
                way = way_of(key, shift=shift, rtl=self._rtl)
                if way is None:
                    return False
                self.on_step(way)
            case _:
                return False
        return True

    def activate(self) -> None:
        """Pressed from outside, by a screen reader: one event further."""
        self.on_step("on")

    def _share_at(self, x: int) -> float:
        wide = max(1, self.rect.w - 2 * self._inset)
        share = (x - self.rect.x - self._inset) / wide
        return min(1.0, max(0.0, 1 - share if self._rtl else share))

    def _x(self, share: float) -> int:
        at = round((self.rect.w - 2 * self._inset) * share) + self._inset
        return self.rect.right - at if self._rtl else self.rect.x + at

    # -- what it looks like -----------------------------------------------------------------------------------------

    def draw(self, canvas: Canvas) -> None:
        look, colours = canvas.look, canvas.look.colours
        line = Rect(self.rect.x + self._inset, 0, self.rect.w - 2 * self._inset, look.px(_LINE))
        line.centery = self.rect.centery
        canvas.panel(line, fill=colours.sunk, border=colours.outline, radius=_LINE / 2)
        self._draw_gone(canvas, line)
        for share in self.replies:
            canvas.rule(Rect(self._x(share) - look.px(1), line.y, look.px(2), line.h), colours.surface)
        self._draw_flags(canvas, line)
        self._draw_knob(canvas, line)

    def _draw_gone(self, canvas: Canvas, line: Rect) -> None:
        here = self._x(self.share)
        gone = Rect(min(here, line.right if self._rtl else line.x), line.y, 0, line.h)
        gone.w = max(line.h, (line.right - here) if self._rtl else (here - line.x))
        canvas.panel(gone, fill=canvas.look.colours.accent, radius=_LINE / 2)

    def _draw_knob(self, canvas: Canvas, line: Rect) -> None:
        colours = canvas.look.colours
        knob = Rect(0, 0, 2 * self._inset, 2 * self._inset)
        knob.center = (self._x(self.share), line.centery)
        fill = colours.accent_pressed if self.pressed else colours.accent_hover if self.hovered else colours.accent
        canvas.panel(knob, fill=fill, border=colours.surface, width=2, radius=_KNOB / 2)
        if self.ringed:
            canvas.ring(knob, _KNOB / 2)

    def _draw_flags(self, canvas: Canvas, line: Rect) -> None:
        look = canvas.look
        side = look.px(_MARK)
        for verdict, (icon, ink) in _ICONS.items():
            y = line.y - look.px(3) - side if verdict == "kept" else line.bottom + look.px(3)
            for x in _spread(sorted(self._x(flag.share) for flag in self.flags if flag.verdict == verdict), side):
                disc = Rect(x - side // 2, y, side, side)
                canvas.panel(disc, fill=getattr(look.colours, ink), radius=_RADII[verdict])
                canvas.icon(icon, disc.inflate(-look.px(4), -look.px(4)), look.colours.surface)


def _spread(places: Sequence[int], apart: int) -> Iterator[int]:
    """Those places that do not lie upon the one before."""
    last: int | None = None
    for place in places:
        if last is None or place - last >= apart:
            yield place
            last = place


def way_of(key: str, *, shift: bool, rtl: bool) -> Way | None:
    """Where a key leads on the line; arrows point as the line is read."""
    if key in ("left", "right"):
        onward = (key == "right") != rtl
        if shift:
            return "mark-on" if onward else "mark-back"
        return "on" if onward else "back"
    return {"home": "begin", "end": "end", "pagedown": "mark-on", "pageup": "mark-back"}.get(key)  # type: ignore[return-value]
