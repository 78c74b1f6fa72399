"""Which month a report is about, and what history stands behind it. Pure."""

from datetime import UTC, date, datetime, timedelta
from typing import Final

import msgspec

from schemas.faults import Fault

_SLACK: Final = timedelta(days=1)
"""Data may begin or end so far inside a month that still counts as covered: nights can be quiet."""


class NoSuchMonth(Fault):
    """No posts were published in the month asked for; the user asks for one that the message names."""


class Held(msgspec.Struct, frozen=True):
    """What is stored: first day, newest post, and the months with posts, oldest first."""

    first_day: date
    newest_post: datetime
    months: tuple[date, ...]


class Period(msgspec.Struct, frozen=True):
    """The month of a report and the ranges that it is compared with, half-open, in UTC."""

    month: date
    partial: bool
    elapsed_days: float
    since: datetime
    until: datetime
    before_since: datetime
    before_until: datetime
    year_since: datetime
    year_until: datetime


class Coverage(msgspec.Struct, frozen=True):
    """The first day of posts, and whether they reach back over the whole of each base."""

    first_day: date
    before: bool
    year_before: bool


def chosen(held: Held, wanted: date | None, now: datetime) -> date:
    """`wanted`, or the last full month with posts, or else the latest month with posts. Raises NoSuchMonth."""
    if not held.months:
        raise NoSuchMonth(
            "no posts are stored: send some with `skillpulse ingest`, or try `skillpulse demo --once`"
        )
    if wanted is None:
        full = [month for month in held.months if not _runs(held, month, now)]
        return full[-1] if full else held.months[-1]
    if wanted not in held.months:
        raise NoSuchMonth(f"no posts of {wanted:%Y-%m} are stored: there are posts of {_listed(held.months)}")
    return wanted


def as_of(held: Held, month: date, now: datetime) -> datetime:
    """Until when the month can be counted: the newest post where the posts end within the month, else `now`."""
    return min(held.newest_post + timedelta(seconds=1), now) if _runs(held, month, now) else now


def coverage(held: Held, period: Period) -> Coverage:
    """Whether posts reach back to the start of the month before, and of the month a year before."""
    first = datetime(held.first_day.year, held.first_day.month, held.first_day.day, tzinfo=UTC)
    return Coverage(
        held.first_day, first <= period.before_since + _SLACK, first <= period.year_since + _SLACK
    )


def next_month(month: date) -> date:
    """The first day of the month after."""
    return date(month.year + month.month // 12, month.month % 12 + 1, 1)


def _runs(held: Held, month: date, now: datetime) -> bool:
    following = next_month(month)
    end = datetime(following.year, following.month, 1, tzinfo=UTC)
    return now < end or held.newest_post < end - _SLACK


def _listed(months: tuple[date, ...]) -> str:
    if len(months) <= 3:
        return ", ".join(f"{month:%Y-%m}" for month in months)
    return f"{months[0]:%Y-%m} to {months[-1]:%Y-%m}"
