"""Signals: skills and categories whose demand stands out from the same hours of the past weeks. Pure.

Given counts and the time of a look, and the signals known by then, `detect` says which begin and which end.

    posts        posts of the item in [at - width, at)
    baseline     its posts in the same hours of the past four weeks, week by week
    expected     mean of the baseline, times the growth of everything else where that points the same way: when a
                 feed doubles all skills, one signal says so, and not a thousand
    p-value      chance of so many posts (or so few) if nothing but chance and the usual change between weeks is at
                 work: a Poisson tail whose rate is as uncertain as its baseline (streams/tails.py)
    begins       p-value <= limit, ratio >= the minimum, and enough posts
    limit        false alarms a day that chance may raise / (looks a day * items * widths * 2 directions)
    ends         when the ratio or the p-value is no longer remarkable
"""

from collections.abc import Collection, Iterable, Iterator, Sequence
from typing import Final, Literal, NamedTuple

from streams.tails import at_least, at_most

MINUTE: Final = 60
HOUR: Final = 3_600
DAY: Final = 86_400
WEEK: Final = 7 * DAY

LOOK_EVERY: Final = MINUTE
"""Seconds between looks."""

WIDTHS: Final = (10 * MINUTE, HOUR, DAY)
"""Seconds looked back: a day for what builds up slowly, an hour, and ten minutes to notice a burst soon."""

WEEKS: Final = 4
"""Past weeks of the baseline: the same hours of the same weekday, a month of them."""

_FEWEST_WEEKS: Final = 2
"""Weeks with posts below which there is no baseline: one says nothing of how weeks differ."""

_END_CHANCE: Final = 0.01
"""A signal ends when so common a count could be chance: far from the limit, so that it does not flicker."""

_DISPERSED: Final = {1: 10.83, 2: 13.82, 3: 16.27}
"""Degrees of freedom -> the chi-square that chance exceeds once in a thousand: beyond it weeks truly differ."""

_LARGE: Final = 5.0
"""Mean from which an item says something of how much weeks differ beyond chance."""

ALL: Final = "all"
"""Kind of the one item that counts all posts."""

Kind = Literal["all", "category", "skill"]
Direction = Literal["spike", "drop"]


class Rules(NamedTuple):
    """What makes a signal; from the settings."""

    false_alarms: float
    min_posts: int
    min_ratio: float
    cooldown: int


class Observation(NamedTuple):
    """One item's posts within a width, and in the baseline of each of the past weeks."""

    kind: Kind
    item: str
    posts: int
    weeks: tuple[int, ...]


class Look(NamedTuple):
    """All that is seen through one width; one of the observations is of kind ALL.

    `scale` is the width as a part of the baseline's: ten minutes have the hour around them as baseline.
    """

    width: int
    scale: float
    observations: Sequence[Observation]


class Signal(NamedTuple):
    """A spike or drop of one item: its identity, when it ended (None while it lasts), and what it compared."""

    kind: Kind
    item: str
    width: int
    started_at: int
    direction: Direction
    ended_at: int | None
    posts: int
    weeks: tuple[int, ...]
    expected: float
    rest_growth: float
    p_value: float
    p_limit: float


class _Judged(NamedTuple):
    direction: Direction
    expected: float
    rest_growth: float
    p_value: float

    def ratio(self, posts: int) -> float:
        """How far above, or below, the expectation; above 1 if at all."""
        if self.direction == "spike":
            return posts / self.expected
        return self.expected / posts if posts else float("inf")


def baseline_width(width: int) -> int:
    """Seconds of each past week that are the baseline of `width`: at least an hour."""
    return max(width, HOUR)


def windows(at: int, width: int) -> list[tuple[int, int]]:
    """The half-open ranges in seconds since the epoch: [at - width, at), then the baseline of each past week.

    A baseline wider than the window lies evenly around it.
    """
    wide = baseline_width(width)
    end = at + (wide - width) // 2
    return [
        (at - width, at),
        *((end - wide - week * WEEK, end - week * WEEK) for week in range(1, WEEKS + 1)),
    ]


def detect(at: int, looks: Sequence[Look], known: Iterable[Signal], rules: Rules) -> list[Signal]:
    """Signals that begin or end at `at`, seconds since the epoch.

    `known` are those that last, or ended not longer ago than the longest of the widths and the cool-down.
    """
    told = list(known)
    tests = sum(len(look.observations) for look in looks) * 2 * (DAY // LOOK_EVERY)
    limit = rules.false_alarms / max(1, tests)
    changed: list[Signal] = []
    for look in sorted(looks):
        changes = list(_changes(at, look, told, limit, rules))
        told = _merged(told, changes)  # a wider window says nothing new of what a narrower one found
        changed += changes
    return changed


def _merged(told: Iterable[Signal], changes: Sequence[Signal]) -> list[Signal]:
    by_identity = {signal[:4]: signal for signal in (*told, *changes)}
    return list(by_identity.values())


def _changes(at: int, look: Look, told: Sequence[Signal], limit: float, rules: Rules) -> Iterator[Signal]:
    lasting = {(s.kind, s.item): s for s in told if s.ended_at is None and s.width == look.width}
    quiet = _quiet(at, look.width, told, rules)
    for seen, judged in _judge(look, rules, lasting):
        before = lasting.get((seen.kind, seen.item))
        if before is not None:
            if before.direction == judged.direction and _lasts(seen, judged, rules):
                lasting.pop((seen.kind, seen.item))
        elif judged.p_value <= limit and (seen.kind, seen.item, judged.direction) not in quiet:
            yield Signal(
                seen.kind,
                seen.item,
                look.width,
                at,
                judged.direction,
                None,
                seen.posts,
                seen.weeks,
                judged.expected,
                judged.rest_growth,
                judged.p_value,
                limit,
            )
    for before in lasting.values():
        yield before._replace(ended_at=at)


def _quiet(at: int, width: int, told: Sequence[Signal], rules: Rules) -> set[tuple[str, str, str]]:
    """What must not begin: it lasts, lies within the window, or has not cooled down."""
    since = at - max(width, rules.cooldown)
    return {
        (s.kind, s.item, s.direction)
        for s in told
        if s.width <= width and (s.ended_at is None or s.ended_at > since)
    }


def _lasts(seen: Observation, judged: _Judged, rules: Rules) -> bool:
    return judged.p_value <= _END_CHANCE and judged.ratio(seen.posts) >= (1 + rules.min_ratio) / 2


def _judge(
    look: Look, rules: Rules, lasting: Collection[tuple[Kind, str]]
) -> Iterator[tuple[Observation, _Judged]]:
    """The observations that stand out by count and ratio, and those whose signal lasts."""
    total = next(seen for seen in look.observations if seen.kind == ALL)
    weeks = [week for week, posts in enumerate(total.weeks) if posts]
    if len(weeks) < _FEWEST_WEEKS:
        return
    scale = look.scale / len(weeks)
    total_expected = sum(total.weeks) * scale
    usual: float | None = None
    for seen in look.observations:
        mean = (sum(seen.weeks) + 0.5) * scale  # half a post: no item is impossible for having no history
        is_all = seen.kind == ALL
        growth = 1.0 if is_all else (total.posts - seen.posts + 1) / (total_expected - mean + 1)
        spike = seen.posts > mean
        expected = mean * (max(1.0, growth) if spike else min(1.0, growth))
        judged = _Judged("spike" if spike else "drop", expected, growth, 1.0)
        if (seen.kind, seen.item) not in lasting:
            enough = seen.posts if spike else expected
            if enough < rules.min_posts or judged.ratio(seen.posts) < rules.min_ratio:
                continue
        if usual is None:
            usual = _usual_spread(look.observations, weeks)
        shape = _shape(seen, weeks, usual)
        chance = at_least(seen.posts, expected, shape) if spike else at_most(seen.posts, expected, shape)
        yield seen, judged._replace(p_value=chance)


def _shape(seen: Observation, weeks: Sequence[int], usual: float) -> float:
    """Shape of the negative binomial: uncertainty of the mean of the weeks, and their spread beyond chance."""
    spread = usual if (own := _own_spread(seen, weeks)) is None else max(own, usual)
    return 1 / (1 / (sum(seen.weeks) + 0.5) + spread * (1 + 1 / len(weeks)))


def _own_spread(seen: Observation, weeks: Sequence[int]) -> float | None:
    """Squared relative spread of the item's weeks beyond chance; None if chance explains how they differ."""
    mean, variance = _moments(seen, weeks)
    degrees = len(weeks) - 1
    if mean == 0 or variance * degrees / mean <= _DISPERSED[degrees]:
        return None
    return (variance - mean) / mean**2


def _usual_spread(observations: Sequence[Observation], weeks: Sequence[int]) -> float:
    """The same over all items whose weeks look like chance one by one, by the method of moments."""
    excess = squares = 0.0
    for seen in observations:
        if sum(seen.weeks) >= _LARGE * len(weeks) and _own_spread(seen, weeks) is None:
            mean, variance = _moments(seen, weeks)
            excess += variance - mean
            squares += mean**2
    return max(0.0, excess / squares) if squares else 0.0


def _moments(seen: Observation, weeks: Sequence[int]) -> tuple[float, float]:
    counts = [seen.weeks[week] for week in weeks]
    mean = sum(counts) / len(counts)
    return mean, sum((count - mean) ** 2 for count in counts) / (len(counts) - 1)
