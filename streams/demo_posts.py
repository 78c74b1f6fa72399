"""What the demo sends: calibrated months, the days from then to now, and what goes on live. Pure."""

import heapq
import math
from collections.abc import Iterator
from datetime import UTC, date, datetime, timedelta
from typing import Final

from streams.simulate import SimulatedRecord, generate, load_scenario
from streams.simulate.calendar import epoch
from streams.simulate.months import planned
from streams.simulate.onward import day_of_posts, posts_of_day
from streams.simulate.waves import waves

_MOST_DAYS: Final = 35
"""Days up to now, today not counted: the four weeks that signals compare with, and a week to look back on."""


class DemoPosts:
    """The scenario `november` in the `months` full months before `anchor`, and the days since then up to `now`.

    `posts` distinct posts are in the last two of those months, exactly, whatever the clock says; `now` is in seconds
    since the epoch.
    """

    def __init__(self, posts: int, seed: int, anchor: date, months: int, now: float) -> None:
        self._scenario = load_scenario("november")
        self._posts, self._seed, self._anchor, self._months, self._now = posts, seed, anchor, months, now
        self._today = datetime.fromtimestamp(now, UTC).date()
        first = max(anchor, self._today - timedelta(days=_MOST_DAYS))
        self._days = [self._today - timedelta(days=back) for back in range((self._today - first).days + 1)]

    def full_months(self) -> Iterator[SimulatedRecord]:
        """The months before the anchor's: a function of the arguments alone, never of the clock."""
        return generate(self._scenario, self._posts, self._seed, self._anchor, months=self._months)

    def history(self) -> Iterator[SimulatedRecord]:
        """All up to now. The newest day comes first: a look for signals meanwhile must not find an empty present."""
        for day in self._days:
            due = self._now if day == self._today else math.inf
            yield from (record for record in self._day(day) if record.at <= due)
        yield from self.full_months()

    def live(self, rate: float) -> Iterator[SimulatedRecord]:
        """What comes after now, without an end: the usual pace, and waves of `rate` posts a second on top of it."""
        wave = waves(self._scenario, rate, self._seed, self._now)
        return heapq.merge(self._onward(), wave, key=lambda record: record.at)

    @property
    def in_full_months(self) -> int:
        """Distinct posts of `full_months`."""
        plan = planned(self._scenario, self._posts, self._anchor, self._months)
        return sum(number for month in plan for number, _ in month.posts.values())

    @property
    def in_history(self) -> int:
        """Distinct posts of `history`, nearly: how many of today's are due is not counted."""
        days = (posts_of_day(self._scenario, self._posts, self._anchor, day) for day in self._days)
        return self.in_full_months + round(sum(sum(cells.values()) for cells in days))

    def _day(self, day: date) -> Iterator[SimulatedRecord]:
        return day_of_posts(self._scenario, self._posts, self._seed, self._anchor, day)

    def _onward(self) -> Iterator[SimulatedRecord]:
        day = max(self._today, self._anchor)
        while True:
            midnight = epoch(day + timedelta(days=1))
            yield from (record for record in self._day(day) if self._now < record.at < midnight)
            day += timedelta(days=1)
