"""A conversation as it happened, played back in its own channel: to be looked at, and nothing else comes of it."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import TYPE_CHECKING, Literal

from servicesim.desktop.arrangement import Band, Card, Column, Row, Space
from servicesim.desktop.button import Button
from servicesim.desktop.chip import Chip
from servicesim.desktop.desk import Desk
from servicesim.desktop.glimpse import Glimpse
from servicesim.desktop.inputs import KeyPressed
from servicesim.desktop.label import Label, heading
from servicesim.desktop.meter import Meter
from servicesim.desktop.playback import Mark, Playback
from servicesim.desktop.retold import filled
from servicesim.desktop.screens.board import Board
from servicesim.desktop.screens.channel import ROOMY, TIGHT, Cue, Moment, Parts
from servicesim.desktop.screens.conversation import FRAME
from servicesim.desktop.screens.furnished import CHANNELS
from servicesim.desktop.screens.replay_bar import Flag, ReplayBar, Way, way_of
from servicesim.desktop.screens.replay_parts import IconButton, Offered, PlayButton
from servicesim.desktop.screens.sheet import Sheet, back_button
from servicesim.desktop.screens.sign import Sign, looks
from servicesim.desktop.scroll import ScrollArea
from servicesim.desktop.shelf import Opened
from servicesim.desktop.widget import Widget
from servicesim.desktop.wording import Words, direction_of
from servicesim.encounter.events import (
    Began,
    Ended,
    Event,
    Interrupted,
    Listened,
    ReplyChosen,
    SegmentBegan,
    SilenceFell,
    SpeechBegan,
    SpeechEnded,
    StationReached,
)
from servicesim.encounter.situation import Phase

if TYPE_CHECKING:
    from servicesim.desktop.looking_back import Run

SPEEDS = (0.5, 1.0, 2.0, 4.0)
SAID = 96  # design units that are seen of what was said, beside the line
LARGE = 1.4  # text from which on the parts stand closer together


class Replay(Sheet):
    """A run, played back from any event. `on_back` leads to where one came from."""

    def __init__(
        self, words: Words, desk: Desk, run: Run, on_back: Callable[[], None], *, number: int | None = None, frame: float = FRAME
    ) -> None:
        super().__init__(words, desk)
        assert run.attempt is not None
        self.run, self.on_back, self.script, self.scenario = run, on_back, run.script, run.script.scenario
        self.reword()
        self.speaks = direction_of(self.scenario.locale)
        trainee = desk.person.name if desk.person else ""
        self._fill, self._frame = filled(run.script, trainee), frame
        self.playback = Playback(run.script, run.events, trainee)
        # What is still open in an unfinished attempt is not judged, scored play shows nothing before its end, a warm-up nothing at all.
        judged = bool(run.events) and isinstance(run.events[-1], Ended) and not self.scenario.unscored
        self.marks: tuple[Mark, ...] = self.playback.marks(run.assessment) if judged else ()
        self.time = self.playback.time_of(number) if number is not None else 0.0
        self.running = False
        self.speed = 1.0
        self._before = 0.0
        self._shown: int | None = None  # the stop that is shown

    # -- the page ---------------------------------------------------------------------------------------------------

    def build(self) -> Widget:
        self._make_parts()
        # What moves the replay stays in sight, however large the text is.
        level = TIGHT if self.stage.theme.text >= LARGE else ROOMY
        self.area = ScrollArea(self.board.channel.lay_out(self.board.parts, level), name=self.title)
        return Column(self._band(), self.area, self._foot(), gap=0)

    def reword(self) -> None:
        self.title = self.words("replay-title", customer=self.scenario.customer.name)

    def entered(self) -> None:
        self._before = self.stage.now()
        self._show()

    def rebuild(self) -> None:
        super().rebuild()
        self._show()

    def suited(self) -> None:
        self.rebuild()

    def uncovered(self) -> None:
        self._before = self.stage.now()

    def first_focus(self) -> Widget | None:
        return self.play

    def ahead(self) -> bool:
        return self.board.channel.face.ahead(self._look)

    def tick(self, now: float) -> float | None:
        if self.running:
            self._go_to(self.time + (now - self._before) * self.speed)
        self._before = now
        self._show()
        glimpse, moment = self.playback.glimpse(self.time), self._moment(now)
        board = self.board
        moved = [*self._sweep(glimpse), *board.channel.live(moment), *board.tell_time(glimpse), *self._tell_place()]
        if self._follow():
            moved.append(board.channel.area)
        self.changed(*(moved or [board.parts.cue]))
        if self.running or not board.channel.face.settled:
            return now + self._frame
        return now + max(self._frame, board.channel.face.changes_in(now))

    def key(self, key: KeyPressed) -> bool:
        way = way_of(key.key, shift=key.shift, rtl=self.words.direction == "rtl")
        if way is not None and key.key in ("left", "right"):
            self.step(way)
            return True
        if key.key == "escape":
            self.on_back()
            return True
        return False

    def _moment(self, now: float) -> Moment:
        """While it stands still, nobody speaks and nobody starts."""
        moment = self.board.moment(self.playback.glimpse(self.time), now)
        return moment if self.running else moment._replace(speaking=False, since_cut=None)

    # -- what is done -----------------------------------------------------------------------------------------------

    def play_or_pause(self) -> None:
        """Go on, or stand still; from the end it begins anew."""
        if not self.running and self.time >= self.playback.end:
            self._go_to(0.0)
        self.running = not self.running
        self._before = self.stage.now()
        self._say_play()
        self.stage.tick_soon()

    def step(self, way: Way) -> None:
        """Stand still at another event."""
        self._stand()
        stops, place = self.playback.stops, self.playback.place(self.time)
        match way:
            case "begin":
                self._go_to(0.0)
            case "end":
                self._go_to(self.playback.end)
            case "on":
                self._go_to(stops[min(place + 1, len(stops) - 1)].starts)
            case "back":
                # From the middle of what is said, first to its beginning.
                here = stops[place].starts
                self._go_to(here if self.time > here + 0.5 else stops[max(0, place - 1)].starts)
            case "mark-on":
                self._go_to(next((mark.time for mark in self.marks if mark.time > self.time + 1e-6), self.playback.end))
            case "mark-back":
                self._go_to(next((mark.time for mark in reversed(self.marks) if mark.time < self.time - 1e-6), 0.0))
        self._show()
        self.stage.announce(self._said())

    def seek(self, share: float) -> None:
        """Go to a share of the whole."""
        self._go_to(share * self.playback.end)
        self._show()
        self.stage.tick_soon()

    def at_speed(self, by: int) -> None:
        """Slower or faster."""
        self.speed = SPEEDS[max(0, min(SPEEDS.index(self.speed) + by, len(SPEEDS) - 1))]
        self._say_speed()
        self.changed(moved=True)

    def _stand(self) -> None:
        if self.running:
            self.running = False
            self._say_play()

    def _go_to(self, time: float) -> None:
        self.time = min(self.playback.end, max(0.0, time))
        if self.running and self.time >= self.playback.end:
            self._stand()

    # -- what is shown ----------------------------------------------------------------------------------------------

    def _show(self) -> None:
        """Bring the page to this time, where another event has come."""
        place = self.playback.place(self.time)
        if place == self._shown:
            return
        self._shown = place
        now, glimpse = self.stage.now(), self.playback.glimpse(self.time)
        self.board.tell(glimpse, now)
        list(self._sweep(glimpse))
        self._show_choices()
        parts, situation = self.board.parts, glimpse.situation
        parts.patience.shown = situation.phase is Phase.WAITING and not (situation.untimed or self.script.written)
        self.state.fill(*self._state())
        list(self._tell_place())
        list(self.board.tell_time(glimpse))
        self.changed(moved=True)
        if self.area.reach:
            self.area.reveal((parts.answers if parts.answers.shown else parts.log).rect)
        self._follow()

    def _sweep(self, glimpse: Glimpse) -> Iterator[Widget]:
        """As much as has been said; standing before the first word, dots tell that somebody is about to speak."""
        yield from self.board.sweep(glimpse)
        speech = self.board.speech
        if speech is not None and speech.upto == 0 and not self.running:
            speech.pausing = 0.0

    def _follow(self) -> bool:
        """Let the words be seen that are being said, where they are more than fits."""
        speech = self.board.speech
        return speech is not None and self.board.channel.follow(speech, self._look)

    def _show_choices(self) -> None:
        offered, chosen = self.playback.choices(self.time)
        said, size = self.words("replay-chosen"), self.board.channel.reply_size
        self.board.parts.answers.shown = bool(offered)
        self.board.parts.answers.fill(*(
            Offered(
                number, self._worded(option.reply.words, deed=option.reply.do is not None), said=said, direction=self.speaks,
                size=size, chosen=option.reply.id == chosen, enabled=not chosen or option.reply.id == chosen,
            )
            for number, option in enumerate(offered, 1)
        ))  # fmt: skip

    def _worded(self, words: str, *, deed: bool) -> str:
        return f"[{self._fill(words)}]" if deed else self._fill(words)

    def _state(self) -> Iterator[Widget]:
        """How the event was judged, as far as there is room for it; else what it was."""
        verdicts = list(self._verdicts())
        most = 1 if self.stage.theme.text >= LARGE else 3  # on one line: the line above must not move
        for title, verdict in verdicts[:most]:
            yield Chip(title, verdict)
        if len(verdicts) > most:
            yield Chip(self.words("replay-more", count=len(verdicts) - most))
        if not verdicts:
            yield Label(self._event(), "small", ink="ink_soft")

    def _verdicts(self) -> Iterator[tuple[str, Literal["kept", "broken"]]]:
        """What was judged by this event: the principle's title, what was broken first."""
        happened, taught = self.playback.happened(self.time), self.words.taught(self.script).principles
        marks = dict.fromkeys((mark.verdict, mark.principle) for mark in self.marks if mark.number in happened)
        for verdict, name in sorted(marks):
            yield taught[name].title, verdict

    def _said(self) -> str:
        """What a screen reader hears when one steps here."""
        glimpse = self.playback.glimpse(self.time)
        spoken = glimpse.turns[-1].text if glimpse.turns else ""
        judged = (self.words(f"replay-{verdict}", principle=title) for title, verdict in self._verdicts())
        return " ".join(part for part in (self._event(), *judged, spoken) if part)

    def _event(self) -> str:
        words, name = self.words, self.scenario.customer.name
        event = self.run.events[self.playback.happened(self.time)[-1]]
        match event:
            case Listened(_, how):
                return words(f"said-{how}")
            case Interrupted():
                return words("cut-in" if self.scenario.channel != "chat" else "cut-in-chat")
            case SilenceFell():
                return words("silence-fell")
            case _:
                return words(_EVENTS[type(event)], customer=name)

    def _tell_place(self) -> Iterator[Widget]:
        """Where one is, on the line and in numbers."""
        share = self.time / self.playback.end if self.playback.end else 1.0
        clock = self.words.clock(self.playback.clock(self.time))
        if share != self.bar.share:
            self.bar.share = share
            yield self.bar
        self.bar.words = self.words("replay-at", at=clock, end=self._lasted())
        if clock != self.clock.text:
            self.clock.text = clock
            yield self.clock

    def _lasted(self) -> str:
        return self.words.clock(self.run.events[-1].at)

    # -- the parts --------------------------------------------------------------------------------------------------

    def _make_parts(self) -> None:
        words, attempt = self.words, self.run.attempt
        assert attempt is not None
        situation = self.playback.glimpse(self.time).situation
        still = not self.stage.theme.motion
        channel = CHANNELS[self.scenario.channel](words, Opened(self.script, attempt), self.desk.faces, situation.feelings, still=still)
        channel.least = SAID
        channel.face.name = words(looks(situation.feelings), customer=self.scenario.customer.name)
        timed = self.scenario.channel == "phone" and not attempt.untimed
        parts = Parts(
            Column(gap=1.5, padding=(0, 1)), Column(gap=1.5), Column(shown=False), Button("", shown=False), Column(shown=False),
            Label("", shown=False), Meter(words("patience"), 1.0, words("patience-none")),
            Label("", "body", ink="on_band_soft", align="end", width=176, shown=timed), Cue(),
        )  # fmt: skip
        parts.cue.shown = False  # nothing can be done in the pause
        self.board, self._shown = Board(words, channel, parts), None

    def _band(self) -> Band:
        scenario, attempt = self.scenario, self.run.attempt
        name = heading(scenario.customer.name, "lead", ink="on_band")
        replay = Label(self.words("replay"), "body", ink="on_band_soft")
        practice = self.practice_chip(attempt is not None and attempt.practice and not scenario.unscored)
        if scenario.unscored:
            practice = (Chip(self.words("history-unscored"), "accent", icon="ear"),)
        back = back_button(self.words, self.on_back)
        return Band(Sign(self.board.channel.icon, "on_band"), name, replay, *practice, Space(grow=1), *self.settings_button(), back, gap=2)

    def _foot(self) -> Card:
        """What moves the replay."""
        words = self.words
        timed = not self.script.written  # letters take no time
        self.clock = Label("", "small", bold=True, width=52, shown=timed)
        self.bar = ReplayBar(
            words("replay-line"), self.seek, self.step, about=self._about_line(), flags=[*self._flags()], replies=[*self._replies()]
        )
        whole = Label(self._lasted(), "small", ink="ink_soft", width=52, align="end", shown=timed)
        self.play = PlayButton(words, self.play_or_pause)
        back = IconButton("", lambda: self.step("back"), icon="back", name=words("replay-back"))
        on = IconButton("", lambda: self.step("on"), icon="forward", name=words("replay-on"))
        self.state = Row(gap=1, grow=1, wraps=True)
        self.play.show(running=self.running)
        line = Row(self.clock, self.bar, whole, gap=1.5)
        moves = Row(self.play, Row(back, on, gap=1, whole=True), self.state, self._speeds(), gap=2)
        return Card(line, moves, gap=1, padding=(5, 1.5), radius=0, border=None, elevation=2)

    def _speeds(self) -> Row:
        self.number = Label("", "body", bold=True, align="centre", width=64)
        self.slower = Button("−", lambda: self.at_speed(-1), name=self.words("slower"), width=44)
        self.faster = Button("+", lambda: self.at_speed(1), name=self.words("faster"), width=44)
        self._say_speed()
        return Row(self.slower, self.number, self.faster, gap=1, whole=True, name=self.words("replay-speed"))

    def _say_speed(self) -> None:
        self.number.text = self.words("speed-value", times=self.speed)
        self.slower.enabled, self.faster.enabled = self.speed > SPEEDS[0], self.speed < SPEEDS[-1]

    def _say_play(self) -> None:
        self.play.show(running=self.running)
        self.changed(moved=True)

    def _flags(self) -> Iterator[Flag]:
        whole = self.playback.end or 1.0
        return (Flag(mark.time / whole, mark.verdict) for mark in self.marks)

    def _replies(self) -> Iterator[float]:
        whole = self.playback.end or 1.0
        for number, event in enumerate(self.run.events):
            if isinstance(event, ReplyChosen):
                yield self.playback.time_of(number) / whole

    def _about_line(self) -> str:
        kept = sum(mark.verdict == "kept" for mark in self.marks)
        return self.words("replay-line-about", kept=kept, broken=len(self.marks) - kept)


_EVENTS: dict[type[Event], str] = {
    Began: "replay-begins",
    SpeechBegan: "replay-speaks",
    StationReached: "replay-pauses",
    SegmentBegan: "replay-goes-on",
    SpeechEnded: "replay-waits",
    ReplyChosen: "replay-replied",
    Ended: "replay-over",
}
