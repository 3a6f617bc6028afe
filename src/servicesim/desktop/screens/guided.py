"""An unscored conversation with a guide beside it: one sentence at a time, tied to the moment, and time to try it."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import replace
from typing import ClassVar

from pygame import Rect

from servicesim.desktop.access import Role
from servicesim.desktop.arrangement import Band, Card, Column, Row
from servicesim.desktop.button import Button
from servicesim.desktop.canvas import Canvas
from servicesim.desktop.chip import Chip
from servicesim.desktop.guide import Hint, hint_at, lessons, met
from servicesim.desktop.label import Label
from servicesim.desktop.look import Look
from servicesim.desktop.panels import draw_panel
from servicesim.desktop.screens.channel import ROOMY
from servicesim.desktop.screens.conversation import Conversation
from servicesim.desktop.screens.keys import KEYS, cap
from servicesim.desktop.screens.sign import Sign
from servicesim.desktop.widget import Widget
from servicesim.desktop.wording import reads
from servicesim.encounter.situation import Phase

LONGEST = 30.0  # seconds for which time waits while the customer speaks; then the story goes on without the lesson
BECKONS = 4.0  # seconds for which the ring around what is meant swells
_RING = 24  # design units around what is meant in which the ring is drawn
_SWELL = 0.9  # seconds from one swelling to the next
_REPLYING = (Phase.WAITING, Phase.LEFT_WAITING)


class Guided(Conversation):
    """The conversation, and what the guide says about it. It never blocks: `Skip` leaves at any time."""

    advice: Hint | None = None
    _advised = 0.0  # when it was given, by the stage's clock
    _stands: float | None = None  # the second at which time stands
    _since = 0.0  # since when, by the stage's clock
    _known = 0  # events that had happened when time was stopped
    _waits = False  # whether it is said that time stands
    _swollen = 0.0  # how far the ring stands out
    _over = -1  # events that had happened when waiting was given up

    # -- the page ---------------------------------------------------------------------------------------------------

    def build(self) -> Widget:
        self._level = ROOMY
        self._make_parts()
        guide = self._guide()
        parts = replace(self.parts, banner=Column(self.banner, guide, gap=2))
        return self.arranged(parts)

    def rebuild(self) -> None:
        super().rebuild()
        self._advise(self.stage.now(), anew=True)

    def uncovered(self) -> None:
        super().uncovered()
        self._stand_still()

    def try_again(self) -> None:
        super().try_again()
        self._stand_still()

    def tick(self, now: float) -> float | None:
        self._keep_time(now)
        wished = super().tick(now)
        self._advise(now)
        beckons = self._target is not None and self.stage.theme.motion and now - self._advised < BECKONS
        self._swell(now)
        return min(wished, now + self._frame) if beckons and wished is not None else wished

    def _swell(self, now: float) -> None:
        """Let the ring swell; what is drawn stays the same until time has come again."""
        before, self._swollen = self._swollen, self._swelling(now)
        if self._target is not None and before != self._swollen:
            around = 2 * self._look.px(_RING)
            self.stage.redraw(self._target.rect.inflate(around, around))

    def draw_widgets(self, canvas: Canvas) -> None:
        super().draw_widgets(canvas)
        target = self._target
        if target is not None and target.rect.w:
            roomy = target.rect.w > canvas.look.px(200)
            wide = canvas.look.px(5) if target is self.patience else 0  # words stand at its edges
            point_at(canvas, target.rect.inflate(2 * wide, 2 * wide), self._swollen, inside=roomy and target is self.face)

    def practice_chip(self, practice: bool) -> Sequence[Widget]:
        return (Chip(self.words("warm-up"), "accent", icon="book"),)

    @property
    def waits(self) -> bool:
        """Whether time stands until something is done."""
        return self._stands is not None

    # -- time -------------------------------------------------------------------------------------------------------

    def _keep_time(self, now: float) -> None:
        """Let time stand where the guide waits for a deed, and go on when it was done, or was not wanted."""
        playing = self.playing
        if playing.busy or playing.trouble or playing.ended or playing.situation.untimed:
            return
        if self._stands is not None:
            patient = playing.situation.phase in _REPLYING or now - self._since < LONGEST
            if len(playing.events) == self._known and patient:
                return
            self._stands, self._over = None, self._known
            playing.go(now)
        at = playing.clock.now(now)
        hint = hint_at(self.script, playing.events, playing.situation, at)
        if hint is not None and hint.holds is not None and hint.holds <= at and self._over != len(playing.events):
            self._stands, self._since, self._known = hint.holds, now, len(playing.events)
            self._stand_still()

    def _stand_still(self) -> None:
        if self._stands is not None:
            self.playing.hold(self._stands)

    # -- what is said -----------------------------------------------------------------------------------------------

    def _advise(self, now: float, *, anew: bool = False) -> None:
        """Say what fits this moment, if it is anything new."""
        playing = self.playing
        hint = hint_at(self.script, playing.events, playing.situation, playing.clock.now(now))
        said = self._in_words(hint) if hint is not None else ""
        new = bool(said) and said != self.said.text
        if new and hint is not None:
            self.advice, self._advised = hint, now
            self.stage.announce(said)
        if new or anew or self.waits != self._waits:
            self._waits = self.waits
            self._tell()

    def _tell(self) -> None:
        self.said.text = self._in_words(self.advice) if self.advice else ""
        self.said.direction = reads(self.said.text) if self.advice and self.advice.text else None
        self._wake_buttons()
        self.steps.done = len(met(self.script, self.playing.events))
        self.steps.name = self.words("guide-step", number=self.steps.done, all=self.steps.all)
        self.changed(moved=True)

    def _wake_buttons(self) -> None:
        super()._wake_buttons()
        self.patience.shown = self.patience.shown and not self.waits
        if self.advice and self.advice.at in self.buttons:  # what is pointed at is what stands out, and nothing else
            for how, button in self.buttons.items():
                button.kind = "primary" if how == self.advice.at and button.enabled else "secondary"

    def _hint(self, phase: Phase) -> str:
        return self.words("guide-clock") if self.waits else super()._hint(phase)

    def _in_words(self, hint: Hint) -> str:
        if hint.text or not hint.key:
            return hint.text
        keys = {action.replace("-", "_"): cap(self.stage.preferences.key(action)) for action in KEYS}
        return self.words(hint.key, customer=self.scenario.customer.name, **keys)

    @property
    def _target(self) -> Widget | None:
        """What the guide points at."""
        at = self.advice.at if self.advice and not self.playing.ended else ""
        known: dict[str, Widget] = {
            "interrupt": self.speak, "face": self.face, "answers": self.answers, "patience": self.patience, "listening": self.listening,
        }  # fmt: skip
        target = self.buttons.get(at) or known.get(at)
        return target if target is not None and target.shown else None

    def _swelling(self, now: float) -> float:
        """How far the ring stands out at a time, 0-1."""
        since = now - self._advised
        if not self.stage.theme.motion or since > BECKONS:
            return 0.0
        return 0.5 - 0.5 * math.cos(2 * math.pi * since / _SWELL)

    # -- parts ------------------------------------------------------------------------------------------------------

    def _band(self) -> Band:
        band = super()._band()
        band.fill(*band.children, Button(self.words("warm-up-skip"), self.leave_for_later, kind="band", icon="forward"))
        return band

    def _guide(self) -> Card:
        self.said, self.steps = Steady("", "lead", ink="accent", grow=1), Steps(len(lessons(self.script)))
        row = Row(Sign("info", "accent", side=30), self.said, gap=2)
        return Card(row, self.steps, gap=1, padding=(2.5, 1.5), ground="accent_soft", border="accent", radius=12, name=self.words("guide"))


class Steady(Label):
    """A text with room for two lines, so that what stands below stays where it is."""

    def measure(self, look: Look, width: int) -> tuple[int, int]:
        natural, height = super().measure(look, width)
        two = look.paragraph("\n", self.type_size, width, bold=self.bold).height
        return natural, max(height, two)

    def draw(self, canvas: Canvas) -> None:
        room, paragraph = self.rect, self._paragraph(canvas.look, self.rect.w)
        self.rect = Rect(room.x, room.centery - paragraph.height // 2, room.w, paragraph.height)
        super().draw(canvas)
        self.rect = room


class Steps(Widget):
    """How far one has come: a piece of a line for each step, filled once it was reached."""

    role: ClassVar[Role] = "image"

    def __init__(self, all: int) -> None:
        super().__init__(height=6)
        self.all, self.done = all, 0

    def measure(self, look: Look, width: int) -> tuple[int, int]:
        return width, look.px(6)

    def draw(self, canvas: Canvas) -> None:
        look, accent = canvas.look, canvas.look.colours.accent
        gap = look.px(6)
        wide = (self.rect.w - gap * (self.all - 1)) / self.all
        for number in range(self.all):
            across = round((wide + gap) * number)
            left = self.rect.right - across - round(wide) if look.rtl else self.rect.x + across
            piece = Rect(left, self.rect.y, round(wide), self.rect.h)
            canvas.panel(piece, fill=accent if number < self.done else None, border=accent, width=1, radius=3)


def point_at(canvas: Canvas, rect: Rect, swelling: float, *, inside: bool = False) -> None:
    """A ring around what is meant, or just inside of it; it swells so that the eye finds it."""
    look = canvas.look
    near = look.px(5 * swelling - 14 if inside else 5 + 5 * swelling)
    around = rect.inflate(2 * near, 2 * near)
    draw_panel(canvas.surface, around, fill=None, border=look.colours.focus, width=look.px(4), radius=look.px(18))
