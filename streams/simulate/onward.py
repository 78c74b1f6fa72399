"""The days after the calibrated months, each by itself: what there is of this month, and what goes on live. Pure."""

import math
from collections.abc import Iterator
from datetime import date
from random import Random

from streams.simulate.backfill import LONGEST_REPEAT
from streams.simulate.calendar import Hours, days_of, epoch
from streams.simulate.mishaps import Mishaps, Outbox
from streams.simulate.press import Press
from streams.simulate.records import SimulatedRecord
from streams.simulate.scaling import scaled
from streams.simulate.scenario import Line, Scenario


def posts_of_day(scenario: Scenario, posts: int, anchor: date, day: date) -> dict[str, float]:
    """Category -> expected posts of a `day` on or after the first of `anchor`'s month.

    The scenario's month, which `posts` distinct posts were scaled to, goes on by trend, season and weekday.
    """
    months = _months_on(anchor, day)
    month = days_of(day.replace(day=1))
    part = scenario.weekdays[day.weekday()] / sum(scenario.weekdays[other.weekday()] for other in month)
    counts = scaled(scenario, posts)
    return {
        name: counts[name][1] * _shape(line, scenario, months) * (1 + line.trend) ** months * part
        for name, line in scenario.categories.items()
    }


def day_of_posts(
    scenario: Scenario, posts: int, seed: int, anchor: date, day: date, mishaps: Mishaps | None = None
) -> Iterator[SimulatedRecord]:
    """The records of the posts of one day, with their repeats and, up to ten days later, the late ones.

    Equal arguments give equal bytes, and no two days share a post. Sorted by `at`.
    """
    run = f"{scenario.title}|{posts}|{seed}|{anchor:%Y-%m}|{day}"
    random = Random(run)
    outbox = Outbox(mishaps or Mishaps(), LONGEST_REPEAT, random)
    press = Press(run, random, outbox, ())
    hours = Hours(scenario.hours)
    expected = posts_of_day(scenario, posts, anchor, day)
    planned = [
        (hours.second(random), name)
        for name, number in expected.items()
        for _ in range(int(number + random.random()))
    ]
    for second, name in sorted(planned):
        posted_at = epoch(day) + second
        yield from outbox.due(posted_at)
        ai = random.random() < _ai_share(scenario.categories[name], scenario, _months_on(anchor, day))
        press.post(name, ai, posted_at, posted_at + outbox.late_by())
    yield from outbox.due(math.inf)


def _months_on(anchor: date, day: date) -> int:
    """Months from the scenario's month to the day's: 1 in `anchor`'s month."""
    return (day.year - anchor.year) * 12 + day.month - anchor.month + 1


def _shape(line: Line, scenario: Scenario, months: int) -> float:
    season = scenario.seasons[line.season]
    return season[(months - 1) % 12] / season[-1]


def _ai_share(line: Line, scenario: Scenario, months: int) -> float:
    """Adoption goes on as it came: see `ai_fade`."""
    return float(min(1.0, line.ai[1] / scenario.ai_fade**months))
