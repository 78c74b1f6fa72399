"""How unlikely a count is. Pure.

A count whose rate is known is Poisson distributed. Ours is only estimated from earlier counts: with a rate that is
gamma distributed around its mean the count is negative binomial, with variance mean + mean^2 / shape. A large
shape is the Poisson distribution again. Tails are exact by the incomplete beta
function; small ones lose no digits.
"""

from math import exp, inf, lgamma, log, log1p
from typing import Final

_PRECISION: Final = 1e-14
_TINY: Final = 1e-300
_STEPS: Final = 10_000
"""Far more than the square root of the largest count, which the fraction takes to converge."""


def at_least(count: int, mean: float, shape: float) -> float:
    """P(X >= count) for a negative binomial X of that mean (above 0) and shape."""
    return 1.0 if count <= 0 else beta_share(count, shape, mean / (mean + shape))


def at_most(count: int, mean: float, shape: float) -> float:
    """P(X <= count) for a negative binomial X of that mean (above 0) and shape."""
    return 0.0 if count < 0 else beta_share(shape, count + 1, shape / (mean + shape))


def beta_share(a: float, b: float, x: float) -> float:
    """The regularised incomplete beta function I_x(a, b), for a, b > 0.

    Source: its continued fraction, NIST Digital Library of Mathematical Functions 8.17.22, by Lentz's method.
    """
    if x <= 0.0 or x >= 1.0:
        return float(x > 0.0)
    front = exp(lgamma(a + b) - lgamma(a) - lgamma(b) + a * log(x) + b * log1p(-x))
    if x < (a + 1) / (a + b + 2):
        return min(1.0, front * _fraction(a, b, x) / a)
    return max(0.0, 1.0 - front * _fraction(b, a, 1 - x) / b)


def _fraction(a: float, b: float, x: float) -> float:
    numerator, denominator = 1.0, 1.0 / _away_from_zero(1 - (a + b) * x / (a + 1))
    value, change, m = denominator, inf, 0
    while abs(change - 1) > _PRECISION and m < _STEPS:
        m += 1
        even = m * (b - m) * x / ((a + 2 * m - 1) * (a + 2 * m))
        odd = -(a + m) * (a + b + m) * x / ((a + 2 * m) * (a + 2 * m + 1))
        for term in (even, odd):
            denominator = 1.0 / _away_from_zero(1 + term * denominator)
            numerator = _away_from_zero(1 + term / numerator)
            change = numerator * denominator
            value *= change
    return value


def _away_from_zero(value: float) -> float:
    return value if abs(value) > _TINY else _TINY
