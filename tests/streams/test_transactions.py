"""Producers with transactions: what is taken back is never counted, what is not committed yet is not waited for."""

import asyncio
import json
from contextlib import suppress
from pathlib import Path

import pytest
from aiokafka import AIOKafkaProducer

from streams.settings import Settings
from tests.conftest import Server
from tests.streams.live_worker import live_settings, live_worker, wait

pytestmark = [pytest.mark.slow, pytest.mark.kafka]


class TakenBack(Exception):
    """Ends a transaction without a commit."""


async def send(producer: AIOKafkaProducer, settings: Settings, name: str) -> None:
    """Three posts to each partition."""
    for number in range(6):
        post_id = f"{name}-{number}"
        post = {"post_id": post_id, "title": "Test engineer", "posted_at": "2025-11-20T10:00:00Z"}
        topic, value = settings.job_posts_topic, json.dumps(post).encode()
        await producer.send_and_wait(topic, value, post_id.encode(), number % settings.partitions)


def test_only_what_is_committed_counts(tmp_path: Path, kafka: str, embedded_clickhouse: Server) -> None:
    settings = live_settings(tmp_path, kafka, embedded_clickhouse, "transactions_live")

    with live_worker(settings) as (worker, client):

        def counted() -> dict[str, int]:
            return dict(
                client.query("SELECT splitByChar('-', post_id)[1], count() FROM posts GROUP BY 1").result_rows
            )

        def lag() -> tuple[int, int]:
            """Where the log ends for readers, and how much of it waits: the mark at its end does not."""
            return client.query("SELECT sum(end_offset), sum(waiting) FROM consumer_lag").first_row

        async def live() -> None:
            async with AIOKafkaProducer(bootstrap_servers=kafka, transactional_id="posts") as producer:
                with suppress(TakenBack):
                    async with producer.transaction():
                        await send(producer, settings, "aborted")
                        raise TakenBack
                async with producer.transaction():
                    await send(producer, settings, "first")
                await asyncio.to_thread(wait, worker, lambda: counted() == {"first": 6})
                async with producer.transaction():
                    await send(producer, settings, "open")
                    await asyncio.to_thread(wait, worker, lambda: lag() == (16, 0))
                    assert counted() == {"first": 6}
                await asyncio.to_thread(wait, worker, lambda: counted() == {"first": 6, "open": 6})
                await asyncio.to_thread(wait, worker, lambda: lag() == (24, 0))

        asyncio.run(live())
