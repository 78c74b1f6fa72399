"""Calendar months in UTC, and how posting ebbs and flows within them. Pure."""

from bisect import bisect_right
from collections.abc import Sequence
from datetime import UTC, date, datetime, timedelta
from itertools import accumulate
from random import Random
from typing import Final

DAY: Final = 86_400
"""Seconds."""


def month_before(month: date, months: int = 1) -> date:
    """The first day of the month that lies `months` before `month`'s."""
    count = month.year * 12 + month.month - 1 - months
    return date(count // 12, count % 12 + 1, 1)


def days_of(month: date) -> list[date]:
    """All days of the calendar month that begins with `month`."""
    length = (month_before(month, -1) - month).days
    return [month + timedelta(days=number) for number in range(length)]


def epoch(day: date) -> int:
    """The day's first moment in UTC, in seconds since the epoch."""
    return int(datetime(day.year, day.month, day.day, tzinfo=UTC).timestamp())


class Hours:
    """Draws a second of the day by the weight of its hour."""

    def __init__(self, weights: Sequence[float]) -> None:
        self._ends = list(accumulate(weights))

    def second(self, random: Random) -> int:
        """A second of the day, 0 to 86,399."""
        hour = bisect_right(self._ends, random.random() * self._ends[-1])
        return min(hour, 23) * 3_600 + int(random.random() * 3_600)


def spread(total: int, weights: Sequence[float], random: Random) -> list[int]:
    """`total` split by `weights` into whole numbers that add up to it.

    The borders are rounded with one random phase, so that small totals do not all fall on the same days.
    """
    ends = list(accumulate(weights))
    phase = random.random()
    borders = [int(total * end / ends[-1] + phase) for end in ends[:-1]] + [total]
    return [border - before for before, border in zip([0, *borders[:-1]], borders, strict=True)]
