"""The audit: every count recomputed from the posts, month by month, so that memory stays bounded."""

import time
from collections.abc import Callable, Iterator
from datetime import UTC, date, datetime
from typing import Final, NamedTuple

from clickhouse_connect.driver.client import Client

_LOOKS: Final = 5
"""Looks at a month before its drift is believed: rows that are being written are seen table by table."""

_PAUSE: Final = 0.7
"""Seconds between looks: longer than an insert, no multiple of the worker's round."""

EVER: Final = date(1970, 1, 1)
"""Before every day that counts."""


class AuditDay(NamedTuple):
    """One day of the view `audit`."""

    day: date
    posts: int
    mentions: int
    counts: int
    in_flight: int
    drift: int


def audit(
    client: Client,
    started: Callable[[date], None] = lambda _: None,
    sleep: Callable[[float], None] = time.sleep,
) -> Iterator[AuditDay]:
    """Recompute every day whose posts are kept, in order. `started` is told each month before it is read."""
    for month in _months(client):
        started(month)
        yield from audit_month(client, month, sleep)


def audit_month(client: Client, first: date, sleep: Callable[[float], None] = time.sleep) -> list[AuditDay]:
    """Recompute the month that begins with `first`."""
    until = date(first.year + first.month // 12, first.month % 12 + 1, 1)
    return audit_range(client, _midnight(first), _midnight(until), sleep)


def audit_range(
    client: Client, since: datetime, until: datetime, sleep: Callable[[float], None] = time.sleep
) -> list[AuditDay]:
    """Recompute the days from `since` to before `until`, UTC midnights, whose posts are kept.

    A drift is looked at again before it is believed.
    """
    days: list[AuditDay] = []
    since = max(since, _midnight(horizon(client, "posts")))
    for look in range(_LOOKS):
        if look:
            sleep(_PAUSE)
        columns = ", ".join(AuditDay._fields)
        query = f"SELECT {columns} FROM audit(since = {{since:DateTime}}, until = {{until:DateTime}})"
        days = [AuditDay(*row) for row in client.query(query, {"since": since, "until": until}).result_rows]
        if not any(day.drift for day in days):
            break
    return days


def _months(client: Client) -> list[date]:
    query = """
    SELECT DISTINCT month FROM
    (
        SELECT toStartOfMonth(posted_at) AS month FROM job_posts
        UNION ALL SELECT toStartOfMonth(pane_start) FROM skill_demand
        UNION ALL SELECT toStartOfMonth(pane_start) FROM category_demand
    ) ORDER BY month
    """
    kept_since = horizon(client, "posts")
    return [month for (month,) in client.query(query).result_rows if month >= kept_since]


def horizon(client: Client, what: str, decided: datetime | None = None) -> date:
    """The latest `before` that `retention` has of `what`, decided by then; EVER where it has none."""
    query = """
    SELECT max(before) FROM retention WHERE what = {what:String} AND recorded_at <= {decided:DateTime64(3, 'UTC')}
    """
    at = {"what": what, "decided": decided or datetime.now(UTC)}
    day: date = client.query(query, at).result_rows[0][0]
    return day


def _midnight(day: date) -> datetime:
    return datetime(day.year, day.month, day.day, tzinfo=UTC)
