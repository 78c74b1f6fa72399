"""Whole calendar months of posts, in the order in which they would have been sent. Pure."""

import math
from collections.abc import Iterator, Sequence
from datetime import date
from random import Random
from typing import Final

from streams.simulate.calendar import Hours, days_of, epoch, spread
from streams.simulate.mishaps import Mishaps, Outbox
from streams.simulate.months import Month, planned
from streams.simulate.press import Press
from streams.simulate.records import SimulatedRecord
from streams.simulate.scenario import Scenario
from streams.simulate.spikes import Spike

LONGEST_REPEAT: Final = 48 * 3_600.0
"""Seconds between a post and its repeat."""

DAY_NOISE: Final = 0.06
"""How much a category's days differ from the rhythm of the week."""


def generate(
    scenario: Scenario,
    posts: int,
    seed: int,
    anchor: date,
    *,
    months: int = 2,
    mishaps: Mishaps | None = None,
    spikes: Sequence[Spike] = (),
) -> Iterator[SimulatedRecord]:
    """The scenario's two months before `anchor`'s month: `posts` distinct posts, and `months - 2` before them.

    Repeats and bad records come on top of `posts`, and so do the history months and the copies of `spikes`.
    Equal arguments give equal bytes. Sorted by `at`; memory holds one day's plan and what waits to be sent.
    """
    run = f"{scenario.title}|{posts}|{seed}|{anchor:%Y-%m}|{months}"
    random = Random(run)
    outbox = Outbox(mishaps or Mishaps(), LONGEST_REPEAT, random)
    press = Press(run, random, outbox, spikes)
    hours = Hours(scenario.hours)
    for month in planned(scenario, posts, anchor.replace(day=1), months):
        for posted_at, category, ai in _posted(month, scenario, hours, random):
            yield from outbox.due(posted_at)
            press.post(category, ai, posted_at, posted_at + outbox.late_by())
    yield from outbox.due(math.inf)


def _posted(
    month: Month, scenario: Scenario, hours: Hours, random: Random
) -> Iterator[tuple[int, str, bool]]:
    """(posted_at, category, involves AI) of every post of the month, sorted."""
    days = days_of(month.first)
    left = {category: list(cell) for category, cell in month.posts.items()}
    a_day = {
        category: spread(number, [_weight(day, scenario, random) for day in days], random)
        for category, (number, _) in month.posts.items()
    }
    for at, day in enumerate(days):
        midnight = epoch(day)
        day_plan = [(hours.second(random), name) for name, counts in a_day.items() for _ in range(counts[at])]
        for second, name in sorted(day_plan):
            yield midnight + second, name, _drawn(left[name], random)


def _weight(day: date, scenario: Scenario, random: Random) -> float:
    return scenario.weekdays[day.weekday()] * (1 + DAY_NOISE * (2 * random.random() - 1))


def _drawn(left: list[int], random: Random) -> bool:
    """Whether the next of `left` = [posts, those with AI] is one with AI: in the end exactly all are drawn."""
    ai = random.random() * left[0] < left[1]
    left[0] -= 1
    left[1] -= ai
    return ai
