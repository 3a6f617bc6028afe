"""What has to be drawn anew: parts that lie far apart stay apart."""

from __future__ import annotations

from itertools import combinations
from pathlib import Path
from random import Random

from hypothesis import given
from hypothesis import strategies as st
from pygame import Rect

from desktop.seat import seated
from desktop.tour import tour
from servicesim.desktop.preferences import Preferences
from servicesim.desktop.stage import Stage
from servicesim.desktop.stale import Stale

RECTS = st.builds(Rect, st.integers(0, 200), st.integers(0, 200), st.integers(0, 80), st.integers(0, 80))


def test_what_lies_apart_is_not_joined_to_what_is_between() -> None:
    assert list(Stale([Rect(0, 0, 10, 10), Rect(100, 100, 10, 10)])) == [Rect(0, 0, 10, 10), Rect(100, 100, 10, 10)]
    assert list(Stale([Rect(0, 0, 10, 10), Rect(5, 5, 10, 10)])) == [Rect(0, 0, 15, 15)]


def test_nothing_is_nothing() -> None:
    assert not Stale()
    assert not Stale([Rect(3, 3, 0, 5)])


@given(st.lists(RECTS, max_size=12))
def test_the_parts_cover_all_and_never_touch(rects: list[Rect]) -> None:
    parts = list(Stale(rects))
    assert all(any(part.contains(rect) for part in parts) for rect in rects if rect.w and rect.h)
    assert not any(one.colliderect(other) for one, other in combinations(parts, 2))


def test_any_part_of_any_screen_drawn_by_itself_is_as_it_was_in_the_whole(tmp_path: Path) -> None:
    chance, differing = Random(7), list[tuple[str, Rect]]()
    with seated(tmp_path, language="fa") as seat:
        seat.desk.prefer(Preferences(theme="dark"))
        for name in tour(seat):
            seat.stage.settle()
            for _ in range(5):
                part = Rect(chance.randrange(1200), chance.randrange(680), chance.randrange(1, 400), chance.randrange(1, 200))
                part = part.clip(0, 0, *seat.stage.size)
                if not is_drawn_alike(seat.stage, part):
                    differing.append((name, part))
    assert differing == []


def is_drawn_alike(stage: Stage, part: Rect) -> bool:
    """Whether a part that is spoiled and drawn anew is as it was."""
    whole = stage._surface.copy()
    stage._surface.fill("magenta", part)
    stage.records = False  # or all would be drawn
    stage.redraw(part)
    stage.settle()
    stage.records = True
    return bool(whole.get_buffer().raw == stage._surface.get_buffer().raw)
