"""What has to be drawn anew: parts that lie far apart stay apart."""

from __future__ import annotations

from itertools import combinations

from hypothesis import given
from hypothesis import strategies as st
from pygame import Rect

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
