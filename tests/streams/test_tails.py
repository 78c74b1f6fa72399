"""Tails against sums of exact fractions, and against published values of the Poisson distribution."""

from fractions import Fraction
from math import exp, factorial, lgamma, log

import pytest
from hypothesis import given
from hypothesis import strategies as st

from streams.tails import at_least, at_most, beta_share


def probability(count: int, mean: Fraction, shape: int) -> Fraction:
    choose = Fraction(factorial(count + shape - 1), factorial(count) * factorial(shape - 1))
    success = Fraction(shape) / (mean + shape)
    return choose * success**shape * (1 - success) ** count


@given(st.integers(1, 60), st.fractions(Fraction(1, 10), 40, max_denominator=20), st.integers(1, 50))
def test_both_tails_equal_exact_sums(count: int, mean: Fraction, shape: int) -> None:
    below = sum(probability(number, mean, shape) for number in range(count))
    assert at_least(count, float(mean), shape) == pytest.approx(float(1 - below), rel=1e-9)
    assert at_most(count - 1, float(mean), shape) == pytest.approx(float(below), rel=1e-9)


@pytest.mark.parametrize(
    ("count", "mean"),
    [
        pytest.param(10, 2.0, id="10 or more of 2"),
        pytest.param(100, 30.0, id="100 or more of 30"),
        pytest.param(1_400, 1_000.0, id="1,400 or more of 1,000"),
        pytest.param(50, 0.01, id="far out"),
    ],
)
def test_a_large_shape_is_the_poisson_distribution(count: int, mean: float) -> None:
    poisson = sum(exp(number * log(mean) - mean - lgamma(number + 1)) for number in range(count, count + 400))
    assert at_least(count, mean, 1e8) == pytest.approx(poisson, rel=1e-3)


@pytest.mark.parametrize(
    ("count", "mean", "chance"),
    [
        # 1 - cumulative probability of the Poisson tables for mean 5 at 8, 10 and 15
        pytest.param(9, 5.0, 0.068094, id="9 of 5"),
        pytest.param(11, 5.0, 0.013695, id="11 of 5"),
        pytest.param(16, 5.0, 0.000069, id="16 of 5"),
    ],
)
def test_published_values(count: int, mean: float, chance: float) -> None:
    assert at_least(count, mean, 1e8) == pytest.approx(chance, abs=1e-6)


@given(st.integers(0, 5_000), st.floats(0.001, 5_000), st.floats(0.1, 1e6))
def test_tails_are_chances_that_add_up_to_one(count: int, mean: float, shape: float) -> None:
    above, below = at_least(count, mean, shape), at_most(count - 1, mean, shape)
    assert 0 <= above <= 1
    assert 0 <= below <= 1
    assert above + below == pytest.approx(1, abs=1e-9)
    assert at_least(count + 1, mean, shape) <= above + 1e-12


@given(
    st.floats(0.1, 1e4), st.floats(0.1, 1e4), st.integers(0, 1024).map(lambda part: part / 1024)
)  # 1 - x is exact
def test_the_beta_share_is_symmetric(a: float, b: float, x: float) -> None:
    assert beta_share(a, b, x) == pytest.approx(1 - beta_share(b, a, 1 - x), abs=1e-9)
