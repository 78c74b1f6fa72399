"""What a partition of a topic made anew knows of the posts of the topics before it."""

import asyncio
from datetime import UTC, datetime, timedelta

import pytest

from sinks.clickhouse.client import WRITER_SETTINGS, Address, opened
from sinks.clickhouse.migrate import migrate
from sinks.clickhouse.store import ClickHouseStore
from sinks.retry import Retry, RetryPolicy
from sinks.rows import StoredSightings
from streams.sightings import digests
from tests.conftest import Server

DATABASE = "earlier_sightings"
MADE = datetime(2026, 1, 1, tzinfo=UTC)
SOURCES = {"posts@old": MADE, "posts@newer": MADE + timedelta(days=1), "posts@now": MADE + timedelta(days=2)}
POSTS = [
    ("posts@old", 0, "a"),
    ("posts@old", 1, "b"),
    ("posts@old", 9, "c"),
    ("posts@newer", 0, "b"),
    ("posts@newer", 0, "b"),  # a replay that is not merged yet
    ("posts@newer", 5, "d"),
    ("posts@now", 2, "e"),
    ("other@x", 3, "f"),
]


@pytest.fixture
def store(clickhouse: Server) -> ClickHouseStore:
    address = Address(clickhouse.url, clickhouse.user, clickhouse.password, "default")
    with opened(address, **WRITER_SETTINGS) as client:
        client.command(f"DROP DATABASE IF EXISTS {DATABASE}")
        migrate(client, DATABASE)
        seen = [["posts", source, at] for source, at in SOURCES.items()] + [["other", "other@x", MADE]]
        client.insert("sources", seen, column_names=["topic", "source", "first_seen_at"])
        rows = [[MADE, source, 0, offset, post_id] for source, offset, post_id in POSTS]
        columns = ["posted_at", "source", "partition", "offset", "post_id"]
        client.insert("job_posts", rows[:5], column_names=columns)
        client.insert("job_posts", rows[4:], column_names=columns)
    return ClickHouseStore(address._replace(database=DATABASE), "posts", "v1", Retry(RetryPolicy(0.0)))


@pytest.mark.parametrize(
    ("before", "window", "known"),
    [
        pytest.param(0, 100, {"d": -1, "b": -2, "c": -3, "a": -4}, id="the head: the last sighting first"),
        pytest.param(0, 2, {"d": -1, "b": -2}, id="no more than the window"),
        pytest.param(3, 5, {"d": -1, "b": -2, "e": 2}, id="later, what the window still reaches"),
        pytest.param(7, 5, {"e": 2}, id="beyond the window, nothing of the topics before"),
    ],
)
def test_earlier_posts_are_ranked_by_their_last_sighting(
    store: ClickHouseStore, before: int, window: int, known: dict[str, int]
) -> None:
    async def load() -> StoredSightings:
        try:
            return await store.sightings("posts@now", 0, before, window)
        finally:
            await store.close()

    first, second, offsets = asyncio.run(load())
    assert len(offsets) == len(known)
    assert dict(zip(zip(first, second, strict=True), offsets, strict=True)) == dict(
        zip(zip(*digests(known), strict=True), known.values(), strict=True)
    )
