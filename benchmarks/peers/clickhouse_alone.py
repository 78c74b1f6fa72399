"""ClickHouse alone: events as they come into JSONEachRow, posts and counts by materialised views.

The embedded engine has no Kafka engine, so a loop hands the bytes over unread. What differs: a post asks for every
skill whose own name stands in it as words (no other names, no ambiguity, no asides), the category is the platform's
own, AI is the word "AI"; and a view that counts what is inserted counts repeats again.
"""

import asyncio
import re
from functools import partial

from aiokafka import AIOKafkaConsumer
from clickhouse_connect.driver.client import Client

from benchmarks.peers.bare_loop import FETCH_BYTES, ROUND_RECORDS
from benchmarks.peers.job import say_reading, start
from sinks.clickhouse.client import WRITER_SETTINGS, Address, connect
from streams.classify import load_classifier

_SETTINGS = WRITER_SETTINGS | {"input_format_skip_unknown_fields": 1}

_DEMAND = """
CREATE TABLE {name} (
    pane_start DateTime('UTC'), skill LowCardinality(String), category LowCardinality(String), ai Bool,
    client_size LowCardinality(String), market LowCardinality(String), posts UInt64
) ENGINE = SummingMergeTree(posts) PARTITION BY toYYYYMM(pane_start)
ORDER BY (pane_start, skill, category, ai, client_size, market)
"""

_SCHEMA = (
    "DROP VIEW skill_panes",
    "DROP VIEW category_panes",
    "DROP TABLE job_posts",
    """
    CREATE TABLE events (
        post_id String, posted_at DateTime('UTC'), title String, description String, skills Array(String),
        category String, country String, contract String, hourly_min Nullable(Float64),
        hourly_max Nullable(Float64), fixed_budget Nullable(Float64), currency String, client_size String,
        experience_level String, url String, source String
    ) ENGINE = Null
    """,
    """
    CREATE TABLE job_posts (
        post_id String CODEC(ZSTD(1)), posted_at DateTime('UTC'), title String CODEC(ZSTD(3)),
        description String CODEC(ZSTD(3)), platform_tags Array(LowCardinality(String)),
        category LowCardinality(String), ai Bool, skills Array(LowCardinality(String)),
        market LowCardinality(String), contract LowCardinality(String), hourly_min Nullable(Float64),
        hourly_max Nullable(Float64), fixed_budget Nullable(Float64), currency LowCardinality(String),
        client_size LowCardinality(String), experience_level LowCardinality(String), url String, feed String
    ) ENGINE = ReplacingMergeTree PARTITION BY toYYYYMM(posted_at) ORDER BY (posted_at, post_id)
    """,
    """
    CREATE MATERIALIZED VIEW read_posts TO job_posts AS
    WITH lower(concat(title, ' ', description)) AS text
    SELECT post_id, posted_at, title, description, skills AS platform_tags, category, hasToken(text, 'ai') AS ai,
        arrayMap(i -> {names}[i], multiMatchAllIndices(text, {patterns})) AS skills,
        if(country = 'United States', 'US', 'other') AS market, contract,
        hourly_min, hourly_max, fixed_budget, currency, client_size, experience_level, url, source AS feed
    FROM events
    """,
    _DEMAND.format(name="skill_panes"),
    _DEMAND.format(name="category_panes"),
    """
    CREATE MATERIALIZED VIEW count_skills TO skill_panes AS
    SELECT toStartOfMinute(posted_at) AS pane_start, arrayJoin(skills) AS skill, category, ai, client_size, market,
        count() AS posts
    FROM job_posts GROUP BY ALL
    """,
    """
    CREATE MATERIALIZED VIEW count_categories TO category_panes AS
    SELECT toStartOfMinute(posted_at) AS pane_start, '' AS skill, category, ai, client_size, market, count() AS posts
    FROM job_posts GROUP BY ALL
    """,
)


def _prepare(client: Client) -> None:
    """Make the tables; the engine takes some seconds to compile the names, before reading begins."""
    names = [skill.entry.name for skill in load_classifier().skills]
    patterns = [rf"\b{re.escape(name.lower())}\b" for name in names]
    for statement in _SCHEMA:
        client.command(statement.replace("{names}", _array(names)).replace("{patterns}", _array(patterns)))
    client.command(f"SELECT multiMatchAllIndices('warm', {_array(patterns)})")


def _array(texts: list[str]) -> str:
    quoted = (text.replace("\\", "\\\\").replace("'", "\\'") for text in texts)
    return "[" + ", ".join(f"'{text}'" for text in quoted) + "]"


def _insert(client: Client, lines: bytes) -> None:
    client.raw_insert("events", insert_block=lines, fmt="JSONEachRow", settings=_SETTINGS)


async def main() -> None:
    job = start()
    client = connect(Address(job.clickhouse, job.user, job.password, job.database), **WRITER_SETTINGS)
    _prepare(client)
    consumer = AIOKafkaConsumer(
        job.topic,
        bootstrap_servers=job.broker,
        group_id=job.group,
        enable_auto_commit=False,
        auto_offset_reset="earliest",
        max_partition_fetch_bytes=FETCH_BYTES,
    )
    await consumer.start()
    begun = False
    while True:
        fetched = await consumer.getmany(timeout_ms=500, max_records=ROUND_RECORDS)
        if not fetched:
            continue
        if not begun:
            begun = True
            say_reading()
        lines = b"\n".join(record.value for records in fetched.values() for record in records)
        await asyncio.to_thread(partial(_insert, client, lines))
        await consumer.commit()


if __name__ == "__main__":
    asyncio.run(main())
