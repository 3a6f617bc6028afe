"""What the four channels share: their parts, the moment that they show, and the face that lives in them."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import ClassVar, Literal, NamedTuple

from pygame import Rect

from servicesim.desktop import living
from servicesim.desktop.arrangement import Column, Row
from servicesim.desktop.button import Button
from servicesim.desktop.canvas import Canvas
from servicesim.desktop.faces import Faces
from servicesim.desktop.icons import IconName
from servicesim.desktop.label import Label
from servicesim.desktop.living import CLOSED
from servicesim.desktop.look import Direction, Look
from servicesim.desktop.meter import Meter
from servicesim.desktop.places import Place
from servicesim.desktop.retold import Turn
from servicesim.desktop.screens.bubbles import Shaken, bubble
from servicesim.desktop.screens.face import Face
from servicesim.desktop.screens.speech import Speech
from servicesim.desktop.scroll import ScrollArea
from servicesim.desktop.shelf import Opened
from servicesim.desktop.theme import Size
from servicesim.desktop.widget import Widget
from servicesim.desktop.wording import Words, direction_of
from servicesim.encounter.script import PAUSE
from servicesim.encounter.situation import Feelings, Phase
from servicesim.scenario.model import Scenario

_SAID = 144  # design units that must be seen of what was said
ROOMY, CLOSE, TIGHT, SMALL = range(4)  # how closely all stands together: as usual, with less air, for large text, and with smaller replies
SNUG = (CLOSE, SMALL)  # with less air in the replies
_SIDES = (0, 0, 116, 88)  # design units across of a face beside large text
_LAST_SAID = (_SAID, _SAID, 56, 44)  # that must be seen there of what was said last
LineState = Literal["rings", "held", "open"]


class Cue(Widget):
    """How much of a pause is left: a line that draws together."""

    bleeds: ClassVar[bool] = False

    def __init__(self) -> None:
        super().__init__(height=6)
        self.left: float | None = None

    def measure(self, look: Look, width: int) -> tuple[int, int]:
        return width, look.px(6)

    def draw(self, canvas: Canvas) -> None:
        look = canvas.look
        if self.left is None or not look.theme.cue:
            return
        wide = round(self.rect.w * (self.left if look.theme.motion else 1.0))
        line = Rect(0, 0, max(self.rect.h, wide), self.rect.h)
        line.center = self.rect.center
        canvas.panel(line, fill=look.colours.accent, radius=3)


class Shrunk(Widget):
    """A picture at another size than its own."""

    def __init__(self, picture: Widget, side: float, high: float = 0) -> None:
        super().__init__()
        self.picture, self.side, self.high = picture, side, high or side

    @property
    def children(self) -> Sequence[Widget]:
        return (self.picture,)

    def measure(self, look: Look, width: int) -> tuple[int, int]:
        return look.px(self.side), look.px(self.high)

    def needs(self, look: Look) -> int:
        return look.px(self.side)

    def place(self, look: Look, rect: Rect) -> None:
        self.rect = rect
        self.picture.place(look, Rect(rect.x, rect.y, look.px(self.side), look.px(self.high)))


@dataclass(frozen=True, slots=True)
class Parts:
    """The widgets that every channel puts somewhere; the conversation fills them."""

    log: Column
    answers: Column
    banner: Column
    next: Button
    listening: Column
    hint: Label
    patience: Meter
    timer: Label
    cue: Cue


class Moment(NamedTuple):
    """What can be seen and heard at one time."""

    now: float
    phase: Phase
    lasted: float  # seconds for which the phase has lasted
    feelings: Feelings
    speech: Speech | None
    speaking: bool  # words are being said, or typed, just now
    since_cut: float | None  # seconds since the customer was last cut off
    over: bool
    segment: int = 0  # of the speech: the one that is being said, or typed
    untimed: bool = False
    listened_for: bool = False  # a word or a nod would fit now


class Channel:
    """One channel; subclasses say where the parts stand and how turns are told."""

    icon: ClassVar[IconName]
    face_size: ClassVar[tuple[float, float]] = (328, 342)
    face_radius: ClassVar[float] = 18
    at_end: ClassVar[bool] = True  # the log is read from its end
    reply_size: ClassVar[Size] = "body"

    parts: Parts
    least: float = _SAID
    level = ROOMY

    def __init__(self, words: Words, opened: Opened, faces: Faces, feelings: Feelings, *, still: bool) -> None:
        self.words, self.opened, self.scenario, self.still = words, opened, opened.script.scenario, still
        self.speaks: Direction = direction_of(self.scenario.locale)
        self.face = self.face_of(self.scenario, faces, feelings, still=still)

    @classmethod
    def face_of(cls, scenario: Scenario, faces: Faces, feelings: Feelings, *, still: bool) -> Face:
        """The customer as one sees them in this channel."""
        width, height = cls.face_size
        return Face(
            faces, scenario.customer.portrait, feelings, name="", width=width, height=height, radius=cls.face_radius,
            place=cls.place_behind(scenario), still=still,
        )  # fmt: skip

    @classmethod
    def place_behind(cls, scenario: Scenario) -> Place | None:
        """The room in which the customer stands, where one sees it."""
        return None

    protest: Shaken | None = None  # what was said last by somebody who was cut off

    def lay_out(self, parts: Parts, level: int = ROOMY) -> Widget:
        """Everything below the band; at another level where the usual way would not do."""
        self.parts, self.level = parts, level
        parts.patience.grow = 0 if level <= CLOSE else 1
        parts.answers.gap = {CLOSE: 1, SMALL: 0.75}.get(level, 1.5)
        return self.arranged(parts) if level <= CLOSE else self.tightly(parts, level)

    def line(self, state: LineState) -> None:
        """A telephone rings, a caller is held, or people talk."""

    def arranged(self, parts: Parts) -> Widget:
        """Where the parts stand in this channel."""
        raise NotImplementedError

    def tightly(self, parts: Parts, level: int) -> Widget:
        """For large text: a small face beside what was said last, and the whole width for what one can say."""
        top = Row(self.sight(level), self.log_area(parts, least=_LAST_SAID[level]), gap=2.5, across="stretch", grow=1)
        return self.below(parts, top, level)

    def below(self, parts: Parts, top: Widget, level: int) -> Column:
        """What is seen and said stands on top; below it what one can do."""
        doing = Row(parts.listening, parts.patience, gap=2)
        return Column(parts.banner, top, parts.hint, parts.cue, parts.next, parts.answers, doing, gap=0.75, padding=(2.5, 0.75), grow=1)

    def sight(self, level: int) -> Widget:
        """What is seen of the customer where there is little room."""
        return Column(Shrunk(self.face, _SIDES[level]))

    @property
    def fits(self) -> bool:
        """Whether all that can be replied is seen at once."""
        return True

    def log_area(self, parts: Parts, *, least: float | None = None) -> ScrollArea:
        """What was said so far."""
        title = self.words("conversation-title", customer=self.scenario.customer.name)
        self.area = ScrollArea(parts.log, grow=1, at_end=self.at_end, name=title, least=self.least if least is None else least)
        return self.area

    def follow(self, speech: Speech, look: Look) -> bool:
        """Let the line be seen that is being said, where the speech is higher than its room; True if that moved anything."""
        before = self.area.offset
        if self.area.reach and speech.upto is not None:
            self.area.reveal(speech.line(look))
        return self.area.offset != before

    def tell(self, told: Sequence[Turn], live: int, moment: Moment) -> tuple[list[Widget], Speech | None]:
        """The turns as widgets, and the speech in which words appear; `live` is the place of the turn that is spoken."""
        widgets, speech = list[Widget](), None
        for place, turn in enumerate(told):
            current = place == live and (place == len(told) - 1 or not moment.over)
            protest = place > 0 and turn.who == "customer" and told[place - 1].kind == "cut-in"
            widget, spoken = bubble(turn, self.words, self.speaks, current=current, protest=protest)
            if protest:
                widget = self.protest = Shaken(widget)
            widgets.append(widget)
            speech = spoken if current else speech
        return widgets, speech

    def live(self, moment: Moment) -> Iterator[Widget]:
        """Let time come to what moves; yields what looks different now."""
        if self._face_lives(moment):
            yield self.face
        if self._cue_lives(moment):
            yield self.parts.cue
        if self.protest is not None and self.protest.shake(0.0 if self.still or moment.since_cut is None else living.shake_at(moment.since_cut)):
            yield self.protest

    def _cue_lives(self, moment: Moment) -> bool:
        cue, before = self.parts.cue, self.parts.cue.left
        pausing = moment.phase is Phase.PAUSING and moment.listened_for and not moment.untimed
        cue.left = max(0.0, 1.0 - moment.lasted / PAUSE) if pausing else None
        return cue.left != before

    def _face_lives(self, moment: Moment) -> bool:
        mouth = moment.speech.mouth if moment.speaking and moment.speech else CLOSED
        breath = living.breath_in_pause(moment.lasted, PAUSE) if moment.phase is Phase.PAUSING else 0.0 if moment.speaking or moment.over else None
        startle = 0.0 if moment.since_cut is None else living.startle_at(moment.since_cut)
        return self.face.live(moment.now, moment.feelings, mouth=mouth, speaking=moment.speaking, breath=breath, startle=startle)

    def moves(self, moment: Moment) -> bool:
        """Whether each frame shows something new."""
        startled = moment.since_cut is not None and moment.since_cut < max(living.FRIGHT, living.SHAKES) + 0.2
        return moment.speaking or moment.phase is Phase.PAUSING or startled or not self.face.settled
