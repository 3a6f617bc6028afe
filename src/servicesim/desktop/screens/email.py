"""By e-mail: the letter on one side with the thread quoted below it, what we write on the other. No clock runs."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import datetime
from typing import ClassVar

from servicesim.desktop.arrangement import Card, Column, Divider, Row
from servicesim.desktop.canvas import Canvas
from servicesim.desktop.icons import IconName
from servicesim.desktop.label import Label, heading
from servicesim.desktop.look import Look
from servicesim.desktop.retold import Turn
from servicesim.desktop.safe_text import safe_text
from servicesim.desktop.screens.channel import CLOSE, Channel, Moment, Parts
from servicesim.desktop.screens.sign import Sign
from servicesim.desktop.screens.speech import Speech
from servicesim.desktop.scroll import ScrollArea
from servicesim.desktop.theme import Size
from servicesim.desktop.widget import Widget


class Margin(Widget):
    """The line beside what is quoted."""

    def measure(self, look: Look, width: int) -> tuple[int, int]:
        return width, 0

    def draw(self, canvas: Canvas) -> None:
        canvas.rule(self.rect, canvas.look.colours.outline)


class Email(Channel):
    """A mail program: the newest letter on top."""

    icon: ClassVar[IconName] = "mail"
    face_size: ClassVar[tuple[float, float]] = (72, 78)
    face_radius: ClassVar[float] = 14
    at_end: ClassVar[bool] = False
    reply_size: ClassVar[Size] = "small"  # a letter is long, and one wants to see all that one could write

    def arranged(self, parts: Parts) -> Widget:
        words, scenario = self.words, self.scenario
        inbox = Row(Sign("mail", "accent", side=20), heading(words("mail-inbox"), "body"), gap=1)
        log = self.log_area(parts)
        read = Column(inbox, Card(log, padding=(3, 1.5), radius=16, grow=1), gap=1.5, grow=1)
        to = Row(Label(words("mail-to"), "small", ink="ink_soft"), Label(scenario.customer.name, "small", bold=True, grow=1), gap=1)
        about = Row(Label(words("mail-subject"), "small", ink="ink_soft"), Label(self._subject(answer=True), "small", grow=1), gap=1)
        close = self.level == CLOSE
        head = (Row(to, about, gap=3),) if close else (to, Divider(), about)
        write = Column(
            Row(Sign("chat", "accent", side=20), heading(words("mail-answer"), "body"), gap=1),
            parts.banner,
            Card(*head, padding=(2.5, 1 if close else 1.5), gap=1, radius=12, elevation=0),
            parts.next,
            self._answers(parts),
            gap=1 if close else 1.5, grow=1.3 if close else 1.05,
        )  # fmt: skip
        return Row(read, write, gap=4, padding=(5, 2.5), across="stretch", grow=1)

    def tightly(self, parts: Parts, level: int) -> Widget:
        self.replies = None
        return Column(parts.banner, self.log_area(parts), parts.next, parts.answers, gap=1, padding=(3, 1.5), grow=1)

    replies: ScrollArea | None = None

    def _answers(self, parts: Parts) -> ScrollArea:
        self.replies = ScrollArea(Column(parts.answers, padding=(0, 0.5)), grow=1, name=self.words("mail-answer"))
        return self.replies

    @property
    def fits(self) -> bool:
        return self.replies is None or not self.replies.reach

    def tell(self, told: Sequence[Turn], live: int, moment: Moment) -> tuple[list[Widget], Speech | None]:
        newest = max((place for place, turn in enumerate(told) if turn.who == "customer"), default=-1)
        widgets = list[Widget]()
        if newest >= 0:
            widgets += self._letter(told[newest])
        asides = [turn for turn in told[_last_of_ours(told) + 1 :] if turn.who == "scene"]
        widgets += [self._aside(turn) for turn in asides]
        quoted = [turn for place, turn in enumerate(told) if place != newest and turn.who in ("customer", "trainee")]
        widgets += [self._quoted(turn) for turn in reversed(quoted)]
        return widgets, None

    def _letter(self, turn: Turn) -> Iterator[Widget]:
        name = Label(self.scenario.customer.name, "body", bold=True)
        company = Label(self.words("mail-to-company", company=self.scenario.company), "small", ink="ink_soft")
        date = Label(self._time(turn), "small", ink="ink_soft", align="end")
        yield Label(self._subject(), "lead", bold=True, direction=self.speaks, heading=True)
        yield Row(self.face, Column(name, company, gap=0, grow=1), date, gap=2)
        yield Divider()
        yield Column(*(Label(part, "body", direction=self.speaks) for part in turn.segments), gap=1.5, padding=(0, 0.5))

    def _aside(self, turn: Turn) -> Widget:
        said = Label(turn.text, "small", ink="ink_soft", direction=self.speaks, grow=1)
        return Row(Sign("info", "ink_soft", side=18), said, gap=1, across="start")

    def _quoted(self, turn: Turn) -> Widget:
        who = self.words("mail-you-wrote") if turn.who == "trainee" else self.words("mail-wrote", customer=self.scenario.customer.name)
        head = Label(f"{self._time(turn)} · {who}", "caption", ink="ink_soft", direction=self.words.direction)
        said = [Label(part, "small", ink="ink_soft", direction=self.speaks) for part in turn.segments]
        return Row(Margin(width=3), Column(head, *said, gap=0.5, grow=1), gap=1.5, across="stretch")

    def _subject(self, *, answer: bool = False) -> str:
        title = safe_text(self.scenario.title)
        return self.words("mail-re", title=title) if answer else title

    def _time(self, turn: Turn) -> str:
        when = datetime.fromtimestamp(self.opened.attempt.started / 1000 + turn.at)
        return self.words.digits(f"{when:%H:%M}")


def _last_of_ours(told: Sequence[Turn]) -> int:
    return max((place for place, turn in enumerate(told) if turn.who == "trainee"), default=-1)
