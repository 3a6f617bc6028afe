"""The conversation: the customer speaks, the trainee listens, then answers. Nothing here knows about scores."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from functools import partial
from typing import TYPE_CHECKING

from servicesim.desktop.arrangement import Row, Space
from servicesim.desktop.button import Button
from servicesim.desktop.desk import Desk
from servicesim.desktop.foley import puts_on_hold
from servicesim.desktop.glimpse import Glimpse, told
from servicesim.desktop.hearing import Fetched, Hearing
from servicesim.desktop.inputs import Gesture, KeyPressed
from servicesim.desktop.label import Label
from servicesim.desktop.playing import Playing
from servicesim.desktop.proof import Proof
from servicesim.desktop.retold import Turn, filled
from servicesim.desktop.screens.backlog import Backlog, as_heard, turns_back
from servicesim.desktop.screens.channel import Moment
from servicesim.desktop.screens.furnished import Furnished
from servicesim.desktop.screens.interlude import Interlude, Kind
from servicesim.desktop.screens.paused import Paused
from servicesim.desktop.screens.speech import Speech
from servicesim.desktop.scroll import ScrollArea
from servicesim.desktop.shelf import Opened
from servicesim.desktop.widget import Widget
from servicesim.desktop.wording import Words
from servicesim.encounter import rules
from servicesim.encounter.events import Listening
from servicesim.errors import NotOffered

if TYPE_CHECKING:
    from servicesim.desktop.stage import Stage

FRAME = 1 / 30  # seconds from one picture to the next while something moves
IDLE = 0.2  # while only the patience runs out and the eyes blink


class Conversation(Furnished):
    """One attempt, played. What is shown is always what the disk already holds."""

    def __init__(
        self, words: Words, desk: Desk, opened: Opened, on_ended: Callable[[Playing], None], on_left: Callable[[], None],
        *, pace: float = 1.0, frame: float = FRAME,
    ) -> None:  # fmt: skip
        super().__init__(words, desk, opened)
        self.on_ended, self.on_left = on_ended, on_left
        self.reword()
        self.trainee = desk.person.name if desk.person else ""
        self._pace, self._frame = pace, frame
        self._told: list[Turn] = []
        self._proof = Proof()

    # -- the page ---------------------------------------------------------------------------------------------------

    def enter(self, stage: Stage) -> None:
        self.playing = Playing(
            self.script, self.opened.attempt, self.desk.pen_for(self.opened), soon=stage.soon, changed=self.written,
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

    def linked(self) -> None:
        self.stage.tick_soon()  # the customer may feel otherwise

    def away(self) -> None:
        if not (self.playing.ended or self.playing.situation.untimed or self.script.written):
            self.pause(away=True)

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
        return Glimpse(self.script, playing.situation, at, tuple(self._told), self.felt)

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
        if not self.face.ahead(self._look):
            return False
        speech, width = self.playing.situation.speech, self.channel.area.rect.w
        return speech is None or self._proof.ahead(speech.scene, self._coming, self._look, width)

    def _coming(self) -> Iterator[Callable[[], Widget]]:
        """The replies that may be offered once the customer has spoken."""
        fill = filled(self.script, self.trainee)
        for number, option in enumerate(self.playing.situation.stage.options, 1):
            yield partial(self._card, number, option.reply.id, fill(option.reply.words), deed=option.reply.do is not None)

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
        state = (len(playing.events), self.chosen if playing.busy else "", bool(playing.trouble), situation.phase)
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
