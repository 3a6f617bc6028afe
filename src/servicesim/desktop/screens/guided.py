"""An unscored conversation with a guide beside it: one sentence at a time, tied to the moment, and time to try it."""

from __future__ import annotations

import math
from collections.abc import Sequence

from pygame import Rect

from servicesim.desktop.arrangement import Band, Column, Row
from servicesim.desktop.button import Button
from servicesim.desktop.canvas import Canvas
from servicesim.desktop.chip import Chip
from servicesim.desktop.guide import Hint, hint_at, lessons, met
from servicesim.desktop.label import Label
from servicesim.desktop.look import Look
from servicesim.desktop.panels import draw_panel
from servicesim.desktop.screens.conversation import Conversation
from servicesim.desktop.screens.keys import KEYS, cap
from servicesim.desktop.screens.sign import Sign
from servicesim.desktop.widget import Widget
from servicesim.desktop.wording import reads
from servicesim.encounter.situation import Phase

LONGEST = 30.0  # seconds for which time waits while the customer speaks; then the story goes on without the lesson
BECKONS = 4.0  # seconds for which the ring around what is meant swells
_SWELL = 0.9  # seconds from one swelling to the next
_REPLYING = (Phase.WAITING, Phase.LEFT_WAITING)


class Guided(Conversation):
    """The conversation, and what the guide says about it. It never blocks: `Skip` leaves at any time."""

    advice: Hint | None = None
    _advised = 0.0  # when it was given, by the stage's clock
    _stands: float | None = None  # the second at which time stands
    _since = 0.0  # since when, by the stage's clock
    _known = 0  # events that had happened when time was stopped
    _over = -1  # events that had happened when waiting was given up

    # -- the page ---------------------------------------------------------------------------------------------------

    def build(self) -> Widget:
        self._make_parts()
        self.strip = self._strip()
        return Column(self._band(), self.strip, self.channel.lay_out(self.parts), gap=0)

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
        if beckons and self._target is not None:
            self.changed(self._target)
        return min(wished, now + self._frame) if beckons and wished is not None else wished

    def draw_widgets(self, canvas: Canvas) -> None:
        super().draw_widgets(canvas)
        target = self._target
        if target is not None and target.rect.w:
            point_at(canvas, target.rect, self._swelling())

    def practice_chip(self, practice: bool) -> Sequence[Widget]:
        return (Chip(self.words("warm-up"), "accent", icon="book"),)

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
        waits = self._stands is not None
        said = self._in_words(hint) if hint is not None else ""
        new = bool(said) and said != self.said.text
        if new and hint is not None:
            self.advice, self._advised = hint, now
            self.stage.announce(said)
        if new or anew or waits != self.waits.shown:
            self._tell(waits)

    def _tell(self, waits: bool) -> None:
        self.said.text = self._in_words(self.advice) if self.advice else ""
        self.said.direction = reads(self.said.text) if self.advice and self.advice.text else None
        self.waits.shown = waits
        self.steps.done = len(met(self.script, self.playing.events))
        self.steps.name = self.words("guide-step", number=self.steps.done, all=self.steps.all)
        self.changed(moved=True)

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

    def _swelling(self) -> float:
        """How far the ring stands out just now, 0-1."""
        since = self.stage.now() - self._advised
        if not self.stage.theme.motion or since > BECKONS:
            return 0.0
        return 0.5 - 0.5 * math.cos(2 * math.pi * since / _SWELL)

    # -- parts ------------------------------------------------------------------------------------------------------

    def _band(self) -> Band:
        band = super()._band()
        band.fill(*band.children, Button(self.words("warm-up-skip"), self.leave_for_later, kind="band", icon="forward"))
        return band

    def _strip(self) -> Strip:
        self.said = Steady("", "lead", bold=True, grow=1)
        self.waits = Chip(self.words("guide-clock"), "pending", icon="pause", shown=False)
        self.steps = Steps(len(lessons(self.script)))
        sign = Sign("info", "accent", side=30)
        return Strip(Row(sign, self.said, self.waits, self.steps, gap=2), padding=(5, 1.25), name=self.words("guide"))


class Strip(Column):
    """Where the guide speaks: a band of its own below the title."""

    def draw(self, canvas: Canvas) -> None:
        look = canvas.look
        canvas.panel(self.rect, fill=look.colours.accent_soft)
        super().draw(canvas)


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
    """How far one has come: a dot for each step, filled once it was reached."""

    role = "image"

    def __init__(self, all: int) -> None:
        super().__init__(width=all * 18, height=18)
        self.all, self.done = all, 0

    def measure(self, look: Look, width: int) -> tuple[int, int]:
        return self.needs(look), look.em(18)

    def needs(self, look: Look) -> int:
        return self.all * look.em(18)

    def draw(self, canvas: Canvas) -> None:
        look, colours = canvas.look, canvas.look.colours
        for number in range(self.all):
            dot = Rect(0, 0, look.em(11), look.em(11))
            across = look.em(18) * number + look.em(9)
            dot.center = (self.rect.right - across if look.rtl else self.rect.x + across, self.rect.centery)
            reached = number < self.done
            canvas.panel(dot, fill=colours.accent if reached else None, border=colours.accent, width=1.5, radius=6)


def point_at(canvas: Canvas, rect: Rect, swelling: float) -> None:
    """A ring around what is meant; it swells so that the eye finds it."""
    look = canvas.look
    near = look.px(5 + 5 * swelling)
    around = rect.inflate(2 * near, 2 * near)
    draw_panel(canvas.surface, around, fill=None, border=look.colours.focus, width=look.px(4), radius=look.px(12) + near)
