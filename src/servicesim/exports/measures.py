"""What a number is worth: shares, means, correlations and reliability, each with the interval that it stands in (95 %).

All of them come from sums, so that millions of attempts can be added up one by one, or group by group. Where there are
too few to say anything, there is no number: None.

Each observation is taken to stand by itself. Attempts of one person do not: let one attempt of each person count.
"""

from __future__ import annotations

import math
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from statistics import NormalDist

from servicesim.exports.quantiles import f_quantile, t_quantile

CONFIDENCE = 0.95
_Z = NormalDist().inv_cdf((1 + CONFIDENCE) / 2)

FEWEST_SHOWN = 5
"""People in a group of which anything is shown: with fewer, a number would tell of somebody."""

FEWEST_COMPARED = 10
"""People in each of two groups that are compared.

Conduct has a bound at 100 and often a heap just below it. The t interval bears that from about ten observations on; with
a spread of 15 points it is then still 21 points wide.
"""

FEWEST_CORRELATED = 30
"""Attempts behind a correlation.

Fisher's interval is good from about 25 on (Bonett and Wright 2000, Psychometrika 65). With 30, a correlation of 0.36 is the
smallest that can be told from none; 0.3, a usual mark of a good item (Ebel's, who set it for the difference between the best
and the worst), asks for some 45. The interval says so.
"""

FEWEST_ON_EACH_SIDE = 10
"""Of these, how many must have given the reply, and how many must not: with fewer, one person turns the number round."""

FEWEST_RELIABLE = 100
"""Attempts behind Cronbach's alpha.

Simulations ask for 30 to 300, by how much one thing lies behind all items (Yurdugül 2008, Hacettepe University Journal of
Education 35: 100 is enough where the first eigenvalue is above 3); Feldt's interval says the rest.
"""


@dataclass(slots=True)
class Sums:
    """How many values there were, their sum, and the sum of their squares: all that a mean and its spread need."""

    n: int = 0
    total: float = 0.0
    squares: float = 0.0

    def add(self, value: float) -> None:
        """One more value."""
        self.n += 1
        self.total += value
        self.squares += value * value

    def __add__(self, other: Sums) -> Sums:
        return Sums(self.n + other.n, self.total + other.total, self.squares + other.squares)

    @property
    def mean(self) -> float:
        """The mean of at least one value."""
        return self.total / self.n

    @property
    def variance(self) -> float:
        """The variance of at least two values, as an estimate for all that could have been (n - 1)."""
        return max(0.0, _rounded(self.squares - self.total * self.total / self.n, self.squares)) / (self.n - 1)


def summed(values: Iterable[float]) -> Sums:
    """The sums of these values."""
    sums = Sums()
    for value in values:
        sums.add(value)
    return sums


def _rounded(difference: float, of: float) -> float:
    """A difference of two large numbers; nothing where it is smaller than what rounding leaves."""
    return difference if abs(difference) > 1e-12 * abs(of) else 0.0


@dataclass(frozen=True, slots=True)
class Estimate:
    """A number from `n` observations, and between which bounds it lies with 95 % confidence."""

    n: int
    value: float
    low: float
    high: float


def share(count: int, n: int) -> Estimate | None:
    """A share of n, 0-1, with Wilson's interval (Newcombe 1998, Statistics in Medicine 17, method 3); None of none."""
    if n == 0:
        return None
    middle, half = _wilson(count / n, n)
    return Estimate(n, count / n, max(0.0, middle - half), min(1.0, middle + half))


def _wilson(part: float, n: int) -> tuple[float, float]:
    over = 1 + _Z * _Z / n
    half = _Z * math.sqrt(part * (1 - part) / n + _Z * _Z / (4 * n * n)) / over
    return (part + _Z * _Z / (2 * n)) / over, half


def mean(sums: Sums, *, top: float = 100.0) -> Estimate | None:
    """The mean of values between 0 and `top`, with its t interval; None with fewer than two values.

    Where all values are the same, a t interval would have no width and claim to be certain. Then Wilson's stands in, which
    is never narrower than what values between these bounds could give.
    """
    if sums.n < 2:
        return None
    value, n = min(top, max(0.0, sums.mean)), sums.n
    if sums.variance == 0:
        middle, half = _wilson(value / top, n)
        return Estimate(n, value, max(0.0, (middle - half) * top), min(top, (middle + half) * top))
    half = t_quantile((1 + CONFIDENCE) / 2, n - 1) * math.sqrt(sums.variance / n)
    return Estimate(n, value, max(0.0, value - half), min(top, value + half))


def difference(one: Sums, other: Sums) -> Estimate | None:
    """By how much the mean of one group lies above the other's, with Welch's interval; None where there are too few to compare."""
    if min(one.n, other.n) < FEWEST_COMPARED:
        return None
    parts = [sums.variance / sums.n for sums in (one, other)]
    value, error = one.mean - other.mean, sum(parts)
    if error == 0:
        return Estimate(one.n + other.n, value, value, value)
    freedom = error**2 / sum(part**2 / (sums.n - 1) for part, sums in zip(parts, (one, other), strict=True))
    half = t_quantile((1 + CONFIDENCE) / 2, freedom) * math.sqrt(error)
    return Estimate(one.n + other.n, value, value - half, value + half)


@dataclass(slots=True)
class Pairs:
    """Two values of each attempt, added up for their correlation; `ones` counts where the first is 1."""

    n: int = 0
    ones: int = 0
    x: float = 0.0
    y: float = 0.0
    xx: float = 0.0
    yy: float = 0.0
    xy: float = 0.0

    def add(self, x: float, y: float) -> None:
        """One more pair."""
        self.n += 1
        self.ones += x == 1
        self.x += x
        self.y += y
        self.xx += x * x
        self.yy += y * y
        self.xy += x * y


def correlation(pairs: Pairs) -> Estimate | None:
    """Pearson's correlation with Fisher's interval; None where there are too few, or where one of the two never varies."""
    n = pairs.n
    if n < FEWEST_CORRELATED:
        return None
    over_x, over_y = _rounded(pairs.xx - pairs.x**2 / n, pairs.xx), _rounded(pairs.yy - pairs.y**2 / n, pairs.yy)
    if over_x <= 0 or over_y <= 0:
        return None
    value = max(-1.0, min(1.0, (pairs.xy - pairs.x * pairs.y / n) / math.sqrt(over_x * over_y)))
    if abs(value) == 1:
        return Estimate(n, value, value, value)
    middle, half = math.atanh(value), _Z / math.sqrt(n - 3)
    return Estimate(n, value, math.tanh(middle - half), math.tanh(middle + half))


def point_biserial(pairs: Pairs) -> Estimate | None:
    """The correlation of a yes (1) or no (0) with a score; None where there are too few, or too few on one side."""
    if min(pairs.ones, pairs.n - pairs.ones) < FEWEST_ON_EACH_SIDE:
        return None
    return correlation(pairs)


def alpha(items: Sequence[Sums], totals: Sums) -> Estimate | None:
    """Cronbach's alpha of items that all attempts have; None where there are too few, or no spread.

    The interval is Feldt's (1965, Psychometrika 30), which takes items to measure the same thing equally well.
    """
    k, n = len(items), totals.n
    if k < 2 or n < FEWEST_RELIABLE or totals.variance == 0:
        return None
    value = k / (k - 1) * (1 - sum(item.variance for item in items) / totals.variance)
    if value >= 1:
        return Estimate(n, 1.0, 1.0, 1.0)
    above, below = n - 1, (n - 1) * (k - 1)
    low, high = (1 - (1 - value) * f_quantile(part, above, below) for part in ((1 + CONFIDENCE) / 2, (1 - CONFIDENCE) / 2))
    return Estimate(n, value, low, high)
