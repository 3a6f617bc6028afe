"""The turns of a conversation as bubbles: the customer's where reading begins, the trainee's at the other side."""

from __future__ import annotations

from servicesim.desktop.arrangement import Card, Column, Row, Space
from servicesim.desktop.canvas import Canvas
from servicesim.desktop.label import Label
from servicesim.desktop.look import Direction
from servicesim.desktop.retold import Turn
from servicesim.desktop.screens.sign import Sign
from servicesim.desktop.screens.speech import Speech
from servicesim.desktop.widget import Widget
from servicesim.desktop.wording import Words

_ASIDE = 72  # design units that a bubble leaves free at its other side


class Shaken(Column):
    """What is said in a fright: it shakes for a moment."""

    def __init__(self, inside: Widget) -> None:
        super().__init__(inside, gap=0)
        self.by = 0.0  # design units to one side

    def shake(self, by: float) -> bool:
        """Stand so far to one side; True if it stood elsewhere."""
        before, self.by = self.by, by
        return before != by

    def draw(self, canvas: Canvas) -> None:
        aside = round(self.by * canvas.look.scale)
        for widget in self.walk() if aside else ():
            widget.rect = widget.rect.move(aside, 0)
        super().draw(canvas)
        for widget in self.walk() if aside else ():
            widget.rect = widget.rect.move(-aside, 0)


def bubble(turn: Turn, words: Words, direction: Direction, *, current: bool = False, protest: bool = False) -> tuple[Widget, Speech | None]:
    """The widget of a turn; for the one that is being spoken also the speech inside."""
    if turn.kind:
        return note_of(turn, words), None
    if turn.who == "scene" or (turn.deed and turn.who == "play"):
        return _note(turn.text, direction), None
    if turn.who == "trainee":
        return _said_by_trainee(turn, direction), None
    return _said_by_customer(turn, words, direction, current=current, protest=protest)


def note_of(turn: Turn, words: Words, cut_in: str = "cut-in") -> Widget:
    """What the play itself did, in the words of the interface."""
    if turn.kind == "silence":
        return _note(words("silence-fell"), None)
    said = Label(words(cut_in), "small", ink="broken", bold=True)
    return Row(Space(grow=1), Sign("hand", "broken", side=18), said, Space(grow=1), gap=1)


def _note(text: str, direction: Direction | None) -> Widget:
    return Label(text, "small", ink="ink_soft", align="centre", direction=direction)


def _said_by_trainee(turn: Turn, direction: Direction) -> Widget:
    said = Label(turn.text, "body", ink="ink_soft" if turn.deed else "ink", direction=direction)
    card = Card(said, padding=(2, 1.25), ground="accent_soft", border=None, radius=14, elevation=0)
    return Row(Space(width=_ASIDE), Space(grow=1), card, gap=0)


def _said_by_customer(turn: Turn, words: Words, direction: Direction, *, current: bool, protest: bool) -> tuple[Widget, Speech]:
    speech = Speech(turn.text, "lead" if current else "body", direction=direction)
    speech.upto = 0 if current else None
    ground, border = ("broken_soft", "broken") if protest else ("surface", "hairline")
    card = Card(speech, padding=(2.5, 1.75) if current else (2, 1.25), radius=14, ground=ground, border=border, elevation=1 if current else 0)
    row = Row(card, Space(width=0 if current else _ASIDE), gap=0)
    if not turn.heard:
        return row, speech
    heard = " ".join(words(f"said-{how}") for how in turn.heard)
    return Column(row, Label(heard, "small", ink="accent", align="end"), gap=0.5), speech
