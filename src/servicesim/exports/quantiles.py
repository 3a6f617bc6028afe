"""Quantiles of Student's t and Fisher's F, from the incomplete beta function: no library for two numbers."""

from __future__ import annotations

import math
from functools import lru_cache
from itertools import count

_SMALL, _CLOSE = 1e-300, 1e-15


@lru_cache(maxsize=4096)
def t_quantile(share: float, freedom: float) -> float:
    """The t below which this share lies, at so many degrees of freedom."""
    if share < 0.5:
        return -t_quantile(1 - share, freedom)
    return math.sqrt(f_quantile(2 * share - 1, 1, freedom))


@lru_cache(maxsize=4096)
def f_quantile(share: float, above: float, below: float) -> float:
    """The F below which this share lies; degrees of freedom above and below the line."""
    low, high = 0.0, 1.0
    while True:  # Halved until no number lies between.
        x = (low + high) / 2
        if x in (low, high):
            return below * x / (above * (1 - x)) if x < 1 else math.inf
        low, high = (x, high) if beta_share(x, above / 2, below / 2) < share else (low, x)


def beta_share(x: float, a: float, b: float) -> float:
    """The share of a beta distribution that lies below x (the regularised incomplete beta function)."""
    if x <= 0 or x >= 1:
        return float(x >= 1)
    if x > (a + 1) / (a + b + 2):  # There the fraction would converge slowly; by symmetry it need not.
        return 1 - beta_share(1 - x, b, a)
    scale = math.lgamma(a + b) - math.lgamma(a) - math.lgamma(b) + a * math.log(x) + b * math.log1p(-x)
    return math.exp(scale) / (a * _fraction(x, a, b))


def _fraction(x: float, a: float, b: float) -> float:
    """1 + d1/(1 + d2/(1 + ...)), by Lentz's method."""
    value, c, d = 1.0, 1.0, 0.0
    for n in count(1):
        m = n // 2
        if n % 2:
            term = -(a + m) * (a + b + m) * x / ((a + n - 1) * (a + n))
        else:
            term = m * (b - m) * x / ((a + n - 1) * (a + n))
        d = 1 / (1 + term * d or _SMALL)
        c = 1 + term / c or _SMALL
        value *= c * d
        if abs(c * d - 1) < _CLOSE:
            return value
    raise AssertionError("counting never ends")
