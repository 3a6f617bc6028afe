"""In a chat: messages with their times, one after the other, and three dots while somebody types."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import datetime
from typing import ClassVar

from servicesim.desktop.access import Role
from servicesim.desktop.arrangement import Card, Column, Row, Space
from servicesim.desktop.canvas import Canvas
from servicesim.desktop.icons import IconName
from servicesim.desktop.label import Label, heading
from servicesim.desktop.look import Look
from servicesim.desktop.retold import Turn
from servicesim.desktop.screens.bubbles import Shaken, note_of
from servicesim.desktop.screens.channel import SMALL, Channel, Moment, Parts, Shrunk
from servicesim.desktop.screens.speech import Speech, draw_dots
from servicesim.desktop.widget import Widget
from servicesim.encounter.situation import Phase

_ASIDE = 120  # design units that a message leaves free at its other side


class Typing(Widget):
    """Three dots in a message that is being written."""

    role: ClassVar[Role] = "image"

    def __init__(self, name: str) -> None:
        super().__init__(name=name, width=30, height=20)
        self.seconds = 0.0

    def measure(self, look: Look, width: int) -> tuple[int, int]:
        return width, look.px(20)

    def draw(self, canvas: Canvas) -> None:
        inward = canvas.look.px(4)
        first = self.rect.right - inward if canvas.look.rtl else self.rect.x + inward
        draw_dots(canvas, (first, self.rect.centery), self.seconds, ink="outline")


class Chat(Channel):
    """A messenger's window; the customer is a small picture beside their name."""

    icon: ClassVar[IconName] = "chat"
    face_size: ClassVar[tuple[float, float]] = (168, 176)
    face_radius: ClassVar[float] = 20

    def arranged(self, parts: Parts) -> Widget:
        words, name = self.words, self.scenario.customer.name
        self._furnish()
        pictured = Label(words("pictured"), "caption", ink="ink_soft", align="centre")
        who = Column(Row(Space(grow=1), self.face, Space(grow=1), gap=0), Column(heading(name, "body", align="centre"), self.state, gap=0), pictured, gap=1)
        card = Card(who, padding=(2, 2.5), radius=16)
        beside = Column(card, parts.hint, parts.patience, Space(grow=1), parts.listening, gap=2, width=264)
        log = self.log_area(parts)
        window = Card(log, padding=(2.5, 1), radius=16, grow=1, elevation=0)
        talk = Column(parts.banner, window, parts.next, parts.answers, gap=2, grow=1)
        return Row(beside, talk, gap=4, padding=(5, 3), across="stretch", grow=1)

    def sight(self, level: int) -> Widget:
        self._furnish()
        if level == SMALL:
            return super().sight(level)
        return Column(Shrunk(self.face, 116), self.state, gap=0.5, across="centre")

    def _furnish(self) -> None:
        """What is seen of the one who types."""
        self.dots = Typing(self.words("typing", customer=self.scenario.customer.name))
        self.state = Label(self.words("online"), "small", ink="accent", align="centre")

    def tell(self, told: Sequence[Turn], live: int, moment: Moment) -> tuple[list[Widget], Speech | None]:
        widgets = list[Widget]()
        for place, turn in enumerate(told):
            here = place == live and not moment.over and moment.phase is Phase.SPEAKING
            sent = _sent(turn, moment) if here else len(turn.segments) - turn.half
            protest = place > 0 and turn.who == "customer" and told[place - 1].kind == "cut-in"
            widgets += self._messages(turn, sent, protest=protest)
            if here and not moment.untimed:
                widgets.append(_side(Card(self.dots, padding=(2, 1.25), radius=16, ground="sunk", border=None, elevation=0), ours=False))
        return widgets, None

    def _messages(self, turn: Turn, sent: int, *, protest: bool) -> Iterator[Widget]:
        if turn.kind:
            yield note_of(turn, self.words, "cut-in-chat")
        elif turn.who == "scene" or turn.deed:
            yield Label(turn.text, "small", ink="ink_soft", align="centre", direction=self.speaks)
        else:
            for number, text in enumerate(turn.segments[:sent]):
                last = number == min(sent, len(turn.segments)) - 1
                message = self._message(turn, text, protest=protest, time=self._time(turn) if last else "")
                if protest:
                    message = self.protest = Shaken(message)
                yield message

    def _message(self, turn: Turn, text: str, *, protest: bool, time: str) -> Widget:
        ours = turn.who == "trainee"
        said = Label(text, "body", direction=self.speaks)
        ground, border = ("accent_soft", None) if ours else ("broken_soft", "broken") if protest else ("sunk", None)
        card = Card(said, padding=(2, 1), radius=16, ground=ground, border=border, elevation=0)
        sent = (Label(time, "caption", ink="ink_soft", align="end" if ours else "start"),) if time else ()
        return Column(_side(card, ours=ours), *sent, gap=0.25)

    def _time(self, turn: Turn) -> str:
        when = datetime.fromtimestamp(self.opened.attempt.started / 1000 + turn.at)
        return self.words.digits(f"{when:%H:%M}")

    def live(self, moment: Moment) -> Iterator[Widget]:
        yield from super().live(moment)
        typing = moment.phase is Phase.SPEAKING and not moment.untimed
        said = self.words("is-typing" if typing else "online")
        if said != self.state.text:
            self.state.text = said
            yield self.state
        if typing and not self.still:
            self.dots.seconds = moment.now
            yield self.dots


def _sent(turn: Turn, moment: Moment) -> int:
    """How many messages of a turn have been sent while the next one is typed; untimed play shows each at once."""
    return max(0, moment.segment - turn.first + (1 if moment.untimed else 0))


def _side(card: Widget, *, ours: bool) -> Widget:
    """A message at its side."""
    return Row(Space(width=_ASIDE), Space(grow=1), card, gap=0) if ours else Row(card, Space(width=_ASIDE), gap=0)
