"""The conversation: the customer speaks, the trainee listens, then answers. Nothing here knows about scores."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from functools import partial
from typing import TYPE_CHECKING, get_args

from pygame import Rect

from servicesim.desktop.arrangement import Band, Card, Column, Row, Space
from servicesim.desktop.button import Button
from servicesim.desktop.cards import ReplyCard
from servicesim.desktop.desk import Desk, Opened
from servicesim.desktop.foley import puts_on_hold
from servicesim.desktop.glimpse import Glimpse, told
from servicesim.desktop.hearing import Fetched, Hearing
from servicesim.desktop.icons import IconName
from servicesim.desktop.inputs import Gesture, KeyPressed
from servicesim.desktop.label import Label, heading
from servicesim.desktop.look import Look
from servicesim.desktop.meter import Meter
from servicesim.desktop.playing import Playing
from servicesim.desktop.retold import Turn, filled
from servicesim.desktop.screens.backlog import Backlog, as_heard, turns_back
from servicesim.desktop.screens.board import Board
from servicesim.desktop.screens.channel import ROOMY, SMALL, TIGHT, Channel, Cue, Moment, Parts
from servicesim.desktop.screens.chat import Chat
from servicesim.desktop.screens.email import Email
from servicesim.desktop.screens.face import Face
from servicesim.desktop.screens.in_person import InPerson
from servicesim.desktop.screens.interlude import Interlude, Kind
from servicesim.desktop.screens.keys import cap
from servicesim.desktop.screens.paused import Paused
from servicesim.desktop.screens.phone import Phone
from servicesim.desktop.screens.sheet import Sheet, trouble_card
from servicesim.desktop.screens.sign import Sign, looks
from servicesim.desktop.screens.speech import Speech
from servicesim.desktop.scroll import ScrollArea
from servicesim.desktop.theme import Size
from servicesim.desktop.widget import Widget
from servicesim.desktop.wording import Words, direction_of
from servicesim.encounter import rules
from servicesim.encounter.events import Listening
from servicesim.encounter.situation import Phase
from servicesim.errors import NotOffered

if TYPE_CHECKING:
    from servicesim.desktop.stage import Stage

FRAME = 1 / 30  # seconds from one picture to the next while something moves
_LARGE = 1.5  # times the usual size: from here on everything stands closely
IDLE = 0.2  # while only the patience runs out and the eyes blink
CHANNELS: dict[str, type[Channel]] = {"in-person": InPerson, "phone": Phone, "chat": Chat, "email": Email}
_ICONS: dict[str, IconName] = {"go-on": "ear", "nod": "nod", "yes": "check", "no": "cross", "interrupt": "hand"}


class Conversation(Sheet):
    """One attempt, played. What is shown is always what the disk already holds."""

    def __init__(
        self, words: Words, desk: Desk, opened: Opened, on_ended: Callable[[Playing], None], on_left: Callable[[], None],
        *, pace: float = 1.0, frame: float = FRAME,
    ) -> None:  # fmt: skip
        super().__init__(words, desk)
        self.opened, self.on_ended, self.on_left = opened, on_ended, on_left
        self.script, self.scenario = opened.script, opened.script.scenario
        self.reword()
        self.speaks = direction_of(self.scenario.locale)
        self.trainee = desk.person.name if desk.person else ""
        self._pace, self._frame = pace, frame
        self._told: list[Turn] = []
        self._shown = ""  # what the replies and turns were made from
        self.interlude: Interlude | None = None

    # -- the page ---------------------------------------------------------------------------------------------------

    def enter(self, stage: Stage) -> None:
        self.playing = Playing(
            self.script, self.opened.attempt, self.desk.pen, soon=stage.soon, changed=self.written,
            pace=self._pace, kept=self.opened.lines,
        )  # fmt: skip
        self.hearing = Hearing(stage.sounds, self.script, len(self.playing.events), self._fetch)
        super().enter(stage)

    def entered(self) -> None:
        if self.scenario.channel == "phone" and not self.playing.events:
            self._begin_interlude("ring")
        else:
            self.playing.go(self.stage.now())
        self.refresh()

    def left(self) -> None:
        self.hearing.leave()
        super().left()

    def suited(self) -> None:
        self.rebuild()

    def reword(self) -> None:
        self.title = self.words("conversation-title", customer=self.scenario.customer.name)

    def rebuild(self) -> None:
        super().rebuild()
        self.refresh()

    def covered(self) -> None:
        self.playing.pause(self.stage.now())
        self.hearing.rest(self.playing.situation)
        self.stage.sounds.said_enough()

    def uncovered(self) -> None:
        if self.interlude is not None:
            self._begin_interlude(self.interlude.kind, heard=False)
        else:
            self.playing.go(self.stage.now())
        self.refresh()

    def away(self) -> None:
        if not (self.playing.ended or self.playing.situation.untimed or self.script.written):
            self.pause(away=True)

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
        self._is_tight = False
        super().layout(look, area)

    def _place(self) -> None:
        """In the usual way if that does; else as large text needs it, and then with smaller replies."""
        text = self._look.theme.text
        for level in (ROOMY,) if text <= 1 else (TIGHT, SMALL) if self._is_tight or text >= _LARGE else (ROOMY, TIGHT, SMALL):
            self._arrange(level)
            super()._place()
            if self._body is self.root and self.channel.fits:
                return

    _level = ROOMY
    _is_tight = False  # once it had to be, it stays so: nothing jumps to and fro

    def _arrange(self, level: int) -> None:
        if not isinstance(self.root, Column) or level == self._level:
            return
        self._level, self._is_tight = level, level > ROOMY
        self._show_band(level)
        self.listening.fill(*self._listening_rows())
        for card in self.answers.children:
            if isinstance(card, ReplyCard):
                card.type_size, card.snug = self._reply_size, level == SMALL
        self.root.fill(self.root.children[0], self.channel.lay_out(self._arranged, level))
        self._show_line()

    def _show_band(self, level: int) -> None:
        """Large text leaves the band room for the name alone, and for the keys."""
        self.company.shown = level == ROOMY
        if isinstance(self.root, Column) and isinstance(band := self.root.children[0], Band):
            band.padding = (5, 1.5) if level == ROOMY else (3, 0.5)
        for button in self._band_buttons:
            button.text = button.name if level == ROOMY else ""

    @property
    def _reply_size(self) -> Size:
        return "small" if self._level == SMALL else self.channel.reply_size

    def key(self, key: KeyPressed) -> bool:
        if key.key == self.stage.preferences.key("pause"):
            self.pause()
        elif key.key == self.stage.preferences.key("backlog"):
            self.look_back()
        else:
            return False
        return True

    def press(self, gesture: Gesture) -> None:
        """Page up and the wheel lead further back than what can be scrolled to: to all that was said."""
        if turns_back(gesture) and not any(area.offset for area in self.widgets() if isinstance(area, ScrollArea)):
            self.look_back()
        else:
            super().press(gesture)

    def tick(self, now: float) -> float | None:
        if self.interlude is not None and now >= self.interlude.until:
            self.take_up()
        self.playing.tick(now)
        self.refresh()
        if self.interlude is not None or self.playing.trouble:
            self.hearing.rest(self.playing.situation)
        else:
            self.hearing.play(self.playing.situation, self.playing.clock.now(now), now)
        glimpse, moment = self._glimpse(now), self.moment(now)
        followed = self._speech is not None and self.channel.follow(self._speech, self._look)
        moved = [*self.board.sweep(glimpse), *self.channel.live(moment), *self.board.tell_time(glimpse)]
        if followed:
            moved.append(self.channel.area)
        self.changed(*(moved or [self.parts.cue]))  # a tick that names nothing would draw the whole page
        return self._next_tick(moment)

    def moment(self, now: float) -> Moment:
        """What can be seen and heard now."""
        moment = self.board.moment(self._glimpse(now), now)
        return moment._replace(speaking=False) if self.playing.trouble else moment

    def _glimpse(self, now: float) -> Glimpse:
        playing = self.playing
        at = playing.events[-1].at if playing.ended else playing.clock.now(now)
        return Glimpse(self.script, playing.situation, at, tuple(self._told))

    @property
    def _speech(self) -> Speech | None:
        return self.board.speech

    def _next_tick(self, moment: Moment) -> float:
        """Each frame while something moves; else when the patience has shrunk visibly, or the face moves by itself."""
        playing, now = self.playing, moment.now
        if self.interlude is not None:
            return min(self.interlude.until, now + self._frame)
        if playing.busy or (self.channel.moves(moment) and not playing.trouble):
            return now + self._frame
        due = playing.due_in(now)
        soon = self.face.changes_in(now)
        if due is not None:
            soon = min(soon, due, max(self._frame, IDLE))
        if self.hearing.next is not None:
            soon = min(soon, self.hearing.next - now)
        return now + max(self._frame / 4, soon)

    def ahead(self) -> bool:
        return self.face.ahead(self._look)

    # -- what is done -----------------------------------------------------------------------------------------------

    def pause(self, *, away: bool = False) -> None:
        """Let the clock stand."""
        if not self.playing.ended:
            self.stage.cover(Paused(self.words, self.leave_for_later, practice=self.opened.attempt.practice, away=away))
        else:
            self.on_ended(self.playing)

    def look_back(self) -> None:
        """All that was said so far; the clock stands, and nothing of it counts."""
        glimpse = self._glimpse(self.stage.now())
        told = as_heard(self._told, glimpse.live, None if self.playing.ended else glimpse.upto)
        customer = self.scenario.customer.name
        self.stage.cover(Backlog(self.words, told, customer, self.scenario.locale, written=not self.script.stations, on_text=self._size_text))

    def _size_text(self, percent: int) -> None:
        preferences = self.stage.preferences.but(text=percent)
        self.stage.suit(preferences)
        learner = self.desk.person.learner if self.desk.person else ""
        self.ask(lambda: self.desk.prefer(preferences, learner), lambda _: None)

    def _begin_interlude(self, kind: Kind, *, heard: bool = True) -> None:
        """The telephone rings, or the caller is held: the clock stands."""
        now = self.stage.now()
        self.playing.pause(now)
        self.hearing.rest(self.playing.situation)
        self.interlude = Interlude.begun(kind, now)
        self._show_line()
        self._shown = ""
        if heard:
            self.stage.sounds.play(kind)

    def _show_line(self) -> None:
        self.channel.line("open" if self.interlude is None else "rings" if self.interlude.kind == "ring" else "held")

    def take_up(self) -> None:
        """The receiver is taken up, at once or after a while: the encounter goes on."""
        if self.interlude is not None:
            self.interlude = None
            self._show_line()
            self._shown = ""
            self.stage.sounds.play("hold")
            self.playing.go(self.stage.now())
            self.refresh()

    def leave_for_later(self) -> None:
        """Leave; everything is on disk already."""
        self.on_left()

    def written(self) -> None:
        """The disk holds what was done last, or could not take it."""
        if not self._gone:
            self.stage.tick_soon()

    def listen(self, how: Listening) -> None:
        """A small word, a nod, a yes or a no."""
        self._do(partial(self.playing.listen, how))

    def cut_in(self) -> None:
        """Speak now."""
        self._do(self.playing.interrupt)

    def move_on(self) -> None:
        """Let the customer go on, in untimed play."""
        self._do(self.playing.move_on)

    def reply(self, id: str) -> None:
        """Give one of the replies."""
        if not self.playing.busy:
            self.chosen = id
            self._do(partial(self.playing.reply, id))

    def try_again(self) -> None:
        """Save once more."""
        self.playing.go(self.stage.now())
        self.refresh()

    def _fetch(self, lasts: Mapping[str, float], fetched: Fetched) -> None:
        self.ask(lambda: self.desk.voices(self.script, lasts), fetched)

    def _do(self, move: Callable[[float], None]) -> None:
        try:
            move(self.stage.now())
        except NotOffered:
            return  # the clock was quicker than the hand
        finally:
            self.refresh()

    # -- what is shown ----------------------------------------------------------------------------------------------

    def refresh(self) -> None:
        """Bring the page up to date with the situation."""
        situation, playing = self.playing.situation, self.playing
        state = (len(playing.events), playing.busy and self.chosen, bool(playing.trouble), situation.phase)
        if str(state) == self._shown:
            return
        self._shown = str(state)
        if not playing.busy:
            self.chosen = ""
        for event in self.hearing.follow(playing.events, situation, self.stage.now()):
            if puts_on_hold(self.script, event) and not playing.ended:
                self._begin_interlude("hold")
        self._fill_log()
        self._fill_answers()
        self._wake_buttons()
        trouble = self.words.failure(playing.trouble) if playing.trouble else ""
        self.banner.shown = bool(trouble)
        self.banner.fill(*((self._trouble(trouble),) if trouble else ()))
        if self.focus.widget not in list(self.widgets()):
            self.focus.give(None, ring=False)  # a reply that is no longer offered
        self.changed(moved=True)

    chosen = ""

    def _make_parts(self) -> None:
        words, name = self.words, self.scenario.customer.name
        feelings = self.playing.situation.feelings
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
        if self._level > ROOMY:
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

    def _fill_log(self) -> None:
        playing, before, now = self.playing, self._told, self.stage.now()
        self._told = told(self.script, playing.events, playing.situation, self.trainee)
        self.board.tell(self._glimpse(now), now)
        if self.interlude is not None and not self._told and (seen := self.script.stages[self.script.start].scene.do):
            self.log.fill(Label(filled(self.script, self.trainee)(seen), "small", ink="ink_soft", align="centre", direction=self.speaks))
        for turn in self._told:
            if turn.text and turn not in before:
                self.stage.announce(turn.text)
        glimpse = self._glimpse(now)
        list((*self.board.sweep(glimpse), *self.board.tell_time(glimpse)))  # all is drawn anew

    def _fill_answers(self) -> None:
        playing = self.playing
        self.answers.shown = playing.ended or bool(rules.offered(playing.situation))
        if playing.ended:
            see = Button(self.words("to-debrief"), lambda: self.on_ended(playing), kind="primary", icon="forward", key="enter", hint="Enter")
            self.answers.fill(Row(Space(grow=1), see))
            return
        fill = filled(self.script, self.trainee)
        offered = enumerate(rules.offered(playing.situation), 1)
        self.answers.fill(*(self._card(number, option.reply.id, fill(option.reply.words), deed=option.reply.do is not None) for number, option in offered))

    def _card(self, number: int, id: str, text: str, *, deed: bool) -> ReplyCard:
        chosen = self.chosen == id
        text = f"[{text}]" if deed else text
        press, size = partial(self.reply, id), self._reply_size
        card = ReplyCard(number, text, press, direction=self.speaks, size=size, chosen=chosen, enabled=chosen or not self.chosen)
        card.snug = self._level == SMALL
        return card

    def _wake_buttons(self) -> None:
        situation = self.playing.situation
        offered = rules.listening_offered(situation)
        self.listening.fill(*self._listening_rows())
        idle = self._level > ROOMY and not offered and not rules.may_interrupt(situation)
        self.listening.shown = self.interlude is not None or not (situation.ended or idle)
        for how, button in self.buttons.items():
            button.enabled = how in offered
            button.kind = "primary" if how == "go-on" and button.enabled and situation.phase is Phase.PAUSING else "secondary"
        self.speak.enabled = rules.may_interrupt(situation)
        self.next.shown = rules.may_move_on(situation)
        self.patience.shown = self.playing.patience(self.stage.now()) is not None
        self.hint.text = self._hint(situation.phase)
        self.hint.shown = self.parts.cue.shown = bool(self.hint.text)

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
