import math
from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from streams.simulate import load_scenario
from streams.simulate.scaling import inexact, largest_remainder, scaled

SCENARIO = load_scenario("november")
HEADLINES = {"qa_testing": Fraction(19, 100), "interpretation_tutoring": Fraction(48, 100)}
DOUBLE_DIGIT = ("audio_production", "photography")
STEADY = ("ecommerce_development", "lead_generation", "marketing_strategy")


def growth(pair: tuple[int, int]) -> Fraction:
    return Fraction(pair[1], pair[0]) - 1


def significant(pair: tuple[int, int]) -> bool:
    """Whether the 95 % interval of the ratio of two Poisson counts leaves out 1."""
    before, after = pair
    return abs(math.log(after / before)) > 1.96 * math.sqrt(1 / before + 1 / after)


@given(st.integers(1, 2_000_000))
def test_scaled_counts_add_up(posts: int) -> None:
    counts = scaled(SCENARIO, posts)
    assert sum(map(sum, counts.values())) == posts
    assert all(min(pair) >= 0 for pair in counts.values())
    assert counts.keys() == SCENARIO.categories.keys()


@given(st.integers(10_000, 2_000_000))
def test_the_headlines_are_exact_from_10_000_posts_on(posts: int) -> None:
    counts = scaled(SCENARIO, posts)
    assert {name: growth(counts[name]) for name in HEADLINES} == HEADLINES
    assert not inexact(SCENARIO, posts)


@pytest.mark.parametrize("posts", [60_000, SCENARIO.total])
def test_the_other_findings_hold(posts: int) -> None:
    counts = scaled(SCENARIO, posts)
    assert all(Fraction(1, 10) <= growth(counts[name]) < 1 for name in DOUBLE_DIGIT)
    assert all(0 < growth(counts[name]) < Fraction(1, 10) and significant(counts[name]) for name in STEADY)
    calm = counts.keys() - HEADLINES.keys() - {*DOUBLE_DIGIT, *STEADY, "ai_machine_learning"}
    assert not any(significant(counts[name]) for name in calm)
    assert any(growth(counts[name]) < 0 for name in calm)


def test_the_scenarios_own_scale_is_its_file() -> None:
    lines = SCENARIO.categories.items()
    assert scaled(SCENARIO, SCENARIO.total) == {name: line.posts for name, line in lines}


def test_too_few_posts_are_said() -> None:
    wanted, got = inexact(SCENARIO, 2_000)["qa_testing"]
    assert wanted == pytest.approx(0.19)
    assert got == pytest.approx(0.19, abs=0.03)


@given(st.integers(0, 10_000), st.lists(st.integers(0, 1_000), min_size=1, max_size=20).filter(any))
def test_largest_remainder_is_within_one_of_the_exact_part(total: int, weights: list[int]) -> None:
    parts = largest_remainder(total, weights)
    assert sum(parts) == total
    exact = [Fraction(total * weight, sum(weights)) for weight in weights]
    assert all(abs(part - wanted) < 1 for part, wanted in zip(parts, exact, strict=True))
