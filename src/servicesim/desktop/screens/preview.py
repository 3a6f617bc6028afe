"""The preview: an encounter in the window while it is being written. It is read again whenever it is saved."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from functools import partial
from pathlib import Path

from servicesim.desktop.arrangement import Band, Card, Column, Row, Space
from servicesim.desktop.button import Button, SmallButton
from servicesim.desktop.cards import ReplyCard
from servicesim.desktop.course import Course
from servicesim.desktop.display import open_stage
from servicesim.desktop.faces import Faces
from servicesim.desktop.inputs import KeyPressed
from servicesim.desktop.label import Label, heading
from servicesim.desktop.living import CLOSED
from servicesim.desktop.look import Direction
from servicesim.desktop.page import Page
from servicesim.desktop.previewing import Answer, Heard, Rehearsed, Rehearsing, heard
from servicesim.desktop.retold import Turn, filled, turns
from servicesim.desktop.safe_text import isolated, safe_text
from servicesim.desktop.screens import preview_parts as parts
from servicesim.desktop.screens.bubbles import bubble
from servicesim.desktop.screens.face import Face
from servicesim.desktop.screens.keys import KEYS
from servicesim.desktop.screens.sheet import CHANNEL_ICONS
from servicesim.desktop.screens.sign import KeyCap, Sign, looks
from servicesim.desktop.screens.speech import Speech
from servicesim.desktop.scroll import ListChoice, ScrollArea
from servicesim.desktop.watching import Watch, look_at, reader
from servicesim.desktop.widget import Widget
from servicesim.desktop.wording import Words, direction_of, words_in
from servicesim.encounter.rehearsal import HEAR_ON
from servicesim.encounter.script import Script
from servicesim.encounter.situation import Feelings

FRAME = 1 / 30  # seconds from one picture to the next while something moves
_STATE, _SCENES = 276, 204  # design units across
# Design units down, at the most: replies, replies below much else, what is wrong in the file, and one line of text.
_REPLIES, _FEW_REPLIES, _TROUBLE, _LINE = 330, 150, 124, 26
_END = 10**9  # further than anything can be scrolled
# What each move is called, and its key; replies have the digits.
_SIGNS: dict[str, tuple[str, str]] = {
    "go-on": ("go-on", KEYS["go-on"]),
    "nod": ("nod", KEYS["nod"]),
    "yes": ("yes", KEYS["yes"]),
    "no": ("no", KEYS["no"]),
    HEAR_ON: ("preview-hear-on", KEYS["move-on"]),
    "interrupt": ("speak", KEYS["interrupt"]),
    "silence": ("preview-wait", "w"),
}


class Preview(Page):
    """What is being written, played. All that is shown follows from `rehearsing`."""

    def __init__(self, rehearsing: Rehearsing, watch: Watch, faces: Faces, file: Path, *, language: str | None = None) -> None:
        super().__init__()
        self.rehearsing, self.watch, self.faces, self.file = rehearsing, watch, faces, file
        self._language = language
        self._hearing: float | None = None  # since when the speech is heard at its speed
        self._speech: tuple[Speech, Turn] | None = None
        self._made_for: tuple[object, ...] = ()
        self._speak()
        self._make_parts()

    # -- the page ---------------------------------------------------------------------------------------------------

    def build(self) -> Widget:
        self._fill()
        return self.whole

    def entered(self) -> None:
        self._announce()

    def tick(self, now: float) -> float | None:
        if self.watch.changed(now):
            self.read_again()
        feelings = self._feelings()
        speaking = self._sweep(now)
        mouth = self._speech[0].mouth if speaking and self._speech else CLOSED
        self.face.live(now, feelings, mouth=mouth, speaking=speaking)
        self.changed(self.face)  # else a tick draws the whole page
        moves = self._hearing is not None or not self.face.settled
        return now + FRAME if moves else min(self.watch.next_look(now), now + self.face.changes_in(now))

    def key(self, key: KeyPressed) -> bool:
        match key:
            case KeyPressed("backspace") | KeyPressed("z", ctrl=True):
                self.undo()
            case KeyPressed("j"):
                self._focus_scenes()
            case KeyPressed("escape"):
                self.focus.give(None, ring=False)
                self.stop_hearing()
            case KeyPressed("pageup" | "pagedown"):
                any(area.takes(key) for area in (self.answers, self.log, self.panel))
            case KeyPressed(digit) if digit.isdigit():
                self._explain(int(digit))
            case _:
                return False
        return True

    def _explain(self, number: int) -> None:
        """Show and say why a reply is not offered."""
        for card in self.replies.children:
            if isinstance(card, ReplyCard) and card.number == number:
                self.answers.reveal(card.rect)
                self.stage.announce(card.note)

    # -- what is done -----------------------------------------------------------------------------------------------

    def do(self, move: str) -> None:
        """Make a move."""
        self._show(partial(self.rehearsing.do, move))

    def jump(self, scene: str) -> None:
        """Be in a scene."""
        self._show(partial(self.rehearsing.jump, scene))

    def undo(self) -> None:
        """Take the last move back."""
        self._show(self.rehearsing.undo)

    def restart(self) -> None:
        """From the beginning."""
        self._show(self.rehearsing.restart)

    def read_again(self) -> None:
        """Read the file, and go on at the same place."""
        broken = bool(self.rehearsing.errors)
        self._show(self.rehearsing.reload, moved=False)
        if broken and not self.rehearsing.errors:
            self.stage.announce(self.words("preview-mended"))
        self._announce()

    def hear(self) -> None:
        """Hear the speech at its speed, or all of it at once."""
        if self._hearing is None and self._speech is not None and not self.rehearsing.ended:
            self._hearing = self.stage.now()
            self._fill_band()
            self.changed(moved=True)
        else:
            self.stop_hearing()

    def stop_hearing(self) -> None:
        """Show all of the speech."""
        if self._hearing is not None:
            self._hearing = None
            self._sweep(self.stage.now())
            self._fill_band()
        self.changed(moved=True)

    def _show(self, deed: Callable[[], object], *, moved: bool = True) -> None:
        self._hearing = None
        deed()
        if moved:
            self.log.offset, self.answers.offset = _END, 0
        self.rebuild()
        self.stage.tick_soon()

    def _announce(self) -> None:
        found = self.rehearsing.errors
        if found:
            self.stage.announce("; ".join(str(finding) for finding in found[:3]))
        elif self._told and self._told[-1].who == "customer":
            self.stage.announce(self._told[-1].text)

    def _focus_scenes(self) -> None:
        here = self._rows.get(self.rehearsing.scene or "")
        if here is not None:
            self._move_to(here)

    # -- parts that stay, and what fills them -----------------------------------------------------------------------

    def _speak(self) -> None:
        """Speak the scenario's language, and read in its direction."""
        scenario = self.rehearsing.script.scenario if self.rehearsing.script else None
        self.words: Words = words_in(self._language or (scenario.locale if scenario else "en"))
        self.reads: Direction = direction_of(scenario.locale) if scenario else self.words.direction
        self.title = self.words("preview-title", file=self.file.name)
        self._turn(self.reads)

    def _turn(self, direction: Direction) -> None:
        if direction != self.direction:
            self.direction = direction
            if self._area.w:
                self.layout(self._look, self._area)

    def _make_parts(self) -> None:
        words = self.words
        self._told: list[Turn] = []
        self.face = Face(self.faces, self._portrait, self._feelings(), name="", width=84, height=92)
        self.band = Band(gap=1.5, padding=(3, 1.5))
        self.found = Column(gap=0.75)
        self.trouble = Card(
            parts.Snug(self.found, most=_TROUBLE, name=words("preview-title", file=self.file.name)), padding=(2, 1.25), ground="danger_soft", border="danger", radius=10, elevation=0,
        )  # fmt: skip
        self.asides = Column(gap=0.25)
        self.quiet = parts.Snug(self.asides, most=2 * _LINE, name=words("preview-warnings"))
        self.state = Column(gap=1.25, padding=(0, 0.5))
        self.head = Column(gap=0.75)
        self.turns = Column(gap=1.25, padding=(0, 0.5))
        self.log = parts.Log(self.turns, grow=1, at_end=True, name=self.title)
        self.signs = Row(gap=0.75, wraps=True)
        self.replies = Column(gap=1, padding=(0, 0.5))
        self.answers = parts.Snug(self.replies, most=_REPLIES, name=words("preview-title", file=self.file.name))
        self.scenes = Column(gap=1, width=_SCENES)
        talk = Column(self.head, self.log, self.signs, self.answers, gap=1, grow=1)
        self.panel = ScrollArea(self.state, grow=1, name=words("preview-feelings"))
        self.body = Row(Column(self.panel, width=_STATE), talk, self.scenes, gap=3, across="stretch", grow=1)
        page = Column(self.trouble, self.quiet, self.body, gap=1.25, padding=(3, 1.5), grow=1)
        self.whole = Column(self.band, page, gap=0)
        self._rows: dict[str, parts.SceneRow] = {}

    @property
    def _portrait(self) -> str:
        script = self.rehearsing.script
        return script.scenario.customer.portrait if script else "default"

    def _feelings(self) -> Feelings:
        played = self.rehearsing.played
        return played.situation.feelings if played else Feelings(50, 50, 2, 0)

    def _fill(self) -> None:
        """Bring every part up to date."""
        script = self.rehearsing.script
        made_for = (script and script.scenario.locale, self._portrait)
        if made_for != self._made_for:
            self._made_for = made_for
            self._speak()
            self._make_parts()
        self._fill_band()
        self._fill_findings()
        self._fill_talk()
        self._fill_state()
        self._fill_scenes()

    def _fill_band(self) -> None:
        words, script = self.words, self.rehearsing.script
        icon = CHANNEL_ICONS[script.scenario.channel] if script else "book"
        title = safe_text(script.scenario.title) if script else self.file.name
        name = Label(isolated(self.file.name), "small", ink="on_band_soft")
        self.band.fill(Sign(icon, "on_band"), heading(title, "lead", ink="on_band"), name, Space(grow=1), *self._commands(words))

    def _commands(self, words: Words) -> Iterator[Button]:
        rehearsing = self.rehearsing
        heard_now = self._hearing is not None
        speaks = rehearsing.played is not None and not rehearsing.played.at.script.written and not rehearsing.ended
        if speaks:
            yield Button(words("preview-hear-stop" if heard_now else "preview-hear"), self.hear, kind="band", icon="ear", key="p", hint="P")
        yield Button(words("preview-undo"), self.undo, kind="band", icon="back", key="u", hint="U", enabled=rehearsing.can_undo)
        fresh = rehearsing.course == Course()
        yield Button(words("preview-restart"), self.restart, kind="band", icon="replay", key="r", hint="R", enabled=not fresh)

    def _fill_findings(self) -> None:
        words, rehearsing = self.words, self.rehearsing
        found = bool(rehearsing.errors)
        self.trouble.shown = found
        self.found.fill(*(parts.trouble(words, rehearsing, self.file) if found else ()))
        self.asides.fill(*parts.warnings(words, rehearsing.warnings, self.file))
        self.quiet.shown = bool(rehearsing.warnings)
        self.body.shown = rehearsing.played is not None

    # -- the conversation -------------------------------------------------------------------------------------------

    def _fill_talk(self) -> None:
        rehearsing, played = self.rehearsing, self.rehearsing.played
        if played is None:
            return
        script, words = played.at.script, self.words
        notices = list(parts.notices(words, rehearsing))
        self.head.fill(self._where(played), *notices)
        # What is told above takes room from the replies, which can be scrolled.
        lines = 2 * len(notices) + min(2, len(rehearsing.warnings)) + (5 if rehearsing.errors else 0)
        self.answers.most = max(_FEW_REPLIES, _REPLIES - lines * _LINE)
        self.turns.fill(*self._bubbles(script, played))
        self.signs.fill(*self._sign_buttons(script))
        self.signs.shown = not self.rehearsing.ended and not script.written
        fill = filled(script, words("preview-trainee"))
        over = self._over(script, played) if self.rehearsing.ended else ()
        self.replies.fill(*over, *(self._card(script, answer, fill) for answer in self.rehearsing.answers()))

    def _where(self, played: Rehearsed) -> Row:
        """The scene, and which of its lines is spoken."""
        words, situation = self.words, played.situation
        name = Label(isolated(situation.stage.name), "body", bold=True)
        return Row(Label(words("preview-scene"), "small", ink="ink_soft"), name, Label(self._line(played), "small", ink="ink_soft", direction=words.direction), gap=1)

    def _line(self, played: Rehearsed) -> str:
        words, situation = self.words, played.situation
        lines, speech = situation.stage.lines, situation.speech
        if speech is None or len(lines) == 1:
            return ""
        condition = lines[speech.line].line.condition
        key = "preview-line" if condition is None else "preview-line-if"
        return words(key, number=speech.line + 1, all=len(lines), condition=condition or "")

    def _bubbles(self, script: Script, played: Rehearsed) -> Iterator[Widget]:
        told = turns(script, played.events, self.words("preview-trainee"))
        if script.stations:
            told = [parts.with_stations(turn) for turn in told]
        feedback = parts.feedback(script, played.events, filled(script, self.words("preview-trainee")))
        live = next((place for place in range(len(told) - 1, -1, -1) if told[place].who == "customer"), -1)
        self._told, self._speech = told, None
        for place, turn in enumerate(told):
            widget, speech = bubble(turn, self.words, self.reads)
            if place == live and speech is not None:
                self._speech = speech, turn
            yield widget
            if turn.who == "trainee" and not turn.kind and (said := next(feedback, "")):
                yield parts.why(said)

    def _sign_buttons(self, script: Script) -> Iterator[Button]:
        for move, (text, key) in _SIGNS.items():
            if move in script.listening or move in ("interrupt", "silence") or (move == HEAR_ON and script.stations):
                text = "speak-chat" if move == "interrupt" and not script.stations else text
                yield SmallButton(self.words(text), partial(self.do, move), key=key, hint=key.upper(), enabled=self.rehearsing.can(move))

    def _card(self, script: Script, answer: Answer, fill: Callable[[str], str]) -> ReplyCard:
        reply = answer.option.reply
        text = f"[{fill(reply.words)}]" if reply.do else fill(reply.words)
        note = parts.note(self.words, script, answer)
        return ReplyCard(
            answer.number, text, partial(self.do, reply.id), direction=self.reads, size="small", note=note, enabled=not answer.reasons
        )

    def _over(self, script: Script, played: Rehearsed) -> Iterator[Widget]:
        words, ending = self.words, played.situation.ending
        said = words("preview-over", ending=ending, title=script.ending(ending).title) if ending is not None else words("preview-over-silent")
        yield Label(said, "body", bold=True, direction=words.direction)
        yield Row(
            Button(words("preview-undo"), self.undo, kind="primary", icon="back", hint="U"),
            Button(words("preview-restart"), self.restart, icon="replay", hint="R"), gap=1.5,
        )  # fmt: skip

    def _sweep(self, now: float) -> bool:
        """Show as much of the speech as is heard; whether somebody speaks."""
        if self._speech is None or (self._hearing is None and self._speech[0].upto is None):
            return False
        speech, turn = self._speech
        far = self._heard(now, turn)
        if self._hearing is not None and far is None:
            self._hearing = None
            self._fill_band()
            self.changed(moved=True)
        speech.upto = None if far is None else turn.upto(far.segment, far.share)
        speech.pausing = None if far is None else far.pausing
        self.changed(speech)
        return far is not None and far.pausing is None

    def _heard(self, now: float, turn: Turn) -> Heard | None:
        played = self.rehearsing.played
        if self._hearing is None or played is None or self.rehearsing.ended:
            return None
        return heard(played.situation.spoken, turn.first, now - self._hearing, stations=played.at.script.stations)

    # -- the state, and the scenes ----------------------------------------------------------------------------------

    def _fill_state(self) -> None:
        words, rehearsing, played = self.words, self.rehearsing, self.rehearsing.played
        if played is None:
            return
        script = played.at.script
        customer = script.scenario.customer
        self.face.name = words(looks(played.situation.feelings), customer=customer.name)
        numbers = Column(*parts.feelings(words, played), gap=0.25, grow=1)
        who = Column(Label(safe_text(customer.name), "body", bold=True, direction=self.reads), Label(isolated(customer.type), "small", ink="ink_soft"), gap=0)
        assessment = rehearsing.assessment() if rehearsing.ended else None
        judged = parts.standings(words, script, rehearsing.standings()) if assessment is None else parts.summary(words, script, assessment)
        self.state.fill(who, Row(self.face, numbers, gap=1.5, across="start"), *parts.facts(words, rehearsing.facts()), *judged)

    def _fill_scenes(self) -> None:
        """One row for each scene; they are kept while the scenes are the same, for there may be many."""
        script = self.rehearsing.script
        if script is None:
            return
        if list(self._rows) != list(script.number):
            self._rows = {name: parts.SceneRow(name, partial(self.jump, name)) for name in script.number}
            head = Row(heading(self.words("preview-scenes"), "small"), Space(grow=1), KeyCap("J"), gap=1)
            listed = ListChoice(*self._rows.values(), name=self.words("preview-scenes"), gap=0.75)
            self.scenes.fill(head, listed)
        visits = self.rehearsing.visits()
        for name, row in self._rows.items():
            row.chosen = name == self.rehearsing.scene
            count = visits.get(name, 0)
            row.spoken = self.words("preview-spoken", count=count) if count else ""


def open_preview(scenario: Path, principles: Path | None = None, *, language: str | None = None) -> Course:
    """The preview in a window until it is closed; answers what was played last. Raises NoDisplay where there is no screen."""
    with open_stage(scenario.name) as stage:
        watch = Watch(look_at(scenario, principles, language))
        rehearsing = Rehearsing(reader(scenario, principles, language))
        stage.run(Preview(rehearsing, watch, Faces(), scenario, language=language))
    return rehearsing.made
