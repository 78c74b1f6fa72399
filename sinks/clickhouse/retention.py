"""What is kept how long. Figures by day stay for ever; posts and panes are dropped by whole months, on command.

    closed    no new post of the month counts any more: workers reject it, since repeats could not be told
    posts     a day later, when every worker knows: counts completed, audited, the month's posts dropped
    panes     counts of the month merged into one pane a day: all sums by day and longer stay as they are

What is dropped cannot be recomputed: the audit compares from the first month on that has its posts, and a recount
takes the counts of earlier months over as they are.
"""

from ast import literal_eval
from collections.abc import Callable
from datetime import UTC, date, datetime, timedelta
from typing import Final, NamedTuple
from uuid import uuid4

from clickhouse_connect.driver.client import Client

from schemas.faults import Fault
from sinks.clickhouse.audit import EVER, audit_month, horizon
from sinks.clickhouse.complete import complete_month
from sinks.clickhouse.installation import active_taxonomy

CLOSING: Final = timedelta(hours=26)
"""Between closing and dropping a month: longer than a worker may wait for ClickHouse with posts that it has read."""

_KEYS: Final = {
    "skill_demand": "skill, category, ai, client_size, market, source, partition",
    "category_demand": "category, ai, client_size, market, source, partition",
}
"""Table of counts -> its key besides the pane and the version."""

_PARTITION: Final = "PARTITION ({version:String}, {month:UInt32})"

_LOGS: Final = {"dead_letters": "rejected_at", "pipeline_batches": "finished_at"}

_REMEMBER: Final = """
INSERT INTO pruned_sightings SELECT DISTINCT source, partition, offset, post_id FROM job_posts
WHERE taxonomy_version = {version:String} AND toYYYYMM(posted_at) = {month:UInt32}
"""

_FORGET: Final = """
DELETE FROM pruned_sightings WHERE (source, partition, offset) IN
(
    SELECT source, partition, offset FROM pruned_sightings
    INNER JOIN
    (
        SELECT source, partition, max(last_offset) AS reached FROM category_demand GROUP BY source, partition
    ) AS ends USING (source, partition)
    WHERE offset + (SELECT any(sightings_window) FROM counting_rules) < reached
)
"""
"""A repeat is known for the window of sightings; what lies further back is not asked for any more."""


class Drifted(Fault):
    """A month that is to be dropped does not agree with its counts: it is kept, for a person to look at."""


_NOT_RECOUNTED: Final = """
SELECT count() FROM
(
    SELECT source, partition FROM job_posts WHERE taxonomy_version IN ({version:String}, {active:String})
    GROUP BY source, partition
    HAVING uniqExact(offset) > uniqExactIf(offset, taxonomy_version = {active:String})
)
"""

_OF_A_VERSION: Final = ("job_posts", "skill_demand", "category_demand", "daily_demand")
"""Tables with partitions by taxonomy version and month."""


class NotDroppable(Fault):
    """A taxonomy version is in use, holds posts that are not recounted yet, or has nothing stored."""


class Keep(NamedTuple):
    """Whole months before the running one, 0 for ever; days of the logs."""

    posts_months: int
    panes_months: int
    logs_days: int


class Month(NamedTuple):
    """One month of a table under one taxonomy version; `month` is year * 100 + month."""

    table: str
    version: str
    month: int
    bytes: int

    @property
    def first(self) -> date:
        """Its first day."""
        return date(self.month // 100, self.month % 100, 1)


class Plan(NamedTuple):
    """What a prune does: close all before `close`, drop the posts before `kept_since`, merge panes of these months."""

    close: date | None
    kept_since: date
    drop: list[Month]
    merge: list[Month]


def plan(client: Client, keep: Keep, now: datetime) -> Plan:
    """What `prune` would do now."""
    wanted = _months_ago(now, keep.posts_months) if keep.posts_months else EVER
    dropping = min(wanted, horizon(client, "closed", now - CLOSING))
    merging = min(dropping, _months_ago(now, keep.panes_months)) if keep.panes_months else EVER
    return Plan(
        close=wanted if horizon(client, "closed") < wanted else None,
        kept_since=dropping,
        drop=_months(client, "job_posts", dropping),
        merge=[month for table in _KEYS for month in _unmerged(client, table, merging)],
    )


def prune(client: Client, keep: Keep, now: datetime, say: Callable[[str], None] = lambda _: None) -> Plan:
    """Do what `plan` says; returns it. Safe to interrupt and repeat. Raises Drifted before anything is lost."""
    doing = plan(client, keep, now)
    if doing.close:
        _record(client, "closed", doing.close, now)
    dropped = horizon(client, "posts")
    checked = [month for month in doing.drop if month.first >= dropped]
    for month in checked:
        say(f"checking {month.first:%Y-%m}")
        complete_month(client, month.version, month.month)
    for first in sorted({month.first for month in checked}):
        if drift := sum(day.drift for day in audit_month(client, first)):
            raise Drifted(
                f"the counts of {first:%Y-%m} drift by {drift:,} from its posts: nothing was dropped"
            )
    if checked:
        _record(client, "posts", doing.kept_since, now)
    for month in doing.drop:
        say(f"dropping {month.first:%Y-%m}")
        at = {"version": month.version, "month": month.month}
        client.command(_REMEMBER, at)
        _drop(client, month)
    client.command(_FORGET)
    for month in doing.merge:
        say(f"merging {month.first:%Y-%m}")
        _merge(client, month)
    for table, written in _LOGS.items():
        _keep_log(client, table, written, keep.logs_days)
    return doing


def drop_version(client: Client, version: str) -> list[Month]:
    """Drop what is stored under a taxonomy version that is not in use any more; returns what went.

    Raises NotDroppable. Safe to interrupt and repeat.
    """
    active = active_taxonomy(client)
    if version == active:
        raise NotDroppable(f"{version} is in use: the views read it")
    stored = [month for table in _OF_A_VERSION for month in _months(client, table, date.max)]
    dropped = [month for month in stored if month.version == version]
    if not dropped:
        others = ", ".join(sorted({month.version for month in stored} - {active})) or "none"
        raise NotDroppable(f"nothing is stored under {version}; versions that can be dropped: {others}")
    [(missing,)] = client.query(_NOT_RECOUNTED, {"version": version, "active": active}).result_rows
    if missing:
        raise NotDroppable(
            f"{missing} partitions have posts that are stored under {version} alone: start workers of {active},"
            " which recount them, or run `skillpulse recount`"
        )
    for month in dropped:
        _drop(client, month)
    for table in ("skills", "categories", "recounts"):
        client.command(
            f"DELETE FROM {table} WHERE taxonomy_version = {{version:String}}", {"version": version}
        )
    return dropped


def carry_over(client: Client, former: str, version: str) -> None:
    """Give `version` the counts of `former` for the months whose posts are gone, in place of its own.

    It has some if it was in use before, or if posts were dropped while it was being counted: the same posts under other
    keys. Those of `former` are whole. Safe to repeat; `version` must not be in use.
    """
    before = horizon(client, "posts")
    for table in (*_KEYS, "daily_demand"):
        for month in _months(client, table, before):
            if month.version == version:
                _drop(client, month)
    for table, key in _KEYS.items():
        client.command(
            f"""
            INSERT INTO {table} (pane_start, {key}, taxonomy_version, posts, last_offset)
            SELECT pane_start, {key}, {{version:String}}, posts, last_offset FROM {table} FINAL
            WHERE taxonomy_version = {{former:String}} AND pane_start < {{before:Date}}
            """,
            {"former": former, "version": version, "before": before},
        )


def _record(client: Client, what: str, before: date, now: datetime) -> None:
    client.insert("retention", [[what, before, now]], column_names=["what", "before", "recorded_at"])


def _months_ago(now: datetime, months: int) -> date:
    """The first day of the month so many before the running one."""
    year, month = divmod(now.astimezone(UTC).year * 12 + now.astimezone(UTC).month - 1 - months, 12)
    return date(year, month + 1, 1)


def _months(client: Client, table: str, before: date) -> list[Month]:
    query = """
    SELECT partition, sum(bytes_on_disk) FROM system.parts
    WHERE active AND database = currentDatabase() AND table = {table:String}
    GROUP BY partition ORDER BY partition
    """
    months = []
    for partition, size in client.query(query, {"table": table}).result_rows:
        version, month = literal_eval(partition)
        months.append(Month(table, version, month, int(size)))
    return [month for month in months if month.first < before]


def _drop(client: Client, month: Month) -> None:
    at = {"version": month.version, "month": month.month}
    client.command(f"ALTER TABLE {month.table} DROP {_PARTITION}", at)


def _unmerged(client: Client, table: str, before: date) -> list[Month]:
    """Months with panes shorter than a day."""
    query = f"""
    SELECT DISTINCT taxonomy_version, toYYYYMM(pane_start) FROM {table}
    WHERE pane_start < {{before:Date}} AND pane_start != toStartOfDay(pane_start)
    """
    found = {(version, month) for version, month in client.query(query, {"before": before}).result_rows}
    return [month for month in _months(client, table, before) if (month.version, month.month) in found]


def _merge(client: Client, month: Month) -> None:
    """Put one pane a day in place of the month's panes, by one atomic REPLACE PARTITION."""
    key, at = _KEYS[month.table], {"version": month.version, "month": month.month}
    staging = f"{month.table}_{uuid4().hex}"
    client.command(f"CREATE TABLE {staging} AS {month.table}")
    try:
        client.command(
            f"""
            INSERT INTO {staging} (pane_start, {key}, taxonomy_version, posts, last_offset)
            SELECT toStartOfDay(pane_start) AS day, {key}, taxonomy_version, toUInt32(sum(posts)), max(last_offset)
            FROM {month.table} FINAL
            WHERE taxonomy_version = {{version:String}} AND toYYYYMM(pane_start) = {{month:UInt32}}
            GROUP BY day, {key}, taxonomy_version
            """,
            at,
        )
        client.command(f"ALTER TABLE {month.table} REPLACE {_PARTITION} FROM {staging}", at)
    finally:
        client.command(f"DROP TABLE {staging}")


def _keep_log(client: Client, table: str, written: str, days: int) -> None:
    definition = str(client.command(f"SHOW CREATE TABLE {table}"))
    if f"toIntervalDay({days})" not in definition:
        client.command(f"ALTER TABLE {table} MODIFY TTL toDateTime({written}) + INTERVAL {days} DAY")
