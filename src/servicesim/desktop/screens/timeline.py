"""The encounter as a line of time: who spoke when, each verdict at its moment, and the two curves below."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import ClassVar, Literal

from pygame import Rect, Surface

from servicesim.desktop.access import Role
from servicesim.desktop.canvas import Canvas
from servicesim.desktop.icons import IconName
from servicesim.desktop.inputs import Gesture, KeyPressed, Point, PointerMoved, PointerPressed, PointerReleased
from servicesim.desktop.look import Look
from servicesim.desktop.paragraph import Paragraph
from servicesim.desktop.screens.curves import Curves
from servicesim.desktop.screens.lanes import Lanes
from servicesim.desktop.screens.plan import Plan, Stack, Story
from servicesim.desktop.screens.strokes import drawn
from servicesim.desktop.theme import Colour, Theme
from servicesim.desktop.widget import Widget
from servicesim.desktop.wording import Words

_TIP = 380  # design units that the words at the pointer are wide at the most
_TICK = 90  # design units from one mark of the scale to the next, at the least


class Spot(Widget):
    """One moment, as a reader meets it."""

    role: ClassVar[Role] = "label"


class Timeline(Widget):
    """One stop for the keyboard: arrows go from moment to moment, with Shift from loss to loss; `sentences` says each in words, `on_choose` hears which is chosen."""

    role: ClassVar[Role] = "slider"
    focusable: ClassVar[bool] = True
    follows: ClassVar[bool] = True
    pressed_by: ClassVar[tuple[str, ...]] = ()

    def __init__(
        self, words: Words, story: Story, sentences: Sequence[str], on_choose: Callable[[int], None],
        *, name: str, about: str, chosen: int = 0, flagged: bool = False,
    ) -> None:  # fmt: skip
        super().__init__(name=name)
        self.words, self.story, self.sentences, self.on_choose = words, story, tuple(sentences), on_choose
        self.chosen = chosen
        self.turning: int | None = None  # the moment that is the turning point, once it is known
        self.flagged = flagged  # there is room for its flag, so that nothing moves when it comes
        self.pointed: int | None = None
        self._about = about
        self._spots = tuple(Spot(name=sentence) for sentence in self.sentences)
        self._planned: tuple[tuple[Theme, float, str, int], Plan] | None = None
        self._picture: tuple[Plan, Surface] | None = None

    # --- what a reader is told ---

    @property
    def children(self) -> Sequence[Widget]:
        return self._spots

    @property
    def value(self) -> str:
        return self.sentences[self.chosen]

    @property
    def about(self) -> str:
        return self._about

    # --- room ---

    def measure(self, look: Look, width: int) -> tuple[int, int]:
        return width, self.plan(look, width).height

    def needs(self, look: Look) -> int:
        return sum(self._gutters(look)) + look.em(120)

    def place(self, look: Look, rect: Rect) -> None:
        self.rect = rect
        plan = self.plan(look, rect.w)
        wide = max(2, plan.mark)
        for spot, beat in zip(self._spots, self.story.beats, strict=True):
            spot.rect = Rect(rect.x + plan.x_of(beat) - wide // 2, rect.y + plan.above.y, wide, plan.below.bottom - plan.above.y)

    def plan(self, look: Look, width: int) -> Plan:
        """Where everything lies at this width."""
        key = (look.theme, look.scale, look.direction, width)
        if self._planned is None or self._planned[0] != key:
            self._planned = key, Plan(look, width, self.story, self._gutters(look), flagged=self.flagged)
        return self._planned[1]

    def _gutters(self, look: Look) -> tuple[int, int]:
        """The columns of words before and after the line."""
        first = max(look.paragraph(self.words(key), "small").natural_width for key in _LANES)
        last = max(look.paragraph(self.words(key), "small", bold=True).natural_width for key in ("expected", "received"))
        return first + look.gap(2), max(last + look.gap(2.5), look.em(40))

    # --- gestures ---

    def takes(self, gesture: Gesture) -> bool:
        match gesture:
            case KeyPressed("left" | "right" | "home" | "end" as key, shift, False):
                self.choose(self._beside(key, lost=shift))
                return True
            case PointerMoved(at):
                return self._point(at)
            case PointerPressed(at):
                self.choose(self._under(at))
                return True
            case PointerReleased():
                return True
            case _:
                return False

    def choose(self, number: int) -> None:
        """Look at another moment."""
        if number != self.chosen:
            self.chosen = number
            self.on_choose(number)

    def _beside(self, key: Literal["left", "right", "home", "end"], *, lost: bool) -> int:
        """The next moment that way, or the next one at which something got lost."""
        stops = [number for number, beat in enumerate(self.story.beats) if beat.lost or not lost]
        back = key == "home" or (key != "end" and (key == "left") != self._mirrored)
        ahead = [number for number in stops if (number < self.chosen if back else number > self.chosen)]
        if not ahead:
            return self.chosen
        near = key in ("left", "right")
        return max(ahead) if back == near else min(ahead)

    @property
    def _mirrored(self) -> bool:
        return self._planned is not None and self._planned[1].look.rtl

    def _point(self, at: Point) -> bool:
        before, self.pointed = self.pointed, self._under(at) if self.rect.collidepoint(at) else None
        return self.pointed != before

    def _under(self, at: Point) -> int:
        assert self._planned is not None
        return self._planned[1].beat_at(at[0] - self.rect.x, at[1] - self.rect.y)

    # --- drawing ---

    def draw(self, canvas: Canvas) -> None:
        plan = self.plan(canvas.look, self.rect.w)
        pointed = self.pointed if self.hovered else None
        self._draw_line(canvas, plan, self.chosen, canvas.look.colours.accent_soft, canvas.look.colours.accent)
        if pointed is not None and pointed != self.chosen:
            self._draw_line(canvas, plan, pointed, canvas.look.colours.hover, canvas.look.colours.outline)
        canvas.picture(self._drawn(canvas, plan), self.rect)
        self._draw_words(canvas, plan)
        self._draw_values(canvas, plan, self.chosen if pointed is None else pointed)
        if pointed is not None:
            self._draw_tip(canvas, plan, pointed)
        if self.ringed:
            canvas.ring(self.rect.inflate(canvas.look.gap(1), canvas.look.gap(1)), canvas.look.theme.radius)

    def _drawn(self, canvas: Canvas, plan: Plan) -> Surface:
        """All that stays the same, drawn once for each size and look."""
        if self._picture is None or self._picture[0] is not plan:
            colours = canvas.look.colours
            shapes = [*Lanes(plan).shapes(colours), *Curves(plan, self.words).shapes(colours)]
            self._picture = plan, drawn(shapes, (self.rect.w, plan.height))
        return self._picture[1]

    def _draw_line(self, canvas: Canvas, plan: Plan, number: int, ground: Colour, ink: Colour) -> None:
        """The line through all lanes at one moment, and the ground of its marks."""
        look, beat = canvas.look, self.story.beats[number]
        x, wide, thick = plan.x_of(beat), plan.mark + look.px(6), look.px(2)
        for stacks, lane in ((plan.kept, plan.above), (plan.lost, plan.below)):
            for stack in stacks:
                if number in stack.beats:
                    canvas.panel(Rect(self.rect.x + stack.x - wide // 2, self.rect.y + lane.y, wide, lane.h), fill=ground, radius=6)
        top, bottom = plan.customer.y, plan.trainee.bottom if beat.kind == "end" else plan.scale.y
        canvas.rule(Rect(self.rect.x + x - thick // 2, self.rect.y + top, thick, plan.trainee.bottom - top), ink)
        canvas.rule(Rect(self.rect.x + x - thick // 2, self.rect.y + plan.curves.y, thick, max(0, bottom - plan.curves.y)), ink)

    def _draw_words(self, canvas: Canvas, plan: Plan) -> None:
        look, colours = canvas.look, canvas.look.colours
        for key, room in zip(_LANES, (plan.above, plan.customer, plan.trainee, plan.below, plan.anger), strict=True):
            text = look.paragraph(self.words(key), "small")
            self._put(canvas, text, look.left(Rect(0, 0, self.rect.w, 0), text.width), room.centery, colours.ink_soft)
        for stacks, down in ((plan.kept, False), (plan.lost, True)):
            for stack in stacks:
                self._draw_more(canvas, plan, stack, down=down)
        self._draw_scale(canvas, plan)
        self._draw_signs(canvas, plan)
        curves = Curves(plan, self.words)
        for level in curves.levels:
            text = look.paragraph(self.words.number(level), "caption")
            x = plan.plot.right + look.gap(0.75) if look.rtl else plan.plot.x - look.gap(0.75) - text.width
            self._put(canvas, text, x, round(curves.y(level)), colours.ink_soft)
        curves.draw_words(canvas, self.rect.topleft)

    def _put(self, canvas: Canvas, text: Paragraph, x: int, middle: int, ink: Colour) -> None:
        canvas.text(text, (self.rect.x + x, self.rect.y + middle - text.height // 2), ink)

    def _draw_more(self, canvas: Canvas, plan: Plan, stack: Stack, *, down: bool) -> None:
        """How many verdicts have no mark of their own."""
        if stack.more:
            colours = canvas.look.colours
            look = canvas.look.facing("ltr")  # in all languages the sign stands to the left of its number
            text = look.paragraph(self.words("more-marks", count=stack.more), "caption", bold=True)
            away = round(len(stack.seen) * plan.mark) + canvas.look.em(3) + text.height // 2
            y = plan.below.y + away if down else plan.above.bottom - away
            self._put(canvas, text, stack.x - text.width // 2, y, colours.broken if down else colours.kept)

    def _draw_scale(self, canvas: Canvas, plan: Plan) -> None:
        look, free = canvas.look, 0
        for share, what in self.story.axis.ticks(max(2, plan.plot.w // look.em(_TICK))):
            told = self.words("turn", number=int(what)) if self.story.axis.by_turns else self.words.clock(what)
            text = look.paragraph(told, "caption")
            x = max(plan.plot.x, min(plan.plot.right - text.width, plan.x(share) - text.width // 2))
            begin = plan.plot.right - x - text.width if look.rtl else x - plan.plot.x
            if begin >= free:
                self._put(canvas, text, x, plan.scale.centery, look.colours.ink_soft)
                free = begin + text.width + look.gap(1)

    def _draw_signs(self, canvas: Canvas, plan: Plan) -> None:
        """The flag, and stars; one that has no room moves back."""
        side, colours = canvas.look.em(18), canvas.look.colours
        taken: list[Rect] = []
        for number, beat in reversed(list(enumerate(self.story.beats))):
            signs: list[tuple[IconName, Colour]] = []
            if number == self.turning:
                signs.append(("flag", colours.accent))
            if beat.golden:
                signs.append(("star", colours.pending))
            for sign, ink in signs:
                room = Rect(0, 0, side, side)
                room.center = (self.rect.x + plan.x_of(beat), self.rect.y + plan.signs.centery)
                while room.collidelist(taken) >= 0:
                    room.x += side if canvas.look.rtl else -side
                taken.append(room)
                canvas.icon(sign, room, ink)

    def _draw_values(self, canvas: Canvas, plan: Plan, number: int) -> None:
        beat = self.story.beats[number]
        curves = Curves(plan, self.words)
        curves.draw_values(canvas, self.rect.topleft, plan.x(self.story.share(beat)), max(beat.events, default=beat.number))

    def _draw_tip(self, canvas: Canvas, plan: Plan, number: int) -> None:
        """What the moment under the pointer is, in words beside it."""
        look, colours = canvas.look, canvas.look.colours
        text = look.paragraph(self.sentences[number], "small", look.em(_TIP))
        room = Rect(0, 0, text.width + look.gap(2.5), text.height + look.gap(1.5))
        x, free = plan.x_of(self.story.beats[number]), plan.mark
        room.x = self.rect.x + (x + free if x + free + room.w < self.rect.w else x - free - room.w)
        room.y = self.rect.y + plan.curves.y
        room.clamp_ip(Rect(self.rect.x, room.y, self.rect.w, room.h))
        canvas.layer += 1
        canvas.panel(room, fill=colours.surface, border=colours.outline, radius=8, elevation=2)
        canvas.text(text, (room.x + look.gap(1.25), room.y + look.gap(0.75)), colours.ink, box=room)
        canvas.layer -= 1


_LANES = ("lane-kept", "lane-customer", "lane-you", "lane-lost", "lane-anger")

