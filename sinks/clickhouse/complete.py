"""Counts added up from the stored posts, where they are missing: exact, since a count is a function of the posts."""

from typing import Final, NamedTuple

from clickhouse_connect.driver.client import Client


class _Counts(NamedTuple):
    """A table of counts: its key besides pane, source, partition and version, and which posts a key has."""

    table: str
    key: str
    skill: str


_TABLES: Final = (
    _Counts("skill_demand", "skill, category, ai, client_size, market", "arrayJoin(skills) AS skill, "),
    _Counts("category_demand", "category, ai, client_size, market", ""),
)

_PANE: Final = "(SELECT any(pane_seconds) FROM counting_rules)"


def complete(client: Client) -> None:
    """Write every count that is not what its posts say. No worker may write meanwhile.

    Posts that are not there must not be counted either: `streams/pipeline.py` writes posts first.
    """
    query = "SELECT DISTINCT taxonomy_version, toYYYYMM(posted_at) AS month FROM job_posts ORDER BY ALL"
    for version, month in client.query(query).result_rows:
        complete_month(client, version, month)


def complete_month(client: Client, version: str, month: int) -> None:
    """The same for one month (year * 100 + month) under one taxonomy version."""
    for table, key, skill in _TABLES:
        client.command(
            f"""
            INSERT INTO {table} (pane_start, {key}, source, partition, taxonomy_version, posts, last_offset)
            SELECT pane_start, {key}, source, partition, taxonomy_version, posts, last_offset FROM
            (
                SELECT toDateTime(intDiv(toUnixTimestamp(posted_at), {_PANE}) * {_PANE}, 'UTC') AS pane_start,
                    {skill}category, ai, client_size, market, source, partition, taxonomy_version,
                    toUInt32(count()) AS posts, max(offset) AS last_offset
                FROM job_posts FINAL
                WHERE taxonomy_version = {{version:String}} AND toYYYYMM(posted_at) = {{month:UInt32}}
                GROUP BY pane_start, {key}, source, partition, taxonomy_version
            )
            WHERE (pane_start, {key}, source, partition, posts) NOT IN
            (
                SELECT pane_start, {key}, source, partition, posts FROM {table} FINAL
                WHERE taxonomy_version = {{version:String}} AND toYYYYMM(pane_start) = {{month:UInt32}}
            )
            """,
            {"version": version, "month": month},
        )
