"""A scenario's counts at another scale: whole numbers that add up and keep the growth. Pure.

Worked example: 1,500 -> 1,785 posts is +19 %, 119/100 in lowest terms. At a fifth of the scale the month
before should hold 300 posts: a multiple of 100, so 300 -> 357 is +19 % again. At a sixth it should hold 250;
the nearest multiples are 200 and 300, so 300 (250 rounds half up) -> 357. What these categories take more or
less than their part is made up by all others, by largest remainder.
"""

from collections.abc import Sequence
from fractions import Fraction

from streams.simulate.scenario import Line, Scenario


def scaled(scenario: Scenario, posts: int) -> dict[str, tuple[int, int]]:
    """Category -> distinct posts of the month before and of the scenario's month; they add up to `posts`."""
    scale = Fraction(posts, scenario.total)
    fixed = {name: _exact(line, scale) for name, line in scenario.categories.items() if line.exact}
    if sum(map(sum, fixed.values())) > posts:
        fixed = {}
    loose = [name for name in scenario.categories if name not in fixed]
    cells = [count for name in loose for count in scenario.categories[name].posts]
    counts = largest_remainder(posts - sum(map(sum, fixed.values())), cells)
    pairs = dict(zip(loose, zip(counts[::2], counts[1::2], strict=True), strict=True))
    return {name: fixed.get(name) or pairs[name] for name in scenario.categories}


def largest_remainder(total: int, weights: Sequence[int]) -> list[int]:
    """`total` in whole parts proportional to `weights`; the largest fractions are rounded up."""
    whole = sum(weights)
    parts = [total * weight // whole for weight in weights]
    by_fraction = sorted(range(len(weights)), key=lambda at: (-(total * weights[at] % whole), at))
    for at in by_fraction[: total - sum(parts)]:
        parts[at] += 1
    return parts


def _exact(line: Line, scale: Fraction) -> tuple[int, int]:
    before, after = line.posts
    growth = Fraction(after, before)
    wanted = before * scale
    step = growth.denominator
    multiple = int(wanted / step + Fraction(1, 2))
    if multiple:
        return multiple * step, multiple * growth.numerator
    return _nearest(wanted, growth)


def _nearest(wanted: Fraction, growth: Fraction) -> tuple[int, int]:
    """Too few posts for the exact growth: the pair near `wanted` whose growth comes closest."""
    bases = range(max(1, int(wanted / 2)), max(2, int(wanted * 3 / 2) + 1))
    pairs = [(base, round(base * growth)) for base in bases]
    return min(pairs, key=lambda pair: (abs(Fraction(pair[1], pair[0]) - growth), abs(pair[0] - wanted)))


def inexact(scenario: Scenario, posts: int) -> dict[str, tuple[float, float]]:
    """The `exact` categories that `posts` is too small for: category -> growth wanted, growth got."""
    counts = scaled(scenario, posts)
    growths = {
        name: (Fraction(line.posts[1], line.posts[0]), counts[name])
        for name, line in scenario.categories.items()
        if line.exact
    }
    return {
        name: (float(wanted - 1), after / before - 1 if before else float("nan"))
        for name, (wanted, (before, after)) in growths.items()
        if after != before * wanted or not before
    }
