"""The parts of a conversation, and where they stand: as usual, or closely where text is large. What they do is done by who plays."""

from __future__ import annotations

from collections.abc import Iterator
from functools import partial
from typing import get_args

from pygame import Rect

from servicesim.desktop.arrangement import Band, Card, Column, Row, Space
from servicesim.desktop.button import Button
from servicesim.desktop.cards import ReplyCard
from servicesim.desktop.desk import Desk
from servicesim.desktop.icons import IconName
from servicesim.desktop.label import Label, heading
from servicesim.desktop.look import Look
from servicesim.desktop.meter import Meter
from servicesim.desktop.playing import Playing
from servicesim.desktop.screens.board import Board
from servicesim.desktop.screens.channel import CLOSE, ROOMY, SMALL, SNUG, TIGHT, Channel, Cue, Parts
from servicesim.desktop.screens.chat import Chat
from servicesim.desktop.screens.email import Email
from servicesim.desktop.screens.face import Face
from servicesim.desktop.screens.in_person import InPerson
from servicesim.desktop.screens.interlude import Interlude
from servicesim.desktop.screens.keys import cap
from servicesim.desktop.screens.phone import Phone
from servicesim.desktop.screens.sheet import Sheet, trouble_card
from servicesim.desktop.screens.sign import Sign, looks
from servicesim.desktop.shelf import Opened
from servicesim.desktop.theme import Size
from servicesim.desktop.widget import Widget
from servicesim.desktop.wording import Words, direction_of
from servicesim.encounter import rules
from servicesim.encounter.events import Listening
from servicesim.encounter.situation import Feelings, Phase

CHANNELS: dict[str, type[Channel]] = {"in-person": InPerson, "phone": Phone, "chat": Chat, "email": Email}
_ICONS: dict[str, IconName] = {"go-on": "ear", "nod": "nod", "yes": "check", "no": "cross", "interrupt": "hand"}
_LARGE = 1.5  # times the usual size: from here on everything stands closely


class Furnished(Sheet):
    """The page of a conversation, without its play."""

    playing: Playing
    chosen = ""  # the reply that is being written

    def __init__(self, words: Words, desk: Desk, opened: Opened) -> None:
        super().__init__(words, desk)
        self.opened = opened
        self.script, self.scenario = opened.script, opened.script.scenario
        self.speaks = direction_of(self.scenario.locale)
        self.interlude: Interlude | None = None
        self._shown = ""  # what the replies and turns were made from

    # -- what the parts do ------------------------------------------------------------------------------------------

    def listen(self, how: Listening) -> None:
        """A small word, a nod, a yes or a no."""
        raise NotImplementedError

    def cut_in(self) -> None:
        """Speak now."""
        raise NotImplementedError

    def move_on(self) -> None:
        """Let the customer go on, in untimed play."""
        raise NotImplementedError

    def reply(self, id: str) -> None:
        """Give one of the replies."""
        raise NotImplementedError

    def take_up(self) -> None:
        """Take up the receiver."""
        raise NotImplementedError

    def pause(self, *, away: bool = False) -> None:
        """Let the clock stand."""
        raise NotImplementedError

    def look_back(self) -> None:
        """Show all that was said so far."""
        raise NotImplementedError

    def try_again(self) -> None:
        """Save once more."""
        raise NotImplementedError

    # -- where they stand -------------------------------------------------------------------------------------------

    def build(self) -> Widget:
        self._level = ROOMY
        self._make_parts()
        return self.arranged(self.parts)

    def arranged(self, parts: Parts) -> Column:
        """Band and channel, with these parts in it."""
        self._arranged = parts
        below = self.channel.lay_out(parts)
        self._show_line()
        return Column(self._band(), below, gap=0)

    def layout(self, look: Look, area: Rect) -> None:
        self._closest = ROOMY
        super().layout(look, area)

    def _place(self) -> None:
        """In the usual way if that does; else with less air, or as large text needs it, and then with smaller replies."""
        text = self._look.theme.text
        levels = (ROOMY, CLOSE) if text <= 1 else (TIGHT, SMALL) if text >= _LARGE else (ROOMY, CLOSE, TIGHT, SMALL)
        for level in levels:
            if level < self._closest:
                continue
            self._arrange(level)
            super()._place()
            if self._body is self.root and self.channel.fits:
                return

    _level = ROOMY
    _closest = ROOMY  # as closely as it had to be it stays, but for the size of the replies: nothing jumps to and fro

    def _arrange(self, level: int) -> None:
        if not isinstance(self.root, Column) or level == self._level:
            return
        self._level, self._closest = level, max(self._closest, min(level, TIGHT))
        self._show_band(level)
        self.listening.fill(*self._listening_rows())
        self._show_listening()
        for card in self.answers.children:
            if isinstance(card, ReplyCard):
                card.type_size, card.snug = self._reply_size, level in SNUG
        self.root.fill(self.root.children[0], self.channel.lay_out(self._arranged, level))
        self._show_line()

    def _show_band(self, level: int) -> None:
        """Large text leaves the band room for the name alone, and for the keys."""
        self.company.shown = level <= CLOSE
        if isinstance(self.root, Column) and isinstance(band := self.root.children[0], Band):
            band.padding = (5, 1.5) if level <= CLOSE else (3, 0.5)
        for button in self._band_buttons:
            button.text = button.name if level <= CLOSE else ""

    @property
    def _reply_size(self) -> Size:
        return "small" if self._level == SMALL else self.channel.reply_size

    def _show_line(self) -> None:
        self.channel.line("open" if self.interlude is None else "rings" if self.interlude.kind == "ring" else "held")

    # -- what they are ----------------------------------------------------------------------------------------------

    def _make_parts(self) -> None:
        words, name = self.words, self.scenario.customer.name
        feelings = self.felt or self.playing.situation.feelings
        still = not self.stage.theme.motion
        self.channel = CHANNELS[self.scenario.channel](words, self.opened, self.desk.faces, feelings, still=still)
        self.mood = words(looks(feelings), customer=name)
        self.timer = Label("", "body", ink="on_band_soft", align="end", width=176, shown=self._timed)
        self.patience = Meter(words("patience"), 1.0, words("patience-none"))
        self.hint = Label("", "body", ink="ink_soft")
        self.log = Column(gap=1.5, padding=(0, 1))
        self.answers = Column(gap=1.5)
        self.banner = Column(shown=False)
        self.buttons = {how: self._listening_button(how) for how in self.script.listening}
        self.speak = self._speak_button()
        self.next = self._next_button()
        self.parts = Parts(self.log, self.answers, self.banner, self.next, self._listening(), self.hint, self.patience, self.timer, Cue())
        self.board = Board(words, self.channel, self.parts)
        self._shown = ""

    @property
    def felt(self) -> Feelings | None:
        """How the customer feels, where the organisation's server has said it; while it is away, that rests."""
        return self.desk.organised.feelings(self.opened.attempt.id)

    @property
    def face(self) -> Face:
        """The customer's face."""
        return self.channel.face

    @property
    def _timed(self) -> bool:
        """Whether the time on the line is shown."""
        return self.scenario.channel == "phone" and not self.opened.attempt.untimed

    def _listening_button(self, how: str) -> Button:
        words, key, kind = self.words, self.stage.preferences.key(how), get_args(Listening)[get_args(Listening).index(how)]
        return Button(words(how), partial(self.listen, kind), icon=_ICONS[how], key=key, hint=cap(key), grow=1)

    def _speak_button(self) -> Button:
        written = not self.script.stations
        text = self.words("speak-chat" if written else "speak")
        key = self.stage.preferences.key("interrupt")
        return Button(text, self.cut_in, icon="hand", key=key, hint=cap(key), grow=1, shown=not self.script.written)

    def _next_button(self) -> Button:
        key = self.stage.preferences.key("move-on")
        return Button(self.words("next-segment"), self.move_on, kind="primary", icon="forward", key=key, hint=cap(key), shown=False)

    def _band(self) -> Band:
        scenario = self.scenario
        name = heading(scenario.customer.name, "lead", ink="on_band")
        self.company = Label(scenario.company, "body", ink="on_band_soft")
        practice = self.practice_chip(self.opened.attempt.practice)
        keys = self.stage.preferences
        back = Button(self.words("backlog"), self.look_back, kind="band", icon="book", hint=cap(keys.key("backlog")))
        pause = Button(self.words("pause"), self.pause, kind="band", icon="pause", hint=cap(keys.key("pause")))
        self._band_buttons = (back, pause)
        return Band(Sign(self.channel.icon, "on_band"), name, self.company, *practice, Space(grow=1), back, pause, gap=2)

    def _listening(self) -> Column:
        self.listening = Column(gap=1)
        self.listening.fill(*self._listening_rows())
        return self.listening

    def _listening_rows(self) -> Iterator[Widget]:
        if self.interlude is not None:
            text = "line-answer" if self.interlude.kind == "ring" else "line-return"
            yield Row(Button(self.words(text), self.take_up, kind="primary", icon="phone", key="enter", hint="Enter", grow=1))
            return
        if self._level > CLOSE:
            replying = self.answers.shown
            for button in self.buttons.values():
                button.text, button.grow = ("", 0) if replying else (button.name, 1)
            self.listening.grow = 0 if replying else 1
            yield Row(*self.buttons.values(), *(() if replying else (self.speak,)), gap=1)
            return
        self.listening.grow = 0
        for button in self.buttons.values():
            button.text, button.grow = button.name, 1
        for pair in (("go-on", "nod"), ("yes", "no")) if self.buttons else ():
            yield Row(*(self.buttons[how] for how in pair if how in self.buttons), gap=1)
        yield Row(self.speak)

    def _trouble(self, sentence: str) -> Card:
        again = Button(self.words("try-again"), self.try_again, kind="primary", icon="replay")
        return trouble_card(" ".join((self.words("not-saved"), sentence)), again)

    # -- what they show ---------------------------------------------------------------------------------------------

    def _card(self, number: int, id: str, text: str, *, deed: bool) -> ReplyCard:
        chosen = self.chosen == id
        text = f"[{text}]" if deed else text
        press, size = partial(self.reply, id), self._reply_size
        card = ReplyCard(number, text, press, direction=self.speaks, size=size, chosen=chosen, enabled=chosen or not self.chosen)
        card.snug = self._level in SNUG
        return card

    def _wake_buttons(self) -> None:
        situation = self.playing.situation
        offered = rules.listening_offered(situation)
        self.listening.fill(*self._listening_rows())
        self._show_listening()
        for how, button in self.buttons.items():
            button.enabled = how in offered
            button.kind = "primary" if how == "go-on" and button.enabled and situation.phase is Phase.PAUSING else "secondary"
        self.speak.enabled = rules.may_interrupt(situation)
        self.next.shown = rules.may_move_on(situation)
        self.patience.shown = self.playing.patience(self.stage.now()) is not None
        self.hint.text = self._hint(situation.phase)
        self.hint.shown = self.parts.cue.shown = bool(self.hint.text)

    def _show_listening(self) -> None:
        situation = self.playing.situation
        able = bool(rules.listening_offered(situation)) or rules.may_interrupt(situation)
        self.listening.shown = self.interlude is not None or (not situation.ended and (self._level <= CLOSE or able))

    def _hint(self, phase: Phase) -> str:
        """What is going on, where the buttons need a word about it."""
        words, name = self.words, self.scenario.customer.name
        if self.script.written or phase not in (Phase.SPEAKING, Phase.PAUSING):
            return ""
        situation = self.playing.situation
        if phase is Phase.PAUSING and "go-on" in rules.listening_offered(situation):
            return words("listen-now", customer=name)
        if rules.may_move_on(situation):
            return words("waits-for-you", customer=name)
        return words("listen") if self.script.stations else ""
