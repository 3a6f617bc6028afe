"""How trainees saw themselves, beside what the conversation shows: two marks on one line, for each principle that was called for."""

from __future__ import annotations

from collections.abc import Iterator
from typing import ClassVar

from pygame import Rect

from servicesim.desktop.access import Role
from servicesim.desktop.arrangement import Card, Divider, Row, Space
from servicesim.desktop.canvas import Canvas
from servicesim.desktop.estimate import STEPS, Beheld, Estimate, compared, on_the_whole, returns
from servicesim.desktop.label import Label, heading
from servicesim.desktop.look import Look
from servicesim.desktop.looking_back import Run
from servicesim.desktop.screens.sign import Sign
from servicesim.desktop.widget import Widget
from servicesim.desktop.wording import Words, reads

_SIDE = 22  # design units of the larger mark
_SHOWN = 520  # design units of the marks and their words, so that they stand below each other


def estimate_card(words: Words, run: Run, estimate: Estimate) -> Iterator[Card]:
    """Nothing where nothing was said, or nothing of it was called for."""
    beheld = compared(estimate, run.assessment)
    guess = [_guess(words, run, estimate.returns)] if estimate.returns is not None else []
    if not beheld and not guess:
        return
    rows = [_row(words, run, one) for one in beheld]
    whole = [Label(words(f"estimate-{on_the_whole(beheld)}"), "body")] if beheld else []
    legend = [_key("own", words("estimate-own")), _key("shown", words("estimate-shown"))] if beheld else []
    title = Row(heading(words("estimate-heading"), "lead"), Space(grow=1), *legend, gap=3)
    yield Card(title, *whole, *([Divider(), *rows] if rows else []), *([Divider(), *guess] if guess else []), gap=1, padding=(3, 2.25), radius=14)


def _row(words: Words, run: Run, one: Beheld) -> Widget:
    title = words.taught(run.script).principles[one.principle].title
    mine, theirs = words(f"rating-{one.own}"), words(f"rating-{one.shown}")
    said = words("estimate-both-same", step=mine) if one.apart == "same" else words("estimate-both", own=mine, shown=theirs)
    shown = Row(TwoMarks(one, said), Label(said, "small", ink="ink_soft", grow=1), gap=3, width=_SHOWN)
    return Row(Label(title, "body", direction=reads(title), grow=1), shown, gap=3)


def _guess(words: Words, run: Run, guessed: bool) -> Widget:
    back = returns(run.script, run.assessment)
    key = f"guess-{'yes' if guessed else 'no'}-{'right' if guessed == back else 'wrong'}"
    text = Label(words(key, customer=run.script.scenario.customer.name), "body", grow=1)
    return Row(Sign("smile" if back else "frown", "kept" if back else "broken"), text, gap=1.5)


def _key(which: str, text: str) -> Row:
    return Row(Mark(which), Label(text, "small", ink="ink_soft"), gap=1)


class Mark(Widget):
    """The mark that stands for one of the two, beside its name."""

    role: ClassVar[Role] = "separator"

    def __init__(self, which: str) -> None:
        super().__init__(width=_SIDE, height=_SIDE)
        self.which = which

    def measure(self, look: Look, width: int) -> tuple[int, int]:
        return width, 0

    def draw(self, canvas: Canvas) -> None:
        _draw_mark(canvas, self.which, self.rect.center)


class TwoMarks(Widget):
    """A line with the four steps: a ring where one saw oneself, a full disc where the conversation does."""

    role: ClassVar[Role] = "image"

    def __init__(self, one: Beheld, said: str) -> None:
        super().__init__(name=said, width=248, height=28)
        self.one = one

    def measure(self, look: Look, width: int) -> tuple[int, int]:
        return width, 0

    def draw(self, canvas: Canvas) -> None:
        look, colours = canvas.look, canvas.look.colours
        line = look.px(3)
        inside = self.rect.inflate(-look.em(_SIDE), 0)
        canvas.rule(Rect(inside.x, inside.centery - line // 2, inside.w, line), colours.hairline)
        for step in set(STEPS) - {self.one.own, self.one.shown}:
            at = self._at(look, inside, step)
            canvas.rule(Rect(at - line // 2, inside.centery - look.em(5), line, look.em(10)), colours.outline)
        self._draw_between(canvas, inside)
        _draw_mark(canvas, "own", (self._at(look, inside, self.one.own), inside.centery))
        _draw_mark(canvas, "shown", (self._at(look, inside, self.one.shown), inside.centery))

    def _draw_between(self, canvas: Canvas, inside: Rect) -> None:
        """What lies between the two."""
        look = canvas.look
        one, other = sorted(self._at(look, inside, step) for step in (self.one.own, self.one.shown))
        thick = look.px(3)
        canvas.rule(Rect(one, inside.centery - thick // 2, other - one, thick), look.colours.accent)

    def _at(self, look: Look, inside: Rect, step: int) -> int:
        along = round(inside.w * (step - 1) / (len(STEPS) - 1))
        return inside.right - along if look.rtl else inside.x + along


def _draw_mark(canvas: Canvas, which: str, centre: tuple[int, int]) -> None:
    look, colours = canvas.look, canvas.look.colours
    side = look.em(_SIDE if which == "own" else _SIDE * 0.5)
    rect = Rect(0, 0, side, side)
    rect.center = centre
    if which == "own":
        canvas.panel(rect, fill=colours.surface, border=colours.pending, width=3, radius=_SIDE * look.theme.text)
    else:
        canvas.panel(rect, fill=colours.accent, radius=_SIDE * look.theme.text)
