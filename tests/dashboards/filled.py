"""A small database with known figures, in time relative to now: what boards and alerts are run over.

One post each 15 minutes for 70 days: every second asks for Python, every fourth for logo design, all of category
web development by small businesses, every third with AI. In the last day as many posts again, all asking for Python.
"""

from typing import Final

from clickhouse_connect.driver.client import Client

from sinks.clickhouse.client import WRITER_SETTINGS, Address, connect
from sinks.clickhouse.migrate import migrate

DAYS: Final = 70
A_DAY: Final = 96
HOSTILE: Final = '<img src=x onerror="window.broken=1"><b>Python</b> ${window}'
SOURCE: Final = "job-posts@boards"

_TAXONOMY: Final = (
    "INSERT INTO taxonomy_activations (activated_at, taxonomy_version) VALUES (now64(3) - 1, 'v1')",
    "INSERT INTO skills (skill, name, kind, skill_group, taxonomy_version) VALUES"
    " ('python', 'Python', 'technical', 'development', 'v1'), ('logo', 'Logo design', 'creative', 'design_creative', 'v1'),"
    " ('care', 'Attention to detail', 'human', 'other', 'v1')",
    "INSERT INTO categories (category, category_group, covers, taxonomy_version) VALUES"
    " ('web_development', 'development', 'web pages', 'v1')",
    "INSERT INTO counting_rules (pane_seconds, markets, sightings_window, recorded_at) VALUES (60, ['US'], 1000000, now64(3))",
)

_POSTS: Final = """
INSERT INTO job_posts (posted_at, source, partition, offset, taxonomy_version, post_id, recorded_at, ingested_at, feed,
    title, url, market, contract, hourly_min, hourly_max, currency, client_size, category, ai, skills)
SELECT toDateTime(toUnixTimestamp(now()) - {first} - number * {each}, 'UTC') AS posted_at, '{source}', 0, {offset} + number,
    'v1', concat('post-', toString({offset} + number)), posted_at, posted_at + 2, '{feed}', '{title}',
    'https://example.com/post', 'US', 'hourly', 20., 40., 'USD', 'smb', 'web_development', number % 3 = 0,
    arrayConcat({python}, if(number % 4 = 0, ['logo'], []), ['care'])
FROM numbers({posts})
"""

_COUNTS: Final = (
    "INSERT INTO skill_demand SELECT toDateTime(intDiv(toUnixTimestamp(posted_at), 60) * 60, 'UTC'), arrayJoin(skills) AS skill,"
    " category, ai, client_size, market, source, partition, 'v1', count(), max(offset) FROM job_posts GROUP BY ALL",
    "INSERT INTO category_demand SELECT toDateTime(intDiv(toUnixTimestamp(posted_at), 60) * 60, 'UTC'), category, ai,"
    " client_size, market, source, partition, 'v1', count(), max(offset) FROM job_posts GROUP BY ALL",
)

BATCHES: Final = """
INSERT INTO pipeline_batches (finished_at, worker, source, partition, first_offset, last_offset, records, posts, repeats,
    dead_letters, mentions, ai_posts, classify_ms, insert_ms, lag_ms_p50, lag_ms_p95, lag_ms_p99, lag_ms_max)
SELECT now64(3) - 5 - number * 20, 'host:1', '{source}', 0, number, number, 100, 90, 5, {bad}, 200, 30, 12, 30, 400,
    {lag_ms}, 1200, 1500 FROM numbers({batches})
"""

_REJECTED: Final = """
INSERT INTO dead_letters (source, partition, offset, rejected_at, reason, detail)
SELECT '{source}', 0, number, now64(3) - 60, 'invalid', 'title is missing' FROM numbers(3)
"""

_LAG: Final = """
INSERT INTO lag_samples (measured_at, worker, source, partition, next_offset, end_offset)
SELECT now64(3) + 600 - 10 * intDiv(number, 2), 'host:1', '{source}', number % 2, 100 + number % 2, 100 + 4 * (number % 2)
FROM numbers(320)
"""
"""Up to ten minutes ahead: whatever the tests take, workers have just measured."""


def fill(address: Address, *, busy: bool = False) -> Client:
    """Migrate `address.database` and fill it; the client writes to it.

    A `busy` one has a second feed, with a post each ten minutes for five weeks and 60 more in the last hour.
    """
    migrating = connect(address._replace(database="default"), **WRITER_SETTINGS)
    migrate(migrating, address.database)
    migrating.close()
    client = connect(address, **WRITER_SETTINGS)
    for statement in _TAXONOMY:
        client.command(statement)
    # 80 seconds back: no post of these stands in the future of a test that takes a minute
    posts(
        client,
        offset=0,
        first=80,
        count=DAYS * A_DAY,
        python="if(number % 2 = 0, ['python'], [])",
        title="A post",
    )
    posts(client, offset=100_000, first=90, count=A_DAY - 1, python="['python']", title=HOSTILE)
    if busy:
        every = {"python": "['python']", "title": "A post", "feed": "feed-b"}
        posts(client, offset=200_000, first=95, count=35 * 144, each=600, **every)
        posts(client, offset=300_000, first=100, count=60, each=50, **every)
    for statement in _COUNTS:
        client.command(statement)
    batches(client)
    client.command(_REJECTED.format(source=SOURCE))
    client.command(_LAG.format(source=SOURCE))
    return client


def posts(
    client: Client,
    *,
    offset: int,
    first: int,
    count: int,
    python: str,
    title: str,
    each: int = 900,
    feed: str = "feed-a",
) -> None:
    """Store posts, one `each` so many seconds, the newest `first` seconds ago."""
    filled = _POSTS.format(
        source=SOURCE,
        offset=offset,
        first=first,
        posts=count,
        python=python,
        title=title.replace("'", "''"),
        each=each,
        feed=feed,
    )
    client.command(filled)


def batches(client: Client, *, bad: int = 1, lag_ms: int = 900, count: int = 100) -> None:
    """Log batches of the last half hour."""
    client.command(BATCHES.format(source=SOURCE, bad=bad, lag_ms=lag_ms, batches=count))
