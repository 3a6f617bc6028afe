"""Where everything of a timeline lies: its lanes from above, and the marks in columns that do not crowd each other."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property

from pygame import Rect

from servicesim.desktop.beats import Axis, Beat, Judgement
from servicesim.desktop.look import Look
from servicesim.desktop.satisfaction import Felt

MOST = 3  # marks above each other; of more the number is told


@dataclass(frozen=True, slots=True)
class Story:
    """All that a timeline shows of one play."""

    beats: tuple[Beat, ...]
    axis: Axis
    felt: tuple[Felt, ...]
    spoken: tuple[tuple[float, float], ...] = ()  # from where to where the customer spoke, 0-1
    waited: Mapping[int, float] = field(default_factory=dict)  # for a reply, since when it was waited for

    def share(self, beat: Beat) -> float:
        """Where a moment lies from the beginning (0) to the end (1)."""
        return 1.0 if beat.kind == "end" else self.axis.places[beat.number]


@dataclass(frozen=True, slots=True)
class Stack:
    """The verdicts of moments that lie close together, the worst first; `x` is where most of them are."""

    x: int
    judged: tuple[Judgement, ...]
    beats: tuple[int, ...]

    @property
    def seen(self) -> tuple[Judgement, ...]:
        """Those that have a mark of their own."""
        return self.judged[:MOST]

    @property
    def more(self) -> int:
        """Those that have none."""
        return len(self.judged) - len(self.seen)

    @property
    def high(self) -> int:
        """Marks above each other, and the number as one of them."""
        return len(self.seen) + (self.more > 0)


class Plan:
    """The lanes in a room of this width, from the upper left corner; the line of time turns with the direction of reading."""

    def __init__(self, look: Look, width: int, story: Story, gutters: tuple[int, int], *, flagged: bool) -> None:
        self.look, self.width, self.story, self.flagged = look, width, story, flagged
        self.first, self.last = gutters
        self.mark = look.em(16)  # one mark with its air

    # --- across ---

    @cached_property
    def plot(self) -> Rect:
        """From where to where time goes; it has no height."""
        left, right = (self.last, self.first) if self.look.rtl else (self.first, self.last)
        return Rect(left, 0, max(1, self.width - left - right), 0)

    def x(self, share: float) -> int:
        """Where a share of the time lies."""
        along = round(self.plot.w * share)
        return self.plot.right - along if self.look.rtl else self.plot.x + along

    def x_of(self, beat: Beat) -> int:
        """Where a moment lies; the whole has a place of its own, after the last."""
        if beat.kind == "end":
            return self.x(1.0) + (-1 if self.look.rtl else 1) * round(self.mark * 1.4)
        return self.x(self.story.share(beat))

    @cached_property
    def kept(self) -> tuple[Stack, ...]:
        """What was kept, in columns."""
        return tuple(self._stacks(lambda beat: beat.kept))

    @cached_property
    def lost(self) -> tuple[Stack, ...]:
        """What got lost, in columns."""
        return tuple(self._stacks(lambda beat: beat.lost))

    def _stacks(self, of: Callable[[Beat], Sequence[Judgement]]) -> Iterator[Stack]:
        """A column for all that lie closer together than marks are wide; the whole stays by itself."""
        group: list[int] = []
        for number, beat in enumerate(self.story.beats):
            if not of(beat):
                continue
            if group and (beat.kind == "end" or abs(self.x_of(beat) - self._middle(group)) >= self.mark):
                yield self._stack(group, of)
                group = []
            group.append(number)
        if group:
            yield self._stack(group, of)

    def _middle(self, group: list[int]) -> float:
        return sum(self.x_of(self.story.beats[number]) for number in group) / len(group)

    def _stack(self, group: list[int], of: Callable[[Beat], Sequence[Judgement]]) -> Stack:
        judged = [one for number in group for one in of(self.story.beats[number])]
        judged.sort(key=lambda one: not (one.lost and one.critical))
        most = max(group, key=lambda number: len(of(self.story.beats[number])))
        return Stack(self.x_of(self.story.beats[most]), tuple(judged), tuple(group))

    # --- down ---

    @cached_property
    def signs(self) -> Rect:
        """The flag of the turning point, and the stars of golden moments."""
        return self._lane(0, self.look.em(22 if any(beat.golden for beat in self.story.beats) or self.flagged else 4))

    @cached_property
    def above(self) -> Rect:
        """What was kept."""
        return self._lane(self.signs.bottom, self._stacked(self.kept))

    @cached_property
    def customer(self) -> Rect:
        """When the customer spoke."""
        return self._lane(self.above.bottom, self._line)

    @cached_property
    def trainee(self) -> Rect:
        """What the trainee did."""
        return self._lane(self.customer.bottom, self._line)

    @cached_property
    def below(self) -> Rect:
        """What got lost."""
        return self._lane(self.trainee.bottom, self._stacked(self.lost))

    @cached_property
    def curves(self) -> Rect:
        """Expected and received."""
        return self._lane(self.below.bottom + self.look.em(22), self.look.px(56) + self.look.em(40))

    @cached_property
    def anger(self) -> Rect:
        """How angry the customer was."""
        return self._lane(self.curves.bottom + self.look.em(20), self.look.em(18))

    @cached_property
    def scale(self) -> Rect:
        """What time it was."""
        return self._lane(self.anger.bottom + self.look.gap(0.5), self.look.paragraph("0", "caption").height)

    @property
    def height(self) -> int:
        """Of all lanes."""
        return self.scale.bottom

    def _lane(self, top: int, height: int) -> Rect:
        return Rect(0, top, self.width, height)

    @property
    def _line(self) -> int:
        """So high that the names of lanes do not touch."""
        return self.look.paragraph("M", "small").height

    def _stacked(self, stacks: Sequence[Stack]) -> int:
        highest = max((stack.high for stack in stacks), default=1)
        return max(self._line, highest * self.mark + self.look.gap(0.75) + (self.look.em(6) if highest > MOST else 0))

    # --- what lies under the pointer ---

    def beat_at(self, x: int, y: int) -> int:
        """The moment nearest to a place, of those that its lane shows."""
        here = list(self._in_lane(y)) or list(range(len(self.story.beats)))
        return min(here, key=lambda number: (abs(self.x_of(self.story.beats[number]) - x), -number))

    def _in_lane(self, y: int) -> Iterator[int]:
        for number, beat in enumerate(self.story.beats):
            if y < self.above.bottom:
                shows = bool(beat.kept)
            elif y < self.customer.bottom:
                shows = beat.kind in ("speech", "pause")
            elif y < self.trainee.bottom:
                shows = beat.kind not in ("speech", "heard", "end")
            else:
                shows = bool(beat.lost) if y < self.below.bottom else True
            if shows:
                yield number
