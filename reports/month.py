"""Which month a report is about, and what history stands behind it. Pure."""

from datetime import UTC, date, datetime, timedelta
from typing import Final

import msgspec

from schemas.faults import Fault

_SLACK: Final = timedelta(days=1)
"""Data may begin or end so far inside a month that still counts as covered: nights can be quiet."""

_GAP: Final = timedelta(days=7)
"""So many days on end without any post are missing posts, not quiet ones: over them nothing is compared."""


class NoSuchMonth(Fault):
    """No posts were published in the month asked for; the user asks for one that the message names."""


class Held(msgspec.Struct, frozen=True):
    """What is stored: the days with posts, oldest first, and the newest post."""

    days: tuple[date, ...]
    newest_post: datetime

    @property
    def months(self) -> tuple[date, ...]:
        """The months with posts, oldest first."""
        return tuple(sorted({day.replace(day=1) for day in self.days}))


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
    """The first day from which on posts reach up to the month; whether over all of it and of its bases."""

    first_day: date
    whole: bool
    before: bool
    year_before: bool


def chosen(held: Held, wanted: date | None, now: datetime) -> date:
    """`wanted`, or the last full month with posts, or else the latest month with posts. Raises NoSuchMonth."""
    # clocks differ: a post may be of tomorrow, and so of a month of which nothing can be said yet
    months = tuple(month for month in held.months if month <= now.date())
    if not months:
        raise NoSuchMonth(
            "no posts are stored: send some with `skillpulse ingest`, or try `skillpulse demo --once`"
        )
    if wanted is None:
        ended = [month for month in months if not _runs(held, month, now)]
        whole = [month for month in ended if first_day(held, next_month(month)) <= month + _SLACK]
        return (whole or ended or months)[-1]
    if wanted not in months:
        lacks = (
            f"{wanted:%Y-%m} has not begun"
            if wanted > now.date()
            else f"no posts of {wanted:%Y-%m} are stored"
        )
        raise NoSuchMonth(f"{lacks}: there are posts of {_listed(months)}")
    return wanted


def as_of(held: Held, month: date, now: datetime) -> datetime:
    """Until when the month can be counted: the newest post where the posts end within the month, else `now`."""
    return min(held.newest_post + timedelta(seconds=1), now) if _runs(held, month, now) else now


def coverage(held: Held, period: Period) -> Coverage:
    """Whether posts reach back to the start of the month, of the month before, and cover the month a year before."""
    first = first_day(held, period.until.date())
    whole = first <= period.since.date() + _SLACK
    year_end = period.year_until.date()
    at_year_end = any(year_end - _GAP <= day < year_end for day in held.days)
    return Coverage(
        first,
        whole,
        first <= period.before_since.date() + _SLACK,
        whole and at_year_end and first_day(held, year_end) <= period.year_since.date() + _SLACK,
    )


def first_day(held: Held, until: date) -> date:
    """The first of the last days with posts, up to `until`, that follow each other without a gap; else `until`."""
    later = until
    for day in reversed([day for day in held.days if day <= until]):
        if later != until and later - day > _GAP:
            break
        later = day
    return later


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
