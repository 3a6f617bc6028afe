"""Numbers and their intervals, held to textbooks and tables."""

from __future__ import annotations

import math

import pytest

from servicesim.exports.measures import (
    Estimate,
    Pairs,
    Sums,
    alpha,
    correlation,
    difference,
    mean,
    point_biserial,
    share,
    summed,
)
from servicesim.exports.quantiles import beta_share, f_quantile, t_quantile


def told(estimate: Estimate | None, places: int) -> tuple[float, ...]:
    assert estimate is not None
    return tuple(round(number, places) for number in (estimate.value, estimate.low, estimate.high))


@pytest.mark.parametrize(
    ("at", "freedom", "t"), [(0.975, 1, 12.706), (0.975, 10, 2.228), (0.95, 5, 2.015), (0.995, 30, 2.750), (0.025, 20, -2.086), (0.975, 1e6, 1.960)]
)
def test_students_t_is_that_of_the_tables(at: float, freedom: float, t: float) -> None:
    assert round(t_quantile(at, freedom), 3) == t


@pytest.mark.parametrize(
    ("at", "above", "below", "f"), [(0.95, 5, 10, 3.326), (0.99, 3, 20, 4.938), (0.95, 1, 1, 161.448), (0.05, 10, 5, 0.301), (0.5, 4, 4, 1.0)]
)
def test_fishers_f_is_that_of_the_tables(at: float, above: float, below: float, f: float) -> None:
    assert round(f_quantile(at, above, below), 3) == f


def test_quantiles_are_those_of_scipy_between_the_rows_of_the_tables() -> None:
    assert [round(t_quantile(at, freedom), 6) for at, freedom in ((0.975, 17.3), (0.975, 2.5), (0.995, 128.75))] == [2.107032, 3.574655, 2.614555]
    assert [round(f_quantile(at, 872, 16_568), 6) for at in (0.975, 0.025)] == [1.098823, 0.906220]
    assert [round(f_quantile(at, 99, 297), 6) for at in (0.975, 0.025)] == [1.363341, 0.714384]


def test_the_beta_function_is_exact_where_it_has_a_simple_form() -> None:
    assert beta_share(0.3, 1, 1) == pytest.approx(0.3)
    assert beta_share(0.5, 7, 7) == pytest.approx(0.5)
    assert beta_share(0.2, 2, 1) == pytest.approx(0.04)
    assert [beta_share(x, 2, 3) for x in (-1, 0, 1, 2)] == [0, 0, 1, 1]


@pytest.mark.parametrize(
    ("count", "n", "interval"),
    [(81, 263, (0.2553, 0.3662)), (15, 148, (0.0624, 0.1605)), (0, 20, (0.0, 0.1611)), (1, 29, (0.0061, 0.1718))],
)
def test_a_share_has_the_interval_of_newcombes_table(count: int, n: int, interval: tuple[float, float]) -> None:
    assert told(share(count, n), 4)[1:] == interval


def test_a_share_of_none_is_no_number() -> None:
    assert share(0, 0) is None


def test_a_mean_has_the_interval_of_students_sleep_data() -> None:
    gained = (1.2, 2.4, 1.3, 1.3, 0.0, 1.0, 1.8, 0.8, 4.6, 1.4)
    assert told(mean(summed(gained)), 2) == (1.58, 0.70, 2.46)


def test_a_mean_stays_within_its_bounds() -> None:
    estimate = mean(summed((100, 100, 40)))
    assert estimate == Estimate(3, 80, 0.0, 100.0)


def test_one_value_is_no_mean() -> None:
    assert mean(summed((70,))) is None


def test_values_that_are_all_the_same_are_not_certain() -> None:
    assert told(mean(summed([100.0] * 8)), 1) == (100.0, 67.6, 100.0)
    assert told(mean(summed([50.0] * 8)), 1) == (50.0, 21.5, 78.5)


def test_sums_of_groups_are_those_of_all() -> None:
    assert summed((1, 2)) + summed((4,)) == Sums(3, 7, 21)
    assert summed((1, 2)).variance == 0.5


def test_the_variance_of_equal_values_is_nothing_however_many() -> None:
    assert summed([100 / 3] * 100_000).variance == 0


def test_two_groups_are_compared_by_welch() -> None:
    # Two samples with means 20.82 and 23.71; the interval was also found by another program.
    one = (27.5, 21.0, 19.0, 23.6, 17.0, 17.9, 16.9, 20.1, 21.9, 22.6, 23.1, 19.6, 19.0, 21.7, 21.4)
    other = (27.1, 22.0, 20.8, 23.4, 23.4, 23.5, 25.8, 22.0, 24.8, 20.2, 21.9, 22.1, 22.9, 30.5, 25.3)
    assert told(difference(summed(other), summed(one)), 2) == (2.89, 0.85, 4.94)


def test_nine_people_are_too_few_to_compare() -> None:
    assert difference(summed(range(9)), summed(range(50))) is None
    assert difference(summed(range(10)), summed(range(50))) is not None


def paired(pairs: list[tuple[float, float]]) -> Pairs:
    sums = Pairs()
    for x, y in pairs:
        sums.add(x, y)
    return sums


def test_a_point_biserial_is_the_difference_of_means_by_the_spread() -> None:
    pairs = [(1, 70 + number) for number in range(15)] + [(0, 60 + number) for number in range(20)]
    scores = [y for _, y in pairs]
    middle = sum(scores) / 35
    spread = math.sqrt(sum((y - middle) ** 2 for y in scores) / 35)
    by_hand = (77 - 69.5) / spread * math.sqrt(15 / 35 * 20 / 35)
    value, low, high = told(point_biserial(paired(pairs)), 4)
    assert value == round(by_hand, 4) == 0.5812
    assert (low, high) == (0.3076, 0.7661)


def test_too_few_attempts_or_too_few_on_one_side_say_nothing() -> None:
    many = [(0, float(number)) for number in range(40)]
    assert point_biserial(paired([*many[:20], *((1, y) for _, y in many[:9])])) is None  # 29 attempts
    assert point_biserial(paired([*many, *((1, y) for _, y in many[:9])])) is None  # 9 gave it
    assert point_biserial(paired([*many, *((1, y) for _, y in many[:10])])) is not None


def test_what_never_varies_correlates_with_nothing() -> None:
    assert correlation(paired([(1, number) for number in range(50)])) is None
    assert correlation(paired([(number % 2, 1 / 3) for number in range(50)])) is None


def test_what_is_the_same_correlates_wholly() -> None:
    assert correlation(paired([(number, 2 * number) for number in range(50)])) == Estimate(50, 1.0, 1.0, 1.0)


def rows_of(k: int, n: int) -> list[tuple[int, ...]]:
    """Answers to k items: each person gets right the items that are no harder than they are able, with some slips."""
    return [tuple(int((person * 7) % 11 >= 2 * item) ^ int((person + 3 * item) % 9 == 0) for item in range(k)) for person in range(n)]


def alpha_of(rows: list[tuple[int, ...]]) -> Estimate | None:
    items = [summed(column) for column in zip(*rows, strict=True)]
    return alpha(items, summed(sum(row) for row in rows))


def test_alpha_is_nothing_where_items_have_nothing_in_common_and_one_where_they_are_the_same() -> None:
    crossed = [(one, other) for one in (0, 1) for other in (0, 1)] * 25
    assert told(alpha_of(crossed), 9)[0] == 0
    assert alpha_of([(person % 2, person % 2) for person in range(100)]) == Estimate(100, 1.0, 1.0, 1.0)


def test_alpha_is_that_of_the_formula() -> None:
    # Two items with variance 0.2525 each, and covariance half of that: 2 * (1 - 1 / 1.5) = 2/3.
    rows = [(0, 0)] * 37 + [(0, 1)] * 13 + [(1, 0)] * 13 + [(1, 1)] * 37
    value, low, high = told(alpha_of(rows), 4)
    assert value == round(2 * (1 - 2 * 0.25 / 0.74), 4) == 0.6486
    assert low < value < high


def test_alpha_has_feldts_interval() -> None:
    assert told(alpha_of(rows_of(4, 100)), 4) == (0.4238, 0.2145, 0.5884)


def test_alpha_has_the_interval_that_evans_publishes() -> None:
    # Chris Evans' R code for Feldt's interval, with its example: alpha 0.913 of 20 items and 873 people.
    def spread(variance: float) -> Sums:
        return Sums(873, 0.0, variance * 872)

    estimate = alpha([spread((1 - 0.913 * 19 / 20) / 20)] * 20, spread(1.0))
    assert told(estimate, 7) == (0.913, 0.9044024, 0.9211588)


def test_fewer_than_a_hundred_attempts_have_no_alpha() -> None:
    assert alpha_of(rows_of(4, 99)) is None
    assert alpha_of(rows_of(1, 100)) is None
    assert alpha_of([(1, 1, 1)] * 100) is None
