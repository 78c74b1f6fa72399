"""The daily roll-up: days added up from the exact counts, month by month, whenever their counts have changed.

It only makes long ranges quick. Views compare marks at every read and add up the panes of a day that changed since
(`sinks/clickhouse/views`), so no figure depends on when, how often or by how many processes this runs.

    mark of the counts   mark of the roll-up   refresh         the views read
    a                    none                  adds it up      its panes
    a                    a                     leaves it       the roll-up
    b (a late post)      a                     adds it up      its panes
    none (dropped)       a                     drops it        nothing

A mark is made of the counts by category alone: every post has one, and they are stored after the counts by skill
(`ClickHouseStore.save`), so whatever changes a count of a day changes its mark at last.
"""

from collections.abc import Iterable, Mapping, Sequence
from datetime import UTC, date, datetime
from typing import Final, NamedTuple
from uuid import uuid4

from clickhouse_connect.driver.client import Client

Day = tuple[str, date]
"""Taxonomy version and day."""

Month = tuple[str, int]
"""Taxonomy version and month as year * 100 + month: a partition."""


class Rolled(NamedTuple):
    """What a refresh did: days added up, months replaced."""

    days: int
    months: int


_COPY: Final = """
INSERT INTO {staging} SELECT * FROM daily_demand
WHERE taxonomy_version = {{version:String}} AND toYYYYMM(day) = {{month:UInt32}} AND day NOT IN {{touched:Array(Date)}}
"""

_ADD_UP: Final = """
INSERT INTO {staging}
SELECT toDate(pane_start) AS day, {skill} AS skill, category, ai, client_size, market, taxonomy_version, sum(posts),
    transform(day, {{changed:Array(Date)}}, {{marks:Array(UInt64)}}, toUInt64(0)), {{now:DateTime('UTC')}}
FROM {counts} FINAL
WHERE taxonomy_version = {{version:String}} AND toYYYYMM(pane_start) = {{month:UInt32}}
  AND toDate(pane_start) IN {{changed:Array(Date)}}
GROUP BY day, skill, category, ai, client_size, market, taxonomy_version
"""


def refresh(client: Client, now: datetime) -> Rolled:
    """Bring the roll-up up to date, except for the day of `now`, which changes all the time.

    Step 1  read the marks of all days, then, later, the counts: a mark is never newer than its sums
    Step 2  make each month with a changed day anew in a table of its own, unchanged days copied
    Step 3  put it in place of the month by one atomic REPLACE PARTITION
    """
    today = now.astimezone(UTC).date()
    states = client.query("SELECT taxonomy_version, day, mark, rolled_mark FROM day_states").result_rows
    marks = {
        (version, day): mark
        for version, day, mark, rolled in states
        if mark != rolled and (day != today or not mark)
    }
    months = _by_month(marks)
    for month, days in months.items():
        _replace(client, month, {day: marks[month[0], day] for day in days}, now)
    return Rolled(sum(mark > 0 for mark in marks.values()), len(months))


def _by_month(days: Iterable[Day]) -> Mapping[Month, Sequence[date]]:
    months: dict[Month, list[date]] = {}
    for version, day in sorted(days):
        months.setdefault((version, day.year * 100 + day.month), []).append(day)
    return months


def _replace(client: Client, month: Month, marks: Mapping[date, int], now: datetime) -> None:
    """Put a month with these days added up anew in its place; those without a mark are left out."""
    staging = f"daily_demand_{uuid4().hex}"
    changed = {day: mark for day, mark in marks.items() if mark}
    given = {
        "version": month[0],
        "month": month[1],
        "touched": list(marks),
        "changed": list(changed),
        "marks": list(changed.values()),
        "now": now,
    }
    client.command(f"CREATE TABLE {staging} AS daily_demand")
    try:
        client.command(_COPY.format(staging=staging), given)
        if changed:
            client.command(_ADD_UP.format(staging=staging, counts="category_demand", skill="''"), given)
            client.command(_ADD_UP.format(staging=staging, counts="skill_demand", skill="skill"), given)
        partition = "PARTITION ({version:String}, {month:UInt32})"
        if client.command(f"SELECT count() FROM {staging}"):
            client.command(f"ALTER TABLE daily_demand REPLACE {partition} FROM {staging}", given)
        else:
            client.command(f"ALTER TABLE daily_demand DROP {partition}", given)
    finally:
        client.command(f"DROP TABLE {staging}")
