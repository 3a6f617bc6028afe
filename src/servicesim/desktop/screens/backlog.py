"""What was said so far, to be read at any time: the clock stands still, and nothing of it counts."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import replace

from servicesim.desktop.arrangement import Card, Column, Row, Space
from servicesim.desktop.button import Button
from servicesim.desktop.inputs import Gesture, KeyPressed, Scrolled
from servicesim.desktop.label import Label, heading
from servicesim.desktop.page import Dialogue
from servicesim.desktop.preferences import TEXT_SIZES
from servicesim.desktop.retold import Turn
from servicesim.desktop.screens.bubbles import note_of
from servicesim.desktop.screens.keys import cap
from servicesim.desktop.scroll import ScrollArea
from servicesim.desktop.stepper import Stepper
from servicesim.desktop.widget import Widget
from servicesim.desktop.wording import Words, direction_of

_WIDE = 880  # design units
_A_TURN = 0.5  # lines that the wheel turns at least where it is meant


class Backlog(Dialogue):
    """All turns, the newest at the end; the one that is being spoken as far as it was heard."""

    def __init__(self, words: Words, turns: Sequence[Turn], customer: str, locale: str, *, written: bool, on_text: Callable[[int], None]) -> None:
        super().__init__()
        self.words, self.turns, self.customer, self.written, self.on_text = words, turns, customer, written, on_text
        self.direction, self.speaks = words.direction, direction_of(locale)
        self.reword()

    def reword(self) -> None:
        self.title = self.words("backlog-title")

    # -- the page ---------------------------------------------------------------------------------------------------

    def first_focus(self) -> Widget | None:
        return self.back

    def build(self) -> Widget:
        words, preferences = self.words, self.stage.preferences
        key = preferences.key("backlog")
        self.back = Button(words("backlog-back"), self.dismiss, kind="primary", icon="back", key=key, hint=cap(key))
        self.text = Stepper(
            words("settings-text"), TEXT_SIZES, preferences.text, lambda number: words.percent(number / 100), self._sized,
            less=words("settings-smaller"), more=words("settings-larger"), close=True,
        )  # fmt: skip
        self.area = ScrollArea(Column(*self._told(), gap=2, padding=(0, 1)), grow=1, at_end=True, name=self.title)
        said = Label(words("backlog-said"), "small", ink="ink_soft", grow=1)
        card = Card(
            Row(heading(self.title, "title"), Space(grow=1), self.text), self.area, Row(said, self.back),
            padding=(4, 3), gap=2, elevation=3, grow=1, width=_WIDE,
        )  # fmt: skip
        return Column(card, padding=(4, 4), across="centre")

    def dismiss(self) -> None:
        """Back to the conversation."""
        self.stage.uncover()

    def press(self, gesture: Gesture) -> None:
        """The wheel turns what is read, wherever the pointer is; turned on at the end, it leads back."""
        if isinstance(gesture, Scrolled):
            self.area.takes(gesture)
            self.changed()
        else:
            super().press(gesture)

    def key(self, key: KeyPressed) -> bool:
        if key.key == "pagedown" and self.area.offset >= self.area.reach:
            self.dismiss()
            return True
        return super().key(key)

    def suited(self) -> None:
        self.rebuild()

    # -- what is shown ----------------------------------------------------------------------------------------------

    def _sized(self, number: int) -> None:
        self.on_text(number)
        self.stage.announce(self.text.value)

    def _told(self) -> Iterator[Widget]:
        if not self.turns:
            yield Label(self.words("backlog-none"), ink="ink_soft")
        for turn in self.turns:
            yield self._turn(turn)

    def _turn(self, turn: Turn) -> Widget:
        if turn.kind:
            return note_of(turn, self.words, "cut-in-chat" if self.written else "cut-in")
        if turn.who in ("scene", "play") or (turn.deed and turn.who != "trainee"):
            return Label(turn.text, "small", ink="ink_soft", align="centre", direction=self.speaks)
        ours = turn.who == "trainee"
        name = Label(self.words("backlog-you") if ours else self.customer, "small", bold=True, ink="accent" if ours else "ink_soft")
        said = Label(turn.text, "body", ink="ink_soft" if turn.deed else "ink", direction=self.speaks)
        parts: list[Widget] = [name, said]
        if turn.heard:
            words = " ".join(self.words(f"said-{how}") for how in turn.heard)
            parts.append(Label(words, "small", ink="accent", align="end"))
        return Column(*parts, gap=0.25)


def as_heard(turns: Sequence[Turn], live: int, upto: int | None) -> tuple[Turn, ...]:
    """The turns without what has not been said yet of the one that is being spoken."""
    if upto is None or live < 0:
        return tuple(turns)
    told = turns[live].text[:upto].rstrip()
    now = replace(turns[live], segments=(f"{told} …" if told else "…",), cut=False)
    return (*turns[:live], now, *turns[live + 1 :])


def turns_back(gesture: Gesture) -> bool:
    """Whether somebody wants to see what was before."""
    match gesture:
        case KeyPressed("pageup"):
            return True
        case Scrolled(_, lines):
            return lines <= -_A_TURN
        case _:
            return False
