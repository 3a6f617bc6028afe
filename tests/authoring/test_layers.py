"""Where cards and lines go."""

from __future__ import annotations

from itertools import pairwise

import pytest

from servicesim.authoring.layers import Card, Line, Plan, laid_out, leading_back

COUNTER, DESK, DOOR = Card("counter", 200, 80), Card("desk", 300, 80), Card("door", 120, 40)


def box(plan: Plan, card: Card) -> tuple[float, float, float, float]:
    x, y = plan.centres[card.name]
    return x - card.width / 2, y - card.height / 2, x + card.width / 2, y + card.height / 2


def test_what_comes_later_stands_lower_and_nothing_overlaps() -> None:
    plan = laid_out([COUNTER, DESK, DOOR], [Line("counter", "desk"), Line("desk", "door")], "counter")
    bottoms_and_tops = [(box(plan, upper)[3], box(plan, lower)[1]) for upper, lower in ((COUNTER, DESK), (DESK, DOOR))]
    assert all(bottom < top for bottom, top in bottoms_and_tops)


def test_a_way_back_does_not_pull_the_start_down() -> None:
    lines = [Line("counter", "desk"), Line("desk", "counter"), Line("desk", "door")]
    plan = laid_out([DOOR, DESK, COUNTER], lines, "counter")
    assert plan.centres["counter"][1] < plan.centres["desk"][1] < plan.centres["door"][1]


def test_lines_leave_from_the_middle_of_their_slots_and_arrive_on_top() -> None:
    lines = [Line("desk", "counter"), Line("desk", "door"), Line("desk", "desk")]
    plan = laid_out([DESK, COUNTER, DOOR], lines, "desk")
    left, _, _, bottom = box(plan, DESK)
    assert sorted(plan.slots) == [0, 1, 2]
    for line, slot, corners in zip(lines[:2], plan.slots[:2], plan.lines[:2], strict=True):
        assert corners[0] == pytest.approx((left + 100 * slot + 50, bottom))
        assert corners[-1][1] == box(plan, COUNTER if line.target == "counter" else DOOR)[1]


def test_what_goes_round_has_a_slot_and_no_line() -> None:
    plan = laid_out([DESK, DOOR], [Line("desk", "desk"), Line("desk", "door")], "desk")
    assert plan.lines[0] == ()
    assert plan.slots == (1, 0)  # after those that lead somewhere


def test_lines_do_not_cross_where_they_need_not() -> None:
    cards = [DESK, *(Card(name, 120, 40) for name in ("a", "b", "c"))]
    plan = laid_out(cards, [Line("desk", name) for name in ("c", "a", "b")], "desk")
    places = sorted(("a", "b", "c"), key=lambda name: plan.centres[name][0])
    slots = dict(zip(("c", "a", "b"), plan.slots, strict=True))
    assert sorted(places, key=slots.__getitem__) == places


def test_the_same_again_is_laid_out_the_same() -> None:
    lines = [Line("counter", "desk"), Line("counter", "door"), Line("desk", "door"), Line("desk", "counter")]
    one, other = (laid_out([COUNTER, DESK, DOOR], lines, "counter") for _ in range(2))
    assert one == other


def test_a_way_is_back_only_where_it_closes_a_circle() -> None:
    ways = [("a", "b"), ("b", "c"), ("a", "c"), ("c", "a"), ("c", "c"), ("d", "a")]
    assert leading_back(ways, ["a", "b", "c", "d"]) == [False, False, False, True, True, False]


def test_a_very_long_row_of_scenes_is_no_trouble() -> None:
    names = [f"s{number}" for number in range(5_000)]
    assert not any(leading_back(list(pairwise(names)), names))
