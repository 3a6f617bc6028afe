"""The lanes of a timeline as shapes: speech, what the trainee did, and the marks of the verdicts."""

from __future__ import annotations

from collections.abc import Iterator

from pygame import Rect

from servicesim.desktop.beats import Beat
from servicesim.desktop.screens.plan import Plan, Stack
from servicesim.desktop.screens.strokes import bar, check, critical_cross, cross, disc, path, polygon
from servicesim.desktop.theme import Palette


class Lanes:
    """Drawn over the lanes of a plan."""

    def __init__(self, plan: Plan) -> None:
        self.plan, self.look = plan, plan.look

    def shapes(self, colours: Palette) -> Iterator[str]:
        """All lanes, from above."""
        yield from self._kept(colours)
        yield from self._speech(colours)
        for beat in self.plan.story.beats:
            yield from self._did(beat, colours)
        yield from self._lost(colours)

    # --- verdicts ---

    def _kept(self, colours: Palette) -> Iterator[str]:
        for stack in self.plan.kept:
            for place, _ in enumerate(stack.seen):
                yield check(self._mark(stack, place, down=False), self.plan.mark, colours.kept)

    def _lost(self, colours: Palette) -> Iterator[str]:
        for stack in self.plan.lost:
            for place, one in enumerate(stack.seen):
                shape = critical_cross if one.critical else cross
                yield shape(self._mark(stack, place, down=True), self.plan.mark, colours.broken, colours.surface)

    def _mark(self, stack: Stack, place: int, *, down: bool) -> tuple[float, float]:
        away = (place + 0.5) * self.plan.mark + self.look.px(2)
        return stack.x, self.plan.below.y + away if down else self.plan.above.bottom - away

    # --- what was said and done ---

    def _speech(self, colours: Palette) -> Iterator[str]:
        room, thick = self.plan.customer, self.look.em(10)
        for start, end in self.plan.story.spoken:
            left, right = sorted((self.plan.x(start), self.plan.x(end)))
            wide = max(self.look.px(3), right - left - self.look.px(1))
            yield bar(Rect(left, room.centery - thick // 2, wide, thick), colours.outline, min(thick, wide) / 2)

    def _did(self, beat: Beat, colours: Palette) -> Iterator[str]:
        x, y = self.plan.x_of(beat), self.plan.trainee.centery
        unit = self.look.em(1)
        match beat.kind:
            case "pause" if len(beat.events) > 1:
                yield disc((x, y), 3.6 * unit, colours.accent)
            case "pause":
                yield disc((x, y), 3 * unit, None, colours.outline, 1.4 * unit)
            case "word":
                yield disc((x, y), 3.6 * unit, colours.accent)
            case "reply":
                yield from self._replied(beat, x, y, unit, colours)
            case "cut-in":
                top = self.plan.customer.y + unit
                yield path([(x, top), (x, y + 4 * unit)], colours.danger, 2.4 * unit)
                yield polygon([(x - 5 * unit, top + 7 * unit), (x, top - 1.5 * unit), (x + 5 * unit, top + 7 * unit)], colours.danger)
            case "silence":
                for step in (-1, 0, 1):
                    yield disc((x + step * 6 * unit, y), 1.8 * unit, colours.pending)
            case _:
                return

    def _replied(self, beat: Beat, x: int, y: int, unit: float, colours: Palette) -> Iterator[str]:
        """A speech bubble; the line before it is the time that the trainee took."""
        waited = self.plan.story.waited.get(beat.number)
        if waited is not None and abs(self.plan.x(waited) - x) > 10 * unit:
            yield path([(self.plan.x(waited), y), (x, y)], colours.accent, 1.6 * unit)
        half, high = 7 * unit, 5.5 * unit
        yield bar(Rect(round(x - half), round(y - high), round(2 * half), round(2 * high)), colours.accent, 3.5 * unit)
        yield polygon([(x - 3 * unit, y + high - unit), (x + 2 * unit, y + high - unit), (x - 3 * unit, y + high + 3.5 * unit)], colours.accent)
