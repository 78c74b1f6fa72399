"""The daily roll-up: days added up from the exact counts, month by month, whenever their counts have changed.

It only makes long ranges quick. Views compare marks at every read and add up the panes of a day that changed since
(`sinks/clickhouse/views`), so no figure depends on when, how often or by how many processes this runs.

    mark of the counts   mark of the roll-up   refresh         the views read
    a                    none                  adds it up      its panes
    a                    a                     leaves it       the roll-up
    b (a late post)      a                     adds it up      its panes
    none (dropped)       a                     drops it        nothing
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


class _Pair(NamedTuple):
    """A table of counts and its roll-up."""

    counts: str
    daily: str
    marks: str
    keys: str


_PAIRS: Final = (
    _Pair("skill_demand", "skill_daily", "skill_marks", "skill, category, ai, client_size, market"),
    _Pair("category_demand", "category_daily", "category_marks", "category, ai, client_size, market"),
)


def refresh(client: Client, now: datetime) -> Rolled:
    """Bring the roll-up up to date, except for the day of `now`, which changes all the time.

    Step 1  read the marks of all days, then, later, the counts: a mark is never newer than its sums
    Step 2  make each month with a changed day anew in a table of its own, unchanged days copied
    Step 3  put it in place of the month by one atomic REPLACE PARTITION
    """
    days = months = 0
    for pair in _PAIRS:
        marks = _marks(client, f"SELECT taxonomy_version, day, mark FROM {pair.marks}")
        rolled = _marks(
            client,
            f"SELECT taxonomy_version, day, max(mark) FROM {pair.daily} GROUP BY taxonomy_version, day",
        )
        today = now.astimezone(UTC).date()
        changed = {day: mark for day, mark in marks.items() if mark != rolled.get(day) and day[1] != today}
        gone = rolled.keys() - marks.keys()
        touched = _by_month((*changed, *gone))
        for month in sorted(touched):
            _replace(
                client, pair, month, {day: changed[day] for day in touched[month] if day in changed}, now
            )
        days, months = days + len(changed), months + len(touched)
    return Rolled(days, months)


def _marks(client: Client, query: str) -> dict[Day, int]:
    return {(version, day): mark for version, day, mark in client.query(query).result_rows}


def _by_month(days: Iterable[Day]) -> Mapping[Month, Sequence[Day]]:
    months: dict[Month, list[Day]] = {}
    for version, day in days:
        months.setdefault((version, day.year * 100 + day.month), []).append((version, day))
    return months


def _replace(client: Client, pair: _Pair, month: Month, changed: Mapping[Day, int], now: datetime) -> None:
    staging = f"{pair.daily}_{uuid4().hex}"
    version, number = month
    at = {"version": version, "month": number, "touched": [day for _, day in changed], "now": now}
    client.command(f"CREATE TABLE {staging} AS {pair.daily}")
    try:
        client.command(
            f"""
            INSERT INTO {staging} SELECT * FROM {pair.daily}
            WHERE taxonomy_version = {{version:String}} AND toYYYYMM(day) = {{month:UInt32}}
              AND day NOT IN {{touched:Array(Date)}}
              AND day IN (SELECT day FROM {pair.marks} WHERE taxonomy_version = {{version:String}})
            """,
            at,
        )
        if changed:
            client.command(
                f"""
                INSERT INTO {staging}
                SELECT toDate(pane_start) AS day, {pair.keys}, taxonomy_version, sum(posts),
                    transform(day, {{touched:Array(Date)}}, {{marks:Array(UInt64)}}, toUInt64(0)),
                    {{now:DateTime('UTC')}}
                FROM {pair.counts} FINAL
                WHERE taxonomy_version = {{version:String}} AND toYYYYMM(pane_start) = {{month:UInt32}}
                  AND toDate(pane_start) IN {{touched:Array(Date)}}
                GROUP BY day, {pair.keys}, taxonomy_version
                """,
                {**at, "marks": list(changed.values())},
            )
        partition = "PARTITION ({version:String}, {month:UInt32})"
        if client.command(f"SELECT count() FROM {staging}"):
            client.command(f"ALTER TABLE {pair.daily} REPLACE {partition} FROM {staging}", at)
        else:
            client.command(f"ALTER TABLE {pair.daily} DROP {partition}", at)
    finally:
        client.command(f"DROP TABLE {staging}")
